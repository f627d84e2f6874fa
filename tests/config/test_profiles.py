from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from pushctl.config import profiles
from pushctl.core.errors import ProfileError
from pushctl.core.vendor import Card
from pushctl.core.verdict import ExitCode

SMALLEST = b'vendor = "apns"\nenvironment = "sandbox"\n'


def put(folder: Path, name: str, content: bytes = SMALLEST) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_bytes(content)
    return path


# Where a profile is looked for


def test_folder_project_and_user_come_in_this_order(tmp_path: Path) -> None:
    environ = {"PUSHCTL_PROFILE_DIR": str(tmp_path / "own"), "PUSHCTL_CONFIG_DIR": str(tmp_path / "config")}
    user = put(tmp_path / "config" / "profiles", "ios")
    assert profiles.load("ios", environ, tmp_path).origin == "user"
    project = put(tmp_path / ".pushctl", "ios")
    assert profiles.load("ios", environ, tmp_path).path == project
    own = put(tmp_path / "own", "ios")
    found = profiles.load("ios", environ, tmp_path)
    assert (found.path, found.origin, found.name) == (own, "folder", "ios")
    hidden = [(place.path, place.hidden_by) for place in profiles.places(environ, tmp_path)]
    assert hidden == [(own, None), (project, own), (user, own)]


@pytest.mark.parametrize("spelling", ["sub/ios.toml", "./sub/ios.toml", "~/sub/ios.toml"])
def test_a_path_names_a_file_and_the_profile_is_called_as_the_file(spelling: str, tmp_path: Path) -> None:
    put(tmp_path / "sub", "ios")
    found = profiles.load(spelling, {}, tmp_path)
    assert (found.name, found.origin) == ("ios", "path")


def test_a_project_profile_named_by_its_path_is_still_the_projects(tmp_path: Path) -> None:
    put(tmp_path / "repository" / ".pushctl", "ios")
    (tmp_path / "link").symlink_to(tmp_path / "repository" / ".pushctl")
    assert profiles.load("repository/.pushctl/ios.toml", {}, tmp_path).origin == "project"
    assert profiles.load("link/ios.toml", {}, tmp_path).origin == "project"


def test_a_folder_that_the_environment_names_is_the_users_word_for_it(tmp_path: Path) -> None:
    put(tmp_path / ".pushctl", "ios")
    environ = {"PUSHCTL_PROFILE_DIR": ".pushctl"}
    assert profiles.load("ios", environ, tmp_path).origin == "folder"
    assert profiles.load(".pushctl/ios.toml", environ, tmp_path).origin == "folder"


def test_the_users_own_profile_named_by_its_path_is_still_the_users(tmp_path: Path) -> None:
    path = put(tmp_path / "config" / "profiles", "ios")
    assert profiles.load(str(path), {"PUSHCTL_CONFIG_DIR": str(tmp_path / "config")}, tmp_path).origin == "user"


def test_an_unknown_name_gets_close_names_and_the_folders(tmp_path: Path) -> None:
    put(tmp_path / ".pushctl", "my-ios")
    with pytest.raises(ProfileError) as caught:
        profiles.load("my-iso", {"PUSHCTL_CONFIG_DIR": "/nowhere"}, tmp_path)
    assert "my-ios" in caught.value.fix
    assert str(tmp_path / ".pushctl") in caught.value.text
    assert "/nowhere/profiles" in caught.value.text
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.rule == "profile-not-found"


def test_a_name_that_lies_here_as_a_file_is_pointed_at(tmp_path: Path) -> None:
    put(tmp_path, "ios")
    with pytest.raises(ProfileError) as caught:
        profiles.load("ios", {}, tmp_path)
    assert "-p ios.toml" in caught.value.fix


@pytest.mark.parametrize("name", ["", " ", "-x", "a b", "a\0b"])
def test_what_is_no_name_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no name for a profile"):
        profiles.load(name, {}, tmp_path)


