"""The lint rules of OPPO: each has a message that breaks it, and what is right breaks none."""

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
from pushctl.vendors.oppo import VENDOR
from pushctl.vendors.oppo.hosts import hosts_of
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import FIELDS, PRIVATE, PUBLIC

TOKEN = Target("token", "CN_" + "0a" * 16)
ALIAS = Target("alias", "user_42")
ACCOUNT = Account("production", None, {"package_name": "com.example.app"}, hosts_of("heytapmobi.com"))
ENV = Env(1_700_000_000.0, bytes)


def lint(message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT) -> list[Finding]:
    return run_lint(VENDOR, account, [(message, target)], ENV)


def broken(message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT) -> list[str]:
    """The rules broken, without what every message is told: how it will be treated."""
    return [finding.rule for finding in lint(message, target, account) if not finding.before]


def said(**fields: Any) -> Message:
    """A notification with nothing wrong but what is named."""
    return Message(
        **{"title": "Your order", "body": "It arrives on Friday", "channel": "order", "category": "NEWS", **fields}
    )


def oppo(**options: Any) -> Message:
    return said(options={"oppo": options})


def sets(**fields: Any) -> Message:
    """Fields of the notification object."""
    return said(assignments=tuple(Assignment(path, value) for path, value in fields.items()))


def raw(document: Any) -> Message:
    return Message(raw=document if isinstance(document, bytes) else json.dumps(document).encode())


SHOWN = {"title": "Your order", "content": "It arrives on Friday", "channel_id": "order", "category": "NEWS"}

