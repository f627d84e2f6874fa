"""Every rule is broken once, and messages that break none are left alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_harmony_request import messages

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.vendor import Env
from pushctl.vendors.harmony import VENDOR
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.lint_subject import FIELDS
from pushctl.vendors.harmony.push_types import push_types

ENV = Env(1767323045, bytes)
N = "payload.notification"
HARMONY = "MAMzLg4AAAAst0aB/+cD3fGh1jKlMn5pQrSt7vWxYz9MAMzLg4AAAAst0aB/+cD3fGh1jKlMn5pQrSt7vWxYz9aBcDeFgHiJkLmNoPqRsT"
HMS = "IQAAAACy0N9AAACBVDMRdkGS7M0s9BpLGYMn9cSULd" + "aB1-_x" * 14


def lint(message: Message) -> list[Finding]:
    return list(VENDOR.lint(None, message, Target("token", HARMONY), ENV))


def rules(findings: Iterable[Finding], level: str = "") -> set[str]:
    return {finding.rule for finding in findings if not level or finding.level == level}


def alert(**more: Any) -> Message:
    return Message(**{"title": "T", "body": "B", "category": "MARKETING", **more})


def having(path: str, value: Any, **more: Any) -> Message:
    return alert(assignments=(Assignment(path, value),), **more)


def of(push_type: str, payload: Any, **options: Any) -> Message:
    raw = {"payload": payload, **({"pushOptions": options} if options else {})}
    return Message(raw=json.dumps(raw).encode(), options={"harmony": {"push_type": push_type}})


def raw(document: Any) -> Message:
    return Message(raw=document if isinstance(document, bytes) else json.dumps(document).encode())


FORM = {"formId": 1, "version": 1, "moduleName": "m", "formName": "f", "abilityName": "a", "formData": {"t": 1}}
LIVE = {"activityId": 1, "operation": 0, "event": "TAXI", "status": "X", "activityData": {"notificationData": {"a": 1}}}
SPOKEN = {
    "notification": {"category": "PLAY_VOICE", "title": "T", "body": "B", "clickAction": {"actionType": 0}},
    "extraData": "x",
}
EXTRA = {"extraData": "x"}
TOKENS = {"payload": EXTRA, "target": {"token": ["A", "B"]}}


def tokens(count: int, **options: Any) -> Message:
    return raw({"payload": EXTRA, "target": {"token": [str(n) for n in range(count)]}, "pushOptions": options})


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (alert(), {"marketing-quota"}),
        (alert(category="IM"), {"huawei-category-needs-permission"}),
        (alert(validate_only=True), {"test-message"}),
        (alert(category="EXPRESS", image="https://example.com/a.png", badge=0, sound="a.mp3", ttl=60, collapse="0",
               data={"a": 1}, click="activity:x", klass="service", validate_only=True), {"test-message"}),
        (Message(silent=True), set()),
        (Message(silent=True, data={"a": {"b": [1]}}, ttl=1296000), set()),
        (Message(badge=5), {"badge-alone-right"}),
        (having(f"{N}.badge", {"addNum": 99}, validate_only=True), {"test-message"}),
        (having(N, {"style": 3, "inboxContent": ["a", "b", "c"], "notifyId": 0, "appMessageId": "a b+/=-_",
                    "profileId": "p" * 64, "soundDuration": 60}, sound="a.mp3", validate_only=True), {"test-message"}),
        (Message(data={"call": 1}, ttl=30, options={"harmony": {"push_type": "voip"}}), {"huawei-right-needed"}),
        (of("2", SPOKEN), {"huawei-right-needed"}),
        (of("7", LIVE), {"huawei-right-needed"}),
        (of("7", {**LIVE, "operation": 1, "event": "SCORE", "version": 2}), {"huawei-right-needed"}),
        (of("1", FORM), set()),
        (of("6", {"extraData": "x", "proxyData": "ENABLE"}, backgroundMode=0, biTag="b" * 64, receiptId="r"), set()),
        (tokens(0), set()),  # is filled
        (tokens(1000), set()),
        (tokens(10, testMessage=True), {"test-message"}),
    ],
)  # fmt: skip
def test_a_good_message_is_left_alone(message: Message, told: set[str]) -> None:
    findings = lint(message)
    assert rules(findings) == told
    assert rules(findings, "info") == told


BROKEN: list[tuple[str, Message]] = [
    ("payload-empty", raw(b"")),
    ("payload-bom", raw(b'\xef\xbb\xbf{"payload":{}}')),
    ("payload-not-json", raw(b'{"payload":')),
    ("payload-not-json", raw(b"{'payload': 1}")),
    ("payload-not-json", raw(b'{"payload":NaN}')),
    ("payload-not-json", raw(b"\xff")),
    ("payload-not-object", raw(b"[]")),
    ("payload-missing", raw({"notification": {"title": "a"}})),
    ("payload-missing", raw({"message": {"token": ["A"]}})),
    ("payload-missing", raw({"payloads": {}})),
    ("payload-too-large", alert(body="x" * 4096)),
    ("unknown-key", having(f"{N}.clickaction", {})),
    ("unknown-key", having(f"{N}.badge.add_num", 1)),
    ("unknown-key", having("pushOptions.test_message", True)),
    ("unknown-key", having("title", "x")),
    ("unknown-key", having("payload.category", "IM")),
    ("unknown-key", of("1", {**FORM, "images": [{"keyName": "k", "url": "https://a", "requir": 1}]})),
    ("wrong-type", having(f"{N}.notifyId", "5")),
    ("wrong-type", having("pushOptions.testMessage", "true")),
    ("wrong-type", having("pushOptions.ttl", "86400s")),
    ("wrong-type", having(f"{N}.inboxContent", "a")),
    ("wrong-type", having("payload", "x")),
    ("wrong-type", having(f"{N}.badge", {"setNum": True})),
    ("wrong-type", raw({"payload": EXTRA, "target": {"token": "A"}})),
    ("wrong-type", alert(options={"harmony": {"test_message": "yes"}})),
    ("wrong-value", having(f"{N}.style", 2)),
    ("wrong-value", of("7", {**LIVE, "operation": 3})),
    ("wrong-value", of("6", {**EXTRA, "proxyData": "YES"})),
    ("retired-key", having(N, {"style": 1, "bigTitle": "a", "bigBody": "b"})),
    ("data-not-string", having("payload.extraData", {"a": 1}, options={"harmony": {"push_type": "2"}})),
    ("data-not-string", of("6", {"extraData": {"a": 1}})),
    ("field-for-push-type", having("payload.proxyData", "ENABLE")),
    ("field-for-push-type", of("10", {**EXTRA, "notification": {}})),
    ("field-missing", of("6", {})),
    ("field-missing", of("1", {"formData": {}})),
    ("field-missing", of("7", {"activityData": {}})),
    ("field-missing", of("2", {"notification": SPOKEN["notification"]})),
    ("field-expected", of("1", {key: value for key, value in FORM.items() if key != "formData"})),
    ("field-expected", of("7", {key: value for key, value in LIVE.items() if key != "status"})),
    ("no-effect-on-harmony", alert(priority="high")),
    ("no-effect-on-harmony", alert(subtitle="x")),
    ("no-effect-on-harmony", alert(channel="x")),
    ("no-effect-on-harmony", Message(silent=True, click="app")),
    ("no-effect-on-harmony", Message(silent=True, klass="im")),
    ("no-effect-on-harmony", Message(title="x", data={"a": 1}, options={"harmony": {"push_type": "10"}})),
    ("no-effect-on-harmony", Message(data={"a": 1}, options={"harmony": {"push_type": "7"}})),
    ("no-effect-on-raw", Message(raw=json.dumps({"payload": EXTRA}).encode(), ttl=5)),
    ("header-authorization", alert(headers=(("authorization", "Bearer x"),))),
    ("push-type-unknown", alert(options={"harmony": {"push_type": "5"}})),
    ("push-type-unknown", alert(headers=(("push-type", "alert"),))),
    ("push-type-unproved", of("11", {"anything": {"goes": 1}})),
    ("push-type-mismatch", of("0", FORM)),
    ("push-type-mismatch", of("6", LIVE)),
    ("silent-push-type", Message(silent=True, options={"harmony": {"push_type": "0"}})),
    ("silent-with-notification", of("6", {**EXTRA, "notification": {"title": "a"}})),
    ("huawei-right-needed", of("7", LIVE)),
    ("number-range", of("1", {**FORM, "version": -1})),
    ("number-range", of("7", {**LIVE, "activityId": 2**31})),
    ("form-data", of("1", {**FORM, "formData": {"a": None}})),
    ("form-data", of("1", {**FORM, "formData": {"a": [{"datashareproxy://x": 1}]}})),
    ("form-data", of("1", {**FORM, "formData": {"a": 2**53}})),
    ("form-images", of("1", {**FORM, "images": [{"keyName": "k", "url": "https://a"}] * 2})),
    ("form-images", of("1", {**FORM, "images": [{"url": "https://a"}]})),
    ("form-image-check", of("1", {**FORM, "images": [{"keyName": "k", "url": "https://a"}]})),
    ("live-view-create", of("7", {**LIVE, "event": "SCORE"})),
    ("live-view-version", of("7", {**LIVE, "operation": 1})),
    ("text-missing", Message(title="T")),
    ("text-missing", alert(body="")),
    ("text-missing", Message(data={"a": 1})),
    ("text-missing", of("0", {})),
    ("click-action-missing", of("0", {"notification": {"title": "T", "body": "B", "category": "IM"}})),
    ("click-action-needs", having(f"{N}.clickAction", {"actionType": 1})),
    ("click-action-needs", of("0", {"notification": {**SPOKEN["notification"], "clickAction": {"uri": "x"}}})),  # type: ignore[dict-item]
    ("click-action-type", having(f"{N}.clickAction.actionType", 3)),
    ("click-action-extra", having(f"{N}.clickAction.uri", "app://x")),
    ("click-uri-in-app", alert(click="url:https://example.com")),
    ("style-needs", having(f"{N}.style", 3)),
    ("style-needs", having(f"{N}.style", 1)),
    ("inbox-content", having(N, {"style": 3, "inboxContent": ["a"] * 4})),
    ("inbox-content", having(N, {"style": 3, "inboxContent": ["a" * 1025]})),
    ("inbox-content-style", having(f"{N}.inboxContent", ["a"])),
    ("notify-id-range", having(f"{N}.notifyId", 2**31)),
    ("notify-id-range", alert(options={"harmony": {"notify_id": -2}})),
    ("app-message-id", having(f"{N}.appMessageId", "")),
    ("app-message-id", having(f"{N}.appMessageId", "a#b")),
    ("app-message-id", having(f"{N}.appMessageId", "a" * 65)),
    ("profile-id-length", having(f"{N}.profileId", "a" * 65)),
    ("badge-range", alert(badge=100)),
    ("badge-range", alert(badge=-1)),
    ("badge-range", having(f"{N}.badge.addNum", 0)),
    ("badge-set-wins", having(f"{N}.badge", {"addNum": 1, "setNum": 1})),
    ("badge-alone-right", Message(badge=1)),
    ("badge-empty", of("0", {"notification": {"badge": {}}})),
    ("sound-duration", having(f"{N}.soundDuration", 61, sound="a.mp3")),
    ("sound-duration-alone", having(f"{N}.soundDuration", 5)),
    ("sound-path", alert(sound="/raw/a")),
    ("foreground-show-false", having(f"{N}.foregroundShow", False)),
    ("image-not-https", alert(image="http://example.com/a.png")),
    ("image-not-https", of("1", {**FORM, "images": [{"keyName": "k", "url": "http://a"}]})),
    ("category-missing", of("0", {"notification": {"title": "T", "body": "B", "clickAction": {"actionType": 0}}})),
    ("category-unknown", alert(category="promo")),
    ("category-play-voice", alert(category="IM", options={"harmony": {"push_type": "2"}})),
    ("play-voice-push-type", alert(category="PLAY_VOICE")),
    ("huawei-category-needs-permission", alert(category="VOIP", ttl=30)),
    ("marketing-default", Message(title="T", body="B")),
    ("marketing-quota", Message(title="T", body="B", klass="marketing")),
    ("marketing-quota", alert()),
    ("class-needs-category", Message(title="T", body="B", klass="service")),
    ("class-against-category", alert(klass="im")),
    ("class-against-category", alert(klass="marketing", category="IM")),
    ("ttl-range", alert(ttl=0)),
    ("ttl-range", alert(ttl=1296001)),
    ("call-ttl", alert(category="VOIP")),
    ("call-ttl", Message(data={"a": 1}, ttl=61, options={"harmony": {"push_type": "10"}})),
    ("collapse-key-range", alert(collapse="101")),
    ("collapse-for-push-type", Message(silent=True, collapse="1")),
    ("background-mode-for-push-type", alert(options={"harmony": {"background_mode": 1}})),
    ("background-mode-right", Message(silent=True, options={"harmony": {"background_mode": 1}})),
    ("bi-tag-length", alert(options={"harmony": {"bi_tag": "ä" * 33}})),
    ("test-message", alert(validate_only=True)),
    ("test-message-tokens", tokens(11, testMessage=True)),
    ("token-count", tokens(1001)),
    ("token-count", Message(raw=json.dumps(TOKENS | {"payload": FORM}).encode())),
    ("token-twice", raw({"payload": EXTRA, "target": {"token": ["A", "A"]}})),
]
TOKEN_FAULTS: list[tuple[str, str]] = [
    ("token-empty", ""),
    ("token-escaped", HARMONY.replace("/", "\\/")),
    ("token-quoted", f'"{HARMONY}"'),
    ("token-blank", HARMONY + "\n"),
    ("token-blank", HARMONY[:50] + " " + HARMONY[50:]),
    ("token-blank", HARMONY + "\u200b"),
    ("token-of-fcm", "dQw4w9WgXcQ:APA91b" + "x" * 134),
    ("token-of-apns", "ab" * 32),
    ("token-of-hms", HMS),
    ("token-of-hms", "0123456789abcdefABCDEF0123456789"),
    ("token-of-honor", "BAEAAAAAB." + "a" * 80),
    ("token-of-another", "15985112220221500102621"),
    ("token-shape", "some-token"),
    ("token-shape", "MAMzLg"),
]


@pytest.mark.parametrize(("rule", "message"), BROKEN)
def test_a_rule_that_is_broken_is_told_with_its_place(rule: str, message: Message) -> None:
    found = [finding for finding in lint(message) if finding.rule == rule]

    assert found
    for finding in found:
        assert finding.text
        assert finding.fix
        assert finding.where
        assert finding.source.startswith("https://developer.huawei.com/")
        assert "{" not in finding.text.replace('{"', "").replace("{…}", "")


@pytest.mark.parametrize(("rule", "token"), TOKEN_FAULTS)
def test_a_token_that_is_none_gets_one_finding(rule: str, token: str) -> None:
    (finding,) = VENDOR.lint_target(None, Target("token", token))
    assert finding.rule == rule
    assert not token or len(token) < 12 or token not in str(finding)


def test_a_harmony_token_is_left_alone_and_so_is_its_length() -> None:
    for token in (HARMONY, HARMONY + "=", HARMONY * 2, HARMONY[:70]):
        assert list(VENDOR.lint_target(None, Target("token", token))) == []


def test_a_topic_is_told_once() -> None:
    assert rules(VENDOR.lint_target(None, Target("topic", "news"))) == {"target-kind"}
    assert list(VENDOR.lint(None, alert(), Target("topic", "news"), ENV)) == []


def test_every_rule_is_broken_here() -> None:
    reviews = {"every-token-of-another-project", "every-token-malformed", "every-token-refused"}
    reviews |= {"credential-refused", "nothing-answered"}
    broken = {rule for rule, _ in BROKEN} | {rule for rule, _ in TOKEN_FAULTS} | {"target-kind"}
    assert set(RULES) == broken | reviews


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    (finding,) = lint(alert(collapse="news"))
    assert (finding.rule, finding.level) == ("collapse-key", "error")


def test_a_slip_is_answered_with_the_right_word() -> None:
    def fix(message: Message, rule: str) -> str:
        return next(finding.fix for finding in lint(message) if finding.rule == rule)

    assert fix(having(f"{N}.click_action", {}), "unknown-key") == "Did you mean clickAction?"
    assert fix(having("payload.setNum", 1), "unknown-key") == "It belongs to payload.notification.badge."
    assert fix(having("pushOption", {}), "unknown-key") == "Did you mean pushOptions?"
    assert fix(alert(category="trvael"), "category-unknown") == "Did you mean TRAVEL?"
    assert fix(alert(headers=(("push-type", "alert"),)), "push-type-unknown") == "Did you mean 0?"
    assert (
        fix(alert(options={"harmony": {"push_type": "backgruond"}}), "push-type-unknown") == "Did you mean background?"
    )
    assert "0 alert, 1 form" in fix(alert(options={"harmony": {"push_type": "99"}}), "push-type-unknown")
    assert "hms" in fix(raw({"message": {}}), "payload-missing")


def test_a_payload_of_another_push_type_is_one_error_and_not_ten() -> None:
    assert rules(lint(of("0", FORM)), "error") == {"push-type-mismatch"}
    assert rules(lint(of("6", LIVE)), "error") == {"push-type-mismatch"}


def test_the_size_is_that_of_the_body_without_tokens() -> None:
    bare = len('{"payload":{"extraData":""},"target":{}}')
    for filler, fits in ((4096 - bare, True), (4097 - bare, False)):
        found = rules(lint(raw({"payload": {"extraData": "x" * filler}, "target": {"token": [HARMONY] * 9}})))
        assert ("payload-too-large" in found) is not fits
    letters = rules(lint(raw(json.dumps({"payload": {"extraData": "信" * 1400}}, ensure_ascii=False).encode())))
    assert "payload-too-large" in letters


def test_it_is_said_when_nobody_chose_the_category() -> None:
    assert rules(lint(Message(title="T", body="B")), "info") == {"marketing-default"}
    assert rules(lint(alert()), "info") == {"marketing-quota"}
    assert rules(lint(Message(title="T", body="B", validate_only=True)), "info") == {"test-message"}


def test_every_push_type_of_a_field_exists() -> None:
    told = {kind for field in FIELDS.values() for kind in field.push_types}
    assert told <= set(push_types())
    required = {f"payload.{key}" for kind in push_types().values() for key in (*kind.required, *kind.expected)}
    assert required <= set(FIELDS)


@given(messages)
def test_no_message_breaks_lint_and_what_it_lets_pass_can_be_built(message: Message) -> None:
    findings = lint(message)

    assert all(finding.text and finding.rule for finding in findings)
    if not any(finding.level == "error" for finding in findings):
        (job,) = VENDOR.plan([(message, Target("token", HARMONY))])
        assert job.targets


@given(st.text())
def test_no_token_breaks_lint(token: str) -> None:
    assert len(list(VENDOR.lint_target(None, Target("token", token)))) <= 1
