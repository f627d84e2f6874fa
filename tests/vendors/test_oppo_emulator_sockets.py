"""The emulated OPPO Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, the hosts of both regions and those beside
them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import httpx
import pytest
import socket_bench

CHINA, OLD_CHINA = "api-push-cn.heytapmobi.com", "api.push.oppomobile.com"
ABROAD = "api-intl.push.oppomobile.com"
FEEDBACK, DEVICES, MEDIA = (
    "feedback.push.oppomobile.com",
    "api-device.push.heytapmobi.com",
    "api-media.push.heytapmobi.com",
)
DEAD = "CN_" + "0" * 32


class Client(socket_bench.Client):
    """It signs, posts forms, and reads codes."""

    vendor, secret_in = "oppo", "master_secret"

    def call(self, method: str, host: str, path: str, **content: Any) -> httpx.Response:
        return self.ask(method, host, f"/server/v1/{path}", **content)

    def token(self, host: str = CHINA) -> str:
        app_key = self.profile["credentials"]["app_key"]
        stamp = str(int(time.time() * 1000))
        sign = sha256(f"{app_key}{stamp}{self.secret}".encode()).hexdigest()
        form = {"app_key": app_key, "timestamp": stamp, "sign": sign}
        return str(self.call("POST", host, "auth", data=form).json()["data"]["auth_token"])

    def post(self, interface: str, host: str = CHINA, **fields: str) -> httpx.Response:
        form = {"auth_token": self.token(host), **fields}
        return self.call("POST", host, f"message/notification/{interface}", data=form)

    def push(self, *targets: str, host: str = CHINA) -> httpx.Response:
        messages = [
            {"target_type": 2, "target_value": target, "notification": {"title": "标题 & + %", "content": "There"}}
            for target in targets or [self.live]
        ]
        if len(messages) == 1:
            return self.post("unicast", host, message=json.dumps(messages[0]))
        return self.post("unicast_batch", host, messages=json.dumps(messages, ensure_ascii=False))


home, connect = socket_bench.fixtures(Client)


@socket_bench.HTTP2
def test_token_and_message(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"], answer.json()["data"].keys()) == (200, 0, {"messageId"})
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.listener for entry in client.journal] == ["push", "push"]


@socket_bench.HTTP2
def test_batch_and_broadcast_with_a_dead_target(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    rows = client.push(client.live, DEAD).json()["data"]
    assert [row.get("errorCode") for row in rows] == [None, 10000]
    saved = client.post("save_message_content", title="Hi", content="There").json()["data"]["message_id"]
    fields = {"message_id": saved, "target_type": "2", "target_value": f"{client.live};{DEAD}"}
    assert client.post("broadcast", **fields).json()["data"]["10000"] == [DEAD]


def test_hosts_of_china_are_one_service_and_the_other_region_is_another(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.push(host=OLD_CHINA).json()["code"] == 0
    assert client.push(host=ABROAD).json()["code"] == 10000
    form = {"auth_token": client.token(), "message": "{}"}
    assert client.call("POST", ABROAD, "message/notification/unicast", data=form).json()["code"] == 11


def test_hosts_beside_them(connect: Callable[..., Client]) -> None:
    client = connect()
    token = {"auth_token": client.token()}
    found = client.call("GET", FEEDBACK, "feedback/fetch_invalid_regidList", params=token).json()
    assert found["data"]["totalCount"] == len(found["data"]["registration_ids"]) > 0
    tags = {**token, "registration_id": client.live, "tags": ["a"]}
    assert client.call("POST", DEVICES, "device/subscribe_tags", json=tags).json()["code"] == 0
    picture = {"file": ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    parts = {**token, "picture_ttl": "86400"}
    answer = client.call("POST", MEDIA, "media/upload/small_picture", data=parts, files=picture).json()
    assert (answer["code"], len(answer["data"]["small_picture_id"])) == (0, 24)


def test_repeated_headers_and_empty_fields(connect: Callable[..., Client]) -> None:
    client = connect()
    message = {"target_type": 2, "target_value": client.live, "notification": {"title": "Hi", "content": "There"}}
    body = httpx.QueryParams([("auth_token", ""), ("sub_title", ""), ("message", json.dumps(message))])
    kind = ("content-type", "application/x-www-form-urlencoded")
    headers = [kind, kind, ("accept", "*/*"), ("accept", "a/b"), ("Auth_Token", client.token())]
    answer = client.call("POST", CHINA, "message/notification/unicast", content=str(body), headers=headers)
    assert answer.json()["code"] == 0


def test_no_secret_and_no_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token()
    client.push()
    params = {"auth_token": token}
    client.call("GET", FEEDBACK, "feedback/fetch_invalid_regidList", params=params, headers={"auth_token": token})
    tags = {**params, "registration_id": client.live, "tags": ["a"]}
    client.call("POST", DEVICES, "device/subscribe_tags", json=tags)
    written = repr(client.journal)
    assert len(client.journal) == 5
    for canary in (client.secret, token):
        assert canary not in written


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    client = connect(scenario="app-secret")
    with pytest.raises(KeyError, match="data"):
        client.token()
    assert [entry.code for entry in client.journal] == ["16"]


@socket_bench.NO_ANSWER
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    connect(scenario=scenario).pushes_in_vain(before=1)
