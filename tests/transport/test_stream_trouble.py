"""The streaming transport when the server, the proxy or the network misbehaves: always a reply, one sentence."""

from __future__ import annotations

import threading

import pytest
from scripted_server import HOST, frame, push

from pushctl.core.wire import Goaway, Lost, Response

REASON = b'{"reason":"BadCertificateEnvironment"}'
REFUSED_STREAM = 7


def kinds(results):
    return [type(reply).__name__ for _, _, reply in results]


# --- GOAWAY ---------------------------------------------------------------------------------------------------------


def test_goaway_while_the_socket_stays_open(serve, stream):
    def script(peer):
        peer.greet().request()
        peer.goaway(0, 0, REASON).linger()

    reply = stream(serve(script)).one(push())
    assert (reply.debug, reply.error_code, reply.sent) == (REASON, 0, "no")


@pytest.mark.parametrize("ending", ["close", "reset"])
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_goaway_is_read_when_the_socket_closes_at_once(serve, stream, ending, tls):
    """Right after the handshake, without reading a byte: our write may fail before we have read. 50 times each."""

    def script(peer):
        peer.greet().goaway(0, 0, REASON)
        if ending == "reset":
            peer.abort()

    server = serve(script, tls=tls)
    transport = stream(server)
    for _ in range(50):
        reply = transport.one(push(json={"aps": {"alert": "x" * 3000}}))
        assert isinstance(reply, Goaway), reply
        assert (reply.debug, reply.sent) == (REASON, "no")
    assert server.connections == 50


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_goaway_at_once_while_much_is_being_written(serve, stream, ending):
    def script(peer):
        peer.greet(max_concurrent_streams=100)
        peer.respond(peer.request())
        peer.request()
        peer.goaway(1, 0, REASON)
        if ending == "reset":
            peer.abort()

    server = serve(script)
    for _ in range(10):
        source = ((n, push(n, json=None, raw=b"x" * 30_000)) for n in range(40))
        exchange = stream(server).exchange(source)
        answered = [next(exchange)[2]]
        answered += [
            reply for _, _, reply in zip(range(3), range(3), (reply for _, _, reply in exchange), strict=False)
        ]
        assert isinstance(answered[0], Response)
        assert all(isinstance(reply, (Goaway, Response)) for reply in answered), answered
        exchange.close()


def test_goaway_tells_processed_from_unprocessed(serve, stream):
    def script(peer):
        peer.greet(max_concurrent_streams=100)
        peer.respond(peer.request())
        held = [peer.request() for _ in range(4)]
        peer.goaway(held[1].stream, 2, b"oops")
        peer.respond(held[0])

    results = list(stream(serve(script, lambda p: p.greet().serve())).exchange((n, push(n)) for n in range(5)))
    replies = {key: reply for key, _, reply in results}
    assert isinstance(replies[0], Response)
    assert isinstance(replies[1], Response)
    assert (replies[2].sent, replies[2].error_code, replies[2].debug) == ("maybe", 2, b"oops")
    assert [replies[n].sent for n in (3, 4)] == ["no", "no"]


def test_a_goaway_with_a_reason_does_not_wait_for_ever(serve, stream, monkeypatch):
    monkeypatch.setattr("pushctl.transport.stream.connection.GRACE_S", 0.1)

    def script(peer):
        peer.greet()
        peer.goaway(peer.request().stream, 0, REASON).linger()

    reply = stream(serve(script), total_s=30.0).one(push())
    assert (type(reply), reply.sent, reply.ms < 5000) == (Goaway, "maybe", True)