BREACHES: list[tuple[str, Message]] = [
    ("payload-empty", raw(b"")),
    ("payload-bom", raw(b"\xef\xbb\xbf{}")),
    ("payload-not-json", raw(b"{notification:{}}")),
    ("payload-not-json", raw(b'{"a":' * 50_000)),
    ("payload-not-json", raw(b'{"notification":"\xff"}')),
    ("payload-not-object", raw([{"notification": SHOWN}])),
    ("payload-is-form", raw(b"auth_token=x&message=%7B%7D")),
    ("payload-is-form", raw(b"message=%7B%7D")),
    ("message-wrapper", raw({"message": {"notification": SHOWN}})),
    ("message-wrapper", raw({"messages": [{"notification": SHOWN}]})),
    ("notification-missing", raw({"title": "a", "content": "b"})),
    ("notification-missing", raw({"target_type": 2, "target_value": "CN_x"})),
    ("camel-case", raw({"notification": {**SHOWN, "appMessageId": "x"}})),
    ("camel-case", raw({"targetType": 2, "notification": SHOWN})),
    ("unknown-key", sets(tilte="x")),
    ("unknown-key", raw({"notification": SHOWN, "title": "x"})),
    ("wrong-type", sets(style="1")),
    ("wrong-type", sets(off_line="true")),
    ("wrong-type", raw({"notification": "x"})),
    ("wrong-type", sets(action_parameters={"a": 1})),
    ("wrong-value", sets(click_action_type=3)),
    ("wrong-value", raw({"target_type": 3, "target_value": "a", "notification": SHOWN})),
    ("wrong-value", said(category="ORDER", assignments=(Assignment("notify_level", 3),))),
    ("retired-key", raw({"registration_id": "CN_x", "notification": SHOWN})),
    ("field-too-long", said(data={"a": "x" * 4000})),
    ("field-too-long", said(click="url:https://example.com/" + "a" * 2000)),
    ("field-too-long", oppo(call_back_url="https://example.com/" + "a" * 200)),
    ("field-too-long", oppo(call_back_parameter="a" * 101)),
    ("header-content-type", said(headers=(("Content-Type", "application/json"),))),
    ("header-auth-token", said(headers=(("auth_token", "x"),))),
    ("no-effect-on-oppo", said(sound="default")),
    ("no-effect-on-oppo", said(priority="high")),
    ("no-effect-on-oppo", oppo(broadcast=True, verify_registration_id=True)),
    ("target-needs", raw({"target_type": 2, "notification": SHOWN})),
    ("target-needs", raw({"target_value": "CN_x", "notification": SHOWN})),
    ("target-several", raw({"target_type": 2, "target_value": "CN_x;CN_y", "notification": SHOWN})),
    ("text-missing", Message(title="Your order")),
    ("text-missing", Message(body="It arrives")),
    ("text-missing", Message()),
    ("text-too-long", said(title="字" * 51)),
    ("text-too-long", said(body="😀" * 201)),
    ("text-too-long", said(subtitle="x" * 11)),
    ("text-too-long", said(body="x " * 65, options={"oppo": {"style": 2}})),
    ("text-too-long", said(body="x " * 26, image="https://a/b.png", options={"oppo": {"broadcast": True}})),
    ("text-too-long", said(body="字" * 201, image="https://a/b.png")),
    ("text-long", said(body="字" * 51)),
    ("text-long", said(body="字" * 51, image="https://a/b.png")),
    ("trivial-text", said(title="test")),
    ("trivial-text", said(body="12345")),
    ("trivial-text", said(body=" ")),
    ("data-not-json", sets(action_parameters="a=b")),
    ("data-not-json", sets(action_parameters="[1]")),
    ("off-line-false", oppo(off_line=False)),
    ("ttl-range", said(ttl=864_001)),
    ("ttl-zero", said(ttl=0)),
    ("ttl-zero", sets(off_line_ttl=-1)),
    ("show-time", oppo(show_time_type=1)),
    ("show-time", oppo(show_time_type=1, show_start_time=2, show_end_time=2)),
    ("show-ttl-range", oppo(show_ttl=43_201)),
    ("show-ttl-range", said(category="ORDER", options={"oppo": {"show_ttl": 86_401}})),
    ("push-time", sets(push_time_type=1)),
    ("broadcast-only", oppo(fix_speed=True, fix_speed_rate=1000)),
    ("fix-speed", oppo(broadcast=True, fix_speed=True)),
    ("fix-speed", oppo(broadcast=True, fix_speed=True, fix_speed_rate=1)),
    ("fix-speed", oppo(broadcast=True, fix_speed=True, fix_speed_rate=1000, style=3, big_picture_id="x")),
    ("style-broadcast", oppo(style=3, big_picture_id="x")),
    ("style-needs", oppo(style=3, broadcast=True)),
    ("style-needs", oppo(style=4)),
    ("style-extra", oppo(big_picture_id="x")),
    ("style-extra", oppo(medium_picture_url="https://a/b.png")),
    ("picture-paid", said(image="https://a/b.png")),
    ("picture-paid", sets(buttons=[{"name": "x"}])),
    ("image-not-url", said(image="a.png")),
    ("click-action-needs", sets(click_action_type=2)),
    ("click-action-needs", sets(click_action_type=4)),
    ("click-action-extra", sets(click_action_url="https://a/")),
    ("click-action-url", said(click="url:example.com")),
    ("click-action-class", said(click="activity:Detail")),
    ("call-back-url", oppo(call_back_url="example.com/oppo")),
    ("notify-id-range", sets(notify_id=2**31)),
    ("badge-range", said(badge=100)),
    ("badge-needs", sets(badge_operation_type=1, badge_message_count=3)),
    ("badge-needs", sets(badge_message_count=3)),
    ("badge-needs", sets(badge_operation_type=0)),
    ("cn-missing-class", Message(title="Your order", body="It arrives on Friday")),
    ("oppo-missing-channel", said(channel=None)),
    ("category-unknown", said(category="subscribe")),
    ("category-unknown", said(category="im")),
    ("notify-level-without-category", said(category=None, options={"oppo": {"notify_level": 2}})),
    ("notify-level-right", said(category="IM", options={"oppo": {"notify_level": 16}})),
    ("notify-level-public", said(options={"oppo": {"notify_level": 2}})),
    ("template-missing", said(category="IM")),
    ("template-parameters", oppo(private_title_parameters={"a": "b"})),
    ("template-parameters", oppo(private_msg_template_id="t", private_title_parameters="{a")),
    ("template-parameters", oppo(private_msg_template_id="t", private_content_parameters="[]")),
    ("class-needs-category", said(klass="service", category=None)),
    ("class-category-conflict", said(klass="im")),
    ("class-category-conflict", said(klass="marketing", category="IM")),
    ("treatment", said()),
]

TARGETS: list[tuple[str, Target]] = [
    ("target-kind", Target("topic", "news")),
    ("token-empty", Target("token", "")),
    ("token-escaped", Target("token", "CN_0a%2F")),
    ("token-quoted", Target("token", '"CN_0a"')),
    ("token-blank", Target("token", "CN_0a 0b")),
    ("token-blank", Target("token", TOKEN.value + "\n")),
    ("token-too-long", Target("token", "CN_" + "x!" * 150)),
    ("token-of-another", Target("token", "ab" * 32)),
    ("token-of-another", Target("token", "15985112220221500102621")),
    ("token-of-another", Target("token", "0123456789abcdefABCDEF0123456789")),
    ("token-of-another", Target("token", "cxX1234567:APA91" + "b" * 130)),
    ("token-shape", Target("token", "CN_short")),
    ("alias-empty", Target("alias", " ")),
    ("alias-separator", Target("alias", "a;b")),
]
RUN_RULES = {"every-token-refused", "credential-refused", "nothing-answered", "dead-list"}
PROFILE_RULES = {"app-key-shape", "master-secret-shape", "import-no-credential"}


