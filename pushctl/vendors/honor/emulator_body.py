"""The body of ``sendMessage``: fields, types, limits, and what needs what.

Sources: the field texts that zandala88/honor-push:model.go keeps, and xie.infoq.cn/article/575b0e405029cfdd8652288fa.
That Honor refuses at all what does not fit, and with which code, is unproved: the codes are Huawei's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors._huawei.emulator_schema import (
    Kind,
    Walk,
    array,
    boolean,
    integer,
    one_of,
    record,
    text,
    wrong,
)
from pushctl.vendors._huawei.emulator_tokens import too_large, too_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.vendors.honor.emulator_answers import Call

MAX_TTL_S = 1_296_000
_HTTPS = r"https://\S+"
_UTC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"
_NOT_CONFIRMED = ("channelId", "foregroundShow", "visibility", "useDefaultVibrate")
"""Sent by some public code; nothing of Honor's confirms them. Taken, with a note."""


def _ttl(value: Any, where: str, walk: Walk) -> Refusal | None:
    found = text(form=r"\d{1,9}s")(value, where, walk)
    if found is not None:
        return found
    seconds = int(value[:-1])
    if seconds <= 0:
        return wrong(where, "must be above 0", "80100004")
    return wrong(where, f"must not be over {MAX_TTL_S}s") if seconds > MAX_TTL_S else None


_click_action = record(
    {"type": one_of(1, 2, 3), "intent": text(), "action": text(), "url": text(form=_HTTPS)}, ["type"]
)
_button = record(
    {
        "name": text(most=40),
        "actionType": one_of(0, 1, 2),
        "intentType": one_of(0, 1),
        "intent": text(),
        "data": text(most=1024),
    },
    ["name", "actionType"],
)
_badge = record({"badgeClass": text(), "addNum": integer(0, 99), "setNum": integer(0, 99)})
_android_notification = record(
    {
        "title": text(), "body": text(), "clickAction": _click_action, "image": text(form=_HTTPS),
        "style": one_of(0, 1), "bigTitle": text(), "bigBody": text(), "importance": text("LOW", "NORMAL"),
        "when": text(form=_UTC), "buttons": array(_button, most=3), "badge": _badge,
        "notifyId": integer(-1, 2**31 - 1), "tag": text(), "group": text(), "channelId": text(),
        "foregroundShow": boolean, "visibility": text(), "useDefaultVibrate": boolean,
    }
)  # fmt: skip
_android = record(
    {
        "ttl": _ttl,
        "biTag": text(),
        "data": text(),
        "targetUserType": one_of(0, 1),
        "notification": _android_notification,
    }
)
BODY: Kind = record(
    {
        "data": text(),
        "notification": record({"title": text(), "body": text(), "image": text(form=_HTTPS)}),
        "android": _android,
        "token": array(text(blank=False)),
    }
)


def check(call: Call, document: Mapping[str, Any]) -> Refusal | None:
    """Everything about the body but the tokens themselves. A body without tokens is told as a number of tokens."""
    if document.get("token") in (None, []):
        return Refusal("80300010", "token-present", "no token, or no list of tokens: the body has no wrapper")
    walk = Walk(call.world.strict)
    refusal = BODY(document, "", walk)
    for note in walk.notes:
        call.note(note)
    if refusal is None:
        refusal = too_large(document, "") or too_many(document["token"])
    return refusal or _contents(call, document)


def is_notification(document: Mapping[str, Any]) -> bool:
    """A notification object in either place makes a notification of it; data without one is a data message."""
    return "notification" in document or "notification" in document.get("android", {})


def _contents(call: Call, document: Mapping[str, Any]) -> Refusal | None:
    android = document.get("android", {})
    if is_notification(document):
        return _notification(call, document.get("notification", {}), android.get("notification", {}))
    if document.get("data") or android.get("data"):
        return None
    return wrong("data", "is missing, and so is a notification")


def _notification(call: Call, outer: Mapping[str, Any], inner: Mapping[str, Any]) -> Refusal | None:
    for name in _NOT_CONFIRMED:
        if name in inner:
            call.note(f"{name}: nothing of Honor's confirms this field.")
    for name in ("title", "body"):
        if not (inner.get(name) or outer.get(name)):
            return wrong(f"notification.{name}", "is missing")
    return _click(inner.get("clickAction")) or _style(call, outer, inner) or _buttons(inner)


def _click(action: Mapping[str, Any] | None) -> Refusal | None:
    where = "android.notification.clickAction"
    if action is None:
        return wrong(where, "is missing")
    if action["type"] == 1 and not (action.get("intent") or action.get("action")):
        return wrong(where, "of type 1 needs intent or action")
    return wrong(f"{where}.url", "is missing") if action["type"] == 2 and not action.get("url") else None


def _style(call: Call, outer: Mapping[str, Any], inner: Mapping[str, Any]) -> Refusal | None:
    if inner.get("style") != 1:
        return None
    for big, plain in (("bigTitle", "title"), ("bigBody", "body")):
        where = f"android.notification.{big}"
        if not inner.get(big):
            return wrong(where, "is missing for style 1")
        if call.world.strict and inner[big] != (inner.get(plain) or outer.get(plain)):
            return wrong(where, f"must equal {plain}", note=f"{where}: what Honor does with another text is unproved")
    return None


def _buttons(inner: Mapping[str, Any]) -> Refusal | None:
    for index, button in enumerate(inner.get("buttons", [])):
        where = f"android.notification.buttons[{index}]"
        if button["actionType"] == 1 and "intentType" not in button:
            return wrong(f"{where}.intentType", "is missing")
        if button["actionType"] in (1, 2) and not button.get("intent"):
            return wrong(f"{where}.intent", "is missing")
    return None