def test_a_graceful_goaway_lets_accepted_requests_finish_and_sends_the_others_again(serve, stream):
    def leaving(peer):
        peer.greet(max_concurrent_streams=100)
        peer.respond(peer.request())
        held = [peer.request() for _ in range(6)]
        peer.goaway(2**31 - 1).goaway(held[2].stream)
        for arrived in held[:3]:
            peer.respond(arrived, 200, body=b"old")
        peer.linger()

    server = serve(leaving, lambda p: p.greet(max_concurrent_streams=100).serve())
    results = list(stream(server).exchange((n, push(n)) for n in range(20)))
    assert kinds(results) == ["Response"] * 20
    assert sorted(key for key, _, reply in results if reply.body == b"old") == [1, 2, 3]
    assert sorted(key for key, _, _ in results) == list(range(20))
    assert server.connections == 2


def test_requests_sent_back_again_and_again_are_reported(serve, stream):
    def leaving(peer):
        peer.greet().request()
        peer.goaway(0)

    server = serve(leaving)
    reply = stream(server).one(push())
    assert (type(reply), reply.debug, reply.sent) == (Goaway, b"", "no")
    assert server.connections == 3


def test_a_graceful_goaway_with_a_close_before_the_answer_is_a_maybe(serve, stream):
    def leaving(peer):
        peer.greet()
        peer.goaway(peer.request().stream)

    reply = stream(serve(leaving)).one(push())
    assert (type(reply), reply.sent) == (Goaway, "maybe")


# --- RST_STREAM -----------------------------------------------------------------------------------------------------


def test_refused_streams_are_sent_again_within_the_lowered_limit(serve, stream):
    over = []

    def script(peer):
        peer.greet(max_concurrent_streams=50)
        peer.respond(peer.request())
        held = [peer.request() for _ in range(50)]
        peer.settings(max_concurrent_streams=2)
        for arrived in held:
            peer.reset(arrived, REFUSED_STREAM)
        while (arrived := peer.request()) is not None:
            over.append(len(peer._ready) + len(peer._arriving))
            peer.respond(arrived)

    server = serve(script)
    results = list(stream(server).exchange((n, push(n)) for n in range(80)))
    assert kinds(results) == ["Response"] * 80
    assert sorted(key for key, _, _ in results) == list(range(80))
    assert max(over) <= 1
    assert server.connections == 1


def test_a_stream_refused_again_and_again_is_lost_but_not_sent(serve, stream):
    server = serve(lambda peer: peer.greet().serve(lambda p, a: p.reset(a, REFUSED_STREAM)))
    reply = stream(server).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "no", "REFUSED_STREAM")
    assert len(server.requests) == 3


@pytest.mark.parametrize("code", [0, 1, 5, 7, 8])
def test_a_reset_after_the_whole_answer_is_a_success(serve, stream, code):
    def answer(peer, arrived):
        peer.respond(arrived, 200, b"done")
        peer.reset(arrived, code)

    results = list(stream(serve(lambda p: p.greet().serve(answer))).exchange((n, push(n)) for n in range(3)))
    assert [reply.body for _, _, reply in results] == [b"done"] * 3


def test_an_answer_before_the_whole_body_is_read_is_an_answer(serve, stream):
    def script(peer):
        peer.h2.local_settings.initial_window_size = 1000
        peer.greet(initial_window_size=1000)
        while not peer._arriving:
            peer._read_headers_only()
        peer.respond(next(iter(peer._arriving.values())), 413, b"too large")
        peer.linger()

    def headers_only(peer):
        for event in peer.h2.receive_data(peer.socket.recv(65536)):
            if type(event).__name__ == "RequestReceived":
                from scripted_server import Arrived

                peer._arriving[event.stream_id] = Arrived(event.stream_id)
        peer.flush()

    def wrapped(peer):
        peer._read_headers_only = lambda: headers_only(peer)
        script(peer)

    reply = stream(serve(wrapped)).one(push(json=None, raw=b"x" * 200_000))
    assert (reply.status, reply.body) == (413, b"too large")


@pytest.mark.parametrize("code", [0, 2, 8])
def test_a_reset_before_the_answer_is_a_maybe(serve, stream, code):
    reply = stream(serve(lambda p: p.greet().serve(lambda p, a: p.reset(a, code)))).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "maybe", "PROTOCOL")
    assert HOST in reply.why


