"""Files that people have in hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from huawei_credentials import PROJECT, file, pem
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.vendors.harmony import importing


def agconnect(project: Any = PROJECT, **more: Any) -> bytes:
    document = {
        "agcgw": {"url": "connect-drcn.dbankcloud.cn"},
        "client": {"project_id": project, "app_id": "5765880207850000001", "client_id": "9", "client_secret": "s"},
        "oauth_client": {"client_id": "110000001", "client_type": 1},
        **more,
    }
    return json.dumps(document).encode()


MODULE = b"""{
  // JSON5
  "module": {
    name: "entry",
    metadata: [
      { "name": "client_id", "value": "110000001" },
    ],
  },
}"""


def read(name: str, data: bytes) -> Piece:
    piece = importing.read(name, data)
    assert piece is not None
    return piece


def test_a_key_file_is_the_credential_and_tells_its_project() -> None:
    piece = read("private.json", file())

    assert (piece.kind, piece.facts) == ("service_account", {"project_id": PROJECT})
    assert read("renamed.json", b"\xef\xbb\xbf" + file()).kind == "service_account"


def test_agconnect_services_tells_ids_only() -> None:
    piece = read("agconnect-services.json", agconnect())

    assert (piece.kind, piece.facts) == ("facts", {"project_id": PROJECT, "client_id": "110000001"})
    assert read("a.json", agconnect(project=int(PROJECT), oauth_client=None)).facts == {"project_id": PROJECT}


@pytest.mark.parametrize("text", [MODULE, MODULE.replace(b'"name"', b"name").replace(b'"value"', b"value")])
def test_a_module_tells_the_client_id(text: bytes) -> None:
    assert read("module.json5", text).facts == {"client_id": "110000001"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("module.json5", b"{module: {}}"),
        ("google-services.json", json.dumps({"project_info": {"project_id": "p"}, "client": []}).encode()),
        ("service-account.json", json.dumps({"type": "service_account", "client_email": "a@b"}).encode()),
        ("AuthKey_ABC123DEFG.p8", pem().encode()),
        ("empty.json", b""),
        ("list.json", b"[]"),
    ],
)
def test_other_files_are_not_huaweis(name: str, data: bytes) -> None:
    assert importing.read(name, data) is None


def test_a_key_file_that_cannot_sign_is_refused_by_its_name() -> None:
    with pytest.raises(ProfileError) as raised:
        importing.read("private.json", file(private_key="x"))
    assert "private.json" in raised.value.text


def test_the_files_make_a_whole_profile() -> None:
    draft = importing.combine([read("private.json", file()), read("agconnect-services.json", agconnect())])

    assert draft.values == {"app.client_id": "110000001"}  # the project stands in the key file
    assert draft.files["service_account"].name == "private.json"
    assert importing.wanted(draft) == ()


def test_what_no_file_says_is_asked_for() -> None:
    alone = importing.combine([read("agconnect-services.json", agconnect())])
    assert alone.values == {"app.project_id": PROJECT, "app.client_id": "110000001"}
    assert importing.wanted(alone) == ("credentials.service_account",)
    nameless = importing.combine([read("private.json", file(project_id=None))])
    assert importing.wanted(nameless) == ("app.project_id",)
    both = importing.combine([read("private.json", file(project_id=None)), read("a.json", agconnect())])
    assert importing.wanted(both) == ()


def test_files_of_two_projects_are_refused_with_both_named() -> None:
    with pytest.raises(ProfileError) as raised:
        importing.combine([read("private.json", file()), read("agconnect-services.json", agconnect("12"))])
    assert raised.value.rule == "import-mismatch"
    assert PROJECT in raised.value.text
    assert "12" in raised.value.text
    with pytest.raises(ProfileError):
        importing.combine([read("a.json", file()), read("b.json", file())])


@given(st.binary() | st.dictionaries(st.text(), st.none() | st.text()).map(lambda each: json.dumps(each).encode()))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    for name in ("x.json", "module.json5"):
        importing.read(name, data)
