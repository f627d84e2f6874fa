"""TLS over a non-blocking socket, with the ciphertext in our own hands.

A plain ``SSLSocket`` gives up reading once a write has failed. A server that says GOAWAY and closes at once makes our
next write fail while its reason still lies in the receive buffer; here it can always be read.
"""

from __future__ import annotations

import contextlib
import selectors
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import socket

_CHUNK = 65536
_RECORD = 16_384  # the most that one TLS record holds
_BURST = 64  # chunks per turn, so that a flood cannot keep us from the deadlines


@dataclass(frozen=True, slots=True)
class Ending:
    """Why nothing more will come: ``closed`` (orderly or not), ``reset``, or ``tls`` with the error."""

    kind: Literal["closed", "reset", "tls"]
    error: OSError | None = None


class Tunnel:
    """A TLS connection. Nothing here blocks except :meth:`wait`.

    :param connected: a connected socket; the tunnel owns it from here on.
    :param early: bytes already read from it.
    """

    def __init__(self, connected: socket.socket, context: ssl.SSLContext, host: str, early: bytes = b"") -> None:
        self._socket = connected
        self._socket.setblocking(False)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._incoming.write(early)
        self._selector = selectors.DefaultSelector()
        self._interest = selectors.EVENT_READ
        self._selector.register(connected, self._interest)
        self._plain = bytearray()
        self._cipher = bytearray()
        self._encrypted = 0
        self.mute = False
        """A write failed, so nothing is written any more; reading goes on."""
        self.ending: Ending | None = None
        self.queued = 0
        """Bytes given to :meth:`write` so far."""
        self.sent = 0
        """How many of them the operating system has taken, rounded up to the end of a TLS record."""
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    @property
    def alpn(self) -> str | None:
        """What was negotiated, or None when the server did not say."""
        return self._tls.selected_alpn_protocol()

    def handshake(self, deadline: float) -> None:
        """Shake hands until ``deadline`` (``time.monotonic``).

        Raises ``ssl.SSLError``, ``TimeoutError``, or another ``OSError`` when the connection breaks.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self.flush()
            except ssl.SSLError:
                self.flush()  # our alert tells the peer why
                raise
            else:
                self.flush()
                return
            if self.ending is not None:
                raise self.ending.error or ConnectionResetError("closed during the handshake")
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("TLS handshake")
            self.wait(left)
            self._fill()

    def write(self, data: bytes) -> None:
        """Queue ``data``. It is dropped when a write has failed before."""
        if not self.mute:
            self._plain += data
            self.queued += len(data)

    def flush(self) -> None:
        """Encrypt what is queued and hand it to the operating system, as much as it takes now."""
        try:
            while not self.mute and self._next_record():
                self._send()
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError):
            return
        except OSError:
            self.mute = True

    def _send(self) -> None:
        """Hand over ciphertext. It counts as sent from before the call: Ctrl-C can come between that and its result."""
        known, self.sent = self.sent, self._encrypted
        try:
            taken = self._socket.send(self._cipher)
        except OSError:
            self.sent = known
            raise
        del self._cipher[:taken]

    def _next_record(self) -> bool:
        """Have ciphertext ready, encrypting more only when what was there is gone; False when there is no more."""
        self._cipher += self._outgoing.read()  # handshake messages, alerts
        if not self._cipher and self._plain:
            written = self._tls.write(bytes(self._plain[:_RECORD]))
            del self._plain[:written]
            self._encrypted += written
            self._cipher += self._outgoing.read()
        return bool(self._cipher)

    def wait(self, timeout: float | None) -> None:
        """Until there is something to read, or room to write what is queued, or ``timeout`` seconds are over."""
        if self.ending is not None:
            return
        interest = selectors.EVENT_READ
        if self._cipher and not self.mute:
            interest |= selectors.EVENT_WRITE
        if interest != self._interest:
            self._selector.modify(self._socket, interest)
            self._interest = interest
        self._selector.select(timeout)

    def read(self) -> bytes:
        """Everything that can be read now, decrypted; sets :attr:`ending` when it was the last."""
        self._fill()
        plain = bytearray()
        while True:
            try:
                chunk = self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                break
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                self.ending = self.ending or Ending("closed")
                break
            except ssl.SSLError as error:
                self.ending = Ending("tls", error)
                break
            if not chunk:
                self.ending = self.ending or Ending("closed")
                break
            plain += chunk
        return bytes(plain)

    def close(self) -> None:
        """Say goodbye if the peer still listens, and close. Never raises, never waits."""
        self.flush()
        with contextlib.suppress(OSError, ValueError):
            self._tls.unwrap()
        with contextlib.suppress(OSError, ValueError):
            self.flush()
        with contextlib.suppress(OSError, ValueError):
            self._selector.close()
        with contextlib.suppress(OSError):
            self._socket.close()

    def _fill(self) -> None:
        for _ in range(_BURST):
            try:
                data = self._socket.recv(_CHUNK)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self._incoming.write_eof()
                self.ending = Ending("reset", error)
                return
            if not data:
                self._incoming.write_eof()
                self.ending = self.ending or Ending("closed")
                return
            self._incoming.write(data)
