"""The emulated vivo Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, and clients that know nothing of pushctl."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import socket_bench

from pushctl.vendors.vivo.emulator_handsets import token_of

HOST = "api-push.vivo.com.cn"


class Client(socket_bench.Client):
    """Authenticates with an MD5 and posts JSON, as vivo's document has it."""

    vendor, secret_in = "vivo", "app_secret"

    def call(self, method: str, path: str, token: str | None = None, document: Any = None) -> httpx.Response:
        headers = {} if token is None else {"authToken": token}
        if document is None:
            return self.ask(method, HOST, path, headers=headers)
        headers["content-type"] = "application/json;charset=UTF-8"
        return self.ask(method, HOST, path, headers=headers, content=json.dumps(document))

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


home, connect = socket_bench.fixtures(Client)


@socket_bench.HTTP2
def test_auth_and_a_single_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["result"], answer.json()["desc"]) == (200, 0, "请求成功")
    assert answer.json()["taskId"].isdecimal()
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.path for entry in client.journal] == ["/message/auth", "/message/send"]


@socket_bench.HTTP2
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
    used = client.push().request.headers["authToken"]
    written = repr(client.journal)
    assert len(client.journal) == 3
    for canary in (client.secret, token, used):
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


@socket_bench.NO_ANSWER
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    connect(scenario=scenario).pushes_in_vain(before=1)


def test_clock_that_is_two_hours_late(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="clock-wrong").auth()
    assert answer.json()["result"] == 10207
