"""The server's end of TLS without a socket: bytes from the wire in, plain bytes out, and back.

asyncio's own TLS closes the socket of a failed handshake without sending the alert; a client would never hear that its
certificate has expired.
"""

from __future__ import annotations

import ssl

CHUNK = 65536


class Tls:
    """One connection's TLS.

    :ivar established: whether the handshake is over.
    :ivar ended: whether the client has said that it will send no more.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.established = False
        self.ended = False

    @property
    def peer(self) -> ssl.SSLObject:
        """The connection as :mod:`ssl` knows it: ALPN, client certificate."""
        return self._object

    def receive(self, data: bytes) -> bytes:
        """Feed bytes from the wire; returns what the client says, which may be nothing yet.

        Raises ``ssl.SSLError`` when the client is turned away; the alert is then in :meth:`pending`.
        """
        self._incoming.write(data)
        try:
            if not self.established:
                self._object.do_handshake()
                self.established = True
            return self._read()
        except ssl.SSLWantReadError:
            return b""

    def _read(self) -> bytes:
        parts = []
        try:
            while part := self._object.read(CHUNK):
                parts.append(part)
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            self.ended = True
        return b"".join(parts)

    def send(self, data: bytes) -> None:
        """Encrypt what is to be said; :meth:`pending` has it."""
        self._object.write(data)

    def farewell(self) -> None:
        """Say that no more will come."""
        try:
            self._object.unwrap()
        except ssl.SSLError:
            return  # the client's own farewell is not waited for

    def pending(self) -> bytes:
        """What must go onto the wire now."""
        return self._outgoing.read()
