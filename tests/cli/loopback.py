"""A server on loopback that answers every request with the same bytes, whatever it is asked: HTTP, or none."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TOKEN = (
    b'{"access_token":"made-by-the-test","expires_in":3600,"token_type":"Bearer",'
    b'"code":0,"data":{"auth_token":"made-by-the-test"},"result":0,"authToken":"made-by-the-test"}'
)
"""A token as the services with OAuth, OPPO and vivo each read it."""


def http(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """One answer; ``length`` in place of the true one."""
    lines = (f"HTTP/1.1 {status}", *headers, f"content-length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Loopback:
    """The server.

    :ivar auth: what a request for a token is answered with. :ivar push: what any other is; None leaves it waiting.
    :ivar asked: set when a request has arrived.
    """

    def __init__(self) -> None:
        self.auth: bytes | None = http(TOKEN)
        self.push: bytes | None = b""
        self.asked = threading.Event()
        self._closed = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=self._listening.accept()[:1], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request or len(request.partition(b"\r\n\r\n")[2]) < _length(request):
                more = client.recv(65536)
                if not more:
                    return
                request += more
            answer = self.auth if b"grant_type=" in request or b"/auth HTTP/" in request else self.push
            self.asked.set()
            if answer is None:
                self._closed.wait(30)
            else:
                client.sendall(answer)


def _length(request: bytes) -> int:
    lines = (line.partition(b":") for line in request.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


@contextmanager
def loopback() -> Iterator[Loopback]:
    server = Loopback()
    try:
        yield server
    finally:
        server.close()
