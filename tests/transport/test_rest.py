"""The ordinary transport: HTTP/1.1 over httpx, and what it makes of failures."""

from __future__ import annotations

import threading

import pytest
from scripted_server import HOST, OK, http1, push, read_http1

from pushctl.core.errors import UsageError
from pushctl.core.secret import Secret
from pushctl.core.wire import Lost, Response
from pushctl.transport import open_transport
from pushctl.transport.rest import WORKERS


@pytest.fixture
def rest(route_to):
    opened = []

    def start(server, watch=None, **changes):
        opened.append(open_transport("rest", route_to(server, **changes), None, watch))
        return opened[-1]

    yield start
    for transport in opened:
        transport.close()


def test_http1_sends_exactly_the_requests_headers(serve, rest):
    server = serve(http1(OK), alpn=("http/1.1",))
    request = push(query=(("key", Secret("a b&c", "$KEY")),), json=None, form=(("x", "1"), ("x", "2")))
    reply = rest(server).one(request)
    assert (reply.status, reply.headers, reply.body) == (
        200,
        (("x-id", "7"), ("x-id", "8"), ("content-length", "2")),
        b"{}",
    )
    head, body = server.requests[0].split(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /3/device/0000?key=a+b%26c http/1.1"
    assert sorted(lines[1:]) == sorted(
        [f"host: {HOST}", "authorization: bearer s3cret", "apns-topic: com.example", "content-length: 7"]
    )
    assert body == b"x=1&x=2"
    assert server.snis == [HOST]


def test_plain_http_is_spoken_to_loopback(serve, rest):
    server = serve(http1(OK), tls="none")
    assert isinstance(rest(server, via={}).one(push(url=f"http://127.0.0.1:{server.port}/x")), Response)


def test_redirects_are_not_followed(serve, rest):
    server = serve(http1(b"HTTP/1.1 307 T\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n"), alpn=())
    reply = rest(server).one(push())
    assert (reply.status, reply.header("location")) == (307, "https://evil.example/")
    assert len(server.requests) == 1


def test_the_environments_proxy_is_not_looked_at(serve, rest, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert isinstance(rest(serve(http1(OK), alpn=())).one(push()), Response)


def test_many_requests_run_side_by_side_and_lazily(serve, rest):
    together = threading.Barrier(4)  # WORKERS is a multiple
    pulled = []

    def script(peer):
        while read_http1(peer):
            together.wait(10)
            peer.raw(OK)

    def source():
        for n in range(3 * WORKERS):
            pulled.append(n)
            yield n, push(n)

    server = serve(script, alpn=("http/1.1",))
    seen = []
    for key, _, reply in rest(server).exchange(source()):
        assert isinstance(reply, Response)
        seen.append(key)
        assert len(pulled) <= len(seen) + WORKERS
    assert sorted(seen) == list(range(3 * WORKERS))


def test_an_exchange_may_ask_for_more_inside(serve, rest):
    transport = rest(serve(http1(OK), alpn=("http/1.1",)))

    def source():
        for n in range(10):
            assert isinstance(transport.one(push(100 + n)), Response)
            yield n, push(n)

    seen = []
    for key, _, reply in transport.exchange(source()):
        assert isinstance(reply, Response)
        transport.renew()
        assert [k for k, _, _ in transport.exchange([("inner", push())])] == ["inner"]
        seen.append(key)
    assert sorted(seen) == list(range(10))


def test_an_interruption_leaves_what_is_in_flight(serve, rest):
    release = threading.Event()
    arrived = threading.Semaphore(0)

    def script(peer):
        read_http1(peer)
        arrived.release()
        release.wait(10)

    def interrupted():
        yield "a", push(1)
        yield "b", push(2)
        assert arrived.acquire(timeout=10)
        assert arrived.acquire(timeout=10)
        raise KeyboardInterrupt

    transport = rest(serve(script, alpn=("http/1.1",)))
    with pytest.raises(KeyboardInterrupt):
        list(transport.exchange(interrupted()))
    assert {key for key, _ in transport.in_flight} == {"a", "b"}
    release.set()


def test_a_foreign_host_is_refused_before_anything_is_sent(serve, rest):
    server = serve(http1(OK), alpn=())
    for call in (rest(server).one, lambda request: list(rest(server).exchange([(1, request)]))):
        with pytest.raises(UsageError):
            call(push(url="https://evil.example/x"))
    assert server.connections == 0


@pytest.mark.parametrize("headers", [(("x-bad", "a\r\nb: canary"),), (("x y", "1"),), (("connection", "close"),)])
def test_a_header_that_cannot_be_sent_is_a_usage_error(serve, rest, headers):
    for call in (rest(serve(http1(OK))).one, lambda request: list(rest(serve(http1(OK))).exchange([(1, request)]))):
        with pytest.raises(UsageError) as caught:
            call(push(headers=headers))
        assert "canary" not in caught.value.text


def test_watch_sees_every_exchange(serve, rest):
    seen = []
    transport = rest(serve(http1(OK), alpn=()), seen.append)
    list(transport.exchange((n, push(n)) for n in range(3)))
    transport.one(push())
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "CLOSED"),
        (b"HTTP/1.1 200 OK\r\ncontent-le", "CLOSED"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", "CLOSED"),
        (b"<html>what?</html>\r\n\r\n", "PROTOCOL"),
        (b"\x00\xff\x00garbage\r\n\r\n", "PROTOCOL"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "PROTOCOL"),
    ],
)
def test_broken_answers(serve, rest, answer, code):
    def script(peer):
        read_http1(peer)
        if answer:
            peer.raw(answer)

    reply = rest(serve(script, alpn=("http/1.1",))).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "maybe", code), reply
    assert HOST in reply.why


def test_silence(serve, rest):
    def script(peer):
        read_http1(peer)
        peer.linger()

    reply = rest(serve(script, alpn=("http/1.1",)), total_s=0.2).one(push())
    assert (reply.sent, reply.code) == ("maybe", "TIMEOUT")


def test_an_answer_that_drips_runs_into_the_deadline_for_the_whole(serve, rest):
    stop = threading.Event()

    def script(peer):
        read_http1(peer)
        peer.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while not stop.wait(0.02):
            peer.raw(b"x")

    reply = rest(serve(script, alpn=("http/1.1",)), total_s=0.2, connect_s=0.2).one(push())
    stop.set()
    assert (reply.sent, reply.code) == ("maybe", "TIMEOUT")


def test_absurd_bodies_are_given_up(serve, rest):
    def script(peer):
        read_http1(peer)
        peer.raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (9 * 1024 * 1024))

    reply = rest(serve(script, alpn=("http/1.1",))).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "maybe", "PROTOCOL")
