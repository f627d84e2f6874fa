from __future__ import annotations

import json
import plistlib
from typing import Any

import pytest
from fcm_credentials import CANARIES, EXTERNAL, SERVICE_ACCOUNT, USER, as_json, ec_pem
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.vendors.fcm import importing

PLIST = {
    "PROJECT_ID": "demo-project",
    "GCM_SENDER_ID": "123456789012",
    "GOOGLE_APP_ID": "1:123456789012:ios:0123456789abcdef",
    "BUNDLE_ID": "com.example.ios",
    "API_KEY": "AIza",
}


def services(
    project: str = "demo-project", number: str = "123456789012", packages: tuple[str, ...] = ("com.example",)
) -> bytes:
    """google-services.json as the console gives it: every app of the project, each with its API key."""
    clients = [
        {
            "client_info": {
                "mobilesdk_app_id": f"1:{number}:android:{index:016x}",
                "android_client_info": {"package_name": package},
            },
            "api_key": [{"current_key": "AIza"}],
        }
        for index, package in enumerate(packages)
    ]
    info = {"project_number": number, "project_id": project, "storage_bucket": f"{project}.appspot.com"}
    return as_json({"project_info": info, "client": clients, "configuration_version": "1"})


def read(name: str, data: bytes) -> Piece:
    piece = importing.read(name, data)
    assert piece is not None
    return piece


KEY = read("sa.json", as_json(SERVICE_ACCOUNT))


def test_google_services_json_tells_project_and_app() -> None:
    piece = read("google-services.json", services())

    assert piece.kind == "facts"
    assert piece.facts == {
        "project_id": "demo-project",
        "project_number": "123456789012",
        "app_id": "1:123456789012:android:0000000000000000",
        "package_name": "com.example",
    }


def test_of_several_apps_none_is_guessed() -> None:
    facts = read("google-services.json", services(packages=("com.example", "com.example.debug"))).facts

    assert facts == {"project_id": "demo-project", "project_number": "123456789012"}


@pytest.mark.parametrize("style", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_googleservice_info_plist_tells_project_and_bundle(style: Any) -> None:
    assert read("GoogleService-Info.plist", plistlib.dumps(PLIST, fmt=style)).facts == {
        "project_id": "demo-project",
        "project_number": "123456789012",
        "bundle_id": "com.example.ios",
    }


def test_a_service_account_is_the_credential_and_says_its_project() -> None:
    assert (KEY.kind, KEY.facts) == ("service_account", {"project_id": "demo-project"})


def test_key_and_app_file_make_a_whole_profile_in_which_the_project_stands_once() -> None:
    draft = importing.combine([KEY, read("google-services.json", services())])

    assert draft.values == {
        "app.sender_id": "123456789012",
        "app.app_id": "1:123456789012:android:0000000000000000",
        "app.package_name": "com.example",
    }
    assert draft.files["service_account"].name == "sa.json"
    assert importing.wanted(draft) == ()


def test_android_and_ios_files_of_one_project_go_together() -> None:
    draft = importing.combine([KEY, read("g.json", services()), read("g.plist", plistlib.dumps(PLIST))])

    assert draft.values["app.bundle_id"] == "com.example.ios"
    assert draft.values["app.package_name"] == "com.example"


def test_a_login_takes_its_project_from_the_app_file_or_asks() -> None:
    user = read("application_default_credentials.json", as_json(USER))

    assert importing.wanted(importing.combine([user])) == ("app.project_id",)
    both = importing.combine([user, read("google-services.json", services())])
    assert both.values["app.project_id"] == "demo-project"
    assert importing.wanted(both) == ()


def test_a_workload_refers_to_the_file_that_it_names() -> None:
    draft = importing.combine([read("wif.json", as_json(EXTERNAL))])

    assert draft.values == {"credentials.subject_token": "file:/var/run/secrets/token"}
    assert importing.wanted(draft) == ("app.project_id",)


@pytest.mark.parametrize(
    ("other", "values"),
    [
        (lambda: read("google-services.json", services("other-project")), ("demo-project", "other-project")),
        (
            lambda: read("x.plist", plistlib.dumps({**PLIST, "PROJECT_ID": "other-project"})),
            ("demo-project", "other-project"),
        ),
    ],
)
def test_files_of_different_projects_are_refused_with_both_values(other: Any, values: tuple[str, str]) -> None:
    with pytest.raises(ProfileError) as caught:
        importing.combine([KEY, other()])

    assert all(value in caught.value.text for value in values)
    assert "sa.json" in caught.value.text
    assert "SENDER_ID_MISMATCH" in caught.value.fix
    assert caught.value.rule == "import-mismatch"


def test_app_files_with_different_numbers_are_refused() -> None:
    with pytest.raises(ProfileError, match=r"123456789012.*999"):
        importing.combine([KEY, read("a.json", services()), read("b.json", services(number="999"))])


def test_an_app_file_alone_is_told_to_hold_no_credential_and_where_one_is_got() -> None:
    with pytest.raises(ProfileError) as caught:
        importing.combine([read("google-services.json", services())])

    assert caught.value.text.startswith("google-services.json holds no credential that can send")
    assert "Generate new private key" in caught.value.fix
    assert caught.value.rule == "import-no-credential"


def test_two_credentials_are_two_profiles() -> None:
    with pytest.raises(ProfileError, match="a profile has one"):
        importing.combine([KEY, read("user.json", as_json(USER))])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"private_key": SERVICE_ACCOUNT["private_key"].replace("MII", "XII", 1)}, "damaged or cut short"),
        ({"type": "gdch_service_account"}, "Distributed Cloud"),
        ({"token_uri": "http://oauth2.googleapis.com/token"}, "plain http"),
    ],
)
def test_a_credential_that_cannot_work_is_refused_under_its_own_name(change: dict[str, str], says: str) -> None:
    with pytest.raises(ProfileError) as caught:
        importing.read("sa.json", as_json({**SERVICE_ACCOUNT, **change}))

    assert caught.value.text.startswith("sa.json")
    assert says in caught.value.text
    assert not any(canary in f"{caught.value.text}{caught.value.fix}" for canary in CANARIES)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        ec_pem().encode(),
        as_json(
            {"sub_account": "1", "private_key": "x", "key_id": "k", "type": "service_account", "client_email": "x"}
        ),
        as_json({"agcgw": {}, "client": {"app_id": "1"}}),
        as_json({"type": "module"}),
        as_json([1]),
        plistlib.dumps({"CFBundleIdentifier": "com.example"}),
        b"bplist00 damaged",
        b"<?xml version='1.0'?><plist><dict></plist>",
    ],
)
def test_the_files_of_others_are_not_taken(data: bytes) -> None:
    assert importing.read("file", data) is None


@given(
    st.dictionaries(
        st.sampled_from(["project_info", "client", "type", "client_email", "sub_account"]),
        st.recursive(
            st.none() | st.text(max_size=9) | st.integers(),
            lambda inner: (
                st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["project_id", "client_info"]), inner)
            ),
            max_leaves=5,
        ),
    )
)
def test_any_json_is_a_piece_or_nothing_or_one_clear_error(document: dict[str, Any]) -> None:
    piece = attempt(json.dumps(document).encode())

    assert piece is None or all(isinstance(value, str) for value in piece.facts.values())


def attempt(data: bytes) -> Piece | None:
    try:
        return importing.read("file.json", data)
    except ProfileError as error:
        assert_clear(error)
        return None


def assert_clear(error: ProfileError) -> None:
    assert error.text.startswith("file.json")
    assert error.fix
