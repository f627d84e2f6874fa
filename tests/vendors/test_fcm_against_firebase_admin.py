"""What pushctl writes down for an intent is what firebase-admin writes down for it, and what firebase-admin can write
down passes lint. ``str(messaging.Message(…))`` is its public encoder; the requests are caught where it would send them.

Where the two differ on purpose, a test at the end of this file says so.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import firebase_admin
import pytest
import requests
from firebase_admin import credentials, messaging
from google.oauth2.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Question
from pushctl.core.wire import Request
from pushctl.flows.lint import lint
from pushctl.vendors.fcm import VENDOR
from pushctl.vendors.fcm.hosts import HOSTS
from pushctl.vendors.fcm.lint_subject import FIELDS, is_open

NOW = 1767323045
ENV = Env(NOW, bytes)
PROJECT = "demo-project"
ACCOUNT = Account("production", None, {"project_id": PROJECT}, HOSTS["production"])
GRANT = Grant(Secret("ya29.made", "$PUSHCTL_TOKEN"), 0, 3600)
TOKEN = Target("token", "cVgZ3abcdefghijklmnopq:APA91b" + "x" * 134)
FID = Target("fid", "cVgZ3abcdefghijklmnopq")
# What firebase-admin says of its own parameter; most of the world sends to tokens still.
pytestmark = pytest.mark.filterwarnings("ignore:Message.token is deprecated:DeprecationWarning")

Body = dict[str, Any]


def ours(message: Message, target: Target = TOKEN) -> Request:
    (job,) = VENDOR.plan([(message, target)])
    return VENDOR.request(ACCOUNT, job, GRANT, None, ENV)


def built(message: Message, target: Target = TOKEN) -> Body:
    """The message object that pushctl sends."""
    inner: Body = json.loads(ours(message, target).body(reveal=True))["message"]
    return inner


def encoded(message: messaging.Message) -> Body:
    """The message object that firebase-admin sends."""
    inner: Body = json.loads(str(message))
    return inner


def errors(body: Body) -> list[str]:
    """The rules that a raw message object breaks."""
    (target,) = VENDOR.named(message := Message(raw=json.dumps({"message": body}).encode()))
    return [finding.rule for finding in lint(VENDOR, ACCOUNT, [(message, target)], ENV) if finding.level == "error"]


# --- one intent, both clients ----------------------------------------------------------------------------------------

Note, Android, Shown = messaging.Notification, messaging.AndroidConfig, messaging.AndroidNotification
Web, Apple, Payload = messaging.WebpushConfig, messaging.APNSConfig, messaging.APNSPayload
HIGH = Android(priority="high")
SILENT = {"apns-priority": "5", "apns-push-type": "background"}
AWAKE = Payload(messaging.Aps(content_available=True))


def alike(name: str, message: Message, target: Target = TOKEN, **theirs: Any) -> Any:
    return pytest.param(message, target, theirs, id=name)


INTENTS = [
    alike("title and body", Message(title="Hi", body="There"), notification=Note("Hi", "There"), android=HIGH),
    alike("an empty title", Message(title=""), notification=Note(""), android=HIGH),
    alike("umlauts and an emoji", Message(body="Grüße 🙂"), notification=Note(body="Grüße 🙂"), android=HIGH),
    alike("an image", Message(title="Hi", image="https://example.com/a.png"),
          notification=Note("Hi", image="https://example.com/a.png"), android=HIGH),
    alike("to an installation id", Message(title="Hi"), FID, notification=Note("Hi"), android=HIGH),
    alike("to a topic", Message(title="Hi"), Target("topic", "news"), notification=Note("Hi"), android=HIGH),
    alike("to a condition", Message(title="Hi"), Target("condition", "'a' in topics && !('b' in topics)"),
          notification=Note("Hi"), android=HIGH),
    alike("data", Message(data={"a": "b", "c": ""}), data={"a": "b", "c": ""}),
    alike("no data", Message(title="Hi", data={}), notification=Note("Hi"), android=HIGH, data={}),
    alike("high priority", Message(title="Hi", priority="high"), notification=Note("Hi"), android=HIGH,
          apns=Apple({"apns-priority": "10"}), webpush=Web({"Urgency": "high"})),
    alike("normal priority", Message(title="Hi", priority="normal"), notification=Note("Hi"),
          android=Android(priority="normal"), apns=Apple({"apns-priority": "5"}), webpush=Web({"Urgency": "normal"})),
    alike("urgent data", Message(data={"a": "b"}, priority="high"), data={"a": "b"}, android=HIGH,
          webpush=Web({"Urgency": "high"})),
    alike("an hour to live", Message(title="Hi", ttl=3600), notification=Note("Hi"),
          android=Android(priority="high", ttl=timedelta(hours=1)), webpush=Web({"TTL": "3600"}),
          apns=Apple({"apns-expiration": str(NOW + 3600)})),
    alike("now or never", Message(title="Hi", ttl=0), notification=Note("Hi"), webpush=Web({"TTL": "0"}),
          android=Android(priority="high", ttl=0), apns=Apple({"apns-expiration": "0"})),
    alike("replacing what is shown", Message(title="Hi", collapse="score"), notification=Note("Hi"),
          android=Android(priority="high", collapse_key="score", notification=Shown(tag="score")),
          apns=Apple({"apns-collapse-id": "score"})),
    alike("replacing what waits", Message(data={"a": "b"}, collapse="sync"), data={"a": "b"},
          android=Android(collapse_key="sync"), apns=Apple({"apns-collapse-id": "sync"})),
    alike("a channel", Message(title="Hi", channel="news"), notification=Note("Hi"),
          android=Android(priority="high", notification=Shown(channel_id="news"))),
    alike("a sound", Message(title="Hi", sound="ping"), notification=Note("Hi"),
          android=Android(priority="high", notification=Shown(sound="ping")),
          apns=Apple(payload=Payload(messaging.Aps(sound="ping")))),
    alike("a badge", Message(title="Hi", badge=3), notification=Note("Hi"),
          android=Android(priority="high", notification=Shown(notification_count=3)),
          apns=Apple(payload=Payload(messaging.Aps(badge=3)))),
    alike("a subtitle", Message(title="Hi", subtitle="you", body="There"), notification=Note("Hi", "There"),
          android=HIGH, apns=Apple(payload=Payload(messaging.Aps(messaging.ApsAlert("Hi", "you", "There"))))),
    alike("a category", Message(title="Hi", category="MAIL"), notification=Note("Hi"), android=HIGH,
          apns=Apple(payload=Payload(messaging.Aps(category="MAIL")))),
    alike("a tap that opens an activity", Message(title="Hi", click="activity:OPEN"), notification=Note("Hi"),
          android=Android(priority="high", notification=Shown(click_action="OPEN"))),
    alike("a tap that opens a page", Message(title="Hi", click="url:https://example.com/"), notification=Note("Hi"),
          android=HIGH, webpush=Web(fcm_options=messaging.WebpushFCMOptions("https://example.com/"))),
    alike("a silent push", Message(silent=True, data={"op": "sync"}), data={"op": "sync"},
          android=Android(priority="normal"), apns=Apple(SILENT, AWAKE)),
    alike("an urgent silent push", Message(silent=True, data={"op": "sync"}, priority="high"), data={"op": "sync"},
          android=HIGH, apns=Apple(SILENT, AWAKE), webpush=Web({"Urgency": "high"})),
    alike("a silent push of an hour, replaced by the next",
          Message(silent=True, data={"op": "sync"}, ttl=3600, collapse="sync"), data={"op": "sync"},
          android=Android(priority="normal", ttl=3600, collapse_key="sync"), webpush=Web({"TTL": "3600"}),
          apns=Apple({**SILENT, "apns-expiration": str(NOW + 3600), "apns-collapse-id": "sync"}, AWAKE)),
    alike("an analytics label", Message(title="Hi", options={"fcm": {"analytics_label": "spring"}}),
          notification=Note("Hi"), android=HIGH, fcm_options=messaging.FCMOptions("spring")),
    alike("fields of one platform, by --set and by a table",
          Message(title="Hi", options={"fcm": {"webpush": {"notification": {"requireInteraction": True}}}},
                  assignments=(Assignment("android.notification.visibility", "SECRET"),)),
          notification=Note("Hi"), android=Android(priority="high", notification=Shown(visibility="secret")),
          webpush=Web(notification=messaging.WebpushNotification(require_interaction=True))),
]  # fmt: skip


@pytest.mark.parametrize(("message", "target", "theirs"), INTENTS)
def test_both_clients_write_the_same_message(message: Message, target: Target, theirs: Mapping[str, Any]) -> None:
    told = encoded(messaging.Message(**{target.kind: target.value}, **theirs))

    assert built(message, target) == told
    assert errors(told) == []


texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = st.none() | st.text("abc-1", min_size=1, max_size=8)
common = {
    "ttl": st.none() | st.integers(0, 2_419_200), "priority": st.sampled_from([None, "high", "normal"]),
    "collapse": words, "channel": words, "category": words,
    "data": st.dictionaries(st.text("xyz", min_size=1, max_size=4), st.text("ab ", max_size=4), max_size=3),
    "click": st.sampled_from([None, "app", "url:https://example.com/", "activity:OPEN"]),
}  # fmt: skip
intents = st.builds(Message, silent=st.just(True), **common) | st.builds(
    Message, title=texts, subtitle=texts, body=texts, image=st.sampled_from([None, "https://example.com/a.png"]),
    sound=words, badge=st.none() | st.integers(1, 99), **common,
)  # fmt: skip
targets = st.sampled_from([TOKEN, FID, Target("topic", "a.b_c-d~1%"), Target("condition", "'a' in topics")])


def theirs(message: Message, target: Target) -> messaging.Message:
    """The same intent in firebase-admin's words: what each flag means on each platform, written once more."""
    silent, click = message.silent, (message.click or "app").partition(":")
    shown = not silent and any(text is not None for text in (message.title, message.body, message.image))
    alerts = not silent and (shown or message.subtitle is not None)
    on_ios = alerts or message.badge is not None or message.sound is not None
    headers: dict[str, str] = {}
    if silent:
        headers |= SILENT
    elif message.priority and on_ios:
        headers["apns-priority"] = {"high": "10", "normal": "5"}[message.priority]
    if message.ttl is not None:
        headers["apns-expiration"] = str(NOW + message.ttl) if message.ttl else "0"
    if message.collapse:
        headers["apns-collapse-id"] = message.collapse
    alert = messaging.ApsAlert(message.title, message.subtitle, message.body)
    aps = messaging.Aps(
        None if message.subtitle is None else alert, message.badge, message.sound, category=message.category
    )
    notification = Shown(
        sound=message.sound, channel_id=message.channel, tag=message.collapse if alerts else None,
        notification_count=message.badge, click_action=click[2] if click[0] == "activity" else None,
    )  # fmt: skip
    web = {} if message.ttl is None else {"TTL": str(message.ttl)}
    return messaging.Message(
        **{target.kind: target.value},
        data=dict(message.data),
        notification=Note(message.title, message.body, message.image) if shown else None,
        android=Android(
            message.collapse,
            message.priority or ("normal" if silent else "high" if shown else None),
            message.ttl,
            notification=None if silent else notification,
        ),
        apns=Apple(headers, AWAKE if silent else Payload(aps)),
        webpush=Web(
            web | ({"Urgency": message.priority} if message.priority else {}),
            fcm_options=messaging.WebpushFCMOptions(click[2] if click[0] == "url" else None),
        ),
    )


