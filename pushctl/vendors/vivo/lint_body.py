"""Checks of the body's form: JSON, and the type, values and spelling of every field that is known of vivo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, form, meant, objects, of_field, short
from pushctl.vendors.vivo.judge import RULES
from pushctl.vendors.vivo.lint_subject import FIELDS, Subject, number

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_TOP = {path: field for path, field in FIELDS.items() if field.place == "body" and "." not in path}
# Objects whose keys are their own business, or have a rule of their own.
_OPEN = frozenset({"clientCustomMap", "extra", "marketing.styleCustomMap"})
_OWN_VALUES = frozenset({"category"})
_OWN_TYPES = frozenset({"clientCustomMap", "classification"})
# What other services have, and what does its work at vivo's.
_NOT_OFFERED: Mapping[str, str] = {
    "payload": "Data for the app go into clientCustomMap, all of them text.",
    "data": "Data for the app go into clientCustomMap, all of them text.",
    "body": "The text is content.",
    "message": "vivo's body has its fields at the top, without a wrapper.",
    "notification": "vivo's body has its fields at the top: title and content.",
    "ttl": "The time to live is timeToLive, in seconds.",
    "channelId": "vivo has no notification channels of an app's own; the category decides.",
    "notificationChannel": "vivo has no notification channels of an app's own; the category decides.",
    "importance": "The class stands in classification and category.",
    "passThrough": "vivo delivers notifications only.",
    "validate_only": "A test is pushMode 1.",
}


def _form(pushed: Subject) -> Iterator[Finding]:
    yield from form(pushed.body, RULES)


def _types(pushed: Subject) -> Iterator[Finding]:
    yield from _keys("", pushed.document, _TOP)


def _keys(parent: str, found: Mapping[str, Any], known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    for key, value in found.items():
        path = f"{parent}.{key}" if parent else key
        if key not in known:
            yield from _unknown(path, key, known)
            continue
        field = known[key]
        if "integer" in field.type and isinstance(value, str) and number(value) is not None:
            yield RULES["number-as-text"].finding(path, path=path, value=short(value))
            value = number(value)  # noqa: PLW2901 - its value counts all the same
        yield from of_field(path, value, field, RULES, own_types=_OWN_TYPES, own_values=_OWN_VALUES)
        if path not in _OPEN:
            yield from _below(path, key, value, found, field)


def _below(path: str, key: str, value: object, found: Mapping[str, Any], field: PayloadField) -> Iterator[Finding]:
    if isinstance(value, dict) and "object" in field.type:
        yield from _keys(path, value, FIELDS.below(field.path))
    elif "objects" in field.type:
        for place, item in objects(found, key):
            yield from _keys(f"{path}[{place}]", item, FIELDS.below(field.path))


def _unknown(path: str, key: str, known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    """A key that vivo is not known to have: one of another service, or a slip."""
    if key in _NOT_OFFERED and path == key:
        yield RULES["not-offered"].finding(path, path=path, instead=_NOT_OFFERED[key])
        return
    fix = meant(key, known, FIELDS) or "Leave it out; data for the app go into clientCustomMap (--data)."
    if close := close_name(key, tuple(known)):
        fix = f"Did you mean {close}?"
    yield RULES["unknown-key"].finding(path, path=path, fix=fix)


CHECKS = (_form, _types)
