"""Checks of the message's form: JSON, what stands around the notification, the type, values and spelling of every
field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, form, is_integer, meant, of_field
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import AT, FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_TOP = {path: field for path, field in FIELDS.items() if field.place == "body" and "." not in path}
_FORM = re.compile(rb"\s*(?:auth_token|messages?)=")
_OF_FORM = ("message", "messages")
# Whose values have a rule with words of its own.
_OWN_VALUES = frozenset({f"{AT}.category"})


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all, and one message rather than the form around it?"""
    if _FORM.match(pushed.body):
        yield RULES["payload-is-form"].finding("payload")
        return
    yield from form(pushed.body, RULES)
    for key in _OF_FORM:
        if key in pushed.document:
            yield RULES["message-wrapper"].finding(key, key=key)


def _notification(pushed: Subject) -> Iterator[Finding]:
    """A message is its notification; one that was given without its wrapping is told so."""
    document = pushed.document
    if not document or AT in document or any(key in document for key in _OF_FORM):
        return
    bare = any(key in document for key in ("title", "content"))
    fix = "Wrap it: {notification: {…}}." if bare else "Add notification with a title and a content."
    yield RULES["notification-missing"].finding("payload", fix=fix)


def _target(pushed: Subject) -> Iterator[Finding]:
    """The target that a raw message names itself: type and value together, and one alone."""
    document = pushed.document
    kind, value = "target_type" in document, "target_value" in document
    if kind != value and (value or pushed.target is None):
        what, needs = ("target_type", "target_value") if kind else ("target_value", "target_type")
        yield RULES["target-needs"].finding(what, what=what, needs=needs)
    named = document.get("target_value")
    if isinstance(named, str) and re.search(r"[;,]", named):
        yield RULES["target-several"].finding("target_value")


def _types(pushed: Subject) -> Iterator[Finding]:
    """Every field at both depths. Of a message in its form field nothing more is said, and of a notification without
    its wrapping only what is wrong besides."""
    document = pushed.document
    if not any(key in document for key in _OF_FORM):
        bare = AT not in document
        top = {key: value for key, value in document.items() if not (bare and f"{AT}.{key}" in FIELDS)}
        yield from _keys("", top, _TOP)
        yield from _keys(AT, pushed.shown, FIELDS.below(AT))


def _keys(parent: str, found: Mapping[str, Any], known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    for key, value in found.items():
        path = f"{parent}.{key}" if parent else key
        if key not in known:
            yield from _unknown(path, key, known)
        else:
            yield from of_field(path, value, known[key], RULES, own_values=_OWN_VALUES)


def _unknown(path: str, key: str, known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    close = close_name(key, known)
    if close and close.replace("_", "") == key.casefold():
        yield RULES["camel-case"].finding(path, path=path, close=close)
    else:
        fix = meant(key, known, FIELDS) or "Leave it out; values of your own go into action_parameters (--data)."
        yield RULES["unknown-key"].finding(path, path=path, fix=fix)


_LIMITS = (
    ("click_action_activity", 500),
    ("click_action_url", 2000),
    ("action_parameters", 4000),
    ("call_back_url", 200),
    ("call_back_parameter", 100),
    ("small_picture_url", 300),
    ("medium_picture_url", 300),
    ("big_picture_url", 300),
)


def _lengths(pushed: Subject) -> Iterator[Finding]:
    for key, limit in _LIMITS:
        value = pushed.shown.get(key)
        if isinstance(value, str) and len(value) > limit:
            path, over = f"{AT}.{key}", len(value) - limit
            yield RULES["field-too-long"].finding(path, path=path, size=len(value), over=over, limit=limit)


def _numbers(pushed: Subject) -> Iterator[Finding]:
    number, badge = pushed.shown.get("notify_id"), pushed.shown.get("badge_message_count")
    if is_integer(number) and not 0 < number < 2**31:
        yield RULES["notify-id-range"].finding(f"{AT}.notify_id", value=number)
    if is_integer(badge) and not 0 <= badge <= 99:
        yield RULES["badge-range"].finding(f"{AT}.badge_message_count", value=badge)


CHECKS = (_form, _notification, _target, _types, _lengths, _numbers)