@given(intents, targets)
def test_both_clients_write_any_message_alike(message: Message, target: Target) -> None:
    assert built(message, target) == encoded(theirs(message, target))


# --- everything that firebase-admin can say --------------------------------------------------------------------------

ALERT: Body = {
    "title": "t", "subtitle": "s", "body": "b", "loc_key": "k", "loc_args": ["a"], "title_loc_key": "k",
    "title_loc_args": ["a"], "action_loc_key": "k", "launch_image": "i", "custom_data": {"summary-arg": "x"},
}  # fmt: skip
SHOWN: Body = {
    "title": "t", "body": "b", "icon": "ic", "color": "#00fF00", "sound": "default", "tag": "t", "click_action": "OPEN",
    "body_loc_key": "k", "body_loc_args": ["1"], "title_loc_key": "k", "title_loc_args": ["1"], "channel_id": "c",
    "image": "https://example.com/a.png", "ticker": "t", "sticky": False, "local_only": True, "priority": "max",
    "event_timestamp": datetime(2026, 1, 2, 3, 4, 5, 678, UTC), "vibrate_timings_millis": [0, 100, 250.5],
    "default_vibrate_timings": False, "default_sound": True, "default_light_settings": True, "visibility": "secret",
    "light_settings": messaging.LightSettings("#00ff0080", 100, 1500), "notification_count": 3,
    "proxy": "if_priority_lowered",
}  # fmt: skip
WEB: Body = {
    "title": "t", "body": "b", "icon": "/i.png", "badge": "/b.png", "data": {"any": [1]}, "direction": "rtl",
    "actions": [messaging.WebpushNotificationAction("a", "t", "/i.png")], "image": "/a.png", "language": "de",
    "renotify": True, "require_interaction": True, "silent": False, "tag": "t", "timestamp_millis": 1767323045000,
    "vibrate": [100, 200], "custom_data": {"own": 1},
}  # fmt: skip
EVERY: Mapping[Callable[..., Any], Body] = {
    messaging.Notification: {"title": "t", "body": "b", "image": "https://example.com/a.png"},
    messaging.FCMOptions: {"analytics_label": "a-z_1.~%"},
    messaging.AndroidFCMOptions: {"analytics_label": "a"},
    messaging.LightSettings: {"color": "#ff0000", "light_on_duration_millis": 1, "light_off_duration_millis": 2500},
    messaging.AndroidNotification: SHOWN,
    messaging.AndroidConfig: {
        "collapse_key": "k", "priority": "high", "ttl": timedelta(seconds=3600, milliseconds=500), "data": {"a": "b"},
        "restricted_package_name": "com.example.app", "notification": Shown(**SHOWN), "direct_boot_ok": True,
        "fcm_options": messaging.AndroidFCMOptions("a"), "bandwidth_constrained_ok": True,
        "restricted_satellite_ok": False,
    },
    messaging.WebpushNotificationAction: {"action": "a", "title": "t", "icon": "/i.png"},
    messaging.WebpushNotification: WEB,
    messaging.WebpushFCMOptions: {"link": "https://example.com/"},
    messaging.WebpushConfig: {
        "headers": {"TTL": "60", "Urgency": "very-low", "Topic": "a_B-1"}, "data": {"a": "b"},
        "notification": messaging.WebpushNotification(**WEB),
        "fcm_options": messaging.WebpushFCMOptions("https://example.com/"),
    },
    messaging.ApsAlert: ALERT,
    messaging.CriticalSound: {"name": "ping", "critical": True, "volume": 0.5},
    messaging.Aps: {
        "alert": messaging.ApsAlert(**ALERT), "badge": 0, "sound": messaging.CriticalSound("ping", True, 1),
        "content_available": True, "mutable_content": True, "category": "c", "thread_id": "t",
        "custom_data": {"interruption-level": "time-sensitive", "relevance-score": 0.5},
    },
    messaging.APNSPayload: {"aps": messaging.Aps("Hi"), "own": {"any": [1, None]}},
    messaging.APNSFCMOptions: {"analytics_label": "a", "image": "https://example.com/a.png"},
    messaging.APNSConfig: {
        "headers": {"apns-priority": "10", "apns-push-type": "alert", "apns-collapse-id": "c"},
        "payload": Payload(messaging.Aps("Hi", mutable_content=True)), "live_activity_token": "a" * 64,
        "fcm_options": messaging.APNSFCMOptions(image="https://example.com/a.png"),
    },
}  # fmt: skip
LIVE = {"timestamp": NOW, "event": "update", "content-state": {}}
WITHIN: Mapping[Callable[..., Any], Callable[[Any], Body]] = {
    messaging.Notification: lambda part: {"notification": part},
    messaging.FCMOptions: lambda part: {"fcm_options": part, "notification": Note("Hi")},
    messaging.AndroidFCMOptions: lambda part: {"android": Android(fcm_options=part), "notification": Note("Hi")},
    messaging.LightSettings: lambda part: {"android": Android(notification=Shown("Hi", light_settings=part))},
    messaging.AndroidNotification: lambda part: {"android": Android(notification=part), "notification": Note("Hi")},
    messaging.AndroidConfig: lambda part: {"android": part, "notification": Note("Hi")},
    messaging.WebpushNotificationAction: lambda part: {
        "webpush": Web(notification=messaging.WebpushNotification(actions=[part]))
    },
    messaging.WebpushNotification: lambda part: {"webpush": Web(notification=part), "notification": Note("Hi")},
    messaging.WebpushFCMOptions: lambda part: {"webpush": Web(fcm_options=part), "notification": Note("Hi")},
    messaging.WebpushConfig: lambda part: {"webpush": part, "notification": Note("Hi")},
    messaging.ApsAlert: lambda part: {"apns": Apple(payload=Payload(messaging.Aps(part)))},
    messaging.CriticalSound: lambda part: {"apns": Apple(payload=Payload(messaging.Aps("Hi", sound=part)))},
    messaging.Aps: lambda part: {"apns": Apple(payload=Payload(part)), "notification": Note("Hi")},
    messaging.APNSPayload: lambda part: {"apns": Apple(payload=part)},
    messaging.APNSFCMOptions: lambda part: {
        "apns": Apple(payload=Payload(messaging.Aps("Hi", mutable_content=True)), fcm_options=part)
    },
    messaging.APNSConfig: lambda part: {"apns": part, "notification": Note("Hi")},
}
ALONE: Mapping[Callable[..., Any], frozenset[str]] = {
    messaging.LightSettings: frozenset({"color", "light_on_duration_millis", "light_off_duration_millis"}),
    messaging.WebpushNotificationAction: frozenset({"action", "title"}),
    messaging.CriticalSound: frozenset({"name"}),
    messaging.APNSPayload: frozenset({"aps"}),
    messaging.AndroidNotification: frozenset({"body_loc_key", "title_loc_key"}),
    messaging.ApsAlert: frozenset({"loc_key", "title_loc_key"}),
}
"""What must be there beside any other parameter."""


