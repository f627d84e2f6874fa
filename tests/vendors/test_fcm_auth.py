"""Access tokens: exact requests, driven by canned answers."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from fcm_credentials import (
    CANARIES,
    EMAIL,
    ENV,
    EXTERNAL,
    IMPERSONATION,
    KEY_ID,
    NOW,
    SERVICE_ACCOUNT,
    TOKEN,
    USER,
    answer,
    bare,
    driven,
    opened,
    other_pem,
    secret,
)
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Refused
from pushctl.core.wire import Goaway, Lost, Reply, Request, Response
from pushctl.vendors.fcm import auth
from pushctl.vendors.fcm.auth import CLOUD, MESSAGING

PROJECT = {"project_id": "demo-project"}
FORM = ("Content-Type", "application/x-www-form-urlencoded")
URL_SOURCE = {
    "url": "https://ci.example/token?audience=a%20b",
    "headers": {"Authorization": "bearer CANARY"},
    "format": {"type": "json", "subject_token_field_name": "value"},
}


def minted(
    account: Account, *replies: Reply, call: str = "send", env: Env = ENV
) -> tuple[list[Request], Grant | Refused]:
    spec = auth.grant(account, call)
    assert spec is not None
    return driven(auth.mint(account, spec, env), list(replies))


def granted(account: Account, *replies: Reply, call: str = "send") -> tuple[list[Request], Grant]:
    requests, grant = minted(account, *replies, call=call)
    assert isinstance(grant, Grant)
    return requests, grant


def refused(account: Account, *replies: Reply) -> tuple[list[Request], Refused]:
    requests, end = minted(account, *replies)
    assert isinstance(end, Refused)
    assert not any(canary in f"{end!r}" for canary in CANARIES)
    return requests, end


def form(request: Request) -> dict[str, str]:
    assert request.form is not None
    return {name: revealed(value) for name, value in request.form}


def claims(request: Request) -> dict[str, Any]:
    packed = form(request)["assertion"].split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return claims


# --- service account -------------------------------------------------------------------------------------------------


def test_the_assertion_is_the_vector_to_the_last_letter() -> None:
    (request,), _ = granted(opened(), TOKEN)
    assertion = form(request)["assertion"]

    header, body, signature = assertion.split(".")
    assert base64.urlsafe_b64decode(header + "==") == f'{{"alg":"RS256","kid":"{KEY_ID}","typ":"JWT"}}'.encode()
    assert (
        base64.urlsafe_b64decode(body + "==")
        == (
            f'{{"iss":"{EMAIL}","scope":"{MESSAGING}","aud":"https://oauth2.googleapis.com/token",'
            f'"iat":{NOW},"exp":{NOW + 3600}}}'
        ).encode()
    )
    public: Any = load_pem_private_key(SERVICE_ACCOUNT["private_key"].encode(), None).public_key()
    raw = base64.urlsafe_b64decode(signature + "==")
    public.verify(raw, f"{header}.{body}".encode(), PKCS1v15(), SHA256())
    # RS256 has no chance in it: the vector of the same key, made with another library.
    known = "89b80cba06bccdd07c3511a476f9e5592d8362f0da11cbfc1b27853eca94e0d7"
    assert hashlib.sha256(assertion.encode()).hexdigest() == known


def test_the_token_request_is_a_form_whose_assertion_is_shown_without_its_signature() -> None:
    (request,), grant = granted(opened(), TOKEN)

    assert (request.call, request.method, request.url) == ("auth", "POST", "https://oauth2.googleapis.com/token")
    assert request.headers == (FORM,)
    assert form(request)["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    shown = request.body(reveal=False).decode()
    assert shown.endswith("assertion=$PUSHCTL_ASSERTION")
    assert request.form is not None
    told = request.form[1][1]
    assert isinstance(told, Secret)
    assert told.about.startswith(f'{{"alg":"RS256","kid":"{KEY_ID}","typ":"JWT"}} {{"iss":"{EMAIL}"')
    assert form(request)["assertion"].split(".")[2] not in told.about
    assert (grant.value.reveal(), str(grant.value)) == ("ya29.made", "$PUSHCTL_TOKEN")
    assert (grant.minted, grant.expires) == (NOW, NOW + 3599)


def test_the_audience_is_the_url_that_it_is_posted_to() -> None:
    own = opened({**SERVICE_ACCOUNT, "token_uri": "http://127.0.0.1:9100/own/token"})
    redirected = replace(opened(), hosts=dict.fromkeys(opened().hosts, "http://localhost:8123"))

    for account, url in ((own, "http://127.0.0.1:9100/own/token"), (redirected, "http://localhost:8123/token")):
        (request,), _ = granted(account, TOKEN)
        assert request.url == url
        assert claims(request)["aud"] == url


def test_delivery_data_takes_the_wider_scope_and_a_token_of_its_own() -> None:
    account = opened()
    (request,), _ = granted(account, TOKEN, call="trace")

    assert claims(request)["scope"] == CLOUD
    assert claims(granted(account, TOKEN, call="token")[0][0])["scope"] == MESSAGING
    assert auth.grant(account, "trace") != auth.grant(account, "send") == auth.grant(account, "topic.subscribe")


def test_a_key_without_an_id_signs_without_one() -> None:
    (request,), _ = granted(opened({**SERVICE_ACCOUNT, "private_key_id": ""}), TOKEN)

    header = form(request)["assertion"].split(".")[0]
    assert base64.urlsafe_b64decode(header + "==") == b'{"alg":"RS256","typ":"JWT"}'


@given(st.floats(0, 4e9))
def test_an_assertion_is_never_from_the_future_and_lives_an_hour(now: float) -> None:
    spec = auth.grant(ACCOUNT, "send")
    assert spec is not None
    request = next(auth.mint(ACCOUNT, spec, Env(now, bytes)))

    told = claims(request)
    assert 0 <= now - told["iat"] < 1
    assert told["exp"] - told["iat"] == 3600


ACCOUNT = opened()


# --- the cache's key -------------------------------------------------------------------------------------------------


def test_a_token_is_cached_under_public_names_only() -> None:
    spec = auth.grant(ACCOUNT, "send")
    assert spec is not None
    assert spec.key.startswith(f"fcm.{EMAIL}.{KEY_ID}.")
    assert spec.key.endswith(".https://oauth2.googleapis.com/token.firebase.messaging")
    assert 3000 < spec.reuse_s < 3600
    assert spec.kept == "disk"
    assert not any(canary in spec.key for canary in CANARIES)


def test_what_differs_has_another_token() -> None:
    accounts = [
        opened(),
        opened({**SERVICE_ACCOUNT, "private_key_id": "other"}),
        opened({**SERVICE_ACCOUNT, "private_key": other_pem()}),
        opened({**SERVICE_ACCOUNT, "client_email": "b@demo-project.iam.gserviceaccount.com"}),
        replace(opened(), hosts=dict.fromkeys(opened().hosts, "http://localhost:8123")),
        impersonated(USER),
        impersonated(SERVICE_ACCOUNT),
    ]
    specs = [auth.grant(account, "send") for account in accounts]
    assert len({spec.key for spec in specs if spec}) == len(accounts)


def test_tokens_of_persons_and_bare_workloads_stay_off_the_disk() -> None:
    # gcloud's client id is the same for everybody: after another login the old one's token would be found.
    for account, kept in ((opened(USER, PROJECT), "run"), (workload(), "run"), (bare("ya29.CANARY"), "given")):
        spec = auth.grant(account, "send")
        assert spec is not None
        assert spec.kept == kept
        assert "CANARY" not in spec.key


# --- other credentials -----------------------------------------------------------------------------------------------


def workload(**change: Any) -> Account:
    subject = secret("eyJ.CANARY.subject", "file:t")
    return opened({**EXTERNAL, **change}, PROJECT, subject_token=subject)


def impersonated(source: dict[str, Any], **change: Any) -> Account:
    document = {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": IMPERSONATION,
        "source_credentials": source,
        **change,
    }
    return opened(document, PROJECT)


def test_a_bare_token_is_used_as_it_is() -> None:
    requests, grant = granted(bare("ya29.CANARY"))

    assert requests == []
    assert (grant.value.reveal(), str(grant.value)) == ("ya29.CANARY", "$PUSHCTL_TOKEN")


def test_a_login_refreshes_without_a_scope() -> None:
    (request,), grant = granted(opened(USER, PROJECT), TOKEN)

    assert request.url == "https://oauth2.googleapis.com/token"
    assert form(request) == {
        "grant_type": "refresh_token",
        "client_id": USER["client_id"],
        "client_secret": "CANARY-client-secret",
        "refresh_token": "1//CANARY-refresh-token",
    }
    assert (
        request.body(reveal=False)
        .decode()
        .endswith("client_secret=$PUSHCTL_CLIENT_SECRET&refresh_token=$PUSHCTL_REFRESH_TOKEN")
    )
    assert grant.value.reveal() == "ya29.made"


def test_a_workload_exchanges_its_subject_token() -> None:
    (request,), _ = granted(workload(), TOKEN)

    assert (request.url, request.headers) == ("https://sts.googleapis.com/v1/token", (FORM,))
    assert form(request) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": EXTERNAL["audience"],
        "scope": MESSAGING,
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token": "eyJ.CANARY.subject",
        "subject_token_type": EXTERNAL["subject_token_type"],
    }
    assert "CANARY" not in request.body(reveal=False).decode()


def test_a_client_of_a_pool_authenticates_the_exchange() -> None:
    account = workload(client_id="me", client_secret="CANARY:x", workforce_pool_user_project="123")

    (request,), _ = granted(account, TOKEN)

    (_, value) = request.headers[1]
    assert revealed(value) == "Basic " + base64.b64encode(b"me:CANARY:x").decode()
    assert str(value) == "Basic $PUSHCTL_BASIC"
    assert "options" not in form(request)


def test_a_workforce_pool_says_whom_to_charge() -> None:
    (request,), _ = granted(workload(workforce_pool_user_project="123"), TOKEN)

    assert form(request)["options"] == "%7B%22userProject%22%3A%20%22123%22%7D"


def test_a_subject_token_is_asked_for_at_its_url() -> None:
    account = opened({**EXTERNAL, "credential_source": URL_SOURCE}, PROJECT)

    (asked, exchanged), _ = granted(account, answer({"value": "eyJ.CANARY"}), TOKEN)

    assert (asked.call, asked.method, asked.url) == ("auth", "GET", "https://ci.example/token")
    assert asked.target(reveal=True) == "https://ci.example/token?audience=a+b"
    assert [(name, revealed(value)) for name, value in asked.headers] == [("Authorization", "bearer CANARY")]
    assert "CANARY" not in f"{asked!r}"
    assert form(exchanged)["subject_token"] == "eyJ.CANARY"


@pytest.mark.parametrize(
    "reply",
    [answer({"error": "no"}, 403), answer({"other": "CANARY"}), Response(200, (), b"two CANARY words"), Response(500)],
)
def test_a_url_without_a_subject_token_is_told(reply: Response) -> None:
    requests, end = refused(opened({**EXTERNAL, "credential_source": URL_SOURCE}, PROJECT), reply)

    assert len(requests) == 1
    assert (end.says.code, end.says.category, end.says.entry is not None) == ("SUBJECT_TOKEN", "credential", True)
    assert "https://ci.example/token answered" in end.says.detail


def test_a_workload_takes_on_an_account_with_the_scope_that_is_needed() -> None:
    account = workload(service_account_impersonation_url=IMPERSONATION)
    made = answer({"accessToken": "ya29.impersonated", "expireTime": "2026-01-01T00:30:00Z"})

    (exchange, impersonation), grant = granted(account, TOKEN, made)

    assert form(exchange)["scope"] == CLOUD
    assert (impersonation.call, impersonation.url) == ("auth", IMPERSONATION)
    assert [(name, str(value)) for name, value in impersonation.headers] == [
        ("Authorization", "Bearer $PUSHCTL_TOKEN"),
        ("Content-Type", "application/json"),
    ]
    assert impersonation.json == {"scope": [MESSAGING], "lifetime": "3600s"}
    assert (grant.value.reveal(), grant.expires) == ("ya29.impersonated", NOW + 1800)


@pytest.mark.parametrize(("source", "field"), [(USER, "refresh_token"), (SERVICE_ACCOUNT, "assertion")])
def test_a_source_of_another_kind_takes_on_an_account(source: dict[str, Any], field: str) -> None:
    account = impersonated(source, delegates=["projects/-/serviceAccounts/between@x"])

    (first, second), grant = granted(account, TOKEN, answer({"accessToken": "ya29.i", "expireTime": "nonsense"}))

    assert field in form(first)
    assert second.json["delegates"] == ["projects/-/serviceAccounts/between@x"]
    assert grant.expires == NOW + 3600


def test_with_another_endpoint_every_request_goes_there() -> None:
    account = workload(service_account_impersonation_url=IMPERSONATION)
    account = replace(account, hosts=dict.fromkeys(account.hosts, "http://localhost:8123"))

    requests, _ = granted(account, TOKEN, answer({"accessToken": "ya29.i"}))

    assert [request.url.partition("/v1")[0] for request in requests] == ["http://localhost:8123"] * 2


# --- refusals --------------------------------------------------------------------------------------------------------

SIGNATURE = answer({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400)
REVOKED = answer({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
DENIED = answer(
    {
        "error": {
            "code": 403,
            "status": "PERMISSION_DENIED",
            "message": "Permission 'iam.serviceAccounts.getAccessToken' denied",
        }
    },
    403,
)


@pytest.mark.parametrize(
    ("account", "replies", "code"),
    [
        (opened(), [SIGNATURE], "invalid_grant/signature"),
        (opened(USER, PROJECT), [REVOKED], "invalid_grant/refresh-token"),
        (impersonated(USER), [REVOKED], "invalid_grant/refresh-token"),
        (impersonated(USER), [TOKEN, DENIED], "PERMISSION_DENIED"),
        (opened(), [answer({"error": "invalid_grant"}, 200)], "invalid_grant"),
        (opened(), [answer({})], "NOT_FCM"),
        (opened(), [answer({"access_token": "two words"})], "NOT_FCM"),
        (opened(), [answer({"access_token": "CANARY", "error": "x"})], "x"),
        (impersonated(USER), [TOKEN, answer({"access_token": "CANARY"})], "NOT_FCM"),
        (opened(), [Response(502, (), b"<html><h1>Bad gateway</h1></html>")], "NOT_FCM"),
        (opened(), [Response(302, (("location", "https://evil.example/"),))], "NOT_FCM"),
        (opened(), [Goaway(b"")], "GOAWAY"),
        (opened(), [Lost("no", "oauth2.googleapis.com: no such name", "DNS")], "DNS"),
        (opened({**EXTERNAL, "credential_source": URL_SOURCE}, PROJECT), [Lost("no", "no such name", "DNS")], "DNS"),
    ],
)
def test_a_refused_token_is_judged_and_nothing_more_is_asked(account: Account, replies: list[Reply], code: str) -> None:
    requests, end = refused(account, *replies)

    assert end.says.code == code
    assert end.says.outcome != "accepted"
    assert end.says.renew == "no"
    assert len(requests) == len(replies)


@pytest.mark.parametrize(
    ("told", "life"), [(1799, 1799), ("1799", 1799), (None, 3600), (True, 3600), (-1, 3600), ("x", 3600)]
)
def test_the_life_of_a_token_is_what_the_answer_says_if_it_says_it(told: Any, life: float) -> None:
    _, grant = granted(opened(), answer({"access_token": "ya29.x", "expires_in": told}))

    assert grant.expires - grant.minted == life


@given(st.binary(max_size=80), st.sampled_from([200, 201, 204, 302, 400, 401, 403, 500]))
def test_any_answer_is_a_token_or_a_refusal(body: bytes, status: int) -> None:
    _, end = minted(ACCOUNT, Response(status, (), body))

    assert isinstance(end, Grant | Refused)
