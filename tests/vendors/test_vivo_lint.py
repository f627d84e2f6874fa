"""The lint rules of vivo: each has a message that breaks it, and what is right breaks none."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.payloads import TYPES
from pushctl.core.vendor import Account, Env
from pushctl.flows.lint import lint as run_lint
from pushctl.vendors.vivo import VENDOR
from pushctl.vendors.vivo.judge import RULES
from pushctl.vendors.vivo.lint_subject import FIELDS

TOKEN = Target("token", "v2-" + "Ab_-" * 14)
ACCOUNT = Account(
    "production", None, {"app_id": "105500000", "package_name": "com.example.app"}, VENDOR.card.hosts["production"]
)
NOON = Env(1_700_020_800.0, bytes)  # 2023-11-15, 12:00 in China
NIGHT = Env(1_700_064_000.0, bytes)  # 2023-11-16, 00:00
ALWAYS = {"treatment", "same-text-once"}


def lint(
    message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT, env: Env = NOON
) -> list[Finding]:
    return run_lint(VENDOR, account, [(message, target)], env)


def broken(message: Message, target: Target | None = TOKEN, env: Env = NOON) -> list[str]:
    """The rules broken, without the remarks that every message of a class gets."""
    return [finding.rule for finding in lint(message, target, env=env) if finding.rule not in ALWAYS]


def said(**fields: Any) -> Message:
    """A system message with nothing wrong but what is named."""
    made = {"title": "Your order", "body": "It is on its way", "klass": "service", "category": "ORDER", **fields}
    return Message(**made)


def sets(*pairs: tuple[str, Any], **fields: Any) -> Message:
    return said(assignments=tuple(Assignment(path, value) for path, value in pairs), **fields)


WHOLE = {
    "appId": 105500000, "title": "Your order", "content": "It is on its way", "notifyType": 4, "skipType": 1,
    "classification": 1, "category": "ORDER", "requestId": "r",
}  # fmt: skip


def raw(document: Any) -> Message:
    return Message(raw=document if isinstance(document, bytes) else json.dumps(document).encode())


def whole(*without: str, **changes: Any) -> Message:
    return raw({key: value for key, value in {**WHOLE, **changes}.items() if key not in without})


def ids(count: int, **more: Any) -> Message:
    return raw({"appId": 105500000, "regIds": [f"t{n}" for n in range(count)], "taskId": "1", "requestId": "r", **more})


SOON = int(NOON.now * 1000)
LATE = SOON + 12 * 3_600_000  # midnight in China
BREACHES: list[tuple[str, Message]] = [
    ("payload-empty", raw(b"")),
    ("payload-bom", raw(b"\xef\xbb\xbf{}")),
    ("payload-not-json", raw(b"{title:1}")),
    ("payload-not-json", raw(b'{"a":' * 50_000)),
    ("payload-not-json", raw(b'{"title":"\xff"}')),
    ("payload-not-object", raw([1])),
    ("unknown-key", sets(("skiptype", 1))),
    ("unknown-key", sets(("zzz", 1))),
    ("unknown-key", sets(("timedDisplay.start", 1))),
    ("unknown-key", sets(("auditReview", [{"who": "x"}]))),
    ("not-offered", sets(("payload", "x"))),
    ("not-offered", sets(("notificationChannel", "x"))),
    ("not-offered", sets(("message", {}))),
    ("wrong-type", sets(("title", 7))),
    ("wrong-type", sets(("regIds", "a"))),
    ("wrong-type", sets(("foregroundShow", "false"))),
    ("wrong-type", sets(("notifyType", "loud"))),
    ("wrong-value", sets(("notifyType", 5))),
    ("wrong-value", sets(("skipType", 5))),
    ("wrong-value", sets(("networkType", 0))),
    ("wrong-value", sets(("pushMode", 2))),
    ("number-as-text", sets(("networkType", "1"))),
    ("number-as-text", whole(appId="105500000")),
    ("no-effect-on-vivo", said(subtitle="S")),
    ("no-effect-on-vivo", said(image="https://example.com/a.png")),
    ("no-effect-on-vivo", said(badge=1)),
    ("no-effect-on-vivo", said(sound="default")),
    ("no-effect-on-vivo", said(priority="high")),
    ("no-effect-on-vivo", said(channel="news")),
    ("silent-not-offered", said(silent=True)),
    ("header-authtoken", said(headers=(("AUTHTOKEN", "x"),))),
    ("header-authorization", said(headers=(("Authorization", "Bearer x"),))),
    ("targets-both", whole(regId="a", alias="b")),
    ("task-id-missing", ids(2, taskId="")),
    ("token-count", ids(1)),
    ("token-count", ids(1001)),
    ("token-count", raw({"taskId": "1", "requestId": "r"})),
    ("token-twice", ids(0, regIds=["a", "b", "a"])),
    ("text-missing", said(title=None)),
    ("text-missing", said(body=" ")),
    ("text-missing", raw({})),
    ("text-too-long", said(title="a b" + "x" * 38)),
    ("text-too-long", said(body="a b" + "x" * 98)),
    ("text-double-width", said(title="您的包裹正在路上" * 3)),
    ("text-double-width", said(body="您的包裹正在路上" * 7)),
    ("trivial-text", said(title="test")),
    ("trivial-text", said(title="12345")),
    ("trivial-text", said(title="Hello")),
    ("trivial-text", said(body="!!!")),
    ("trivial-text", said(body="12-34")),
    ("trivial-text", said(body="这是一条测试消息")),
    ("trivial-text", said(title="[Shop] your order")),
    ("trivial-text", said(body='{"a":1} arrived')),
    ("like-a-trial", said(title="好")),
    ("like-a-trial", said(title="好好好")),
    ("like-a-trial", said(body="Order42")),
    ("data-not-object", sets(("clientCustomMap", "x"))),
    ("data-not-string", sets(("clientCustomMap.a", 1))),
    ("data-too-long", said(data={"a": "x" * 1024})),
    ("data-many-pairs", said(data={str(n): "x" for n in range(11)})),
    ("ttl-range", said(ttl=59)),
    ("ttl-range", said(ttl=0)),
    ("ttl-range", said(ttl=604_801)),
    ("ttl-cut", said(ttl=86_401)),
    ("ttl-short-for-lists", said(ttl=899)),
    ("notify-type-missing", whole("notifyType")),
    ("click-missing", whole("skipType")),
    ("click-needs", sets(("skipType", 2))),
    ("click-needs", sets(("skipType", 3))),
    ("click-needs", sets(("skipType", 4))),
    ("click-extra", sets(("skipContent", "x"))),
    ("click-too-long", said(click="url:https://example.com/" + "x" * 2048)),
    ("click-long", said(click="url:https://example.com/" + "x" * 1000)),
    ("click-not-intent", said(click="intent:myapp://page")),
    ("click-without-component", said(click="intent:#Intent;action=x;end")),
    ("click-url", said(click="url:example.com")),
    ("click-custom", sets(("skipType", 3), ("skipContent", "x"))),
    ("app-id-unsaid", whole("appId")),
    ("app-id-mismatch", whole(appId=105500001)),
    ("request-id-missing", whole("requestId")),
    ("request-id-missing", whole(requestId="")),
    ("request-id-not-text", whole(requestId=1795715597210)),
    (
        "request-id-too-long",
        said(options={"vivo": {"request_id": "x" * 65}}, assignments=(Assignment("requestId", "x" * 65),)),
    ),
    ("notify-id-range", sets(("notifyId", 0))),
    ("notify-id-range", said(options={"vivo": {"notify_id": 2**31}})),
    ("profile-id-length", said(options={"vivo": {"profile_id": "x" * 65}})),
    ("extra-key", sets(("extra.callbackId", "1"))),
    ("extra-key", sets(("extra.badge", "1"))),
    ("extra-not-string", sets((r"extra.callback\.id", 7))),
    ("callback-too-long", said(options={"vivo": {"callback": "https://example.com/" + "x" * 128}})),
    ("callback-url", said(options={"vivo": {"callback": "example.com"}})),
    ("callback-param-too-long", said(options={"vivo": {"callback_param": "x" * 193}})),
    ("callback-param-long", said(options={"vivo": {"callback_param": "x" * 65}})),
    ("foreground-show-false", said(options={"vivo": {"foreground_show": False}})),
    ("send-online", said(options={"vivo": {"send_online": True}})),
    ("badge-needs-right", said(options={"vivo": {"add_badge": True}})),
    ("timed-display", sets(("timedDisplay", {"showStartTime": SOON, "showEndTime": SOON + 60_000}))),
    ("timed-display", sets(("timedDisplay", {"showStartTime": SOON + 900_000, "showEndTime": SOON + 9_000_000}))),
    ("timed-display", sets(("timedDisplay", {"showStartTime": SOON + 900_000, "showEndTime": SOON}))),
    ("timed-display", sets(("timedDisplay", {"showStartTime": SOON + 86_000_000, "showEndTime": SOON + 87_000_000}))),
    ("timed-display", sets(("timedDisplay", {"showStartTime": LATE - 60_000, "showEndTime": LATE + 60_000}))),
    ("cn-missing-class", Message(title="Your order", body="It is on its way")),
    ("cn-missing-class", whole("classification", "category")),
    ("class-needs-category", said(category=None)),
    ("classification-value", sets(("classification", 2))),
    ("classification-value", sets(("classification", "IM"))),
    ("category-unknown", said(category="PARCEL")),
    ("category-case", whole(category="order")),
    ("class-category-conflict", said(klass="marketing", category="ORDER")),
    ("class-category-conflict", said(klass="im", category="SOCIAL")),
    ("class-category-conflict", whole(classification=0)),
]

TARGETS: list[tuple[str, Target]] = [
    ("target-kind", Target("topic", "news")),
    ("token-empty", Target("token", "")),
    ("token-escaped", Target("token", r"v2-ab\/c")),
    ("token-quoted", Target("token", f'"{"1" * 23}"')),
    ("token-blank", Target("token", "1" * 20 + " 123")),
    ("token-blank", Target("token", "1" * 23 + "\n")),
    ("token-several", Target("token", f"{'1' * 23},{'2' * 23}")),
    ("token-rounded", Target("token", "1.59851122202215e+22")),
    ("token-maybe-rounded", Target("token", "15985112220221500000000")),
    ("token-digits", Target("token", "1" * 22)),
    ("token-digits", Target("token", "1" * 24)),
    ("token-of-another", Target("token", "ab" * 32)),
    ("token-of-another", Target("token", "OPPO_CN_" + "0a" * 16)),
    ("token-of-another", Target("token", "cxX1234567:APA91" + "b" * 130)),
    ("token-shape", Target("token", "v2-short")),
    ("token-shape", Target("token", "something")),
    ("alias-empty", Target("alias", " ")),
    ("alias-long", Target("alias", "x" * 41)),
    ("alias-too-long", Target("alias", "x" * 71)),
]
RUN_RULES = {"every-token-refused", "test-devices-only", "credential-refused", "nothing-answered"}
PROFILE_RULES = {"app-key-as-secret", "app-id-as-secret", "app-secret-shape", "app-key-shape", "app-id-shape"}
IMPORT_RULES = {"import-no-credential", "import-placeholder"}
TRACE_RULES = {"task-unknown", "task-rounded", "sent-not-received", "received-not-shown", "one-source"}
FROM_FIELDS = {"retired-key"}  # no field of vivo's is retired yet


@pytest.mark.parametrize(("rule", "message"), BREACHES)
def test_a_message_that_breaks_a_rule(rule: str, message: Message) -> None:
    finding = {one.rule: one for one in lint(message, Target("alias", "me"))}[rule]
    assert finding.level == RULES[rule].level
    assert finding.text
    assert finding.fix
    assert not re.search(r"\{[a-z_]+\}", finding.text + finding.fix)


@pytest.mark.parametrize(("rule", "target"), TARGETS)
def test_a_target_that_breaks_a_rule(rule: str, target: Target) -> None:
    (finding,) = VENDOR.lint_target(ACCOUNT, target)
    assert finding.rule == rule


def test_every_rule_has_a_breach() -> None:
    broken_here = {rule for rule, _ in BREACHES} | {rule for rule, _ in TARGETS} | {"operational-hours"} | ALWAYS
    assert broken_here | RUN_RULES | PROFILE_RULES | IMPORT_RULES | TRACE_RULES | FROM_FIELDS == set(RULES)


@pytest.mark.parametrize(
    "message",
    [
        said(),
        said(klass="im", category=None),
        said(klass="marketing", category=None),
        said(klass=None, category="content"),
        said(klass=None, category="NEWS"),
        said(klass="marketing", category="NEWS"),
        said(title="您的包裹正在路上您的包裹正在路上包裹在路"),
        said(title="Your parcel, no. 12", body="x" * 50 + " y " + "z" * 47),
        said(ttl=86_400, collapse="7", data={"a": "b"}, click="url:https://example.com"),
        said(click="activity:.Main"),
        said(click="intent:#Intent;component=com.example.app/.Main;end"),
        said(options={"vivo": {"callback_id": 7, "callback_param": "p", "notify_type": 1, "network_type": -1}}),
        said(ttl=900),
        sets(("timedDisplay", {"showStartTime": SOON + 900_000, "showEndTime": SOON + 3_600_000})),
        sets(("serverSdkVer", "3.3")),
        whole(),
        whole(regId="12345678901234567890123"),
        whole(category="SOCIAL", extra=None, classification=0),
        ids(2),
        ids(1000),
    ],
)
def test_what_is_right_breaks_no_rule(message: Message) -> None:
    assert broken(message, None) == []


@pytest.mark.parametrize("value", ["12345678901234567890123", TOKEN.value, "v2-" + "A" * 56])
def test_both_forms_of_a_regid_are_not_remarked_on(value: str) -> None:
    assert list(VENDOR.lint_target(None, Target("token", value))) == []


# --- the class before the quota --------------------------------------------------------------------------------------


def treatment(message: Message) -> str:
    (finding,) = [one for one in lint(message, None) if one.rule == "treatment"]
    assert (finding.level, finding.before) == ("info", True)
    return finding.text


def test_how_a_message_will_be_treated_is_said_once_with_its_cap() -> None:
    assert "系统消息" in treatment(said())
    assert "no cap for a device" in treatment(said())
    operational = treatment(said(klass="marketing", category=None))
    assert "运营消息" in operational
    assert "2 a day" in operational
    assert "07:00 to 23:00" in operational
    assert "test devices" in treatment(said(validate_only=True))
    assert "taskId" in treatment(ids(2))
    assert "系统消息" in treatment(whole("classification"))
    assert "运营消息" in treatment(raw({}))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (said(category="PARCEL"), "does not know"),
        (whole(category="order"), "does not know"),
        (sets(("classification", 2)), "does not know"),
        (sets(("classification", "IM")), "does not know"),
        (said(klass="marketing"), "of the other class"),
    ],
)
def test_of_a_class_that_vivo_refuses_nothing_else_is_told(message: Message, words: str) -> None:
    assert words in treatment(message)
    assert "refused" in treatment(message)
    assert not {"operational-hours", "same-text-once"} & {one.rule for one in lint(message, None, env=NIGHT)}


@pytest.mark.parametrize(
    "message",
    [
        said(), said(klass="im", category=None), said(klass="marketing", category="NEWS"), said(category="X"),
        said(validate_only=True), ids(2), raw({}), whole("classification", "category"),
        Message(title="Your order", body="It is on its way"),
    ],
)  # fmt: skip
def test_the_treatment_is_one_sentence_with_one_colon_before_the_hours(message: Message) -> None:
    assert treatment(message).replace("07:00 to 23:00", "").count(":") == 1


def test_a_class_that_nobody_said_is_told_as_what_it_becomes() -> None:
    def told(message: Message) -> str:
        (finding,) = [one for one in lint(message) if one.rule == "cn-missing-class"]
        return finding.text

    assert "goes out as operational" in told(Message(title="Your order", body="It is on its way"))
    assert "the newest for system" in told(whole("classification", "category"))
    assert "older texts" in treatment(whole("classification", "category"))


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Hi", "There", 'The title "Hi" and the content "There" are Latin letters only'),
        (
            "测试",
            "[a]",
            'The title "测试" has 测试 (test) in it and the content "[a]" has braces or square brackets in it',
        ),
        ("测试", "测试 2", 'The title "测试" and the content "测试 2" have 测试 (test) in it'),
        ("12 34", "It is on its way", 'The title "12 34" is digits only'),
        ("1-2!", "...", 'The title "1-2!" and the content "..." are signs, or signs and digits, only'),
    ],
)
def test_both_texts_that_look_like_trials_are_one_finding(title: str, body: str, text: str) -> None:
    (finding,) = [one for one in lint(said(title=title, body=body)) if one.rule == "trivial-text"]
    assert finding.text == f"{text}: vivo refuses that in a formal message (10104)."


@pytest.mark.parametrize("payload", [b"", b"[1]", b"no", b'{"title":"\xff"}'])
def test_of_what_cannot_be_read_no_treatment_is_said(payload: bytes) -> None:
    assert "treatment" not in [one.rule for one in lint(raw(payload), None)]


def test_operational_messages_have_hours_and_others_have_none() -> None:
    news = said(klass="marketing", category=None)
    assert broken(news, env=NIGHT) == ["operational-hours"]
    assert broken(news, env=NOON) == []
    assert broken(said(), env=NIGHT) == []
    assert broken(said(klass="marketing", category=None, validate_only=True), env=NIGHT) == []
    (finding,) = [one for one in lint(news, env=NIGHT) if one.rule == "operational-hours"]
    assert finding.level == "warning"
    assert "00:00" in finding.text


@pytest.mark.parametrize(("hour", "open_"), [(6, False), (7, True), (22, True), (23, False)])
def test_the_hours_are_those_of_chinas_clock(hour: int, open_: bool) -> None:
    midnight = NIGHT.now
    told = broken(said(klass="marketing", category=None), env=Env(midnight + hour * 3600, bytes))
    assert (told == []) is open_


def test_the_same_text_twice_is_told_for_operational_messages_only() -> None:
    def told(message: Message) -> bool:
        return "same-text-once" in [one.rule for one in lint(message)]

    assert told(said(klass="marketing", category=None))
    assert not told(said())
    assert not told(said(klass="marketing", category=None, validate_only=True))


@pytest.mark.parametrize("text", ["test", "123", "Hello", "这是一条测试消息", "[a] b c"])
def test_a_test_message_may_say_anything(text: str) -> None:
    assert broken(said(title=text, validate_only=True)) == []
    assert broken(said(title=text, options={"vivo": {"push_mode": 1}})) == []
    findings = [one for one in lint(said(title=text)) if one.rule == "trivial-text"]
    assert findings[0].level == "error"
    assert "--validate-only" in findings[0].fix


def test_nobody_is_asked_for_the_class_of_a_test() -> None:
    assert broken(Message(title="Your order", body="It is on its way", validate_only=True)) == []


# --- the rest --------------------------------------------------------------------------------------------------------


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    assert broken(said(click="nowhere")) == ["click"]
    assert broken(said(options={"vivo": {"pushmode": 1}})) == ["unknown-option"]
    assert broken(said(collapse="news")) == ["collapse-key"]


def test_without_a_profile_the_rest_is_checked() -> None:
    assert [one.rule for one in lint(said(ttl=1), None, None)] == ["ttl-range", "treatment"]


def test_rules_of_weak_evidence_say_so() -> None:
    assert RULES["text-double-width"].confidence == "medium"
    assert RULES["like-a-trial"].confidence == "low"
    assert RULES["one-source"].confidence == "medium"


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


@given(st.lists(st.tuples(paths, json_values), max_size=3))
def test_no_value_of_any_field_breaks_lint(pairs: list[tuple[str, Any]]) -> None:
    for finding in lint(sets(*pairs)):
        assert finding.rule
        assert finding.text


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_payload_breaks_lint(payload: bytes) -> None:
    lint(Message(raw=payload), None)


@given(st.dictionaries(paths, json_values, max_size=4))
def test_every_object_has_one_treatment(fields: dict[str, Any]) -> None:
    document = {key: value for key, value in fields.items() if "." not in key}
    try:
        payload = json.dumps(document, allow_nan=False).encode()
    except ValueError:
        return
    assert [one.rule for one in lint(Message(raw=payload), None)].count("treatment") == 1


@given(st.sampled_from(["token", "alias"]), st.text(max_size=90))
def test_no_target_breaks_lint_and_there_is_one_finding_at_most(kind: str, value: str) -> None:
    assert len(list(VENDOR.lint_target(None, Target(kind, value)))) <= 1
