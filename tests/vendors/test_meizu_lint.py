"""Meizu's lint: each rule breaks and holds, and each message is told how it will be treated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.rules import Rules
from pushctl.core.vendor import Account, Env
from pushctl.vendors.meizu import VENDOR
from pushctl.vendors.meizu.hosts import REGIONS
from pushctl.vendors.meizu.judge import RULES
from pushctl.vendors.meizu.lint_subject import FIELDS

ACCOUNT = Account("production", None, {"app_id": "100999", "package_name": "com.example.app"}, REGIONS["mainland"])
TOKEN = Target("token", "TST0123456789abcdef0123456789abcdef0123456789")
ENV = Env(0, bytes)
BAR = {"noticeMsgType": 1, "title": "Your order", "content": "It has been sent today"}


def findings(message: Message, target: Target | None = TOKEN) -> list[Finding]:
    return list(VENDOR.lint(ACCOUNT, message, target, ENV))


def rules(message: Message) -> list[str]:
    return [finding.rule for finding in findings(message) if finding.rule != "treatment"]


def raw(body: Any) -> Message:
    return Message(raw=body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode())


def groups(**more: Any) -> Message:
    return raw({"noticeBarInfo": BAR, **more})


def said(**more: Any) -> Message:
    return Message(**{"title": "Your order", "body": "It has been sent today", "klass": "service", **more})


def bar(**changes: Any) -> Message:
    return raw({"noticeBarInfo": {**BAR, **changes}})


def test_a_good_message_has_nothing_to_be_said_but_how_it_is_treated() -> None:
    assert rules(said(ttl=7200, click="url:https://example.com", data={"a": "b"}, collapse="order-42")) == []
    assert rules(groups()) == []
    assert rules(Message(title="你的订单", body="今天已发货，请注意查收", klass="im")) == []


BREACHES: list[tuple[Message, list[str]]] = [
    # form
    (raw(b" "), ["payload-empty"]),
    (raw(b'\xef\xbb\xbf{"noticeBarInfo":{}}'), ["payload-bom"]),
    (raw(b'{"noticeBarInfo":'), ["payload-not-json"]),
    (raw(b"\xff"), ["payload-not-json"]),
    (raw([1]), ["payload-not-object"]),
    (raw(b"appId=1&messageJson=%7B%7D&sign=x"), ["payload-whole-form"]),
    (raw({"appId": 1, "messageJson": {}}), ["payload-whole-form", "text-missing", "meizu-public-class"]),
    (raw({"title": "Hi", "content": "x", "pushTimeInfo": {"offLine": 1}}), ["unvarnished-payload"]),
    (groups(noticeBar={}), ["unknown-key"]),
    (groups(pushIds="x"), ["unknown-key"]),
    (groups(data={}), ["unknown-key"]),
    (groups(advanceInfo={"fixEndDisplayTime ": "2026-01-31 08:00:00"}), ["unknown-key"]),
    (groups(clickTypeInfo={"parameters": "{}"}), ["wrong-type"]),
    (groups(pushTimeInfo=[]), ["wrong-type"]),
    (bar(noticeBarType=7), ["wrong-value"]),
    (bar(noticeMsgType=2), ["wrong-value"]),
    (groups(advanceInfo={"suspend": 2}), ["wrong-value"]),
    (groups(vipInfo={"titleColor": "#FFFFFF"}), ["wrong-value", "vip-only"]),
    (groups(advanceInfo={"suspend": True, "notificationType": {"sound": False}}), ["switch-as-boolean"]),
    # flags
    (said(badge=1), ["no-effect-on-meizu"]),
    (said(priority="high"), ["no-effect-on-meizu"]),
    (said(channel="c"), ["no-effect-on-meizu"]),
    (said(category="c"), ["no-effect-on-meizu"]),
    (said(sound="bell.caf"), ["no-effect-on-meizu"]),
    (said(sound="none"), []),
    # texts
    (said(title=None), ["text-missing"]),
    (bar(content=""), ["text-missing"]),
    (bar(title=" \u3000"), ["text-missing"]),
    (bar(title=0), ["wrong-type"]),
    (said(title="a word " * 5), ["text-too-long"]),
    (said(body="你的订单" * 26), ["text-too-long"]),
    (said(title="你的订单" * 8), []),
    (said(title="你的订单" * 7 + "😀😀😀"), ["text-maybe-too-long"]),
    (said(subtitle="seventeen letters"), ["text-too-long", "vip-only"]),
    (said(title="测试"), ["trivial-text"]),
    (said(body="123456"), ["trivial-text"]),
    (said(data={"a": 1, "b": "x", "c": None}), ["data-not-string", "data-not-string"]),
    # taps
    (groups(clickTypeInfo={"clickType": 4}), ["wrong-value"]),
    (groups(clickTypeInfo={"clickType": 3, "customAttribute": "x"}), ["retired-value"]),
    (groups(clickTypeInfo={"clickType": 1}), ["click-action-needs"]),
    (groups(clickTypeInfo={"clickType": 2, "url": ""}), ["click-action-needs"]),
    (groups(clickTypeInfo={"clickType": 0, "url": "https://x"}), ["click-action-extra"]),
    (groups(clickTypeInfo={"clickType": 1, "activity": "com.a.B", "url": ""}), []),
    (groups(clickTypeInfo={"clickType": 1, "activity": "com.a/.B"}), ["click-activity"]),
    (groups(clickTypeInfo={"clickType": 2, "url": "example.com"}), ["click-url"]),
    (said(click=f"url:https://example.com/{'é' * 500}"), ["click-too-long"]),
    (said(click="intent:#Intent;end"), ["click-intent"]),
    # looks
    (groups(noticeExpandInfo={"noticeExpandType": 1}), ["expand-needs"]),
    (groups(noticeExpandInfo={"noticeExpandType": 2}), ["expand-needs", "vip-only"]),
    (bar(noticeBarType=1, noticeBarImgUrl="https://x/1.png"), ["picture-bar-retired"]),
    (said(image="https://img.meizu.com/1.png"), ["vip-only"]),
    (groups(vipInfo={"pullDownTop": 1, "timeTop": 1800}), ["vip-only", "vip-conflict"]),
    (groups(vipInfo={"backgroundImgUrl": "https://x", "bigIconUrl": "https://x"}), ["vip-only", "vip-conflict"]),
    (groups(vipInfo={"timeTop": 1799}), ["vip-only", "top-range"]),
    (groups(vipInfo={"timeTop": 1800}), ["vip-only"]),
    (groups(vipInfo={"timeTop": 7200}), ["vip-only"]),
    (groups(vipInfo={"timeTop": 7201}), ["vip-only", "top-range"]),
    (groups(vipInfo={"pullDownTop": False, "subtitle": "", "timeTop": 0}), ["switch-as-boolean"]),
    (said(collapse="order-4242"), ["notify-key"]),
    (said(collapse="ключ"), ["notify-key"]),
    # times
    (said(ttl=0), ["ttl-zero"]),
    (said(ttl=5400), ["ttl-rounded"]),
    (said(ttl=72 * 3600 + 1), ["ttl-range"]),
    (said(ttl=72 * 3600), []),
    (groups(pushTimeInfo={"validTime": 0}), ["ttl-range"]),
    (groups(pushTimeInfo={"validTime": "24"}), ["ttl-range"]),
    (groups(pushTimeInfo={"offLine": 0, "validTime": 0}), ["ttl-zero"]),
    (groups(pushTimeInfo={"pushTimeType": 1, "startTime": "2026-01-31 08:00:00"}), ["for-everybody-only"] * 2),
    (groups(advanceInfo={"fixSpeed": 0, "fixSpeedRate": 0}), []),
    (groups(advanceInfo={"fixDisplay": 1}), ["display-needs"]),
    (groups(advanceInfo={"fixStartDisplayTime": "2026-01-31 08:00:00"}), ["display-not-used"]),
    (said(options={"meizu": {"display_from": "tomorrow", "display_until": "2026-01-31 08:00:00"}}), ["display-format"]),
    (
        said(options={"meizu": {"display_from": "2026-01-31 08:00:00", "display_until": "2026-01-31 07:00:00"}}),
        ["display-order"],
    ),
    # receipts and packages
    (said(options={"meizu": {"callback": "https://example.com/r"}}), ["receipt-registered"]),
    (said(options={"meizu": {"callback": "example.com/r"}}), ["receipt-address", "receipt-registered"]),
    (said(options={"meizu": {"callback": "https://example.com/r", "task": True}}), ["receipt-with-task"]),
    (said(options={"meizu": {"callback": f"https://{'x' * 121}"}}), ["receipt-too-long", "receipt-registered"]),
    (said(options={"meizu": {"callback": f"https://{'x' * 120}"}}), ["receipt-registered"]),
    (said(options={"meizu": {"callback_param": "é" * 33}}), ["receipt-too-long", "receipt-needs-callback"]),
    (said(options={"meizu": {"callback_type": 4}}), ["wrong-value", "receipt-needs-callback"]),
    (said(options={"meizu": {"restricted_package_names": "com.a.b, com.a.c"}}), ["package-name"]),
    (said(options={"meizu": {"restricted_package_names": ["com.a.b"] * 51}}), ["packages-limit"]),
    # class
    (said(klass=None), ["meizu-public-class"]),
    (said(klass="marketing"), []),
    (raw({"noticeBarInfo": {"title": "Your order", "content": "It is on its way"}}), ["meizu-public-class"]),
    # what cannot be built
    (Message(silent=True, data={"a": "b"}), ["no-silent"]),
    (said(options={"meizu": {"suspend": "no"}}), ["bad-option"]),
    (said(assignments=(Assignment("a..b", 1),)), ["set-path"]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), BREACHES)
def test_a_rule_breaks_where_it_is_broken_and_nowhere_else(message: Message, expected: list[str]) -> None:
    assert rules(message) == expected


def test_every_rule_of_the_lint_has_a_breach_here() -> None:
    broken = {rule for _, expected in BREACHES for rule in expected}
    elsewhere = {
        "treatment", "retired-key", "task-id", "switch-off", "trace-aggregate", "trace-empty", "app-secret-shape",
        "import-no-credential", "import-secret-left", "sign-refused", "every-token-refused", "credential-refused",
        "nothing-answered",
    }  # fmt: skip
    of_targets = {rule for rule in RULES if rule.startswith(("token-", "alias-", "target-"))}
    assert set(RULES) - broken - elsewhere - of_targets == set()


# --- the class -------------------------------------------------------------------------------------------------------


def treatment(message: Message) -> Finding:
    (found,) = [finding for finding in findings(message) if finding.rule == "treatment"]
    return found


def test_how_a_message_is_treated_is_said_before_it_is_sent() -> None:
    private = treatment(said(klass="im"))
    assert (private.before, private.level, private.confidence) == (True, "info", "medium")
    assert "私信" in private.text
    assert "no daily number" in private.text
    for message in (said(klass="marketing"), said(klass=None)):
        assert "公信" in treatment(message).text
        assert "3 a day" in treatment(message).text
    assert "私信" in treatment(bar(noticeMsgType=1)).text
    assert "公信" in treatment(bar(noticeMsgType=9)).text
    assert "透传" in treatment(raw({"title": "Hi", "content": "x"})).text


def test_set_decides_the_class_last() -> None:
    message = said(klass="im", assignments=(Assignment("noticeBarInfo.noticeMsgType", 0),))
    assert "公信" in treatment(message).text


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*(path.rpartition(".")[2] for path in FIELDS), "x"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_readable_body_gets_exactly_one_treatment_and_breaks_nothing(body: Any) -> None:
    told = findings(raw(body))
    expected = 1 if isinstance(body, dict) else 0
    assert [finding.rule for finding in told].count("treatment") == expected


@given(st.binary(max_size=30))
def test_no_payload_breaks_the_lint(body: bytes) -> None:
    assert isinstance(findings(raw(body)), list)


# --- targets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("token", TOKEN.value, []),
        ("token", "", ["token-empty"]),
        ("token", f"{TOKEN.value}\n", ["token-blank"]),
        ("token", f'"{TOKEN.value}"', ["token-quoted"]),
        ("token", "a\\/b", ["token-escaped"]),
        ("token", f"{TOKEN.value},{TOKEN.value}", ["target-comma"]),
        ("token", "a" * 64, ["token-of-another"]),
        ("token", "12345678901234567890123", ["token-of-another"]),
        ("token", "a1b2", ["token-shape"]),
        ("alias", "bob", []),
        ("alias", "小明", []),
        ("alias", " ", ["alias-empty"]),
        ("alias", "bob ", ["alias-blank"]),
        ("alias", "a,b", ["target-comma"]),
        ("alias", "a" * 61, ["alias-length"]),
        ("topic", "news", ["target-kind"]),
    ],
)
def test_a_target_is_looked_at_by_itself(kind: str, value: str, expected: list[str]) -> None:
    assert [finding.rule for finding in VENDOR.lint_target(ACCOUNT, Target(kind, value))] == expected


def test_the_lint_of_a_message_asks_for_no_account_and_no_target() -> None:
    assert [one.rule for one in VENDOR.lint(None, said(), None, ENV)] == ["treatment"]
    assert list(VENDOR.lint(None, said(), Target("topic", "x"), ENV)) == []


def test_rules_are_sentences_with_a_source() -> None:
    assert isinstance(RULES, Rules)
    for rule in RULES.values():
        assert rule.text.endswith((".", ")."))
        assert rule.about.endswith(".")
        assert rule.source
