"""The server over real sockets: protocols, limits, flow control, and clients that misbehave."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from apns_client import BODY, Client, token_of

from pushctl.core.message import Message
from pushctl.sandbox import Running

HOST = "api.sandbox.push.apple.com"
MAX_CONCURRENT_STREAMS = 3


def live(running: Running, environment: str = "sandbox") -> str:
    return running.target("apns", Message(title="Hi"), environment).value


def test_push_is_accepted_with_the_callers_id_unchanged(running: Running) -> None:
    with Client(running) as client:
        reply = client.push(live(running), apns_id="123e4567-E89B-12d3-a456-4266554400a0")
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["apns-id"] == "123e4567-E89B-12d3-a456-4266554400a0"


def test_success_ends_the_stream_on_its_headers(running: Running) -> None:
    with Client(running) as client:
        reply = client.push(live(running))
    assert reply.ended_with_headers
    assert reply.frames_of_data == 0


def test_refusal_is_json_with_a_reason(running: Running) -> None:
    with Client(running) as client:
        reply = client.push("abcd")
    assert (reply.status, reply.body) == (400, b'{"reason":"BadDeviceToken"}')
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("alpn", [["h2"], None])
def test_http2_with_and_without_alpn(running: Running, alpn: list[str] | None) -> None:
    with Client(running, alpn=alpn) as client:
        assert client.push(live(running)).status == 200


def test_client_without_authority_is_served(running: Running) -> None:
    with Client(running) as client:
        assert client.push(live(running), authority=False).status == 200


def test_settings_are_those_seen_of_apns(running: Running) -> None:
    with Client(running) as client:
        client.push(live(running))
        first, second = client.settings
    assert {1: 4096, 3: 1, 4: 65535, 5: 16384, 6: 8000}.items() <= first.items()
    assert second == {3: 1000}
    assert (
        client.order.index("ResponseReceived")
        > [index for index, name in enumerate(client.order) if name == "RemoteSettingsChanged"][1]
    )


def test_stream_limit_stays_at_one_after_a_refusal(running: Running) -> None:
    with Client(running) as client:
        client.push("abcd")
        assert [each[MAX_CONCURRENT_STREAMS] for each in client.settings] == [1]


def test_streams_beyond_an_acknowledged_limit_are_refused(start: Callable[..., Running]) -> None:
    running = start(scenario="hang")
    with Client(running) as client:
        while not client.settings:
            client.read()
        held = client.open(f"/3/device/{live(running)}")
        client.conn.remote_settings[MAX_CONCURRENT_STREAMS] = 10  # a client that does not care
        client.conn.remote_settings.acknowledge()
        beyond = client.open(f"/3/device/{live(running)}")
        client.flush()
        client.wait(beyond)
        assert client.replies[beyond].reset == 7
        assert not client.replies[held].ended


def test_five_hundred_streams_at_once_on_one_connection(running: Running) -> None:
    with Client(running) as client:
        jwt = token_of(client.profile)
        client.push(live(running), jwt=jwt)
        streams = [client.open(f"/3/device/{live(running)}", token=jwt) for _ in range(500)]
        client.flush()
        client.wait(*streams)
        assert {client.replies[each].status for each in streams} == {200}


def test_a_thousand_bodies_beyond_the_first_window_are_taken(running: Running) -> None:
    body = b'{"aps":{"alert":"%s"}}' % (b"x" * 150)
    with Client(running) as client:
        jwt = token_of(client.profile)
        client.push(live(running), jwt=jwt)
        streams = [client.open(f"/3/device/{live(running)}", body, token=jwt) for _ in range(900)]
        client.flush()  # 900 × 170 bytes are more than twice 65,535
        client.wait(*streams)
        assert {client.replies[each].status for each in streams} == {200}


def test_answer_larger_than_the_windows_arrives_whole(running: Running) -> None:
    assert running._server is not None
    channels = {f"{number:024}": 1 for number in range(9000)}
    running._server.realm.places[0].world.state["channels sandbox com.example.app"] = channels
    with Client(running, "api-manage-broadcast.sandbox.push.apple.com") as client:
        listing = client.open("/1/apps/com.example.app/all-channels", b"", method="GET")
        client.flush()
        client.wait(listing)
    reply = client.replies[listing]
    assert reply.status == 200
    assert len(reply.body) > 3 * 65535
    assert json.loads(reply.body) == {"channels": list(channels)}


def test_request_goes_to_the_service_that_its_authority_names(running: Running) -> None:
    with Client(running, "api.push.apple.com", port_of=HOST) as client:
        production, sandbox = live(running, "production"), live(running)
        assert client.push(production).status == 200
        assert client.push(sandbox).status == 400
    assert [each.environment for each in running.journal.entries] == ["production", "production"]


def test_localhost_is_the_service_of_its_port(running: Running) -> None:
    with Client(running, HOST, sni="localhost") as client:
        client.host = "localhost"
        assert client.push(live(running)).status == 200


def test_independent_http2_client_gets_on_with_it(running: Running) -> None:
    profile = running.profile("apns", "sandbox")
    context = ssl.create_default_context(cafile=running.ca)
    port = running.via[HOST][1]
    with httpx.Client(http2=True, http1=False, verify=context, trust_env=False) as client:
        answer = client.post(
            f"https://localhost:{port}/3/device/{live(running)}",
            headers={"authorization": f"Bearer {token_of(profile)}", "apns-topic": "com.example.app"},
            content=BODY,
        )
    assert answer.status_code == 200
    assert answer.http_version == "HTTP/2"


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"\x16\x03\x01\x00\x00rubbish",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x01",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x04\x01\x05\x00\x00\x00\x01\xff\xff\xff\xff",
    ],
)
def test_client_that_speaks_no_http2_is_ended_and_the_server_lives(running: Running, rubbish: bytes) -> None:
    context = ssl.create_default_context(cafile=running.ca)
    with (
        socket.create_connection(running.via[HOST], timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as client,
    ):
        client.sendall(rubbish)
        while client.recv(65536):
            pass
    with Client(running) as client:
        assert client.push(live(running)).status == 200


def test_client_that_speaks_no_tls_or_leaves_at_once_harms_nobody(running: Running) -> None:
    with socket.create_connection(running.via[HOST], timeout=10) as raw:
        raw.sendall(b"hello\r\n\r\n" * 10)
        while raw.recv(65536):
            pass
    socket.create_connection(running.via[HOST], timeout=10).close()
    client = Client(running)
    client.open("/3/device/abcd")
    client.flush()
    client.socket.close()
    with Client(running) as client:
        assert client.push(live(running)).status == 200


def test_many_connections_at_once(running: Running) -> None:
    def one(_: int) -> int:
        with Client(running) as client:
            return client.push(live(running)).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(one, range(64))) == {200}


def test_close_ends_open_connections_handshakes_and_the_thread(start: Callable[..., Running]) -> None:
    running = start(scenario="hang")
    before = threading.active_count()
    with Client(running) as client, socket.create_connection(running.via[HOST], timeout=10):
        client.open(f"/3/device/{live(running)}")
        client.flush()
        running.close()
        client.wait(1)
        assert client.closed
    assert threading.active_count() == before - 1
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(running.via[HOST], timeout=10)


def test_streams_that_the_client_resets_in_the_same_breath_harm_nobody(running: Running) -> None:
    with Client(running) as client:
        client.push(live(running))
        for token in (live(running), "abcd") * 20:
            client.conn.reset_stream(client.open(f"/3/device/{token}"))
        client.flush()
        assert client.push(live(running)).status == 200


def test_window_update_for_a_stream_that_is_reset_in_the_same_breath(running: Running) -> None:
    assert running._server is not None
    channels = {f"{number:024}": 1 for number in range(9000)}
    running._server.realm.places[0].world.state["channels sandbox com.example.app"] = channels
    with Client(running, "api-manage-broadcast.sandbox.push.apple.com") as client:
        listing = client.open("/1/apps/com.example.app/all-channels", b"", method="GET")
        client.flush()
        client.wait_for_data(listing)
        client.conn.increment_flow_control_window(100_000, listing)
        client.conn.increment_flow_control_window(100_000)
        client.conn.reset_stream(listing)
        client.flush()
        again = client.open("/1/apps/com.example.app/channels", b"", method="GET")
        client.flush()
        client.wait(again)
    assert client.replies[again].status == 400