def test_nothing_at_all_points_to_the_sandbox(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.load("ios", {}, tmp_path)
    assert "--sandbox" in caught.value.fix


# What a file may look like


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    put(tmp_path, "ios", b"\xef\xbb\xbf" + SMALLEST.replace(b"\n", b"\r\n"))
    assert profiles.load("ios.toml", {}, tmp_path).vendor == "apns"


@pytest.mark.parametrize(
    ("content", "said", "place"),
    [
        (b'vendor = "apns"\nenvironment = sandbox\n', "line 2, column 15", ":2:15"),
        (b'vendor = "apns"\n[app\n', "line 2, column 5", ":2:5"),
        (b'vendor = "apns', "end of the file", ":1:15"),
        (b'vendor = "a"\nvendor = "b"\n', "line 2", ":2:"),
        (b'vendor = "apns"\n# \xff\n', "line 2, byte 3", ":2:3"),
        ("vendor".encode("utf-16"), "UTF-16", ":1:1"),
    ],
)
def test_broken_files_are_told_with_their_place(content: bytes, said: str, place: str, tmp_path: Path) -> None:
    put(tmp_path, "ios", content)
    with pytest.raises(ProfileError) as caught:
        profiles.load("ios.toml", {}, tmp_path)
    assert said in caught.value.text
    assert place in caught.value.where
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "said", "fix"),
    [
        ('environment = "sandbox"', "does not say which vendor", "vendor ="),
        ("vendor = 1", "vendor in", "text"),
        ('vendor = "apns"\nenvironment = 5', "environment in", "environment ="),
        ('vendor = "apns"\nvendro = "x"', "'vendro'", "Did you mean vendor?"),
        ('vendor = "apns"\ncredentials = "x"', "must be a table", "[credentials]"),
        ('vendor = "apns"\n[credentials]\nkey = 5', "credentials.key", "quotes"),
        ('vendor = "apns"\n[app]\nbundle_id = ["a"]', "app.bundle_id", "quotes"),
        ('vendor = "apns"\n[network]\nprox = "x"', "'prox' in [network]", "Did you mean proxy?"),
        ('vendor = "apns"\n[network]\nport = 70000', "from 1 to 65535", "2197"),
        ('vendor = "apns"\n[network]\nport = true', "from 1 to 65535", "2197"),
        ('vendor = "apns"\n[network]\ntimeout = -1', "above 0", "seconds"),
        ('vendor = "apns"\n[network]\ntimeout = nan', "above 0", "seconds"),
        ('vendor = "apns"\n[network]\nca_bundle = ""', "must be text", "CA certificates"),
    ],
)
def test_wrong_keys_and_types_are_told(content: str, said: str, fix: str, tmp_path: Path) -> None:
    put(tmp_path, "ios", content.encode())
    with pytest.raises(ProfileError) as caught:
        profiles.load("ios.toml", {}, tmp_path)
    assert said in caught.value.text + caught.value.fix
    assert fix in caught.value.text + caught.value.fix


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "ios.toml").mkdir()
    with pytest.raises(ProfileError, match="is a folder"):
        profiles.load("ios.toml", {}, tmp_path)
    with pytest.raises(ProfileError, match="there is no file"):
        profiles.load("none.toml", {}, tmp_path)


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "ios")

    def denied(*_: Any) -> int:  # as root, a mode denies nothing
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", denied)
    with pytest.raises(ProfileError, match="may not read") as caught:
        profiles.load("ios.toml", {}, tmp_path)
    assert "chmod" in caught.value.fix


def test_a_ca_bundle_is_relative_to_the_profile(tmp_path: Path) -> None:
    put(tmp_path / "sub", "ios", SMALLEST + b'[network]\nca_bundle = "ca.pem"\n')
    assert profiles.load("sub/ios.toml", {}, tmp_path).network["ca_bundle"] == str(tmp_path / "sub" / "ca.pem")


# What the vendor knows


def table(**tables: Any) -> profiles.Profile:
    complete = {"vendor": "toy", "environment": "sandbox", "app": {"bundle_id": "com.example.app"}, **tables}
    return profiles.from_table("toy", complete, origin="user")


def test_an_alias_of_an_environment_becomes_the_vendors_word(card: Card) -> None:
    assert profiles.fit(table(environment="Development"), card).environment == "sandbox"


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"environment": ""}, "does not say which environment"),
        ({"environment": "staging"}, "no environment 'staging'"),
        ({"credentials": {"keyid": "x"}}, "Did you mean key_id?"),
        ({"app": {"bundle-id": "x"}}, "Did you mean bundle_id?"),
        ({"app": {}}, "app.bundle_id is missing"),
        ({"defaults": {"titel": "x"}}, "Did you mean title?"),
        ({"defaults": {"payload": "x"}}, "unknown key 'payload' in [defaults]"),
    ],
)
def test_what_the_vendor_does_not_know_is_told(tables: dict[str, Any], said: str, card: Card) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.fit(table(**tables), card)
    assert said in f"{caught.value.text} {caught.value.fix}"
    assert caught.value.exit_code is ExitCode.USAGE


def test_defaults_are_the_message_flags_and_the_vendors_own(card: Card) -> None:
    known = profiles.default_keys(card)
    assert {"title", "ttl", "class", "set", "header", "push_type", "silent", "data"} <= set(known)
    assert not {"raw", "options", "klass", "assignments"} & set(known)
    assert profiles.fit(table(defaults={"push-type": "alert"}), card).defaults == {"push_type": "alert"}


@given(
    tables=st.fixed_dictionaries(
        {
            "vendor": st.text(min_size=1),
            "environment": st.text(),
            "credentials": st.dictionaries(st.text(), st.text()),
            "app": st.dictionaries(st.text(), st.text()),
            "defaults": st.dictionaries(
                st.text(alphabet="abc_", min_size=1), st.integers() | st.text() | st.booleans()
            ),
        }
    )
)
def test_what_is_written_is_what_is_read(tables: dict[str, Any]) -> None:
    read = profiles.parse(tomli_w.dumps(tables).encode("utf-8", "surrogatepass"), Path("x.toml"))
    assert {key: getattr(read, key) for key in tables} == tables


@given(st.binary())
def test_no_bytes_give_anything_but_a_profile_or_a_clear_error(data: bytes) -> None:
    try:
        said = profiles.parse(data, Path("x.toml")).vendor
    except ProfileError as error:
        said = error.text
    assert said
