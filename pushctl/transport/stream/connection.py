"""One HTTP/2 connection: many requests at once, one thread, state by ``h2``."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
from hpack import HeaderTuple, NeverIndexedHeaderTuple

from pushctl.core.errors import UsageError
from pushctl.core.wire import Goaway, Lost, Reply, Request, Response
from pushctl.transport.stream.frames import Frames, GoawayFrame, NotHttp2, no_http2
from pushctl.transport.tls import explain, lost_code, refuses_client_certificate

if TYPE_CHECKING:
    from pushctl.transport.stream.tunnel import Ending, Tunnel

MAX_BODY = 8 * 1024 * 1024
"""Bytes of one answer's body; nothing a push service says is that long."""
MAX_STREAMS = 1000
"""How many requests are in flight when the peer sets no limit."""
GRACE_S = 2.0
"""How long accepted requests may still be answered after a GOAWAY that names a reason."""
_STREAM_WINDOW = 1024 * 1024
_CONNECTION_WINDOW = 16 * 1024 * 1024
_LAST_STREAM_ID = 2**31 - 1
_NOT_INDEXED = frozenset({":path", "authorization"})

Again = Literal["refused", "goaway"]
"""A request that the peer certainly did not process and that may be sent again: by REFUSED_STREAM, by GOAWAY."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A request on its way, with its caller's key.

    :ivar refused: how often its stream was refused.
    :ivar resent: how often a GOAWAY without a reason sent it back.
    """

    key: Any
    request: Request
    origin: tuple[str, int]
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    refused: int = 0
    resent: int = 0


@dataclass(slots=True, eq=False)
class _Stream:
    """A ticket on its stream, and what has come back so far."""

    ticket: Ticket
    since: float
    deadline: float
    mark: int
    unsent: memoryview
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytearray = field(default_factory=bytearray)

    @property
    def ms(self) -> int:
        return round((time.monotonic() - self.since) * 1000)


Outcome = tuple[Ticket, Reply | Again]


