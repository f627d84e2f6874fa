"""The body of ``messages:send`` in v3: a payload of its own for each push-type, a target, and options.

Sources: harmonyos-references/push-scenariozed-api-request-struct, push-scenariozed-api-request-param.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors._huawei.emulator_schema import (
    Kind,
    Walk,
    anything,
    array,
    boolean,
    integer,
    one_of,
    record,
    table,
    text,
    wrong,
)

MAX_TTL_S = 1_296_000
_INT32 = 2**31 - 1
_HTTPS = r"https://\S+"
_CATEGORIES = (
    "IM", "VOIP", "MISS_CALL", "SUBSCRIPTION", "TRAVEL", "HEALTH", "WORK", "ACCOUNT", "EXPRESS", "FINANCE",
    "DEVICE_REMINDER", "MAIL", "PLAY_VOICE", "MARKETING",
)  # fmt: skip
_EVENTS = (
    "TAXI", "DELIVERY", "FLIGHT", "TRAIN", "QUEUE", "PICK_UP", "SCORE", "RENT", "TIMER", "WORKOUT", "NAVIGATION",
)  # fmt: skip
_CREATED_BY_PUSH = ("FLIGHT", "TAXI", "TRAIN")

_click_action = record(
    {"actionType": one_of(0, 1), "uri": text(), "action": text(), "data": table(anything)}, ["actionType"]
)
_badge = record({"addNum": integer(1, 99), "setNum": integer(0, 99)})
_notification = record(
    {
        "category": text(*_CATEGORIES), "title": text(), "body": text(), "clickAction": _click_action,
        "image": text(form=_HTTPS), "style": one_of(0, 1, 3), "bigTitle": text(), "bigBody": text(),
        "inboxContent": array(text(most=1024), most=3), "notifyId": integer(-1, _INT32),
        "appMessageId": text(form=r"[A-Za-z0-9+/=\-_ ]{1,64}"), "profileId": text(most=64), "badge": _badge,
        "sound": text(), "soundDuration": integer(1, 60), "foregroundShow": boolean,
    }
)  # fmt: skip
_form_image = record(
    {"keyName": text(blank=False), "url": text(form=_HTTPS), "require": one_of(0, 1)}, ["keyName", "url"]
)


def _form_data(value: Any, where: str, walk: Walk) -> Refusal | None:
    """No null, no number beyond what JavaScript counts exactly, no key of the data proxy."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("datashareproxy://"):
                return wrong(where, "must have no key that starts with datashareproxy://")
            if (found := _form_data(item, f"{where}.{key}", walk)) is not None:
                return found
    if isinstance(value, list):
        return next(filter(None, (_form_data(item, where, walk) for item in value)), None)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        return wrong(where, "must not be over 2^53 - 1")
    return wrong(where, "must not be null") if value is None else None


def _form_object(value: Any, where: str, walk: Walk) -> Refusal | None:
    return _form_data(value, where, walk) if isinstance(value, dict) else wrong(where, "must be an object")


@dataclass(frozen=True, slots=True)
class PushType:
    """What a value of the header ``push-type`` asks of the body.

    :ivar payload: its form. :ivar look: what needs what in it. :ivar right: the right that the app needs, or "".
    :ivar most: tokens in one request.
    """

    payload: Kind
    look: Callable[[Call, Mapping[str, Any]], Refusal | None] = lambda call, payload: None  # noqa: ARG005
    right: str = ""
    most: int = 1000


def _alert(call: Call, payload: Mapping[str, Any]) -> Refusal | None:
    """A notification, or nothing but a badge."""
    notification = payload.get("notification", {})
    if "badge" in payload or notification.keys() == {"badge"}:
        call.note("A badge without a notification: where the page puts it is unproved.")
        return None
    return _shown(payload)


