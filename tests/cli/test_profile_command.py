"""``pushctl profile`` as it is typed."""

from __future__ import annotations

import io
import json
import os
import plistlib
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pushctl.cli.process import Process
from pushctl.cli.root import run

PROFILES = Path(__file__).parents[2] / "profiles"
P12 = Path(__file__).parents[1] / "vendors" / "apns_files" / "rc2-password.p12"
SAMPLES = sorted(PROFILES.glob("apns-*.toml"))
Pushctl = Callable[..., Any]


@pytest.fixture(scope="module")
def key() -> bytes:
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "config" / "pushctl" / "profiles"


@pytest.fixture
def ios(home: Path, key: bytes) -> Path:
    """A profile called ``ios`` in the user's folder."""
    home.mkdir(parents=True)
    (home / "AuthKey_ABC123DEFG.p8").write_bytes(key)
    path = home / "ios.toml"
    path.write_text(
        "# mine\n"
        'vendor = "apns"\nenvironment = "sandbox"  # Xcode\n\n'
        '[credentials]\nkey = "file:AuthKey_ABC123DEFG.p8"\nkey_id = "ABC123DEFG"\nteam_id = "DEF123GHIJ"\n\n'
        '[app]\nbundle_id = "com.example.app" # the app\n'
    )
    for one in home.iterdir():
        one.chmod(0o600)
    return path


def provision(team: str = "DEF123GHIJ", environment: str = "development") -> bytes:
    table = {
        "TeamIdentifier": [team],
        "Entitlements": {"application-identifier": f"{team}.com.example.app", "aps-environment": environment},
    }
    return b"\x30\x82" + plistlib.dumps(table) + b"\x00"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Samples


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_can_be_used_as_it_is(sample: Path, pushctl: Pushctl, tmp_path: Path) -> None:
    checked = pushctl("profile", "check", str(sample), "--json")
    assert checked.code == 0, checked.out
    document = json.loads(checked.out)
    assert document["ok"] is True
    assert not [one for one in document["findings"] if one["level"] == "error"]
    shutil.copytree(PROFILES, tmp_path / "copied")
    sent = pushctl("send", "-p", f"copied/{sample.name}", "-t", "ab" * 32, "--title", "Hi", "--dry-run")
    assert sent.code == 0, sent.err
    assert "com.example.app" in sent.out


def test_there_is_a_sample_for_each_way_of_authentication() -> None:
    assert [path.stem for path in SAMPLES] == ["apns-certificate", "apns-token"]


# show, check, list, path


def test_show_tells_what_is_inside_and_no_secret(ios: Path, pushctl: Pushctl, key: bytes) -> None:
    for output in ("plain", "human", "json"):
        shown = pushctl("profile", "show", "ios", "-o", output)
        assert shown.code == 0
        assert "ABC123DEFG" in shown.out
        assert "file:AuthKey_ABC123DEFG.p8" in shown.out
        assert key.decode().splitlines()[1] not in shown.out + shown.err
        assert "BEGIN" not in shown.out
    assert json.loads(shown.out)["schema"] == "pushctl/profile/1"


def test_check_finds_what_is_wrong_and_exits_2(ios: Path, pushctl: Pushctl) -> None:
    assert pushctl("profile", "check", "ios").code == 0
    (ios.parent / "AuthKey_ABC123DEFG.p8").write_bytes(b"")
    checked = pushctl("profile", "check", "ios", "--json")
    document = json.loads(checked.out)
    assert (checked.code, document["ok"], document["exit_code"]) == (2, False, 2)
    assert [one["rule"] for one in document["findings"]] == ["secret-empty"]
    assert pushctl("profile", "show", "ios").code == 0  # it shows what there is
    assert pushctl("profile", "check", "ios", env={"PUSHCTL_PROFILE": "other"}).code == 2


def test_check_warns_of_files_that_others_can_read(ios: Path, pushctl: Pushctl) -> None:
    ios.chmod(0o644)
    checked = pushctl("profile", "check", "ios")
    assert checked.code == 0
    assert "chmod 600" in checked.out


