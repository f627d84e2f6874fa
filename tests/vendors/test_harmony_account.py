"""Who pushes: the profile's fields, what is inside the key file, and the JWT of an account."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from huawei_credentials import KEY_ID, PROJECT, SUB_ACCOUNT, file, secret

from pushctl.core.errors import ProfileError
from pushctl.core.vendor import Account, Env, Grant
from pushctl.vendors.harmony import VENDOR

OTHER = "736430079244700009"


def fields(app: dict[str, str] | None = None, **key: Any) -> dict[str, Any]:
    return {
        "environment": "production",
        "credentials": {"service_account": secret(file(**key))},
        "app": app or {},
        "network": {},
    }


def opened(app: dict[str, str] | None = None, **key: Any) -> Account:
    return VENDOR.account(fields(app, **key))


def minted(account: Account, now: float) -> Grant:
    spec = VENDOR.grant(account, "send")
    assert spec is not None
    with pytest.raises(StopIteration) as end:
        next(VENDOR.mint(account, spec, Env(now, os.urandom)))
    assert isinstance(end.value.value, Grant)
    return end.value.value


def rules(account: Account) -> list[tuple[str, str]]:
    return [(finding.rule, finding.level) for finding in VENDOR.inspect(account, 0)[1]]


def test_the_project_is_the_key_files_unless_it_is_said() -> None:
    assert opened().app["project_id"] == PROJECT
    assert opened({"project_id": PROJECT, "client_id": "1"}).app == {"project_id": PROJECT, "client_id": "1"}
    assert opened({"project_id": OTHER}, project_id=None).app["project_id"] == OTHER


def test_two_projects_are_refused_with_both_named() -> None:
    account = opened({"project_id": OTHER})

    (finding,) = VENDOR.inspect(account, 0)[1]
    assert (finding.rule, finding.level, finding.where) == ("project-differs", "error", "app.project_id")
    assert OTHER in finding.text
    assert PROJECT in finding.text


def test_what_is_inside_is_told_and_no_secret_of_it() -> None:
    facts = dict(VENDOR.inspect(opened({"client_id": "1234"}), 0)[0])

    assert facts["key id"] == KEY_ID
    assert facts["sub account"] == SUB_ACCOUNT
    assert facts["path"] == f"/v3/{PROJECT}/messages:send"
    assert facts["client id"] == "1234"
    assert "PRIVATE" not in str(facts)


def test_ids_that_look_like_each_others_are_told() -> None:
    assert rules(opened()) == []
    assert rules(opened({"project_id": "100000001"}, project_id=None)) == [("id-shape", "warning")]
    assert rules(opened({"client_id": PROJECT})) == [("id-shape", "warning")]


@pytest.mark.parametrize(
    ("given", "rule", "where"),
    [
        (fields() | {"environment": "sandbox"}, "profile-environment", ""),
        (fields() | {"credentials": {}}, "credential-missing", "credentials.service_account"),
        (fields(project_id=None), "app-id-missing", "app.project_id"),
        (fields({"project_id": "my-project"}), "credential-id", "app.project_id"),
        (fields({"client_id": "com.example.app"}), "credential-id", "app.client_id"),
        (fields({"client_id": "١٢٣"}), "credential-id", "app.client_id"),
        (fields(private_key="x"), "key-unreadable", "credentials.service_account"),
    ],
)
def test_what_cannot_push_is_refused_with_its_place(given: dict[str, Any], rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as raised:
        VENDOR.account(given)
    assert (raised.value.rule, raised.value.where) == (rule, where)
    assert raised.value.fix


def test_the_jwt_is_signed_here_and_reused_for_less_than_an_hour() -> None:
    account = opened()
    spec, grant = VENDOR.grant(account, "send"), minted(account, 1581407064.9)

    assert spec is not None
    assert spec == VENDOR.grant(account, "revoke")
    assert 0 < spec.reuse_s < 3600
    assert grant.value.reveal().count(".") == 2
    assert '"alg":"PS256"' in grant.value.about
    assert '"iat":1581407064,"exp":1581410664' in grant.value.about


def test_a_jwt_is_cached_under_public_things_only() -> None:
    account = opened()
    spec = VENDOR.grant(account, "send")

    assert spec is not None
    assert spec.key == f"harmony.{SUB_ACCOUNT}.{KEY_ID}.{account.credential.fingerprint}"
    other = VENDOR.grant(opened(key_id="f" * 32), "send")
    assert other is not None
    assert other.key != spec.key


def test_an_account_without_a_credential_has_no_grant() -> None:
    assert VENDOR.grant(Account("production", None, {}, {}), "send") is None


def test_the_sample_profile_can_be_used() -> None:
    folder = Path(__file__).parents[2] / "profiles"
    table = tomllib.loads((folder / "harmony.toml").read_text("utf-8"))
    key = table["credentials"]["service_account"].removeprefix("file:")
    credentials = {"service_account": secret((folder / key).read_bytes(), key)}

    account = VENDOR.account({"environment": "production", "credentials": credentials, "app": table["app"]})

    assert rules(account) == []
