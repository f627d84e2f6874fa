"""Checks of every field against ``fields.json``: spelling, type, values. FCM refuses a message for a single name that
it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import TYPES, described, form, is_number, is_of, short
from pushctl.core.secret import shown
from pushctl.vendors.fcm.judge import RULES
from pushctl.vendors.fcm.lint_subject import FIELDS, Subject, canonical, is_open, walk

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

_TYPES = {
    **TYPES,
    "string map": "an object with strings for values",
    "duration": "a duration",
    "durations": "an array of durations",
    "timestamp": "a time as a string",
}
_DURATION = re.compile(r"-?\d{1,12}(\.\d{1,9})?s")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_WHOLE = re.compile(r"-?\d{1,10}")  # protobuf takes a whole number as a string, too

# What people write from memory of the old API, or of an SDK, and where it belongs.
_INSTEAD: Mapping[str, str] = {
    "to": "token (or topic, without /topics/)",
    "tokens": "token: one request per token",
    "registration_ids": "token: one request per token",
    "priority": "android.priority, and apns.headers.apns-priority",
    "time_to_live": 'android.ttl ("3600s")',
    "ttl": 'android.ttl ("3600s")',
    "collapse_key": "android.collapse_key",
    "content_available": "apns.payload.aps.content-available",
    "mutable_content": "apns.payload.aps.mutable-content",
    "restricted_package_name": "android.restricted_package_name",
    "dry_run": "validate_only, beside message",
    "validate_only": "validate_only, beside message (--validate-only)",
    "sound": "android.notification.sound, and apns.payload.aps.sound",
    "badge": "apns.payload.aps.badge",
    "click_action": "android.notification.click_action",
    "channel_id": "android.notification.channel_id",
    "android_channel_id": "android.notification.channel_id",
    "icon": "android.notification.icon",
    "color": "android.notification.color",
    "tag": "android.notification.tag",
    "link": "webpush.fcm_options.link",
    "analytics_label": "fcm_options.analytics_label",
    "message": "the message object itself: message stands once",
}


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all?"""
    yield from form(pushed.body, RULES)


def _headers(pushed: Subject) -> Iterator[Finding]:
    names = [name.lower() for name, _ in pushed.headers]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield RULES["duplicate-header"].finding(name, name=name, count=names.count(name))
    for name, value in pushed.headers:
        if name.lower() == "x-goog-api-format-version" and shown(value) != "2":
            yield RULES["wrong-value"].finding(name, path=name, value=short(shown(value)), known="2")


def _beside(pushed: Subject) -> Iterator[Finding]:
    """What stands beside the message object."""
    if not isinstance(pushed.document, dict):
        return
    for key, value in pushed.document.items():
        if key in ("validate_only", "validateOnly"):
            yield from _value("validate_only", value, FIELDS["validate_only"])
        elif key != "message":
            fix = f'Move it into message: {{"message":{{"{key}":…}}}}.' if key in FIELDS else "Remove it."
            yield RULES["unknown-field"].finding(key, path=f"{key} beside message", fix=fix)


def _fields(pushed: Subject) -> Iterator[Finding]:
    """Every key of FCM's own, at every depth: spelling, once, type, value. Values of data are checked elsewhere."""
    seen: dict[str, str] = {}
    for parent, key, value in walk("", pushed.written):
        name = canonical(parent, key)
        where = f"{parent}.{key}" if parent else key
        if parent == "" and name == "validate_only":
            name = None
        if name is None:
            if not is_open(parent):
                yield _unknown(parent, key, where)
            continue
        path = f"{parent}.{name}" if parent else name
        if FIELDS[path].place != "body":
            yield _unknown(parent, key, where)
            continue
        if path in seen:
            yield RULES["field-twice"].finding(where, path=path, first=seen[path], second=where)
        seen[path] = where
        if value is not None:  # null counts as unsaid
            yield from _value(path, value, FIELDS[path])


def _unknown(parent: str, key: str, where: str) -> Finding:
    import difflib  # only a mistake needs it

    instead = _INSTEAD.get(key) if parent in ("", "notification", "android") else None
    if instead and not instead.startswith(where):
        return RULES["unknown-field"].finding(where, path=where, fix=f"Use {instead}.")
    known = FIELDS.below(parent) if parent else [path for path in FIELDS if "." not in path and path in _TOP]
    close = difflib.get_close_matches(key, list(known), n=1, cutoff=0.7)
    elsewhere = [path for path in FIELDS if path.endswith(f".{key}") and not path.startswith("android_v2")]
    if close:
        fix = f"Did you mean {close[0]}?"
    elif elsewhere:
        fix = f"It belongs to {elsewhere[0].rpartition('.')[0]}."
    else:
        fix = "Remove it; your own keys go into data (--data)."
    return RULES["unknown-field"].finding(where, path=where, fix=fix)


_TOP = frozenset(
    {
        "token", "fid", "topic", "condition", "data", "notification", "android", "android_v2", "webpush", "apns",
        "fcm_options",
    }
)  # fmt: skip


def _value(path: str, value: Any, field: PayloadField) -> Iterator[Finding]:
    if field.retired:
        yield RULES["retired-field"].finding(path, path=path, why=field.retired)
    if path == "apns.payload.aps.content-available":
        if not (is_number(value) and value == 1):
            yield RULES["content-available-value"].finding(path, value=described(value))
    elif "duration" in field.type:
        yield from _duration(path, value)
    elif "durations" in field.type and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _duration(f"{path}[{number}]", one)
    elif "timestamp" in field.type and isinstance(value, str):
        if not _TIMESTAMP.fullmatch(value):
            yield RULES["bad-timestamp"].finding(path, path=path, value=short(value))
    elif not any(_is(value, kind, path) for kind in field.type):
        wanted = " or ".join(_TYPES[kind] for kind in field.type)
        yield RULES["wrong-type"].finding(path, path=path, found=described(value), wanted=wanted)
    elif field.values and value not in field.values:
        yield _not_one_of(path, value, field.values)


def _not_one_of(path: str, value: Any, values: tuple[Any, ...]) -> Finding:
    folded = {str(one).casefold(): one for one in reversed(values)}
    if (right := folded.get(str(value).casefold())) is not None:
        return RULES["value-case"].finding(path, path=path, value=short(value), right=right)
    known = ", ".join(str(one) for one in values)
    return RULES["wrong-value"].finding(path, path=path, value=short(value), known=known)


def _duration(path: str, value: Any) -> Iterator[Finding]:
    if not (isinstance(value, str) and _DURATION.fullmatch(value)):
        yield RULES["bad-duration"].finding(path, path=path, found=described(value))
    elif path.endswith(".ttl") and not 0 <= float(value[:-1]) <= _FOUR_WEEKS_S:
        yield RULES["ttl-range"].finding(path, path=path, value=short(value))
    elif value.startswith("-"):
        yield RULES["bad-duration"].finding(path, path=path, found=described(value))


_FOUR_WEEKS_S = 2_419_200


def _is(value: object, kind: str, path: str) -> bool:
    """Whether a value is of this type. Protobuf takes a whole number as 3.0 and as a string, too, but hands on as it is
    what stands in aps or in a web notification; what is in a map of strings is checked where the map is known for what
    it is."""
    if kind == "integer":
        whole = is_number(value) and float(value).is_integer()
        quoted = isinstance(value, str) and _WHOLE.fullmatch(value) is not None
        return whole or (quoted and not is_open(path))
    return is_of(value, "object" if kind == "string map" else kind)


CHECKS = (_form, _headers, _beside, _fields)
