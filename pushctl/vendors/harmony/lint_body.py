"""Checks of the body's form: JSON, size, and the type, values and spelling of every field that Huawei knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, described, form, meant, objects, of_field, table
from pushctl.core.wire import encode_json
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.lint_push_type import is_of_another_type
from pushctl.vendors.harmony.lint_subject import FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_MOST = 4096
_TOP = {path: field for path, field in FIELDS.items() if field.place == "body" and "." not in path}
# Whose values and types have rules with words of their own.
_OWN_VALUES = frozenset({"payload.notification.category", "payload.notification.clickAction.actionType"})
_OWN_TYPES = frozenset({"payload.extraData"})
# An object whose keys are the sender's own, or that is too large to be listed here.
_FREE = frozenset({"payload.notification.clickAction.data", "payload.formData", "payload.activityData"})
_OWN_KEYS = "Leave it out; your own values go into extraData or clickAction.data (--data)."


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all, with a payload in it, and does it fit?"""
    yield from form(pushed.body, RULES)
    if not isinstance(pushed.document, dict):
        return
    bare = {key: value for key, value in table(pushed.document, "target").items() if key != "token"}
    size = len(encode_json({**pushed.document, "target": bare}))
    if size > _MOST:
        yield RULES["payload-too-large"].finding("payload", size=size, limit=_MOST, over=size - _MOST)
    if "payload" not in pushed.document:
        yield RULES["payload-missing"].finding("payload", fix=_where_payload_went(pushed.document))


def _where_payload_went(document: Mapping[str, Any]) -> str:
    if "message" in document:
        return "This is a body of v1 or v2 (vendor hms); v3 has payload, target and pushOptions."
    if not document.keys().isdisjoint(FIELDS.below("payload")):
        return 'Put it into payload: {"payload": {…}}.'
    close = close_name("payload", tuple(document))
    return f"Did you mean payload by {close}?" if close else 'Write {"payload": {…}, "pushOptions": {…}}.'


def _types(pushed: Subject) -> Iterator[Finding]:
    """Every field at every depth, in a body that is one of v3."""
    if isinstance(pushed.document, dict) and "payload" in pushed.document:
        yield from _keys(pushed, "", pushed.document, _TOP)


def _keys(
    pushed: Subject, parent: str, found: Mapping[str, Any], known: Mapping[str, PayloadField]
) -> Iterator[Finding]:
    for key, value in found.items():
        path = f"{parent}.{key}" if parent else key
        if parent == "payload" and pushed.kind is not None and pushed.kind.shape == "free":
            continue
        if key not in known:
            fix = meant(key, known, FIELDS) or _OWN_KEYS
            yield RULES["unknown-key"].finding(path, path=path, fix=fix)
            continue
        yield from _value(path, value, known[key])
        if _is_misplaced(pushed, path, known[key]):
            where = ", ".join(known[key].push_types)
            yield RULES["field-for-push-type"].finding(path, path=path, known=where, push_type=pushed.push_type)
            continue
        if path in _FREE:
            continue
        below = FIELDS.below(path)
        if isinstance(value, dict) and "object" in known[key].type:
            yield from _keys(pushed, path, value, below)
        elif "objects" in known[key].type:
            for _, item in objects(found, key):
                yield from _keys(pushed, path, item, below)


def _is_misplaced(pushed: Subject, path: str, field: PayloadField) -> bool:
    """Whether a field of the payload belongs to other push types. What ``lint_push_type`` says is not said again."""
    if pushed.kind is None or not path.startswith("payload.") or not field.push_types:
        return False
    said = is_of_another_type(pushed) or (pushed.push_type == "6" and path == "payload.notification")
    return pushed.push_type not in field.push_types and not said


def _value(path: str, value: Any, field: PayloadField) -> Iterator[Finding]:
    yield from of_field(path, value, field, RULES, own_types=_OWN_TYPES, own_values=_OWN_VALUES)
    if path in _OWN_TYPES and not isinstance(value, str):
        yield RULES["data-not-string"].finding(path, path=path, found=described(value))


CHECKS = (_form, _types)
