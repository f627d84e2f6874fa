"""The lint rules of Honor: each has a message that breaks it, and what is right breaks none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.payloads import TYPES
from pushctl.core.vendor import Account, Env
from pushctl.flows.lint import lint as run_lint
from pushctl.vendors.honor import VENDOR
from pushctl.vendors.honor.hosts import HOSTS
from pushctl.vendors.honor.judge import RULES
from pushctl.vendors.honor.lint_subject import FIELDS

TOKEN = Target("token", "BAEAAAAAB.j" + "x" * 117)
APP = {"app_id": "104000001", "badge_class": "com.example.app.Main", "package_name": "com.example.app"}
ACCOUNT = Account("production", None, APP, HOSTS["production"])
ENV = Env(1_563_105_451.0, bytes)
ALWAYS = "honor-importance-needs-permission"


def lint(message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT) -> list[Finding]:
    return run_lint(VENDOR, account, [(message, target)], ENV)


def broken(message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT) -> list[str]:
    """The rules broken, without the remark that every notification without a granted class gets."""
    return [finding.rule for finding in lint(message, target, account) if finding.rule != ALWAYS]


def said(**fields: Any) -> Message:
    """A notification with nothing wrong but what is named."""
    return Message(**{"title": "Hi", "body": "There", **fields})


def sets(*pairs: tuple[str, Any], **fields: Any) -> Message:
    return said(assignments=tuple(Assignment(path, value) for path, value in pairs), **fields)


def shown(**fields: Any) -> Message:
    """Fields of ``android.notification``."""
    return sets(*((f"android.notification.{key}", value) for key, value in fields.items()))


def silent(*pairs: tuple[str, Any], **fields: Any) -> Message:
    made = {"silent": True, "data": {"a": "b"}, **fields}
    return Message(assignments=tuple(Assignment(path, value) for path, value in pairs), **made)


def raw(document: Any) -> Message:
    return Message(raw=document if isinstance(document, bytes) else json.dumps(document).encode())


CLICK = {"clickAction": {"type": 3}}
BUTTON = {"name": "Open", "actionType": 0}

BREACHES: list[tuple[str, Message]] = [
    ("payload-empty", raw(b"")),
    ("payload-bom", raw(b"\xef\xbb\xbf{}")),
    ("payload-not-json", raw(b"{data:{}}")),
    ("payload-not-json", raw(b'{"a":' * 50_000)),
    ("payload-not-json", raw(b'{"data":"\xff"}')),
    ("payload-not-object", raw([1])),
    ("payload-too-large", said(body="ü" * 2048)),
    ("payload-too-large", silent(data={"a": "x" * 4096})),
    ("message-wrapper", raw({"message": {"android": {}, "token": ["a"]}})),
    ("no-validate-only", raw({"validate_only": True, "data": "x"})),
    ("no-validate-only", sets(("validateOnly", True))),
    ("huawei-spelling", raw({"android": {"notification": {"click_action": {"type": 3}}}})),
    ("huawei-spelling", sets(("android.bi_tag", "x"))),
    ("huawei-spelling", sets(("android.target_user_type", 1))),
    ("huawei-spelling", shown(badge={"class": "a.B", "setNum": 1})),
    ("huawei-spelling", shown(badge={"badgeClass": "a.B", "set_num": 1})),
    ("huawei-spelling", shown(buttons=[{**BUTTON, "intent_type": 0}])),
    ("not-offered", sets(("android.category", "IM"))),
    ("not-offered", sets(("android.urgency", "HIGH"))),
    ("not-offered", sets(("android.collapse_key", 1))),
    ("not-offered", sets(("topic", "news"))),
    ("not-offered", shown(sound="/raw/x")),
    ("unknown-key", sets(("android.tll", "1s"))),
    ("unknown-key", sets(("ttl", "1s"))),
    ("unknown-key", shown(zzz=1)),
    ("wrong-type", sets(("android", "x"))),
    ("wrong-type", shown(notifyId="7")),
    ("wrong-type", raw({"data": "x", "token": "a"})),
    ("wrong-type", sets(("android.targetUserType", True))),
    ("wrong-value", sets(("android.targetUserType", 2))),
    ("wrong-value", shown(importance="HIGH")),
    ("wrong-value", shown(importance="normal")),
    ("wrong-value", shown(clickAction={"type": 4})),
    ("retired-key", shown(channelId="x")),
    ("retired-key", shown(foregroundShow=True)),
    ("header-authorization", said(headers=(("Authorization", "Bearer x"),))),
    ("timestamp-not-milliseconds", said(headers=(("timestamp", "1563105451"),))),
    ("no-effect-on-honor", said(subtitle="S")),
    ("no-effect-on-honor", said(sound="default")),
    ("no-effect-on-honor", said(priority="high")),
    ("no-effect-on-honor", said(channel="news")),
    ("no-effect-on-honor", said(category="IM")),
    ("no-effect-on-honor", silent(collapse="x")),
    ("no-effect-on-honor", silent(click="app")),
    ("token-count", raw({"data": "x", "token": ["t"] * 1001})),
    ("token-twice", raw({"data": "x", "token": ["a", "b", "a"]})),
    ("text-missing", Message(title="Hi")),
    ("text-missing", Message(body="There")),
    ("text-missing", Message()),
    ("text-cut", said(title="x" * 41)),
    ("text-cut", said(body="x" * 257)),
    ("text-cut", raw({"notification": {"title": "x" * 41, "body": "y"}, "android": {"notification": CLICK}})),
    ("data-not-string", sets(("data", {"a": 1}))),
    ("data-not-string", silent(("android.data", 7))),
    ("data-not-json", sets(("data", "{'param1':'value1'}"))),
    ("data-twice", silent(("android.data", "x"))),
    ("silent-with-notification", silent(("notification.title", "x"))),
    ("silent-with-notification", silent(("android.notification.title", "x"))),
    ("silent-without-data", raw({"android": {"ttl": "1s"}})),
    ("silent-without-data", silent(("data", ""))),
    ("silent-without-data", raw({"android": None})),
    ("silent-without-data", raw({})),
    ("ttl-format", sets(("android.ttl", 60))),
    ("ttl-format", sets(("android.ttl", "60"))),
    ("ttl-format", sets(("android.ttl", "-1s"))),
    ("ttl-range", said(ttl=1_296_001)),
    ("ttl-zero", said(ttl=0)),
    ("image-not-https", said(image="http://example.com/a.png")),
    ("image-not-https", sets(("notification.image", "a.png"))),
    ("click-action-missing", raw({"notification": {"title": "a", "body": "b"}})),
    ("click-action-needs", raw({"android": {"notification": {"clickAction": {"url": "https://a"}}}})),
    ("click-action-needs", shown(clickAction={"type": 1})),
    ("click-action-needs", shown(clickAction={"type": 2})),
    ("click-action-url", said(click="url:http://example.com")),
    ("click-action-extra", shown(clickAction={"type": 3, "url": "https://a"})),
    ("style-needs", shown(style=1, bigTitle="Hi")),
    ("big-text-differs", shown(style=1, bigTitle="Other", bigBody="There")),
    ("buttons-limit", shown(buttons=[BUTTON] * 4)),
    ("button-needs", shown(buttons=[{"actionType": 0}])),
    ("button-needs", shown(buttons=[{"name": "x" * 41, "actionType": 0}])),
    ("button-needs", shown(buttons=[{"name": "x"}])),
    ("button-needs", shown(buttons=[{"name": "x", "actionType": 1, "intent": "x"}])),
    ("button-needs", shown(buttons=[{"name": "x", "actionType": 2}])),
    ("button-needs", shown(buttons=[{**BUTTON, "data": "x" * 1025}])),
    ("badge-range", said(badge=100)),
    ("badge-range", shown(badge={"badgeClass": "a.B", "addNum": -1})),
    ("badge-without-class", shown(badge={"setNum": 1})),
    ("when-format", shown(when="2026-01-02 03:04:05")),
    ("notify-id-range", shown(notifyId=-2)),
    ("test-message", said(options={"honor": {"target_user_type": 1}})),
    ("test-message", silent(("android.targetUserType", 1))),
    ("marketing-quota", said(klass="marketing")),
]

TARGETS: list[tuple[str, Target]] = [
    ("target-kind", Target("topic", "news")),
    ("token-empty", Target("token", "")),
    ("token-escaped", Target("token", r"BAEAAAAAB.j\/x")),
    ("token-quoted", Target("token", '"BAEAAAAAB.jx"')),
    ("token-blank", Target("token", "BAEAAAAAB.j x")),
    ("token-blank", Target("token", "BAEAAAAAB.j\n")),
    ("token-blank", Target("token", "BAEAAAAAB.\u200b")),
    ("token-of-fcm", Target("token", "cxX1234567:APA91" + "b" * 130)),
    ("token-of-fcm", Target("token", "APA91" + "b" * 130)),
    ("token-of-apns", Target("token", "ab" * 32)),
    ("token-of-hms", Target("token", "IQAAAACy0" + "x" * 121)),
    ("token-of-harmony", Target("token", "MAMzLgIkEUK2h" + "x/+" * 30 + "=")),
    ("token-of-another", Target("token", "OPPO_CN_" + "0a" * 16)),
    ("token-of-another", Target("token", "0a" * 16)),
    ("token-shape", Target("token", "BAEAAAAAB.jshort")),
    ("token-shape", Target("token", "something")),
]
RUN_RULES = {"every-token-refused", "credential-refused", "nothing-answered"}
PROFILE_RULES = {"app-id-is-client-id", "app-id-shape", "import-no-credential"}


@pytest.mark.parametrize(("rule", "message"), BREACHES)
def test_a_message_that_breaks_a_rule(rule: str, message: Message) -> None:
    (finding,) = {one.rule: one for one in lint(message, None) if one.rule == rule}.values()
    assert finding.level == RULES[rule].level
    assert finding.text.endswith(".")
    assert finding.fix.endswith(".")
    assert finding.source
    assert "{" not in finding.text.replace("{'", "") or rule in ("data-not-json", "payload-not-json")


@pytest.mark.parametrize(("rule", "target"), TARGETS)
def test_a_target_that_breaks_a_rule(rule: str, target: Target) -> None:
    assert [one.rule for one in VENDOR.lint_target(None, target)] == [rule]
    assert [one.rule for one in lint(said(), target) if one.rule != ALWAYS] == [rule]


def test_every_rule_has_a_message_or_a_target_that_breaks_it() -> None:
    assert {rule for rule, _ in (*BREACHES, *TARGETS)} | RUN_RULES | PROFILE_RULES | {ALWAYS} == set(RULES)


@pytest.mark.parametrize(
    "message",
    [
        said(),
        said(klass="im", badge=3, ttl=3600, collapse="x", data={"a": 1}, image="https://example.com/a.png"),
        said(click="url:https://example.com"),
        said(click="activity:.Main"),
        silent(),
        silent(ttl=60),
        silent(klass="service"),
        shown(style=1, bigTitle="Hi", bigBody="There"),
        shown(when="2014-10-02T15:01:23.045123456Z", notifyId=-1, group="g"),
        shown(buttons=[{"name": "A", "actionType": 1, "intentType": 0, "intent": "x"}]),
        raw({"data": "anything", "token": ["a"]}),
        said(title="x" * 40, body="y" * 256),
        said(ttl=1_296_000),
    ],
)
def test_what_is_right_breaks_no_rule(message: Message) -> None:
    assert broken(message) == []


def test_an_honor_token_is_not_remarked_on_and_another_one_is_a_remark_at_most() -> None:
    assert list(VENDOR.lint_target(None, TOKEN)) == []
    (remark,) = VENDOR.lint_target(None, Target("token", "something"))
    assert (remark.level, remark.confidence) == ("info", "medium")


@pytest.mark.parametrize("klass", [None, "im", "service"])
def test_the_class_is_told_before_sending(klass: Any) -> None:
    (finding,) = [one for one in lint(said(klass=klass)) if one.rule == ALWAYS]
    assert ("self-classification right" in finding.text) is (klass is not None)
    assert "2 a day" in finding.text


def test_a_test_message_and_a_silent_one_have_no_class() -> None:
    assert ALWAYS not in [one.rule for one in lint(said(options={"honor": {"target_user_type": 1}}))]
    assert lint(silent()) == []


def test_huaweis_body_is_told_in_full() -> None:
    huawei = {
        "validate_only": False,
        "message": {"android": {"notification": {"click_action": {"type": 3}}}, "token": ["a"]},
    }
    assert set(broken(raw(huawei))) == {"message-wrapper", "no-validate-only"}
    unwrapped = {"android": {"notification": {"title": "a", "body": "b", "click_action": {"type": 3}}}}
    findings = {one.rule: one for one in lint(raw(unwrapped))}
    assert "clickAction" in findings["huawei-spelling"].text
    assert "click-action-missing" in findings


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    assert broken(said(click="nowhere")) == ["click"]
    assert broken(said(options={"honor": {"bitag": "x"}})) == ["unknown-option"]


def test_without_a_profile_the_rest_is_checked() -> None:
    assert broken(said(ttl=1_296_001), None, None) == ["ttl-range"]
    assert broken(said(badge=1), None, None) == ["badge-without-class"]


def test_rules_of_weak_evidence_say_so() -> None:
    assert {RULES[rule].confidence for rule in ("text-cut", "payload-too-large", "badge-without-class")} == {"low"}


def test_every_field_has_types_that_are_known() -> None:
    for field in FIELDS.values():
        assert set(field.type) <= TYPES.keys()
        assert field.notes.endswith(".")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
paths = st.sampled_from([path for path, field in FIELDS.items() if field.place == "body"])


@given(st.lists(st.tuples(paths, json_values), max_size=3), st.booleans())
def test_no_value_of_any_field_breaks_lint(pairs: list[tuple[str, Any]], quiet: bool) -> None:
    message = silent(*pairs) if quiet else sets(*pairs)
    for finding in lint(message):
        assert finding.rule
        assert finding.text


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_payload_breaks_lint(payload: bytes) -> None:
    lint(Message(raw=payload), None)


@given(st.text(max_size=150))
def test_no_token_breaks_lint_and_there_is_one_finding_at_most(token: str) -> None:
    assert len(list(VENDOR.lint_target(None, Target("token", token)))) <= 1