class Connection:
    """HTTP/2 over a tunnel. Failures are outcomes of the requests that they hit, never exceptions.

    :param peer: host and port, as sentences name them.
    :param total_s: seconds for one request.
    :param identity: whether a client certificate was presented.
    """

    def __init__(self, tunnel: Tunnel, origin: tuple[str, int], peer: str, total_s: float, *, identity: bool) -> None:
        self.origin = origin
        self.peer = peer
        self.draining = False
        """No new request may use it; those in flight may finish."""
        self._tunnel = tunnel
        self._total_s = total_s
        self._identity = identity
        self._frames = Frames()
        self._limit = 1
        self._streams: dict[int, _Stream] = {}
        self._blocked: dict[int, _Stream] = {}
        self._goaway: GoawayFrame | None = None
        self._heard = 0.0
        self._outcomes: list[Outcome] = []
        self._h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding=None, normalize_outbound_headers=False)
        )
        self._open()

    def _open(self) -> None:
        codes = h2.settings.SettingCodes
        self._h2.local_settings = h2.settings.Settings(
            client=True,
            initial_values={
                codes.ENABLE_PUSH: 0,
                codes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
                codes.MAX_HEADER_LIST_SIZE: self._h2.DEFAULT_MAX_HEADER_LIST_SIZE,
            },
        )
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_CONNECTION_WINDOW - 65_535)
        self._tunnel.write(self._h2.data_to_send())

    @property
    def busy(self) -> bool:
        """Whether requests are in flight."""
        return bool(self._streams)

    @property
    def room(self) -> bool:
        """Whether another request may be started now. One may be before the peer has said its limit."""
        return not self.draining and len(self._streams) < self._limit

    @property
    def in_flight(self) -> tuple[Ticket, ...]:
        """What was written, wholly or in part, and is not answered."""
        return tuple(stream.ticket for stream in self._streams.values() if self._written(stream))

    def start(self, ticket: Ticket) -> None:
        """Queue a request; :meth:`turn` writes it. Raises ``UsageError`` for a header that HTTP/2 cannot carry."""
        now = time.monotonic()
        mark = self._tunnel.queued
        number = self._h2.get_next_available_stream_id()
        try:
            self._h2.send_headers(number, _fields(ticket), end_stream=not ticket.body)
        except h2.exceptions.ProtocolError:
            self.draining = True  # the header table is no longer the peer's
            names = ", ".join(name for name, _ in ticket.headers if not name.startswith(":"))
            raise UsageError(
                f"HTTP/2 cannot carry one of the headers {names}", "check --header", rule="bad-header"
            ) from None
        stream = _Stream(ticket, now, now + self._total_s, mark, memoryview(ticket.body))
        self._streams[number] = stream
        if ticket.body:
            self._blocked[number] = stream
            self._write_bodies()
        self._tunnel.write(self._h2.data_to_send())
        if number >= _LAST_STREAM_ID:
            self.draining = True

    def turn(self, timeout: float | None = None) -> list[Outcome]:
        """Write what is queued, wait for news (at most ``timeout`` seconds), and return what has become of requests."""
        self._tunnel.flush()
        if not self._outcomes:
            self._tunnel.wait(self._patience(timeout))
        self._tunnel.flush()
        self._digest(self._tunnel.read())
        self._tunnel.write(self._h2.data_to_send())
        self._tunnel.flush()
        if self._tunnel.mute:
            self.draining = True
        if self._tunnel.ending is not None:
            self._end(self._tunnel.ending)
        self._expire()
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def close(self) -> None:
        """Say GOAWAY if that is possible without waiting, and close. Never raises."""
        self.draining = True
        with contextlib.suppress(h2.exceptions.ProtocolError):
            self._h2.close_connection()
            self._tunnel.write(self._h2.data_to_send())
        self._tunnel.close()

    def _patience(self, timeout: float | None) -> float | None:
        deadlines = [stream.deadline for stream in self._streams.values()]
        if not deadlines:
            return timeout
        left = max(min(deadlines) - time.monotonic(), 0.0)
        return left if timeout is None else min(left, timeout)

    def _written(self, stream: _Stream) -> bool:
        return self._tunnel.sent > stream.mark

    def _sent(self, stream: _Stream) -> Literal["no", "maybe"]:
        return "maybe" if self._written(stream) else "no"

    # --- what arrives -----------------------------------------------------------------------------------------------

    def _digest(self, data: bytes) -> None:
        """Digest frames up to the first one that breaks the rules; nothing after it can be trusted."""
        try:
            for piece in self._frames.feed(data):
                if isinstance(piece, GoawayFrame):
                    self._say_goodbye(piece)
                else:
                    for event in self._understand(piece):
                        self._handle(event)
                self._heard = time.monotonic()
        except NotHttp2 as error:
            self._misunderstand(error.received)

    def _understand(self, frame: bytes) -> list[h2.events.Event]:
        try:
            return self._h2.receive_data(frame)
        except (h2.exceptions.H2Error, ValueError, LookupError):  # the latter two: hpack and hyperframe on rare garbage
            raise NotHttp2(b"") from None

    def _handle(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.ResponseReceived():
                self._headers(event)
            case h2.events.DataReceived():
                self._data(event)
            case h2.events.StreamEnded():
                self._answered(_number(event.stream_id))
            case h2.events.StreamReset():
                self._reset(_number(event.stream_id), event.error_code)
            case h2.events.RemoteSettingsChanged():
                self._limit = min(self._h2.remote_settings.max_concurrent_streams, MAX_STREAMS)
                self._write_bodies()
            case h2.events.WindowUpdated():
                self._write_bodies()
            case _:
                pass

    def _headers(self, event: h2.events.ResponseReceived) -> None:
        stream = self._streams.get(_number(event.stream_id))
        if stream is None:
            return
        pairs = [(_text(name), _text(value)) for name, value in event.headers or ()]
        stream.headers = tuple(pair for pair in pairs if not pair[0].startswith(":"))
        status = next((value for name, value in pairs if name == ":status"), "")
        if len(status) == 3 and status.isascii() and status.isdigit():
            stream.status = int(status)
        else:
            self._give_up(stream, f"{self.peer} answered without a valid HTTP status")

    def _data(self, event: h2.events.DataReceived) -> None:
        number = _number(event.stream_id)
        if event.flow_controlled_length:
            self._h2.acknowledge_received_data(event.flow_controlled_length, number)
        stream = self._streams.get(number)
        if stream is None:
            return
        stream.body += event.data or b""
        if len(stream.body) > MAX_BODY:
            self._give_up(stream, f"{self.peer} answered with more than {MAX_BODY // 1024 // 1024} MiB")

    def _answered(self, number: int) -> None:
        stream = self._streams.get(number)
        if stream is None:
            return
        if not stream.status:
            self._give_up(stream, f"{self.peer} ended its answer before it began")
            return
        if number in self._blocked:
            self._cancel(number)  # it answered before it had read the whole body, and wants no more of it
        self._finish(number, Response(stream.status, stream.headers, bytes(stream.body), stream.ms))

    def _reset(self, number: int, code: h2.errors.ErrorCodes | int | None) -> None:
        stream = self._streams.get(number)
        if stream is None:
            return  # after a complete answer any code is legal (nginx sends NO_ERROR)
        if code == h2.errors.ErrorCodes.REFUSED_STREAM:  # RFC 9113 section 8.7: not processed, safe to repeat
            self._finish(number, "refused")
            return
        name = code.name if isinstance(code, h2.errors.ErrorCodes) else str(code)
        why = f"{self.peer} reset the request before it was answered ({name})"
        self._finish(number, Lost("maybe", why, "PROTOCOL", stream.ms))

    # --- how it ends ------------------------------------------------------------------------------------------------

    def _say_goodbye(self, frame: GoawayFrame) -> None:
        """Requests above the last stream were not processed; those at or below may still be answered."""
        if self._goaway is None or not frame.graceful:
            self._goaway = frame
        self.draining = True
        for number, stream in list(self._streams.items()):
            if number > frame.last_stream:
                self._finish(number, "goaway" if frame.graceful else self._farewell(frame, stream, "no"))
            elif not frame.graceful:
                stream.deadline = min(stream.deadline, time.monotonic() + GRACE_S)

    def _farewell(self, frame: GoawayFrame, stream: _Stream, sent: Literal["no", "maybe"]) -> Goaway:
        return Goaway(frame.debug, frame.error_code, sent, stream.ms)

    def _misunderstand(self, received: bytes) -> None:
        """Bytes that are no HTTP/2, or break its rules: the connection is of no more use."""
        self.draining = True
        why, sent = no_http2(received, self.peer, begun=bool(self._heard))
        for number, stream in list(self._streams.items()):
            self._finish(number, Lost(sent if self._written(stream) else "no", why, "PROTOCOL", stream.ms))

    def _end(self, ending: Ending) -> None:
        """Nothing more will come. A GOAWAY that came before explains it better than the broken connection."""
        self.draining = True
        frame = self._goaway
        for number, stream in list(self._streams.items()):
            if frame is not None:
                self._finish(number, self._farewell(frame, stream, self._sent(stream)))
            else:
                self._finish(number, self._cut_off(ending, stream))

    def _cut_off(self, ending: Ending, stream: _Stream) -> Lost:
        sent = self._sent(stream)
        if isinstance(ending.error, ssl.SSLError):
            if refuses_client_certificate(ending.error) and not self._heard:
                sent = "no"  # TLS 1.3: the server judges the certificate when our side has already begun to send
            why = explain(ending.error, self.peer, identity=self._identity)
            return Lost(sent, why, lost_code(ending.error), stream.ms)
        verb = "reset" if ending.kind == "reset" else "closed"
        rest = "in the middle of a frame" if self._frames.torn else "without an answer"
        return Lost(sent, f"{self.peer} {verb} the connection {rest}", "CLOSED", stream.ms)

    def _expire(self) -> None:
        now = time.monotonic()
        for number, stream in list(self._streams.items()):
            if now < stream.deadline:
                continue
            if self._goaway is not None and not self._goaway.graceful:
                self._finish(number, self._farewell(self._goaway, stream, self._sent(stream)))
                continue
            if self._heard < stream.since:
                self.draining = True  # not a word since: the connection itself is dead
            why = f"{self.peer} did not answer within {self._total_s:g} s"
            self._cancel(number)
            self._finish(number, Lost(self._sent(stream), why, "TIMEOUT", stream.ms))

    def _give_up(self, stream: _Stream, why: str) -> None:
        number = next(number for number, known in self._streams.items() if known is stream)
        self._cancel(number)
        self._finish(number, Lost("maybe", why, "PROTOCOL", stream.ms))

    def _cancel(self, number: int) -> None:
        with contextlib.suppress(h2.exceptions.ProtocolError):
            self._h2.reset_stream(number, h2.errors.ErrorCodes.CANCEL)

    def _finish(self, number: int, outcome: Reply | Again) -> None:
        stream = self._streams.pop(number)
        self._blocked.pop(number, None)
        self._outcomes.append((stream.ticket, outcome))

    # --- bodies -----------------------------------------------------------------------------------------------------

    def _write_bodies(self) -> None:
        """As much as the peer's windows allow, oldest request first."""
        for number, stream in list(self._blocked.items()):
            while stream.unsent:
                room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
                if room <= 0:
                    break
                chunk, stream.unsent = stream.unsent[:room], stream.unsent[room:]
                self._h2.send_data(number, chunk.tobytes(), end_stream=not stream.unsent)
            if not stream.unsent:
                del self._blocked[number]


def _fields(ticket: Ticket) -> list[tuple[str, str] | HeaderTuple]:
    """The request's fields for HPACK. What differs from push to push must not push the rest out of the peer's table,
    and a credential must not stay in it: usernotifications/sending-notification-requests-to-apns asks for both."""
    return [
        NeverIndexedHeaderTuple(name, value) if name in _NOT_INDEXED else (name, value)
        for name, value in ticket.headers
    ]


def _number(stream_id: int | None) -> int:
    return stream_id or 0


def _text(value: Iterable[int] | bytes | str | None) -> str:
    """Header bytes as text; every byte is a character, so that nothing a server says can fail to decode."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
