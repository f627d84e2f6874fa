"""Whatever a client sends: the side that reads it does not raise, and every request gets at most one answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import h2.config
import h2.connection
from hypothesis import given, settings
from hypothesis import strategies as st

from pushctl.core.emulated import Act, Seen
from pushctl.core.wire import Response
from pushctl.sandbox.http1 import Http1
from pushctl.sandbox.http2 import Http2


class Link:
    """The socket and the realm behind a side, without either."""

    def __init__(self) -> None:
        self.served: list[Seen] = []
        self.refused = 0
        self.ended = False
        self.written = b""

    def serve(self, seen: Seen) -> Act:
        self.served.append(seen)
        return Act(Response(200, (), b"x" * (len(seen.body) % 3)))

    def refused_stream(self, limit: int) -> None:
        self.refused += 1

    def write(self, data: bytes) -> None:
        self.written += data

    def end(self) -> None:
        self.ended = True

    abort = end

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        call()


def conversation(streams: int, reset: bool) -> bytes:
    """What a well-behaved client sends for a few requests."""
    client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    client.initiate_connection()
    headers = [(":method", "POST"), (":scheme", "https"), (":path", "/x"), (":authority", "y"), ("apns-id", "z")]
    for number in range(streams):
        client.send_headers(2 * number + 1, headers)
        client.send_data(2 * number + 1, b"body" * number, end_stream=True)
        if reset:
            client.reset_stream(2 * number + 1)
    client.ping(b"12345678")
    return client.data_to_send()


@settings(max_examples=300)
@given(
    streams=st.integers(0, 4),
    reset=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=4),
    cut=st.integers(0, 60),
)
def test_http2_side_never_raises(streams: int, reset: bool, changes: list[tuple[int, bytes]], cut: int) -> None:
    sent = bytearray(conversation(streams, reset))
    for place, bytes_ in changes:
        sent[24 + place : 24 + place + len(bytes_)] = bytes_
    link = Link()
    side = Http2(cast(Any, link), 1)
    side.start()
    side.receive(bytes(sent[:cut]))
    side.receive(bytes(sent[cut:]))
    assert len(link.served) + link.refused <= streams + len(changes)
    if not changes:
        assert len(link.served) == streams
        assert not link.ended


@settings(max_examples=200)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_http1_side_never_raises(first: bytes, second: bytes) -> None:
    link = Link()
    side = Http1(cast(Any, link))
    for part in (b"POST /x HTTP/1.1\r\nhost: y\r\ncontent-length: 3\r\n\r\nabc" + first, second, b"\r\n\r\n"):
        if part and not link.ended:
            side.receive(part)
    assert link.served
    assert link.written.startswith(b"HTTP/1.1 200")