@pytest.mark.parametrize(("rule", "message"), BREACHES)
def test_a_message_that_breaks_a_rule(rule: str, message: Message) -> None:
    findings = [one for one in lint(message, None) if one.rule == rule]
    assert findings
    for finding in findings:
        assert finding.level == RULES[rule].level
        assert finding.text.endswith(".")
        assert finding.fix.endswith((".", "?"))
        assert finding.source


@pytest.mark.parametrize(("rule", "target"), TARGETS)
def test_a_target_that_breaks_a_rule(rule: str, target: Target) -> None:
    assert [one.rule for one in VENDOR.lint_target(None, target)] == [rule]
    assert broken(said(), target) == [rule]


def test_every_rule_has_a_message_or_a_target_that_breaks_it() -> None:
    told = {rule for rule, _ in (*BREACHES, *TARGETS)} | RUN_RULES | PROFILE_RULES | {"call-back-alias"}
    assert told == set(RULES)


@pytest.mark.parametrize(
    "message",
    [
        said(),
        said(klass="marketing", category=None),
        said(badge=3, ttl=3600, collapse="7", data={"a": 1}, subtitle="Sub"),
        said(click="url:https://example.com"),
        said(click="activity:.Main"),
        said(click="intent:example://detail"),
        said(
            title="您的订单已经发货" * 6 + "明天", body="预计在星期五送到" * 6 + "谢谢", subtitle="一二三四五六七八九十"
        ),
        said(title="😀" * 48 + "订单"),
        said(body="ab cd ef" * 16, options={"oppo": {"style": 2}}),
        said(category="IM", options={"oppo": {"private_msg_template_id": "t", "private_title_parameters": {"a": "b"}}}),
        Message(category="IM", channel="im", options={"oppo": {"private_msg_template_id": "t"}}),
        oppo(broadcast=True, style=3, big_picture_id="x"),
        oppo(broadcast=True, fix_speed=True, fix_speed_rate=10_000),
        oppo(show_time_type=1, show_start_time=1, show_end_time=2, show_ttl=43_200),
        oppo(off_line=True, network_type=1, time_zone="GMT+08:00", call_back_url="https://example.com/oppo"),
        oppo(badge_operation_type=1),
        said(ttl=864_000),
        said(category=None, options={"oppo": {"show_ttl": 86_400}}),
        raw({"target_type": 2, "target_value": TOKEN.value, "notification": SHOWN, "verify_registration_id": True}),
        raw({"notification": {**SHOWN, "sub_title": None}}),
        sets(auditResponse={"result": "pass"}, private_msg_template_id="t", private_title_parameters={"a": "b"}),
    ],
)
def test_what_is_right_breaks_no_rule(message: Message) -> None:
    assert broken(message) == []


def test_receipts_of_an_alias_are_remarked_on() -> None:
    message = oppo(call_back_url="https://example.com/oppo")
    assert broken(message, ALIAS) == ["call-back-alias"]
    document = {"target_type": 5, "target_value": "a", "notification": {**SHOWN, "call_back_url": "https://a/b"}}
    assert broken(raw(document)) == ["call-back-alias"]


@pytest.mark.parametrize(
    "token",
    [
        "0a" * 16,
        "0A" * 16,
        "CN_" + "0A" * 16,
        "OPPO_CN_" + "0a" * 16,
        "realme_CN_" + "0a" * 16,
        "IN_" + "0a" * 16,
        "0a" * 12,
    ],
)
def test_ids_as_oppos_sdk_takes_them_are_not_remarked_on(token: str) -> None:
    assert list(VENDOR.lint_target(None, Target("token", token))) == []


# --- what OPPO makes of a message ------------------------------------------------------------------------------------


def treatment(message: Message) -> str:
    (finding,) = [one for one in lint(message) if one.before]
    assert finding.rule == "treatment"
    return finding.text


@pytest.mark.parametrize("category", PUBLIC)
def test_content_and_marketing_is_told_with_its_cap(category: str) -> None:
    told = treatment(said(category=category))
    assert category in told
    assert "内容与营销" in told
    assert "2 a day for a phone" in told


@pytest.mark.parametrize("category", PRIVATE)
def test_communication_and_service_is_told_to_have_no_limit(category: str) -> None:
    told = treatment(said(category=category))
    assert "通讯与服务" in told
    assert "no daily limit" in told
    assert "lock screen" in told
    assert "lock screen" not in treatment(said(category=category, options={"oppo": {"notify_level": 1}}))
    assert "banner" in treatment(said(category=category, options={"oppo": {"notify_level": 16}}))


