"""Who pushes through vivo: the three values of an app, what is odd about them, and the files that hold two of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account
from pushctl.vendors.vivo import VENDOR, importing

KEY = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
CANARY = "11111111-2222-3333-4444-555555555555"


def account(credentials: dict[str, Any] | None = None, environment: str = "production", **app: str) -> Account:
    told = {"app_key": KEY, "app_secret": Secret(CANARY, "$X"), **(credentials or {})}
    told = {name: value for name, value in told.items() if value is not None}
    app = {"app_id": "105500000", **app}
    return VENDOR.account({"environment": environment, "credentials": told, "app": app, "network": {}})


def test_there_is_one_host() -> None:
    assert set(account().hosts.values()) == set(VENDOR.card.hosts["production"].values())
    assert set(account().hosts.values()) == {"https://api-push.vivo.com.cn"}


SECRET, APP_KEY, APP_ID = "credentials.app_secret", "credentials.app_key", "app.app_id"


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ({"environment": "sandbox"}, "profile-environment", ""),
        ({"app_id": ""}, "app-id-missing", APP_ID),
        ({"app_id": KEY}, "credential-id", APP_ID),
        ({"app_id": "١٠٤"}, "credential-id", APP_ID),
        ({"app_id": "0"}, "credential-id", APP_ID),
        ({"app_id": "2147483648"}, "credential-id", APP_ID),
        ({"app_id": f"105500000#{KEY}"}, "credential-id", APP_ID),
        ({"credentials": {"app_key": None}}, "credential-missing", APP_KEY),
        ({"credentials": {"app_key": "a b"}}, "credential-id", APP_KEY),
        ({"credentials": {"app_key": f"105500000#{KEY}"}}, "credential-id", APP_KEY),
        ({"credentials": {"app_secret": None}}, "credential-missing", SECRET),
        ({"credentials": {"app_secret": Secret("\n", "$X")}}, "credential-secret", SECRET),
        ({"credentials": {"app_secret": Secret("a b", "$X")}}, "credential-secret", SECRET),
        ({"credentials": {"app_secret": Secret(b"\xff", "$X")}}, "credential-secret", SECRET),
        ({"credentials": {"app_secret": Secret('{"a":1}', "$X")}}, "credential-kind", SECRET),
        ({"credentials": {"app_secret": Secret(f'"{CANARY}"', "$X")}}, "credential-secret", SECRET),
    ],
)
def test_a_profile_that_cannot_be_is_told_with_the_place(changes: dict[str, Any], rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as refused:
        account(**changes)
    assert (refused.value.rule, refused.value.where) == (rule, where)
    assert refused.value.fix
    assert CANARY not in refused.value.text + refused.value.fix


def test_a_secret_loses_the_line_break_of_its_file_and_is_never_shown() -> None:
    made = account({"app_secret": Secret(f"{CANARY}\r\n", "$X")})
    assert made.credential.secret.reveal() == CANARY
    assert CANARY not in repr(made)


def odd(made: Account) -> list[tuple[str, str]]:
    return [(finding.rule, finding.level) for finding in VENDOR.inspect(made, 0)[1]]


def test_three_values_in_their_places_are_not_remarked_on() -> None:
    facts, findings = VENDOR.inspect(account(), 0)
    assert dict(facts)["AppKey"] == KEY
    assert findings == ()
    assert CANARY not in str(facts)


@pytest.mark.parametrize("secret", [KEY, KEY.upper(), f"{KEY}\n"])
def test_the_app_key_where_the_secret_belongs_stops_a_push(secret: str) -> None:
    assert odd(account({"app_secret": Secret(secret, "$X")})) == [("app-key-as-secret", "error")]


def test_values_of_another_shape_are_told_without_showing_the_secret() -> None:
    assert odd(account({"app_secret": Secret("105500000", "$X")})) == [("app-id-as-secret", "error")]
    assert odd(account({"app_secret": Secret("s3cr3t", "$X")})) == [("app-secret-shape", "warning")]
    assert odd(account({"app_key": "key"})) == [("app-key-shape", "warning")]
    assert odd(account(app_id="10004")) == [("app-id-shape", "info")]
    told = VENDOR.inspect(account({"app_secret": Secret("s3cr3t", "$X")}), 0)
    assert "s3cr3t" not in str(told)


# --- files -----------------------------------------------------------------------------------------------------------

MANIFEST = f"""<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.app">
  <application>
    <meta-data
        android:name="com.vivo.push.api_key"
        android:value="{KEY}" />
    <meta-data android:name='com.vivo.push.app_id' android:value='105500000'/>
    <meta-data android:name="com.huawei.hms.client.appid" android:value="appid=1"/>
  </application>
</manifest>"""


def read(text: str, name: str = "AndroidManifest.xml") -> Piece:
    piece = importing.read(name, text.encode())
    assert piece is not None
    return piece


def test_a_manifest_gives_the_two_values_that_an_app_knows() -> None:
    draft = importing.combine([read(MANIFEST)])
    assert draft.values == {
        "app.app_id": "105500000",
        "credentials.app_key": KEY,
        "app.package_name": "com.example.app",
    }
    assert [finding.rule for finding in draft.findings] == ["import-no-credential"]
    assert importing.wanted(draft) == ("credentials.app_secret",)


def test_what_the_build_fills_in_is_no_value() -> None:
    draft = importing.combine([read(MANIFEST.replace("105500000", "${VIVO_APPID}").replace(KEY, "@string/vivo"))])
    assert draft.values == {"app.package_name": "com.example.app"}
    assert [finding.rule for finding in draft.findings].count("import-placeholder") == 2
    assert importing.wanted(draft) == ("app.app_id", "credentials.app_key", "credentials.app_secret")


def test_the_name_of_a_certificate_at_easemob_is_both_values() -> None:
    draft = importing.combine([read(f"105500000#{KEY}\n", "name.txt")])
    assert draft.values == {"app.app_id": "105500000", "credentials.app_key": KEY}


def test_files_of_two_apps_are_refused_with_both_values() -> None:
    with pytest.raises(ProfileError) as refused:
        importing.combine([read(MANIFEST, "a.xml"), read(MANIFEST.replace("105500000", "105500001"), "b.xml")])
    assert refused.value.rule == "import-mismatch"
    assert "105500000" in refused.value.text
    assert "105500001" in refused.value.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<manifest/>",
        b'<meta-data android:name="com.hihonor.push.app_id" android:value="1"/>',
        b'<meta-data android:name="com.vivo.push.app_id"/>',
        b'{"app_id":"105500000"}',
        b"105500000",
        b"a#b",
    ],
)
def test_other_files_are_not_vivos(data: bytes) -> None:
    assert importing.read("some.xml", data) is None


@given(st.binary(max_size=80))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    piece = importing.read("AndroidManifest.xml", b"<meta-data" + data)
    assert piece is None or importing.combine([piece]).files == {}
