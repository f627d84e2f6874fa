"""Whatever an emulator can ask of the server, seen from the client's end of a real socket."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from apns_client import Client

from pushctl.core.message import Message
from pushctl.sandbox import Running, forge
from pushctl.vendors.apns.emulator import EMULATOR


def target(running: Running) -> str:
    return running.target("apns", Message(title="Hi"), "sandbox").value


def credential(running: Running, name: str) -> Path:
    made = EMULATOR.profile(running.folders["apns"], "sandbox", name)["credentials"]["certificate"]
    return Path(made.removeprefix("file:"))


@pytest.mark.parametrize(
    ("scenario", "lingers"), [("certificate-wrong-environment", True), ("certificate-wrong-environment-at-once", False)]
)
def test_certificate_of_the_other_environment_gets_a_goaway_before_any_request(
    start: Callable[..., Running], scenario: str, lingers: bool
) -> None:
    running = start(scenario=scenario)
    certificate = Path(running.profile("apns", "sandbox")["credentials"]["certificate"].removeprefix("file:"))
    with Client(running, certificate=certificate) as client:
        began = time.monotonic()
        client.wait()
        while client.goaway is None and not client.closed:
            client.read()
        assert client.goaway is not None
        assert client.goaway.additional_data == b'{"reason":"BadCertificateEnvironment"}'
        assert (client.goaway.error_code, client.goaway.last_stream_id) == (0, 0)
        while not client.closed:
            client.read()
        assert not lingers or time.monotonic() - began > 0.5
    entry = running.journal.entries[-1]
    assert (entry.code, entry.wire) == ("BadCertificateEnvironment", "goaway")


def test_certificate_may_open_all_streams_at_once(running: Running) -> None:
    with Client(running, certificate=credential(running, "certificate-pem")) as client:
        assert client.push(target(running), authorization=None).status == 200
        assert [each[3] for each in client.settings] == [1000]


@pytest.mark.parametrize("name", ["certificate-expired", "certificate-revoked"])
def test_certificate_that_is_no_good_fails_in_the_handshake(running: Running, name: str) -> None:
    with (
        pytest.raises((ssl.SSLError, ConnectionError)),
        Client(running, certificate=credential(running, name)) as client,
    ):
        client.socket.recv(1)
    assert running.journal.entries[-1].rule == "tls-handshake"
    assert name.removeprefix("certificate-") in running.journal.entries[-1].note


def test_certificate_of_another_authority_fails_in_the_handshake(running: Running, tmp_path: Path) -> None:
    stranger = forge.ensure(tmp_path, [EMULATOR]).credentials("apns") / "certificate-pem.pem"
    with pytest.raises((ssl.SSLError, ConnectionError)), Client(running, certificate=stranger) as client:
        client.socket.recv(1)
    with Client(running) as client:
        assert client.push(target(running)).status == 200


def test_goaway_ends_the_connection_in_the_middle_of_a_request(start: Callable[..., Running]) -> None:
    running = start(scenario="GOAWAY")
    with Client(running) as client:
        reply = client.push("abcd")
        assert client.goaway is not None
        assert (client.goaway.additional_data, client.goaway.last_stream_id) == (None, 0)
        assert not reply.headers


def test_dropped_connection_ends_without_an_answer(start: Callable[..., Running]) -> None:
    with Client(start(scenario="drop-connection")) as client:
        reply = client.push("abcd")
        assert client.closed
        assert not reply.headers


def test_hanging_request_gets_no_answer_while_others_do(running: Running) -> None:
    hanging = EMULATOR.handset_for(Message(title="Hi"), "sandbox", "hang").token
    with Client(running) as client:
        client.push(target(running))
        held = client.open(f"/3/device/{hanging}")
        assert client.push(target(running)).status == 200
        assert not client.replies[held].ended


def test_refused_stream_is_reset_and_the_next_one_taken(start: Callable[..., Running]) -> None:
    running = start(scenario="refuse-stream")
    with Client(running) as client:
        assert client.push(target(running)).reset == 7
        assert client.push(target(running)).status == 200


def test_reset_after_the_whole_answer(start: Callable[..., Running]) -> None:
    running = start(scenario="reset-after-answer")
    with Client(running) as client:
        reply = client.push(target(running))
        assert (reply.status, reply.ended) == (200, True)
        assert client.push(target(running)).status == 200
        assert client.conn.streams == {} or all(stream.closed for stream in client.conn.streams.values())


@pytest.mark.parametrize("scenario", ["garbage", "half-frame"])
def test_answer_that_is_none(start: Callable[..., Running], scenario: str) -> None:
    running = start(scenario=scenario)
    with Client(running) as client:
        stream = client.open(f"/3/device/{target(running)}")
        client.flush()
        received = b""
        while data := client.socket.recv(65536):
            received += data
    assert (b"no frame" in received) is (scenario == "garbage")
    if scenario == "half-frame":
        assert received.endswith(b'{"reason":"Ba')
    assert stream == 1


def test_slow_answer_comes_late(start: Callable[..., Running]) -> None:
    running = start(scenario="slow")
    with Client(running) as client:
        began = time.monotonic()
        assert client.push(target(running)).status == 200
        assert time.monotonic() - began >= 2.0


def test_client_that_gives_up_on_a_slow_answer_harms_nobody(start: Callable[..., Running]) -> None:
    running = start(scenario="slow")
    with Client(running) as client:
        first = client.open(f"/3/device/{target(running)}")
        client.conn.reset_stream(first)
        client.flush()
        assert client.push(target(running)).status == 200


def test_web_page_over_http2(start: Callable[..., Running]) -> None:
    with Client(start(scenario="html")) as client:
        reply = client.push("abcd")
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html")
    assert b"Bad Gateway" in reply.body
