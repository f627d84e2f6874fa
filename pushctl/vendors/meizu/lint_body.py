"""Checks of the form of ``messageJson``: JSON, a notification's groups, and the type, values and spelling of every
field that is known of Meizu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, form, meant, of_field
from pushctl.vendors.meizu.judge import RULES
from pushctl.vendors.meizu.lint_subject import FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_TOP = {path: field for path, field in FIELDS.items() if field.place == "body" and "." not in path}
_FORM = frozenset({"appId", "pushIds", "alias", "messageJson", "sign", "pushType", "taskId"})
# Whose types or values have rules with words of their own.
_OWN_TYPES = frozenset({"pushTimeInfo.validTime"})
_OWN_VALUES = frozenset({"clickTypeInfo.clickType"})


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all, and is it the message rather than the whole form or a pass-through message?"""
    if pushed.body.lstrip()[:1] != b"{" and b"messageJson=" in pushed.body:
        yield RULES["payload-whole-form"].finding("payload")
        return
    yield from form(pushed.body, RULES)
    document = pushed.document or {}
    if "messageJson" in document:
        yield RULES["payload-whole-form"].finding("messageJson")
    elif pushed.is_flat:
        yield RULES["unvarnished-payload"].finding("payload")


def _types(pushed: Subject) -> Iterator[Finding]:
    """Every field at every depth. Of a body that is something else nothing more is said."""
    document = pushed.document
    if document is not None and "messageJson" not in document and not pushed.is_flat:
        yield from _keys("", document, _TOP)


def _keys(parent: str, found: Mapping[str, Any], known: Mapping[str, PayloadField]) -> Iterator[Finding]:
    for key, value in found.items():
        path = f"{parent}.{key}" if parent else key
        if key not in known:
            yield RULES["unknown-key"].finding(path, path=path, fix=_remedy(key, known))
            continue
        field = known[key]
        yield from of_field(path, value, field, RULES, own_types=_OWN_TYPES, own_values=_OWN_VALUES)
        if isinstance(value, dict) and (below := _below(field.path)):
            yield from _keys(path, value, below)


def _remedy(key: str, known: Mapping[str, PayloadField]) -> str:
    if key in _FORM:
        return "It is a field of the form beside messageJson, which pushctl fills in."
    if key.strip() in known:
        return f"Write {key.strip()} without the blank, which Meizu's page has by mistake."
    if not close_name(key, tuple(known)) and key in ("parameters", "data", "payload"):
        return "Values of your own go into clickTypeInfo.parameters (--data)."
    return meant(key, known, FIELDS) or "Leave it out; values of your own go into clickTypeInfo.parameters."


def _below(parent: str) -> dict[str, PayloadField]:
    """The fields below ``parent`` by their key, of which those of ``extra`` have dots in them."""
    if parent != "extra":
        return FIELDS.below(parent)
    return {path[6:]: field for path, field in FIELDS.items() if path.startswith("extra.")}


def _booleans(pushed: Subject) -> Iterator[Finding]:
    """The switches: Meizu's page has 0 and 1, its SDK writes false and true. Said once."""
    groups = ("pushTimeInfo", "advanceInfo", "vipInfo")
    places = [(name, pushed.group(name)) for name in groups]
    inner = pushed.group("advanceInfo").get("notificationType")
    places += [("advanceInfo.notificationType", inner)] if isinstance(inner, dict) else []
    found = [f"{name}.{key}" for name, group in places for key, value in group.items() if isinstance(value, bool)]
    if found:
        yield RULES["switch-as-boolean"].finding(found[0], path=found[0], count=len(found))


CHECKS = (_form, _types, _booleans)
