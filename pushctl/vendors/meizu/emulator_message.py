"""``messageJson`` of a notification: fields, limits, and what needs or rules out what.

Sources: MEIZUPUSH/PushAPI:README.md for the fields and limits; MEIZUPUSH/JavaSdk for the ones that only it has, for
switches as JSON booleans, and for every group being there, empty or not. A field that is missing is told with 110004
and a wrong one with 1005: which of them comes where is unproved, and so is the order of the checks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Refusal
from pushctl.core.texts import measure
from pushctl.vendors.meizu.emulator_answers import PARAMETER
from pushctl.vendors.meizu.emulator_fields import (
    Walk,
    anything,
    blank,
    moment,
    number_of,
    on,
    one_of,
    record,
    seconds,
    switch,
    text,
    whole,
    wrong,
)

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call

TITLE, CONTENT = 32, 100
"""The most characters. Tencent counts them in UTF-16 units (trtc.io/document/77715), as a service in Java does."""
_WEB = r"https?://\S+"
_SPEED = 2**31 - 1
_COLOURS = r"#206CFF|#E42D22"
_STRAY = "fixEndDisplayTime "
"""The documentation has this key with a blank at its end; the SDK has it without."""


def _receipt_type(value: Any, where: str, walk: Walk) -> Refusal | None:
    """A number, or a text: the documentation's comment says the one and its example is the other."""
    return None if value in ("1", "2", "3") else one_of(1, 2, 3)(value, where, walk)


MESSAGE = record(
    {
        "noticeBarInfo": record(
            {
                "title": text(TITLE), "content": text(CONTENT), "noticeMsgType": one_of(0, 1),
                "noticeBarType": one_of(0, 1, 2), "noticeBarImgUrl": text(form=_WEB),
            }
        ),
        "noticeExpandInfo": record(
            {
                "noticeExpandType": one_of(0, 1, 2), "noticeExpandContent": text(),
                "noticeExpandImgUrl": text(form=_WEB),
            }
        ),
        "clickTypeInfo": record(
            {
                "clickType": one_of(0, 1, 2, 3), "activity": text(1000, "bytes"), "url": text(1000, "bytes"),
                "parameters": anything, "customAttribute": text(1000, "bytes"),
            }
        ),
        "pushTimeInfo": record(
            {"offLine": switch, "validTime": whole(0, 999_999), "pushTimeType": one_of(0, 1), "startTime": moment}
        ),
        "advanceInfo": record(
            {
                "suspend": switch, "clearNoticeBar": switch, "fixDisplay": switch, "fixStartDisplayTime": moment,
                "fixEndDisplayTime": moment, _STRAY: moment, "fixSpeed": switch, "fixSpeedRate": whole(0, _SPEED),
                "notificationType": record({"vibrate": switch, "lights": switch, "sound": switch}),
                "notifyKey": text(8, form=r"[0-9A-Za-z_-]+"),
            }
        ),
        "extra": record(
            {
                "callback": text(128, "bytes", _WEB), "callback.param": text(64, "bytes"),
                "callback.type": _receipt_type,
            }
        ),
        "vipInfo": record(
            {
                "subtitle": text(16), "pullDownTop": switch, "timeTop": whole(0, 7200), "notGroup": switch,
                "titleColor": text(form=_COLOURS), "backgroundImgUrl": text(form=_WEB),
                "smallIconUrl": text(form=_WEB), "bigIconUrl": text(form=_WEB),
            }
        ),
    }
)  # fmt: skip


def read(call: Call, content: str) -> dict[str, Any] | Refusal:
    """The message, or why it is refused."""
    try:
        message = _present(json.loads(content))
    except (ValueError, RecursionError):
        return Refusal(PARAMETER, "message-json", "messageJson is no JSON")
    walk = Walk(call.world.strict)
    refusal = MESSAGE(message, "", walk) or _contents(call, message)
    for note in walk.notes:
        call.note(note)
    return refusal or dict(message)


def is_public(message: Mapping[str, Any]) -> bool:
    """Whether the message is of the class that is counted for each device; without a class it is."""
    return number_of(message["noticeBarInfo"].get("noticeMsgType", 0)) == 0


def starts_at(message: Mapping[str, Any]) -> float | None:
    """When a push to everybody or to a tag is to begin, Unix seconds; None for at once."""
    when = message.get("pushTimeInfo", {})
    return seconds(when.get("startTime")) if number_of(when.get("pushTimeType", 0)) == 1 else None


