"""Bad input that only the services of China know: secrets that stand beside each other in a console, ids of 19 digits,
regids with a +, payloads that are forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from wrong_input import CANARY, profile, put, told

from pushctl.vendors import registry

HEX = "0123456789abcdef0123456789abcdef"
UUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
REGID = "d/+" + "x" * 61
ENTRIES = {  # vendor: the credentials beside the secret, the secret's name, [app]
    "mi": ("", "app_secret", 'package_name = "com.example.app"\napp_key = "5000000000001"'),
    "oppo": (f'app_key = "{HEX}"\n', "master_secret", ""),
    "vivo": (f'app_key = "{UUID}"\n', "app_secret", 'app_id = "105500000"'),
    "meizu": ("", "app_secret", f'app_id = "100999"\napp_key = "{HEX}"'),
}
TEXTS = ("--title", "Order shipped", "--body", "Your parcel is on its way")
FORM = {
    "restricted_package_name": "com.example.app",
    "title": "Order shipped",
    "description": "Your parcel is on its way",
    "extra.notify_effect": "1",
}


def profile_of(folder: Path, vendor: str, secret: bytes, **app: str) -> None:
    """A profile whose secret is in a file; ``app`` replaces lines of its [app]."""
    credentials, name, lines = ENTRIES[vendor]
    kept = [line for line in lines.splitlines() if line.partition(" ")[0] not in app]
    put(folder, "secret", secret)
    told_app = "\n".join([*kept, *(f"{key} = {value}" for key, value in app.items())])
    profile(folder, vendor, f'{credentials}{name} = "file:secret"', told_app)


def remarks(ran: Any) -> dict[str, str]:
    """Rule to text, of everything that was found."""
    assert "internal error" not in ran.out + ran.err
    return {one["rule"]: one["text"] for one in json.loads(ran.out)["findings"]}


# --- secrets


NO_SECRETS = [  # what is in the file; what is said
    (f'"{CANARY}"'.encode(), "quotation marks"),
    (f"'{CANARY}'\r\n".encode(), "quotation marks"),
    (f"{CANARY} {CANARY}".encode(), "blanks"),
    (f"{CANARY}\n{CANARY}".encode(), "is empty, or "),
    (f'{{"secret": "{CANARY}"}}'.encode(), "JSON"),
    (f'\ufeff\n{{"secret": "{CANARY}"}}'.encode(), "JSON"),
    (b"\xff\xfe" + CANARY.encode("utf-16-le"), "is empty, or "),
    ("\ufeff \r\n".encode(), ""),
    (b"", ""),
]


@pytest.mark.parametrize(("content", "said"), NO_SECRETS, ids=[f"{n} {row[1]}" for n, row in enumerate(NO_SECRETS)])
@pytest.mark.parametrize("vendor", ENTRIES)
def test_a_secret_that_is_none(pushctl: Any, tmp_path: Path, vendor: str, content: bytes, said: str) -> None:
    profile_of(tmp_path, vendor, content)
    told(pushctl("profile", "check", "./it.toml", "--json"), f"credentials.{ENTRIES[vendor][1]}", said)


@pytest.mark.parametrize("content", [f"\ufeff{CANARY}\r\n", f" {CANARY}\t\n", CANARY])
@pytest.mark.parametrize("vendor", ENTRIES)
def test_what_an_editor_adds_to_a_secret_is_none_of_it(pushctl: Any, tmp_path: Path, vendor: str, content: str) -> None:
    profile_of(tmp_path, vendor, content.encode())
    ran = pushctl("profile", "check", "./it.toml", "--json")
    assert ran.code == 0, ran.out
    assert CANARY not in ran.out + ran.err


@pytest.mark.parametrize(
    ("reference", "said"),
    [(CANARY, ""), ("env:NO_SUCH_VARIABLE", "is not set"), ("file:absent", "there is no file"), ("", "")],
)
@pytest.mark.parametrize("vendor", ENTRIES)
def test_a_reference_that_leads_to_no_secret(
    pushctl: Any, tmp_path: Path, vendor: str, reference: str, said: str
) -> None:
    credentials, name, app = ENTRIES[vendor]
    profile(tmp_path, vendor, f'{credentials}{name} = "{reference}"', app)
    told(pushctl("profile", "check", "./it.toml", "--json"), f"credentials.{name}", said)


NEIGHBOURS = [  # vendor, what stands where the secret belongs, the exit code, what is said of it
    ("mi", "5000000000001", 0, "looks like the AppKey (13 digits)"),
    ("mi", "5000000000002", 0, "looks like the AppKey (13 digits)"),
    ("mi", "2882303761500000001", 0, "looks like the AppID (19 digits)"),
    ("mi", "key=dGhpcyBpcyBhIHNlY3JldA==", 2, "begins with key="),
    ("mi", "short", 0, "has 5 characters"),
    ("oppo", HEX, 2, "is the AppKey once more"),
    ("oppo", "30123456", 2, "by its shape that is the AppId"),
    ("oppo", UUID, 0, "has 36 characters"),
    ("vivo", UUID, 2, "holds the AppKey"),
    ("vivo", UUID.upper(), 2, "holds the AppKey"),
    ("vivo", "105500000", 2, "holds the AppID"),
    ("vivo", HEX, 0, "is no UUID"),
    ("meizu", HEX, 2, "is the App Key"),
    ("meizu", HEX.upper(), 2, "is the App Key"),
    ("meizu", "100999", 2, "is digits only, as the App ID is"),
    ("meizu", f"MZ-{HEX}", 2, "begins with MZ-"),
    ("meizu", UUID, 0, "has 36 characters"),
]


@pytest.mark.parametrize(("vendor", "value", "code", "said"), NEIGHBOURS, ids=[f"{n[0]} {n[3]}" for n in NEIGHBOURS])
def test_another_value_of_the_console_in_the_secrets_place(
    pushctl: Any, tmp_path: Path, vendor: str, value: str, code: int, said: str
) -> None:
    profile_of(tmp_path, vendor, value.encode())
    ran = pushctl("profile", "check", "./it.toml", "--json")
    assert ran.code == code, ran.out
    assert [text for text in remarks(ran).values() if said in text]


@pytest.mark.parametrize(
    ("vendor", "value", "said"),
    [
        ("oppo", 'app_key = "30123456"', "by its shape that is the AppId"),
        ("oppo", 'app_key = "a b"', "credentials.app_key has blanks"),
        ("vivo", f'app_key = "105500000#{UUID}"', "two values with # between them"),
        ("vivo", 'app_key = ""', "credentials.app_key"),
    ],
)
def test_an_app_key_that_is_none(pushctl: Any, tmp_path: Path, vendor: str, value: str, said: str) -> None:
    put(tmp_path, "secret", CANARY.encode())
    profile(tmp_path, vendor, f'{value}\n{ENTRIES[vendor][1]} = "file:secret"', ENTRIES[vendor][2])
    told(pushctl("profile", "check", "./it.toml", "--json"), said)


# --- ids that a tool which reads numbers as doubles has changed


ROUNDED = [  # vendor, [app] app_id as it is written in the profile, the exit code, what is said
    ("mi", '"2882303761517512300"', 0, "looks rounded"),
    ("mi", '"2.8823037615175123e+18"', 0, "looks rounded"),
    ("mi", "2882303761517512345", 2, "must be text"),
    ("mi", "2.8823037615175123e18", 2, "must be text"),
    ("mi", '"\\\\ 2882303761517512345"', 0, ""),
    ("vivo", '"1.055e+8"', 2, "nine digits"),
    ("vivo", '"2882303761517512300"', 2, "nine digits"),
    ("vivo", "105500000", 2, "must be text"),
    ("meizu", '"1.00999e+5"', 2, "reads numbers as doubles"),
    ("meizu", '"2882303761517512300"', 2, "reads numbers as doubles"),
    ("meizu", f'"{HEX}"', 2, "are the App Key or the App Secret"),
    ("meizu", '"MZ-100999"', 2, "JPush"),
]


@pytest.mark.parametrize(("vendor", "app_id", "code", "said"), ROUNDED, ids=[f"{r[0]} {r[1]}" for r in ROUNDED])
def test_an_app_id_that_a_tool_has_changed(
    pushctl: Any, tmp_path: Path, vendor: str, app_id: str, code: int, said: str
) -> None:
    profile_of(tmp_path, vendor, b"fedcba98-7654-3210-fedc-ba9876543210", app_id=app_id)
    ran = pushctl("profile", "check", "./it.toml", "--json")
    assert ran.code == code, ran.out
    assert said in ran.out
    assert ("rounded" in ran.out) == ("rounded" in said)


@pytest.mark.parametrize(
    ("token", "rule"),
    [
        ("12345678901234567890000", "token-maybe-rounded"),
        ("1.2345678901234568e+22", "token-rounded"),
        ("123456789012345678901", "token-digits"),
        ("12345678901234567890123", ""),
    ],
)
def test_a_reg_id_of_digits_that_a_tool_has_changed(pushctl: Any, token: str, rule: str) -> None:
    found = remarks(pushctl("lint", "--vendor", "vivo", "-t", token, *TEXTS, "--json"))
    assert {one for one in found if one.startswith("token-")} == ({rule} if rule else set())


@pytest.mark.parametrize("task", ["542600000000000000", "5.426e17", "5.426E+17"])
def test_a_task_id_that_a_tool_has_rounded(pushctl: Any, task: str) -> None:
    assert "task-rounded" in remarks(pushctl("trace", task, "--sandbox", "vivo", "--json"))


# --- forms


def form(**more: str) -> str:
    return "&".join(f"{name}={quote_plus(value)}" for name, value in {**FORM, **more}.items())


PLUS = [  # how the regid comes; whether its + is a blank at the server
    (["-t", REGID, *TEXTS], "", False),
    (["-t", REGID.replace("+", " "), *TEXTS], "", True),
    (["--payload", "it"], f"registration_id={REGID}&{form()}", True),
    (["--payload", "it"], f"{form()}&registration_id={REGID.replace('+', ' ')}", True),
    (["--payload", "it"], form(registration_id=REGID), False),
    (["--payload", form(registration_id=REGID)], "", False),
    (["--payload", "it"], json.dumps({**FORM, "registration_id": REGID}), False),
    (["--payload", "it"], json.dumps({**FORM, "registration_id": REGID.replace("+", " ")}), True),
    (["--payload", "it"], f"registration_id={quote_plus(REGID)},{REGID}&{form()}", True),
]


@pytest.mark.parametrize(("argv", "payload", "lost"), PLUS, ids=[str(n) for n in range(len(PLUS))])
def test_a_plus_that_became_a_blank(pushctl: Any, tmp_path: Path, argv: list[str], payload: str, lost: bool) -> None:
    put(tmp_path, "it", payload.encode())
    ran = pushctl("lint", "--vendor", "mi", *argv, "--json")
    found = remarks(ran)
    assert ("token-plus-lost" in found, ran.code) == (lost, 2 if lost else 0), ran.out
    assert (REGID in ran.out) == lost, "it is told with its + again"


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("title", "neither a form nor a JSON object"),
        ("&&&", "neither a form nor a JSON object"),
        ("title=a&description", "neither a form nor a JSON object"),
        ("title=a\ndescription=b", "neither a form nor a JSON object"),
        ("<html>", "neither a form nor a JSON object"),
        ("title=%FF", "percent-encoded in it is not UTF-8"),
        ('"title=a&description=b"', "holds a string"),
        ("[]", "holds an array"),
        (" \r\n", "is empty"),
        ("\ufefftitle=a", "byte order mark"),
    ],
)
def test_a_form_that_is_none(pushctl: Any, tmp_path: Path, payload: str, said: str) -> None:
    put(tmp_path, "it", payload.encode())
    told(pushctl("lint", "--vendor", "mi", "--payload", "it", "--json"), said)


def test_a_form_that_is_no_utf8(pushctl: Any, tmp_path: Path) -> None:
    put(tmp_path, "it", form().encode() + b"&payload=\xff")
    told(pushctl("lint", "--vendor", "mi", "--payload", "it", "--json"), "is not UTF-8 at byte")


@pytest.mark.parametrize(
    ("vendor", "payload", "said"),
    [
        ("oppo", '{"message": "{}"}', "has everything inside message"),
        ("meizu", '{"messageJson": "{}"}', "is a whole request"),
        *((vendor, "title=Order+shipped", "this is not JSON") for vendor in ("oppo", "vivo", "meizu")),
    ],
)
def test_a_whole_form_where_its_json_belongs(
    pushctl: Any, tmp_path: Path, vendor: str, payload: str, said: str
) -> None:
    put(tmp_path, "it", payload.encode())
    told(pushctl("lint", "--vendor", vendor, "--payload", "it", "--json"), said)


@pytest.mark.parametrize("vendor", ["mi", "oppo", "vivo", "meizu"])
def test_a_silent_push_is_refused_wherever_it_is_asked_for(pushctl: Any, tmp_path: Path, vendor: str) -> None:
    put(tmp_path, "it.toml", b"silent = true\n[data]\na = 1\n")
    for argv in (("--silent", "--data", "a=1"), ("--message", "it.toml")):
        ran = pushctl("send", "--sandbox", vendor, *argv, "--json")
        told(ran, "silent")


# --- texts that are no text, and values without end


BROKEN = [  # what a shell passes on undecoded; what is said of it
    (["trace", "a\udcff", "--sandbox", "mi"], "ID holds a byte that is not UTF-8"),
    (["trace", "--job-key", "a\udcff", "--sandbox", "mi"], "--job-key holds a byte that is not UTF-8"),
    (["trace", "a\udcff", "--sandbox", "meizu"], "ID holds a byte that is not UTF-8"),
    (["topic", "subscribe", "a\udcff", "--sandbox", "mi"], "TOPIC holds a byte that is not UTF-8"),
    (["topic", "list", "--sandbox", "mi", "-t", "a\udcff"], "--token holds a byte that is not UTF-8"),
    (["revoke", "7\udcff", "--sandbox", "vivo"], "ID holds a byte that is not UTF-8"),
    (["lint", "--vendor", "oppo", "--alias", "a\udcff", *TEXTS], "--alias holds a byte that is not UTF-8"),
    (["lint", "--vendor", "mi", "--payload", "\ud800"], "no file can be called so"),
    (["lint", "--vendor", "mi", "--message", "a\0b"], "no file can be called so"),
    (["send", "--sandbox", "vivo", *TEXTS, "--ca-bundle", "a\0b"], "no file can be called so"),
]


@pytest.mark.parametrize(("argv", "said"), BROKEN, ids=[f"{row[0][0]} {n}" for n, row in enumerate(BROKEN)])
def test_a_value_that_is_no_text(pushctl: Any, argv: list[str], said: str) -> None:
    told(pushctl(*argv, "--json"), said)


ENDLESS = [
    ["--ttl", "9" * 5000],
    ["--class", "中" * 5000],
    ["--click", f"activity:{'a' * 5000}"],
    ["--collapse", "x" * 5000],
    ["--category", "y " * 5000],
    ["--data", "z" * 5000],
    ["--payload", "b" * 5000],
    ["-p", "c" * 5000],
]


@pytest.mark.parametrize("argv", ENDLESS, ids=lambda argv: argv[0])
@pytest.mark.parametrize("vendor", ENTRIES)
def test_a_value_without_end_is_told_in_a_sentence(pushctl: Any, vendor: str, argv: list[str]) -> None:
    texts = [] if "--payload" in argv else TEXTS
    ran = pushctl("lint", "--vendor", vendor, *texts, *argv, "--json")
    for one in json.loads(ran.out)["findings"]:
        assert max(len(one[name]) for name in ("text", "fix", "where")) <= 1300
    assert "internal error" not in ran.out
    assert len(pushctl("lint", "--vendor", vendor, *texts, *argv).err) < 6000


@pytest.mark.parametrize("target", [[], ["-t", "CN_" + HEX]])
def test_half_of_a_surrogate_pair_cannot_stand_in_a_form(pushctl: Any, target: list[str]) -> None:
    payload = '{"notification": {"title": "a\\ud800", "content": "There you are"}}'
    argv = ["send", "--sandbox", "oppo", "--no-lint", "--payload", payload, *target]
    told(pushctl(*argv, "--dry-run", "--json"), "is not UTF-8 at byte")
    assert pushctl(*argv).code == 2


def test_an_id_of_the_console_that_is_empty(pushctl: Any, tmp_path: Path) -> None:
    profile_of(tmp_path, "mi", CANARY.encode(), channel_id='" "')
    told(pushctl("profile", "check", "./it.toml", "--json"), "app.channel_id is empty.")
    profile_of(tmp_path, "mi", CANARY.encode(), channel_id='"14 23"')
    told(pushctl("profile", "check", "./it.toml", "--json"), "app.channel_id is '14 23', and an id has no blanks.")


# --- anything at all


ANYTHING = [
    "", " ", "\t\n", "x", "测试", "é\u0301", "\u200b", "\u202e反", "😀" * 30, "\udcff", "a\0b", "\x1b[31mred",
    "'\"`$(id)`", "\\", "%2B%E4%BD", "{}", "[]", '{"a":', "null", "0", "-1", "1e400", "9" * 5000, "=", "a=b&c=d", "+",
    "\r\nX: y", "\ufeff", "::error::x", "true", "a,b;c", "a:=[1]", "a:={",
]  # fmt: skip
FLAGS = [
    "--title", "--body", "--subtitle", "--image", "--badge", "--sound", "--data", "--ttl", "--priority", "--collapse",
    "--channel", "--class", "--category", "--click", "--set", "--header", "--payload", "-t", "--alias", "--user",
    "--topic",
]  # fmt: skip
TABLE = ["''", "'x'", "0", "-1", "1.5", "nan", "true", "[]", "[1]", "{}", "{a=1}", "2026-01-01", "9223372036854775807"]
CODES = {0, 2, 3, 4, 5, 6, 9}


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("vendor", ENTRIES)
def test_no_value_of_any_flag_breaks_it(pushctl: Any, vendor: str, flag: str) -> None:
    texts = {"--title": TEXTS[2:], "--body": TEXTS[:2], "--payload": ()}.get(flag, TEXTS)
    for number, value in enumerate(ANYTHING):
        given = [*texts, f"{flag}={value}" if flag != "-t" else f"-t{value}", "--json"]
        whole(pushctl("lint", "--vendor", vendor, *given), value)
        if number % 3 == 0:
            whole(pushctl("send", "--sandbox", vendor, "--dry-run", *given), value)


@pytest.mark.parametrize("vendor", ENTRIES)
def test_no_value_of_an_own_option_breaks_it(pushctl: Any, tmp_path: Path, vendor: str) -> None:
    for option in registry.load(vendor).card.options:
        for value in TABLE:
            content = f'title = "Order shipped"\nbody = "On its way"\n[{vendor}]\n{option} = {value}'
            put(tmp_path, "it.toml", content.encode())
            whole(pushctl("send", "--sandbox", vendor, "--dry-run", "--message", "it.toml", "--json"), value)


QUESTIONS = ["trace VALUE", "trace --job-key=VALUE", "token inspect VALUE", "topic subscribe VALUE", "revoke VALUE",
             "auth --call=VALUE"]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("vendor", ENTRIES)
def test_no_value_of_a_question_breaks_it(pushctl: Any, vendor: str, question: str) -> None:
    for value in ANYTHING[::2]:
        argv = [word.replace("VALUE", value) for word in question.split()]
        last = [argv.pop()] if argv[-1].startswith("--") else ["--", argv.pop()]
        whole(pushctl(*argv, "--sandbox", vendor, "--json", *last), value)


def whole(ran: Any, value: str) -> None:
    """One JSON document, an exit code that is documented, a sentence for what is wrong, and what to do."""
    assert "internal error" not in ran.out + ran.err, ascii(value)
    document = json.loads(ran.out)
    assert ran.code in CODES, ascii(value)
    for one in document.get("findings", []):
        assert one["text"].strip(), ascii(value)
        assert one["fix"].strip() or one["level"] != "error", ascii(value)


@pytest.mark.parametrize(
    ("vendor", "payload", "fix"),
    [
        ("mi", '{"description":"Your parcel is here"}', "Add title."),
        ("oppo", '{"notification":{"content":"Your parcel is here"}}', "Add title."),
        ("vivo", '{"content":"Your parcel is here","notifyType":4,"skipType":1}', "Add title."),
        ("meizu", '{"noticeBarInfo":{"content":"Your parcel is here"}}', "Add noticeBarInfo.title."),
    ],
)
def test_a_payload_without_a_title_is_told_its_field_and_no_flag(
    pushctl: Any, vendor: str, payload: str, fix: str
) -> None:
    found = json.loads(pushctl("lint", "--vendor", vendor, "--payload", payload, "--json").out)["findings"]
    assert [one["fix"] for one in found if one["rule"] == "text-missing"] == [fix]
