"""Checks of what each platform gets: Android, iOS (through APNs), browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import described, is_number, short
from pushctl.vendors.fcm.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.fcm.lint_subject import Subject

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_LABEL = re.compile(r"[a-zA-Z0-9\-_.~%]{1,50}")
_WEB_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LATEST = 100_000_000_000  # more seconds than that are milliseconds
_EARLIEST = 1_000_000_000  # fewer are a duration
_NOTIFICATIONS = ("android.notification", "android_v2.remote_notification.notification")


def _targets(pushed: Subject) -> Iterator[Finding]:
    named = [kind for kind in ("token", "fid", "topic", "condition") if kind in pushed.plain]
    if len(named) > 1:
        yield RULES["several-targets"].finding("message", kinds=" and ".join(named))
    for kind in named:
        if pushed.plain[kind] == "":
            yield RULES["target-empty"].finding(kind, kind=kind)


def _android(pushed: Subject) -> Iterator[Finding]:
    if "android" in pushed.plain and "android_v2" in pushed.plain:
        yield RULES["android-and-v2"].finding("android_v2")
    for place in ("android.ttl", "android_v2.ttl"):
        if pushed.get(place) in ("0s", "-0s"):
            yield RULES["ttl-zero"].finding(place)
    if "android_v2" in pushed.plain:
        yield RULES["android-v2-preview"].finding("android_v2")
        kinds = [key for key in ("remote_notification", "background_sync") if key in pushed.table("android_v2")]
        if len(kinds) != 1:
            yield RULES["android-v2-kind"].finding("android_v2", found="both" if kinds else "neither")
    for place in _NOTIFICATIONS:
        yield from _notification(pushed, place)


def _notification(pushed: Subject, place: str) -> Iterator[Finding]:
    shown = pushed.table(place)
    color, channel = shown.get("color"), shown.get("channel_id")
    if isinstance(color, str) and not _COLOR.fullmatch(color):
        yield RULES["color-form"].finding(f"{place}.color", path=f"{place}.color", value=short(color))
    for name in ("title", "body"):
        if shown.get(f"{name}_loc_args") and not shown.get(f"{name}_loc_key"):
            path = f"{place}.{name}_loc_args"
            yield RULES["loc-args-without-key"].finding(path, path=path, key=f"{name}_loc_key")
    if shown.get("default_vibrate_timings") is True and shown.get("vibrate_timings"):
        yield RULES["vibrate-both"].finding(place, path=place)
    if isinstance(channel, str):
        yield RULES["channel-must-exist"].finding(f"{place}.channel_id", channel=short(channel))
    if isinstance(shown.get("light_settings"), dict):
        yield from _light(shown["light_settings"], f"{place}.light_settings")


def _light(light: dict[str, Any], place: str) -> Iterator[Finding]:
    missing = [key for key in ("color", "light_on_duration", "light_off_duration") if key not in light]
    if missing:
        yield RULES["light-settings-incomplete"].finding(place, path=place, missing=" and no ".join(missing))
    color = light.get("color")
    for name, value in color.items() if isinstance(color, dict) else ():
        if is_number(value) and not 0 <= value <= 1:
            path = f"{place}.color.{name}"
            yield RULES["color-range"].finding(path, path=path, value=value)


def _labels_and_images(pushed: Subject) -> Iterator[Finding]:
    for place in ("", "android.", "android_v2.", "webpush.", "apns."):
        path = f"{place}fcm_options.analytics_label"
        label = pushed.get(path)
        if isinstance(label, str) and not _LABEL.fullmatch(label):
            yield RULES["label-form"].finding(path, path=path, value=short(label))
    images = ("notification.image", "apns.fcm_options.image", *(f"{place}.image" for place in _NOTIFICATIONS))
    for path in images:
        image = pushed.get(path)
        if isinstance(image, str) and not image.lower().startswith("https://"):
            yield RULES["image-not-https"].finding(path, path=path, value=short(image))


def _web(pushed: Subject) -> Iterator[Finding]:
    link, headers = pushed.get("webpush.fcm_options.link"), pushed.table("webpush.headers")
    if isinstance(link, str) and not link.lower().startswith("https://"):
        yield RULES["link-not-https"].finding("webpush.fcm_options.link", value=short(link))
    ttl, topic = headers.get("TTL"), headers.get("Topic")
    if isinstance(ttl, str) and not (ttl.isascii() and ttl.isdecimal()):
        yield RULES["web-ttl"].finding("webpush.headers.TTL", value=short(ttl))
    if isinstance(topic, str) and not _WEB_TOPIC.fullmatch(topic):
        yield RULES["web-topic"].finding("webpush.headers.Topic", value=short(topic))


# --- iOS -------------------------------------------------------------------------------------------------------------


def _payload(pushed: Subject) -> Iterator[Finding]:
    payload = pushed.get("apns.payload")
    if not isinstance(payload, dict):
        return
    aps = payload.get("aps")
    if "aps" not in payload:
        yield RULES["aps-missing"].finding("apns.payload")
    elif aps == {}:
        yield RULES["aps-empty"].finding("apns.payload.aps")
    for key in ("content_available", "contentAvailable"):
        if key in pushed.aps:
            yield RULES["content-available-underscore"].finding(f"apns.payload.aps.{key}", key=key)


def _alert(pushed: Subject) -> Iterator[Finding]:
    alert = pushed.table("apns.payload.aps.alert")
    for key in ("loc-key", "title-loc-key", "subtitle-loc-key"):
        args = key.replace("key", "args")
        if alert.get(args) and not alert.get(key):
            path = f"apns.payload.aps.alert.{args}"
            yield RULES["loc-args-without-key"].finding(path, path=path, key=key)


def _sound(pushed: Subject) -> Iterator[Finding]:
    """The object form, which is for critical alerts."""
    sound = pushed.get("apns.payload.aps.sound")
    if not isinstance(sound, dict):
        return
    if not sound.get("name"):
        yield RULES["sound-without-name"].finding("apns.payload.aps.sound")
    volume = sound.get("volume")
    if volume is not None and not (is_number(volume) and 0 <= volume <= 1):
        yield RULES["sound-volume-range"].finding("apns.payload.aps.sound.volume", value=short(volume))


def _apns_image(pushed: Subject) -> Iterator[Finding]:
    image = pushed.get("apns.fcm_options.image")
    if image and pushed.aps.get("mutable-content") != 1:
        yield RULES["apns-image"].finding("apns.fcm_options.image")


def _apns_headers(pushed: Subject) -> Iterator[Finding]:
    headers = {key.lower(): value for key, value in pushed.table("apns.headers").items()}
    expiration, collapse = headers.get("apns-expiration"), headers.get("apns-collapse-id")
    if isinstance(expiration, str) and not _is_moment(expiration):
        yield RULES["apns-expiration"].finding("apns.headers.apns-expiration", value=short(expiration))
    if isinstance(collapse, str) and (size := len(collapse.encode("utf-8", "surrogatepass"))) > 64:
        yield RULES["collapse-id-too-long"].finding("apns.headers.apns-collapse-id", size=size)
    if "apns-topic" in headers:
        yield RULES["apns-topic"].finding("apns.headers.apns-topic")
    priority = headers.get("apns-priority")
    if priority == "10" and not pushed.visible_on_ios and headers.get("apns-push-type") in (None, "background"):
        yield RULES["apns-data-priority"].finding("apns.headers.apns-priority", value=described(priority))


def _is_moment(text: str) -> bool:
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        return False
    return int(text) == 0 or _EARLIEST < int(text) < _LATEST


def _push_type(pushed: Subject) -> Iterator[Finding]:
    """The push type against the payload, and what a Live Activity needs."""
    kind = pushed.get("apns.headers.apns-push-type")
    where = "apns.headers.apns-push-type"
    awake = "content-available" in pushed.aps
    if kind == "background":
        if pushed.visible_on_ios:
            yield RULES["apns-push-type"].finding(where, value="background", other="alert")
        if not awake:
            yield RULES["background-without-content-available"].finding(where)
    elif kind == "alert" and awake and not pushed.visible_on_ios:
        yield RULES["apns-push-type"].finding(where, value="alert", other="background")
    if pushed.get("apns.live_activity_token"):
        wanted = ("event", "timestamp", "content-state")
        missing = [f"apns.payload.aps.{key}" for key in wanted if key not in pushed.aps]
        missing = ([where] if kind != "liveactivity" else []) + missing
        if missing:
            yield RULES["live-activity"].finding("apns.live_activity_token", missing=", ".join(missing))


CHECKS = (
    _targets,
    _android,
    _labels_and_images,
    _web,
    _payload,
    _alert,
    _sound,
    _apns_image,
    _apns_headers,
    _push_type,
)
