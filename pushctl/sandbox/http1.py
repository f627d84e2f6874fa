"""The HTTP/1.1 side of a sandbox connection: bytes in, requests out; answers in, bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from pushctl.core.emulated import Act, Seen

if TYPE_CHECKING:
    from pushctl.core.wire import Response
    from pushctl.sandbox.server import Connection

MAX_BODY = 8 * 1024 * 1024


class Http1:
    """One HTTP/1.1 connection. ``link`` is the socket and the realm behind it."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._conn = h11.Connection(h11.SERVER)
        self._request: h11.Request | None = None
        self._body = bytearray()

    def receive(self, data: bytes) -> None:
        """Feed what arrived. Bytes that are no HTTP get a 400 and the connection ends."""
        try:
            self._conn.receive_data(data)
        except h11.RemoteProtocolError as error:
            self._reject(error.error_status_hint)
            return
        self._advance()

    def _advance(self) -> None:
        while True:
            try:
                event = self._conn.next_event()
            except h11.RemoteProtocolError as error:
                self._reject(error.error_status_hint)
                return
            if isinstance(event, h11.Request):
                self._request, self._body = event, bytearray()
                if self._conn.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[], reason=b""))
            elif isinstance(event, h11.Data):
                self._body += event.data
                if len(self._body) > MAX_BODY:
                    self._reject(413)
                    return
            elif isinstance(event, h11.EndOfMessage):
                self._serve()
            elif event is h11.PAUSED or event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                return

    def _serve(self) -> None:
        request = self._request
        if request is None:
            return
        headers = tuple((name.decode("ascii"), _text(value)) for name, value in request.headers)
        authority = next((value for name, value in headers if name == "host"), "")
        seen = Seen(request.method.decode("ascii"), _text(request.target), headers, bytes(self._body), authority)
        act = self._link.serve(seen)
        self._link.later(act.delay_s, lambda: self._act(act))

    def _act(self, act: Act) -> None:
        if act.wire == "hang":
            return
        if act.goaway is not None or act.wire in ("drop", "refuse-stream"):
            self._link.abort()
        elif act.wire == "garbage":
            self._link.write(b"\x00\xff no HTTP \xfe\r\n\r\n")
            self._link.end()
        elif act.response is not None:
            self._answer(act.response, cut=act.wire == "half-frame")

    def _answer(self, response: Response, *, cut: bool) -> None:
        headers = list(response.headers)
        if response.status != 204:
            headers.append(("content-length", str(len(response.body))))
        if cut or self._conn.our_state is h11.MUST_CLOSE:
            headers.append(("connection", "close"))
        self._send(h11.Response(status_code=response.status, headers=headers, reason=b""))
        if cut:
            self._link.write(response.body[: len(response.body) // 2])
            self._link.end()
            return
        if response.body and self._request is not None and self._request.method != b"HEAD":
            self._send(h11.Data(data=response.body))
        self._send(h11.EndOfMessage())
        if self._conn.our_state is h11.MUST_CLOSE:
            self._link.end()
        elif self._conn.our_state is h11.DONE and self._conn.their_state is h11.DONE:
            self._conn.start_next_cycle()
            self._advance()

    def _send(self, event: h11.Event) -> None:
        self._link.write(self._conn.send(event) or b"")

    def _reject(self, status: int) -> None:
        if self._conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [("content-length", "0"), ("connection", "close")]
            self._send(h11.Response(status_code=status, headers=headers, reason=b""))
            self._send(h11.EndOfMessage())
        self._link.end()


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
