"""The requests for an access token are those that google-auth makes with the same file: every form of credentials,
every field of the form. It takes a transport of its own, so that its requests are caught where they would go out.

Where the two differ on purpose, a test at the end of this file says so.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fcm_credentials import EXTERNAL, IMPERSONATION, NOW, SERVICE_ACCOUNT, USER, answer, driven, opened, secret
from google.auth import _helpers, identity_pool, impersonated_credentials
from google.oauth2 import credentials, service_account

from pushctl.core.secret import revealed
from pushctl.core.vendor import Account, Env, Grant
from pushctl.core.wire import Reply, Request
from pushctl.vendors.fcm import VENDOR
from pushctl.vendors.fcm.auth import CLOUD, MESSAGING

PROJECT = {"project_id": "demo-project"}
TOKEN = {"access_token": "ya29.made", "expires_in": 3599, "token_type": "Bearer"}
IMPERSONATED = {"accessToken": "ya29.made", "expireTime": "2030-01-01T00:00:00Z"}
URL_SOURCE = {
    "url": "https://ci.example/token?audience=a%20b&x=",
    "headers": {"Authorization": "bearer job"},
    "format": {"type": "json", "subject_token_field_name": "value"},
}


@dataclass(frozen=True)
class Said:
    """An answer as google-auth's transports hand it over."""

    data: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Caught:
    """A transport of google-auth (``google.auth.transport.Request``) that notes down and answers."""

    def __init__(self, *answers: Any) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers = list(answers)

    def __call__(self, url: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any) -> Said:
        self.requests.append(shape(method, url, headers or {}, body or b""))
        return Said(json.dumps(self._answers.pop(0)).encode())


def shape(method: str, url: str, headers: dict[str, str], body: Any) -> dict[str, Any]:
    """A request as it can be compared: the order of a form's and an object's fields is nobody's business."""
    content = body if isinstance(body, bytes) else body.encode()
    url, _, query = url.partition("?")
    is_json = content.startswith(b"{")
    told = {name.lower(): value for name, value in headers.items()}
    return {
        "method": method,
        "url": url,
        "query": sorted(parse_qsl(query, keep_blank_values=True)),
        "type": told.get("content-type"),
        "authorization": told.get("authorization"),
        "body": json.loads(content) if is_json else sorted(parse_qsl(content.decode(), keep_blank_values=True)),
    }


def mine(account: Account, *answers: Any, call: str = "send") -> list[dict[str, Any]]:
    spec = VENDOR.grant(account, call)
    assert spec is not None
    replies: list[Reply] = [answer(each) for each in answers]
    requests, grant = driven(VENDOR.mint(account, spec, Env(NOW, bytes)), replies)
    assert isinstance(grant, Grant)
    assert revealed(grant.value) == "ya29.made"
    return [shape_of(request) for request in requests]


def shape_of(request: Request) -> dict[str, Any]:
    headers = {name: revealed(value) for name, value in request.headers}
    return shape(request.method, request.target(reveal=True), headers, request.body(reveal=True))


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = _helpers.utcfromtimestamp(NOW)
    monkeypatch.setattr(_helpers, "utcnow", lambda: moment)


# --- service account -------------------------------------------------------------------------------------------------


def unsigned(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims = (
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in assertion.split(".")[:2]
    )
    return header, claims


@pytest.mark.parametrize(("call", "scope"), [("send", MESSAGING), ("trace", CLOUD)])
def test_a_service_accounts_assertion(call: str, scope: str) -> None:
    google = service_account.Credentials.from_service_account_info(SERVICE_ACCOUNT, scopes=[scope])
    google.refresh(caught := Caught(TOKEN))

    (theirs,), (ours,) = caught.requests, mine(opened(SERVICE_ACCOUNT), TOKEN, call=call)
    assertions = [dict(each["body"])["assertion"] for each in (theirs, ours)]
    assert unsigned(assertions[1]) == unsigned(assertions[0])
    assert [name for name, _ in ours["body"]] == [name for name, _ in theirs["body"]]
    assert ours | {"body": 0} == theirs | {"body": 0}


# --- a person's login ------------------------------------------------------------------------------------------------


def test_a_refresh_token() -> None:
    google = credentials.Credentials.from_authorized_user_info(USER)
    google.refresh(caught := Caught(TOKEN))

    assert mine(opened(USER, PROJECT), TOKEN) == caught.requests


def test_the_project_that_a_login_is_charged_to() -> None:
    user = {**USER, "quota_project_id": "payer"}
    google = credentials.Credentials.from_authorized_user_info(user)
    headers: dict[str, str] = {}
    google.with_quota_project(google.quota_project_id).apply(headers, token="ya29.made")

    from pushctl.core.message import Message, Target

    account = opened(user, PROJECT)
    (job,) = VENDOR.plan([(Message(title="Hi"), Target("topic", "news"))])
    request = VENDOR.request(account, job, None, None, Env(NOW, bytes))
    assert dict(request.headers)["x-goog-user-project"] == headers["x-goog-user-project"] == "payer"


# --- workloads -------------------------------------------------------------------------------------------------------


@pytest.fixture
def workload(tmp_path: Path) -> dict[str, Any]:
    """An external account whose subject token stands in a file."""
    (tmp_path / "token").write_text("eyJ.subject.token", "utf-8")
    return {**EXTERNAL, "credential_source": {"file": str(tmp_path / "token")}}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"client_id": "id", "client_secret": "s:/ cret"},
        {"workforce_pool_user_project": "payer", "audience": "//iam.googleapis.com/locations/global/workforcePools/p"},
    ],
)
def test_a_token_from_a_file_is_exchanged(workload: dict[str, Any], more: dict[str, str]) -> None:
    info = {**workload, **more}
    google = identity_pool.Credentials.from_info(info, scopes=[MESSAGING])
    google.refresh(caught := Caught(TOKEN))

    account = opened(info, PROJECT, subject_token=secret("eyJ.subject.token", "file:token"))
    assert mine(account, TOKEN) == caught.requests


