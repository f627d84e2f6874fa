"""Who pushes through Meizu: App ID and App Secret, the region, and the files that an app is built with."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account
from pushctl.vendors.meizu import VENDOR, importing

SECRET = "0123456789abcdef0123456789abcdef"
KEY = "fedcba9876543210fedcba9876543210"


def account(secret: Any = SECRET, environment: str = "production", **app: str) -> Account:
    told = {} if secret is None else {"app_secret": secret if isinstance(secret, Secret) else Secret(secret, "$X")}
    app = {"app_id": "100999", **app}
    return VENDOR.account({"environment": environment, "credentials": told, "app": app, "network": {}})


# --- the profile -----------------------------------------------------------------------------------------------------


def test_the_region_chooses_the_hosts_for_pushes_and_for_subscriptions() -> None:
    assert account().hosts == {
        "push": "https://server-api-push.meizu.com",
        "subscription": "https://api-push.meizu.com",
    }
    assert account(region="mainland").hosts == account().hosts
    assert account(region="Overseas ").hosts == account(region="overseas").hosts
    overseas = account(region="overseas")
    assert overseas.hosts == {
        "push": "https://server-api-push.in.meizu.com",
        "subscription": "https://api-push.in.meizu.com",
    }
    allowed = VENDOR.card.hosts["production"].values()
    assert {*account().hosts.values(), *overseas.hosts.values()} == set(allowed)


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ({"environment": "sandbox"}, "profile-environment", ""),
        ({"app_id": ""}, "app-id-missing", "app.app_id"),
        ({"app_id": "com.example.app"}, "credential-id", "app.app_id"),
        ({"app_id": "MZ-100999"}, "credential-id", "app.app_id"),
        ({"app_id": KEY}, "credential-id", "app.app_id"),
        ({"app_id": "1.00999e+05"}, "credential-id", "app.app_id"),
        ({"app_id": "١٠٠"}, "credential-id", "app.app_id"),
        ({"secret": None}, "credential-missing", "credentials.app_secret"),
        ({"secret": ""}, "credential-missing", "credentials.app_secret"),
        ({"secret": "\n"}, "credential-secret", "credentials.app_secret"),
        ({"secret": f"{SECRET[:5]} {SECRET[5:]}"}, "credential-secret", "credentials.app_secret"),
        ({"secret": f'"{SECRET}"'}, "credential-secret", "credentials.app_secret"),
        ({"secret": '{"appSecret":1}'}, "credential-kind", "credentials.app_secret"),
        ({"secret": Secret(b"\xff\xfe", "$X")}, "credential-secret", "credentials.app_secret"),
        ({"secret": "100999"}, "credential-kind", "credentials.app_secret"),
        ({"secret": f"MZ-{KEY}"}, "credential-kind", "credentials.app_secret"),
        ({"secret": KEY, "app_key": KEY.upper()}, "app-key-for-secret", "credentials.app_secret"),
        ({"secret": KEY, "app_key": f"MZ-{KEY}"}, "app-key-for-secret", "credentials.app_secret"),
        ({"region": "india"}, "app-region", "app.region"),
    ],
)
def test_a_profile_that_cannot_be_is_told_with_the_place(changes: dict[str, Any], rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as refused:
        account(**changes)
    assert (refused.value.rule, refused.value.where) == (rule, where)
    assert refused.value.fix
    assert SECRET[5:] not in refused.value.text + refused.value.fix


@pytest.mark.parametrize(
    ("app_id", "words"), [("MZ-100999", "JPush"), (KEY, "App Key or the App Secret"), ("1.00999e+05", "doubles")]
)
def test_what_stands_in_place_of_the_app_id_is_told_by_its_shape(app_id: str, words: str) -> None:
    with pytest.raises(ProfileError) as refused:
        account(app_id=app_id)
    assert words in refused.value.fix


def test_a_secret_loses_the_line_break_of_its_file_and_is_never_shown() -> None:
    made = account(f"\ufeff{SECRET}\r\n")
    assert made.credential.secret.reveal() == SECRET
    assert SECRET not in repr(made)


def test_an_app_key_of_its_own_is_no_mix_up() -> None:
    assert account(app_key=KEY).credential.secret.reveal() == SECRET


def test_inspection_tells_app_and_region_and_doubts_a_secret_of_another_length() -> None:
    facts, findings = VENDOR.inspect(account(region="overseas"), 0.0)
    assert dict(facts)["app id"] == "100999"
    assert dict(facts)["region"] == "overseas"
    assert findings == ()
    assert [finding.rule for finding in VENDOR.inspect(account(SECRET[:-1]), 0.0)[1]] == ["app-secret-shape"]


# --- the app's files -------------------------------------------------------------------------------------------------


def read(text: str, name: str = "build.gradle") -> Piece:
    piece = importing.read(name, text.encode())
    assert piece is not None
    return piece


@pytest.mark.parametrize(
    "text",
    [
        f'manifestPlaceholders = [\n    MEIZU_APPID : "MZ-100999",\n    MEIZU_APPKEY : "MZ-{KEY}",\n]',
        f'manifestPlaceholders["MEIZU_APPID"] = "100999"\nmanifestPlaceholders["MEIZU_APPKEY"] = "{KEY}"',
        f'"MEIZU_APPID" to "100999",\n"MEIZU_APPKEY" to "{KEY}"',
        f'android:name="MEIZU_APPID"\nandroid:value="100999"/>\n<m android:name="MEIZU_APPKEY" android:value="{KEY}"',
        f'{{"MEIZU_APPKEY": "MZ-{KEY}", "MEIZU_APPID": "MZ-100999"}}',
        f'{{"meizuPushBussinessId": "7", "meizuPushAppId": "100999", "meizuPushAppKey": "{KEY}"}}',
        f"MEIZU_APPID=100999\nMEIZU_APPKEY={KEY}\n",
    ],
)
def test_app_id_and_app_key_are_found_wherever_an_app_keeps_them(text: str) -> None:
    draft = importing.combine([read(text)])
    assert draft.values == {"app.app_id": "100999", "app.app_key": KEY}
    assert draft.files == {}
    assert [finding.rule for finding in draft.findings] == ["import-no-credential"]
    assert importing.wanted(draft) == ("credentials.app_secret",)


def test_the_package_comes_along_and_a_secret_does_not() -> None:
    secret = "f" * 32
    draft = importing.combine(
        [read(f'applicationId "com.example.app"\nMEIZU_APPID: "100999"\nMEIZU_APPSECRET: "{secret}"')]
    )
    assert draft.values == {"app.app_id": "100999", "app.package_name": "com.example.app"}
    assert [finding.rule for finding in draft.findings] == ["import-no-credential", "import-secret-left"]
    assert not any(secret in finding.text + finding.fix for finding in draft.findings)


def test_a_manifest_names_the_package() -> None:
    manifest = '<manifest package="com.example.app"><meta-data android:name="MEIZU_APPID" android:value="100999"/>'
    assert importing.combine([read(manifest, "AndroidManifest.xml")]).values["app.package_name"] == "com.example.app"


def test_files_of_two_apps_are_refused_with_both_values() -> None:
    with pytest.raises(ProfileError) as refused:
        importing.combine([read("MEIZU_APPID=1", "a"), read("MEIZU_APPID=2", "b")])
    assert refused.value.rule == "import-mismatch"


@pytest.mark.parametrize(
    "text", ["", "{}", '{"app_id": "100999"}', 'MEIZU_APPID: ""', 'MEIZU_APPID: "YOUR-ID"', "XIAOMI_APPID=1"]
)
def test_other_files_are_not_meizus(text: str) -> None:
    assert importing.read("build.gradle", text.encode()) is None


@given(st.binary(max_size=80))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    assert importing.read("x", b"MEIZU_APPID" + data) is None or data
