"""Where a message comes from: flags before a file, a file before the profile's defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PROFILE = """\
vendor = "apns"
environment = "sandbox"
[credentials]
key = "file:AuthKey_ABC123DEFG.p8"
key_id = "ABC123DEFG"
team_id = "DEF123GHIJ"
[app]
bundle_id = "com.example.app"
[defaults]
"""


def built(ran: Any) -> Any:
    """Headers and body of the one request of a dry run."""
    assert ran.code == 0, ran.err + ran.out
    (request,) = json.loads(ran.out)["requests"]
    return request


def dry(pushctl: Any, *argv: str, stdin: bytes = b"") -> Any:
    return built(pushctl("send", "--sandbox", "apns", "--dry-run", "--json", *argv, stdin=stdin))


def profile(folder: Path, defaults: str) -> str:
    (folder / "ios.toml").write_text(PROFILE + defaults)
    return "./ios.toml"


def test_flags_win_over_the_file_and_the_file_over_the_defaults(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('title = "file"\nbody = "file"\n[data]\na = "file"\nb = "file"\n')
    named = profile(tmp_path, 'title = "default"\nbody = "default"\nsubtitle = "default"\n')
    body = dry(pushctl, "-p", named, "--message", "m.toml", "--title", "flag", "--data", "a=flag")["body"]
    assert body == {
        "aps": {"alert": {"title": "flag", "subtitle": "default", "body": "file"}},
        "a": "flag",
        "b": "file",
    }


@pytest.mark.parametrize(
    ("flag", "rule"),
    [
        ("--title=x", "alert"),
        ("--body=x", "alert"),
        ("--image=x", "alert"),
        ("--sound=x", "sound"),
        ("--badge=1", "badge"),
    ],
)
def test_what_shows_is_refused_beside_silent_by_a_rule_that_explain_knows(pushctl: Any, flag: str, rule: str) -> None:
    ran = pushctl("send", "--sandbox", "apns", "--silent", flag, "--no-lint", "--json")

    assert (ran.code, json.loads(ran.out)["findings"][0]["rule"]) == (2, f"silent-with-{rule}")
    assert pushctl("explain", "apns", f"silent-with-{rule}").code == 0


def test_a_default_title_does_not_stand_in_the_way_of_a_silent_push(pushctl: Any, tmp_path: Path) -> None:
    named = profile(tmp_path, 'title = "default"\nsound = "default"\n')
    assert dry(pushctl, "-p", named, "--silent")["body"] == {"aps": {"content-available": 1}}


def test_a_message_file_may_be_json_and_come_from_standard_input(pushctl: Any) -> None:
    content = b'{"title": "Hi", "ttl": "0", "priority": "normal", "apns": {"push_type": "alert"}}'
    request = dry(pushctl, "--message", "-", stdin=content)
    assert request["body"] == {"aps": {"alert": {"title": "Hi"}}}
    assert request["headers"]["apns-expiration"] == "0"
    assert request["headers"]["apns-priority"] == "5"


def test_a_message_file_may_be_toml_on_standard_input(pushctl: Any) -> None:
    assert dry(pushctl, "--message", "-", stdin=b'title = "Hi"\n')["body"] == {"aps": {"alert": {"title": "Hi"}}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('titel = "x"', "Did you mean title?"),
        ("title = ", "not TOML"),
        ('silent = "yes"', "true or false"),
        ('badge = "3"', "a whole number"),
        ('data = "x"', "a table"),
        ('priority = "urgent"', "normal, high"),
    ],
)
def test_a_wrong_message_file_is_told_with_its_name(pushctl: Any, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "m.toml").write_text(content)
    ran = pushctl("send", "--sandbox", "apns", "--message", "m.toml")
    assert ran.code == 2
    assert "m.toml" in ran.err
    assert said in ran.err


def test_json_values_and_literal_dots_of_set(pushctl: Any) -> None:
    body = dry(pushctl, "--title", "x", "--set", "aps.badge:=3", "--set", r"a\.b=c", "--set", 'n:={"k":[1]}')["body"]
    assert body["aps"]["badge"] == 3
    assert body["a.b"] == "c"
    assert body["n"] == {"k": [1]}


def test_a_header_replaces_what_would_be_sent(pushctl: Any) -> None:
    headers = dry(pushctl, "--title", "x", "--header", "apns-topic=com.example.other", "--header", "apns-priority=5")[
        "headers"
    ]
    assert headers["apns-topic"] == "com.example.other"
    assert headers["apns-priority"] == "5"


def test_a_raw_payload_goes_out_byte_for_byte(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(b'{ "aps" : { "alert" : "caf\xc3\xa9" } }\n')
    ran = pushctl("send", "--sandbox", "apns", "--payload", "p.json", "-v")
    assert '> { "aps" : { "alert" : "café" } }' in ran.err


def test_a_payload_may_be_given_inline(pushctl: Any) -> None:
    assert dry(pushctl, "--payload", '{"aps":{"alert":"Hi"}}')["body"] == {"aps": {"alert": "Hi"}}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.txt", "# mine\naaaa\n\nbbbb\n"),
        ("t.csv", "name,token\nx,aaaa\ny,bbbb\n"),
        ("t.tsv", "token\tname\naaaa\tx\nbbbb\ty\n"),
        ("t.jsonl", '{"token":"aaaa","name":"x"}\n"bbbb"\n'),
        ("bom.csv", "\ufefftoken\naaaa\nbbbb\naaaa\n"),
    ],
)
def test_token_files_come_in_the_shapes_that_people_have(pushctl: Any, tmp_path: Path, name: str, content: str) -> None:
    tokens = ["ab" * 32, "cd" * 32]
    (tmp_path / name).write_text(content.replace("aaaa", tokens[0]).replace("bbbb", tokens[1]), "utf-8")
    for argv in (["--tokens", name], ["-t", f"@{name}"]):
        ran = pushctl("send", "--sandbox", "apns", "--title", "x", "--dry-run", "--json", *argv)
        assert [request["url"][-64:] for request in json.loads(ran.out)["requests"]] == tokens


def test_tokens_may_come_from_standard_input(pushctl: Any) -> None:
    ran = pushctl("send", "--sandbox", "apns", "--title", "x", "-t", "-", "--json", stdin=b"ab" * 32 + b"\n")
    assert [row["code"] for row in json.loads(ran.out)["results"]] == ["BadDeviceToken"]
    assert ran.code == 3


def test_a_token_file_without_a_token_is_told(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n")
    ran = pushctl("send", "--sandbox", "apns", "--title", "x", "--tokens", "empty.txt")
    assert ran.code == 2
    assert "empty.txt holds no device token" in ran.err


@pytest.mark.parametrize(
    "token",
    [
        "",
        "0" * 10_000,
        "ab cd",
        "<" + "ab" * 32 + ">",
        "ab" * 32 + "\n",
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    ],
)
def test_a_token_that_is_none_stops_before_sending(pushctl: Any, token: str) -> None:
    ran = pushctl("send", "--sandbox", "apns", "--title", "x", "-t", token)
    assert ran.code == 2, ran.out + ran.err
    assert "Traceback" not in ran.err


def test_a_huge_payload_is_measured_and_not_sent(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "big.json").write_text(json.dumps({"aps": {"alert": "x"}, "pad": "y" * 5_000_000}))
    ran = pushctl("send", "--sandbox", "apns", "--payload", "big.json", "--json")
    assert ran.code == 2
    assert "4096" in ran.out


def test_a_value_that_looks_like_a_flag_can_be_written_with_an_equals_sign(pushctl: Any) -> None:
    assert dry(pushctl, "--title=--silent")["body"] == {"aps": {"alert": {"title": "--silent"}}}
