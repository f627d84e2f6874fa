from __future__ import annotations

import plistlib
from typing import Any

import pytest
from apns_credentials import FILES, cert_pem, certificate, key, pem, secret
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.vendors.apns import importing
from pushctl.vendors.apns.importing import Piece

ENTITLEMENTS: dict[str, Any] = {
    "application-identifier": "DEF123GHIJ.com.example.app",
    "aps-environment": "development",
}


def provision(entitlements: dict[str, Any] = ENTITLEMENTS, team: str = "DEF123GHIJ") -> bytes:
    """A provisioning profile as Xcode embeds it: a property list between the bytes of a CMS envelope."""
    plist = plistlib.dumps({"Name": "Dev", "TeamIdentifier": [team], "Entitlements": entitlements})
    return b"\x30\x82\x2e\x4b\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0" + plist + b"\xa0\x82\x0d\x3f0\x82\x03\xff"


def read(name: str, data: bytes, password: Secret | None = None) -> Piece:
    piece = importing.read(name, data, password)
    assert piece is not None
    return piece


def test_a_provisioning_profile_tells_team_app_and_environment() -> None:
    piece = read("embedded.mobileprovision", provision())
    assert piece.facts == {"team_id": "DEF123GHIJ", "bundle_id": "com.example.app", "environment": "sandbox"}
    production = {**ENTITLEMENTS, "aps-environment": "production"}
    assert read("x.mobileprovision", provision(production)).facts["environment"] == "production"


def test_a_provisioning_profile_that_is_really_signed_is_read() -> None:
    table = plistlib.dumps({"TeamIdentifier": ["DEF123GHIJ"], "Entitlements": ENTITLEMENTS})
    builder = pkcs7.PKCS7SignatureBuilder().set_data(table).add_signer(certificate(), key(), hashes.SHA256())
    signed = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    assert read("embedded.mobileprovision", signed).facts["bundle_id"] == "com.example.app"


def test_the_macs_longer_names_are_read() -> None:
    mac = {
        "com.apple.application-identifier": "DEF123GHIJ.com.example.mac",
        "com.apple.developer.aps-environment": "production",
    }
    assert read("x.provisionprofile", provision(mac)).facts == {
        "team_id": "DEF123GHIJ", "bundle_id": "com.example.mac", "environment": "production",
    }  # fmt: skip


def test_an_app_prefix_that_is_not_the_team_is_no_part_of_the_bundle_id() -> None:
    old = {**ENTITLEMENTS, "application-identifier": "OLDPREFIX1.com.example.app"}
    facts = read("x.mobileprovision", provision(old)).facts
    assert (facts["team_id"], facts["bundle_id"]) == ("DEF123GHIJ", "com.example.app")


def test_a_wildcard_and_a_build_setting_are_no_bundle_id() -> None:
    wild = {**ENTITLEMENTS, "application-identifier": "DEF123GHIJ.*"}
    assert "bundle_id" not in read("x.mobileprovision", provision(wild)).facts
    assert importing.read("Info.plist", plistlib.dumps({"CFBundleIdentifier": "$(PRODUCT_BUNDLE_IDENTIFIER)"})) is None


def test_a_profile_without_push_is_found() -> None:
    piece = read("x.mobileprovision", provision({"application-identifier": "T.com.example.app"}))
    assert [finding.rule for finding in piece.findings] == ["no-push-entitlement"]
    assert "environment" not in piece.facts


