"""HTTP/2 bytes cut into frames, with GOAWAY taken out.

``h2`` closes its state machine at a GOAWAY and then takes the answers of streams that the peer still finishes for an
error; it also drops the events of good frames that share a chunk with a bad one. So it is fed frame by frame, and
GOAWAY (RFC 9113 section 6.8) never reaches it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_HEADER = 9
_SETTINGS, _GOAWAY = 0x4, 0x7
_MAX_FRAME = 16_384  # what we allow the peer


class NotHttp2(Exception):  # noqa: N818 - it carries what came instead
    """What cannot be the next frame; :attr:`received` holds the buffer from there on."""

    def __init__(self, received: bytes) -> None:
        super().__init__("no HTTP/2 frame")
        self.received = received


@dataclass(frozen=True, slots=True)
class GoawayFrame:
    """The peer's last word on a connection."""

    last_stream: int
    error_code: int
    debug: bytes

    @property
    def graceful(self) -> bool:
        """Whether it gives no reason: the peer merely wants another connection to be used."""
        return self.error_code == 0 and not self.debug


class Frames:
    """A buffer of received bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._begun = False

    @property
    def torn(self) -> bool:
        """Whether part of a frame is waiting for its rest."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes | GoawayFrame]:
        """Every whole frame, as it stands, in order.

        Raises :class:`NotHttp2` when the next bytes cannot be a frame: longer than we allow (``h2`` would wait for the
        rest of it first), or the very first one neither SETTINGS (RFC 9113 section 3.4) nor GOAWAY.
        """
        buffer = self._buffer
        buffer += data
        while len(buffer) >= _HEADER:
            length, kind = int.from_bytes(buffer[:3], "big"), buffer[3]
            if length > _MAX_FRAME or not (self._begun or kind in (_SETTINGS, _GOAWAY)):
                raise NotHttp2(bytes(buffer))
            self._begun = True
            end = _HEADER + length
            if len(buffer) < end:
                return
            frame = bytes(buffer[:end])
            del buffer[:end]
            yield _goaway(frame) if kind == _GOAWAY and length >= 8 else frame


def _goaway(frame: bytes) -> GoawayFrame:
    return GoawayFrame(
        last_stream=int.from_bytes(frame[9:13], "big") & 0x7FFF_FFFF,
        error_code=int.from_bytes(frame[13:17], "big"),
        debug=frame[17:],
    )


def no_http2(received: bytes, peer: str, *, begun: bool) -> tuple[str, Literal["no", "maybe"]]:
    """One sentence for bytes that are no HTTP/2, and whether the request can have been processed by who sent them.

    :param begun: whether whole frames came before them.
    """
    if begun:
        return f"{peer} broke the rules of HTTP/2", "maybe"
    if received.startswith(b"HTTP/1."):
        line = received.split(b"\r\n", 1)[0].decode("latin-1")[:80]
        shown = f": {line}" if line.isprintable() else ""
        return f"{peer} speaks no HTTP/2, it answered in HTTP/1.1{shown}", "no"
    if received.lstrip()[:1] == b"<":
        return f"{peer} speaks no HTTP/2, it answered with an HTML page", "no"
    return f"{peer} answered something that is no HTTP/2", "maybe"
