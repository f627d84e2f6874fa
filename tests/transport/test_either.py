"""HTTP/2 where the peer has it, HTTP/1.1 where it has not; nothing is sent twice, nothing is lost."""

from __future__ import annotations

import pytest
from scripted_server import HOST, OK, http1, push

from pushctl.core.wire import Lost, Response
from pushctl.transport import open_transport


@pytest.fixture
def either(route_to):
    opened = []

    def start(server, watch=None, **changes):
        opened.append(open_transport("either", route_to(server, **changes), None, watch))
        return opened[-1]

    yield start
    for transport in opened:
        transport.close()


def test_many_requests_share_one_http2_connection(serve, either):
    peers = set()

    def script(peer):
        peers.add(id(peer))
        peer.greet().serve(lambda p, a: p.respond(a, 200, b"{}"))

    seen = []
    server = serve(script)
    replies = list(either(server, seen.append).exchange((n, push(n)) for n in range(50)))
    assert sorted(key for key, _, _ in replies) == list(range(50))
    assert {reply.http_version for _, _, reply in replies} == {"2"}
    assert len(peers) == 1
    assert len(seen) == 50


@pytest.mark.parametrize("alpn", [("http/1.1",), ()], ids=["negotiates HTTP/1.1", "negotiates nothing"])
def test_a_peer_without_http2_gets_every_request_once_over_http1(serve, either, alpn):
    server = serve(http1(OK), alpn=alpn)
    seen = []
    transport = either(server, seen.append)
    replies = list(transport.exchange((n, push(n)) for n in range(20)))
    assert sorted(key for key, _, _ in replies) == list(range(20))
    assert all(isinstance(reply, Response) and reply.http_version == "1.1" for _, _, reply in replies)
    assert len(server.requests) == 20
    assert len(seen) == 20, "the vain try is not told as an exchange"
    assert isinstance(transport.one(push()), Response)
    assert len(server.requests) == 21


def test_plain_http_on_loopback_is_spoken_over_http1(serve, either):
    server = serve(http1(OK), tls="none")
    reply = either(server, via={}).one(push(url=f"http://127.0.0.1:{server.port}/x"))
    assert isinstance(reply, Response)
    assert reply.http_version == "1.1"


def test_what_is_no_question_of_the_version_is_told_as_it_is(serve, either):
    server = serve(http1(OK), alpn=())
    reply = either(server, via={HOST: ("127.0.0.1", 9)}).one(push())
    assert isinstance(reply, Lost)
    assert (reply.code, reply.sent) == ("CONNECT", "no")


def test_a_request_may_ask_for_another_one_before_it_is_sent(serve, either):
    server = serve(http1(OK), alpn=("http/1.1",))
    transport = either(server)

    def source():
        for n in range(3):
            assert isinstance(transport.one(push(100 + n)), Response)
            yield n, push(n)

    assert sorted(key for key, _, _ in transport.exchange(source())) == [0, 1, 2]
    assert len(server.requests) == 6
