"""The emulated Push Kit behind real sockets: TLS, HTTP/1.1 and HTTP/2, a host for tokens and one for pushes."""

from __future__ import annotations

import json
import ssl
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

PUSH, OAUTH = "push-api.cloud.huawei.com", "oauth-login.cloud.huawei.com"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hms-sockets")


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Running]]:
    """Starts sandboxes that are closed at the end of the test, and were free of internal errors."""
    started: list[Running] = []

    def run(**settings: Any) -> Running:
        started.append(pushctl.sandbox.start(["hms"], home=home, **settings))
        return started[-1]

    yield run
    for running in started:
        server = running._server
        running.close()
        assert server is None or server.troubles == []


@pytest.fixture
def connect(start: Callable[..., Running]) -> Iterator[Callable[..., Client]]:
    """Starts a sandbox and a client of it, and closes the client at the end of the test."""
    made: list[Client] = []

    def run(*, http2: bool = False, **settings: Any) -> Client:
        made.append(Client(start(**settings), http2=http2))
        return made[-1]

    yield run
    for client in made:
        client.http.close()


class Client:
    """A client that knows nothing of pushctl: it posts a form, then JSON with what it got."""

    def __init__(self, running: Running, *, http2: bool = False) -> None:
        self.running = running
        self.profile = running.profile("hms", "production")
        trust = ssl.create_default_context(cafile=running.ca)
        self.http = httpx.Client(verify=trust, http2=http2, timeout=5, trust_env=False)

    @property
    def journal(self) -> list[Entry]:
        assert self.running.journal is not None
        return self.running.journal.entries

    def post(self, host: str, path: str, **content: Any) -> httpx.Response:
        ip, port = self.running.via[host]
        headers = {"host": host, **content.pop("headers", {})}
        extensions = {"sni_hostname": host}
        return self.http.post(f"https://{ip}:{port}{path}", headers=headers, extensions=extensions, **content)

    def token(self) -> httpx.Response:
        secret = Path(self.profile["credentials"]["client_secret"].removeprefix("file:")).read_text()
        client = self.profile["app"]["app_id"]
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        return self.post(OAUTH, "/oauth2/v3/token", data=form)

    def push(self, *tokens: str) -> httpx.Response:
        live = self.running.target("hms", Message(title="Hi"), "production").value
        shown = {"click_action": {"type": 3}}
        message = {"notification": {"title": "Hi", "body": "There"}, "android": {"notification": shown}}
        body = {"validate_only": False, "message": {**message, "token": list(tokens or [live])}}
        headers = {"authorization": f"Bearer {self.token().json()['access_token']}"}
        path = f"/v1/{self.profile['app']['app_id']}/messages:send"
        return self.post(PUSH, path, json=body, headers=headers)


@pytest.mark.parametrize("http2", [False, True])
def test_token_and_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"]) == (200, "80000000")
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.listener for entry in client.journal] == ["oauth", "push"]


def test_partial_failure(connect: Callable[..., Client]) -> None:
    client = connect()
    live = client.running.target("hms", Message(title="Hi"), "production").value
    document = client.push(live, "gone").json()
    assert document["code"] == "80100000"
    assert json.loads(document["msg"]) == {"success": 1, "failure": 1, "illegal_tokens": ["gone"]}


def test_no_secret_and_no_access_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token().json()["access_token"]
    client.push()
    secret = Path(client.profile["credentials"]["client_secret"].removeprefix("file:")).read_text()
    written = repr(client.journal)
    assert len(client.journal) == 3
    signed = token.rpartition("/")[2]
    for form in (secret, quote_plus(secret), signed):
        assert form not in written


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="wrong-secret").token()
    assert (answer.status_code, answer.json()["error"], answer.json()["sub_error"]) == (400, 1101, 12304)


def test_flow_control_is_a_503_with_an_empty_body(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="flow-control").push()
    assert (answer.status_code, answer.content) == (503, b"")


@pytest.mark.parametrize("scenario", ["drop-connection", "garbage", "half-frame"])
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    client = connect(scenario=scenario)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.push()
    assert client.journal[0].status == 200
    assert client.journal[-1].rule == f"scenario {scenario}"


def test_old_names_of_the_hosts_lead_to_the_same_services(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.post("api.push.hicloud.com", "/pushsend.do", data={"nsp_svc": "x"}).status_code == 404
    assert client.post("login.cloud.huawei.com", "/oauth2/v2/token", data={"a": "b"}).json()["sub_error"] == 20182
