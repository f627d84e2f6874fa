"""The streaming transport when the server behaves."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scripted_server import HOST, frame, push

from pushctl.core.errors import UsageError
from pushctl.core.secret import Secret
from pushctl.core.wire import Lost, Response
from pushctl.transport.stream import client
from pushctl.transport.stream.dial import dial


def test_one_request_arrives_as_written_and_its_answer_comes_back(serve, stream):
    server = serve(
        lambda peer: peer.greet().serve(
            lambda p, a: p.respond(a, 400, b'{"reason":"BadDeviceToken"}', apns_id="A-1", x_twice="1")
        )
    )
    reply = stream(server).one(push(7, query=(("a", "b c"), ("k", Secret("s&t", "$KEY")))))
    assert isinstance(reply, Response)
    assert (reply.status, reply.body, reply.header("apns-id")) == (400, b'{"reason":"BadDeviceToken"}', "A-1")
    assert not any(name.startswith(":") for name, _ in reply.headers)
    assert 0 <= reply.ms < 5000
    arrived = server.requests[0]
    assert arrived.headers == [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", HOST),
        (":path", "/3/device/0007?a=b+c&k=s%26t"),
        ("authorization", "bearer s3cret"),
        ("apns-topic", "com.example"),
    ]
    assert bytes(arrived.body) == b'{"aps":{"alert":"Hi"}}'
    assert server.snis == [HOST]


def test_a_port_other_than_443_is_part_of_the_authority(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    stream(server).one(push(url=f"https://{HOST}:2197/3/device/x"))
    assert server.requests[0].header(":authority") == f"{HOST}:2197"


def test_a_loopback_url_needs_no_redirection(serve, stream, certificates):
    server = serve(lambda peer: peer.greet().serve())
    transport = stream(server, via={}, ca_bundle=certificates.ca.path)
    for host in ("127.0.0.1", "localhost"):
        assert isinstance(transport.one(push(url=f"https://{host}:{server.port}/x")), Response)
    assert server.connections == 2


def test_requests_share_a_connection(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    transport = stream(server)
    assert [transport.one(push(n)).status for n in range(3)] == [200, 200, 200]
    assert server.connections == 1


def test_renew_takes_a_new_connection(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    transport = stream(server)
    transport.one(push())
    transport.renew()
    transport.one(push())
    assert server.connections == 2


def test_the_first_request_does_not_wait_for_settings(serve, stream):
    def silent_at_first(peer):
        # Not a byte of ours before the request is here: waiting for SETTINGS would wait for ever.
        peer.h2.initiate_connection()
        held = peer.h2.data_to_send()
        arrived = peer.request()
        peer.raw(held)
        peer.respond(arrived)
        peer.linger()

    assert isinstance(stream(serve(silent_at_first)).one(push()), Response)


def test_one_request_at_a_time_until_settings_arrive(serve, stream):
    first_batch = []

    def script(peer):
        peer.h2.initiate_connection()
        held = peer.h2.data_to_send()
        arrived = peer.request()
        first_batch.append(len(peer._arriving) + len(peer._ready))
        peer.raw(held)
        peer.respond(arrived)
        peer.serve()

    server = serve(script)
    assert len(list(stream(server).exchange((n, push(n)) for n in range(20)))) == 20
    assert first_batch == [0]


def test_the_peers_stream_limit_is_kept_while_it_goes_up_and_down(serve, stream):
    limits = []

    def script(peer):
        peer.greet(max_concurrent_streams=1)
        held, answered, limit = [], 0, 1
        while (arrived := peer.request()) is not None:
            held.append(arrived)
            limits.append((limit, len(held)))
            while held and (len(held) >= limit or answered + len(held) >= 300):
                peer.respond(held.pop(0))
                answered += 1
                if answered == 1:
                    peer.settings(max_concurrent_streams=100)
                    limit = 100
                if answered == 150 and limit == 100:
                    peer.settings(max_concurrent_streams=5)
                    limit = 5

    server = serve(script)
    results = list(stream(server).exchange((n, push(n)) for n in range(300)))
    assert sorted(key for key, _, _ in results) == list(range(300))
    assert all(isinstance(reply, Response) and reply.status == 200 for _, _, reply in results)
    assert max(held for limit, held in limits if limit == 1) == 1
    assert max(held for limit, held in limits if limit == 100) == 100
    assert server.connections == 1


def test_requests_are_pulled_lazily(serve, stream):
    pulled = []

    def source():
        for n in range(50):
            pulled.append(n)
            yield n, push(n)

    server = serve(lambda peer: peer.greet(max_concurrent_streams=4).serve())
    seen = 0
    for _ in stream(server).exchange(source()):
        seen += 1
        assert len(pulled) <= seen + 4
    assert seen == 50


def test_answers_keep_their_keys_when_they_come_in_another_order(serve, stream):
    def script(peer):
        peer.greet(max_concurrent_streams=100)
        first = peer.request()
        peer.respond(first, 200, number="0")
        held = [peer.request() for _ in range(9)]
        for arrived in reversed(held):
            peer.respond(arrived, 200, number=arrived.header(":path")[-4:])
        peer.linger()

    results = list(stream(serve(script)).exchange((n, push(n)) for n in range(10)))
    assert [key for key, _, _ in results] == [0, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert all(int(reply.header("number")) == key for key, _, reply in results)


def test_big_bodies_respect_the_peers_windows(serve, stream):
    server = serve(lambda peer: peer.greet(max_concurrent_streams=100).serve())
    bodies = {n: bytes([n]) * 100_000 for n in range(12)}
    results = list(stream(server).exchange((n, push(n, json=None, raw=body)) for n, body in bodies.items()))
    assert all(isinstance(reply, Response) for _, _, reply in results)
    assert {int(a.header(":path")[-4:]): bytes(a.body) for a in server.requests} == bodies


def test_big_answers_do_not_exhaust_our_windows(serve, stream):
    server = serve(lambda peer: peer.greet().serve(lambda p, a: p.respond(a, 200, b"x" * 1_500_000)))
    results = list(stream(server).exchange((n, push(n)) for n in range(20)))
    assert [len(reply.body) for _, _, reply in results] == [1_500_000] * 20


def test_the_same_exchange_may_go_to_several_hosts(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    via = {HOST: ("127.0.0.1", server.port), f"{HOST}:2195": ("127.0.0.1", server.port)}
    urls = [f"https://{HOST}{port}/x" for port in ("", ":2195", "", ":2195")]
    replies = [reply for _, _, reply in stream(server, via=via).exchange((n, push(url=u)) for n, u in enumerate(urls))]
    assert all(isinstance(reply, Response) for reply in replies)
    assert [a.header(":authority") for a in server.requests] == [HOST, f"{HOST}:2195", HOST, f"{HOST}:2195"]


def test_an_exchange_inside_another_gets_its_own_connection(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    transport = stream(server)
    outer = []
    for key, _, reply in transport.exchange((n, push(n)) for n in range(5)):
        outer.append((key, reply.status))
        assert transport.one(push(100 + key)).status == 200
    assert sorted(outer) == [(n, 200) for n in range(5)]


def test_a_foreign_host_is_refused_before_anything_is_sent(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    with pytest.raises(UsageError, match="evil"):
        stream(server).one(push(url="https://evil.example/3/device/x"))
    assert server.connections == 0


@pytest.mark.parametrize("headers", [(("x-bad", "a\r\nb: c"),), (("x y", "1"),), (("connection", "close"),)])
def test_a_header_that_cannot_be_sent_is_a_usage_error_without_the_value(serve, stream, headers):
    with pytest.raises(UsageError) as caught:
        stream(serve(lambda peer: peer.greet().serve())).one(push(headers=headers))
    assert headers[0][0] in caught.value.text


def test_watch_sees_every_exchange(serve, stream):
    seen = []
    server = serve(lambda peer: peer.greet().serve())
    transport = stream(server, watch=seen.append)
    list(transport.exchange((n, push(n)) for n in range(3)))
    assert len(seen) == 3
    assert all(isinstance(exchange.reply, Response) for exchange in seen)


def test_an_idle_connection_that_the_server_closed_is_not_used_again(serve, stream):
    closed = []

    def once(peer):
        peer.greet()
        peer.respond(peer.request())
        peer.goaway(1)
        closed.append(True)

    server = serve(once, lambda peer: peer.greet().serve())
    transport = stream(server)
    assert transport.one(push()).status == 200
    server._threads[0].join(5)
    assert transport.one(push()).status == 200
    assert server.connections == 2


def test_pings_are_answered_and_unknown_frames_ignored(serve, stream):
    def script(peer):
        peer.greet()
        arrived = peer.request()
        peer.raw(frame(6, 0, 0, b"12345678") + frame(0xBE, 0, 0, b"?"))
        while not any(type(event).__name__ == "PingAckReceived" for event in peer.events):
            peer._read(peer.socket.recv(65536))
        peer.respond(arrived)
        peer.linger()

    assert isinstance(stream(serve(script)).one(push()), Response)


def test_an_interruption_leaves_what_was_written_and_not_answered(serve, stream):
    def script(peer):
        peer.greet(max_concurrent_streams=10)
        peer.respond(peer.request())
        held = [peer.request() for _ in range(10)]
        peer.respond(held[0])
        peer.linger()

    def interrupted():
        for n in range(12):
            if n == 11:
                raise KeyboardInterrupt
            yield n, push(n)

    transport = stream(serve(script))
    answered = []
    with pytest.raises(KeyboardInterrupt):
        answered.extend(key for key, _, _ in transport.exchange(interrupted()))
    assert answered in ([0, 1], [0])
    assert {key for key, _ in transport.in_flight} == set(range(len(answered), 11))


def test_after_a_broken_off_exchange_the_next_one_gets_no_foreign_answers(serve, stream):
    server = serve(lambda peer: peer.greet(max_concurrent_streams=10).serve())
    transport = stream(server)
    exchange = transport.exchange((n, push(n)) for n in range(30))
    next(exchange)
    next(exchange)
    exchange.close()
    assert [key for key, _, _ in transport.exchange([("new", push())])] == ["new"]


def test_close_says_goaway_and_never_raises(serve, stream):
    farewell = []

    def script(peer):
        peer.greet()
        peer.serve()
        farewell.extend(event for event in peer.events if type(event).__name__ == "ConnectionTerminated")

    server = serve(script)
    transport = stream(server)
    transport.one(push())
    transport.close()
    transport.close()
    server._threads[0].join(5)
    assert len(farewell) == 1


def test_nothing_heavy_is_imported_for_a_push():
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pushctl.transport import open_transport\n"
        "from pushctl.transport.route import route_from\n"
        "from pushctl.core.wire import Request\n"
        "transport = open_transport('stream', route_from(environ={}, timeout=0.5), None, None)\n"
        "reply = transport.one(Request('send', 'POST', 'https://127.0.0.1:9/x', json={}))\n"
        "assert reply.code == 'CONNECT', reply\n"
        "heavy = {'httpx', 'jwt', 'asyncio', 'rich', 'cryptography', 'urllib.request', 'email', 'tempfile'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_an_empty_exchange_connects_to_nothing(serve, stream):
    server = serve(lambda peer: peer.greet().serve())
    assert list(stream(server).exchange([])) == []
    assert server.connections == 0


def test_lost_is_reported_for_each_request_when_nobody_listens(serve, stream):
    server = serve(lambda peer: None)
    transport = stream(server, via={HOST: ("127.0.0.1", 1)})
    replies = [reply for _, _, reply in transport.exchange((n, push(n)) for n in range(3))]
    assert [(type(r), r.code, r.sent) for r in replies] == [(Lost, "CONNECT", "no")] * 3


def test_an_interruption_in_the_very_moment_of_sending_counts_what_was_sent(serve, stream, monkeypatch):
    class Interrupted:
        def __init__(self, sock):
            self.sock = sock

        def send(self, data):
            self.sock.send(data)
            raise KeyboardInterrupt

        def __getattr__(self, name):
            return getattr(self.sock, name)

    def dialled(*args, **settings):
        tunnel = dial(*args, **settings)
        monkeypatch.setattr(tunnel, "_socket", Interrupted(tunnel._socket))
        return tunnel

    monkeypatch.setattr(client, "dial", dialled)
    transport = stream(serve(lambda peer: peer.greet().request()))
    with pytest.raises(KeyboardInterrupt):
        transport.one(push())
    monkeypatch.undo()
    assert [request for _, request in transport.in_flight] == [push()]
