"""The emulated Honor Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, a host for tokens and one for pushes."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest

import pushctl.sandbox
from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.sandbox.journal import Entry

PUSH, OAUTH = "push-api.cloud.honor.com", "iam.developer.honor.com"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("honor-sockets")


@pytest.fixture
def connect(home: Path) -> Iterator[Callable[..., Client]]:
    """Starts a sandbox and a client of it; both are closed at the end, and there were no internal errors."""
    made: list[Client] = []

    def run(*, http2: bool = False, **settings: Any) -> Client:
        made.append(Client(pushctl.sandbox.start(["honor"], home=home, **settings), http2=http2))
        return made[-1]

    yield run
    for client in made:
        client.http.close()
        server = client.running._server
        client.running.close()
        assert server is None or server.troubles == []


class Client:
    """A client that knows nothing of pushctl: it posts a form, then JSON with what it got."""

    def __init__(self, running: Running, *, http2: bool = False) -> None:
        self.running = running
        self.profile = running.profile("honor", "production")
        self.live = running.target("honor", Message(title="Hi"), "production").value
        trust = ssl.create_default_context(cafile=running.ca)
        self.http = httpx.Client(verify=trust, http2=http2, timeout=5, trust_env=False)

    @property
    def journal(self) -> list[Entry]:
        assert self.running.journal is not None
        return self.running.journal.entries

    @property
    def secret(self) -> str:
        return Path(self.profile["credentials"]["client_secret"].removeprefix("file:")).read_text()

    def post(self, host: str, path: str, **content: Any) -> httpx.Response:
        ip, port = self.running.via[host]
        headers = {"host": host, **content.pop("headers", {})}
        extensions = {"sni_hostname": host}
        return self.http.post(f"https://{ip}:{port}{path}", headers=headers, extensions=extensions, **content)

    def token(self, host: str = OAUTH) -> httpx.Response:
        client = self.profile["credentials"]["client_id"]
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": self.secret}
        return self.post(host, "/auth/token", data=form)

    def push(self, *tokens: str, host: str = PUSH) -> httpx.Response:
        shown = {"title": "Hi", "body": "There", "clickAction": {"type": 3}}
        body = {"android": {"notification": shown}, "token": list(tokens or [self.live])}
        headers = {
            "authorization": f"Bearer {self.token().json()['access_token']}",
            "timestamp": str(int(time.time() * 1000)),
        }
        return self.post(host, f"/api/v1/{self.profile['app']['app_id']}/sendMessage", json=body, headers=headers)


@pytest.mark.parametrize("http2", [False, True])
def test_token_and_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]["sendResult"]) == (200, 200, True)
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.listener for entry in client.journal] == ["oauth", "push"]


def test_partial_failure(connect: Callable[..., Client]) -> None:
    client = connect()
    document = client.push(client.live, "gone").json()
    assert (document["code"], document["data"]["failTokens"]) == (80100000, ["gone"])


def test_no_secret_and_no_access_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token().json()["access_token"]
    client.push()
    written = repr(client.journal)
    assert len(client.journal) == 3
    for canary in (client.secret, quote_plus(client.secret), token):
        assert canary not in written


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="wrong-secret").token()
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


def test_flow_control_is_a_503_with_an_empty_body(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="quota").push()
    assert (answer.status_code, answer.content) == (503, b"")


@pytest.mark.parametrize("scenario", ["drop-connection", "garbage", "half-frame"])
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    client = connect(scenario=scenario)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.push()
    assert client.journal[0].status == 200
    assert client.journal[-1].rule == f"scenario {scenario}"


def test_older_hosts_lead_to_the_same_services(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.token("iam.developer.hihonor.com").status_code == 200
    assert client.push(host="push-api.cloud.hihonor.com").json()["code"] == 200