def test_without_a_category_the_channel_decides_and_without_both_it_is_public() -> None:
    assert 'channel "order" decides' in treatment(said(category=None))
    assert "2 a day for a phone" in treatment(Message(title="Your order", body="x y z"))
    assert "refused" in treatment(said(category="im"))
    assert "IM" in treatment(said(category=None, klass="im"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_a_message_that_can_be_read_is_told_its_treatment_and_no_other_is(payload: bytes) -> None:
    told = [one.rule for one in lint(Message(raw=payload), None) if one.before]
    try:
        document = json.loads(payload.decode(), parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        document = None
    assert told == (["treatment"] if isinstance(document, dict) and document else [])


def test_a_category_in_small_letters_is_told_how_to_write_it() -> None:
    (finding,) = [one for one in lint(said(category="im")) if one.rule == "category-unknown"]
    assert finding.fix == "Write IM."


def test_two_trivial_texts_are_one_finding() -> None:
    (finding,) = [one for one in lint(said(title="test", body="123")) if one.rule == "trivial-text"]
    assert finding.text.startswith("The title is a word for trials and content is digits only, and")
    (finding,) = [one for one in lint(said(title="test", body="Test")) if one.rule == "trivial-text"]
    assert finding.text.startswith("The title and content are both a word for trials, and")


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    assert broken(said(click="nowhere")) == ["click"]
    assert broken(said(options={"oppo": {"notifylevel": 1}})) == ["unknown-option"]
    assert broken(said(collapse="news")) == ["collapse-key"]


def test_without_a_profile_the_rest_is_checked() -> None:
    assert broken(said(ttl=864_001), None, None) == ["ttl-range"]


@pytest.mark.parametrize(
    ("document", "rules"),
    [
        ({"message": {"notification": {"tilte": "x"}}}, ["message-wrapper"]),
        ({"title": "Your order", "category": "im", "retailer": "x"}, ["notification-missing", "unknown-key"]),
        ({"notification": []}, ["wrong-type"]),
    ],
)
def test_of_a_message_without_a_notification_nothing_is_said_but_that(document: Any, rules: list[str]) -> None:
    assert broken(raw(document), None) == rules
    assert "will be refused" in treatment(raw(document))


@pytest.mark.parametrize(
    ("message", "rules"),
    [
        (said(category=None, channel=None), ["cn-missing-class"]),
        (said(channel=None), ["oppo-missing-channel"]),
        (said(category=None), []),
        (said(category=None, channel=None, klass="service"), ["class-needs-category", "oppo-missing-channel"]),
        (said(category=None, klass="service"), ["class-needs-category"]),
    ],
)
def test_what_is_missing_of_class_and_channel_is_told_once(message: Message, rules: list[str]) -> None:
    assert broken(message) == rules


@pytest.mark.parametrize("message", [said(), said(category="IM"), said(category="im"), said(category=None), Message()])
def test_the_treatment_is_one_sentence_with_one_colon(message: Message) -> None:
    assert treatment(message).count(":") == 1


# --- fields and rules ------------------------------------------------------------------------------------------------


def test_every_field_has_types_that_are_known() -> None:
    for field in FIELDS.values():
        assert set(field.type) <= TYPES.keys()
        assert field.notes.endswith(".")


def test_every_option_of_the_notification_is_a_field_of_it() -> None:
    of_ours = {"broadcast", "region", "verify_registration_id"}
    assert {f"notification.{name}" for name in set(VENDOR.card.options) - of_ours} <= set(FIELDS)


def test_rules_of_weak_evidence_say_so() -> None:
    assert RULES["trivial-text"].confidence == "low"
    assert RULES["template-missing"].confidence == "medium"


paths = st.sampled_from([path for path, field in FIELDS.items() if path.startswith("notification.")])


@given(st.lists(st.tuples(paths, json_values), max_size=3), st.booleans())
def test_no_value_of_any_field_breaks_lint(pairs: list[tuple[str, Any]], broadcast: bool) -> None:
    assignments = tuple(Assignment(path.removeprefix("notification."), value) for path, value in pairs)
    for finding in lint(said(assignments=assignments, options={"oppo": {"broadcast": broadcast}})):
        assert finding.rule
        assert finding.text


@given(st.text(max_size=150), st.sampled_from(["token", "alias"]))
def test_no_target_breaks_lint_and_there_is_one_finding_at_most(value: str, kind: str) -> None:
    assert len(list(VENDOR.lint_target(None, Target(kind, value)))) <= 1
