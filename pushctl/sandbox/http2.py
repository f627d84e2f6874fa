"""The HTTP/2 side of a sandbox connection: bytes in, requests out; answers in, frames out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RemoteSettingsChanged,
    RequestReceived,
    SettingsAcknowledged,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hyperframe.frame import DataFrame, RstStreamFrame

from pushctl.core.emulated import Act, Seen
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.sandbox.server import Connection

MAX_BODY = 8 * 1024 * 1024
MAX_HEADER_LIST = 8000
"""Seen in APNs' SETTINGS (jchambers/pushy issue 878)."""
CONNECTION_WINDOW = 16 * 1024 * 1024
"""A thousand small bodies exceed the 65,535 bytes that a connection starts with."""
UNBOUNDED = 2**31 - 1
LINGER_S = 1.0


@dataclass(slots=True)
class _Stream:
    """A request that is coming in, or an answer that is going out."""

    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)
    unsent: bytes = b""
    act: Act = field(default_factory=Act)


class Http2:
    """One HTTP/2 connection. ``link`` is the socket and the realm behind it.

    :param max_streams: SETTINGS_MAX_CONCURRENT_STREAMS at the start. It binds the client once the client has
        acknowledged it: what was opened before could not know (RFC 9113 section 5.1.2).
    """

    def __init__(self, link: Connection, max_streams: int) -> None:
        self._link = link
        self._limit = UNBOUNDED
        self._announced = [max_streams]
        self._streams: dict[int, _Stream] = {}
        self._closed = False
        config = H2Configuration(client_side=False, header_encoding=None, validate_outbound_headers=False)
        self._conn = H2Connection(config)
        self._conn.local_settings.update(
            {
                SettingCodes.HEADER_TABLE_SIZE: 4096,
                SettingCodes.MAX_CONCURRENT_STREAMS: max_streams,
                SettingCodes.INITIAL_WINDOW_SIZE: 65535,
                SettingCodes.MAX_FRAME_SIZE: 16384,
                SettingCodes.MAX_HEADER_LIST_SIZE: MAX_HEADER_LIST,
            }
        )
        self._conn.local_settings.acknowledge()

    def start(self) -> None:
        """Send the server's preface."""
        self._conn.initiate_connection()
        self._conn.increment_flow_control_window(CONNECTION_WINDOW)
        self._take_over_stream_limit()
        self._flush()

    def _take_over_stream_limit(self) -> None:
        """h2 ends the connection over a stream too many; here it is refused. So h2 must not see the limit."""
        self._conn.local_settings[SettingCodes.MAX_CONCURRENT_STREAMS] = UNBOUNDED
        self._conn.local_settings.acknowledge()

    def goaway(self, act: Act) -> None:
        """GOAWAY with last stream 0 and the act's debug data, then the end, at once or after a moment."""
        self._closed = True
        self._conn.close_connection(ErrorCodes.NO_ERROR, act.goaway or b"", last_stream_id=0)
        self._flush()
        if act.goaway_close == "at-once":
            self._link.end()
        else:
            self._link.later(LINGER_S, self._link.end)

    def receive(self, data: bytes) -> None:
        """Feed what arrived. Bytes that are no HTTP/2 get a GOAWAY with the error, and the connection ends."""
        if self._closed:
            return
        try:
            events = self._conn.receive_data(data)
        except ProtocolError:
            self._closed = True
            self._flush()
            self._link.end()
            return
        for event in events:
            if not self._closed:
                self._unless_reset(partial(self._handle, event), getattr(event, "stream_id", None))
        self._flush()

    def _unless_reset(self, work: Callable[[], None], stream_id: int | None) -> None:
        """Do it, unless the client has given the stream up: h2 has read everything before we hear of anything, and
        does not let us write to a stream whose reset is among what it has read."""
        try:
            work()
        except ProtocolError:
            self._streams.pop(stream_id or 0, None)

    def _handle(self, event: Event) -> None:
        if isinstance(event, RequestReceived):
            self._open(event)
        elif isinstance(event, DataReceived):
            self._body(event)
        elif isinstance(event, StreamEnded):
            if event.stream_id in self._streams:
                self._serve(event.stream_id)
        elif isinstance(event, (WindowUpdated, RemoteSettingsChanged)):
            self._pump()
        elif isinstance(event, SettingsAcknowledged):
            if self._announced:
                self._limit = self._announced.pop(0)
        elif isinstance(event, StreamReset):
            if event.stream_id is not None:
                self._streams.pop(event.stream_id, None)
        elif isinstance(event, ConnectionTerminated):
            self._closed = True
            self._link.end()

    def _open(self, event: RequestReceived) -> None:
        if len(self._streams) >= self._limit:
            self._conn.reset_stream(event.stream_id, ErrorCodes.REFUSED_STREAM)
            self._link.refused_stream(self._limit)
            return
        self._streams[event.stream_id] = _Stream([(_text(name), _text(value)) for name, value in event.headers])

    def _body(self, event: DataReceived) -> None:
        self._conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        stream = self._streams.get(event.stream_id)
        if stream is None:
            return
        stream.body += event.data
        if len(stream.body) > MAX_BODY:
            self._reset(event.stream_id, ErrorCodes.ENHANCE_YOUR_CALM)

    def _serve(self, stream_id: int) -> None:
        stream = self._streams[stream_id]
        pseudo = {name: value for name, value in stream.headers if name.startswith(":")}
        headers = tuple((name, value) for name, value in stream.headers if not name.startswith(":"))
        seen = Seen(
            pseudo.get(":method", ""),
            pseudo.get(":path", ""),
            headers,
            bytes(stream.body),
            pseudo.get(":authority", ""),
        )
        act = self._link.serve(seen)
        stream.act = act
        if act.delay_s > 0:
            self._link.later(act.delay_s, lambda: self._act_late(stream_id))
        else:
            self._act(stream_id, act)

    def _act_late(self, stream_id: int) -> None:
        stream = self._streams.get(stream_id)
        if stream is not None and not self._closed:
            self._unless_reset(partial(self._act, stream_id, stream.act), stream_id)
            self._flush()

    def _act(self, stream_id: int, act: Act) -> None:
        if act.max_streams is not None:
            self._raise_limit(act.max_streams)
        if act.goaway is not None:
            self.goaway(act)
        elif act.wire == "drop":
            self._closed = True
            self._link.abort()
        elif act.wire == "garbage":
            self._garbage()
        elif act.wire == "refuse-stream":
            self._reset(stream_id, ErrorCodes.REFUSED_STREAM)
        elif act.wire == "half-frame":
            self._half_frame(stream_id, act.response or Response(200))
        elif act.wire != "hang" and act.response is not None:
            self._answer(stream_id, act.response)

    def _raise_limit(self, limit: int) -> None:
        self._conn.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: limit})
        self._take_over_stream_limit()
        self._limit = max(self._limit, limit)
        self._announced.append(limit)

    def _answer(self, stream_id: int, response: Response) -> None:
        headers = [(":status", str(response.status)), *response.headers]
        self._conn.send_headers(stream_id, headers, end_stream=not response.body)
        if response.body:
            self._streams[stream_id].unsent = response.body
            self._pump()
        else:
            self._done(stream_id)

    def _pump(self) -> None:
        """Send of every waiting body what the windows allow."""
        for stream_id, stream in list(self._streams.items()):
            if stream.unsent:
                self._unless_reset(partial(self._pump_one, stream_id, stream), stream_id)

    def _pump_one(self, stream_id: int, stream: _Stream) -> None:
        while stream.unsent:
            room = min(self._conn.local_flow_control_window(stream_id), self._conn.max_outbound_frame_size)
            if room <= 0:
                return
            part, stream.unsent = stream.unsent[:room], stream.unsent[room:]
            self._conn.send_data(stream_id, part, end_stream=not stream.unsent)
        self._done(stream_id)

    def _done(self, stream_id: int) -> None:
        stream = self._streams.pop(stream_id)
        if stream.act.wire == "reset-after-answer":
            self._flush()
            self._link.write(RstStreamFrame(stream_id, error_code=ErrorCodes.NO_ERROR).serialize())

    def _reset(self, stream_id: int, code: ErrorCodes) -> None:
        self._streams.pop(stream_id, None)
        self._conn.reset_stream(stream_id, code)

    def _half_frame(self, stream_id: int, response: Response) -> None:
        """Headers, then a DATA frame that ends in the middle, then the end of the connection."""
        body = response.body or b'{"reason":'
        headers = [(":status", str(response.status)), *response.headers, ("content-length", str(len(body)))]
        self._conn.send_headers(stream_id, headers)
        self._flush()
        self._closed = True
        frame = DataFrame(stream_id, data=body, flags=["END_STREAM"]).serialize()
        self._link.write(frame[: 9 + len(body) // 2])
        self._link.end()

    def _garbage(self) -> None:
        """Bytes that are no frame, then the end of the connection."""
        self._closed = True
        self._flush()
        self._link.write(b"\x00\xff no frame \xfe\r\n" * 4)
        self._link.end()

    def _flush(self) -> None:
        data = self._conn.data_to_send()
        if data:
            self._link.write(data)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
