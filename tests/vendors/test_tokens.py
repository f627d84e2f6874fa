"""Whose token it is, told by its looks, and what comes along when one is pasted."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.rules import Rules
from pushctl.flows.tokens import inspect
from pushctl.vendors import _tokens, registry

HEX = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"
SPECIMENS = {
    HEX: ["apns"],
    HEX.upper(): ["apns"],
    "ab" * 80: ["apns"],
    "dQw4w9WgXcQ:APA91b" + "x" * 134: ["fcm"],
    "dQw4w9WgXcQ:APA91b" + "x" * 30: ["fcm"],
    "fKq3Zl0aTn2bY4:" + "x" * 140: ["fcm"],
    "APA91b" + "x" * 134: ["fcm"],
    "cAbcdefghijklmnopqrstu": ["fcm"],
    "IQAAAACy0" + "x" * 121: ["hms"],
    "0123456789abcdefABCDEF0123456789": ["hms"],
    "MAMzLg" + "a+/b" * 26 + "aa": ["harmony"],
    "MAAAL" + "x" * 107: ["harmony"],
    "MAbc" + "x" * 108: ["hms", "harmony"],
    "BAEAAAAAB.j" + "x" * 117: ["honor"],
    "a+/b" * 10 + "abc=": ["mi"],
    "a+/b" * 16: ["mi"],
    "a+/b" * 21 + "ab==": ["mi"],
    "a+/b" * 42 + "abc=": ["mi"],
    "CN_" + "0a" * 16: ["oppo"],
    "OPPO_CN_" + "0a" * 16: ["oppo"],
    "realme_CN_" + "0a" * 16: ["oppo"],
    "0a" * 16: ["hms", "oppo"],
    "15985112220221500102621": ["vivo"],
    "v2-" + "x" * 56: ["vivo"],
    "v2-" + "x" * 120: ["vivo"],
    "RA5" + "0c6e1a" * 7: ["meizu"],
    "ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]": ["expo"],
}


@pytest.mark.parametrize(("token", "services"), SPECIMENS.items(), ids=lambda value: str(value)[:24])
def test_a_token_is_told_by_its_looks(token: str, services: list[str]) -> None:
    assert [shape.service for shape in _tokens.looks_like(token)] == services


@pytest.mark.parametrize("secret", ["AAAAabc12_-:APA91b" + "x" * 134, "ya29.abc", "AIza" + "x" * 35, "", "x" * 60])
def test_what_is_no_token_looks_like_none(secret: str) -> None:
    assert _tokens.looks_like(secret) == ()


@pytest.mark.parametrize("vendor", registry.VENDORS)
@pytest.mark.parametrize("token", SPECIMENS, ids=lambda value: value[:24])
def test_every_lint_knows_a_strangers_token_and_lets_its_own_pass(vendor: str, token: str) -> None:
    found = list(registry.load(vendor).lint_target(None, Target("token", token)))
    if vendor not in SPECIMENS[token]:
        (finding,) = found
        assert finding.level in ("error", "warning")
        if vendor != "apns":
            assert finding.rule.startswith("token-of-")
        assert token not in finding.text + finding.fix + finding.where
    elif vendor != "fcm":
        assert found == []


def test_a_token_of_two_services_is_said_to_be_either() -> None:
    (finding,) = registry.load("honor").lint_target(None, Target("token", "0a" * 16))
    assert finding.rule == "token-of-another"
    assert "a Huawei token of format 1.0" in finding.text
    assert "or an OPPO registration id" in finding.text


def test_a_doubt_about_a_shape_goes_with_it() -> None:
    (finding,) = registry.load("honor").lint_target(None, Target("token", "v2-" + "x" * 56))
    assert finding.confidence == "medium"
    (finding,) = registry.load("honor").lint_target(None, Target("token", HEX))
    assert finding.confidence == "high"
    assert [text for _, text in inspect("v2-" + "x" * 56).looks_like] == [
        "vivo: a vivo regId of today's SDKs: v2- and more than 40 letters, digits, _ and - (medium confidence)"
    ]
    assert "confidence" not in inspect(HEX).looks_like[0][1]


def test_apns_says_whose_the_token_is_that_it_cannot_read() -> None:
    (finding,) = registry.load("apns").lint_target(None, Target("token", "BAEAAAAAB.j" + "x" * 117))
    assert finding.rule == "token-not-hex"
    assert "an Honor token: BAEAAAAAB." in finding.fix
    assert "(medium confidence)" in finding.fix


def test_a_token_of_a_service_that_cannot_be_pushed_to_is_inspected_all_the_same() -> None:
    found = inspect("15985112220221500102621")
    assert [service for service, _ in found.looks_like] == ["vivo"]
    assert found.findings == ()
    assert found.exit_code == 0


def test_every_vendor_has_a_device_token_here_and_its_sandbox_gives_out_such_ones() -> None:
    for vendor in registry.VENDORS:
        emulator = registry.emulator(vendor)
        environment = emulator.listeners[0].environment
        for handset in emulator.handsets(environment):
            assert vendor in [shape.service for shape in _tokens.looks_like(handset.token)]


def test_every_shape_has_its_words_and_its_source() -> None:
    for shape in _tokens.SHAPES:
        assert re.compile(shape.regex)
        assert shape.words.startswith(("a ", "an "))
        assert not shape.words.endswith(".")
        assert shape.source


PASTED = [
    ("token-empty", ""),
    ("token-quoted", f'"{HEX}"'),
    ("token-quoted", f"{HEX}'"),
    ("token-quoted", f" “{HEX}”\n"),
    ("token-blank", HEX + "\n"),
    ("token-blank", HEX[:20] + " " + HEX[20:]),
    ("token-blank", HEX + "\u200b"),
    ("token-blank", HEX + "\x00"),
    ("token-escaped", "MA\\/x"),
    ("token-escaped", HEX + "\\n"),
    ("token-escaped", "a\\u002b"),
    ("token-escaped", "abc%3Adef"),
    ("token-escaped", "abc%2fdef"),
]


@pytest.mark.parametrize(("rule", "token"), PASTED)
def test_what_came_along_is_told_once(rule: str, token: str) -> None:
    found = _tokens.pasted(token)
    assert found is not None
    assert found[0] == rule


@pytest.mark.parametrize(
    ("token", "values"),
    [
        ("x\r\n", {"what": "a line break"}),
        ("x y", {"what": "a blank"}),
        ("x\u200by", {"what": "a character that is not seen"}),
        ("x\\/y", {"what": '"\\/"', "fix": "write / for \\/"}),
        ("x%3ay", {"what": '"%3a"', "fix": "write : for %3a"}),
        ("x%2By", {"what": '"%2B"', "fix": "write + for %2B"}),
        ("x%3D", {"what": '"%3D"', "fix": "write = for %3D"}),
    ],
)
def test_what_came_along_is_named_with_what_to_do(token: str, values: dict[str, str]) -> None:
    found = _tokens.pasted(token)
    assert found is not None
    assert found[1] == values


@pytest.mark.parametrize("token", SPECIMENS, ids=lambda value: value[:24])
def test_nothing_came_along_with_a_token(token: str) -> None:
    assert _tokens.pasted(token) is None


@pytest.mark.parametrize("vendor", sorted(set(registry.VENDORS) - {"apns"}))
def test_every_vendor_says_the_same_under_the_same_rule(vendor: str) -> None:
    rules = Rules(Path(registry.folder(vendor)) / "rules.json")
    for rule, token in PASTED:
        (finding,) = registry.load(vendor).lint_target(None, Target("token", token))
        assert finding.rule == rule
        assert finding.level == "error"
    assert rules["token-of-another"].level == "warning"
    known = {f"token-of-{one}" for one in (*registry.VENDORS, "expo", "another")}
    assert {rule for rule in rules if rule.startswith("token-of-")} <= known - {f"token-of-{vendor}"}


@given(st.text(string.ascii_letters + string.digits + "+/=_-:.%\\\"' \n", max_size=260) | st.text(max_size=200))
def test_no_text_breaks_a_look_at_it(text: str) -> None:
    assert len({shape.service for shape in _tokens.looks_like(text)}) == len(_tokens.looks_like(text))
    _tokens.pasted(text)
    for vendor in registry.VENDORS:
        assert len(list(registry.load(vendor).lint_target(None, Target("token", text)))) <= 1