def said() -> Iterator[Any]:
    """Every parameter of every part alone, then each part whole."""
    for part, values in EVERY.items():
        needed = ALONE.get(part, frozenset())
        for name, value in values.items():
            some = {key: values[key] for key in needed} | {name: value}
            yield pytest.param(part, some, id=f"{part.__name__}({name})")
        yield pytest.param(part, values, id=f"{part.__name__}, whole")


def test_no_parameter_of_firebase_admin_is_forgotten_here() -> None:
    """A release that knows more breaks this test, and the field is added to fields.json."""
    kinds = ("Config", "Options", "Notification", "Settings", "Action", "Payload", "Aps", "Alert", "Sound")
    parts = [getattr(messaging, name) for name in messaging.__all__ if name.endswith(kinds)]
    assert set(EVERY) == set(WITHIN) == set(parts)
    for part in parts:
        names = {n for n, p in inspect.signature(part).parameters.items() if p.kind is not p.VAR_KEYWORD}
        assert names - set(EVERY[part]) == set(), part


@pytest.mark.parametrize(("part", "values"), list(said()))
def test_what_firebase_admin_can_say_is_known_here(part: Callable[..., Any], values: Body) -> None:
    if part is messaging.APNSConfig and "live_activity_token" in values:  # a Live Activity has needs of its own
        headers = {"apns-push-type": "liveactivity", "apns-priority": "10"}
        values = {**values, "headers": headers, "payload": Payload(messaging.Aps("Hi", custom_data=LIVE))}
        values.pop("fcm_options", None)

    body = encoded(messaging.Message(token=TOKEN.value, **WITHIN[part](part(**values))))

    assert errors(body) == []
    assert unknown(body) == []