@pytest.mark.parametrize(
    "line",
    ['key = "c4nary"', 'kye = "c4nary"', 'key = "env:$c4nary"', 'password = "c4nary"'],
)
def test_a_literal_secret_is_never_shown_under_whatever_key(line: str, ios: Path, pushctl: Pushctl) -> None:
    ios.write_text(f'vendor = "apns"\nenvironment = "sandbox"\n[credentials]\n{line}\n[app]\nbundle_id = "a.b"\n')
    for argv in (("show",), ("check",), ("show", "--json"), ("check", "--json", "-v", "--debug")):
        ran = pushctl("profile", argv[0], "ios", *argv[1:])
        assert "c4nary" not in ran.out + ran.err
    assert ran.code == 2


def test_without_a_name_the_variable_counts_and_without_both_it_is_asked_for(ios: Path, pushctl: Pushctl) -> None:
    assert pushctl("profile", "show", env={"PUSHCTL_PROFILE": "ios"}).code == 0
    assert pushctl("profile", "show").code == 2


def test_list_shows_every_profile_and_what_is_wrong_with_it(ios: Path, pushctl: Pushctl, tmp_path: Path) -> None:
    (ios.parent / "broken.toml").write_text("vendor = ")
    (tmp_path / ".pushctl").mkdir()
    shutil.copy(ios, tmp_path / ".pushctl" / "ios.toml")
    rows = json.loads(pushctl("profile", "list", "--json").out)["profiles"]
    assert [(row["name"], row["origin"], bool(row["problem"]), row["hidden_by"] is not None) for row in rows] == [
        ("ios", "project", False, False),
        ("broken", "user", True, False),
        ("ios", "user", False, True),
    ]
    assert rows[0]["trusted"] is False
    assert "line 1" in pushctl("profile", "list").out


def test_path_prints_paths_alone(ios: Path, pushctl: Pushctl, tmp_path: Path) -> None:
    assert pushctl("profile", "path", "ios").out == f"{ios}\n"
    assert pushctl("profile", "path").out == f"{tmp_path}/.pushctl\n{ios.parent}\n"
    assert pushctl("profile", "path", "none").code == 2


def test_only_check_waits_for_standard_input(ios: Path, pushctl: Pushctl, key: bytes) -> None:
    ios.write_text(ios.read_text().replace("file:AuthKey_ABC123DEFG.p8", "-"))
    assert pushctl("profile", "check", "ios", stdin=key).code == 0
    assert pushctl("profile", "check", "ios", stdin=b"").code == 2
    shown = json.loads(pushctl("profile", "show", "ios", "--json", stdin=b"").out)
    assert [one["rule"] for one in shown["findings"]] == ["secret-unread"]


# add, import


def test_add_writes_a_checked_private_profile(pushctl: Pushctl, tmp_path: Path, home: Path, key: bytes) -> None:
    (tmp_path / "AuthKey_ABC123DEFG.p8").write_bytes(key)
    argv = (
        "profile", "add", "my-ios", "--vendor", "apple", "-e", "development",
        "--set", "credentials.key=file:AuthKey_ABC123DEFG.p8", "--set", "credentials.team_id=DEF123GHIJ",
        "--set", "app.bundle_id=com.example.app", "--set", "network.port=2197", "--set", "defaults.badge:=1",
    )  # fmt: skip
    added = pushctl(*argv)
    assert added.code == 0, added.err
    path = home / "my-ios.toml"
    assert (mode(path), mode(home)) == (0o600, 0o700)
    assert f"file:{tmp_path}/AuthKey_ABC123DEFG.p8" in path.read_text()
    assert "badge = 1" in path.read_text()
    assert pushctl("send", "-p", "my-ios", "-t", "ab" * 32, "--title", "Hi", "--dry-run").code == 0
    again = pushctl(*argv)
    assert (again.code, "already" in again.err) == (2, True)
    assert pushctl(*argv, "--replace").code == 0


