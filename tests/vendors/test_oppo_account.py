"""Who pushes through OPPO: AppKey and MasterSecret, hosts, and the manifest that holds one of the two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account
from pushctl.vendors.oppo import VENDOR, importing
from pushctl.vendors.oppo.hosts import region_of

APP_KEY = "0123456789abcdef0123456789abcdef"
CANARY = "fedcba9876543210fedcba9876543210"


def account(credentials: dict[str, Any] | None = None, environment: str = "production", **app: str) -> Account:
    told = {"app_key": APP_KEY, "master_secret": Secret(CANARY, "$X"), **(credentials or {})}
    told = {name: value for name, value in told.items() if value is not None}
    return VENDOR.account({"environment": environment, "credentials": told, "app": app, "network": {}})


# --- the profile -----------------------------------------------------------------------------------------------------


def test_phones_of_china_and_of_abroad_have_hosts_of_their_own_and_the_older_name_is_a_choice() -> None:
    hosts = account().hosts
    assert (hosts["push"], hosts["push.intl"]) == (
        "https://api-push-cn.heytapmobi.com",
        "https://api-intl.push.oppomobile.com",
    )
    assert hosts["feedback"] == "https://feedback.push.oppomobile.com"
    older = account(domain="oppomobile.com").hosts
    assert older["push"] == older["auth"] == "https://api.push.oppomobile.com"
    assert older["push.intl"] == hosts["push.intl"]
    assert {*hosts.values(), *older.values()} == set(VENDOR.card.hosts["production"].values())


@pytest.mark.parametrize(
    ("token", "region"),
    [
        ("b6bbd94b59cdb5df8391642c1509b7fe", "cn"),
        ("CN_b6bbd94b59cdb5df8391642c1509b7fe", "cn"),
        ("OPPO_CN_b6bbd94b59cdb5df8391642c1509b7fe", "cn"),
        ("realme_CN_b6bbd94b59cdb5df8391642c1509b7fe", "cn"),
        ("IN_b6bbd94b59cdb5df8391642c1509b7fe", "intl"),
        ("OPPO_ID_b6bbd94b59cdb5df8391642c1509b7fe", "intl"),
        ("CN_IN_b6bbd94b59cdb5df8391642c1509b7fe", "intl"),
        ("", "cn"),
    ],
)
def test_an_id_tells_its_region_as_oppos_document_says(token: str, region: str) -> None:
    assert region_of(token) == region


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ({"environment": "sandbox"}, "profile-environment", ""),
        ({"credentials": {"app_key": None}}, "credential-missing", "credentials.app_key"),
        ({"credentials": {"app_key": " "}}, "credential-missing", "credentials.app_key"),
        ({"credentials": {"app_key": "3704961"}}, "credential-id", "credentials.app_key"),
        ({"credentials": {"app_key": "a b"}}, "credential-id", "credentials.app_key"),
        ({"credentials": {"app_key": "ключ"}}, "credential-id", "credentials.app_key"),
        ({"credentials": {"master_secret": None}}, "credential-missing", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret("\n", "$X")}}, "credential-secret", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret("a b", "$X")}}, "credential-secret", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret(b"\xff", "$X")}}, "credential-secret", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret("'x'", "$X")}}, "credential-secret", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret("3704961", "$X")}}, "credential-secret", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret(APP_KEY, "$X")}}, "credential-secret", "credentials.master_secret"),
        ({"credentials": {"master_secret": Secret('{"a":1}', "$X")}}, "credential-kind", "credentials.master_secret"),
        ({"domain": "oppo.com"}, "app-domain", "app.domain"),
    ],
)
def test_a_profile_that_cannot_be_is_told_with_the_place(changes: dict[str, Any], rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as refused:
        account(**changes)
    assert (refused.value.rule, refused.value.where) == (rule, where)
    assert refused.value.fix
    assert CANARY not in refused.value.text + refused.value.fix


def test_what_stands_in_the_wrong_place_is_named_where_its_shape_tells() -> None:
    with pytest.raises(ProfileError, match="by its shape that is the AppId"):
        account({"app_key": "3704961"})
    with pytest.raises(ProfileError, match="is the AppKey once more"):
        account({"master_secret": Secret(f"{APP_KEY}\n", "$X")})
    facts, _ = VENDOR.inspect(account(), 0)
    assert "both have 32 hexadecimal digits" in dict(facts)["scope"]


def test_a_secret_loses_the_line_break_of_its_file_and_is_never_shown() -> None:
    made = account({"master_secret": Secret(f"\ufeff{CANARY}\r\n", "$X")})
    assert made.credential.master_secret.reveal() == CANARY
    assert CANARY not in repr(made)


def test_inspection_finds_shapes_that_are_odd_and_takes_those_of_older_apps() -> None:
    def rules(**credentials: Any) -> list[str]:
        return [finding.rule for finding in VENDOR.inspect(account(credentials), 0)[1]]

    assert rules() == []
    assert rules(app_key="8dpB0uk2wzoG0K0cCkWwsw4ow") == []
    assert rules(app_key="short") == ["app-key-shape"]
    assert rules(master_secret=Secret("short", "$X")) == ["master-secret-shape"]


# --- the app's manifest ----------------------------------------------------------------------------------------------


def manifest(value: str = APP_KEY, name: str = "OPPO_APP_KEY", package: str = "com.example.app") -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{package}">
  <application>
    <meta-data android:name="OPPO_APP_SECRET" android:value="ffffffffffffffffffffffffffffffff"/>
    <meta-data
        android:value="{value}"
        android:name="{name}"/>
  </application>
</manifest>""".encode()


def read(data: bytes, name: str = "AndroidManifest.xml") -> Piece:
    piece = importing.read(name, data)
    assert piece is not None
    return piece


@pytest.mark.parametrize("before", ["", "OP-", "UNIFIEDPUSH-"])
def test_a_manifest_gives_the_app_key_and_says_that_the_secret_is_in_no_app(before: str) -> None:
    draft = importing.combine([read(manifest(before + APP_KEY))])
    assert draft.values == {"credentials.app_key": APP_KEY, "app.package_name": "com.example.app"}
    assert [finding.rule for finding in draft.findings] == ["import-no-credential"]
    assert importing.wanted(draft) == ("credentials.master_secret",)


def test_two_apps_are_refused_with_both_values() -> None:
    with pytest.raises(ProfileError) as refused:
        importing.combine([read(manifest(), "a.xml"), read(manifest("f" * 32), "b.xml")])
    assert refused.value.rule == "import-mismatch"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<manifest/>",
        manifest("${OPPO_APP_KEY}"),
        manifest(name="MI_APP_KEY"),
        manifest(name="OPPO_APP_SECRET"),
        b'<resources><meta-data android:name="OPPO_APP_KEY" android:value="0123456789abcdef0123"/></resources>',
        b'{"OPPO_APP_KEY":"0123456789abcdef0123456789abcdef"}',
    ],
)
def test_other_files_are_not_oppos(data: bytes) -> None:
    assert importing.read("AndroidManifest.xml", data) is None


@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: f"<manifest {text}".encode()))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    assert importing.read("AndroidManifest.xml", data) is None or data