@pytest.mark.parametrize(("part", "values"), list(said()))
def test_what_firebase_admin_can_say_can_be_said_by_a_table_and_by_set(part: Callable[..., Any], values: Body) -> None:
    body = encoded(messaging.Message(token=TOKEN.value, **WITHIN[part](part(**values))))
    body.setdefault("android", {}).setdefault("priority", "high")  # said by pushctl itself where something is shown
    table = {key: value for key, value in body.items() if key != "token"}

    assert built(Message(options={"fcm": table})) == body
    assert built(Message(assignments=tuple(Assignment(key, value) for key, value in leaves(table)))) == body


def leaves(value: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, Any]]:
    """Paths of ``--set``, and their values."""
    for key, item in value.items():
        path = parent + key.replace(".", "\\.")
        if isinstance(item, dict) and item:
            yield from leaves(item, f"{path}.")
        else:
            yield path, item


def unknown(value: Mapping[str, Any], parent: str = "") -> list[str]:
    """The paths that ``fields.json`` has not, though FCM gives the names there."""
    found = []
    for key, item in value.items():
        path = f"{parent}{key}"
        if path in FIELDS:
            found += unknown(item, f"{path}.") if isinstance(item, dict) else []
        elif not is_open(parent.rstrip(".")):
            found.append(path)
    return found


