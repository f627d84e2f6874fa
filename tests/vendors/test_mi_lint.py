"""The lint rules of Mi Push: each has a message that breaks it, and what is right breaks none."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.payloads import TYPES
from pushctl.core.vendor import Account, Env
from pushctl.flows.lint import lint as run_lint
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.hosts import HOSTS, REGIONS
from pushctl.vendors.mi.judge import RULES
from pushctl.vendors.mi.lint_subject import FIELDS

REGID = "d//igwEhgBGCI2TG6lWqlCc+A/8xyz0123456789ABC="
TOKEN = Target("token", REGID)
APP = {"package_name": "com.example.app", "private_channel_id": "142345", "public_channel_id": "142346"}
NOW = 1_767_323_045
ENV = Env(NOW, bytes)
ALWAYS = "treatment"
MAIN = {"title": "Order shipped", "description": "SF123 is on its way", "restricted_package_name": "com.example.app"}
GOOD = {**MAIN, "pass_through": "0", "extra.notify_effect": "1", "extra.channel_id": "142346"}


def lint(message: Message, target: Target | None = TOKEN, app: dict[str, str] | None = APP) -> list[Finding]:
    account = None if app is None else Account("production", None, app, HOSTS["production"])
    return run_lint(VENDOR, account, [(message, target)], ENV)


def broken(message: Message, target: Target | None = TOKEN, app: dict[str, str] | None = APP) -> list[str]:
    """The rules broken, without the line on how the message will be treated."""
    return [finding.rule for finding in lint(message, target, app) if finding.rule != ALWAYS]


def said(**fields: Any) -> Message:
    """A notification with nothing wrong but what is named."""
    return Message(**{"title": "Order shipped", "body": "SF123 is on its way", "channel": "142346", **fields})


def mi(**options: Any) -> Message:
    return said(options={"mi": options})


def sets(*pairs: tuple[str, Any], **fields: Any) -> Message:
    return said(assignments=tuple(Assignment(path, value) for path, value in pairs), **fields)


def private(**options: Any) -> Message:
    return said(channel="142345", klass="service", options={"mi": {"template_id": "P1", **options}})


def form(**fields: str) -> Message:
    return Message(raw=urlencode({**GOOD, **{key.replace("__", "."): value for key, value in fields.items()}}).encode())


def raw(document: Any) -> Message:
    return Message(raw=document if isinstance(document, bytes) else json.dumps(document).encode())


BREACHES: list[tuple[str, Message]] = [
    ("payload-empty", raw(b"")),
    ("payload-empty", raw({})),
    ("payload-bom", raw(b"\xef\xbb\xbftitle=a")),
    ("payload-not-json", raw(b'{"title"')),
    ("payload-not-object", raw([1])),
    ("payload-not-object", raw("title")),
    ("payload-not-form", raw(b"hello")),
    ("payload-not-form", raw(b"\xff")),
    ("payload-not-form", raw(b"title=%FF")),
    ("payload-not-form", raw(b"title=a&hello")),
    ("field-twice", raw(urlencode([*GOOD.items(), ("title", "b")]).encode())),
    ("unknown-key", sets(("titel", "x"))),
    ("unknown-key", sets(("zzz", "x"))),
    ("extra-prefix", sets(("channel_id", "1"))),
    ("extra-prefix", sets(("notify_effect", "1"))),
    ("extra-spelling", sets(("extra.notification_bigpic_uri", "x"))),
    ("extra-spelling", sets(("extra.callback_type", "3"))),
    ("wrong-type", sets(("notify_id", "x"))),
    ("wrong-type", mi(time_to_send="tomorrow")),
    ("wrong-type", form(time_to_live="-1")),
    ("wrong-value", sets(("extra.notify_effect", "4"))),
    ("wrong-value", sets(("pass_through", "2"))),
    ("wrong-value", mi(connpt="5g")),
    ("retired-key", sets(("extra.ios_msg_channel", "1"))),
    ("extras-count", sets(*((f"extra.k{number}", "v") for number in range(11)))),
    ("extras-length", sets(("extra.k", "v" * 1024))),
    ("no-effect-on-mi", said(subtitle="S")),
    ("no-effect-on-mi", said(priority="high")),
    ("no-effect-on-mi", said(category="IM")),
    ("header-authorization", said(headers=(("Authorization", "key=x"),))),
    ("authorization-form", said(headers=(("authorization", "Key= x"),))),
    ("content-type", said(headers=(("Content-Type", "application/json"),))),
    ("package-absent", sets(("restricted_package_name", None))),
    ("package-absent", raw({key: value for key, value in GOOD.items() if key != "restricted_package_name"})),
    ("notify-id-range", form(notify_id="2147483648")),
    ("package-other", sets(("restricted_package_name", "com.example.app,com.example.other"))),
    ("package-other", form(restricted_package_name="com example")),
    ("several-packages", raw({**GOOD, "user_account": "a", "restricted_package_name": "a.b,c.d"})),
    ("pass-through-dead", sets(("pass_through", 1))),
    ("pass-through-dead", raw(b"registration_id=regidA%3D%3D&pass_through=1&payload=x&restricted_package_name=a.b")),
    ("text-missing", said(title=None)),
    ("text-missing", Message()),
    ("template-without-text", said(title=None, channel="142345", options={"mi": {"template_id": "P1"}})),
    ("text-blank", said(title="  ")),
    ("text-blank", sets(("payload", " "))),
    ("text-cut", said(title="号" * 50)),
    ("text-cut", said(body="x " * 64)),
    ("trivial-text", said(title="test")),
    ("trivial-text", said(title="1")),
    ("trivial-text", said(body="123456")),
    ("trivial-text", said(body="这是一条测试消息，请忽略")),
    ("trivial-text", said(title="A test of the new channel")),
    ("payload-too-long", said(data={"a": "x" * 4096})),
    ("payload-encoded-twice", sets(("payload", "%7B%22a%22%3A1%7D"))),
    ("ttl-range", said(ttl=86_401)),
    ("ttl-range", said(ttl=864_001, channel="9")),
    ("ttl-range", said(ttl=864_001, channel="142345")),
    ("ttl-range", said(ttl=864_001, channel=None)),
    ("ttl-range", form(time_to_live="86400001")),
    ("ttl-not-milliseconds", form(time_to_live="3600")),
    ("ttl-zero", said(ttl=0)),
    ("ttl-and-once", said(ttl=60, options={"mi": {"only_send_once": 1}})),
    ("time-to-send", mi(time_to_send=NOW + 600)),
    ("time-to-send", mi(time_to_send=(NOW - 600) * 1000)),
    ("time-to-send", mi(time_to_send=(NOW + 31 * 86_400) * 1000)),
    ("time-to-send-far", mi(time_to_send=(NOW + 8 * 86_400) * 1000)),
    ("notify-effect-missing", sets(("extra.notify_effect", None))),
    ("notify-effect-missing", raw(MAIN)),
    ("click-needs", form(extra__notify_effect="2")),
    ("click-needs", form(extra__notify_effect="3")),
    ("click-extra", form(extra__web_uri="https://example.com")),
    ("click-intent", said(click="intent:com.example.Detail")),
    ("click-url", said(click="url:example.com")),
    ("xiaomi-missing-channel", said(channel=None)),
    ("xiaomi-missing-channel", raw(MAIN)),
    ("class-category-conflict", said(klass="service")),
    ("class-category-conflict", said(klass="marketing", channel="142345")),
    ("template-missing", said(channel="142345")),
    ("template-missing", said(channel="9", klass="im")),
    ("template-public", mi(template_id="P1")),
    ("template-without-channel", said(channel=None, options={"mi": {"template_id": "P1"}})),
    ("template-param", private(template_param="keywords1=SF123")),
    ("template-param", private(template_param="[1]")),
    ("template-param", private(template_param={f"k{number}": "v" for number in range(10)})),
    ("template-param", form(extra__channel_id="142345", extra__template_id="P1")),
    ("template-param-value", private(template_param={"k": ""})),
    ("template-param-value", private(template_param={"k": "x" * 129})),
    ("template-param-value", private(template_param={"k": 7})),
    ("template-param-value", private(template_param={"k": "☕"})),
    ("template-param-value", private(template_param={"k": "\U0001f4e6"})),
    ("template-param-value", private(template_param={"k": "\u0378"})),
    ("template-param-alone", mi(template_param={"k": "v"})),
    ("notify-id-of-text", said(collapse="order-42")),
    ("jobkey-form", mi(jobkey="_x")),
    ("jobkey-form", mi(jobkey="a b")),
    ("jobkey-form", mi(jobkey="x" * 21)),
    ("jobkey-long", mi(jobkey="x" * 13)),
    ("jobkey-once", mi(jobkey="release_2")),
    ("notify-type-range", mi(notify_type=8)),
    ("notify-type-range", mi(notify_type=-2)),
    ("callback-type", mi(callback="https://a.b/c", callback_type=246)),
    ("callback-type", mi(callback="https://a.b/c", callback_type="1|2")),
    ("callback-type", mi(callback="https://a.b/c", callback_type=0)),
    ("callback-url", mi(callback="a.b/c")),
    ("callback-param-long", mi(callback="https://a.b/c", callback_param="号" * 22)),
    ("callback-alone", mi(callback_type=3)),
    ("flow-control", mi(flow_control=500)),
    ("image-not-uploaded", said(image="https://example.com/a.png")),
    ("image-not-uploaded", said(image="https://[")),
    ("sound-form", said(sound="file:///a.mp3")),
    ("filtered", mi(model="xiaomi")),
    ("foreground-hidden", mi(notify_foreground=0)),
    ("target-several", form(registration_id=REGID, topic="news")),
    ("target-count", form(registration_id=",".join([REGID] * 1001))),
]

TARGETS: list[tuple[str, Target]] = [
    ("target-kind", Target("condition", "'a' in topics")),
    ("target-empty", Target("alias", " ")),
    ("target-empty", Target("topic", "")),
    ("target-comma", Target("alias", "a,b")),
    ("target-comma", Target("user", "a,b")),
    ("token-empty", Target("token", "")),
    ("token-escaped", Target("token", r"d\/\/igwEhgBG")),
    ("token-escaped", Target("token", REGID.replace("+", "%2B"))),
    ("token-quoted", Target("token", f'"{REGID}"')),
    ("token-blank", Target("token", REGID + "\n")),
    ("token-blank", Target("token", "a b")),
    ("token-plus-lost", Target("token", REGID.replace("+", " "))),
    ("token-comma", Target("token", f"{REGID},{REGID}")),
    ("token-of-another", Target("token", "cxX1234567:APA91" + "b" * 130)),
    ("token-of-another", Target("token", "ab" * 32)),
    ("token-of-another", Target("token", "OPPO_CN_" + "0a" * 16)),
    ("token-of-another", Target("token", "1" * 23)),
    ("token-shape", Target("token", "d//igwEhgBGCI2TG6lWqlCc+A/8=")),
    ("token-shape", Target("token", "something")),
]
RUN_RULES = {"every-token-refused", "credential-refused", "nothing-answered"}
PROFILE_RULES = {"secret-is-another", "secret-shape", "id-rounded", "region-closed", "import-no-credential"}
ASK_RULES = {
    "trace-nothing-yet", "trace-of-request", "trace-loss", "quota-used-up", "secret-proved", "answer-part-missing",
    "revoke-unverified",
}  # fmt: skip
ELSEWHERE = RUN_RULES | PROFILE_RULES | ASK_RULES | {ALWAYS, "class-channel"}


@pytest.mark.parametrize(("rule", "message"), BREACHES)
def test_a_message_that_breaks_a_rule(rule: str, message: Message) -> None:
    target = TOKEN if message.raw is None else None
    (finding, *_) = [one for one in lint(message, target) if one.rule == rule]
    assert finding.level == RULES[rule].level
    assert finding.text.endswith(".")
    assert finding.fix.endswith((".", "?"))
    assert finding.source


@pytest.mark.parametrize(("rule", "target"), TARGETS)
def test_a_target_that_breaks_a_rule(rule: str, target: Target) -> None:
    assert [one.rule for one in VENDOR.lint_target(None, target)] == [rule]
    assert broken(said(), target) == [rule]


def test_every_rule_has_a_message_or_a_target_that_breaks_it() -> None:
    assert {rule for rule, _ in (*BREACHES, *TARGETS)} | ELSEWHERE == set(RULES)


@pytest.mark.parametrize(
    "message",
    [
        said(),
        said(ttl=86_400, data={"order": 42}, collapse="7", badge=3, sound="bell"),
        said(click="url:https://example.com/a"),
        said(click="activity:.Main"),
        said(click="intent:#Intent;action=a.B;end"),
        said(image="https://t1.market.mi-img.com/a.png"),
        said(title="订单已发货" * 9 + "已发货。", body="单号 SF123 " * 14),
        private(template_param={"keywords1": "SF123", "name": "小米 14"}),
        private(),
        said(ttl=864_000, channel="142345", options={"mi": {"template_id": "P1"}}),
        mi(callback="https://a.b/c", callback_param="号" * 21, callback_type=243),
        mi(flow_control=3000, time_to_send=(NOW + 86_400) * 1000, notify_type=-1),
        sets(*((f"extra.k{number}", "v" * 90) for number in range(10))),
        said(klass="marketing"),
        raw(GOOD),
        form(registration_id=f"{REGID},{REGID}"),
        raw({**MAIN, "pass_through": 0, "extra": {"notify_effect": "1", "channel_id": 142346}}),
    ],
)
def test_what_is_right_breaks_no_rule(message: Message) -> None:
    assert broken(message) == []


# --- how it will be treated ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (private(), ("private message (私信消息)", "no cap")),
        (said(), ("public message (公信消息)", "5 a day for a device")),
        (said(channel="9"), ("as the console has channel 9", "私信", "公信")),
        (said(channel=None), ("default class (默认)", "1 a day", "27001")),
        (sets(("pass_through", "1")), ("pass-through message (透传消息)", "not delivered")),
        (raw(GOOD), ("public message",)),
        (form(extra__channel_id="142345"), ("private message",)),
    ],
)
@pytest.mark.parametrize("kind", ["token", "alias", "user", "topic"])
def test_every_message_is_told_once_how_it_will_be_treated(message: Message, words: tuple[str, ...], kind: str) -> None:
    (finding,) = [one for one in lint(message, Target(kind, REGID)) if one.rule == ALWAYS]
    assert finding.before
    assert finding.text.startswith("Mi Push: ")
    assert all(word in finding.text for word in words)


@pytest.mark.parametrize("payload", [b"", b"{", b"[1]", b"\xff", b"hello"])
def test_of_what_cannot_be_read_nothing_is_told(payload: bytes) -> None:
    assert [one.rule for one in lint(Message(raw=payload), None)] == broken(Message(raw=payload), None)


def test_a_class_without_a_channel_of_its_own_is_told() -> None:
    message = Message(title="Order shipped", body="SF123 is on its way", klass="marketing")
    app = {"package_name": "a.b", "channel_id": "1", "template_id": "P1"}
    assert broken(message, app=app) == ["class-channel"]
    (told,) = [one for one in lint(message, app=app) if one.rule == ALWAYS]
    assert "as the console has channel 1" in told.text
    assert broken(message, app={"package_name": "a.b"}) == ["xiaomi-missing-channel"]


# --- single rules ----------------------------------------------------------------------------------------------------


def test_a_raw_plus_in_a_form_is_a_blank_in_the_regid() -> None:
    message = Message(raw=b"registration_id=" + REGID.encode())
    (target,) = VENDOR.named(message)
    assert [one.rule for one in VENDOR.lint_target(None, target)] == ["token-plus-lost"]


def test_what_is_left_of_a_text_is_told() -> None:
    (finding,) = [one for one in lint(said(title="一" * 60)) if one.rule == "text-cut"]
    assert f'"{"一" * 49}"' in finding.text


def test_numbers_of_thousands_of_digits_are_none() -> None:
    for path in ("time_to_live", "time_to_send"):
        for digits in (400, 5000):
            assert broken(form(**{path: "9" * digits})) == ["wrong-type"]
    assert broken(said(collapse="9" * 5000)) == ["notify-id-of-text"]


def test_a_profile_of_a_region_that_has_ended_is_told_before_the_push() -> None:
    account = Account("production", None, APP, {"push": REGIONS["fr"]})
    found = [one.rule for one in run_lint(VENDOR, account, [(said(), TOKEN)], ENV)]
    assert found == ["region-closed", ALWAYS]


def test_without_a_profile_a_sound_has_no_package_to_be_written_with() -> None:
    assert broken(said(sound="bell"), None, None) == []
    assert broken(form(extra__sound_uri="bell"), None, None) == ["sound-form"]


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    assert broken(Message(raw=b'{"title": "\\ud800"}')) == ["text-not-unicode"]
    assert broken(said(click="nowhere")) == ["click"]
    assert broken(mi(job_key="x")) == ["unknown-option"]
    assert [one.rule for one in lint(Message(silent=True, data={"a": 1}))] == ["no-silent"]


def test_without_a_profile_the_rest_is_checked() -> None:
    assert broken(said(title="test"), None, None) == ["trivial-text"]


def test_no_text_of_pushctls_own_looks_like_a_trial() -> None:
    assert "trivial-text" not in broken(Message(raw=VENDOR.card.sample.encode()), None)


def test_rules_of_weak_evidence_say_so() -> None:
    low = {rule.id for rule in RULES.values() if rule.confidence == "low"}
    assert low == {"flow-control", "jobkey-long", "revoke-unverified", "template-without-text", "time-to-send-far"}


def test_every_field_has_types_that_are_known() -> None:
    for field in FIELDS.values():
        assert set(field.type) <= TYPES.keys()
        assert field.notes.endswith(".")
        assert field.source


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
paths = st.sampled_from([path for path, field in FIELDS.items() if field.place == "body"])


@given(st.lists(st.tuples(paths, json_values), max_size=3))
def test_no_value_of_any_field_breaks_lint(pairs: list[tuple[str, Any]]) -> None:
    for finding in lint(sets(*pairs)):
        assert finding.rule
        assert finding.text


@given(st.dictionaries(paths | st.text(max_size=6), st.text(max_size=8), max_size=4), st.booleans())
def test_no_payload_breaks_lint(fields: dict[str, str], as_json: bool) -> None:
    text = json.dumps(fields) if as_json else urlencode(fields, errors="replace")
    lint(Message(raw=text.encode()), None)


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_break_lint(payload: bytes) -> None:
    lint(Message(raw=payload), None)


@given(st.sampled_from(["token", "alias", "user", "topic", "tag"]), st.text(max_size=150))
def test_no_target_breaks_lint_and_there_is_one_finding_at_most(kind: str, value: str) -> None:
    assert len(list(VENDOR.lint_target(None, Target(kind, value)))) <= 1
