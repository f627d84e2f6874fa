"""The emulated vivo Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, and clients that know nothing of pushctl."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import pushctl.sandbox
from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.sandbox.journal import Entry
from pushctl.vendors.vivo.emulator_handsets import token_of

HOST = "api-push.vivo.com.cn"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vivo-sockets")


@pytest.fixture
def connect(home: Path) -> Iterator[Callable[..., Client]]:
    """Starts a sandbox and a client of it; both are closed at the end, and there were no internal errors."""
    made: list[Client] = []

    def run(*, http2: bool = False, **settings: Any) -> Client:
        made.append(Client(pushctl.sandbox.start(["vivo"], home=home, **settings), http2=http2))
        return made[-1]

    yield run
    for client in made:
        client.http.close()
        server = client.running._server
        client.running.close()
        assert server is None or server.troubles == []


class Client:
    """Authenticates with an MD5 and posts JSON, as vivo's document has it."""

    def __init__(self, running: Running, *, http2: bool = False) -> None:
        self.running = running
        self.profile = running.profile("vivo", "production")
        self.live = running.target("vivo", Message(title="订单"), "production").value
        self.trust = ssl.create_default_context(cafile=running.ca)
        self.http = httpx.Client(verify=self.trust, http2=http2, timeout=5, trust_env=False)

    @property
    def journal(self) -> list[Entry]:
        assert self.running.journal is not None
        return self.running.journal.entries

    @property
    def secret(self) -> str:
        return Path(self.profile["credentials"]["app_secret"].removeprefix("file:")).read_text()

    def call(self, method: str, path: str, token: str | None = None, document: Any = None) -> httpx.Response:
        ip, port = self.running.via[HOST]
        headers = {"host": HOST, **({} if token is None else {"authToken": token})}
        content = None if document is None else json.dumps(document)
        if content is not None:
            headers["content-type"] = "application/json;charset=UTF-8"
        url = f"https://{ip}:{port}{path}"
        return self.http.request(method, url, headers=headers, content=content, extensions={"sni_hostname": HOST})

    def auth(self) -> httpx.Response:
        app, key = self.profile["app"]["app_id"], self.profile["credentials"]["app_key"]
        stamp = int(time.time() * 1000)
        sign = hashlib.md5(f"{app}{key}{stamp}{self.secret}".encode()).hexdigest()
        parts = {"appId": int(app), "appKey": key, "timestamp": stamp, "sign": sign}
        return self.call("POST", "/message/auth", document=parts)

    def token(self) -> str:
        return str(self.auth().json()["authToken"])

    def message(self, **fields: Any) -> dict[str, Any]:
        return {
            "appId": int(self.profile["app"]["app_id"]), "notifyType": 4, "title": "订单更新",
            "content": "您的包裹正在路上", "timeToLive": 86400, "skipType": 1, "networkType": -1, "classification": 1,
            "category": "ORDER", "requestId": str(uuid.uuid4()), "pushMode": 0, **fields,
        }  # fmt: skip

    def push(self, reg_id: str = "", **fields: Any) -> httpx.Response:
        body = self.message(regId=reg_id or self.live, **fields)
        return self.call("POST", "/message/send", self.token(), body)


@pytest.mark.parametrize("http2", [False, True])
def test_auth_and_a_single_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["result"], answer.json()["desc"]) == (200, 0, "请求成功")
    assert answer.json()["taskId"].isdecimal()
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.path for entry in client.journal] == ["/message/auth", "/message/send"]


@pytest.mark.parametrize("http2", [False, True])
def test_list_in_two_steps_and_its_statistics(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    token = client.token()
    task = client.call("POST", "/message/saveListPayload", token, client.message()).json()["taskId"]
    ids = [client.live, token_of("token-dead"), "never"]
    body = {"appId": client.profile["app"]["app_id"], "regIds": ids, "taskId": task, "requestId": "r-1"}
    assert client.call("POST", "/message/pushToList", token, body).json() == {
        "requestId": "r-1", "result": 0, "desc": "请求成功",
        "invalidUsers": [{"status": 2, "userid": ids[1]}, {"status": 1, "userid": "never"}],
    }  # fmt: skip
    found = client.call("GET", f"/report/getStatistics?taskIds={task},77", token).json()
    assert [(each["taskId"], each["send"]) for each in found["statistics"]] == [(task, 1)]
    dead = client.call("POST", "/invalidUser/check", token, {"userType": 1, "userIds": ids}).json()
    assert [each["userid"] for each in dead["data"]] == ids[1:]


@pytest.mark.parametrize("header", ["authToken", "authtoken", "AUTHTOKEN", "AuthToken"])
def test_header_in_any_letter_case_and_twice(connect: Callable[..., Client], header: str) -> None:
    client = connect()
    body = json.dumps(client.message(regId=client.live)).encode()
    ip, port = client.running.via[HOST]
    raw = socket.create_connection((ip, port), timeout=5)
    connection = http.client.HTTPSConnection(HOST, port)
    connection.sock = client.trust.wrap_socket(raw, server_hostname=HOST)
    try:
        connection.putrequest("POST", "/message/send")
        for name, value in ((header, client.token()), ("Content-Type", "application/json"), ("Content-Type", "x/y")):
            connection.putheader(name, value)
        connection.putheader(header, client.token())
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["result"]) == (200, 0)
    finally:
        connection.close()


def test_no_secret_and_no_auth_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token()
    client.push()
    written = repr(client.journal)
    assert len(client.journal) == 3
    for canary in (client.secret, token):
        assert canary not in written


@pytest.mark.parametrize(
    ("scenario", "result"),
    [("wrong-secret", 10206), ("app-key", 10206), ("wrong-app-key", 10202), ("wrong-app-id", 10205)],
)
def test_credentials_of_a_scenario_come_with_its_profile(
    connect: Callable[..., Client], scenario: str, result: int
) -> None:
    answer = connect(scenario=scenario).auth()
    assert (answer.status_code, answer.json()["result"]) == (200, result)
    assert "authToken" not in answer.json()


def test_business_errors_come_with_200_and_a_fault_with_a_plain_text(connect: Callable[..., Client]) -> None:
    client = connect()
    refused = client.push(notifyType=9)
    assert (refused.status_code, refused.json()["result"]) == (200, 10054)
    assert client.push(classification="IM").status_code == 400
    dead = client.push(token_of("token-dead"))
    assert (dead.status_code, dead.json()["invalidUser"]["status"]) == (200, 2)
    fault = client.push(token_of("server-error"))
    assert (fault.status_code, fault.text) == (500, "Internet server error!")


@pytest.mark.parametrize("scenario", ["drop-connection", "garbage", "half-frame"])
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    client = connect(scenario=scenario)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.push()
    assert client.journal[0].status == 200
    assert client.journal[-1].rule == f"scenario {scenario}"


def test_clock_that_is_two_hours_late(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="clock-wrong").auth()
    assert answer.json()["result"] == 10207
