"""Who pushes through Honor: the three values of a push service, the tokens that they give, the file of the app."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Refused
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.honor import VENDOR, importing

ENV = Env(1_563_105_451.0, bytes)
CANARY = "s3cr3t+/=&x"


def account(credentials: dict[str, Any] | None = None, environment: str = "production", **app: str) -> Account:
    told = {"client_id": "hon-client-1", "client_secret": Secret(CANARY, "$X"), **(credentials or {})}
    told = {name: value for name, value in told.items() if value is not None}
    app = {"app_id": "104000001", **app}
    return VENDOR.account({"environment": environment, "credentials": told, "app": app, "network": {}})


def mint(asked: Account, reply: Reply) -> tuple[Request, Grant | Refused]:
    spec = VENDOR.grant(asked, "send")
    assert spec is not None
    steps = VENDOR.mint(asked, spec, ENV)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def issued(**changes: Any) -> Response:
    document = {"access_token": "TOKEN", "expires_in": 3600, "token_type": "Bearer", **changes}
    return Response(200, (), json.dumps(document).encode())


# --- the profile -----------------------------------------------------------------------------------------------------


def test_hosts_are_those_of_today_unless_the_profile_wants_the_older_ones() -> None:
    assert account().hosts == {"push": "https://push-api.cloud.honor.com", "auth": "https://iam.developer.honor.com"}
    older = account(domain="hihonor.com")
    assert older.hosts["push"] == "https://push-api.cloud.hihonor.com"
    allowed = VENDOR.card.hosts["production"].values()
    assert {*account().hosts.values(), *older.hosts.values()} == set(allowed)


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ({"environment": "sandbox"}, "profile-environment", ""),
        ({"app_id": ""}, "app-id-missing", "app.app_id"),
        ({"app_id": "hon-client-1"}, "credential-id", "app.app_id"),
        ({"app_id": "١٠٤"}, "credential-id", "app.app_id"),
        ({"credentials": {"client_id": None}}, "credential-missing", "credentials.client_id"),
        ({"credentials": {"client_id": "a b"}}, "credential-id", "credentials.client_id"),
        ({"credentials": {"client_secret": None}}, "credential-missing", "credentials.client_secret"),
        ({"credentials": {"client_secret": Secret("\n", "$X")}}, "credential-secret", "credentials.client_secret"),
        ({"credentials": {"client_secret": Secret("a b", "$X")}}, "credential-secret", "credentials.client_secret"),
        ({"credentials": {"client_secret": Secret(b"\xff", "$X")}}, "credential-secret", "credentials.client_secret"),
        ({"credentials": {"client_secret": Secret('{"a":1}', "$X")}}, "credential-kind", "credentials.client_secret"),
        ({"domain": "honor.cn"}, "app-domain", "app.domain"),
    ],
)
def test_a_profile_that_cannot_be_is_told_with_the_place(changes: dict[str, Any], rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as refused:
        account(**changes)
    assert (refused.value.rule, refused.value.where) == (rule, where)
    assert refused.value.fix
    assert CANARY not in refused.value.text + refused.value.fix


def test_a_secret_loses_the_line_break_of_its_file_and_is_never_shown() -> None:
    made = account({"client_secret": Secret(f"{CANARY}\r\n", "$X")})
    assert made.credential.secret.reveal() == CANARY
    assert CANARY not in repr(made)


def test_inspection_tells_the_path_and_finds_ids_that_are_odd() -> None:
    facts, findings = VENDOR.inspect(account(), ENV.now)
    assert dict(facts)["path"].startswith("/api/v1/104000001/sendMessage")
    assert findings == ()

    def rules(made: Account) -> list[str]:
        return [finding.rule for finding in VENDOR.inspect(made, ENV.now)[1]]

    assert rules(account({"client_id": "104000001"})) == ["app-id-is-client-id"]
    assert rules(account(app_id="1040")) == ["app-id-shape"]


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_the_token_request_is_the_one_of_the_test_vector() -> None:
    request, grant = mint(account(), issued())
    assert (request.call, request.method) == ("auth", "POST")
    assert request.url == "https://iam.developer.honor.com/auth/token"
    assert request.headers == (("Content-Type", "application/x-www-form-urlencoded"),)
    expected = b"grant_type=client_credentials&client_id=hon-client-1&client_secret=s3cr3t%2B%2F%3D%26x"
    assert request.body(reveal=True) == expected
    assert b"s3cr3t" not in request.body(reveal=False)
    assert isinstance(grant, Grant)
    assert grant.value.reveal() == "TOKEN"


@pytest.mark.parametrize(
    ("expires_in", "kept_s"), [(3600, 3300), ("3600", 3300), (600, 540), (86400, 86100), (None, 3300), ("soon", 3300)]
)
def test_a_token_is_kept_as_long_as_it_lives_less_a_margin(expires_in: Any, kept_s: float) -> None:
    _, grant = mint(account(), issued(expires_in=expires_in))
    assert isinstance(grant, Grant)
    assert grant.expires - grant.minted == kept_s


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Response(401, (), b'{"error":"unauthorized_client","error_description":"x"}'), "oauth/unauthorized_client"),
        (Response(200, (), b'{"error":"invalid_client"}'), "oauth/invalid_client"),
        (Response(200, (), b"{}"), "NOT_HONOR"),
        (Response(503, (), b""), "http/503"),
        (Lost("no", "no such host", "DNS"), "DNS"),
    ],
)
def test_a_token_that_is_not_given_is_a_refusal_in_its_own_words(reply: Reply, code: str) -> None:
    _, refused = mint(account(), reply)
    assert isinstance(refused, Refused)
    assert refused.says.code == code


def test_grants_are_kept_apart_by_client_and_host_and_named_without_the_secret() -> None:
    made = (account(), account({"client_id": "other"}), account(domain="hihonor.com"))
    keys = [spec.key for each in made if (spec := VENDOR.grant(each, "send"))]
    assert len(set(keys)) == 3
    assert not any("s3cr3t" in key for key in keys)


# --- the app's file --------------------------------------------------------------------------------------------------


def services(**changes: Any) -> bytes:
    document = {"developer_id": "9000", "app_id": "104000001", "version": "1.0", "package_name": "com.example.app"}
    return json.dumps({**document, **changes}).encode()


def read(data: bytes, name: str = "mcs-services.json") -> Piece:
    piece = importing.read(name, data)
    assert piece is not None
    return piece


def test_the_apps_file_gives_ids_and_says_that_it_holds_no_credential() -> None:
    draft = importing.combine([read(b"\xef\xbb\xbf" + services(app_id=104000001))])
    assert draft.values == {"app.app_id": "104000001", "app.package_name": "com.example.app"}
    assert draft.files == {}
    assert [finding.rule for finding in draft.findings] == ["import-no-credential"]
    assert importing.wanted(draft) == ("credentials.client_id", "credentials.client_secret")


def test_what_the_file_does_not_say_is_asked_for() -> None:
    draft = importing.combine([read(services(app_id=""))])
    assert "app.app_id" in importing.wanted(draft)


def test_files_of_two_apps_are_refused_with_both_values() -> None:
    with pytest.raises(ProfileError) as refused:
        importing.combine([read(services(), "a.json"), read(services(app_id="104000002"), "b.json")])
    assert refused.value.rule == "import-mismatch"
    assert "104000001" in refused.value.text
    assert "104000002" in refused.value.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b'{"app_id":"1"}',
        b'{"client":{"app_id":"1"},"app_id":"1","developer_id":"2"}',
        b'{"project_info":{},"app_id":"1","developer_id":"2"}',
        b'{"private_key":"x"}',
        b"-----BEGIN PRIVATE KEY-----",
    ],
)
def test_other_files_are_not_honors(data: bytes) -> None:
    assert importing.read("some.json", data) is None


@given(st.binary(max_size=80))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    assert importing.read("mcs-services.json", data) is None or data
