"""Client credentials: the form, what is taken for a token, and what a refusal means."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.secret import Secret
from pushctl.core.vendor import Env, Grant, Refused
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors._huawei import oauth
from pushctl.vendors.hms.judge import CATALOGUE, token_refusal

ENV = Env(1_000.0, bytes)
URL = "https://oauth-login.cloud.huawei.com/oauth2/v3/token"


def asked(secret: str = "s3cr3t+/=&x") -> Request:
    return next(oauth.mint(URL, "100000001", Secret(secret, "$X"), ENV, token_refusal))


def minted(reply: Reply) -> Grant | Refused:
    steps = oauth.mint(URL, "100000001", Secret("s", "$X"), ENV, token_refusal)
    next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    result: Grant | Refused = end.value.value
    return result


def answer(document: Any, status: int = 200) -> Response:
    return Response(status, (), document if isinstance(document, bytes) else json.dumps(document).encode())


def test_the_form_is_percent_encoded_as_the_reference_sheet_has_it() -> None:
    body = asked().body(reveal=True).decode()
    assert body == "grant_type=client_credentials&client_id=100000001&client_secret=s3cr3t%2B%2F%3D%26x"


def test_the_request_says_that_it_is_a_form_and_is_an_auth_call() -> None:
    request = asked()
    assert (request.call, request.method, request.url) == ("auth", "POST", URL)
    assert request.headers == (("Content-Type", "application/x-www-form-urlencoded"),)


def test_the_secret_is_shown_by_name_only() -> None:
    shown = asked("hunter2").body(reveal=False).decode()
    assert shown.endswith("client_secret=$PUSHCTL_CLIENT_SECRET")
    assert "hunter2" not in shown + repr(asked("hunter2"))


def test_a_token_with_an_escaped_slash_is_unescaped() -> None:
    grant = minted(answer(b'{"access_token":"a\\/b","expires_in":3600,"token_type":"Bearer"}'))
    assert isinstance(grant, Grant)
    assert grant.value.reveal() == "a/b"
    assert (grant.minted, grant.expires, grant.value.shown) == (1_000.0, 4_600.0, "$PUSHCTL_TOKEN")


@pytest.mark.parametrize("expires_in", ["7200", 7200, 7200.0])
def test_the_life_may_be_text_or_a_number(expires_in: object) -> None:
    grant = minted(answer({"access_token": "a", "expires_in": expires_in}))
    assert isinstance(grant, Grant)
    assert grant.expires == 8_200.0


@pytest.mark.parametrize("expires_in", [None, "soon", 0, -1, True, [], "1e999"])
def test_a_life_that_is_nonsense_is_an_hour(expires_in: object) -> None:
    grant = minted(answer({"access_token": "a", "expires_in": expires_in}))
    assert isinstance(grant, Grant)
    assert grant.expires == 4_600.0


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer({"error": 1101, "sub_error": 12304}, 400), "1101/12304"),
        (answer({"error": 1101, "sub_error": 12304, "access_token": "x"}, 200), "1101/12304"),
        (answer({"error": "1101", "sub_error": "20171"}, 200), "1101/20171"),
        (answer({"error": 1101}, 400), "1101"),
        (answer(b"", 503), "http/503"),
        (answer(b"", 590), "http/590"),
        (answer(b"", 403), "oauth/403"),
        (answer(b"<html>blocked</html>", 403), "NOT_HUAWEI"),
        (answer({"access_token": ""}), "NOT_HUAWEI"),
        (answer({"access_token": "a\nb"}), "NOT_HUAWEI"),
        (answer({"access_token": "ü"}), "NOT_HUAWEI"),
        (answer(b"[]"), "NOT_HUAWEI"),
        (Lost("no", "no such host", "DNS"), "DNS"),
    ],
)
def test_what_is_no_token_is_a_refusal_with_its_code(reply: Reply, code: str) -> None:
    refused = minted(reply)
    assert isinstance(refused, Refused)
    assert refused.says.code == code
    assert refused.says.renew == "no"
    assert refused.says.outcome != "accepted"


@given(
    st.integers(100, 599), st.binary(max_size=60) | st.dictionaries(st.text(), st.text() | st.none() | st.integers())
)
def test_any_answer_is_a_token_or_a_refusal(status: int, body: Any) -> None:
    result = minted(answer(body, status))
    assert isinstance(result, Grant) or result.says.outcome != "accepted"


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_any_secret_survives_the_form(secret: str) -> None:
    from urllib.parse import parse_qs

    body = asked(secret).body(reveal=True).decode()
    assert parse_qs(body, keep_blank_values=True)["client_secret"] == [secret]


def test_an_entry_of_the_main_code_keeps_the_sub_error_in_the_judgement() -> None:
    says = oauth.judgement(answer({"error": 1101, "sub_error": 29999}, 400), CATALOGUE)
    assert says.code == "1101/29999"
    assert says.entry is not None
    assert says.entry.code == "1101"