def test_add_writes_nothing_that_is_wrong(pushctl: Pushctl, tmp_path: Path, home: Path) -> None:
    rsa_key = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "AuthKey_ABC123DEFG.p8").write_bytes(rsa_key)
    base = ["profile", "add", "x", "--vendor", "apns", "-e", "sandbox", "--set", "app.bundle_id=a.b",
            "--set", "credentials.team_id=DEF123GHIJ"]  # fmt: skip
    for extra, said in (
        (["--set", "credentials.key=file:AuthKey_ABC123DEFG.p8"], "RSA"),
        (["--set", "credentials.key=c4nary"], "literal"),
        (["--set", "credentials.key=file:none.p8"], "there is no file"),
        (["--set", "app.bundel_id=x"], "Did you mean bundle_id"),
        (["--set", "app"], "--set"),
        (["--set", "app=x"], "is a table"),
        (["--set", "network.port=many"], "no number"),
        (["--set", "defaults.badge:={"], "no JSON"),
        (["--set", 'defaults.data:=[{"a": null}]'], "no null"),
        (["--set", "defaults.title=\udcff"], "UTF-8"),
    ):
        ran = pushctl(*base, *extra)
        assert (ran.code, said in " ".join(ran.err.split()), "c4nary" in ran.err) == (2, True, False), ran.err
    assert not list(tmp_path.rglob("x.toml"))


