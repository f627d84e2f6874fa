from __future__ import annotations

import base64
import dataclasses
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.config import profiles, secrets, trust
from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.core.vendor import Card
from pushctl.core.verdict import ExitCode

CANARY = "c4nary-secret-value"
Make = Callable[..., profiles.Profile]


def no_stdin() -> bytes:
    raise AssertionError("nobody asked for standard input")


def resolve(profile: profiles.Profile, card: Card, environ: Mapping[str, str] = {}, stdin: Any = no_stdin) -> Any:
    return secrets.resolve_all(profile, card, {"PUSHCTL_CONFIG_DIR": "/nowhere", **environ}, stdin)


def key(profile: profiles.Profile, card: Card, environ: Mapping[str, str] = {}, stdin: Any = no_stdin) -> Secret:
    value = resolve(profile, card, environ, stdin)["credentials"]["key"]
    assert isinstance(value, Secret)
    return value


def refused(profile: profiles.Profile, card: Card, environ: Mapping[str, str] = {}, stdin: Any = no_stdin) -> str:
    with pytest.raises(ProfileError) as caught:
        resolve(profile, card, environ, stdin)
    error = caught.value
    assert error.exit_code is ExitCode.USAGE
    said = f"{error.text} {error.fix} {error.where} {error.finding()}"
    assert CANARY not in said
    assert error.__cause__ is None  # nor in a chained one
    return said


# What works


def test_a_file_is_relative_to_the_profile(make: Make, card: Card) -> None:
    profile = make('key = "file:key.p8"')
    (profile.folder / "key.p8").write_bytes(b"one\ntwo\n")
    secret = key(profile, card)
    assert secret.reveal_bytes() == b"one\ntwo\n"
    assert (secret.shown, secret.about) == ("$PUSHCTL_KEY", "file:key.p8")


def test_a_file_may_be_absolute_or_in_the_home_folder(make: Make, card: Card, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"x")
    assert key(make(f'key = "file:{tmp_path}/key"'), card).reveal() == "x"
    assert key(make('key = "file:~/key"'), card).reveal() == "x"


def test_one_line_of_text_loses_its_line_end_and_binary_does_not(make: Make, card: Card) -> None:
    profile = make('key = "file:key"')
    (profile.folder / "key").write_bytes(b"password\r\n")
    assert key(profile, card).reveal() == "password"
    (profile.folder / "key").write_bytes(b"\x30\x82\n")
    assert key(profile, card).reveal_bytes() == b"\x30\x82\n"


def test_a_variable_is_taken_and_named_in_place_of_its_value(make: Make, card: Card) -> None:
    secret = key(make('key = "env:APNS_KEY"'), card, {"APNS_KEY": CANARY})
    assert secret.reveal() == CANARY
    assert secret.shown == "$APNS_KEY"


@pytest.mark.parametrize("spoil", [lambda t: t, lambda t: t[:9] + "\n " + t[9:] + "\n", lambda t: t.rstrip("=")])
def test_base64_forgives_newlines_blanks_and_missing_padding(make: Make, card: Card, spoil: Any) -> None:
    packed = base64.b64encode(b"\x00\xffkey material").decode()
    assert key(make('key = "base64-env:K"'), card, {"K": spoil(packed)}).reveal_bytes() == b"\x00\xffkey material"


def test_standard_input_is_read_once(make: Make, card: Card) -> None:
    assert key(make('key = "-"'), card, stdin=lambda: b"from stdin\n").reveal() == "from stdin"
    assert "Two fields want standard input" in refused(make('key = "-"\npassword = "-"'), card)


def test_a_field_that_is_no_secret_may_come_from_a_variable(make: Make, card: Card) -> None:
    assert resolve(make('key_id = "env:ID"'), card, {"ID": " ABC \n"})["credentials"] == {"key_id": "ABC"}
    assert resolve(make('key_id = "ABC"'), card)["credentials"] == {"key_id": "ABC"}


