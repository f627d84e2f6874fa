"""Checks of the body's form: JSON, size, and the type, values and spelling of every field that Huawei knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, form, meant, objects, of_field, table
from pushctl.core.wire import encode_json
from pushctl.vendors.hms.judge import RULES
from pushctl.vendors.hms.lint_subject import FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_MOST = 4096
_TOP = {path: field for path, field in FIELDS.items() if field.place == "body" and "." not in path}
# Whose values and types have rules with words of their own.
_OWN_VALUES = frozenset({"message.android.category", "message.webpush.headers.urgency"})
_OWN_TYPES = frozenset({"message.data", "message.android.data", "message.android.ttl"})
# An object whose keys are the sender's own.
_FREE = frozenset({"message.apns.payload", "message.android.notification.multi_lang_key", "review.result"})


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all, with a message in it, and does it fit?"""
    yield from form(pushed.body, RULES)
    if isinstance(pushed.document, dict):
        yield from _size(pushed)
        if "message" not in pushed.document:
            close = close_name("message", tuple(pushed.document))
            yield RULES["message-missing"].finding("message", close=f", but {close}" if close else "")


def _size(pushed: Subject) -> Iterator[Finding]:
    """The compact JSON of the whole body without the token array."""
    inner = {key: value for key, value in pushed.inner.items() if key != "token"}
    body = {**pushed.document, **({"message": inner} if pushed.inner else {})}
    size = len(encode_json(body))
    if size > _MOST:
        yield RULES["payload-too-large"].finding("message", size=size, limit=_MOST, over=size - _MOST)


def _types(pushed: Subject) -> Iterator[Finding]:
    """Every field at every depth."""
    if isinstance(pushed.document, dict):
        yield from _keys("", pushed.document, _TOP)


def _keys(parent: str, found: Mapping[str, Any], known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    for key, value in found.items():
        path = f"{parent}.{key}" if parent else key
        if key not in known:
            fix = meant(key, known, FIELDS) or "Leave it out; custom values go into data."
            yield RULES["unknown-key"].finding(path, path=path, fix=fix)
            continue
        yield from of_field(path, value, known[key], RULES, own_types=_OWN_TYPES, own_values=_OWN_VALUES)
        if path in _FREE:
            continue
        below = FIELDS.below(known[key].path)
        if isinstance(value, dict) and "object" in known[key].type:
            yield from _keys(path, value, below)
        elif "objects" in known[key].type:
            for _, item in objects(found, key):
                yield from _keys(path, item, below)


def _retired_values(pushed: Subject) -> Iterator[Finding]:
    """Values that only Huawei's SDKs still take."""
    for path, value, found, what, fix in (
        ("style", 2, pushed.shown.get("style"), "a big picture, which is not offered any more", "Use image."),
        (
            "click_action.type",
            4,
            table(pushed.shown, "click_action").get("type"),
            "rich media, which is no longer on Huawei's page",
            "Use 1, 2 or 3.",
        ),
        (
            "importance",
            "HIGH",
            pushed.shown.get("importance"),
            "known to SDKs only; Huawei's page has LOW and NORMAL",
            "Leave it out; category decides.",
        ),
    ):
        if found == value and type(found) is type(value):
            whole = f"message.android.notification.{path}"
            yield RULES["retired-value"].finding(whole, path=path, value=value, what=what, fix=fix)


CHECKS = (_form, _types, _retired_values)
