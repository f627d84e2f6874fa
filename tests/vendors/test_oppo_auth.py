"""OPPO's tokens: the signature, the request, the answers, and which call needs which token."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Refused
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.oppo import VENDOR

APP_KEY = "0123456789abcdef0123456789abcdef"
SECRET = "fedcba9876543210fedcba9876543210"
SIGN = "190fd8bd8a15937ec353f719c0e4968754f5c52af1322d8cd13ff8b8e144ca77"
NOW = 1_700_000_000.123


def account(app_key: str = APP_KEY, secret: str = SECRET, **app: str) -> Account:
    credentials = {"app_key": app_key, "master_secret": Secret(secret, "$X")}
    return VENDOR.account({"environment": "production", "credentials": credentials, "app": app})


def mint(reply: Reply, call: str = "send", asked: Account | None = None) -> tuple[Request, Grant | Refused]:
    asked = asked or account()
    spec = VENDOR.grant(asked, call)
    assert spec is not None
    steps = VENDOR.mint(asked, spec, Env(NOW, bytes))
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def issued(**changes: Any) -> Response:
    data = {"auth_token": "58ad47319e8d725350a5afd5", "create_time": "1542945482222", **changes}
    return Response(200, (), json.dumps({"code": 0, "message": "success", "data": data}).encode())


def test_the_request_is_the_one_of_the_test_vector_which_the_official_sdk_signs_alike() -> None:
    request, grant = mint(issued())
    assert (request.call, request.method) == ("auth", "POST")
    assert request.url == "https://api-push-cn.heytapmobi.com/server/v1/auth"
    assert request.headers == (
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("Accept", "application/json"),
    )
    body = request.body(reveal=True)
    assert body == f"app_key={APP_KEY}&timestamp=1700000000123&sign={SIGN}".encode()
    assert len(body) == 134
    assert isinstance(grant, Grant)
    assert grant.value.reveal() == "58ad47319e8d725350a5afd5"


def test_neither_secret_nor_signature_is_shown() -> None:
    request, _ = mint(issued())
    shown = request.body(reveal=False).decode() + repr(request)
    assert SECRET not in shown
    assert SIGN not in shown
    assert "$PUSHCTL_SIGN" in shown


texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(texts, texts, st.floats(1_000_000_000, 9_999_999_999))
def test_the_signature_is_a_sha_256_over_what_stands_in_the_form(app_key: str, secret: str, now: float) -> None:
    from pushctl.vendors.oppo import auth
    from pushctl.vendors.oppo.account import AppKey

    asked = Account("production", AppKey(app_key, Secret(secret, "$X")), {}, VENDOR.card.hosts["production"])
    form = dict(auth.token_request(asked, "cn", now).form or ())
    assert isinstance(form["sign"], Secret)
    assert form["sign"].reveal() == sha256(f"{app_key}{form['timestamp']}{secret}".encode()).hexdigest()
    assert isinstance(form["timestamp"], str)
    assert len(form["timestamp"]) == 13


def test_a_token_lives_a_day_and_is_reused_for_twenty_hours() -> None:
    _, grant = mint(issued(create_time=1542945482222))
    assert isinstance(grant, Grant)
    assert grant.expires - grant.minted == 86400
    spec = VENDOR.grant(account(), "send")
    assert spec is not None
    assert spec.reuse_s == 72000


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Response(200, (), b'{"code":16,"message":"Invalid Signature"}'), "16"),
        (Response(200, (), b'{"code":"14","message":"Invalid App Key"}'), "14"),
        (Response(200, (), b'{"code":19,"message":"Invalid Timestamp"}'), "19"),
        (Response(200, (), b'{"code":11,"message":"Invalid AuthToken"}'), "11"),
        (Response(200, (), b'{"code":0,"data":{"auth_token":""}}'), "auth_token=missing"),
        (Response(200, (), b'{"code":0,"data":{"auth_token":"a\\nb"}}'), "auth_token=missing"),
        (Response(200, (), b'{"code":0}'), "auth_token=missing"),
        (Response(500, (), b'{"code":0,"data":{"auth_token":"x"}}'), "http/500"),
        (Response(200, (), b"<html>login</html>"), "NOT_OPPO"),
        (Lost("no", "no such host", "DNS"), "DNS"),
    ],
)
def test_a_token_that_is_not_given_is_a_refusal_in_its_own_words_and_renews_nothing(reply: Reply, code: str) -> None:
    _, refused = mint(reply)
    assert isinstance(refused, Refused)
    assert (refused.says.code, refused.says.renew) == (code, "no")


def test_the_likely_cause_of_a_wrong_signature_is_told_first() -> None:
    _, refused = mint(Response(200, (), b'{"code":16,"message":"Invalid Signature"}'))
    assert isinstance(refused, Refused)
    assert refused.says.entry is not None
    assert "AppSecret" in refused.says.entry.summary
    assert refused.says.entry.term == "sign校验不通过，无效签名"


@pytest.mark.parametrize("call", ["send.intl", "batch.intl", "broadcast.intl", "save.intl"])
def test_a_call_for_abroad_needs_a_token_of_the_international_host(call: str) -> None:
    request, _ = mint(issued(), call)
    assert request.url == "https://api-intl.push.oppomobile.com/server/v1/auth"


@pytest.mark.parametrize("call", ["send", "batch", "broadcast", "save", "token"])
def test_every_other_call_needs_one_of_the_china_host(call: str) -> None:
    request, _ = mint(issued(), call, account(domain="oppomobile.com"))
    assert request.url == "https://api.push.oppomobile.com/server/v1/auth"


def test_grants_are_kept_apart_by_app_host_and_region_and_named_without_the_secret() -> None:
    made = [(account(), "send"), (account(), "send.intl"), (account("f" * 32), "send")]
    made.append((account(domain="oppomobile.com"), "send"))
    keys = [spec.key for each, call in made if (spec := VENDOR.grant(each, call))]
    assert len(set(keys)) == 4
    assert not any(SECRET in key for key in keys)
    one_endpoint = Account(
        "production", made[0][0].credential, {}, dict.fromkeys(made[0][0].hosts, "https://127.0.0.1:1")
    )
    ends = [VENDOR.grant(one_endpoint, call) for call in ("send", "send.intl")]
    assert ends[0] != ends[1], "the regions' tokens are separate at one endpoint, too"


def test_every_call_of_a_region_shares_its_token_and_an_account_without_credential_has_none() -> None:
    asked = account()
    assert VENDOR.grant(asked, "send") == VENDOR.grant(asked, "batch") == VENDOR.grant(asked, "token")
    assert VENDOR.grant(Account("production", None, {}, {}), "send") is None
