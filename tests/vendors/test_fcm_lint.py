"""The lint rules of FCM: each has a message that breaks it, and what is right breaks none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core import payloads, review
from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.vendor import Account, Env
from pushctl.flows.lint import lint as run_lint
from pushctl.vendors import _tokens
from pushctl.vendors.fcm import VENDOR
from pushctl.vendors.fcm import __file__ as rules_file
from pushctl.vendors.fcm.hosts import HOSTS
from pushctl.vendors.fcm.judge import RULES
from pushctl.vendors.fcm.lint_subject import FIELDS

NOW = 1767323045
FID = "cVgZ3abcdefghijklmnopq"
FCM = f"{FID}:APA91b{'x' * 134}"
TOKEN = Target("token", FCM)
TOPIC = Target("topic", "news")
ACCOUNT = Account("production", None, {"project_id": "demo-project"}, HOSTS["production"])


def lint(message: Message, target: Target | None = TOKEN) -> list[Finding]:
    return run_lint(VENDOR, ACCOUNT, [(message, target)], Env(NOW, bytes))


def broken(message: Message, target: Target | None = TOKEN) -> list[str]:
    return [finding.rule for finding in lint(message, target)]


def said(**fields: Any) -> Message:
    """A message with a text, so that nothing but what is named is wrong."""
    return Message(**{"body": "x", **fields})


def sets(*pairs: tuple[str, Any], **fields: Any) -> Message:
    return said(assignments=tuple(Assignment(path, value) for path, value in pairs), **fields)


def raw(body: Any) -> Message:
    return Message(raw=body if isinstance(body, bytes) else json.dumps(body).encode())


def inside(**message: Any) -> Message:
    return raw({"message": message})


BREACHES: list[tuple[str, Message]] = [
    ("no-effect-on-fcm", said(klass="im")),
    ("no-effect-on-silent", Message(silent=True, channel="x")),
    ("no-effect-on-silent", Message(silent=True, category="x")),
    ("no-effect-on-silent", Message(silent=True, click="app")),
    ("badge-zero", said(badge=0)),
    ("click-form", said(click="https://example.com")),
    ("click-form", said(click="url:")),
    ("click-url-web-only", said(click="url:https://example.com")),
    ("click-activity", said(click="activity:OPEN")),
    ("click-intent", said(click="intent:#Intent;end")),
    ("payload-empty", raw(b" \n")),
    ("payload-bom", raw(b'\xef\xbb\xbf{"message":{}}')),
    ("payload-not-json", raw(b"{message:{}}")),
    ("payload-not-json", raw(b"[" * 100_000)),
    ("payload-not-json", raw(b'{"message":{"topic":"\xff"}}')),
    ("payload-not-json", raw('{"message":{}}'.encode("utf-16"))),
    ("payload-not-object", raw([1])),
    ("legacy-body", raw({"to": "x", "data": {}})),
    ("message-missing", raw({"token": "x"})),
    ("message-not-object", raw({"message": "x"})),
    ("unknown-field", sets(("android.collapse-key", "x"))),
    ("unknown-field", sets(("priority", "high"))),
    ("unknown-field", inside(tokens=["x"])),
    ("unknown-field", inside(validate_only=True)),
    ("unknown-field", inside(Authorization="x")),
    ("unknown-field", raw({"message": {"topic": "x"}, "notification": {}})),
    ("unknown-field", raw({"message": {"topic": "x"}, "x": {}})),
    ("field-twice", said(collapse="a", assignments=(Assignment("android.collapseKey", "b"),))),
    ("wrong-type", sets(("notification.title", 5))),
    ("wrong-type", sets(("notification.title", True))),
    ("wrong-type", sets(("android.direct_boot_ok", "true"))),
    ("wrong-type", sets(("android.notification.notification_count", 1.5))),
    ("wrong-type", sets(("android.notification.body_loc_args", "x"), ("android.notification.body_loc_key", "k"))),
    ("wrong-type", sets(("apns.headers.x", 5))),
    ("wrong-type", sets(("webpush.headers.x", 5))),
    ("wrong-type", sets(("android", "x"))),
    ("wrong-type", raw({"message": {"topic": "x", "data": {"a": "b"}}, "validateOnly": "yes"})),
    ("wrong-type", sets(("android.notification.event_time", 5))),
    ("wrong-type", sets(("android.notification.vibrate_timings", "0.1s"))),
    ("wrong-value", sets(("android.priority", "urgent"))),
    ("wrong-value", sets(("webpush.headers.Urgency", "now"))),
    ("wrong-value", sets(("apns.headers.apns-priority", "7"))),
    ("wrong-value", said(headers=(("X-GOOG-API-FORMAT-VERSION", "1"),))),
    ("value-case", sets(("android.notification.visibility", "private"))),
    ("retired-field", sets(("name", "projects/p/messages/1"))),
    ("retired-field", sets(("android.notification.bypass_proxy_notification", True))),
    ("bad-duration", sets(("android.ttl", 3600))),
    ("bad-duration", sets(("android.ttl", "1h"))),
    ("bad-duration", sets(("android.ttl", "1.0000000001s"))),
    ("bad-duration", sets(("android.notification.vibrate_timings", ["0.1s", "-1s"]))),
    ("bad-timestamp", sets(("android.notification.event_time", "tomorrow"))),
    ("duplicate-header", said(headers=(("content-type", "a"), ("Content-Type", "b")))),
    ("several-targets", sets(("topic", "news"))),
    ("target-empty", inside(topic="")),
    ("data-not-string", Message(data={"n": 5}, priority="high")),
    ("data-not-string", Message(data={"n": None}, priority="high")),
    ("data-not-string", Message(data={"n": {"a": 1}}, priority="high")),
    ("data-not-string", Message(data={"n": True}, priority="high")),
    ("data-not-string", sets(("android.data.x", 1))),
    ("data-not-string", sets(("webpush.data.x", 1))),
    ("data-reserved-key", said(data={"from": "x"})),
    ("data-reserved-key", said(data={"message_type": "x"})),
    ("data-reserved-key", said(data={"google.sent_time": "x"})),
    ("data-reserved-key", said(data={"gcm.notification.title": "x"})),
    ("data-doubtful-key", said(data={"collapse_key": "x"})),
    ("data-overridden", sets(("android.data.b", "y"), data={"a": "x"})),
    ("message-too-big", said(body="ü" * 2048)),
    ("message-too-big", Message(data={"a": "x" * 4096}, priority="high")),
    ("apns-too-big", sets(("apns.payload.x", "y" * 4096))),
    ("nothing-in-it", Message()),
    ("priority-missing", Message(data={"k": "v"})),
    ("high-priority-silent", Message(silent=True, priority="high")),
    ("silent-with-visible", Message(silent=True, title="x")),
    ("silent-with-visible", Message(silent=True, badge=1)),
    ("silent-with-visible", sets(("apns.payload.aps.alert", "x"), body=None, silent=True)),
    ("silent-with-visible", sets(("android.notification.title", "x"), body=None, silent=True)),
    ("data-beside-notification", said(data={"k": "v"})),
    ("ttl-range", said(ttl=2_419_201)),
    ("ttl-range", sets(("android.ttl", "-1s"))),
    ("ttl-zero", said(ttl=0)),
    ("android-and-v2", sets(("android_v2.background_sync", {}), ("android.priority", "high"))),
    ("android-v2-preview", sets(("android_v2.background_sync", {}))),
    ("android-v2-kind", sets(("android_v2.ttl", "5s"))),
    ("android-v2-kind", sets(("android_v2", {"background_sync": {}, "remote_notification": {"notification": {}}}))),
    ("color-form", sets(("android.notification.color", "red"))),
    ("loc-args-without-key", sets(("android.notification.title_loc_args", ["x"]))),
    ("light-settings-incomplete", sets(("android.notification.light_settings", {"color": {"red": 1}}))),
    ("color-range", sets(("android.notification.light_settings.color.red", 255))),
    (
        "vibrate-both",
        sets(
            ("android.notification.vibrate_timings", ["1s"]), ("android.notification.default_vibrate_timings", True)
        ),
    ),
    ("channel-must-exist", said(channel="news")),
    ("image-not-https", said(image="http://example.com/x.png")),
    ("image-not-https", said(image="x.png")),
    ("label-form", sets(("fcm_options.analytics_label", "two words"))),
    ("label-form", sets(("android.fcm_options.analytics_label", "x" * 51))),
    ("link-not-https", said(click="url:http://example.com")),
    ("web-ttl", sets(("webpush.headers.TTL", "1h"))),
    ("web-topic", sets(("webpush.headers.Topic", "x" * 33))),
    ("aps-missing", sets(("apns.payload.acme", "x"))),
    ("aps-empty", sets(("apns.payload.aps", {}))),
    ("apns-data-priority", sets(("apns.headers.apns-priority", "10"), body=None, silent=True)),
    ("apns-push-type", sets(("apns.headers.apns-push-type", "background"), sound="x")),
    (
        "apns-push-type",
        sets(
            ("apns.headers.apns-push-type", "alert"), ("apns.payload.aps.content-available", 1), body=None,
            data={"k": "v"}, priority="normal",
        ),
    ),
    ("background-without-content-available", inside(topic="x", apns={"headers": {"apns-push-type": "background"}})),
    ("content-available-value", sets(("apns.payload.aps.content-available", True))),
    ("content-available-value", sets(("apns.payload.aps.content-available", "1"))),
    ("content-available-underscore", sets(("apns.payload.aps.content_available", 1))),
    ("apns-expiration", sets(("apns.headers.apns-expiration", "3600"))),
    ("apns-expiration", sets(("apns.headers.apns-expiration", "1767323045000"))),
    ("apns-topic", sets(("apns.headers.apns-topic", "com.example"))),
    ("collapse-id-too-long", said(collapse="ü" * 33)),
    ("loc-args-without-key", sets(("apns.payload.aps.alert", {"loc-args": ["x"]}))),
    ("loc-args-without-key", sets(("apns.payload.aps.alert", {"title": "x", "title-loc-args": ["x"]}))),
    ("sound-without-name", sets(("apns.payload.aps.sound", {"critical": 1}))),
    ("sound-volume-range", sets(("apns.payload.aps.sound", {"name": "x", "volume": 1.1}))),
    ("sound-volume-range", sets(("apns.payload.aps.sound", {"name": "x", "volume": "1"}))),
    ("wrong-type", sets(("apns.payload.aps.badge", "1"))),
    ("apns-image", sets(("apns.fcm_options.image", "https://example.com/x.png"))),
    ("live-activity", sets(("apns.live_activity_token", "abc"))),
]  # fmt: skip

TARGETS: list[tuple[str, Target]] = [
    ("target-kind", Target("alias", "x")),
    ("token-empty", Target("token", "")),
    ("token-blank", Target("token", FCM + "\n")),
    ("token-blank", Target("token", FCM[:40] + " " + FCM[40:])),
    ("token-blank", Target("token", FCM[:40] + "\u200b" + FCM[40:])),
    ("token-quoted", Target("token", f'"{FCM}"')),
    ("token-quoted", Target("token", f"{FCM}'")),
    ("token-escaped", Target("token", FCM.replace("x", "\\/", 1))),
    ("token-escaped", Target("token", FCM.replace(":", "%3A"))),
    ("token-escaped", Target("token", FCM.replace(":", "%3a"))),
    ("token-is-server-key", Target("token", "AAAAabc12_-:APA91b" + "x" * 134)),
    ("token-is-secret", Target("token", "ya29.c.abc")),
    ("token-is-secret", Target("token", "AIza" + "x" * 35)),
    ("token-is-secret", Target("token", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln")),
    ("token-of-apns", Target("token", "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0")),
    ("token-of-expo", Target("token", "ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]")),
    ("token-is-fid", Target("token", FID)),
    ("token-of-another", Target("token", "OPPO_CN_" + "0a" * 16)),
    ("token-of-another", Target("token", "15985112220221500102621")),
    ("token-of-harmony", Target("token", "MAMzLg" + "a+/b" * 26 + "aa")),
    ("token-of-honor", Target("token", "BAEAAAAAB.j" + "x" * 117)),
    ("token-of-hms", Target("token", "IQAAAACy0" + "x" * 120)),
    ("token-old", Target("token", "APA91b" + "x" * 134)),
    ("token-cut", Target("token", FCM[:100])),
    ("token-shape", Target("token", "hello")),
    ("token-shape", Target("token", FID + ":XXX91b" + "x" * 134)),
    ("token-shape", Target("token", FCM + "ü")),
    ("token-shape", Target("token", "a" * 10_000)),
    ("target-empty", Target("fid", "")),
    ("fid-is-token", Target("fid", FCM)),
    ("fid-shape", Target("fid", "a" + FID[1:])),
    ("token-quoted", Target("fid", f"'{FID}'")),
    ("topic-empty", Target("topic", "")),
    ("topic-prefix", Target("topic", "/topics/news")),
    ("topic-name", Target("topic", "two words")),
    ("topic-name", Target("topic", "x" * 901)),
    ("topic-name", Target("condition", "'two words' in topics")),
    ("condition-syntax", Target("condition", "")),
    ("condition-syntax", Target("condition", "news")),
    ("condition-topics", Target("condition", " || ".join(f"'t{n}' in topics" for n in range(6)))),
]


def name_of(value: object) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("rule", "message"), BREACHES, ids=name_of)
def test_a_rule_is_broken(rule: str, message: Message) -> None:
    assert rule in broken(message)


@pytest.mark.parametrize(("rule", "target"), TARGETS, ids=name_of)
def test_a_target_is_wrong_in_one_way_only(rule: str, target: Target) -> None:
    assert [finding.rule for finding in VENDOR.lint_target(ACCOUNT, target)] == [rule]


SHARED = (Path(payloads.__file__), Path(_tokens.__file__))
"""Where the rules are applied that every JSON body and every token is held to."""


def test_every_rule_is_broken_by_some_test() -> None:
    folder = Path(rules_file).parent
    lints = "".join(path.read_text("utf-8") for path in [*folder.glob("lint*.py"), folder / "message.py", *SHARED])
    ours = {rule for rule in RULES if f'"{rule}"' in lints or rule.startswith("token-of-")}

    assert ours == {rule for rule, _ in [*BREACHES, *TARGETS]} | {"topic-message-big"}


def test_every_rule_is_used() -> None:
    code = "".join(
        path.read_text("utf-8") for path in [*Path(rules_file).parent.glob("*.py"), *SHARED, Path(review.__file__)]
    )

    assert [rule for rule in RULES if f'"{rule}"' not in code and not rule.startswith("token-of-")] == []


GOOD: list[tuple[str, Message]] = [
    ("a normal push", Message(title="T", subtitle="S", body="B", badge=1, sound="default", ttl=60, collapse="x" * 64)),
    ("silent", Message(silent=True, data={"sync": "inbox"}, ttl=60, collapse="c")),
    ("data with a priority", Message(data={"k": "v"}, priority="normal")),
    ("a sound only", Message(sound="default")),
    ("a picture", said(image="https://example.com/x.png")),
    ("camelCase", inside(topic="x", android={"collapseKey": "a", "restrictedPackageName": "p", "priority": "HIGH"},
                         notification={"title": "T"})),
    ("a whole body", raw({"message": {"topic": "x", "notification": {"title": "T"}}, "validate_only": True})),
    ("whole numbers as strings", sets(("android.notification.notification_count", "5"))),
    ("null counts as unsaid", inside(topic="x", notification={"title": "T", "image": None}, android=None)),
    ("what browsers know", sets(("webpush.notification", {"title": "x", "requireInteraction": True, "own": [1]}))),
    ("own keys beside aps", sets(("apns.payload.acme", {"deep": [1, {"x": None}]}), sound="x")),
    ("aps of every depth", sets(("apns.payload.aps.alert", {"loc-key": "K", "loc-args": ["a"]}))),
    ("lights", sets(("android.notification.light_settings", {"color": {"red": 0.5, "green": 1},
                     "light_on_duration": "0.5s", "light_off_duration": "1s"}))),
    ("times", sets(("android.notification.event_time", "2026-01-02T03:04:05.5Z"),
                   ("android.notification.vibrate_timings", ["0s", "0.250s"]))),
    ("localised", sets(("android.notification.title_loc_key", "k"), ("android.notification.title_loc_args", ["x"]))),
    ("a live activity", sets(("apns.live_activity_token", "abc"), ("apns.headers.apns-push-type", "liveactivity"),
                             ("apns.payload.aps", {"event": "update", "timestamp": NOW, "content-state": {}}))),
    ("4 weeks", said(ttl=2_419_200)),
]  # fmt: skip


@pytest.mark.parametrize("message", [m for _, m in GOOD], ids=[name for name, _ in GOOD])
def test_what_is_right_breaks_no_rule(message: Message) -> None:
    assert lint(message) == []


@pytest.mark.parametrize(
    "target",
    [
        TOKEN,
        Target("token", "abcdefghijk:APA91b" + "-_" * 67),
        Target("fid", FID),
        TOPIC,
        Target("topic", "a-Z_0.~%"),
        Target("condition", "'a' in topics && ('b' in topics || !('c' in topics))"),
    ],
    ids=lambda target: target.kind,
)
def test_a_right_target_is_let_pass(target: Target) -> None:
    assert broken(said(), target) == []


def test_the_sizes_are_exact() -> None:
    assert "message-too-big" in broken(said(body="a" * (4096 - 3)))
    assert broken(said(body="a" * (4096 - 4))) == ["apns-too-big"]
    (finding,) = lint(said(body="a" * 2048), TOPIC)
    assert (finding.rule, finding.level, finding.confidence) == ("topic-message-big", "warning", "medium")
    assert "2052 bytes" in finding.text
    assert lint(said(body="a" * 2044), TOPIC) == []


def test_the_data_of_a_platform_is_counted_in_place_of_the_common_one() -> None:
    message = sets(("android.data", {"a": "x"}), data={"a": "y" * 4096}, body=None, priority="high")

    assert "message-too-big" not in broken(message)


def test_a_value_that_is_no_string_is_told_with_the_flag_that_sends_one() -> None:
    (finding,) = lint(Message(data={"n": 5}, priority="normal"))

    assert finding.text == "data.n is the number 5; FCM takes strings only as values of data."
    assert finding.fix.startswith("Write --data n=5 without the colon")


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("notificaton", "Did you mean notification?"),
        ("android.notification.colour", "Did you mean color?"),
        ("registration_ids", "Use token: one request per token."),
        ("notification.sound", "Use android.notification.sound, and apns.payload.aps.sound."),
        ("android.notification.alert", "It belongs to apns.payload.aps."),
        ("zzz", "Remove it; your own keys go into data (--data)."),
    ],
)
def test_an_unknown_field_is_told_with_the_one_that_was_meant(path: str, fix: str) -> None:
    found = [finding for finding in lint(sets((path, "x"))) if finding.rule == "unknown-field"]

    assert [finding.fix for finding in found] == [fix]


def test_no_finding_about_a_target_quotes_a_secret() -> None:
    for secret in ("AAAAabc12_-:APA91b" + "x" * 134, "ya29.canary-canary-canary", "AIza" + "canary0" * 5, f'"{FCM}"'):
        for finding in VENDOR.lint_target(None, Target("token", secret)):
            told = " ".join((finding.text, finding.fix, finding.where))
            assert secret[10:] not in told
            assert "canary" not in told


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
paths = st.sampled_from([path for path in FIELDS if FIELDS[path].place == "body"]) | st.text(
    alphabet="ab.", min_size=1, max_size=6
)


@given(st.lists(st.tuples(paths, json_values), max_size=3), st.booleans())
def test_any_value_anywhere_is_checked_without_a_fault_of_our_own(pairs: list[tuple[str, Any]], silent: bool) -> None:
    message = sets(*pairs, body=None if silent else "x", silent=silent)

    for finding in lint(message):
        assert finding.text
        assert finding.fix
        assert not re.search(r"\{[a-z_]+\}", finding.text), "a placeholder that nobody filled"


@given(st.dictionaries(st.sampled_from(["message", "validate_only", "to", "x"]), json_values, max_size=3))
def test_any_raw_body_is_checked_without_a_fault_of_our_own(body: dict[str, Any]) -> None:
    lint(raw(body))
    lint(raw({"message": body}), None)


@given(st.sampled_from(VENDOR.card.targets), st.text(max_size=60))
def test_any_target_is_checked_without_a_fault_of_our_own(kind: str, value: str) -> None:
    found = list(VENDOR.lint_target(None, Target(kind, value)))

    assert len(found) <= 1


def test_every_rule_reads_well() -> None:
    for rule in RULES.values():
        assert rule.text.endswith("."), rule.id
        assert rule.fix.endswith((".", "}")), rule.id
        assert rule.source.startswith("https://") or ":" in rule.source, rule.id


def test_every_field_has_a_type_that_is_checked() -> None:
    from pushctl.vendors.fcm.lint_fields import _TYPES

    assert {kind for field in FIELDS.values() for kind in field.type} <= set(_TYPES) | {"any"}
    for path, field in FIELDS.items():
        assert field.notes.endswith("."), path