def test_a_reset_in_the_middle_of_an_answer_is_a_maybe(serve, stream):
    def answer(peer, arrived):
        peer.h2.send_headers(arrived.stream, [(":status", "200")])
        peer.h2.send_data(arrived.stream, b"half")
        peer.flush().reset(arrived, 0)

    reply = stream(serve(lambda p: p.greet().serve(answer))).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "maybe", "PROTOCOL")


# --- ends and silences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_connection_that_ends_after_the_request_is_a_maybe(serve, stream, ending):
    def script(peer):
        peer.greet().request()
        if ending == "reset":
            peer.abort()

    reply = stream(serve(script)).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "maybe", "CLOSED")
    assert reply.why.startswith(f"{HOST}:443 (the sandbox at 127.0.0.1:")


def test_every_request_in_flight_is_told_when_the_connection_ends(serve, stream):
    def script(peer):
        peer.greet(max_concurrent_streams=10)
        peer.respond(peer.request())
        for _ in range(10):
            peer.request()

    server = serve(script, lambda p: p.greet(max_concurrent_streams=10).serve())
    results = list(stream(server).exchange((n, push(n)) for n in range(31)))
    assert kinds(results).count("Lost") == 10
    assert kinds(results).count("Response") == 21


def test_half_a_frame_and_then_the_end(serve, stream):
    def script(peer):
        peer.greet().request()
        peer.raw(frame(0, 1, 1, b"x" * 100)[:40])

    reply = stream(serve(script)).one(push())
    assert (reply.sent, reply.code) == ("maybe", "CLOSED")
    assert "middle of a frame" in reply.why


def test_silence_runs_into_the_deadline(serve, stream):
    def script(peer):
        peer.greet().request()
        peer.linger()

    reply = stream(serve(script), total_s=0.2).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "maybe", "TIMEOUT")
    assert "0.2 s" in reply.why
    assert 190 <= reply.ms < 3000


def test_a_server_that_never_says_anything_runs_into_the_deadline(serve, stream):
    reply = stream(serve(lambda peer: peer.linger()), total_s=0.2).one(push())
    assert (reply.sent, reply.code) == ("maybe", "TIMEOUT")


def test_one_slow_answer_does_not_cost_the_others_theirs(serve, stream):
    def script(peer):
        peer.greet(max_concurrent_streams=10)
        peer.respond(peer.request())
        peer.request()
        peer.serve()

    server = serve(script)
    results = list(stream(server, total_s=0.3).exchange((n, push(n)) for n in range(30)))
    lost = [reply for _, _, reply in results if isinstance(reply, Lost)]
    assert [reply.code for reply in lost] == ["TIMEOUT"]
    assert len(results) == 30
    assert server.connections == 1


def test_a_dead_connection_gets_no_more_requests(serve, stream):
    def deaf(peer):
        peer.greet(max_concurrent_streams=1).respond(peer.request())
        peer.request()
        peer.linger()

    server = serve(deaf, lambda p: p.greet().serve())
    results = list(stream(server, total_s=0.2).exchange((n, push(n)) for n in range(3)))
    assert kinds(results) == ["Response", "Lost", "Response"]
    assert server.connections == 2


# --- what is no HTTP/2 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words", "sent"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html>no</html>", "HTTP/1.1 400 Bad Request", "no"),
        (b"<!DOCTYPE html><html><body>Sign in to WLAN</body></html>", "HTML page", "no"),
        (b"\x00\x01\x02garbage" * 20, "no HTTP/2", "maybe"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP/2", "maybe"),
        (b"\xff" * 100_000, "no HTTP/2", "maybe"),
    ],
)
@pytest.mark.parametrize("alpn", [("h2",), ()])
def test_something_else_than_http2(serve, stream, answer, words, sent, alpn):
    def script(peer):
        peer.raw(answer).linger()

    reply = stream(serve(script, alpn=alpn)).one(push())
    assert (type(reply), reply.code, reply.sent) == (Lost, "PROTOCOL", sent)
    assert words in reply.why


