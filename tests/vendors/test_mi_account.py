"""Who pushes through Mi Push: the AppSecret, the package, and the channels of the console."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.hosts import REGIONS

SECRET = "c2VjcmV0K3NlY3JldC9zPQ=="
ENV = Env(1_767_323_045.0, bytes)


def account(secret: Any = SECRET, environment: str = "production", **app: str) -> Account:
    told = Secret(secret, "$X") if isinstance(secret, str | bytes) else secret
    credentials = {} if told is None else {"app_secret": told}
    app = {"package_name": "com.example.app", **app}
    return VENDOR.account({"environment": environment, "credentials": credentials, "app": app, "network": {}})


def remarks(**profile: Any) -> list[Finding]:
    return list(VENDOR.inspect(account(**profile), 0)[1])


# --- the profile -----------------------------------------------------------------------------------------------------


def test_china_is_where_a_profile_goes_that_says_nothing() -> None:
    assert account().hosts == {"push": "https://api.xmpush.xiaomi.com"}
    assert account(region="India").hosts == {"push": REGIONS["idmb"]}
    assert set(REGIONS.values()) == set(VENDOR.card.hosts["production"].values())


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ({"environment": "sandbox"}, "profile-environment", ""),
        ({"package_name": " "}, "package-missing", "app.package_name"),
        ({"package_name": "com example"}, "package-name", "app.package_name"),
        ({"package_name": "com.a.b,,com.c.d"}, "package-name", "app.package_name"),
        ({"app_id": "28 82"}, "credential-id", "app.app_id"),
        ({"channel_id": "14 2345"}, "app-id-shape", "app.channel_id"),
        ({"template_id": "P\n1"}, "app-id-shape", "app.template_id"),
        ({"region": "us"}, "app-region", "app.region"),
        ({"secret": None}, "credential-missing", "credentials.app_secret"),
        ({"secret": ""}, "credential-missing", "credentials.app_secret"),
        ({"secret": " \n"}, "credential-secret", "credentials.app_secret"),
        ({"secret": "two words"}, "credential-secret", "credentials.app_secret"),
        ({"secret": "\xe9clair"}, "credential-secret", "credentials.app_secret"),
        ({"secret": b"\xff\xfe"}, "credential-secret", "credentials.app_secret"),
        ({"secret": f'"{SECRET}"'}, "credential-secret", "credentials.app_secret"),
        ({"secret": f"Key={SECRET}"}, "credential-secret", "credentials.app_secret"),
        ({"secret": '{"app_secret": "x"}'}, "credential-kind", "credentials.app_secret"),
    ],
)
def test_what_a_profile_cannot_hold_is_told_with_its_place(changes: dict[str, Any], rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as wrong:
        account(**changes)
    assert (wrong.value.rule, wrong.value.where) == (rule, where)
    assert wrong.value.fix


def test_a_secret_of_a_file_has_its_line_break_taken_off() -> None:
    assert account(f"\ufeff{SECRET}\r\n").credential.secret.reveal() == SECRET


def test_ids_are_taken_as_a_manifest_writes_them() -> None:
    app = account(app_id=r"\ 2882303761517500001", app_key="MI-5000000000001", package_name=" com.a.b , com.c.d ").app
    assert (app["app_id"], app["app_key"], app["package_name"]) == (
        "2882303761517500001",
        "5000000000001",
        "com.a.b,com.c.d",
    )


# --- what is odd about it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "rules"),
    [
        ({}, []),
        ({"secret": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="}, []),
        ({"secret": "5651750000001"}, ["secret-is-another"]),
        ({"secret": "2882303761517500001"}, ["secret-is-another"]),
        ({"secret": "abc", "app_key": "abc"}, ["secret-is-another"]),
        ({"secret": "dummySecret+/=="}, ["secret-shape"]),
        ({"app_id": "2882303761517500000"}, ["id-rounded"]),
        ({"app_id": "2.8823037615175e+18"}, ["id-rounded"]),
        ({"region": "fr"}, ["region-closed"]),
    ],
)
def test_a_value_of_another_shape_is_remarked_on_and_not_refused(profile: dict[str, Any], rules: list[str]) -> None:
    found = remarks(**profile)
    assert [one.rule for one in found] == rules
    assert all(one.text.endswith(".") and one.fix.endswith(".") for one in found)


def test_what_is_told_of_a_profile_has_no_secret_in_it() -> None:
    facts, findings = VENDOR.inspect(account("5651750000001", app_id="2882303761517500001", template_id="P1"), 0)
    assert dict(facts)["package"] == "com.example.app"
    assert dict(facts)["template id"] == "P1"
    assert "5651750000001" not in repr((facts, findings))


# --- the grant -------------------------------------------------------------------------------------------------------


def test_the_secret_itself_is_the_provider_token_and_there_is_no_other() -> None:
    asked = account(app_id="2882303761517500001")
    spec = VENDOR.grant(asked, "send")
    assert spec is not None
    assert (spec.kept, spec.key) == ("given", "mi.secret.2882303761517500001")
    with pytest.raises(StopIteration) as end:
        next(VENDOR.mint(asked, spec, ENV))
    grant = end.value.value
    assert isinstance(grant, Grant)
    assert (grant.value.reveal(), grant.value.shown) == (SECRET, "$PUSHCTL_TOKEN")
    assert grant.expires > ENV.now
    assert VENDOR.grant(Account("production", None, {}, {}), "send") is None


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=10))
def test_no_profile_of_nonsense_breaks_the_check(secret: str, package: str, region: str) -> None:
    with contextlib.suppress(ProfileError):
        VENDOR.inspect(account(secret.encode("utf-8", "replace"), package_name=package, region=region), 0)


@given(st.text(st.characters(codec="utf-8"), max_size=30).map(lambda text: f"~{text}~"))
def test_no_secret_stands_in_what_is_said_about_it(secret: str) -> None:
    with contextlib.suppress(ProfileError):
        assert secret not in repr(VENDOR.inspect(account(secret), 0))
        return
    with pytest.raises(ProfileError) as wrong:
        account(secret)
    assert secret not in wrong.value.text + wrong.value.fix
