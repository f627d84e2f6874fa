"""The form that a push is: message to fields, always in one order, and raw payloads as they come."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus
from zlib import crc32

from pushctl.core.answers import one_line
from pushctl.core.clicks import click_of, intent_of
from pushctl.core.errors import UsageError
from pushctl.core.payloads import parsed
from pushctl.core.writing import filled, json_text, own_options
from pushctl.vendors.mi.channels import channel_of, template_of
from pushctl.vendors.mi.options import FIELDS_OF, OPTIONS, text_of

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target

Body = tuple[tuple[str, str], ...]
TARGET_FIELDS: Mapping[str, str] = {
    "token": "registration_id",
    "alias": "alias",
    "user": "user_account",
    "topic": "topic",
}
"""The field that names the targets, by their kind."""
DEFAULT_SOUND = "default"
_RESOURCE = "android.resource://"
_LARGEST_ID = 2**31 - 1
_MAIN = ("notify_type", "notify_id", "time_to_send")


def fields_of(message: Message, app: Mapping[str, str]) -> dict[str, str]:
    """Every field but the target's, in order: the message, then its extras, then ``--set``.

    :raises UsageError: for what a form cannot carry, for a click that is none, and for a silent push.
    """
    if message.silent:
        raise UsageError(
            "Mi Push has no silent push: pass-through messages have not been delivered since 2022-09-12.",
            "Send a notification; notify_foreground 0 keeps it from being shown while the app is in front.",
            rule="no-silent",
            where="--silent",
        )
    options = own_options(message, "mi", OPTIONS)
    said = {FIELDS_OF[name]: text_of(FIELDS_OF[name], value, f"mi.{name}") for name, value in options.items()}
    made = _main(message, app, said) | _extras(message, app, said)
    made |= {name: value for name, value in said.items() if name not in made}
    for one in message.assignments:
        made.pop(one.path, None) if one.value is None else made.update(
            {one.path: text_of(one.path, one.value, f"--set {one.path}")}
        )
    return made


def _main(message: Message, app: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    made: dict[str, str | None] = {
        "restricted_package_name": app.get("package_name") or None,
        "pass_through": "0",
        "title": message.title,
        "description": message.body,
        "payload": json_text(message.data) if message.data else None,
        "notify_type": _notify_type(message),
        "notify_id": notify_id(message.collapse),
        "time_to_live": str(message.ttl * 1000) if message.ttl else None,
        "time_to_send": None,
    }
    made.update({name: said[name] for name in _MAIN if name in said})
    return filled(made)


def _extras(message: Message, app: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """``extra.*``. The notify_effect is always there: a message without one is a "custom notification", which Xiaomi
    has switched off."""
    channel = channel_of(message, app)
    template = said.get("extra.template_id") or template_of(message, app, channel)
    made: dict[str, str | None] = {
        **_click(message.click, app, said),
        "extra.channel_id": channel,
        "extra.template_id": template,
        "extra.template_param": said.get("extra.template_param") or ("{}" if template else None),
        "extra.only_send_once": "1" if message.ttl == 0 else None,
        "extra.badge": None if message.badge is None else str(message.badge),
        "extra.sound_uri": _sound(message.sound, app),
        "extra.notification_style_type": "2" if message.image else None,
        "extra.notification_bigPic_uri": message.image,
    }
    made.update({name: said[name] for name in made if name in said})
    return filled(made)


def notify_id(collapse: str | None) -> str | None:
    """``--collapse`` as the number that Mi Push replaces by; a text becomes one of its own, the same one every time."""
    if collapse is None:
        return None
    digits = collapse.strip()
    if (number := number_of(digits)) is not None and number <= _LARGEST_ID:
        return str(number)
    return str(crc32(collapse.encode("utf-8", "surrogatepass")) & _LARGEST_ID)


def number_of(text: str) -> int | None:
    """A whole number of up to 18 digits; None for anything else. A longer one is no time and no id, and Python would
    not read it."""
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None


def _notify_type(message: Message) -> str | None:
    """``--sound default`` asks for the phone's own sound. Otherwise nothing is said: the channel decides."""
    return "1" if message.sound == DEFAULT_SOUND else None


