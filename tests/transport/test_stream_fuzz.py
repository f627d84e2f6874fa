"""Whatever bytes a peer sends, in whatever pieces: every request gets a reply, and nothing raises."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_server import frame

from pushctl.core.wire import Goaway, Lost, Request, Response
from pushctl.transport.stream.connection import Connection, Ticket
from pushctl.transport.stream.frames import Frames, GoawayFrame, NotHttp2
from pushctl.transport.stream.tunnel import Ending


class Pipe:
    """A tunnel without a socket: it reads prepared pieces and then ends."""

    alpn = "h2"
    mute = False

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        self.ending = None
        self.queued = self.sent = 0

    def write(self, data: bytes) -> None:
        self.queued += len(data)

    def flush(self) -> None:
        self.sent = self.queued

    def wait(self, timeout: float | None) -> None:
        pass

    def read(self) -> bytes:
        if self.pieces:
            return self.pieces.pop(0)
        self.ending = Ending("closed")
        return b""

    def close(self) -> None:
        pass


def replies_to(pieces: list[bytes], requests: int = 3) -> list[object]:
    pipe = Pipe(pieces)
    connection = Connection(pipe, ("h", 443), "h:443", 60.0, identity=False)  # type: ignore[arg-type]
    connection._limit = requests
    headers = ((":method", "POST"), (":scheme", "https"), (":authority", "h"), (":path", "/"))
    for number in range(requests):
        connection.start(Ticket(number, Request("send", "POST", "https://h/"), ("h", 443), headers, b"{}"))
    outcomes = []
    while connection.busy:
        outcomes += connection.turn()
    connection.close()
    assert sorted(ticket.key for ticket, _ in outcomes) == list(range(requests))
    return [outcome for _, outcome in outcomes]


SETTINGS = frame(4, 0, 0, b"")
HEADERS = b"\x88"  # :status 200, from HPACK's static table

frames = st.builds(
    frame,
    st.integers(0, 12),
    st.integers(0, 255),
    st.integers(0, 8),
    st.one_of(
        st.binary(max_size=30), st.just(HEADERS), st.just(b"\x00\x00\x00\x07"), st.just(b"\x00\x00\x00\x01\0\0\0\0why")
    ),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(st.lists(frames, max_size=12), st.lists(st.integers(0, 2000), max_size=6))
def test_any_frames(sequence, places):
    for outcome in replies_to(cut(SETTINGS + b"".join(sequence), places)):
        assert outcome in ("refused", "goaway") or isinstance(outcome, (Response, Goaway, Lost))


@given(st.binary(max_size=300), st.booleans(), st.lists(st.integers(0, 2000), max_size=4))
def test_any_bytes(data, greeted, places):
    for outcome in replies_to(cut((SETTINGS if greeted else b"") + data, places)):
        assert outcome in ("refused", "goaway") or isinstance(outcome, (Response, Goaway, Lost))


@given(st.lists(st.integers(0, 2000), max_size=8))
def test_pieces_do_not_matter(places):
    answers = b"".join(frame(1, 0x5, stream, HEADERS) for stream in (1, 3, 5))
    assert [outcome.status for outcome in replies_to(cut(SETTINGS + answers, places))] == [200, 200, 200]


@given(
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**32 - 1),
    st.binary(max_size=100),
    st.lists(st.integers(0, 400), max_size=5),
)
def test_goaway_is_read_whole_however_it_is_cut(last, code, debug, places):
    goaway = frame(7, 0, 0, last.to_bytes(4, "big") + code.to_bytes(4, "big") + debug)
    reader, found = Frames(), []
    for piece in cut(SETTINGS + goaway, places):
        found += reader.feed(piece)
    assert found == [SETTINGS, GoawayFrame(last, code, debug)]
    assert not reader.torn


def test_a_frame_that_is_too_long_is_refused_by_its_header_alone():
    reader = Frames()
    with pytest.raises(NotHttp2) as caught:
        list(reader.feed(SETTINGS + b"\x00\x40\x01\x00\x00\x00\x00\x00\x01"))
    assert caught.value.received.startswith(b"\x00\x40\x01")
