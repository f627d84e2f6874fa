"""What FCM checks in a message whose JSON is right: target, data, sizes, times, and what goes on to APNs.

Rules are those of fcm/rest/v1/projects.messages unless a line says otherwise; the sentences of the answers were seen in
the wild for the token, the data keys, ``aps`` and the size, and are the emulator's own for the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pushctl.vendors.fcm.emulator_answers import Refusal
from pushctl.vendors.fcm.emulator_topics import TOPIC, condition_of

LIMIT = 4096
"""Bytes of keys and values; also of the payload that goes to APNs."""
MAX_TTL_S = 2_419_200
MAX_COLLAPSE_ID = 64
_LABEL = re.compile(r"[a-zA-Z0-9\-_.~%]{1,50}")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_RESERVED = re.compile(r"from|message_type|google.*|gcm.*", re.DOTALL)
_RESERVED_NARROW = re.compile(r"from|message_type|google\..*|gcm\.notification\..*", re.DOTALL)
_PUSH_TYPES = frozenset(
    {"alert", "background", "location", "voip", "complication", "fileprovider", "mdm", "liveactivity", "pushtotalk",
     "widgets", "controls"}
)  # fmt: skip
_VISIBLE = ("alert", "badge", "sound")
TARGETS = ("token", "fid", "topic", "condition")

Message = Mapping[str, Any]
"""A message as ``emulator_schema.read`` gives it: names in snake_case, durations in seconds, no nulls."""


def wrong(message: Message, *, strict: bool) -> Refusal | None:
    """The first thing that FCM would not take, whoever the message is for.

    :param strict: refuse the reserved data keys of the older pages, too.
    """
    return next((found for found in _checks(message, strict=strict)), None)


def _checks(message: Message, *, strict: bool) -> Iterator[Refusal]:
    yield from _target(message)
    yield from _data(message, strict=strict)
    yield from _android(message)
    yield from _labels(message)
    yield from _webpush(message)
    yield from _apns(message)
    yield from _size(message)


def _bad(at: str, rule: str, what: str, note: str = "") -> Refusal:
    return Refusal("INVALID_ARGUMENT", rule, note, what, ((at, what),))


def _target(message: Message) -> Iterator[Refusal]:
    given = next((name for name in TARGETS if message.get(name)), None)
    if given is None:
        yield Refusal("INVALID_ARGUMENT/no-target", "target-present")
    elif given == "topic" and not TOPIC.fullmatch(message["topic"].removeprefix("/topics/")):
        yield Refusal("INVALID_ARGUMENT/topic", "topic-form", "the words are unproved")
    elif given == "topic" and message["topic"].startswith("/topics/"):
        note = "the page says: without /topics/; that FCM refuses it is unproved"
        yield Refusal("INVALID_ARGUMENT/topic", "topic-without-prefix", note)
    elif given == "condition" and isinstance(found := condition_of(message["condition"]), str):
        note = f"{found}; the words are unproved"
        yield Refusal("INVALID_ARGUMENT/condition", "condition-form", note)


def _data(message: Message, *, strict: bool) -> Iterator[Refusal]:
    reserved = _RESERVED if strict else _RESERVED_NARROW
    places = (("message", message), *((f"message.{each}", message.get(each, {})) for each in ("android", "android_v2")))
    for at, place in places:
        for key in place.get("data", {}):
            if reserved.fullmatch(key):
                said = f"Invalid data payload key: {key}"
                narrow = _RESERVED_NARROW.fullmatch(key)
                note = "" if narrow else "the pages disagree: any word with google or gcm in front, or these with a dot"
                yield Refusal("INVALID_ARGUMENT/data-key", "data-key", note, said, ((f"{at}.data", said),))


def _android(message: Message) -> Iterator[Refusal]:
    if "android" in message and "android_v2" in message:
        yield _bad("message", "android-or-android_v2", "android and android_v2 cannot both be set", "unproved")
    for name in ("android", "android_v2"):
        config = message.get(name, {})
        at = f"message.{name}"
        if not 0 <= config.get("ttl", 0) <= MAX_TTL_S:
            said = f"Invalid value at '{at}.ttl': it must be between 0s and {MAX_TTL_S}s"
            yield Refusal("INVALID_ARGUMENT/ttl", "ttl-range", "the words are unproved", said, ((f"{at}.ttl", said),))
        yield from _notification(config.get("notification", {}), f"{at}.notification")
    v2 = message.get("android_v2")
    if v2 is not None and v2.keys().isdisjoint(("remote_notification", "background_sync")):
        said = "One of remote_notification and background_sync must be set"
        yield _bad("message.android_v2", "android_v2-type", said, "a preview; unproved")
    if v2 is not None and "remote_notification" in v2:
        shown, at = v2["remote_notification"], "message.android_v2.remote_notification.notification"
        if "notification" not in shown:
            yield _bad(at, "android_v2-notification", "notification is required", "a preview; unproved")
        yield from _notification(shown.get("notification", {}), at)


def _notification(shown: Mapping[str, Any], at: str) -> Iterator[Refusal]:
    """AndroidNotification. That FCM itself checks these is documented for the form of each, not for its words."""
    if "color" in shown and not _COLOR.fullmatch(shown["color"]):
        yield _bad(f"{at}.color", "color-form", "color must be in the form #rrggbb", "unproved")
    for part in ("title", "body"):
        if f"{part}_loc_args" in shown and f"{part}_loc_key" not in shown:
            said = f"{part}_loc_args needs {part}_loc_key"
            yield _bad(f"{at}.{part}_loc_args", "loc-args-need-key", said, "as the Admin SDKs check; unproved")
    if any(each < 0 for each in shown.get("vibrate_timings", ())):
        yield _bad(f"{at}.vibrate_timings", "vibrate-timings", "vibrate_timings must not be negative", "unproved")
    light = shown.get("light_settings")
    if light is not None and not {"color", "light_on_duration", "light_off_duration"} <= light.keys():
        said = "color, light_on_duration and light_off_duration are required"
        yield _bad(f"{at}.light_settings", "light-settings", said)


def _labels(message: Message) -> Iterator[Refusal]:
    places = {"message": message}
    places |= {f"message.{each}": message.get(each, {}) for each in ("android", "android_v2", "webpush", "apns")}
    for at, place in places.items():
        label = place.get("fcm_options", {}).get("analytics_label")
        if label is not None and not _LABEL.fullmatch(label):
            said = "analytics_label must match ^[a-zA-Z0-9-_.~%]{1,50}$"
            yield _bad(f"{at}.fcm_options.analytics_label", "analytics-label", said, "the words are unproved")


def _webpush(message: Message) -> Iterator[Refusal]:
    link = message.get("webpush", {}).get("fcm_options", {}).get("link")
    if link is not None and not link.startswith("https://"):
        yield _bad("message.webpush.fcm_options.link", "webpush-link", "link must be an HTTPS URL", "words unproved")


def _apns(message: Message) -> Iterator[Refusal]:
    """celestifyhq/fcm-cloudflare-workers issue 10 (no aps), firebase-admin-java issue 214 (an empty one)."""
    config = message.get("apns", {})
    payload = config.get("payload")
    if payload is None:
        return
    aps = payload.get("aps")
    if not isinstance(aps, dict):
        yield Refusal("INVALID_ARGUMENT/aps-missing", "aps-present")
        return
    if not aps:
        yield Refusal("INVALID_ARGUMENT/no-details", "aps-not-empty", "answered without details")
    yield from _aps(aps)
    shown = "notification" in message or not aps.keys().isdisjoint(_VISIBLE)
    if not shown and "content-available" in aps and _header(config, "apns-priority") == "10":
        yield Refusal("INVALID_ARGUMENT/apns-data-priority", "apns-data-priority", "official; the words are unproved")


def _aps(aps: Mapping[str, Any]) -> Iterator[Refusal]:
    """healthjoy/async-firebase pull request 5 has the sentence, of a title; that others are checked is inferred."""
    alert = aps.get("alert", "")
    inner = alert if isinstance(alert, dict) else {}
    texts = [(f"alert.{name}", inner[name]) for name in ("title", "subtitle", "body") if name in inner]
    for place, value in texts:
        if not isinstance(value, str):
            yield _aps_value(place, "String")
    badge = aps.get("badge", 0)
    if isinstance(badge, bool) or not isinstance(badge, int):
        yield _aps_value("badge", "Number")


def _aps_value(place: str, kind: str) -> Refusal:
    said = f"Value type for APS key [{place.rpartition('.')[2]}] is a {kind}."
    violation = (f"message.apns.payload.aps.{place}", said)
    return Refusal("INVALID_ARGUMENT/aps-value", "aps-value", message=said, violations=(violation,))


def _header(config: Mapping[str, Any], name: str) -> str | None:
    return next((value for key, value in config.get("headers", {}).items() if key.lower() == name), None)


def _size(message: Message) -> Iterator[Refusal]:
    size = delivered_size(message)
    if size > LIMIT:
        yield Refusal("INVALID_ARGUMENT/too-big", "payload-size", f"{size} bytes of {LIMIT}")


def delivered_size(message: Message) -> int:
    """Bytes of the keys and values that an Android device would get: data and notification. How FCM counts exactly is
    not published."""
    android = message.get("android") or message.get("android_v2") or {}
    data = android.get("data") or message.get("data", {})
    remote = android.get("remote_notification", {}).get("notification", {})
    shown = {**message.get("notification", {}), **android.get("notification", {}), **remote}
    total = sum(len(key.encode("utf-8", "surrogatepass")) + _bytes(value) for key, value in data.items())
    return total + sum(len(key) + _bytes(value) for key, value in shown.items())


def _bytes(value: Any) -> int:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def apple_wrong(message: Message) -> Refusal | None:
    """What APNs would refuse of a message for an iPhone; FCM passes its word on (``ApnsError``).

    Which of these FCM catches before Apple sees them is not known.
    """
    config = message.get("apns", {})
    payload = apple_payload(message)
    if _bytes(payload) > LIMIT:
        return _apple("PayloadTooLarge", "apns-size")
    priority = _header(config, "apns-priority")
    if priority not in (None, "1", "5", "10"):
        return _apple("BadPriority", "apns-priority")
    expiration = _header(config, "apns-expiration")
    if expiration is not None and not re.fullmatch(r"\d{1,12}", expiration, re.ASCII):
        return _apple("BadExpirationDate", "apns-expiration")
    push_type = _header(config, "apns-push-type")
    if push_type is not None and push_type not in _PUSH_TYPES:
        return _apple("InvalidPushType", "apns-push-type")
    collapse = _header(config, "apns-collapse-id")
    if collapse is not None and len(collapse.encode("utf-8", "surrogatepass")) > MAX_COLLAPSE_ID:
        return _apple("BadCollapseId", "apns-collapse-id")
    return None


def _apple(reason: str, rule: str) -> Refusal:
    return Refusal(f"ApnsError/{reason}", rule, "as APNs answers; that FCM lets it get that far is unproved")


def apple_payload(message: Message) -> dict[str, Any]:
    """What FCM hands to APNs: the message's own payload, its title and body beside it, and the data around it."""
    payload = dict(message.get("apns", {}).get("payload", {}))
    shown = message.get("notification", {})
    alert = {name: shown[name] for name in ("title", "body") if name in shown}
    aps = {"alert": alert} if alert else {}
    payload["aps"] = {**aps, **payload.get("aps", {})}
    return {**message.get("data", {}), **payload}