def test_a_proxy_with_a_password_comes_as_a_secret(make: Make, card: Card) -> None:
    profile = make(more='[network]\nproxy = "env:PROXY"')
    proxy = resolve(profile, card, {"PROXY": f"http://u:{CANARY}@host:1"})["network"]["proxy"]
    assert isinstance(proxy, Secret)
    assert "network.proxy holds a password" in refused(
        make(more=f'[network]\nproxy = "http://u:{CANARY}@host:1"'), card
    )


def test_the_keyring_is_asked(make: Make, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = types.ModuleType("keyring")
    ring.get_password = lambda service, name: {("pushctl", "my/ios"): "found"}.get((service, name))  # type: ignore[attr-defined]
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = RuntimeError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert key(make('key = "keyring:pushctl/my/ios"'), card).reveal() == "found"
    assert "no such entry" in refused(make('key = "keyring:pushctl/other"'), card)

    def locked(*_: str) -> str:
        raise RuntimeError(CANARY)

    ring.get_password = locked  # type: ignore[attr-defined]
    assert "cannot be read" in refused(make('key = "keyring:pushctl/other"'), card)


# What does not


def test_without_the_keyring_package_the_extra_is_named(
    make: Make, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pushctl[keyring]" in refused(make('key = "keyring:pushctl/ios"'), card)


@pytest.mark.parametrize(
    "literal",
    [
        CANARY,
        f"{CANARY}:x",
        f"fil:{CANARY}",
        f"ENV:{CANARY}",
        f"-{CANARY}",
        f"env:${CANARY}",
        f"env:{CANARY}",  # has a dash: no variable's name, so it is not quoted
        f"base64-env:{CANARY}=",
        f"keyring:{CANARY}",
        "",
        "file:",
        "env:",
        f"-----BEGIN PRIVATE KEY-----\\n{CANARY}",
    ],
)
def test_a_literal_secret_is_refused_and_not_repeated(literal: str, make: Make, card: Card) -> None:
    assert "credentials.key" in refused(make(f'key = "{literal}"'), card)


@pytest.mark.parametrize(
    ("reference", "environ", "said"),
    [
        ("file:none.p8", {}, "there is no file"),
        ("file:folder", {}, "is a folder"),
        ("file:empty", {}, "is empty"),
        ("file:blank", {}, "is empty"),
        ("file:large", {}, "larger than 1 MiB"),
        ("file:~nobody-here/key", {}, "there is no file"),
        ("env:NONE", {}, "the variable NONE is not set"),
        ("env:EMPTY", {"EMPTY": ""}, "is empty"),
        ("env:LARGE", {"LARGE": "x" * (1 << 20) + "xx"}, "larger than 1 MiB"),
        ("base64-env:K", {"K": f"!{CANARY}!"}, "does not hold base64"),
        ("base64-env:K", {"K": "A"}, "does not hold base64"),
        ("base64-env:K", {"K": "ä"}, "does not hold base64"),
        ("base64-env:K", {"K": ""}, "is empty"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_by_its_field(
    reference: str, environ: dict[str, str], said: str, make: Make, card: Card
) -> None:
    profile = make(f'key = "{reference}"')
    (profile.folder / "folder").mkdir()
    (profile.folder / "empty").touch()
    (profile.folder / "blank").write_bytes(b" \n\n")
    (profile.folder / "large").write_bytes(bytes((1 << 20) + 1))
    text = refused(profile, card, environ)
    assert said in text
    assert "credentials.key" in text


def test_empty_standard_input_is_told(make: Make, card: Card) -> None:
    assert "standard input) is empty" in refused(make('key = "-"'), card, stdin=lambda: b"")


def test_a_public_field_that_is_binary_is_told(make: Make, card: Card) -> None:
    assert "is not text" in refused(make('key_id = "env:ID"'), card, {"ID": "\udcff"})


# Profiles that came with a project


@pytest.mark.parametrize(
    ("credentials", "more"),
    [
        ('key = "env:AWS_SECRET"', ""),
        ('key = "base64-env:AWS_SECRET"', ""),
        ('key = "keyring:a/b"', ""),
        ('key_id = "env:AWS_SECRET"', ""),
        ('key = "file:../outside"', ""),
        ('key = "file:/etc/passwd"', ""),
        ('key = "file:~/.ssh/id_rsa"', ""),
        ('key = "file:link"', ""),
        ("", '[network]\nendpoint = "https://evil.example"'),
        ("", '[network]\nproxy = "http://evil.example:1"'),
        ("", '[network]\nca_bundle = "evil.pem"'),
    ],
)
def test_a_project_profile_reaches_nothing_outside_before_it_is_trusted(
    credentials: str, more: str, make: Make, card: Card, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text(CANARY)
    profile = make(credentials, more=more, project=True)
    (profile.folder / "link").symlink_to(tmp_path / "outside")
    environ = {"AWS_SECRET": CANARY, "PUSHCTL_CONFIG_DIR": str(tmp_path / "config")}
    text = refused(profile, card, environ)
    assert "pushctl profile trust toy" in text
    trust.require(make(credentials, more=more), ["anything"], environ)  # one's own may do all of it


def test_a_project_profile_may_use_what_lies_beside_it(make: Make, card: Card) -> None:
    profile = make('key = "file:key.p8"', more="[network]\nport = 2197\ntimeout = 3", project=True)
    (profile.folder / "key.p8").write_bytes(b"x")
    assert key(profile, card).reveal() == "x"


def test_trust_is_in_the_content_and_can_be_taken_back(make: Make, card: Card, tmp_path: Path) -> None:
    environ = {"PUSHCTL_CONFIG_DIR": str(tmp_path / "config"), "K": "value"}
    profile = make('key = "env:K"', project=True)
    remembered = trust.trust(profile, environ)
    assert remembered.stat().st_mode & 0o777 == 0o600
    assert key(profile, card, environ).reveal() == "value"
    changed = make('key = "env:K" # changed', project=True)
    assert not trust.is_trusted(changed, environ)
    assert trust.is_trusted(make('key = "env:K"', project=True), environ)
    trust.forget(profile, environ)
    assert not trust.is_trusted(profile, environ)


@pytest.mark.parametrize("content", ["", "null", "{", '{"schema": "other", "profiles": {}}', "[]", '{"schema": 1}'])
def test_a_broken_memory_trusts_nobody(content: str, make: Make, tmp_path: Path) -> None:
    environ = {"PUSHCTL_CONFIG_DIR": str(tmp_path)}
    (tmp_path / "trust.json").write_text(content)
    profile = make(project=True)
    assert not trust.is_trusted(profile, environ)
    trust.trust(profile, environ)
    assert trust.is_trusted(profile, environ)


# The parser


@given(st.text())
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    try:
        reference = secrets.parse(text, "credentials.key")
    except ProfileError:
        return
    assert str(reference) == text
    assert secrets.is_reference(text)


@given(st.text(alphabet="abcdefghijkl:/-=$", min_size=12))
def test_what_is_refused_is_never_quoted(text: str) -> None:
    try:
        secrets.parse(text, "credentials.key")
    except ProfileError as error:
        said = f"{error.text} {error.fix} {error.where}"
    else:
        said = ""
    assert text not in said


@given(
    kind=st.sampled_from(["file", "keyring"]), value=st.from_regex(r"[a-z][a-z ./:]{0,9}/[^\0\n]{1,9}", fullmatch=True)
)
def test_a_reference_reads_back_as_it_was_written(kind: Any, value: str) -> None:
    assert secrets.parse(f"{kind}:{value}", "x") == secrets.Reference(kind, value)


def test_files_that_others_can_read_are_warned_about(make: Make, card: Card) -> None:
    checked_out = make('key = "file:key.p8"')
    profile = dataclasses.replace(checked_out, origin="user")
    secret = profile.folder / "key.p8"
    secret.write_bytes(b"x")
    secret.chmod(0o600)
    assert list(profiles.exposure(profile, secrets.secret_files(profile, card))) == []
    profile.path.chmod(0o644)
    secret.chmod(0o640)
    found = list(profiles.exposure(profile, secrets.secret_files(profile, card)))
    assert [(one.rule, one.level) for one in found] == [("profile-exposed", "warning"), ("secret-exposed", "warning")]
    found = list(profiles.exposure(checked_out, secrets.secret_files(checked_out, card)))
    assert [one.rule for one in found] == ["secret-exposed"], "a checkout cannot be private, a key must be"