# --- what both refuse ------------------------------------------------------------------------------------------------

REFUSED: Mapping[str, tuple[str, Callable[[], Body], Body]] = {
    "priority": ("wrong-value", lambda: {"android": Android(priority="urgent")}, {"android": {"priority": "urgent"}}),
    "a time to live in the past": ("ttl-range", lambda: {"android": Android(ttl=-1)}, {"android": {"ttl": "-1s"}}),
    "a colour's name": (
        "color-form", lambda: {"android": Android(notification=Shown(color="red"))},
        {"android": {"notification": {"color": "red"}}},
    ),
    "arguments without their key": (
        "loc-args-without-key", lambda: {"android": Android(notification=Shown(body_loc_args=["a"]))},
        {"android": {"notification": {"body_loc_args": ["a"]}}},
    ),
    "arguments without their key on iOS": (
        "loc-args-without-key",
        lambda: {"apns": Apple(payload=Payload(messaging.Aps(messaging.ApsAlert(title_loc_args=["a"]))))},
        {"apns": {"payload": {"aps": {"alert": {"title-loc-args": ["a"]}}}}},
    ),
    "a notification's priority": (
        "wrong-value", lambda: {"android": Android(notification=Shown(priority="top"))},
        {"android": {"notification": {"notification_priority": "PRIORITY_TOP"}}},
    ),
    "visibility": (
        "wrong-value", lambda: {"android": Android(notification=Shown(visibility="hidden"))},
        {"android": {"notification": {"visibility": "HIDDEN"}}},
    ),
    "proxy": (
        "wrong-value", lambda: {"android": Android(notification=Shown(proxy="maybe"))},
        {"android": {"notification": {"proxy": "MAYBE"}}},
    ),
    "a time to vibrate before it began": (
        "bad-duration", lambda: {"android": Android(notification=Shown(vibrate_timings_millis=[-1]))},
        {"android": {"notification": {"vibrate_timings": ["-0.001s"]}}},
    ),
    "a light without its times": (
        "light-settings-incomplete",
        lambda: {"android": Android(notification=Shown(light_settings=messaging.LightSettings("#ff0000", None, None)))},
        {"android": {"notification": {"light_settings": {"color": {"red": 1}}}}},
    ),
    "a label with a blank": (
        "label-form", lambda: {"fcm_options": messaging.FCMOptions("a b")}, {"fcm_options": {"analytics_label": "a b"}}
    ),
    "a direction": (
        "wrong-value", lambda: {"webpush": Web(notification=messaging.WebpushNotification(direction="up"))},
        {"webpush": {"notification": {"dir": "up"}}},
    ),
    "a link without TLS": (
        "link-not-https", lambda: {"webpush": Web(fcm_options=messaging.WebpushFCMOptions("http://example.com"))},
        {"webpush": {"fcm_options": {"link": "http://example.com"}}},
    ),
    "a volume of eleven": (
        "sound-volume-range",
        lambda: {"apns": Apple(payload=Payload(messaging.Aps(sound=messaging.CriticalSound("a", volume=11))))},
        {"apns": {"payload": {"aps": {"sound": {"name": "a", "volume": 11}}}}},
    ),
    "a sound without a name": (
        "sound-without-name",
        lambda: {"apns": Apple(payload=Payload(messaging.Aps(sound=messaging.CriticalSound(""))))},
        {"apns": {"payload": {"aps": {"sound": {"name": ""}}}}},
    ),
    "a badge in quotes": (
        "wrong-type", lambda: {"apns": Apple(payload=Payload(messaging.Aps(badge="1")))},
        {"apns": {"payload": {"aps": {"badge": "1"}}}},
    ),
    "a number in data": ("data-not-string", lambda: {"data": {"a": 1}}, {"data": {"a": 1}}),
    "a number in a header": ("wrong-type", lambda: {"webpush": Web({"TTL": 1})}, {"webpush": {"headers": {"TTL": 1}}}),
    "a word for true": (
        "wrong-type", lambda: {"android": Android(direct_boot_ok="yes")}, {"android": {"direct_boot_ok": "yes"}}
    ),
    "two targets": ("several-targets", lambda: {"topic": "news"}, {"topic": "news"}),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_firebase_admin_refuses_lint_refuses(what: str) -> None:
    rule, refused, written = REFUSED[what]

    with pytest.raises(ValueError, match=r"must|required|Malformed|Exactly one"):
        encoded(messaging.Message(token=TOKEN.value, notification=Note("Hi"), **refused()))

    assert errors({"token": TOKEN.value, "notification": {"title": "Hi"}, **written}) == [rule]


# --- where the two differ on purpose ---------------------------------------------------------------------------------


def test_difference_a_shown_push_says_its_priority() -> None:
    """Google's pages disagree about the default; firebase-admin leaves it to them."""
    both = {"token": TOKEN.value, "notification": {"title": "Hi"}}

    assert encoded(messaging.Message(token=TOKEN.value, notification=Note("Hi"))) == both
    assert built(Message(title="Hi")) == both | {"android": {"priority": "high"}}


def test_difference_a_topic_with_its_old_prefix_is_no_topic() -> None:
    """firebase-admin cuts it off without a word."""
    assert encoded(messaging.Message(topic="/topics/news")) == {"topic": "news"}

    assert [finding.rule for finding in VENDOR.lint_target(ACCOUNT, Target("topic", "/topics/news"))] == [
        "topic-prefix"
    ]


@pytest.mark.parametrize(
    ("rule", "theirs"),
    [
        ("ttl-range", {"android": Android(ttl=timedelta(days=29))}),
        ("data-reserved-key", {"data": {"google.a": "b"}}),
        ("data-reserved-key", {"data": {"from": "b"}}),
        ("wrong-value", {"webpush": Web({"Urgency": "now"})}),
        ("wrong-value", {"apns": Apple({"apns-priority": "11"}, Payload(messaging.Aps("Hi")))}),
        ("message-too-big", {"data": {"a": "b" * 4096}}),
    ],
)
def test_difference_what_fcm_refuses_is_refused_before_it_is_sent(rule: str, theirs: Body) -> None:
    """firebase-admin sends it and lets FCM say so."""
    body = encoded(messaging.Message(token=TOKEN.value, notification=Note("Hi"), **theirs))

    assert errors(body) == [rule]


# --- the requests ----------------------------------------------------------------------------------------------------

Caught = list[requests.PreparedRequest]


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> Caught:
    """Every request that firebase-admin makes; each is answered with a success."""
    made: Caught = []

    def send(self: requests.Session, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        made.append(request)
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = 200, request, str(request.url)
        answer._content = json.dumps({"name": f"projects/{PROJECT}/messages/1", "results": [{}, {}]}).encode()
        return answer

    monkeypatch.setattr(requests.Session, "send", send)
    return made


@pytest.fixture
def app() -> Iterator[firebase_admin.App]:
    class Given(credentials.Base):
        """An access token that somebody has made already."""

        def get_credential(self) -> Credentials:
            return Credentials("ya29.made")

    app = firebase_admin.initialize_app(Given(), {"projectId": PROJECT}, name="caught")
    yield app
    messaging._get_messaging_service(app)._client.close()  # firebase-admin leaves its sessions to the collector
    firebase_admin.delete_app(app)


def sent(theirs: requests.PreparedRequest) -> dict[str, Any]:
    """Method, address and body of a caught request, and its headers but for those that say who is calling
    (``X-FIREBASE-CLIENT``, ``x-goog-api-client``, ``User-Agent``): pushctl does not."""
    parts = urlsplit(str(theirs.url))
    headers = {name.lower(): value for name, value in theirs.headers.items()}
    names = ("authorization", "content-type", "access_token_auth", "x-goog-api-format-version")
    return {
        "method": theirs.method,
        "url": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "query": parts.query,
        "headers": {name: headers[name] for name in names if name in headers},
        "body": json.loads(theirs.body) if theirs.body else None,
    }


def asked(request: Request) -> dict[str, Any]:
    url, _, query = request.target(reveal=True).partition("?")
    body = request.body(reveal=True)
    headers = {name.lower(): revealed(value) for name, value in request.headers}
    return {
        "method": request.method, "url": url, "query": query, "headers": headers,
        "body": json.loads(body) if body else None,
    }  # fmt: skip


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_push_is_the_same_request(caught: Caught, app: firebase_admin.App, dry_run: bool) -> None:
    messaging.send(messaging.Message(fid=FID.value, notification=Note("Hi"), android=HIGH), dry_run, app)

    (theirs,) = caught
    assert sent(theirs) == asked(ours(Message(title="Hi", validate_only=dry_run), FID))


def test_many_pushes_are_one_request_each(caught: Caught, app: firebase_admin.App) -> None:
    tokens = ["a:APA91b" + "x" * 140, "b:APA91b" + "x" * 140]
    messaging.send_each([messaging.Message(token=token, data={"a": "b"}) for token in tokens], app=app)

    jobs = VENDOR.plan([(Message(data={"a": "b"}), Target("token", token)) for token in tokens])
    mine = [asked(VENDOR.request(ACCOUNT, job, GRANT, None, ENV)) for job in jobs]
    assert sorted(map(sent, caught), key=str) == sorted(mine, key=str)


@pytest.mark.parametrize("topic", ["news", "a.b_c-d~1%"])
@pytest.mark.parametrize("call", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize("api", ["topicSubscriptions", "iid"])
@pytest.mark.filterwarnings("ignore:.*_legacy is deprecated:DeprecationWarning")
def test_a_topic_is_the_same_request(caught: Caught, app: firebase_admin.App, topic: str, call: str, api: str) -> None:
    words = {"subscribe": "subscribe_to_topic", "unsubscribe": "unsubscribe_from_topic"}[call]
    legacy = "_legacy" if api == "iid" else ""
    tokens = [TOKEN.value] if api != "iid" else [TOKEN.value, "b:APA91b" + "x" * 140]
    getattr(messaging, words + legacy)(tokens, topic, app)

    question = Question({"topic": topic, "api": api}, tuple(Target("token", token) for token in tokens))
    request = next(VENDOR.asks[f"topic.{call}"](ACCOUNT, question, GRANT, ENV))
    (theirs,) = caught
    assert sent(theirs) == asked(request)
