"""Checks of the form itself: can it be read, and the type, values and spelling of every field that is known."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import close_name, form, short
from pushctl.vendors.mi.form import TARGET_FIELDS, is_json
from pushctl.vendors.mi.judge import RULES
from pushctl.vendors.mi.lint_subject import EXTRA, FIELDS, Subject
from pushctl.vendors.mi.request import MOST_TARGETS, named

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_MOST_EXTRAS, _LONGEST_EXTRAS = 10, 1024
_INTEGER = re.compile(r"(-?)\d{1,18}", re.ASCII)
_SIGNED = frozenset({"notify_type", "notify_id"})
_BODY = {path: field for path, field in FIELDS.items() if field.place == "body"}
_MAY_REPEAT = frozenset({"registration_id", "alias", "user_account"})
# Whose types or values have rules with words of their own.
_OWN_RULES = frozenset({"pass_through", "extra.template_param", "extra.flow_control", "extra.callback.type"})


def readable(pushed: Subject) -> Iterator[Finding]:
    """Is a raw payload a form at all, or JSON that can stand for one?"""
    raw = pushed.raw
    if raw is None:
        return
    if is_json(raw) or not raw.strip() or raw.startswith(b"\xef\xbb\xbf"):
        found = list(form(raw, RULES))
        yield from found or [RULES["payload-empty"].finding("payload")] * (pushed.pairs == ())
    elif not pushed.pairs:
        yield RULES["payload-not-form"].finding("payload", why=_why(raw))
    elif any(b"=" not in part for part in raw.split(b"&") if part):
        yield RULES["payload-not-form"].finding("payload", why="a part of it has no equals sign")


def _why(raw: bytes) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} is not UTF-8"
    return "what is percent-encoded in it is not UTF-8" if b"%" in raw else "there is no NAME=VALUE in it"


def _fields(pushed: Subject) -> Iterator[Finding]:
    """Every field: known, of its type and value, there once."""
    for path, count in Counter(name for name, _ in pushed.pairs or ()).items():
        if count > 1 and path not in _MAY_REPEAT:
            yield RULES["field-twice"].finding(path, path=path, count=count)
    for path, value in pushed.fields.items():
        if path in _BODY:
            yield from _of_field(path, value, _BODY[path])
        elif not path.startswith(EXTRA):
            yield from _unknown(path)


def _of_field(path: str, value: str, field: PayloadField) -> Iterator[Finding]:
    if field.retired:
        yield RULES["retired-key"].finding(path, path=path, why=field.retired)
    if not value or path in _OWN_RULES:
        return
    number = _INTEGER.fullmatch(value.strip())
    if "integer" in field.type and (number is None or (number[1] and path not in _SIGNED)):
        yield RULES["wrong-type"].finding(path, path=path, found=short(value), wanted="a whole number in digits")
    elif field.values and value not in field.values:
        known = ", ".join(json.dumps(one) for one in field.values)
        yield RULES["wrong-value"].finding(path, path=path, value=short(value), known=known)


def _unknown(path: str) -> Iterator[Finding]:
    """A field that Mi Push has not: an extra without its prefix, a slip, or another service's."""
    if EXTRA + path in _BODY:
        yield RULES["extra-prefix"].finding(path, path=path)
        return
    close = close_name(path, tuple(name for name in _BODY if not name.startswith(EXTRA)))
    fix = f"Did you mean {close}?" if close else "Leave it out; values of your own go into the payload (--data)."
    yield RULES["unknown-key"].finding(path, path=path, fix=fix)


def _extras(pushed: Subject) -> Iterator[Finding]:
    """The app's own extras: misspelt ones of Mi Push's, how many, how long."""
    spelt = {_bare(name.removeprefix(EXTRA)): name.removeprefix(EXTRA) for name in _BODY if name.startswith(EXTRA)}
    for key in pushed.own_extras:
        if close := spelt.get(_bare(key)):
            yield RULES["extra-spelling"].finding(EXTRA + key, key=key, close=close)
    count, size = len(pushed.own_extras), sum(map(len, (*pushed.own_extras, *pushed.own_extras.values())))
    if count > _MOST_EXTRAS:
        yield RULES["extras-count"].finding("extra", count=count, most=_MOST_EXTRAS)
    if size > _LONGEST_EXTRAS:
        yield RULES["extras-length"].finding("extra", size=size, over=size - _LONGEST_EXTRAS, most=_LONGEST_EXTRAS)


def _bare(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.casefold())


def _packages(pushed: Subject) -> Iterator[Finding]:
    packages = [one for one in pushed.fields.get("restricted_package_name", "").split(",") if one.strip()]
    if not packages and (pushed.raw is not None or pushed.app):
        yield RULES["package-absent"].finding("restricted_package_name")
    known = pushed.app.get("package_name", "")
    if known and (other := next((name for name in packages if name not in known.split(",")), "")):
        yield RULES["package-other"].finding("restricted_package_name", name=short(other), known=known)
    if len(packages) > 1 and pushed.kind == "user":
        yield RULES["several-packages"].finding("restricted_package_name", count=len(packages))


def _targets(pushed: Subject) -> Iterator[Finding]:
    """The targets that a raw body names itself. Those of the command line are checked by ``lint_target``."""
    fields = [field for field in TARGET_FIELDS.values() if pushed.raw is not None and pushed.fields.get(field)]
    if len(fields) > 1:
        yield RULES["target-several"].finding(fields[0], names=" and ".join(fields), kind=fields[0])
    if (count := len(named(pushed.message))) > MOST_TARGETS:
        yield RULES["target-count"].finding(fields[0], count=count, most=MOST_TARGETS)


CHECKS = (readable, _fields, _extras, _packages, _targets)
