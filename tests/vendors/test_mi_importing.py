"""What an app's manifest tells of Mi Push: AppID and AppKey, and never the AppSecret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.vendors.mi import importing

MANIFEST = r"""<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.app">
  <!-- <meta-data android:name="xiaomi_appid" android:value="\ 2882303761517599999"/> -->
  <application>
    <meta-data android:name="xiaomi_appid" android:value="\ 2882303761517500001" />
    <meta-data
        android:value='\ 5651750000001'
        android:name='xiaomi_appkey'/>
    <meta-data android:name="com.huawei.hms.client.appid" android:value="appid=100000001"/>
  </application>
</manifest>"""


def manifest(*pairs: tuple[str, str]) -> bytes:
    rows = "".join(f'<meta-data android:name="{name}" android:value="{value}"/>' for name, value in pairs)
    return f"<manifest><application>{rows}</application></manifest>".encode()


def read(data: bytes, name: str = "AndroidManifest.xml") -> Piece:
    piece = importing.read(name, data)
    assert piece is not None
    return piece


def test_a_manifest_tells_ids_and_package() -> None:
    piece = read(MANIFEST.encode())
    assert piece.facts == {
        "app_id": "2882303761517500001",
        "app_key": "5651750000001",
        "package_name": "com.example.app",
    }
    draft = importing.combine([piece])
    assert draft.values["app.app_id"] == "2882303761517500001"
    assert importing.wanted(draft) == ("credentials.app_secret",)
    assert [finding.rule for finding in draft.findings] == ["import-no-credential"]


@pytest.mark.parametrize(
    ("name", "value", "fact"),
    [
        ("MIPUSH_APPID", "MI-2882303761517500001", {"app_id": "2882303761517500001"}),
        ("XIAOMI_APPKEY", "MI-5651750000001", {"app_key": "5651750000001"}),
        ("XM_APP_KEY", r"\ 5651750000001", {"app_key": "5651750000001"}),
        ("mi_app_id", "2882303761517500001", {"app_id": "2882303761517500001"}),
        ("com.xiaomi.push.app_id", "2882303761517500001", {"app_id": "2882303761517500001"}),
    ],
)
def test_the_names_that_integrators_use_are_known(name: str, value: str, fact: dict[str, str]) -> None:
    piece = read(manifest((name, value)))
    assert piece.facts == fact
    assert importing.wanted(importing.combine([piece])) == ("app.package_name", "credentials.app_secret")


@pytest.mark.parametrize(
    "data",
    [
        manifest(("xiaomi_appid", "${XIAOMI_APPID}")),
        manifest(("com.vivo.push.app_id", "100000001")),
        manifest(("com.meizu.push.appid", "110000")),
        manifest(),
        b'{"app_id": "2882303761517500001"}',
        b"",
    ],
)
def test_what_says_nothing_of_mi_push_is_left_alone(data: bytes) -> None:
    assert importing.read("AndroidManifest.xml", data) is None


def test_two_apps_are_not_mixed() -> None:
    with pytest.raises(ProfileError) as wrong:
        importing.combine([read(MANIFEST.encode()), read(manifest(("xiaomi_appid", "2882303761517500002")), "b.xml")])
    assert wrong.value.rule == "import-mismatch"


@given(st.binary(max_size=80))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    importing.read("AndroidManifest.xml", b"<manifest" + data)
