"""The lint rules of APNs: each has a message that breaks it, and what is right breaks none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.finding import Finding
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, TlsIdentity
from pushctl.flows.lint import lint as run_lint
from pushctl.vendors.apns import VENDOR, Apns
from pushctl.vendors.apns.certificate import ClientCertificate
from pushctl.vendors.apns.hosts import HOSTS
from pushctl.vendors.apns.judge import RULES
from pushctl.vendors.apns.lint_subject import FIELDS
from pushctl.vendors.apns.push_types import push_types

NOW = 1767323045
HEX = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"
TOKEN = Target("token", HEX)
CHANNEL = Target("channel", "dHN0LXNyY2gtY2hubA==")
APP = {"bundle_id": "com.example.MyApp"}
KEY = Account("sandbox", None, APP, HOSTS["sandbox"])
CERTIFICATE = Account("sandbox", None, APP, HOSTS["sandbox"], TlsIdentity(b"", Secret("", "$KEY")))


def lint(message: Message, target: Target | None = TOKEN, account: Account | None = KEY) -> list[Finding]:
    return run_lint(VENDOR, account, [(message, target)], Env(NOW, bytes))


def broken(message: Message, target: Target | None = TOKEN, account: Account | None = KEY) -> list[str]:
    return [finding.rule for finding in lint(message, target, account)]


def said(**fields: Any) -> Message:
    """A message with a body, so that nothing but what is named is wrong."""
    return Message(**{"body": "x", **fields})


def sets(*pairs: tuple[str, Any], **fields: Any) -> Message:
    return said(assignments=tuple(Assignment(path, value) for path, value in pairs), **fields)


def kind(push_type: str, **fields: Any) -> Message:
    return Message(options={"apns": {"push_type": push_type}}, **fields)


def header(name: str, value: str, **fields: Any) -> Message:
    return said(headers=((name, value),), **fields)


def raw(payload: Any, push_type: str | None = None) -> Message:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Message(raw=body, options={"apns": {"push_type": push_type}} if push_type else {})


def live(**aps: Any) -> Message:
    return sets(*((f"aps.{key.replace('_', '-')}", value) for key, value in aps.items()), body=None, priority="normal")


UPDATE = {"event": "update", "content_state": {}}
START = {"event": "start", "content_state": {}, "attributes_type": "A", "attributes": {}, "alert": {"title": "x"}}

BREACHES: list[tuple[str, Message]] = [
    ("image-not-in-apns", said(image="https://example.com/x.png")),
    ("no-effect-on-apns", said(click="app")),
    ("no-effect-on-apns", said(channel="news")),
    ("no-effect-on-apns", said(klass="im")),
    ("payload-empty", raw(b"")),
    ("payload-empty", raw(b" \n")),
    ("payload-bom", raw(b'\xef\xbb\xbf{"aps":{"alert":"x"}}')),
    ("payload-not-json", raw(b"{aps:{alert:x}}")),
    ("payload-not-json", raw(b"[" * 100_000)),
    ("payload-not-json", raw(b'{"aps":"\xff"}')),
    ("payload-not-json", raw(b'{"aps":{"badge":NaN}}')),
    ("payload-not-json", raw('{"aps":{"alert":"x"}}'.encode("utf-16"))),
    ("payload-not-object", raw([1])),
    ("payload-not-object", raw(b'"x"')),
    ("payload-too-large", said(body="ü" * 2048)),
    ("aps-not-object", raw({"aps": "x"})),
    ("wrong-type", sets(("aps.thread-id", 5))),
    ("wrong-type", sets(("aps.alert.loc-args", ["x", 1]))),
    ("wrong-type", sets(("aps.badge", 1.5))),
    ("wrong-type", sets(("aps.badge", True))),
    ("wrong-type", sets(("aps.alert", 5))),
    ("wrong-value", sets(("aps.interruption-level", "time_sensitive"))),
    ("wrong-value", sets(("aps.mutable-content", 2))),
    ("badge-is-string", sets(("aps.badge", "3"))),
    ("custom-key-inside-aps", sets(("aps.sync", "inbox"))),
    ("custom-key-inside-aps", sets(("aps.mutable_content", 1))),
    ("unknown-key", sets(("aps.alert.tittle", "x"))),
    ("retired-key", sets(("aps.alert.summary-arg", "x"))),
    ("content-available-underscore", sets(("aps.content_available", 1))),
    ("content-available-value", sets(("aps.content-available", "1"))),
    ("content-available-value", sets(("aps.content-available", True))),
    ("content-available-value", sets(("aps.content-available", 0))),
    ("mutable-content-without-alert", sets(("aps.mutable-content", 1), body=None, sound="x")),
    ("interruption-level-entitlement", sets(("aps.interruption-level", "critical"))),
    ("relevance-score-range", sets(("aps.relevance-score", 75))),
    ("sound-volume-range", sets(("aps.sound", {"critical": 1, "name": "x", "volume": 11}))),
    ("sound-without-name", sets(("aps.sound", {"critical": 1}))),
    ("alert-empty", raw({"aps": {"alert": "", "sound": "x"}})),
    ("nothing-visible", Message(data={"sync": "inbox"})),
    ("silent-payload-as-alert", raw({"aps": {"content-available": 1}}, "alert")),
    ("silent-with-alert", Message(silent=True, title="x")),
    ("silent-with-sound", Message(silent=True, sound="x")),
    ("silent-with-badge", Message(silent=True, badge=1)),
    ("silent-with-alert", raw({"aps": {"content-available": 1, "alert": "x"}}, "background")),
    ("silent-with-other-key", Message(silent=True, category="x")),
    ("silent-without-content-available", raw({"aps": {}}, "background")),
    ("silent-priority", Message(silent=True, priority="high")),
    ("push-type-unknown", kind("Alert", body="x")),
    ("push-type-mismatch", raw({"aps": {"event": "update", "content-state": {}, "timestamp": NOW}}, "alert")),
    ("push-type-mismatch", raw({"mdm": "x"}, "alert")),
    ("mdm-without-magic", kind("mdm")),
    ("mdm-with-aps", kind("mdm", data={"mdm": "x"}, body="x")),
    ("fileprovider-container", kind("fileprovider", data={"domain": "x"})),
    ("silent-push-type", kind("voip", silent=True, ttl=0)),
    ("silent-push-type", kind("alert", silent=True, title="x")),
    ("priority-for-push-type", header("apns-priority", "1", options={"apns": {"push_type": "fileprovider"}})),
    ("priority-for-push-type", header("apns-priority", "1", options={"apns": {"push_type": "pushtotalk"}})),
    ("expiration-not-integer", header("apns-expiration", "-1")),
    ("content-changed-missing", raw({"aps": {}}, "widgets")),
    ("voip-expiration", kind("voip", data={"a": 1})),
    ("voip-expiration", kind("pushtotalk", data={"a": 1}, ttl=3600)),
    ("priority-value", header("apns-priority", "high")),
    ("priority-for-push-type", kind("fileprovider", data={"container-identifier": "c"}, priority="high")),
    ("priority-one", header("apns-priority", "1")),
    ("expiration-not-integer", header("apns-expiration", "1h")),
    ("expiration-is-duration", header("apns-expiration", "300")),
    ("expiration-in-milliseconds", header("apns-expiration", str(NOW * 1000))),
    ("expiration-in-past", header("apns-expiration", str(NOW - 60))),
    ("expiration-beyond-30-days", said(ttl=40 * 86_400)),
    ("collapse-id-too-long", said(collapse="ü" * 33)),
    ("apns-id-not-uuid", header("apns-id", "42")),
    ("duplicate-header", said(headers=(("apns-id", "x"), ("apns-id", "x")))),
    ("header-blank", header("apns-collapse-id", " x")),
    ("topic-whitespace", header("apns-topic", "com.example.MyApp ")),
    ("topic-characters", header("apns-topic", "com.example/MyApp")),
    ("topic-missing", header("apns-topic", "")),
    ("topic-suffix-missing", kind("voip", ttl=0, headers=(("apns-topic", "com.example.MyApp"),))),
    ("topic-suffix-doubled", kind("voip", ttl=0, headers=(("apns-topic", "com.example.MyApp.voip.voip"),))),
    ("topic-suffix-foreign", header("apns-topic", "com.example.MyApp.voip")),
    ("mdm-topic", kind("mdm", data={"mdm": "x"})),
    ("mdm-needs-certificate", kind("mdm", data={"mdm": "x"})),
    ("liveactivity-event", live(content_state={})),
    ("liveactivity-timestamp", raw({"aps": {"event": "end"}})),
    ("liveactivity-timestamp-old", live(**UPDATE, timestamp=NOW - 3600)),
    ("liveactivity-content-state", live(event="update")),
    ("liveactivity-start-attributes", live(event="start", content_state={}, alert={"title": "x"})),
    ("liveactivity-start-alert", live(event="start", content_state={}, attributes_type="A", attributes={})),
    ("liveactivity-start-only", live(**UPDATE, attributes={})),
    ("liveactivity-sound-place", live(**UPDATE, sound="x")),
    ("liveactivity-dismissal-event", live(**UPDATE, dismissal_date=NOW)),
    ("liveactivity-dismissal-late", live(event="end", dismissal_date=NOW + 5 * 3600)),
    ("liveactivity-budget", sets(("aps.event", "update"), ("aps.content-state", {}), body=None)),
    ("date-in-milliseconds", live(**UPDATE, stale_date=NOW * 1000)),
]  # fmt: skip

TARGETS: list[tuple[str, Target]] = [
    ("target-kind", Target("topic", "news")),
    ("token-empty", Target("token", "")),
    ("token-whitespace", Target("token", HEX + "\n")),
    ("token-whitespace", Target("token", HEX[:20] + " " + HEX[20:])),
    ("token-brackets", Target("token", f"<{HEX}>")),
    ("token-brackets", Target("token", " ".join(HEX[i : i + 8] for i in range(0, 64, 8)))),
    ("token-base64", Target("token", "APwTrf94USK0rSiAmjQgmCNBJBQhNICXh45XfJkd6PA=")),
    ("token-not-hex", Target("token", HEX[:-1] + "g")),
    ("token-not-hex", Target("token", "cVgZ3:" + "APA91b" * 25)),
    ("token-odd-length", Target("token", HEX[:-1])),
    ("token-length", Target("token", "abcd1234")),
    ("token-too-long", Target("token", "a" * 10_000)),
    ("channel-id-not-base64", Target("channel", "no base64!")),
]


@pytest.mark.parametrize(("rule", "message"), BREACHES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_is_broken(rule: str, message: Message) -> None:
    assert rule in broken(message)


@pytest.mark.parametrize(("rule", "target"), TARGETS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_target_is_wrong_in_one_way_only(rule: str, target: Target) -> None:
    message = said() if target.kind != "channel" else live(event="end")

    found = [name for name in broken(message, target) if name.startswith(("token-", "target-", "channel-id"))]
    assert found == [rule]


def test_every_rule_is_broken_by_some_test() -> None:
    elsewhere = {
        # with another account or target, below
        "bundle-id-has-suffix", "push-type-needs-token", "push-type-advises-token", "broadcast-push-type",
        "broadcast-start", "broadcast-expiration", "broadcast-collapse", "channel-bundle-capitals",
        "topic-not-in-certificate",
        # about a run or an answer, tested with judge and asks
        "every-token-bad", "every-token-for-another-topic", "credential-refused", "nothing-answered",
        "token-other-environment", "token-nowhere", "token-other-topic", "probe-inconclusive", "channel-id-missing",
    }  # fmt: skip

    assert {rule for rule, _ in [*BREACHES, *TARGETS]} | elsewhere == set(RULES)


GOOD: list[tuple[str, Message]] = [
    ("a normal push", Message(title="T", subtitle="S", body="B", badge=0, sound="default", ttl=0, collapse="x" * 64)),
    ("a sound only", Message(sound="default")),
    ("a badge of 0", Message(badge=0)),
    ("silent", Message(silent=True, data={"sync": "inbox"})),
    ("silent, raw", raw({"aps": {"content-available": 1}, "sync": "inbox"})),
    ("an alert that wakes the app, too", sets(("aps.content-available", 1))),
    ("a string as alert", raw({"aps": {"alert": "x"}})),
    ("localised", raw({"aps": {"alert": {"loc-key": "K", "loc-args": ["a"]}}})),
    ("a critical sound", raw({"aps": {"alert": "x", "sound": {"critical": 1, "name": "default", "volume": 0.5}}})),
    ("voip", kind("voip", data={"caller": "Ann"}, ttl=0)),
    ("voip of 5120 bytes", kind("voip", data={"x": "a" * (5120 - 17)}, ttl=0)),
    ("complication", kind("complication", data={"x": 1})),
    ("fileprovider", kind("fileprovider", data={"container-identifier": "c", "domain": "d"})),
    ("fileprovider of the default domain", kind("fileprovider", data={"container-identifier": "c"})),
    ("a Wallet pass asks to be fetched", Message(raw=b"{}", headers=(("apns-topic", "pass.com.example.ticket"),))),
    ("live activity update", live(**UPDATE)),
    ("live activity start", live(**START)),
    ("live activity end", live(event="end", content_state={}, dismissal_date=NOW - 1)),
    ("location", kind("location")),
    ("push to talk", kind("pushtotalk", data={"activeSpeaker": "Ann"}, ttl=0)),
    ("push to talk service update", sets(("aps.ptt-push-type", "service-update"), body=None, ttl=0)),
    ("widgets", kind("widgets")),
    ("controls", kind("controls")),
    ("exactly 4096 bytes", said(body="a" * (4096 - 29))),
]


@pytest.mark.parametrize("message", [m for _, m in GOOD], ids=[name for name, _ in GOOD])
def test_what_is_right_breaks_no_rule(message: Message) -> None:
    assert lint(message) == []


def test_an_mdm_push_is_right_with_its_certificate_and_topic() -> None:
    app = {"bundle_id": "com.example.MyApp", "mdm_topic": "com.apple.mgmt.External.1"}
    account = Account("production", None, app, HOSTS["production"], CERTIFICATE.identity)

    assert lint(kind("mdm", data={"mdm": "magic"}), TOKEN, account) == []


def test_the_sizes_are_exact() -> None:
    assert "payload-too-large" not in broken(said(body="a" * (4096 - 29)))
    assert "payload-too-large" in broken(said(body="a" * (4096 - 28)))
    (finding,) = lint(kind("voip", data={"x": "a" * (5121 - 17)}, ttl=0))
    assert "5121 bytes" in finding.text
    assert "5120" in finding.text


def test_a_broadcast_may_have_5120_bytes_where_a_token_may_have_4096() -> None:
    message = live(event="update", content_state={"x": "a" * 4900})

    assert "payload-too-large" in broken(message, TOKEN)
    assert "payload-too-large" not in broken(message, CHANNEL)


def test_broadcast_rules() -> None:
    assert "broadcast-push-type" in broken(kind("alert", body="x"), CHANNEL)
    assert "broadcast-start" in broken(live(**START), CHANNEL)
    assert "broadcast-expiration" in broken(Message(ttl=60, assignments=live(event="end").assignments), CHANNEL)
    assert "broadcast-collapse" in broken(Message(collapse="x", assignments=live(event="end").assignments), CHANNEL)
    assert broken(live(**UPDATE), CHANNEL) == ["channel-bundle-capitals"]


@pytest.mark.parametrize(
    ("push_type", "rule"),
    [("location", "push-type-needs-token"), ("liveactivity", "push-type-advises-token"), ("alert", None)],
)
def test_a_certificate_does_not_cover_every_push_type(push_type: str, rule: str | None) -> None:
    found = [name for name in broken(kind(push_type, body="x"), TOKEN, CERTIFICATE) if name.startswith("push-type-")]

    assert found == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("push_type", "listed"),
    [("alert", True), ("background", True), ("voip", True), ("complication", False), ("pushtotalk", True)],
)
def test_a_topic_that_the_certificate_does_not_list_is_told(push_type: str, listed: bool) -> None:
    topics = (("com.example.MyApp", "app"), ("com.example.MyApp.voip", "voip"))
    certificate = ClientCertificate("Apple Push Services: x", topics, ("sandbox",), "extension", "T", "I", "1", 0, NOW)
    account = Account("sandbox", certificate, APP, HOSTS["sandbox"], CERTIFICATE.identity)

    assert ("topic-not-in-certificate" in broken(kind(push_type, ttl=0), TOKEN, account)) is not listed


@pytest.mark.parametrize("known", [one for one in push_types().values() if one.suffix], ids=lambda one: one.id)
def test_a_bundle_id_that_ends_in_a_suffix_is_suspect_but_never_doubled(known: Any) -> None:
    account = Account("sandbox", None, {"bundle_id": "com.x" + known.suffix}, HOSTS["sandbox"])

    found = broken(said(), TOKEN, account)

    assert "bundle-id-has-suffix" in found
    assert "topic-suffix-doubled" not in found


def test_without_account_and_target_only_what_needs_them_is_left_out() -> None:
    assert broken(said(), None, None) == []
    assert broken(Message(silent=True, title="x"), None, None) == ["silent-with-alert"]
    assert broken(header("apns-topic", "com.example.MyApp.voip"), None, None) == ["topic-suffix-foreign"]


def test_a_message_that_cannot_be_built_is_one_finding() -> None:
    assert broken(sets(("aps.alert.body.x", 1))) == ["set-conflict"]
    assert broken(Message(raw=b"{}", assignments=(Assignment("aps.badge", 1),))) == ["set-on-raw"]
    assert broken(said(data={"aps": 1})) == ["data-named-aps"]
    assert broken(header("apns-collapse-id", "a\r\nx: y")) == ["header-value"]


def test_a_misspelt_key_is_recognised() -> None:
    (finding,) = lint(sets(("aps.treadid", "x")))
    assert finding.fix == "Did you mean thread-id?"
    (finding,) = lint(sets(("aps.mutable_content", 1)))
    assert finding.fix == "Did you mean mutable-content?"


def test_a_payload_that_is_no_json_is_shown_its_place() -> None:
    (finding,) = lint(raw(b'{"aps":\n {"alert": x}}'))

    assert "line 2, column 12" in finding.text


def test_every_rule_has_a_text_a_fix_and_a_source() -> None:
    for rule in RULES.values():
        assert rule.text.endswith((".", "}"))
        assert rule.fix
        assert rule.about.endswith((".", "sound"))
        assert rule.source.startswith("https://")


def test_a_finding_never_shows_a_whole_token() -> None:
    for _, target in TARGETS:
        for finding in lint(said(), target):
            assert len(target.value) < 20 or target.value not in f"{finding.text}{finding.fix}{finding.where}"


def test_many_targets_share_one_check_of_their_message_and_each_is_still_checked() -> None:
    checked: list[Target | None] = []

    class Counting(Apns):
        def lint(self, account: Any, message: Message, target: Target | None, env: Env) -> Any:
            checked.append(target)
            return super().lint(account, message, target, env)

    message = Message(silent=True, title="x")
    tokens = [Target("token", HEX), Target("token", "xyz"), Target("channel", "YQ=="), Target("token", HEX)]
    found = [one.rule for one in run_lint(Counting(), KEY, [(message, target) for target in tokens], Env(NOW, bytes))]
    assert checked == [tokens[0], tokens[2]]
    assert {"silent-with-alert", "token-not-hex", "liveactivity-event"} <= set(found)
    assert found.count("silent-with-alert") == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([10**400, -(10**400), 1e308]) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def keys_below(parent: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(FIELDS.below(parent))) | st.text(), anything, max_size=6)


payloads = st.dictionaries(
    st.sampled_from(["aps", "mdm", "domain", "x"]),
    anything | keys_below("aps") | st.fixed_dictionaries({"alert": keys_below("aps.alert"), "event": anything}),
    max_size=3,
)


@given(
    payloads.map(lambda payload: json.dumps(payload).encode()) | st.binary(),
    st.sampled_from([*push_types(), None, "x"]),
    st.sampled_from([TOKEN, CHANNEL, None]),
)
def test_no_payload_breaks_lint(body: bytes, push_type: str | None, target: Target | None) -> None:
    for finding in lint(raw(body, push_type), target):
        assert finding.text
        assert len(finding.text) < 700


@given(st.text(), st.sampled_from(["apns-expiration", "apns-priority", "apns-topic", "apns-push-type", "apns-id"]))
def test_no_header_and_no_token_breaks_lint(text: str, name: str) -> None:
    lint(header(name, text), Target("token", text))
    lint(header(name, text), Target("channel", text), None)


def test_an_unknown_push_type_is_told_the_known_ones() -> None:
    (finding,) = lint(kind("qqq", body="x"))
    assert all(known in finding.fix for known in push_types())
    (finding,) = lint(kind("Liveactivty", body="x"))
    assert finding.fix == "Did you mean liveactivity?"