def _present(value: Any) -> Any:
    """A JSON value without what is null."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value


def _contents(call: Call, message: Mapping[str, Any]) -> Refusal | None:
    bar = message.get("noticeBarInfo", {})
    for name in ("title", "content"):
        if not bar.get(name, "").strip():
            return blank(f"noticeBarInfo.{name}")
    for name, most in (("title", TITLE), ("content", CONTENT)):
        if measure(bar[name], "utf16") > most:
            call.note(f"noticeBarInfo.{name} is over {most} UTF-16 units, which a service may count; unproved.")
    if number_of(bar.get("noticeMsgType", 0)) == 1:
        call.note("Private class: it needs Meizu's approval; what an app without it is told is unproved.")
    if number_of(bar.get("noticeBarType", 0)) == 1:
        call.note("noticeBarType 1: picture pushes were switched off on 2022-05-27.")
    return (
        _expansion(message)
        or _click(call, message.get("clickTypeInfo", {}))
        or _times(call, message.get("pushTimeInfo", {}))
        or _display(call, message.get("advanceInfo", {}))
        or _receipts(message.get("extra", {}))
        or _vip(call, message)
    )


def _expansion(message: Mapping[str, Any]) -> Refusal | None:
    info = message.get("noticeExpandInfo", {})
    needs = {1: "noticeExpandContent", 2: "noticeExpandImgUrl"}.get(number_of(info.get("noticeExpandType", 0)))
    return blank(f"noticeExpandInfo.{needs}") if needs and not info.get(needs) else None


def _click(call: Call, info: Mapping[str, Any]) -> Refusal | None:
    kind = number_of(info.get("clickType", 0))
    needs = {1: "activity", 2: "url", 3: "customAttribute"}.get(kind)
    if kind == 3:
        call.note("clickType 3: Meizu asks not to use it any more; since Android 12 a click does nothing.")
    return blank(f"clickTypeInfo.{needs}") if needs and not info.get(needs) else None


def _times(call: Call, info: Mapping[str, Any]) -> Refusal | None:
    """How long the message is kept. Of tag pushes the documentation allows 0 hours, of everything else 1 to 72."""
    if on(info.get("offLine", 1)) and not 1 <= (hours := number_of(info.get("validTime", 24))) <= 72:
        if call.world.strict or hours:
            return wrong("pushTimeInfo.validTime", "is not from 1 to 72")
        call.note("pushTimeInfo.validTime is 0, which is let pass; unproved.")
    if number_of(info.get("pushTimeType", 0)) == 1 and not info.get("startTime"):
        return blank("pushTimeInfo.startTime")
    return None


def _display(call: Call, info: Mapping[str, Any]) -> Refusal | None:
    if on(info.get("fixSpeed", 0)) and not number_of(info.get("fixSpeedRate", 0)):
        return blank("advanceInfo.fixSpeedRate")
    if not on(info.get("fixDisplay", 0)):
        return None
    begin, end = info.get("fixStartDisplayTime"), info.get("fixEndDisplayTime") or info.get(_STRAY)
    if not begin or not end:
        return blank("advanceInfo.fixStartDisplayTime or fixEndDisplayTime") if call.world.strict else None
    first, last = seconds(begin) or 0.0, seconds(end) or 0.0
    if last <= first:
        return wrong("advanceInfo.fixEndDisplayTime", "is not after fixStartDisplayTime")
    if not first <= call.now < last:
        call.note("Outside of its display window: the phone does not show it now.")
    return None


def _receipts(extra: Mapping[str, Any]) -> Refusal | None:
    named = [name for name, value in extra.items() if name.startswith("callback.") and value != ""]
    return blank("extra.callback") if named and not extra.get("callback") else None


def _vip(call: Call, message: Mapping[str, Any]) -> Refusal | None:
    """What is for VIP apps, of which the sandbox's are: no other app's answer is known."""
    info, expand = message.get("vipInfo", {}), message.get("noticeExpandInfo", {})
    big = number_of(expand.get("noticeExpandType", 0)) == 2
    top = number_of(info.get("timeTop", 0))
    if 0 < top < 1800:
        return wrong("vipInfo.timeTop", "is not from 1800 to 7200")
    background = info.get("backgroundImgUrl")
    for name, excluded, other in (
        ("timeTop", bool(top) and on(info.get("pullDownTop", 0)), "pullDownTop"),
        ("backgroundImgUrl", bool(background and info.get("titleColor")), "titleColor"),
        ("backgroundImgUrl", bool(background and info.get("bigIconUrl")), "bigIconUrl"),
        ("backgroundImgUrl", bool(background) and big, "noticeExpandInfo.noticeExpandImgUrl"),
    ):
        if excluded:
            return wrong(f"vipInfo.{name}", f"rules out {other}")
    if big or any(value not in ("", 0, False) for value in info.values()):
        call.note("For VIP apps only: what another app is told is unproved.")
    return None
