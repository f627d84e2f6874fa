"""``messageJson``: the message as Meizu has it, in groups, and of each group only what was said
(MEIZUPUSH/PushAPI:README.md, pushId推送接口（通知栏消息）)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned
from pushctl.core.errors import UsageError
from pushctl.core.wire import encode_json
from pushctl.core.writing import check_json, filled, own_options, refuse_changes_to_raw
from pushctl.vendors.meizu.clicks import click_type

if TYPE_CHECKING:
    from pushctl.core.message import Message

NO_SILENT = (
    "Meizu has no silent push: pass-through (透传) has been restricted since 2018-06-16, and its interfaces are "
    "discontinued (code 110053)."
)
INSTEAD_OF_SILENT = (
    "Send a notification with --title and --body; nothing hides it, and [meizu] suspend, sound, vibrate and "
    "lights = false only make it quiet."
)
OPTIONS: Mapping[str, str] = {
    "task": "true: deposit the message once (getTaskId) and push by its task id, for which Meizu has statistics",
    "notice_bar_type": "0 Flyme's own look, 2 Android's",
    "expand_text": "the text of the notification when it is pulled open",
    "suspend": "false: no heads-up display",
    "clear_notice_bar": "false: the user cannot swipe it away",
    "sound": "false: no sound (--sound none)",
    "vibrate": "false: no vibration",
    "lights": "false: no light",
    "display_from": "shown from then on: yyyy-MM-dd HH:mm:ss",
    "display_until": "shown until then: yyyy-MM-dd HH:mm:ss",
    "callback": "the address that receipts go to; it must be registered in the console",
    "callback_param": "a text that receipts carry back",
    "callback_type": "1 receipts of delivery, 2 of taps, 3 of both",
    "restricted_package_names": "the packages, of an app that has several, that get it: a list, or a text with commas",
}
SOUNDS: Mapping[str, int] = {"default": 1, "none": 0}
"""What ``--sound`` can say here: Meizu has a switch and no names."""
HOUR_S = 3600

_PRIVATE, _PUBLIC = 1, 0
_NOTICE_OF_CLASS = {"im": _PRIVATE, "service": _PRIVATE, "marketing": _PUBLIC}


def message_json(message: Message, app: Mapping[str, str]) -> bytes:
    """The text of ``messageJson``; a raw payload is that text as it stands.

    :raises UsageError: for ``--silent``, for ``--set`` on something that is no object, for what JSON cannot hold, for
        an option of another kind, and for a raw payload that is not UTF-8.
    """
    if message.silent:
        raise UsageError(NO_SILENT, INSTEAD_OF_SILENT, rule="no-silent", where="--silent")
    refuse_changes_to_raw(message)
    if message.raw is not None:
        return _raw(message.raw)
    body = assigned(_body(message, app), message.assignments)
    check_json(body)
    return encode_json(body)


def _raw(raw: bytes) -> bytes:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"The payload is not UTF-8 at byte {error.start + 1}, and a form cannot carry it.",
            "Save it as UTF-8.",
            rule="payload-not-json",
            where="--payload",
        ) from error
    return raw


def wants_task(message: Message) -> bool:
    """Whether the message is deposited first. Raises ``UsageError`` for an option that is neither true nor false."""
    return _switch(own_options(message, "meizu", OPTIONS), "task") == 1


def packages(message: Message) -> dict[str, str]:
    """The form field ``restrictedPackageNames``, where it was asked for: only Meizu's SDK has it.

    :raises UsageError: for what is no list of texts, and for letters that UTF-8 cannot carry.
    """
    named = own_options(message, "meizu", OPTIONS).get("restricted_package_names")
    if named is None:
        return {}
    if isinstance(named, list) and all(isinstance(one, str) for one in named):
        named = ",".join(named)
    if not isinstance(named, str):
        raise _bad("restricted_package_names", named, 'a list of texts: ["com.example.app"]')
    made = {"restrictedPackageNames": named}
    check_json(made)
    return made


def _body(message: Message, app: Mapping[str, str]) -> dict[str, Any]:
    """The message before ``--set``. What nobody said is left out: every field has a default but title and content."""
    options = own_options(message, "meizu", OPTIONS)
    groups = {
        "noticeBarInfo": {
            "noticeMsgType": _NOTICE_OF_CLASS.get(message.klass or ""),
            "noticeBarType": options.get("notice_bar_type"),
            "title": message.title,
            "content": message.body,
        },
        "noticeExpandInfo": _expansion(message, options),
        "clickTypeInfo": {
            **(click_type(message.click, app) if message.click is not None else {}),
            "parameters": dict(message.data) if message.data else None,
        },
        "pushTimeInfo": _time(message.ttl),
        "advanceInfo": _advance(message, options),
        "vipInfo": {"subtitle": message.subtitle},
        "extra": {
            "callback": options.get("callback"),
            "callback.param": options.get("callback_param"),
            "callback.type": options.get("callback_type"),
        },
    }
    return {name: group for name, fields in groups.items() if (group := filled(fields))}


def _expansion(message: Message, options: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown when the notification is pulled open: a picture (VIP apps) before a text."""
    text = options.get("expand_text")
    if message.image is not None:
        return {"noticeExpandType": 2, "noticeExpandContent": text, "noticeExpandImgUrl": message.image}
    return {} if text is None else {"noticeExpandType": 1, "noticeExpandContent": text}


def _time(ttl: int | None) -> dict[str, Any]:
    """Meizu counts in hours: a begun one is a whole one. 0 means that nothing is kept for a phone that is offline."""
    if ttl is None:
        return {}
    return {"offLine": 1, "validTime": -(-ttl // HOUR_S)} if ttl > 0 else {"offLine": 0}


def _advance(message: Message, options: Mapping[str, Any]) -> dict[str, Any]:
    sound = _switch(options, "sound")
    if sound is None and message.sound is not None:
        sound = SOUNDS.get(message.sound)
    notifier = filled({"vibrate": _switch(options, "vibrate"), "lights": _switch(options, "lights"), "sound": sound})
    window = filled(
        {"fixStartDisplayTime": options.get("display_from"), "fixEndDisplayTime": options.get("display_until")}
    )
    return {
        "suspend": _switch(options, "suspend"),
        "clearNoticeBar": _switch(options, "clear_notice_bar"),
        **({"fixDisplay": 1} if window else {}),
        **{name: str(value) for name, value in window.items()},
        "notificationType": notifier or None,
        "notifyKey": message.collapse,
    }


def _switch(options: Mapping[str, Any], name: str) -> int | None:
    """An option that is true or false, as 1 or 0, which Meizu's page has; its SDK writes true and false."""
    value = options.get(name)
    if value is None:
        return None
    if not isinstance(value, bool | int) or value not in (0, 1):
        raise _bad(name, value, "true or false")
    return int(value)


def _bad(name: str, value: object, wanted: str) -> UsageError:
    return UsageError(f"[meizu] {name} is {value!r}.", f"Write {wanted}.", rule="bad-option", where=f"meizu.{name}")
