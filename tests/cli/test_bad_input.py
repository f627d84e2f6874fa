"""Bad input of every kind: one clear message, the right exit code, no traceback and no "internal error"."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pushctl.cli.process import Process
from pushctl.cli.root import run

PROJECT = Path(__file__).parents[2]
TOKEN = "ab" * 32
DIGITS = "9" * 5000
DEEP = "[" * 100_000
PROFILE = """\
vendor = "apns"
environment = "sandbox"
[credentials]
key = "file:AuthKey_ABC123DEFG.p8"
key_id = "ABC123DEFG"
team_id = "DEF123GHIJ"
[app]
bundle_id = "com.example.app"
"""

# name of a file, its content, the option that reads it, what must be said
FILES = [
    ("big.json", '{"aps":{"alert":"x"},"a":' + DIGITS + "}", "--payload", "thousands of digits"),
    ("deep.json", '{"a":' + DEEP, "--payload", "nested too deeply"),
    ("nan.json", '{"aps":{"alert":"x"},"a":NaN}', "--payload", "NaN is not JSON"),
    ("utf16.json", '{"aps":{}}'.encode("utf-16"), "--payload", "byte order mark"),
    ("latin.json", b'{"aps":{"alert":"\xe9"}}', "--payload", "not UTF-8 at byte 17"),
    ("array.json", "[1]", "--payload", "holds an array"),
    ("page.html", "<html>", "--payload", "line 1, column 1"),
    ("big.json", '{"data":{"a":' + DIGITS + "}}", "--message", "thousands of digits"),
    ("big.toml", "[data]\na=" + DIGITS, "--message", "thousands of digits"),
    ("deep.toml", "data.a=" + DEEP, "--message", "nested too deeply"),
    ("latin.toml", b'title="\xff"', "--message", "not UTF-8 at byte 7"),
    ("big.jsonl", '{"token":' + DIGITS + "}", "--tokens", "line 1 is not JSON: a huge number"),
    ("deep.jsonl", '{"token":' + DEEP, "--tokens", "nested too deeply"),
    ("array.json", json.dumps([TOKEN, TOKEN]), "--tokens", "is a JSON array"),
    ("wide.csv", f"token,x\n{TOKEN},{'x' * 200_000}", "--tokens", "is no CSV"),
    ("latin.txt", b"\xe9", "--tokens", "not UTF-8 at byte 0"),
]


@pytest.mark.parametrize(("name", "content", "option", "said"), FILES, ids=[f"{row[2]} {row[0]}" for row in FILES])
def test_a_file_that_is_not_what_it_should_be(
    pushctl: Any, tmp_path: Path, name: str, content: str | bytes, option: str, said: str
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    told(pushctl("send", "--sandbox", "apns", option, name, "--json"), name, said)


READERS = [
    ["send", "--sandbox", "apns", "--payload"],
    ["send", "--sandbox", "apns", "--message"],
    ["send", "--sandbox", "apns", "--title", "Hi", "--tokens"],
    ["explain", "apns", "--http-status", "400", "--body"],
    ["lint", "--vendor", "apns", "--payload"],
]


@pytest.mark.parametrize("argv", READERS, ids=[f"{argv[0]} {argv[-1]}" for argv in READERS])
def test_a_file_that_cannot_be_read(pushctl: Any, tmp_path: Path, argv: list[str]) -> None:
    for name in ("absent", "~no-such-user/x", "x" * 5000):
        told(pushctl(*argv, name, "--json"), argv[-1], "cannot be read")
    told(pushctl(*argv, "", "--json"), argv[-1], "names no file")
    told(pushctl(*argv, str(tmp_path), "--json"), argv[-1], "cannot be read")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
@pytest.mark.parametrize("argv", READERS, ids=[f"{argv[0]} {argv[-1]}" for argv in READERS])
def test_a_file_without_end_is_not_read_to_its_end(pushctl: Any, argv: list[str]) -> None:
    told(pushctl(*argv, "/dev/zero", "--json"), "is larger than")


@pytest.mark.skipif(os.name == "nt", reason="named pipes of POSIX")
def test_a_pipe_is_a_file_like_any_other(shell: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = subprocess.Popen(["sh", "-c", f"echo {TOKEN} > pipe"], cwd=tmp_path)
    ran = shell("send", "--sandbox", "apns", "--title", "Hi", "--tokens", "pipe", "--dry-run", "--json")
    writer.wait(10)
    assert [one["url"][-64:] for one in json.loads(ran.out)["requests"]] == [TOKEN]


OPTIONS = [
    (["--payload", '{"aps":{"alert":"\udcff"}}'], "not UTF-8"),
    (["--set", f"a:={DIGITS}"], "--set a holds a number with thousands of digits"),
    (["--set", f"a:={DEEP}"], "nested too deeply"),
    (["--title", "\udcff"], "half of a surrogate pair"),
    (["--header", "apns-topic:=[1]"], "The header apns-topic cannot be [1]"),
    (["--header", "apns-topic=a\nb"], "control character"),
    (["--header", "a b=c"], "no name for a header"),
    (["--header", "content-length=5"], "about the connection"),
    (["--push-type", ""], "--push-type is empty"),
    (["--profile", ""], "--profile is empty"),
    (["--scenario", ""], "--scenario is empty"),
    (["--endpoint", ""], "--endpoint is empty"),
    (["--ca-bundle", ""], "--ca-bundle is empty"),
    (["--ca-bundle", "~no-such-user/x"], "cannot be read"),
    (["--endpoint", "x y"], "--endpoint 'x y' is no address"),
    (["--endpoint", "https://"], "--endpoint 'https://' is no address"),
    (["--endpoint", "https://h:99999"], "is no address"),
    (["--timeout", "0"], "not a positive number of seconds"),
    (["--timeout", "-1"], "is no duration"),
    (["--timeout", "999999999999"], "longer than a day"),
    (["--badge", "x"], "--badge"),
    (["--title", "--silent"], "--title needs a value"),
    (["-p", "x" * 5000], "There is no profile"),
]


@pytest.mark.parametrize(("argv", "said"), OPTIONS, ids=[" ".join(argv)[:40] for argv, _ in OPTIONS])
def test_an_option_that_cannot_be(pushctl: Any, argv: list[str], said: str) -> None:
    title = [] if {"--title", "--payload"} & set(argv) else ["--title", "Hi"]
    told(pushctl("send", "--sandbox", "apns", *title, *argv, "--json"), said)


@pytest.mark.parametrize("status", ["99999", "-5", "0"])
def test_an_http_status_that_is_none(pushctl: Any, status: str) -> None:
    told(pushctl("explain", "apns", "--http-status", status, "--json"), f"--http-status {status} is no HTTP status")


PROFILES = [
    ("a=" + DEEP, "tables within tables"),
    ("a=" + DIGITS, "a number without end"),
    ('vendor="apns\n', "line 1, column 13"),
    ('vendr="apns"', "Did you mean vendor?"),
    (PROFILE + "[defaults]\nheaders={a='b'}", "Did you mean header?"),
    (PROFILE + "[network]\ntimeout=999999999999", "no file"),
]


@pytest.mark.parametrize(("content", "said"), PROFILES, ids=[said for _, said in PROFILES])
def test_a_profile_that_is_none(pushctl: Any, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "ios.toml").write_text(content)
    told(pushctl("send", "-p", "./ios.toml", "-t", TOKEN, "--title", "Hi", "--dry-run", "--json"), "ios.toml", said)


@pytest.mark.parametrize("value", [DEEP, DIGITS, "{"])
def test_an_edit_with_a_value_that_is_none(pushctl: Any, tmp_path: Path, value: str) -> None:
    (tmp_path / "ios.toml").write_text(PROFILE)
    ran = pushctl("profile", "edit", "./ios.toml", "--set", f"app.bundle_id:={value}", "--json")
    told(ran, "The value of --set app.bundle_id is no JSON")
    assert (tmp_path / "ios.toml").read_text() == PROFILE


def test_headers_have_a_default_like_any_other_flag(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "ios.toml").write_text(PROFILE + '[defaults]\nheader = {apns-priority = "5"}\n')
    ran = pushctl("send", "--sandbox", "apns", "-p", "./ios.toml", "--title", "Hi", "--dry-run", "--json")
    assert json.loads(ran.out)["requests"][0]["headers"]["apns-priority"] == "5"


def test_broken_state_of_the_sandbox_is_made_again(pushctl: Any, tmp_path: Path, sandbox_home: Path) -> None:
    for content in ("[" * 100_000, '{"pid": -99999999999999999999, "via": {"a": ["127.0.0.1", 1]}, "folders": {}}', ""):
        (tmp_path / "running.json").write_text(content)
        ran = pushctl("send", "--sandbox", "apns", "--title", "Hi", "--json", env={"PUSHCTL_SANDBOX": str(tmp_path)})
        assert "is broken" in finding(ran, 1)["text"]


def test_a_sandbox_elsewhere_is_none_and_is_not_called(pushctl: Any, tmp_path: Path) -> None:
    told_there = {"pid": 1, "via": {"a": ["192.0.2.1", 1]}, "folders": {}, "ca": "x", "scenario": None}
    (tmp_path / "running.json").write_text(json.dumps(told_there))
    ran = pushctl("send", "--sandbox", "apns", "--title", "Hi", "--json", env={"PUSHCTL_SANDBOX": str(tmp_path)})
    assert "is broken" in finding(ran, 1)["text"]


def test_the_sandbox_does_not_mind_a_proxy_of_the_environment(pushctl: Any) -> None:
    ran = pushctl("send", "--sandbox", "apns", "--title", "Hi", env={"ALL_PROXY": "socks5://127.0.0.1:1080"})
    assert ran.code == 0, ran.err


@pytest.mark.skipif(os.name == "nt", reason="descriptors are closed by a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "argv", "code"),
    [
        (">&-", "send --sandbox apns --title Hi", 0),
        (">&-", "send --sandbox apns --title Hi --json", 0),
        (">&-", "send --sandbox apns --scenario token-dead --title Hi", 3),
        (">&-", "--version", 0),
        ("2>&-", "send --sandbox apns --title Hi -v", 0),
        ("2>&-", "send --sandbox apns --titel Hi", 2),
        ("<&- >&- 2>&-", "send --sandbox apns --title Hi", 0),
        ("<&-", "send --sandbox apns --payload -", 2),
        ("<&-", "send --sandbox apns --title Hi -t -", 2),
    ],
)
def test_a_closed_stream_changes_no_verdict(closed: str, argv: str, code: int) -> None:
    ran = in_shell(f'exec "$PYTHON" -m pushctl {argv} {closed}')
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "internal" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
def test_a_working_folder_that_is_gone_hinders_nothing_that_does_not_need_it(tmp_path: Path) -> None:
    gone = f'mkdir "{tmp_path}/gone"; cd "{tmp_path}/gone"; rmdir "{tmp_path}/gone"'
    ran = in_shell(f'{gone}; exec "$PYTHON" -m pushctl send --sandbox apns --title Hi')
    assert ran.returncode == 0, ran.stderr


def test_a_user_without_a_home_folder_is_told(pushctl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert "no home folder" in finding(pushctl("profile", "list", "--json"), 1)["text"]


def test_a_disk_that_fills_up_under_a_help_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Full(io.StringIO):
        def write(self, text: str, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    err = io.StringIO()
    assert run(["send", "--help"], Process(os.environ, tmp_path, io.StringIO(), sys.stdout, err)) == 1
    assert "No space left on device" in err.getvalue()
    assert "internal" not in err.getvalue()


def told(ran: Any, *said: str) -> None:
    """A usage error: exit 2, one JSON document, and these words."""
    text = json.dumps(finding(ran, 2), ensure_ascii=False)
    for words in said:
        assert json.dumps(words, ensure_ascii=False)[1:-1] in text


def finding(ran: Any, code: int) -> dict[str, Any]:
    """The first error of a command line that failed with this code."""
    assert "internal error" not in ran.out
    assert ran.err == ""
    document = json.loads(ran.out)
    assert (ran.code, document["exit_code"], document["ok"]) == (code, code, False), ran.out
    first: dict[str, Any] = document["findings"][0]
    assert first["text"]
    assert first["fix"]
    return first


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(["sh", "-c", line], env=environ, capture_output=True, text=True, timeout=60)
