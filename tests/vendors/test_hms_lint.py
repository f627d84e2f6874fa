"""The lint rules of Huawei's v1 and v2: each has a message that breaks it, and what is right breaks none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.vendor import Account, Env
from pushctl.flows.lint import lint as run_lint
from pushctl.vendors.hms import VENDOR
from pushctl.vendors.hms.hosts import HOSTS
from pushctl.vendors.hms.judge import RULES
from pushctl.vendors.hms.lint_subject import FIELDS

V2 = "IQAAAACy" + "x" * 122
TOKEN = Target("token", V2)
APP = {"app_id": "100000001", "api": "v1", "badge_class": "com.example.app.Main", "package_name": "com.example.app"}
ACCOUNT = Account("production", None, APP, HOSTS["production"])
ENV = Env(0, bytes)
ALWAYS = "huawei-category-needs-permission"


def lint(message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT) -> list[Finding]:
    return run_lint(VENDOR, account, [(message, target)], ENV)


def broken(message: Message, target: Target | None = TOKEN, account: Account | None = ACCOUNT) -> list[str]:
    """The rules broken, without the remark that every notification without a granted category gets."""
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


def aimed(**inner: Any) -> Message:
    """A raw data message with its own target."""
    return raw({"message": {"data": "x", **inner}})


BUTTON = {"name": "Open", "action_type": 0}
COLOR = {"alpha": 1, "red": 0, "green": 0.5, "blue": 1}
LIGHT = {"color": COLOR, "light_on_duration": "1S", "light_off_duration": "1S"}
APNS = {"payload": {"aps": {"alert": "Hi"}}, "hms_options": {"target_user_type": 1}}

BREACHES: list[tuple[str, Message]] = [
    ("payload-empty", raw(b"")),
    ("payload-bom", raw(b"\xef\xbb\xbf{}")),
    ("payload-not-json", raw(b"{message:{}}")),
    ("payload-not-json", raw(b'{"a":' * 50_000)),
    ("payload-not-json", raw(b'{"a":"\xff"}')),
    ("payload-not-json", raw(b'{"a":NaN}')),
    ("payload-not-object", raw([1])),
    ("message-missing", raw({"massage": {"data": "x"}})),
    ("message-missing", raw({"validate_only": True})),
    ("payload-too-large", said(body="ü" * 2048)),
    ("payload-too-large", said(data={"a": "x" * 4096})),
    ("unknown-key", sets(("android.tll", "1s"))),
    ("unknown-key", sets(("android.notification.clickAction", {"type": 3}))),
    ("unknown-key", sets(("ttl", "1s"))),
    ("unknown-key", shown(buttons=[{**BUTTON, "nam": "x"}])),
    ("wrong-type", sets(("android", "x"))),
    ("wrong-type", shown(notify_id="7")),
    ("wrong-type", shown(foreground_show="false")),
    ("wrong-type", shown(use_default_light=1)),
    ("wrong-type", shown(inbox_content="x", style=3)),
    ("wrong-type", aimed(token="x")),
    ("wrong-type", shown(buttons={"name": "x"})),
    ("wrong-type", sets(("webpush", {"notification": {"vibrate": ["1"]}}))),
    ("wrong-value", sets(("android.target_user_type", 2))),
    ("wrong-value", silent(("android.urgency", "high"))),
    ("wrong-value", shown(visibility="public")),
    ("wrong-value", sets(("android.notification.click_action", {"type": 5}))),
    ("retired-key", shown(ticker="x")),
    ("retired-value", shown(style=2)),
    ("retired-value", shown(importance="HIGH")),
    ("retired-value", sets(("android.notification.click_action.type", 4))),
    ("header-authorization", said(headers=(("authorization", "Bearer x"),))),
    ("targets-several", aimed(token=["a"], topic="b")),
    ("targets-several", sets(("topic", "news"))),
    ("token-count", aimed(token=[f"t{n}" for n in range(1001)])),
    ("token-twice", aimed(token=["a", "b", "a"])),
    ("topic-name", aimed(topic="/topics/news")),
    ("topic-name", aimed(topic="")),
    ("topic-name", aimed(topic="x" * 901)),
    ("condition-form", aimed(condition="a in topics")),
    ("topic-android-only", aimed(topic="news", apns=APNS)),
    ("text-missing", said(title=None)),
    ("text-missing", said(body="")),
    ("text-missing", Message(data={"a": "b"})),
    ("data-not-string", sets(("data", {"a": "b"}))),
    ("data-not-string", sets(("android.data", ["x"]))),
    ("data-not-object", sets(("data", "hello"))),
    ("image-not-https", said(image="http://example.com/x.png")),
    ("image-not-https", shown(image="x.png")),
    ("no-effect-on-hms", said(subtitle="x")),
    ("no-effect-on-hms", silent(channel="news")),
    ("no-effect-on-hms", silent(click="app")),
    ("ttl-format", sets(("android.ttl", "1h"))),
    ("ttl-format", sets(("android.ttl", 3600))),
    ("ttl-format", sets(("android.ttl", "-1s"))),
    ("ttl-range", said(ttl=0)),
    ("ttl-range", said(ttl=1_296_001)),
    ("collapse-key-range", said(collapse="101")),
    ("collapse-key-range", said(collapse="-2")),
    ("priority-for-notification", said(priority="high")),
    ("priority-for-notification", sets(("android.urgency", "HIGH"))),
    ("huawei-urgency-needs-permission", silent(priority="high")),
    ("fast-app-target-data-only", said(options={"hms": {"fast_app_target": 1}})),
    ("click-action-missing", raw({"message": {"notification": {"title": "a", "body": "b"}}})),
    ("click-action-needs", sets(("android.notification.click_action", {"type": 1}))),
    ("click-action-needs", sets(("android.notification.click_action", {"type": 2}))),
    ("click-action-needs", raw({"message": {"android": {"notification": {"click_action": {}}}}})),
    ("click-action-url", said(click="url:http://example.com")),
    ("click-action-extra", sets(("android.notification.click_action.url", "https://example.com"))),
    ("style-needs", shown(style=1, big_title="x")),
    ("style-needs", shown(style=3)),
    ("inbox-content", shown(style=3, inbox_content=["x"] * 6)),
    ("inbox-content", shown(style=3, inbox_content=["x" * 1025])),
    ("buttons-limit", shown(buttons=[BUTTON] * 4)),
    ("button-needs", shown(buttons=[{"action_type": 0}])),
    ("button-needs", shown(buttons=[{**BUTTON, "name": "x" * 41}])),
    ("button-needs", shown(buttons=[{"name": "x"}])),
    ("button-needs", shown(buttons=[{"name": "x", "action_type": 1, "intent": "y"}])),
    ("button-needs", shown(buttons=[{"name": "x", "action_type": 2}])),
    ("button-needs", shown(buttons=[{"name": "x", "action_type": 4}])),
    ("button-needs", shown(buttons=[{**BUTTON, "data": "x" * 1025}])),
    ("badge-range", said(badge=100)),
    ("badge-range", said(badge=-1)),
    ("badge-range", shown(badge={"class": "x", "add_num": 0})),
    ("badge-without-class", shown(badge={"set_num": 1})),
    ("badge-nothing-set", shown(badge={"class": "x"})),
    ("sound-path", said(sound="ping.mp3")),
    ("sound-path", shown(icon="icon.png")),
    ("sound-not-used", shown(sound="/raw/ping")),
    ("sound-with-channel", said(sound="/raw/ping")),
    ("color-format", shown(color="red")),
    ("when-format", shown(when="2014-10-02 15:01")),
    ("loc-args-without-key", shown(title_loc_args=["x"])),
    ("multi-lang-limit", shown(multi_lang_key={"k": dict.fromkeys(("a", "b", "c", "d"), "x")})),
    ("vibrate-config", shown(vibrate_config=["1S"] * 11)),
    ("vibrate-config", shown(vibrate_config=["61S"])),
    ("vibrate-config", shown(vibrate_config=["0"])),
    ("light-settings", shown(light_settings={"color": COLOR})),
    ("light-settings", shown(light_settings={**LIGHT, "color": {"alpha": 1}})),
    ("light-settings", shown(light_settings={**LIGHT, "color": {**COLOR, "red": 255}})),
    ("profile-id-length", shown(profile_id="x" * 65)),
    ("foreground-show-false", shown(foreground_show=False)),
    ("importance-silent", shown(importance="LOW")),
    ("test-message", said(options={"hms": {"target_user_type": 1}})),
    ("marketing-quota", said(klass="marketing")),
    ("category-unknown", said(category="orders")),
    ("category-unknown", said(category="miss_call")),
    ("category-data-only", said(category="play_voice")),
    ("class-needs-category", said(klass="service")),
    ("class-against-category", said(klass="im", category="express")),
    ("class-against-category", said(klass="service", category="marketing")),
    ("silent-with-notification", silent(("notification", {"title": "a", "body": "b"}))),
    ("silent-with-notification", silent(("android.notification", {"click_action": {"type": 3}}))),
    ("silent-without-data", raw({"message": {"token": ["x"]}})),
    ("silent-without-data", silent(("data", ""))),
    ("apns-block", sets(("apns", {"hms_options": {"target_user_type": 1}}))),
    ("apns-block", sets(("apns", {"payload": {"aps": {}}}))),
    ("webpush-urgency-case", sets(("webpush", {"headers": {"urgency": "HIGH"}}))),
    ("webpush-link", sets(("webpush", {"hms_options": {"link": "http://example.com"}}))),
]

TOKENS: list[tuple[str, str]] = [
    ("token-empty", ""),
    ("token-blank", V2 + " "),
    ("token-blank", V2[:40] + "\n" + V2[40:]),
    ("token-blank", V2 + "\u200b"),
    ("token-escaped", "MAMzLg\\/abc"),
    ("token-quoted", f'"{V2}"'),
    ("token-of-fcm", "cXyZ0123456789:APA91b" + "x" * 130),
    ("token-of-fcm", "fKq3Zl0aTn2bY4" + ":" + "x" * 140),
    ("token-of-apns", "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"),
    ("token-of-harmony", "MAMzLg" + "a+/b" * 26 + "aa"),
    ("token-of-harmony", "MAAAL" + "x" * 107),
    ("token-of-honor", "BAEAAAAAB.j" + "x" * 117),
    ("token-of-another", "OPPO_CN_" + "0a" * 16),
    ("token-shape", "short"),
    ("token-shape", "x" * 300),
]


@pytest.mark.parametrize(("rule", "message"), BREACHES, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(BREACHES)])
def test_a_breach_is_told(rule: str, message: Message) -> None:
    found = [finding for finding in lint(message) if finding.rule == rule]
    assert found, broken(message)
    for finding in found:
        assert finding.text.endswith(".")
        assert finding.fix.endswith((".", "?"))
        assert finding.where
        assert finding.source


@pytest.mark.parametrize(("rule", "token"), TOKENS)
def test_a_tokens_shape_is_told_once(rule: str, token: str) -> None:
    (finding,) = VENDOR.lint_target(None, Target("token", token))
    assert finding.rule == rule
    assert finding.level == (
        "error" if rule in ("token-empty", "token-blank", "token-escaped", "token-quoted") else finding.level
    )
    if len(token) > 8:
        assert token not in finding.text + finding.where


@pytest.mark.parametrize("token", [V2, "0123456789abcdefABCDEF0123456789"])
def test_a_token_of_todays_and_of_yesterdays_form_is_fine(token: str) -> None:
    assert list(VENDOR.lint_target(None, Target("token", token))) == []


def test_a_length_is_never_an_error() -> None:
    for length in (1, 31, 33, 99, 201, 5000):
        assert all(one.level == "info" for one in VENDOR.lint_target(None, Target("token", "x" * length)))


@pytest.mark.parametrize(
    "condition",
    [
        "'a' in topics",
        "'TopicA' in topics && ('TopicB' in topics || 'TopicC' in topics)",
        "!('a' in topics) && 'b' in topics",
    ],
)
def test_a_right_condition_is_fine(condition: str) -> None:
    assert list(VENDOR.lint_target(None, Target("condition", condition))) == []


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "topicA && topicB",
        "'a' in topics and 'b' in topics",
        "'a' in topics & 'b' in topics",
        "'a' in topics && ('b' in topics",
        "'a' in topics 'b' in topics",
        "'a b' in topics",
        " && ".join(f"'t{number}' in topics" for number in range(6)),
    ],
)
def test_a_wrong_condition_is_told(condition: str) -> None:
    (finding,) = VENDOR.lint_target(None, Target("condition", condition))
    assert (finding.rule, finding.level) == ("condition-form", "error")


def test_other_targets_are_told() -> None:
    assert [one.rule for one in VENDOR.lint_target(None, Target("alias", "x"))] == ["target-kind"]
    assert [one.rule for one in VENDOR.lint_target(None, Target("topic", "a/b"))] == ["topic-name"]
    assert list(VENDOR.lint_target(None, Target("topic", "新闻-1"))) == []
    assert broken(said(), Target("alias", "x")) == ["target-kind"]


CLEAN: list[Message] = [
    said(),
    said(category="im", klass="im"),
    said(category="express", klass="service"),
    said(badge=5, data={"a": {"b": 1}}, ttl=3600, collapse="7", channel="news", image="https://example.com/x.png"),
    said(sound="default", click="url:https://example.com"),
    said(click="activity:.Detail"),
    silent(),
    silent(ttl=1, priority="normal", category="voip"),
    shown(style=1, big_title="x", big_body="y", color="#FF00aa", when="2014-10-02T15:01:23.045123456Z"),
    shown(style=3, inbox_content=["a", "b"], buttons=[BUTTON, {"name": "x", "action_type": 4, "data": "d"}]),
    shown(light_settings=LIGHT, vibrate_config=["3.5S", "1"], visibility="PUBLIC", profile_id="p"),
    shown(multi_lang_key={"k": {"en": "x", "zh": "y"}}, title_loc_key="k", title_loc_args=["x"]),
    sets(("apns", APNS)),
    sets(
        ("webpush", {"notification": {"title": "x", "vibrate": [100, 50], "actions": [{"action": "a", "title": "b"}]}})
    ),
    aimed(token=["a", "b"]),
    aimed(condition="'a' in topics"),
    raw({"message": {"apns": APNS, "token": ["x"]}}),
    sets(("data", ""), ("android.data", '{"a":1}')),
]


@pytest.mark.parametrize("message", CLEAN, ids=range(len(CLEAN)))
def test_what_is_right_breaks_nothing(message: Message) -> None:
    assert broken(message) == []


def test_every_rule_has_a_breach() -> None:
    elsewhere = {"every-token-refused", "credential-refused", "nothing-answered", "agconnect-secret", "target-kind"}
    covered = {rule for rule, _ in BREACHES} | {rule for rule, _ in TOKENS} | {ALWAYS} | elsewhere
    assert set(RULES) == covered


def test_every_rule_says_what_it_is_for() -> None:
    for rule in RULES.values():
        assert rule.text.endswith((".", "}"))
        assert rule.about.endswith(".")
        assert rule.fix
        assert rule.source


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (said(), "No category is named"),
        (said(category="IM"), "IM counts only if"),
        (said(category="orders"), "counts as none"),
    ],
)
def test_how_huawei_will_handle_it_is_told_before_it_is_sent(message: Message, says: str) -> None:
    (finding,) = [one for one in lint(message) if one.rule == ALWAYS]
    assert says in finding.text
    assert "2 a day" in finding.text
    assert "5 of a news app" in finding.text
    assert finding.level == "info"


@pytest.mark.parametrize(
    "message", [silent(), said(options={"hms": {"target_user_type": 1}}), said(validate_only=True)]
)
def test_what_no_quota_counts_is_not_warned_of(message: Message) -> None:
    assert ALWAYS not in [one.rule for one in lint(message)]


def test_the_4096th_byte_fits_and_tokens_are_not_counted() -> None:
    rest = len(json.dumps({"validate_only": False, "message": {"data": ""}}, separators=(",", ":")))
    exact = {"validate_only": False, "message": {"data": "x" * (4096 - rest), "token": [V2] * 1}}
    assert broken(raw(exact)) == []
    exact["message"]["data"] += "x"  # type: ignore[index]
    (finding,) = lint(raw(exact))
    assert (finding.rule, finding.confidence) == ("payload-too-large", "medium")
    assert "4097 bytes, 1 more" in finding.text


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("android.notification.clickAction", "Did you mean click_action?"),
        ("android.collapse-key", "Did you mean collapse_key?"),
        ("android.notifcation", "Did you mean notification?"),
        ("android.click_action", "It belongs to message.android.notification."),
        ("validate_only", "It belongs to the body itself."),
        ("zzz", "Leave it out; custom values go into data."),
    ],
)
def test_an_unknown_field_is_suggested(path: str, fix: str) -> None:
    (finding,) = [one for one in lint(sets((path, "x"))) if one.rule == "unknown-key"]
    assert finding.fix == fix


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    assert broken(said(collapse="x")) == ["collapse-key"]


def test_lint_needs_no_profile() -> None:
    assert broken(said(badge=1), None, None) == ["badge-without-class"]


def test_every_field_is_explained() -> None:
    types = {"string", "integer", "number", "boolean", "object", "objects", "strings", "integers"}
    for path, field in FIELDS.items():
        assert set(field.type) <= types
        assert field.notes.endswith((".", "…"))
        parent = path.rpartition(".")[0]
        assert not parent or parent in FIELDS


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from([path for path in FIELDS if path.startswith("message.")]), json_values, max_size=6)
)
def test_any_value_in_any_field_is_linted(fields: dict[str, Any]) -> None:
    document: dict[str, Any] = {}
    for path, value in fields.items():
        *parents, last = path.split(".")
        place = document
        for key in parents:
            if not isinstance(place.get(key), dict):
                place[key] = {}
            place = place[key]
        place[last] = value
    for finding in lint(raw(document), None):
        assert finding.rule in RULES


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_payload_is_linted(payload: bytes) -> None:
    assert all(finding.rule in RULES for finding in lint(raw(payload), None))


@given(st.sampled_from(["token", "topic", "condition", "alias"]), st.text(max_size=80))
def test_any_target_is_linted_with_one_finding_at_most(kind: str, value: str) -> None:
    assert len(list(VENDOR.lint_target(None, Target(kind, value)))) <= 1
