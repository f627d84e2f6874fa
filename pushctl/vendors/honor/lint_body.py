"""Checks of the body's form: JSON, size, and the type, values and spelling of every field that is known of Honor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, form, objects, of_field
from pushctl.core.wire import encode_json
from pushctl.vendors.honor.judge import RULES
from pushctl.vendors.honor.lint_subject import FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_MOST = 4096
_TOP = {path: field for path, field in FIELDS.items() if field.place == "body" and "." not in path}
# Whose types have rules with words of their own.
_OWN_TYPES = frozenset({"data", "android.data", "android.ttl"})
# What Huawei's body has, in which Honor's has its roots, and Honor's has not; and what does its work.
_NOT_OFFERED: Mapping[str, str] = {
    "category": "The class stands in android.notification.importance: NORMAL or LOW.",
    "collapse_key": "android.notification.tag replaces an earlier notification of the same tag.",
    "condition": "Honor has no topics; list the tokens.",
    "default_sound": "The class of the message decides whether it makes a sound.",
    "fast_app_target": "Leave it out.",
    "receipt_id": "Receipts are configured in Honor's developer console.",
    "sound": "The class of the message decides whether it makes a sound.",
    "topic": "Honor has no topics; list the tokens.",
    "urgency": "Honor's message has no priority.",
}


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all, is it Honor's rather than Huawei's, and does it fit?"""
    yield from form(pushed.body, RULES)
    document = pushed.document
    if "message" in document:
        yield RULES["message-wrapper"].finding("message")
    if "validate_only" in document or "validateOnly" in document:
        yield RULES["no-validate-only"].finding("validate_only")
    bare = {key: value for key, value in document.items() if key != "token"}
    size = len(encode_json(bare))
    if size > _MOST:
        yield RULES["payload-too-large"].finding("payload", size=size, limit=_MOST, over=size - _MOST)


def _types(pushed: Subject) -> Iterator[Finding]:
    """Every field at every depth. Of a body in Huawei's wrapper nothing more is said."""
    if "message" not in pushed.document:
        yield from _keys("", pushed.document, _TOP)


def _keys(parent: str, found: Mapping[str, Any], known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    for key, value in found.items():
        path = f"{parent}.{key}" if parent else key
        if key not in known:
            yield from _unknown(path, key, known)
            continue
        field = known[key]
        yield from of_field(path, value, field, RULES, own_types=_OWN_TYPES)
        below = FIELDS.below(field.path)
        if isinstance(value, dict) and "object" in field.type:
            yield from _keys(path, value, below)
        elif "objects" in field.type:
            for place, item in objects(found, key):
                yield from _keys(f"{path}[{place}]", item, below)


def _unknown(path: str, key: str, known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    """A key that Honor is not known to have: Huawei's spelling of one of Honor's, one that only Huawei has, a slip."""
    if key in ("validate_only", "validateOnly") and path == key:
        return  # has a rule of its own
    close = "badgeClass" if key == "class" and "badgeClass" in known else close_name(key, known)
    if key in _NOT_OFFERED and not close:
        yield RULES["not-offered"].finding(path, path=path, instead=_NOT_OFFERED[key])
    elif close and ("_" in key or key == "class"):
        yield RULES["huawei-spelling"].finding(path, path=path, close=close)
    else:
        elsewhere = [one for one in FIELDS if one.rpartition(".")[2] == key and FIELDS[one].place == "body"]
        fix = "Leave it out; values of your own go into data."
        if close:
            fix = f"Did you mean {close}?"
        elif elsewhere:
            fix = f"It belongs to {elsewhere[-1].rpartition('.')[0] or 'the body itself'}."
        yield RULES["unknown-key"].finding(path, path=path, fix=fix)


CHECKS = (_form, _types)
