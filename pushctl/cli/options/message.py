"""What is pushed: flags, a message file, a profile's defaults, or the vendor's own body."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

from pushctl.cli.base import Cli, option
from pushctl.cli.options.values import assignment, not_empty, parse_json, parse_toml, ttl, utf8
from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message
from pushctl.vendors.registry import VENDORS

if TYPE_CHECKING:
    from pushctl.core.vendor import Card

PANEL = "Message"


@dataclass(frozen=True, slots=True)
class MessageOptions:
    """The message flags; ``[defaults]`` of a profile and a message file take the same names."""

    title: Annotated[str | None, option("--title", metavar="TEXT", panel=PANEL, help="The first line.")] = None
    subtitle: Annotated[str | None, option("--subtitle", metavar="TEXT", panel=PANEL, help="The second line.")] = None
    body: Annotated[str | None, option("--body", metavar="TEXT", panel=PANEL, help="The text.")] = None
    image: Annotated[str | None, option("--image", metavar="URL", panel=PANEL, help="A picture.")] = None
    badge: Annotated[
        int | None, option("--badge", metavar="N", panel=PANEL, help="The app icon's number; 0 clears.")
    ] = None
    sound: Annotated[str | None, option("--sound", metavar="NAME", panel=PANEL, help="'default', or a file.")] = None
    data: Annotated[
        list[str] | None,
        option("--data", metavar="K=V", panel=PANEL, help="Custom data; K:=JSON for other than text. Repeatable."),
    ] = None
    silent: Annotated[
        bool, option("--silent", panel=PANEL, help="Wake the app, show nothing (background, data-only).")
    ] = False
    ttl: Annotated[
        str | None,
        option("--ttl", metavar="TIME", panel=PANEL, help="How long to keep it: 30s, 1h, 2d; 0: one attempt."),
    ] = None
    priority: Annotated[
        str | None, option("--priority", metavar="normal|high", panel=PANEL, help="How urgently it is delivered.")
    ] = None
    collapse: Annotated[
        str | None, option("--collapse", metavar="ID", panel=PANEL, help="Replace the earlier one of this id.")
    ] = None
    channel: Annotated[
        str | None, option("--channel", metavar="ID", panel=PANEL, help="Android notification channel.")
    ] = None
    klass: Annotated[
        str | None,
        option("--class", metavar="im|service|marketing", panel=PANEL, help="Message class (Chinese vendors)."),
    ] = None
    category: Annotated[
        str | None, option("--category", metavar="NAME", panel=PANEL, help="APNs action category; a vendor's class.")
    ] = None
    click: Annotated[
        str | None,
        option("--click", metavar="ACTION", panel=PANEL, help="app, url:URL, activity:NAME or intent:URI (Android)."),
    ] = None
    push_type: Annotated[
        str | None,
        option("--push-type", metavar="TYPE", panel=PANEL, help="APNs: alert, voip …; HarmonyOS: 0, 1, 2, 6, 7, 10."),
    ] = None
    assignments: Annotated[
        list[str] | None,
        option(
            "--set", metavar="PATH=V", panel=PANEL, help="Any field of the vendor's body (aps.thread-id=x); PATH:=JSON."
        ),
    ] = None
    headers: Annotated[
        list[str] | None,
        option("--header", metavar="K=V", panel=PANEL, help="Any header of the vendor: apns-priority=5."),
    ] = None
    message: Annotated[
        str | None,
        option(
            "--message", metavar="FILE", panel=PANEL, help="A message file (TOML or JSON, names as above); - is stdin."
        ),
    ] = None
    payload: Annotated[
        str | None,
        option("--payload", metavar="FILE", panel=PANEL, help="The vendor's own body, sent as is; - is stdin."),
    ] = None


# Flag names as people know them, where the field is called otherwise.
_SPELLING = {"klass": "class", "assignments": "set", "headers": "header", "push_type": "push_type"}
_TEXTS = ("title", "subtitle", "body", "image", "sound", "collapse", "channel", "category", "click")
MESSAGE_KEYS = frozenset(_SPELLING.get(f.name, f.name) for f in fields(MessageOptions)) - {"message", "payload"}
_CHOICES = {"priority": ("normal", "high"), "class": ("im", "service", "marketing")}


def build_message(cli: Cli, given: MessageOptions, card: Card, defaults: Mapping[str, Any]) -> Message:
    """One message out of flags, message file and the profile's defaults, in this order of precedence.

    Raises ``UsageError`` for a value that is none, a file that cannot be read, and flags that contradict each other.
    """
    flags = _from_flags(given)
    file = _from_file(cli, given.message) if given.message is not None else {}
    if given.payload is not None:
        _refuse_beside_payload(flags | file)
    table = {**_checked(dict(defaults), "[defaults]"), **file, **flags}
    for merged in ("data", "set", "header"):
        table[merged] = {**defaults.get(merged, {}), **file.get(merged, {}), **flags.get(merged, {})}
    if table.get("silent"):
        _refuse_silent_where_there_is_none(card, "--silent" if "silent" in flags else "silent")
        _refuse_beside_silent(file | flags)
        table = {key: value for key, value in table.items() if key not in _VISIBLE}  # a default title is no intent
    options = _own_options(card, defaults, file)

    def place(name: str) -> str:
        if name in flags:
            return f"--{name.replace('_', '-')}"
        return f"{given.message}: {name}" if name in file else f"[defaults]: {name}"

    if table.get("push_type") is not None:
        not_empty(table["push_type"], place("push_type"))
        if "push_type" not in card.options:
            raise UsageError(
                f"{place('push_type')} is given, and {card.name} has no push types.",
                "Leave it out; in a message file for several vendors it belongs into the table of the one that has "
                "them.",
                rule="no-push-type",
                where=place("push_type"),
            )
        options.setdefault(card.id, {})["push_type"] = str(table["push_type"])
    return Message(
        **{name: table.get(name) for name in _TEXTS},  # type: ignore[arg-type]
        badge=table.get("badge"),
        data=table["data"],
        silent=bool(table.get("silent")),
        ttl=ttl(str(table["ttl"]), place("ttl").removeprefix("--")) if table.get("ttl") is not None else None,
        priority=table.get("priority"),
        klass=table.get("class"),
        options=options,
        assignments=tuple(Assignment(path, value) for path, value in table["set"].items()),
        headers=tuple((name, _header(name, value)) for name, value in table["header"].items()),
        raw=read_payload(cli, given.payload, card) if given.payload is not None else None,
    )


def _own_options(card: Card, defaults: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The vendor's own table: that of the message file, over that of the profile's defaults."""
    merged = {**defaults.get(card.id, {}), **file.get(card.id, {})}
    return {card.id: merged} if merged else {}


