"""HTTP/1.1, for the vendors that speak it; a stand-in vendor answers as the path says."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from pushctl.core.emulated import Act, Emulator, Forge, Listener, Peer, Scenario, Seen, World
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.sandbox.journal import Journal
from pushctl.sandbox.realm import Realm
from pushctl.sandbox.server import Server

HOST = "push.vendor.example"
BIG = b"0123456789" * 30_000


class Echo:
    """Says what it saw; ``/wire/drop`` and the like ask for trouble."""

    vendor = "echo"
    listeners = (Listener("only", (HOST,), "production", max_streams=50),)
    scenarios: Mapping[str, Scenario] = {}

    def provision(self, forge: Forge) -> dict[str, bytes]:
        return {"key.pem": forge.p256_key()}

    def greet(self, peer: Peer, world: World) -> Act | None:
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        told = {"method": seen.method, "path": seen.path, "body": len(seen.body), "authority": seen.authority}
        act = Act(Response(200, (("content-type", "application/json"),), json.dumps(told).encode()))
        if seen.path == "/big":
            return Act(Response(200, (), BIG))
        if seen.path == "/empty":
            return Act(Response(204))
        if seen.path == "/late":
            return replace(act, delay_s=0.2)
        if seen.path.startswith("/wire/"):
            return replace(act, wire=cast(Any, seen.path.rpartition("/")[2]))
        return replace(act, goaway=b"bye") if seen.path == "/goaway" else act


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("echo")


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    echo = cast(Emulator, Echo())
    forged = forge.ensure(folder, [echo])
    server = Server(Realm([echo], {"echo": forged.credentials("echo")}, Journal()), forged)
    server.start()
    yield server
    server.close()
    assert server.troubles == []


@pytest.fixture
def context(server: Server, folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=folder / "forged" / "ca.pem")


@pytest.fixture
def client(server: Server, context: ssl.SSLContext) -> Iterator[http.client.HTTPSConnection]:
    """The standard library's client: no ALPN, keep-alive."""
    connection = http.client.HTTPSConnection("localhost", server.via[HOST][1], context=context, timeout=10)
    yield connection
    connection.close()


def ask(client: http.client.HTTPSConnection, path: str, method: str = "POST", body: Any = b"x", **settings: Any) -> Any:
    client.request(method, path, body, **settings)
    answer = client.getresponse()
    return json.loads(answer.read() or b"null")


def test_requests_on_one_connection(client: http.client.HTTPSConnection, server: Server) -> None:
    first = ask(client, "/one?x=1", body=b"abc", headers={"Host": f"{HOST}:443"})
    second = ask(client, "/two", "GET", None)
    assert first == {"method": "POST", "path": "/one?x=1", "body": 3, "authority": f"{HOST}:443"}
    assert (second["method"], second["body"]) == ("GET", 0)
    assert {entry.connection for entry in server.realm.journal.entries} == {1}


def test_chunked_and_large_bodies_both_ways(client: http.client.HTTPSConnection) -> None:
    assert ask(client, "/chunked", body=iter([b"abc", b"defg"]), encode_chunked=True)["body"] == 7
    assert ask(client, "/large", body=BIG)["body"] == len(BIG)
    client.request("GET", "/big")
    assert client.getresponse().read() == BIG


def test_answers_without_a_body(client: http.client.HTTPSConnection) -> None:
    client.request("HEAD", "/one")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    client.request("GET", "/empty")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    assert ask(client, "/one")["path"] == "/one"


def test_late_answer(client: http.client.HTTPSConnection) -> None:
    began = time.monotonic()
    assert ask(client, "/late")["path"] == "/late"
    assert time.monotonic() - began >= 0.2


def test_client_that_wants_to_be_asked_for_its_body(server: Server, context: ssl.SSLContext) -> None:
    import socket

    with (
        socket.create_connection(server.via[HOST], timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as link,
    ):
        link.sendall(b"POST /x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 100")
        link.sendall(b"ab")
        assert link.recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("rubbish", [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"PRIVATE nonsense\r\n\r\n"])
def test_rubbish_is_a_bad_request(server: Server, context: ssl.SSLContext, rubbish: bytes) -> None:
    import socket

    with (
        socket.create_connection(server.via[HOST], timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as link,
    ):
        link.sendall(rubbish)
        received = b""
        while data := link.recv(1000):
            received += data
    assert received.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("path", ["/wire/drop", "/wire/garbage", "/wire/half-frame", "/wire/refuse-stream", "/goaway"])
def test_answers_that_are_none(client: http.client.HTTPSConnection, path: str) -> None:
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(client, path)


def test_answer_that_never_comes(server: Server, context: ssl.SSLContext) -> None:
    client = http.client.HTTPSConnection("localhost", server.via[HOST][1], context=context, timeout=0.3)
    with pytest.raises(TimeoutError):
        ask(client, "/wire/hang")
    client.close()


@pytest.mark.parametrize(("http1", "http2", "version"), [(True, False, "HTTP/1.1"), (True, True, "HTTP/2")])
def test_alpn_decides(server: Server, context: ssl.SSLContext, http1: bool, http2: bool, version: str) -> None:
    with httpx.Client(http1=http1, http2=http2, verify=context, trust_env=False) as client:
        answer = client.post(f"https://localhost:{server.via[HOST][1]}/x", content=b"abc")
        assert (answer.http_version, answer.json()["body"]) == (version, 3)
        assert client.get(f"https://localhost:{server.via[HOST][1]}/big").content == BIG
