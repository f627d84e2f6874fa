"""Checks of the data, of the size, and of what a message without a notification means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import described, short
from pushctl.core.wire import encode_json
from pushctl.vendors.fcm.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.fcm.lint_subject import Subject

_RESERVED = ("from", "message_type")
_DOUBTFUL = frozenset({"notification", "collapse_key", "to"})
_MAPS = ("data", "android.data", "android_v2.data", "webpush.data")
_LIMIT, _TOPIC_LIMIT = 4096, 2048


def _values(pushed: Subject) -> Iterator[Finding]:
    """Every value of data a string, and no key that is FCM's own."""
    for place in _MAPS:
        for key, value in pushed.table(place).items():
            path = f"{place}.{key}"
            folded = key.casefold()
            if folded in _RESERVED or folded.startswith(("google", "gcm")):
                yield RULES["data-reserved-key"].finding(path, path=path, key=key)
            elif folded in _DOUBTFUL:
                yield RULES["data-doubtful-key"].finding(path, path=path)
            if not isinstance(value, str):
                yield RULES["data-not-string"].finding(
                    path, path=path, found=described(value), fix=_as_string(key, value)
                )
    for place in ("webpush.headers", "apns.headers"):
        for key, value in pushed.table(place).items():
            if not isinstance(value, str):
                path = f"{place}.{key}"
                yield RULES["wrong-type"].finding(path, path=path, found=described(value), wanted="a string")


def _as_string(key: str, value: Any) -> str:
    if value is None:
        return "Leave the key out, or send an empty string."
    if isinstance(value, (dict, list)):
        return "Send it as a string that holds JSON, and let the app parse it."
    return f"Write --data {key}={short(value)} without the colon (or put it in quotes), and let the app convert it."


def _overridden(pushed: Subject) -> Iterator[Finding]:
    common = pushed.table("data")
    for place, platform in (("android.data", "Android"), ("webpush.data", "the web")):
        own = pushed.table(place)
        lost = [key for key in common if key not in own]
        if own and lost:
            yield RULES["data-overridden"].finding(place, path=place, platform=platform, lost=", ".join(lost))


def _size(pushed: Subject) -> Iterator[Finding]:
    android, apns = _android_bytes(pushed), _apns_bytes(pushed)
    to_topic = any(pushed.get(kind) for kind in ("topic", "condition"))
    if android > _LIMIT:
        yield RULES["message-too-big"].finding("message", size=android, over=android - _LIMIT)
    elif to_topic and android > _TOPIC_LIMIT:
        yield RULES["topic-message-big"].finding("message", size=android)
    if apns > _LIMIT >= android:
        yield RULES["apns-too-big"].finding("apns.payload", size=apns, over=apns - _LIMIT)


def _android_bytes(pushed: Subject) -> int:
    """UTF-8 bytes of keys and values, as Android gets them: data of the platform in place of the common one, the
    notification with the platform's fields in it."""
    data = pushed.table("android.data") or pushed.table("data")
    notification = {**pushed.table("notification"), **pushed.table("android.notification")}
    return sum(_bytes(key) + _bytes(value) for part in (data, notification) for key, value in part.items())


def _apns_bytes(pushed: Subject) -> int:
    """What APNs would get, about: aps with the notification's words in it, and the data beside it."""
    payload = dict(pushed.table("apns.payload"))
    words = {key: value for key, value in pushed.table("notification").items() if key != "image"}
    aps: dict[str, Any] = {**({"alert": words} if words else {}), **pushed.aps}
    try:
        return len(encode_json({**pushed.table("data"), **payload, "aps": aps}))
    except (TypeError, ValueError):
        return 0


def _bytes(value: Any) -> int:
    try:
        return len(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else encode_json(value))
    except (TypeError, ValueError):
        return 0


def _silence(pushed: Subject) -> Iterator[Finding]:
    """A silent push shows nothing; a message that shows nothing has its own rules."""
    if not pushed.written:
        return
    if pushed.message.silent:
        yield from _shown_though_silent(pushed)
        if str(pushed.get("android.priority")).casefold() == "high":
            yield RULES["high-priority-silent"].finding("android.priority")
    visible = pushed.visible_on_android or pushed.visible_on_ios or pushed.table("webpush.notification")
    if not visible and not pushed.has_data and not pushed.aps and "android_v2" not in pushed.plain:
        yield RULES["nothing-in-it"].finding("message")
    elif pushed.has_data and not pushed.visible_on_android and not _says_how_urgent(pushed):
        yield RULES["priority-missing"].finding("android.priority")
    if pushed.visible_on_android and pushed.table("data") and not pushed.message.silent:
        yield RULES["data-beside-notification"].finding("data")


def _says_how_urgent(pushed: Subject) -> bool:
    only_ios = not (pushed.table("data") or pushed.table("android.data"))
    return only_ios or pushed.get("android.priority") is not None or "android_v2" in pushed.plain


def _shown_though_silent(pushed: Subject) -> Iterator[Finding]:
    message = pushed.message
    flags: Mapping[str, Any] = {
        "title": message.title, "subtitle": message.subtitle, "body": message.body, "image": message.image,
        "badge": message.badge, "sound": message.sound,
    }  # fmt: skip
    said = [f"--{name}" for name, value in flags.items() if value is not None]
    places = [p for p in ("notification", "android.notification", "webpush.notification") if pushed.table(p)]
    places += [f"apns.payload.aps.{key}" for key in ("alert", "badge", "sound") if key in pushed.aps]
    if "remote_notification" in pushed.table("android_v2"):
        places.append("android_v2.remote_notification")
    for what in said or places:
        yield RULES["silent-with-visible"].finding(what, what=what)


CHECKS = (_values, _overridden, _size, _silence)
