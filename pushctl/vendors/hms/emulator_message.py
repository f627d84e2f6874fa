"""The body of ``messages:send`` in v1 and v2: members, types, limits, and what needs what.

Source: HMSCore-References/https-send-api-0000001050986197, and where SDKs differ HMS-Core/hms-push-serverdemo-java.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors._huawei.emulator_answers import STRUCTURE
from pushctl.vendors._huawei.emulator_schema import (
    Kind,
    Walk,
    anything,
    array,
    boolean,
    integer,
    number,
    one_of,
    record,
    table,
    text,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TTL_S = 1_296_000
_TTL = r"\d+|\d+[sS]|\d+\.\d{1,9}|\d+\.\d{1,9}[sS]"
_HTTPS = r"https://\S+"
_COLOUR = r"#[0-9A-Fa-f]{6}"
_UTC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"
_TOPIC = re.compile(r"[\w\-.~%]{1,900}")
"""Digits, letters, ``_ - . ~ %`` and Chinese (HMSCore-References/topic-sub-api-0000001051066122)."""


def _ttl(value: Any, where: str, walk: Walk) -> Refusal | None:
    found = text()(value, where, walk)
    if found is not None:
        return found
    seconds = float(value.rstrip("sS")) if re.fullmatch(_TTL, value) else 0.0
    if seconds <= 0:
        return wrong(where, "must be a number of seconds above 0, as in 86400s", "80100004")
    over = f"must not be over {MAX_TTL_S}s"
    return wrong(where, over, note=f"{where} {over}; the code is unproved") if seconds > MAX_TTL_S else None


def _vibration(value: Any, where: str, walk: Walk) -> Refusal | None:
    found = text(form=_TTL)(value, where, walk)
    if found is not None:
        return found
    return None if 0 < float(value.rstrip("sS")) <= 60 else wrong(where, "must be above 0 and not over 60 seconds")


def _when(value: Any, where: str, walk: Walk) -> Refusal | None:
    if isinstance(value, str) and not re.fullmatch(_UTC, value):
        walk.notes.append(
            f"{where} is not written as on the page (2014-10-02T15:01:23.045Z), but as in Huawei's sample."
        )
    return text()(value, where, walk)


_texts = array(text())
_click_action = record(
    {
        "type": one_of(1, 2, 3, sdk=(4,)),
        "intent": text(),
        "action": text(),
        "url": text(form=_HTTPS),
        "rich_resource": text(),
    },
    ["type"],
    sdk=["rich_resource"],
)
_badge = record({"class": text(), "add_num": integer(1, 99), "set_num": integer(0, 99), "clazz": text()}, sdk=["clazz"])
_button = record(
    {
        "name": text(most=40),
        "action_type": one_of(0, 1, 2, 3, 4),
        "intent_type": one_of(0, 1),
        "intent": text(),
        "data": text(most=1024),
    },
    ["name", "action_type"],
)
_light = record(
    {
        "color": record(
            {name: number(0, 1) for name in ("alpha", "red", "green", "blue")}, ("alpha", "red", "green", "blue")
        ),
        "light_on_duration": text(),
        "light_off_duration": text(),
    },
    ["color", "light_on_duration", "light_off_duration"],
)
_android_notification = record(
    {
        "title": text(), "body": text(), "icon": text(), "color": text(form=_COLOUR), "sound": text(),
        "default_sound": boolean, "tag": text(), "click_action": _click_action,
        "body_loc_key": text(), "body_loc_args": _texts, "title_loc_key": text(), "title_loc_args": _texts,
        "multi_lang_key": table(table(text(), most=3)), "channel_id": text(), "notify_summary": text(),
        "image": text(form=_HTTPS), "style": one_of(0, 1, 3, sdk=(2,)), "big_title": text(), "big_body": text(),
        "big_picture": text(), "inbox_content": array(text(most=1024), most=5), "auto_clear": integer(1),
        "notify_id": integer(-1, 2**31 - 1), "group": text(), "badge": _badge, "ticker": text(),
        "auto_cancel": boolean, "local_only": boolean, "when": _when,
        "importance": text("LOW", "NORMAL", sdk=["HIGH"]), "use_default_vibrate": boolean,
        "use_default_light": boolean, "vibrate_config": array(_vibration, most=10),
        "visibility": text("VISIBILITY_UNSPECIFIED", "PUBLIC", "SECRET", "PRIVATE"), "light_settings": _light,
        "foreground_show": boolean, "profile_id": text(most=64), "buttons": array(_button, most=3),
    },
    sdk=["auto_clear", "ticker", "auto_cancel", "local_only", "big_picture"],
)  # fmt: skip
_CATEGORIES = (
    "IM", "VOIP", "SUBSCRIPTION", "TRAVEL", "HEALTH", "WORK", "ACCOUNT", "EXPRESS", "FINANCE", "DEVICE_REMINDER",
    "MAIL", "PLAY_VOICE", "MARKETING",
)  # fmt: skip
_android = record(
    {
        "collapse_key": integer(-1, 100, code="80100013"), "urgency": text("HIGH", "NORMAL"),
        "category": text(*_CATEGORIES, sdk=["SYSTEM_REMINDER"]), "ttl": _ttl, "bi_tag": text(), "receipt_id": text(),
        "fast_app_target": one_of(1, 2), "data": text(), "target_user_type": one_of(0, 1),
        "notification": _android_notification,
    }
)  # fmt: skip
_apns = record(
    {
        "headers": table(text()),
        "payload": table(anything),
        "hms_options": record({"target_user_type": one_of(1, 2, 3)}, ["target_user_type"]),
    },
    ["payload", "hms_options"],
)
_web_notification = record(
    {
        **{name: text() for name in ("title", "body", "icon", "image", "badge", "lang", "tag")},
        "dir": text("auto", "ltr", "rtl"), "vibrate": array(integer(0)), "renotify": boolean,
        "require_interaction": boolean, "silent": boolean, "timestamp": integer(0),
        "actions": array(record({"action": text(), "icon": text(), "title": text()})),
    }
)  # fmt: skip
_webpush = record(
    {
        "headers": record(
            {
                "ttl": text(),
                "topic": text(),
                "urgency": text("HIGH", "NORMAL", sdk=["very-low", "low", "normal", "high"]),
            }
        ),
        "notification": _web_notification,
        "hms_options": record({"link": text()}),
    }
)
_message = record(
    {
        "data": text(), "notification": record({"title": text(), "body": text(), "image": text(form=_HTTPS)}),
        "android": _android, "apns": _apns, "webpush": _webpush,
        "token": array(text()), "topic": text(), "condition": text(),
    }
)  # fmt: skip
_review = record({"reviewer": text("tuibian"), "type": one_of(0), "result": table(anything)})
BODY: Kind = record({"validate_only": boolean, "message": _message, "review": array(_review)}, ["message"])


def check(call: Call, document: Mapping[str, Any]) -> Refusal | None:
    """Everything about the body but its size, the number of tokens and the tokens themselves.

    A misspelt ``message`` or ``token`` is told as a number of tokens that is not right, not as a structure (the page).
    """
    message = document.get("message")
    targets = [name for name in ("token", "topic", "condition") if isinstance(message, dict) and name in message]
    if not targets:
        return Refusal("80300010", "target-present", "no message, or none of token, topic and condition in it")
    walk = Walk(call.world.strict)
    refusal = BODY(document, "", walk)
    for note in walk.notes:
        call.note(note)
    if refusal is not None or not isinstance(message, dict):
        return refusal
    if len(targets) > 1:
        return Refusal(STRUCTURE, "target-one", f"{' and '.join(targets)}: exactly one may be there; code unproved")
    return _target(message) or _content(call, message)


def _target(message: Mapping[str, Any]) -> Refusal | None:
    if "topic" in message and not is_topic(message["topic"]):
        return Refusal("82000007", "topic-form", "the code is unproved for a send")
    condition = message.get("condition")
    if condition is None:
        return None
    topics = re.findall(r"'([^']*)'\s+in\s+topics", condition)
    rest = re.sub(r"'[^']*'\s+in\s+topics", "T", condition)
    if not topics or not re.fullmatch(r"[T\s&|!()]+", rest) or not all(map(is_topic, topics)):
        return wrong("message.condition", "has a wrong format")
    return wrong("message.condition", "must not have more than 5 topics") if len(topics) > 5 else None


def is_topic(name: str) -> bool:
    """Whether a topic may be called so."""
    return _TOPIC.fullmatch(name) is not None


def is_notification(message: Mapping[str, Any]) -> bool:
    """A notification object in either place makes a notification of it; ``data`` without one is a data message."""
    return "notification" in message or "notification" in message.get("android", {})


def _content(call: Call, message: Mapping[str, Any]) -> Refusal | None:
    android = message.get("android", {})
    elsewhere = "apns" in message or "webpush" in message
    if is_notification(message):
        if elsewhere and "android" not in message:
            return None
        return _notification(message, android.get("notification", {}), strict=call.world.strict)
    if elsewhere or "data" in message or "data" in android:
        if "foreground_show" in android:
            call.note("foreground_show belongs into android.notification.")
        return None
    return wrong("message", "has neither notification nor data")


def _notification(message: Mapping[str, Any], android: Mapping[str, Any], *, strict: bool) -> Refusal | None:
    general = message.get("notification", {})
    for name in ("title", "body"):
        if not (general.get(name) or android.get(name) or android.get(f"{name}_loc_key")):
            return wrong(f"message.notification.{name}", "is missing")
    data = message.get("android", {}).get("data", message.get("data"))
    if (
        strict and data is not None and not _is_json_object(data)
    ):  # so the page; a sample of Huawei's sends {key1:value1}
        return wrong("message.data", "of a notification must be a JSON object in a string")
    place = "message.android.notification"
    return _click(f"{place}.click_action", android.get("click_action")) or _needs(place, android)


def _click(where: str, action: Mapping[str, Any] | None) -> Refusal | None:
    if action is None:
        return wrong(where, "is missing")
    if action["type"] == 1 and not (action.get("intent") or action.get("action")):
        return wrong(where, "of type 1 needs intent or action")
    return wrong(f"{where}.url", "is missing") if action["type"] == 2 and not action.get("url") else None


def _needs(place: str, android: Mapping[str, Any]) -> Refusal | None:
    """Members that are nothing without another one."""
    style = android.get("style", 0)
    for name in ("big_title", "big_body") if style == 1 else ("inbox_content",) if style == 3 else ():
        if not android.get(name):
            return wrong(f"{place}.{name}", f"is missing for style {style}")
    for name in ("body_loc", "title_loc"):
        if f"{name}_args" in android and f"{name}_key" not in android:
            return wrong(f"{place}.{name}_key", f"is missing beside {name}_args")
    for index, button in enumerate(android.get("buttons", [])):
        missing = {1: "intent_type", 4: "data"}.get(button["action_type"])
        if missing is not None and missing not in button:
            return wrong(f"{place}.buttons[{index}].{missing}", "is missing")
    return None


def _is_json_object(data: str) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False
