"""The emulated Mi Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, forms written by a client of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import socket_bench

API, FEEDBACK, RUSSIA = "api.xmpush.xiaomi.com", "feedback.xmpush.xiaomi.com", "ru-api.xmpush.global.xiaomi.com"


class Client(socket_bench.Client):
    """It posts forms with the secret as it is, and reads JSON."""

    vendor, secret_in = "mi", "app_secret"

    def call(self, method: str, path: str, host: str = API, **content: Any) -> httpx.Response:
        headers = {"authorization": f"key={self.secret}", **content.pop("headers", {})}
        return self.ask(method, host, path, headers=headers, **content)

    def push(self, *regids: str, path: str = "/v3/message/regid", host: str = API, **more: str) -> httpx.Response:
        form = {
            "registration_id": list(regids or [self.live]),
            "restricted_package_name": self.profile["app"]["package_name"],
            "pass_through": "0",
            "title": "订单已发货",
            "description": "SF123 & more=1",
            "payload": '{"order":"42 x"}',
            "extra.notify_effect": "1",
            "extra.channel_id": self.profile["app"]["channel_id"],
            **more,
        }
        return self.call("POST", path, host, data=form)


home, connect = socket_bench.fixtures(Client)


@socket_bench.HTTP2
@pytest.mark.parametrize("version", [2, 3, 4])
def test_push(connect: Callable[..., Client], http2: bool, version: int) -> None:
    client = connect(http2=http2)
    answer = client.push(path=f"/v{version}/message/regid")
    document = answer.json()
    assert (answer.status_code, document["result"], document["code"]) == (200, "ok", 0)
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert document["info"] == "Received push messages for 1 REGID"


@socket_bench.HTTP2
def test_what_became_of_a_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    name = client.push().json()["data"]["id"]
    found = client.call("GET", f"/v1/trace/message/status?msg_id={name}").json()["data"]["data"]
    assert (found["id"], found["msg_type"]) == (name, "Common")
    amount = client.call("GET", "/v1/trace/quota/get").json()["data"]
    assert amount == {"day_quota": "20000", "day_acked": "1"}


@socket_bench.HTTP2
def test_refusals_have_http_200(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answers = [client.push("gone"), client.push(unknown="x"), client.push(**{"extra.notify_effect": "9"})]
    answers.append(client.call("POST", "/v3/message/regid", headers={"authorization": "key=guess"}))
    answers.append(client.call("POST", "/v9/message/regid"))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [answer.json()["code"] for answer in answers] == [20301, 0, 10017, 21301, 10020]


def test_partial_failure(connect: Callable[..., Client]) -> None:
    client = connect()
    document = client.push(client.live, "gone").json()
    assert (document["code"], document["data"]["bad_regids"]) == (0, "gone")


def test_plus_that_is_not_encoded_spoils_the_regid(connect: Callable[..., Client]) -> None:
    client = connect()
    assert "+" in client.live
    body = f"registration_id={client.live}&restricted_package_name=com.example.app&title=a&description=b"
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.call("POST", "/v3/message/regid", content=body, headers=form).json()["code"] == 20301
    encoded = body.replace("+", "%2B")
    assert client.call("POST", "/v3/message/regid", content=encoded, headers=form).json()["code"] == 0


def test_no_secret_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    client.push()
    assert len(client.journal) == 1
    assert client.secret not in repr(client.journal)


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    client = connect(scenario="app-key")
    assert client.secret == client.profile["app"]["app_key"]
    assert client.push().json()["reason"] == "Invalid application secret."


def test_front_end_fails_with_an_empty_body(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="unavailable").push()
    assert (answer.status_code, answer.content) == (500, b"")


@socket_bench.NO_ANSWER
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    connect(scenario=scenario).pushes_in_vain(before=0)


def test_other_hosts_are_served(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.push(host=RUSSIA).json()["code"] == 0
    assert "2024-04-02" in client.journal[-1].note
    withdrawn = client.call("GET", "/v1/feedback/fetch_invalid_regids", FEEDBACK).json()
    assert (withdrawn["code"], withdrawn["description"]) == (10020, "接口不存在")