def test_a_token_from_a_url_is_asked_for_and_exchanged() -> None:
    info = {**EXTERNAL, "credential_source": URL_SOURCE}
    google = identity_pool.Credentials.from_info(info, scopes=[MESSAGING])
    google.refresh(caught := Caught({"value": "eyJ.subject.token"}, TOKEN))

    assert mine(opened(info, PROJECT), {"value": "eyJ.subject.token"}, TOKEN) == caught.requests


def test_a_workload_that_impersonates(workload: dict[str, Any]) -> None:
    life = {"token_lifetime_seconds": 2800}
    info = {**workload, "service_account_impersonation_url": IMPERSONATION, "service_account_impersonation": life}
    google = identity_pool.Credentials.from_info(info, scopes=[MESSAGING])
    google.refresh(caught := Caught(TOKEN, IMPERSONATED))

    account = opened(info, PROJECT, subject_token=secret("eyJ.subject.token", "file:token"))
    exchange, token = mine(account, TOKEN, IMPERSONATED)
    theirs = [but_for_nothing(request) for request in caught.requests]
    assert token == theirs[1]
    assert scopes(exchange) == [CLOUD]
    assert scopes(theirs[0]) == [IAM]  # a difference on purpose, see below
    assert exchange | {"body": 0} == theirs[0] | {"body": 0}
    assert [each for each in exchange["body"] if each[0] != "scope"] == [
        each for each in theirs[0]["body"] if each[0] != "scope"
    ]


@pytest.mark.parametrize("delegates", [[], ["projects/-/serviceAccounts/between@demo-project.iam.gserviceaccount.com"]])
def test_a_login_that_impersonates(delegates: list[str]) -> None:
    info = {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": IMPERSONATION,
        "source_credentials": USER,
        "delegates": delegates,
    }
    google = impersonated_credentials.Credentials.from_impersonated_service_account_info(info, scopes=[MESSAGING])
    google.refresh(caught := Caught(TOKEN, IMPERSONATED))

    assert mine(opened(info, PROJECT), TOKEN, IMPERSONATED) == [but_for_nothing(each) for each in caught.requests]


# --- where the two differ on purpose ---------------------------------------------------------------------------------

IAM = "https://www.googleapis.com/auth/iam"
"""What google-auth 2.63 asks for a token that only impersonates; earlier ones and other languages' ask for
cloud-platform, as pushctl does. IAM's generateAccessToken takes either."""


def scopes(request: dict[str, Any]) -> list[str]:
    return [value for name, value in request["body"] if name == "scope"]


def but_for_nothing(request: dict[str, Any]) -> dict[str, Any]:
    """Without the empty list (or null) of delegates, which pushctl leaves out."""
    body = request["body"]
    if isinstance(body, dict) and not body.get("delegates"):
        body = {key: value for key, value in body.items() if key != "delegates"}
    return {**request, "body": body}


def test_difference_the_audience_is_where_the_assertion_goes() -> None:
    """google-auth posts to the file's own ``token_uri`` and names Google's as the audience all the same."""
    own = {**SERVICE_ACCOUNT, "token_uri": "https://localhost:8443/token"}
    google = service_account.Credentials.from_service_account_info(own, scopes=[MESSAGING])
    google.refresh(caught := Caught(TOKEN))

    (theirs,), (ours,) = caught.requests, mine(opened(own), TOKEN)
    assert ours["url"] == theirs["url"] == "https://localhost:8443/token"
    assert unsigned(dict(theirs["body"])["assertion"])[1]["aud"] == "https://oauth2.googleapis.com/token"
    assert unsigned(dict(ours["body"])["assertion"])[1]["aud"] == "https://localhost:8443/token"