def test_a_variable_that_only_the_ci_has_is_a_warning(pushctl: Pushctl, home: Path) -> None:
    ran = pushctl(
        "profile", "add", "ci", "--vendor", "apns", "-e", "sandbox", "--set", "credentials.key=env:CI_ONLY",
        "--set", "credentials.key_id=ABC123DEFG", "--set", "credentials.team_id=DEF123GHIJ",
        "--set", "app.bundle_id=com.example.app", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.out
    assert [(one["rule"], one["level"]) for one in json.loads(ran.out)["findings"]] == [("secret-env", "warning")]
    assert (home / "ci.toml").is_file()


@pytest.mark.parametrize("name", ["../x", "a/b", "x.toml", "", ".hidden", "a b"])
def test_a_profiles_name_cannot_leave_its_folder(name: str, pushctl: Pushctl, tmp_path: Path) -> None:
    ran = pushctl("profile", "add", name, "--vendor", "apns")
    assert ran.code == 2
    assert not list(tmp_path.rglob("*.toml"))


def test_import_makes_a_profile_of_key_and_provisioning_profile(
    pushctl: Pushctl, tmp_path: Path, home: Path, key: bytes
) -> None:
    (tmp_path / "AuthKey_ABC123DEFG.p8").write_bytes(key)
    (tmp_path / "embedded.mobileprovision").write_bytes(provision())
    ran = pushctl("profile", "import", "AuthKey_ABC123DEFG.p8", "embedded.mobileprovision", "--json")
    assert ran.code == 0, ran.out
    document = json.loads(ran.out)
    assert (document["name"], document["environment"]) == ("app-sandbox", "sandbox")
    assert document["written"] == [str(home / "app-sandbox.toml"), str(home / "AuthKey_ABC123DEFG.p8")]
    assert mode(home / "AuthKey_ABC123DEFG.p8") == 0o600
    (tmp_path / "AuthKey_ABC123DEFG.p8").unlink()  # the copy is enough
    assert pushctl("profile", "check", "app-sandbox").code == 0


def test_import_asks_for_what_no_file_says(pushctl: Pushctl, tmp_path: Path, home: Path) -> None:
    shutil.copy(PROFILES / "sample-push-certificate.pem", tmp_path / "push.pem")
    ran = pushctl("profile", "import", "push.pem")
    assert (ran.code, "environment" in ran.err) == (2, True)
    assert not home.exists()
    assert pushctl("profile", "import", "push.pem", "-e", "production", "--name", "prod").code == 0
    assert 'environment = "production"' in (home / "prod.toml").read_text()


def test_import_wants_the_password_by_reference(pushctl: Pushctl, tmp_path: Path, home: Path) -> None:
    shutil.copy(P12, tmp_path / "push.p12")
    argv = ("profile", "import", "push.p12", "-e", "sandbox", "--name", "ios")
    assert "--password env:NAME" in pushctl(*argv).err
    assert "PW is not set" in pushctl(*argv, "--password", "env:PW").err
    literal = pushctl(*argv, "--password", "c4nary")
    assert (literal.code, "c4nary" in literal.err) == (2, False)
    assert pushctl(*argv, "--password", "-", stdin=b"secret").code == 2
    assert "does not open" in pushctl(*argv, "--password", "env:PW", env={"PW": "wrong"}).err
    assert not home.exists()
    assert pushctl(*argv, "--password", "env:PW", env={"PW": "secret"}).code == 0
    assert 'password = "env:PW"' in (home / "ios.toml").read_text()


def test_import_refuses_what_contradicts_the_files(pushctl: Pushctl, tmp_path: Path, key: bytes) -> None:
    (tmp_path / "AuthKey_ABC123DEFG.p8").write_bytes(key)
    (tmp_path / "a.mobileprovision").write_bytes(provision())
    (tmp_path / "b.mobileprovision").write_bytes(provision(environment="production"))
    both = pushctl("profile", "import", "a.mobileprovision", "b.mobileprovision", "AuthKey_ABC123DEFG.p8")
    assert (both.code, "sandbox" in both.err, "production" in both.err) == (2, True, True)
    flag = pushctl("profile", "import", "AuthKey_ABC123DEFG.p8", "a.mobileprovision", "-e", "production")
    assert (flag.code, "sandbox" in flag.err, "production" in flag.err) == (2, True, True)
    nothing = pushctl("profile", "import", "a.mobileprovision")
    assert nothing.code == 2
    unknown = tmp_path / "notes.txt"
    unknown.write_text("hello")
    assert "no file that a profile" in pushctl("profile", "import", "notes.txt").err


def test_import_keeps_apart_two_files_of_one_name(pushctl: Pushctl, tmp_path: Path, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "push.pem").write_bytes(b"another")
    shutil.copy(PROFILES / "sample-push-certificate.pem", tmp_path / "push.pem")
    assert pushctl("profile", "import", "push.pem", "-e", "sandbox", "--name", "ios").code == 0
    assert (home / "push.pem").read_bytes() == b"another"
    assert "file:ios-push.pem" in (home / "ios.toml").read_text()


# edit, remove, trust


def test_edit_keeps_comments_and_order(ios: Path, pushctl: Pushctl) -> None:
    ran = pushctl("profile", "edit", "ios", "--set", "app.bundle_id=com.example.other", "--set", "defaults.ttl=2h")
    assert ran.code == 0, ran.err
    text = ios.read_text()
    assert 'bundle_id = "com.example.other" # the app' in text
    assert text.startswith("# mine\n")
    assert "# Xcode" in text
    assert pushctl("profile", "edit", "ios", "--unset", "defaults.ttl").code == 0
    assert "ttl" not in ios.read_text()
    assert mode(ios) == 0o600


@pytest.mark.parametrize(
    "argv",
    [
        ("--set", "environment=staging"),
        ("--set", "credentials.key=c4nary"),
        ("--set", "app.x=1"),
        ("--set", "a.b.c=1"),
        ("--unset", "defaults.ttl"),
        ("--unset", "app.bundle_id"),
        (),
    ],
)
def test_an_edit_that_is_wrong_changes_nothing(argv: tuple[str, ...], ios: Path, pushctl: Pushctl) -> None:
    before = ios.read_bytes()
    ran = pushctl("profile", "edit", "ios", *argv)
    assert (ran.code, "c4nary" in ran.out + ran.err) == (2, False)
    assert ios.read_bytes() == before


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def at_terminal(*argv: str, typed: str = "", env: dict[str, str] | None = None) -> tuple[int, str]:
    out, err = io.StringIO(), Terminal()
    code = run(list(argv), Process({**os.environ, **(env or {})}, Path.cwd(), Terminal(typed), out, err))
    return code, out.getvalue() + err.getvalue()


def test_an_editor_changes_a_copy_that_replaces_the_profile_when_it_is_valid(ios: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/com.example.app/com.example.edited/ "$1"\n')
    editor.chmod(0o755)
    code, said = at_terminal("profile", "edit", "ios", env={"VISUAL": str(editor)})
    assert code == 0, said
    assert "com.example.edited" in ios.read_text()
    editor.write_text('#!/bin/sh\necho broken >> "$1"\n')
    code, said = at_terminal("profile", "edit", "ios", env={"VISUAL": str(editor)})
    assert (code, "your text is in" in " ".join(said.split())) == (2, True)
    assert "broken" not in ios.read_text()
    editor.write_text("#!/bin/sh\nexit 3\n")
    assert at_terminal("profile", "edit", "ios", env={"VISUAL": str(editor)})[0] == 2
    assert at_terminal("profile", "edit", "ios", env={"VISUAL": str(tmp_path / "none")})[0] == 2
    assert at_terminal("profile", "edit", "ios")[0] == 2


def test_add_at_a_terminal_asks(tmp_path: Path, home: Path, key: bytes) -> None:
    (tmp_path / "AuthKey_ABC123DEFG.p8").write_bytes(key)
    answers = ["apns", "sandbox", "com.example.app", "", "AuthKey_ABC123DEFG.p8", "", "DEF123GHIJ", "", "", "asked"]
    code, said = at_terminal("profile", "add", typed="\n".join(answers) + "\n")
    assert code == 0, said
    assert f'key = "file:{tmp_path}/AuthKey_ABC123DEFG.p8"' in (home / "asked.toml").read_text()
    code, said = at_terminal("profile", "add", typed="")
    assert (code, "no answer" in said) == (2, True)
    assert at_terminal("profile", "add", "--no-input")[0] == 2


def test_remove_takes_the_key_files_that_nobody_else_uses(ios: Path, pushctl: Pushctl) -> None:
    key = ios.parent / "AuthKey_ABC123DEFG.p8"
    second = ios.parent / "second.toml"
    shutil.copy(ios, second)
    assert pushctl("profile", "remove", "ios").code == 2  # nobody can be asked
    assert ios.exists()
    assert pushctl("profile", "remove", "ios", "--yes").code == 0
    assert (ios.exists(), key.exists()) == (False, True)
    assert pushctl("profile", "remove", "second", "--yes").code == 0
    assert not key.exists()
    assert pushctl("profile", "remove", "second", "--yes").code == 2


def test_trust_lets_a_projects_profile_read_the_environment(
    ios: Path, pushctl: Pushctl, tmp_path: Path, key: bytes
) -> None:
    project = tmp_path / ".pushctl" / "team.toml"
    project.parent.mkdir()
    project.write_text(ios.read_text().replace("file:AuthKey_ABC123DEFG.p8", "env:KEY"))
    project.chmod(0o600)
    env = {"KEY": key.decode()}
    refused = pushctl("profile", "check", "team", "--json", env=env)
    assert refused.code == 2
    assert json.loads(refused.out)["findings"][0]["rule"] == "profile-untrusted"
    asked = pushctl("profile", "trust", "team", env=env)
    assert (asked.code, "env:KEY" in asked.err) == (2, True)
    assert pushctl("profile", "trust", "team", "--yes", env=env).code == 0
    assert pushctl("profile", "check", "team", env=env).code == 0
    assert pushctl("profile", "edit", "team", "--set", "defaults.ttl=1h", env=env).code == 0
    assert pushctl("profile", "check", "team", env=env).code == 0  # an edit through pushctl keeps it trusted
    project.write_text(project.read_text() + "# changed by somebody\n")
    assert pushctl("profile", "check", "team", env=env).code == 2
    assert pushctl("profile", "trust", "team", "--yes", env=env).code == 0
    assert pushctl("profile", "trust", "team", "--revoke", env=env).code == 0
    assert pushctl("profile", "check", "team", env=env).code == 2