def _sound(sound: str | None, app: Mapping[str, str]) -> str | None:
    """A file of the app by its name, or a URI as it is."""
    if sound is None or sound == DEFAULT_SOUND:
        return None
    if "://" in sound or not app.get("package_name"):
        return sound
    return f"{_RESOURCE}{_package(app)}/raw/{sound.rpartition('/')[2].partition('.')[0]}"


def _package(app: Mapping[str, str]) -> str:
    return app.get("package_name", "").partition(",")[0]


def _click(click: str | None, app: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str | None]:
    """What a tap does: 1 opens the app, 2 an activity by its intent, 3 a web page (dev.mi.com pId=1856).

    :raises UsageError: for a click that is none of these, and for an activity of an unknown package.
    """
    wanted = click_of(click)
    match wanted.kind:
        case "app":
            return {"extra.notify_effect": "2" if said.get("extra.class_name") else "1"}
        case "url":
            return {"extra.notify_effect": "3", "extra.web_uri": wanted.value}
        case "activity":
            return {"extra.notify_effect": "2", "extra.intent_uri": intent_of(wanted.value, app)}
        case "intent":
            return {"extra.notify_effect": "2", "extra.intent_uri": wanted.value}


def refuse_broken(pairs: Body) -> None:
    """Raise ``UsageError`` for half of a surrogate pair, which UTF-8 cannot carry."""
    for name, value in pairs:
        if any("\ud800" <= letter <= "\udfff" for letter in name + value):
            raise UsageError(
                f"{one_line(name)} holds a broken letter (half of a surrogate pair), which UTF-8 cannot carry.",
                "Check the encoding of the text where it comes from.",
                rule="text-not-unicode",
                where=one_line(name),
            )


# --- targets ---------------------------------------------------------------------------------------------------------


def aimed(targets: tuple[Target, ...]) -> Body:
    """The field that names the targets, with commas between them: one of its kind for all (all are of one kind)."""
    if not targets:
        return ()
    return ((TARGET_FIELDS[targets[0].kind], ",".join(target.value for target in targets)),)


# --- raw payloads ----------------------------------------------------------------------------------------------------


def is_json(raw: bytes) -> bool:
    """Whether a raw payload is JSON rather than a form's text."""
    return raw.lstrip()[:1] in (b"{", b"[", b'"')


def raw_pairs(raw: bytes) -> Body | None:
    """The fields of a raw payload, as a server reads them; None for one that cannot be read."""
    if is_json(raw):
        document = parsed(raw)
        return _flat(document) if isinstance(document, dict) else None
    if b"=" not in raw:
        return () if not raw.strip() else None
    try:
        return tuple(parse_qsl(raw.decode().strip(), keep_blank_values=True, errors="strict"))
    except ValueError:
        return None


def _flat(document: Mapping[str, Any]) -> Body:
    """An object of fields. ``extra`` may be an object of its own, as in Xiaomi's multi_messages."""
    pairs: list[tuple[str, str]] = []
    for name, value in document.items():
        if name == "extra" and isinstance(value, dict):
            pairs += [(f"extra.{key}", _plain(f"extra.{key}", item)) for key, item in value.items() if item is not None]
        elif value is not None:
            pairs.append((name, _plain(name, value)))
    return tuple(pairs)


def _plain(name: str, value: Any) -> str:
    try:
        return text_of(name, value, name)
    except UsageError:  # a list of objects: as JSON text, which is what Mi Push takes where it takes more than text
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def raw_body(raw: bytes, aim: Body) -> Body | bytes:
    """A raw payload with the target before it: a form's text stays as it is, byte by byte.

    :raises UsageError: for JSON that is no object.
    """
    if not is_json(raw):
        before = "&".join(f"{name}={quote_plus(value)}" for name, value in aim)
        return b"&".join(filter(None, (before.encode(), raw.strip())))
    pairs = raw_pairs(raw)
    if pairs is None:
        if not aim:
            return raw
        raise UsageError(
            "The payload is no JSON object, so the target cannot be written into it.",
            'Write a form (title=…&description=…) or its fields as an object: {"title": …}.',
            rule="payload-not-object",
            where="--payload",
        )
    return (*aim, *pairs)
