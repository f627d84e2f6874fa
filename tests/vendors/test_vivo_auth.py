"""vivo's tokens: the signature that asks for one, how long it is used, and whose it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Refused
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.vivo import VENDOR, auth
from pushctl.vendors.vivo.account import App

SECRET = "11111111-2222-3333-4444-555555555555"
KEY = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
ENV = Env(1_700_000_000.123, bytes)


def account(app_id: str = "105500000", key: str = KEY, secret: str = SECRET) -> Account:
    credential = App(key, Secret(secret, "$PUSHCTL_APP_SECRET"))
    return Account("production", credential, {"app_id": app_id}, VENDOR.card.hosts["production"])


def mint(reply: Reply, env: Env = ENV) -> tuple[Request, Grant | Refused]:
    spec = VENDOR.grant(account(), "send")
    assert spec is not None
    steps = VENDOR.mint(account(), spec, env)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def issued(**changes: Any) -> Response:
    return Response(200, (), json.dumps({"result": 0, "desc": "请求成功", "authToken": "TOKEN", **changes}).encode())


@pytest.mark.parametrize(
    ("app_id", "key", "millis", "secret", "sign"),
    [
        (  # the example of vivo's document
            "10004",
            "25509283-3767-4b9e-83fe-b6e55ac6243e",
            1501484120000,
            "7265f2a4-ebbb-44bf-88b9-b03e67dfdc21",
            "fe3b46a2befc60334c2388676a752bd6",
        ),
        ("105500000", KEY, 1700000000123, SECRET, "01f80a777b80c0bcf9865d30d7e5962a"),  # SignUtils of the Java SDK 3.3
        (" 105500000", f"{KEY} ", 1700000000123, f" {SECRET}\n", "01f80a777b80c0bcf9865d30d7e5962a"),
    ],
)
def test_the_signature_is_the_one_of_the_vectors(app_id: str, key: str, millis: int, secret: str, sign: str) -> None:
    assert auth.sign(app_id, key, millis, Secret(secret, "$X")) == sign


def test_the_token_request_is_the_one_of_the_document_byte_by_byte() -> None:
    request, _ = mint(issued())
    assert (request.call, request.method) == ("auth", "POST")
    assert request.url == "https://api-push.vivo.com.cn/message/auth"
    assert request.headers == (("Content-Type", "application/json;charset=UTF-8"),)
    assert request.body(reveal=True) == (
        b'{"appId":105500000,"appKey":"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0","timestamp":1700000000123,'
        b'"sign":"01f80a777b80c0bcf9865d30d7e5962a"}'
    )
    assert b"01f80a" not in request.body(reveal=False)


def test_a_token_lives_a_day_and_is_used_for_two_hours() -> None:
    _, grant = mint(issued())
    assert isinstance(grant, Grant)
    assert grant.value.reveal() == "TOKEN"
    assert grant.expires - grant.minted == 86400 - 300
    spec = VENDOR.grant(account(), "send")
    assert spec is not None
    assert (spec.reuse_s, spec.kept) == (7200, "disk")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Response(200, (), '{"result":10206,"desc":"sign 不正确"}'.encode()), "10206"),
        (Response(200, (), b'{"result":"10207","desc":"x"}'), "10207"),
        (Response(200, (), b'{"result":10000,"desc":"x"}'), "10000"),
        (Response(200, (), b'{"result":0,"desc":"x"}'), "authToken=missing"),
        (Response(200, (), b'{"result":0,"desc":"x","authToken":7}'), "authToken=missing"),
        (Response(200, (), b'{"authToken":"x"}'), "NOT_VIVO"),
        (Response(500, (), b"Internet server error!"), "http/500"),
        (Response(200, (), b"<html></html>"), "NOT_VIVO"),
        (Lost("no", "no such host", "DNS"), "DNS"),
    ],
)
def test_a_token_that_is_not_given_is_a_refusal_in_its_own_words(reply: Reply, code: str) -> None:
    _, refused = mint(reply)
    assert isinstance(refused, Refused)
    assert (refused.says.code, refused.says.renew) == (code, "no")


def test_tokens_are_kept_apart_by_app_and_host_and_named_without_the_secret() -> None:
    elsewhere = Account("production", account().credential, {"app_id": "105500000"}, {"auth": "https://127.0.0.1:1"})
    made = (account(), account(app_id="105500001"), account(key="other"), elsewhere)
    keys = [spec.key for each in made if (spec := VENDOR.grant(each, "send"))]
    assert len(set(keys)) == 4
    assert not any(SECRET in key for key in keys)
    assert VENDOR.grant(account(secret="other"), "list") == VENDOR.grant(account(), "send")
    assert VENDOR.grant(Account("production", None, {}, {}), "send") is None


@given(st.floats(1_000_000_000, 9_999_999_999), st.text(min_size=1, max_size=40))
def test_a_signature_is_lower_case_hex_and_its_time_has_thirteen_digits(now: float, secret: str) -> None:
    request = auth.request(account(secret=secret), Env(now, bytes))
    body = json.loads(request.body(reveal=True))
    assert re.fullmatch(r"[0-9a-f]{32}", body["sign"])
    assert len(str(body["timestamp"])) == 13
    assert abs(body["timestamp"] / 1000 - now) < 0.002