def test_garbage_in_the_middle_keeps_the_answers_before_it(serve, stream):
    def script(peer):
        peer.greet(max_concurrent_streams=100)
        peer.respond(peer.request())
        held = [peer.request() for _ in range(10)]
        for arrived in held[:9]:
            peer.h2.send_headers(arrived.stream, [(":status", "200")], end_stream=True)
        peer.raw(peer.h2.data_to_send() + frame(0, 0, 0, b"DATA on stream 0")).linger()

    results = list(stream(serve(script)).exchange((n, push(n)) for n in range(11)))
    assert kinds(results) == ["Response"] * 10 + ["Lost"]
    assert (results[-1][2].code, results[-1][2].sent) == ("PROTOCOL", "maybe")


def test_a_server_without_alpn_is_spoken_to(serve, stream):
    assert isinstance(stream(serve(lambda p: p.greet().serve(), alpn=())).one(push()), Response)


def test_a_server_that_negotiates_http1_is_named(serve, stream):
    reply = stream(serve(lambda p: p.linger(), alpn=("http/1.1",))).one(push())
    assert (reply.code, reply.sent) == ("NO_HTTP2", "no")
    assert "http/1.1" in reply.why


def test_absurd_bodies_are_given_up(serve, stream):
    def script(peer):
        peer.greet()
        peer.respond(peer.request(), 200, b"x" * (9 * 1024 * 1024))

    reply = stream(serve(script)).one(push())
    assert (type(reply), reply.code, reply.sent) == (Lost, "PROTOCOL", "maybe")
    assert "8 MiB" in reply.why


def test_absurd_headers_are_given_up(serve, stream):
    def script(peer):
        peer.greet()
        arrived = peer.request()
        peer.h2.max_outbound_frame_size = 16384
        pairs = [(":status", "200"), *((f"x-{n}", "y" * 1000) for n in range(200))]
        peer.h2.send_headers(arrived.stream, pairs, end_stream=True)
        peer.flush().linger()

    reply = stream(serve(script)).one(push())
    assert (type(reply), reply.code) == (Lost, "PROTOCOL")


@pytest.mark.parametrize("status", ["abc", "20", "2000", ""])
def test_an_impossible_status_is_given_up(serve, stream, status):
    def script(peer):
        peer.h2.config.validate_outbound_headers = False
        peer.greet()
        peer.h2.send_headers(peer.request().stream, [(":status", status)], end_stream=True)
        peer.flush().linger()

    reply = stream(serve(script)).one(push())
    assert (type(reply), reply.code) == (Lost, "PROTOCOL")


def test_what_was_never_written_is_known_not_to_be_sent(serve, stream):
    """The server stops reading, so that the operating system takes only part of what is queued."""

    def deaf(peer):
        # The windows are wide before the second request starts: else the headers of all go out and wait for room.
        peer.greet(max_concurrent_streams=1, initial_window_size=2**30)
        peer.h2.increment_flow_control_window(2**30)
        peer.flush().respond(peer.request()).settings(max_concurrent_streams=100)
        deaf.stop.wait(10)

    deaf.stop = threading.Event()
    # The last must be queued before the first is given up, or it goes over a connection of its own.
    transport = stream(serve(deaf), total_s=1.5)
    source = ((n, push(n, json=None, raw=b"x" * (1_000_000 if n else 10))) for n in range(10))
    replies = {key: reply for key, _, reply in transport.exchange(source)}
    deaf.stop.set()
    assert isinstance(replies.pop(0), Response)
    assert {reply.code for reply in replies.values()} == {"TIMEOUT"}
    assert (replies[1].sent, replies[9].sent) == ("maybe", "no")
    order = [replies[n].sent for n in range(1, 10)]
    assert order == sorted(order)  # every "maybe" before every "no"