def _shown(payload: Mapping[str, Any]) -> Refusal | None:
    if "notification" not in payload:
        return wrong("payload.notification", "is missing")
    notification = payload["notification"]
    place = "payload.notification"
    for name in ("category", "title", "body", "clickAction"):
        if not notification.get(name):
            return wrong(f"{place}.{name}", "is missing")
    action = notification["clickAction"]
    if action["actionType"] == 1 and not (action.get("uri") or action.get("action")):
        return wrong(f"{place}.clickAction", "of actionType 1 needs uri or action")
    style = notification.get("style", 0)
    for name in ("bigTitle", "bigBody") if style == 1 else ("inboxContent",) if style == 3 else ():
        if not notification.get(name):
            return wrong(f"{place}.{name}", f"is missing for style {style}")
    if "soundDuration" in notification and not notification.get("sound"):
        return wrong(f"{place}.sound", "is missing beside soundDuration")
    return None


def _extension(call: Call, payload: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG001 - the shape of a look
    found = _shown(payload)
    if found is None and payload["notification"]["category"] != "PLAY_VOICE":
        return wrong("payload.notification.category", "must be PLAY_VOICE for push-type 2")
    return found


def _form(call: Call, payload: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG001
    """An image has to pass Huawei's check first, and nothing here can have done that."""
    return Refusal("80100022", "image-checked") if payload.get("images") else None


def _live_view(call: Call, payload: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG001
    if payload["operation"] == 0 and payload["event"] not in _CREATED_BY_PUSH:
        return wrong("payload.event", f"of a new live view must be one of {', '.join(_CREATED_BY_PUSH)}")
    return None


PUSH_TYPES: Mapping[str, PushType] = {
    "0": PushType(record({"notification": _notification, "badge": _badge}), _alert),
    "1": PushType(
        record(
            {
                "formId": integer(0), "version": integer(0, _INT32), "moduleName": text(), "formName": text(),
                "abilityName": text(), "formData": _form_object, "images": array(_form_image, most=1),
            },
            ["formId", "version", "moduleName", "formName", "abilityName"],
        ),
        _form,
        most=1,
    ),
    "2": PushType(
        record({"notification": _notification, "extraData": text()}, ["notification", "extraData"]),
        _extension,
        "play-voice",
    ),
    "6": PushType(record({"extraData": text(), "proxyData": text("ENABLE")}, ["extraData"])),
    "7": PushType(
        record(
            {
                "activityId": integer(-(2**31), _INT32), "operation": one_of(0, 1, 2), "event": text(*_EVENTS),
                "status": text(), "version": integer(0, _INT32), "mute": boolean, "activityData": table(anything),
            },
            ["activityId", "operation", "event"],
        ),
        _live_view,
        "live-view",
    ),
    "10": PushType(record({"extraData": text()}, ["extraData"]), right="voip"),
}  # fmt: skip

_options = record(
    {
        "testMessage": boolean, "ttl": integer(1, MAX_TTL_S), "biTag": text(), "receiptId": text(),
        "collapseKey": integer(-1, 100, code="80100013"), "backgroundMode": one_of(0, 1),
    }
)  # fmt: skip


def check(call: Call, kind: str, document: Mapping[str, Any]) -> Refusal | None:
    """Everything about the body but its size, the number of tokens and the tokens themselves.

    :param kind: the push-type.
    """
    target = document.get("target")
    if not isinstance(target, dict) or "token" not in target:
        return Refusal("80300010", "target-present", "no target with a token in it")
    push_type = PUSH_TYPES[kind]
    body = record(
        {"payload": push_type.payload, "target": record({"token": array(text())}, ["token"]), "pushOptions": _options},
        ["payload", "target"],
    )
    walk = Walk(call.world.strict)
    refusal = body(document, "", walk)
    if refusal is not None:
        return refusal
    return push_type.look(call, document["payload"]) or _options_fit(call, kind, document.get("pushOptions", {}))


def _options_fit(call: Call, kind: str, options: Mapping[str, Any]) -> Refusal | None:
    if len(options.get("biTag", "").encode()) > 64:
        return wrong("pushOptions.biTag", "must not be longer than 64 bytes")
    if "collapseKey" in options and kind not in ("0", "2"):
        call.note("collapseKey is for push-type 0 and 2 only; it is ignored here (unproved).")
    if "backgroundMode" in options and kind != "6":
        call.note("backgroundMode is for push-type 6 only; it is ignored here (unproved).")
    if options.get("backgroundMode") == 1:
        call.note("backgroundMode 1 needs a right: without it the message is handled as 0.")
    return None