@pytest.mark.parametrize(
    ("name", "table", "facts"),
    [
        ("Info.plist", {"CFBundleIdentifier": "com.example.app"}, {"bundle_id": "com.example.app"}),
        ("GoogleService-Info.plist", {"BUNDLE_ID": "com.example.app"}, {"bundle_id": "com.example.app"}),
        ("App.entitlements", {"aps-environment": "development"}, {"environment": "sandbox"}),
    ],
)
@pytest.mark.parametrize("style", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_the_files_of_a_project_tell_their_part(
    name: str, table: dict[str, str], facts: dict[str, str], style: Any
) -> None:
    assert read(name, plistlib.dumps(table, fmt=style)).facts == facts


def test_a_key_tells_its_id_by_its_name_alone() -> None:
    assert read("AuthKey_ABC123DEFG.p8", pem()).facts == {"key_id": "ABC123DEFG"}
    assert read("renamed.p8", pem()).facts == {}


def test_a_certificate_tells_app_and_team_and_its_environment_only_when_it_has_one() -> None:
    one = read("push.pem", cert_pem(environments="production") + pem())
    assert one.facts == {"team_id": "TEAM", "bundle_id": "com.example.app", "environment": "production"}
    assert "environment" not in read("push.cer", certificate().public_bytes(Encoding.DER)).facts
    assert read("voip.pem", cert_pem(uid="com.example.app.voip")).facts["bundle_id"] == "com.example.app"
    p12 = read("push.p12", (FILES / "rc2-password.p12").read_bytes(), secret("secret"))
    assert (p12.kind, p12.facts["bundle_id"]) == ("certificate", "com.example.app")
    with pytest.raises(ProfileError, match="none is given"):
        importing.read("push.p12", (FILES / "rc2-password.p12").read_bytes())


def test_key_and_provisioning_profile_make_a_whole_profile() -> None:
    draft = importing.combine([read("AuthKey_ABC123DEFG.p8", pem()), read("x.mobileprovision", provision())])
    assert draft.values == {
        "credentials.key_id": "ABC123DEFG",
        "credentials.team_id": "DEF123GHIJ",
        "app.bundle_id": "com.example.app",
        "environment": "sandbox",
    }
    assert draft.files["key"].name == "AuthKey_ABC123DEFG.p8"
    assert importing.wanted(draft) == ()


def test_what_no_file_says_is_wanted_and_never_guessed() -> None:
    assert set(importing.wanted(importing.combine([read("AuthKey_ABC123DEFG.p8", pem())]))) == {
        "environment", "app.bundle_id", "credentials.team_id",
    }  # fmt: skip
    universal = importing.combine([read("push.pem", cert_pem() + pem())])
    assert importing.wanted(universal) == ("environment",)
    assert "credentials.team_id" not in universal.values


@pytest.mark.parametrize(
    ("other", "values"),
    [
        (lambda: read("b.mobileprovision", provision(team="ZZZ123GHIJ")), ("DEF123GHIJ", "ZZZ123GHIJ")),
        (lambda: read("b.plist", plistlib.dumps({"BUNDLE_ID": "com.other"})), ("com.example.app", "com.other")),
        (lambda: read("b.entitlements", plistlib.dumps({"aps-environment": "production"})), ("sandbox", "production")),
        (lambda: read("b.pem", cert_pem(environments="production") + pem()), ("DEF123GHIJ", "TEAM")),
    ],
)
def test_files_that_do_not_belong_together_are_refused_with_both_values(other: Any, values: tuple[str, str]) -> None:
    with pytest.raises(ProfileError) as caught:
        importing.combine([read("a.mobileprovision", provision()), other()])
    assert all(value in caught.value.text for value in values)
    assert "a.mobileprovision" in caught.value.text


def test_two_keys_are_two_profiles() -> None:
    with pytest.raises(ProfileError, match="a profile has one"):
        importing.combine([read("AuthKey_ABC123DEFG.p8", pem()), read("AuthKey_XYZ123DEFG.p8", pem())])


def test_what_is_nothing_is_nothing() -> None:
    assert importing.read("notes.txt", b"hello") is None
    assert importing.read("broken.mobileprovision", b"0<?xml version='1.0'?><plist><dict></plist>") is None
    assert importing.read("list.plist", plistlib.dumps([1, 2])) is None


@given(st.binary(), st.sampled_from(["a.p8", "a.p12", "a.cer", "a.plist", "a.mobileprovision", "a"]))
def test_any_bytes_are_recognised_refused_or_nothing(data: bytes, name: str) -> None:
    for content in (data, b"bplist00" + data, b"<?xml" + data + b"</plist>"):
        try:
            piece = importing.read(name, content)
        except ProfileError as error:
            piece = None
            said = error.text
        else:
            said = name
        assert said
        assert piece is None or piece.name == name


def test_the_sheets_names_are_places_of_the_vendors_fields() -> None:
    from pushctl.vendors.apns.account import APP, CREDENTIALS

    places = {f"credentials.{field.name}" for field in CREDENTIALS} | {f"app.{field.name}" for field in APP}
    assert set(importing.FACTS.values()) <= places | {"environment"}