def _from_flags(given: MessageOptions) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for item in fields(given):
        value = getattr(given, item.name)
        if value is None or value is False or item.name in ("message", "payload"):
            continue
        name = _SPELLING.get(item.name, item.name)
        if item.name in ("data", "assignments", "headers"):
            flag = {"data": "--data", "assignments": "--set", "headers": "--header"}[item.name]
            value = dict(assignment(text, flag) for text in value)
        table[name] = _choice(name, value, f"--{name}")
    return {name: value for name, value in table.items() if value != {}}


def _choice(name: str, value: Any, where: str) -> Any:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise UsageError(
            f"{where} cannot be {value!r}.", f"Use one of: {', '.join(_CHOICES[name])}.", rule="bad-choice", where=where
        )
    return value


def _header(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UsageError(
            f"The header {name} cannot be {_told(value)}.", "Give a text.", rule="bad-field", where=f"--header {name}"
        )
    return str(value)


def _from_file(cli: Cli, name: str) -> dict[str, Any]:
    label = "standard input" if name == "-" else name
    text = utf8(cli.process.read_file(name.removeprefix("@"), "--message").removeprefix(b"\xef\xbb\xbf"), label)
    if name.endswith(".toml") or (name == "-" and not text.lstrip().startswith("{")):
        table: Any = parse_toml(text, label)
    else:
        table = parse_json(text, label)
    if not isinstance(table, dict):
        raise UsageError(f"{label} is not a table of message fields.", 'Start with title = "…".', where=label)
    return _checked(table, label)


def _checked(table: dict[str, Any], where: str) -> dict[str, Any]:
    """The table with every key known and of its type."""
    for key, value in table.items():
        if key not in MESSAGE_KEYS and key not in VENDORS:  # one file serves several vendors, each with its table
            import difflib

            close = difflib.get_close_matches(key, MESSAGE_KEYS, n=1)
            raise UsageError(
                f"{where}: there is no message field {key!r}.",
                f"Did you mean {close[0]}?" if close else f"Known: {', '.join(sorted(MESSAGE_KEYS))}.",
                rule="unknown-field",
                where=where,
            )
        wanted, named = _wanted(key)
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise UsageError(
                f"{where}: {key} cannot be {_told(value)}.", f"Give {named}.", rule="bad-field", where=where
            )
        _choice(key, value, f"{where}: {key}")
    return {key: str(value) if key in _TEXTS else value for key, value in table.items()}


def _told(value: Any) -> str:
    """A value of a message file in a sentence."""
    import json

    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _wanted(key: str) -> tuple[tuple[type, ...], str]:
    if key in ("data", "set", "header", *VENDORS):
        return (dict,), "a table"
    if key == "badge":
        return (int,), "a whole number"
    if key == "silent":
        return (bool,), "true or false"
    return (str, int), "a text"


_VISIBLE = ("title", "subtitle", "body", "image", "badge", "sound")


def _refuse_silent_where_there_is_none(card: Card, where: str) -> None:
    if card.no_silent:
        raise UsageError(card.no_silent, card.instead_of_silent, rule="no-silent", where=where)


def _refuse_beside_silent(table: Mapping[str, Any]) -> None:
    visible = [name for name in _VISIBLE if table.get(name) is not None]
    if visible:
        named = ", ".join("--" + name for name in visible)
        raise UsageError(
            f"--silent shows nothing, so {named} cannot go with it.",
            "Leave it out, or leave out --silent; custom values go with --data.",
            rule=f"silent-with-{visible[0] if visible[0] in ('badge', 'sound') else 'alert'}",
            where=f"--{visible[0]}",
        )


def _refuse_beside_payload(table: Mapping[str, Any]) -> None:
    """With ``--payload`` only what becomes a header can still be said."""
    built = [name for name in table if name not in ("header", "ttl", "priority", "collapse", "push_type", "class")]
    if built:
        named = ", ".join("--" + name for name in built)
        raise UsageError(
            f"--payload is sent as is, so {named} cannot be built into it.",
            "Put it into the payload, or build the whole message with flags.",
            rule="payload-and-flags",
            where="--payload",
        )


_FIELD = re.compile(r"[A-Za-z_.]+=")  # how a form begins
_QUOTE = '"'


def read_payload(cli: Cli, name: str, card: Card) -> bytes:
    """The vendor's body from a file, from stdin (``-``) or, when it begins as one does, from the command line.

    Raises ``UsageError`` for what cannot be read, a byte order mark, and what is not a JSON object.
    """
    inline = name.lstrip().startswith(("{", "[")) or (card.payload == "form" and bool(_FIELD.match(name)))
    label = "standard input" if name == "-" else "--payload" if inline else name
    raw = os.fsencode(name) if inline else cli.process.read_file(name.removeprefix("@"), "--payload")
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(
            f"{label} starts with a byte order mark, which the vendor would refuse.",
            "Save it as UTF-8 without BOM.",
            rule="payload-bom",
            where=label,
        )
    text = utf8(raw, label)
    if not text.strip():
        raise UsageError(
            f"{label} is empty.",
            f"A payload is {'a form' if card.payload == 'form' else 'a JSON object'} such as {card.sample}.",
            rule="payload-empty",
            where=label,
        )
    if card.payload == "form" and not text.lstrip().startswith(("{", "[", '"')):
        _refuse_no_form(text, label, card)
        return raw.strip()
    value = parse_json(text, label)
    if not isinstance(value, dict):
        kind = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}.get(type(value), "a number")
        form = card.payload == "form"
        raise UsageError(
            f"{label} holds {kind}, and a payload is {'a form, or ' if form else ''}a JSON object.",
            f"Write {card.sample}." if form else f'Write {{"{card.sample.split(_QUOTE)[1]}": …}}.',
            rule="payload-not-object",
            where=label,
        )
    return raw


def _refuse_no_form(text: str, label: str, card: Card) -> None:
    """Raise ``UsageError`` for a payload that is neither a form's text nor JSON."""
    from urllib.parse import parse_qsl

    try:
        fields = parse_qsl(text.strip(), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        fields = []
    if not fields or "\n" in text.strip():
        raise UsageError(
            f"{label} holds neither a form nor a JSON object.",
            f"{card.name} takes a form such as {card.sample}, percent-encoded, or its fields as a JSON object.",
            rule="payload-not-form",
            where=label,
        )
