"""The body of a message: types, fields, limits, and the code of each.

Sources: document 362 in its mirrors and in the field texts that liyouping/pushapi:vivopush/message.go keeps; codes of
fields from the enum of the official SDK 1.x and one table. The order of the checks is a convention. A value of the
wrong JSON type is a 400, as was reported for ``"classification": "IM"``; a number in quotes is taken, as vivo's own
example writes ``"networkType":"1"``. Members that no text knows are taken with a note: the official SDK itself adds
some.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.texts import measure

if TYPE_CHECKING:
    from collections.abc import Iterable

Message = dict[str, Any]

BAD_REQUEST = "http/400"
MOST_TITLE, MOST_CONTENT, MOST_REQUEST_ID = 40, 100, 64
DAY_S, WEEK_S = 86_400, 604_800
_KINDS: Mapping[str, str] = {
    "appId": "id", "regId": "text", "alias": "text", "notifyType": "integer", "title": "text", "content": "text",
    "timeToLive": "integer", "skipType": "integer", "skipContent": "text", "networkType": "integer",
    "classification": "integer", "category": "text", "clientCustomMap": "object", "extra": "object",
    "requestId": "text", "pushMode": "integer", "notifyId": "integer", "profileId": "text", "sendOnline": "boolean",
    "foregroundShow": "boolean", "auditReview": "array", "timedDisplay": "object", "addBadge": "boolean",
    "marketing": "object", "taskId": "text", "regIds": "array", "aliases": "array", "tagExpression": "object",
    "userType": "integer", "userIds": "array", "name": "text", "type": "integer", "ids": "array",
    "serverSdkVer": "text",
}  # fmt: skip
_CLASSES: Mapping[str, type] = {"object": dict, "array": list, "boolean": bool, "text": str}


def wrong_type(field: str) -> Refusal:
    """A value of the wrong JSON type: no code, the gateway cannot read the body."""
    return Refusal(BAD_REQUEST, f"type {field}", f"{field} has the wrong JSON type")


def json_object(call: Call) -> dict[str, Any] | Refusal:
    """The body without members that are null; what a service says of one that is no JSON object is unproved."""
    try:
        document = json.loads(call.seen.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return Refusal(BAD_REQUEST, "json", "the body is no JSON object; unproved")
    return {name: value for name, value in document.items() if value is not None}


def typed(call: Call, document: Mapping[str, Any]) -> Message | Refusal:
    """The members that texts know, each of its type, or the first that is not."""
    found: Message = {}
    for name, value in document.items():
        if name not in _KINDS:
            call.note(f"{name[:40]} is no field that the texts know; the service seems to pass over it.")
            continue
        read = _read(call, name, value)
        if isinstance(read, Refusal):
            return read
        if read is not None:
            found[name] = read
    return found


def _read(call: Call, name: str, value: Any) -> Any:
    kind = _KINDS[name]
    if kind in ("integer", "id"):
        return _integer(call, name, value)
    if kind == "text" and isinstance(value, (int, float)) and not isinstance(value, bool) and not call.world.strict:
        call.note(f"{name} is a number in place of a string.")
        return str(value)
    return value if isinstance(value, _CLASSES[kind]) else wrong_type(name)


def _integer(call: Call, name: str, value: Any) -> int | Refusal | None:
    if isinstance(value, str):
        if not value.strip():
            call.note(f"{name} is empty and counts as left out; unproved.")
            return None
        digits = value.strip().removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 20):
            return wrong_type(name)
        if name != "appId":
            call.note(f"{name} is a number in quotes, as vivo's own example writes networkType.")
        return int(value)
    return wrong_type(name) if isinstance(value, bool) or not isinstance(value, int) else value


def texts(value: Any) -> bool:
    """Whether this is a list of strings."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def check(call: Call, message: Message, *, many: bool) -> Refusal | None:
    """Every rule of a field alone. ``many``: the message goes to a list, to a tag or to everybody."""
    found = (rule(call, message) for rule in _RULES)
    refusal = next(filter(None, found), None)
    if refusal is None:
        _remarks(call, message, many=many)
    return refusal


def request_id(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001 - the shape of a rule
    """``requestId``, which every push has."""
    given = message.get("requestId", "")
    if not given.strip():
        return _wrong("10352", "requestId")
    return _wrong("10353", "requestId") if len(given) > MOST_REQUEST_ID else None


def _wrong(code: str, field: str, note: str = "") -> Refusal:
    return Refusal(code, f"field {field}", note)


def _one_of(code: str, field: str, *values: int) -> Callable[[Call, Message], Refusal | None]:
    def rule(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001
        return None if message.get(field) in values else _wrong(code, field)

    return rule


def _text(field: str, empty: str, long: str, most: int) -> Callable[[Call, Message], Refusal | None]:
    """One character of any script counts as one; until about 2023 a Chinese one counted two."""

    def rule(call: Call, message: Message) -> Refusal | None:
        given = message.get(field, "")
        if not given.strip():
            return _wrong(empty, field)
        if len(given) > most:
            return _wrong(long, field, f"{len(given)} characters")
        if measure(given, "double-width") > most:
            call.note(f"{field}: over {most // 2} Chinese characters, which texts up to about 2023 refuse.")
        return None

    return rule


def _time_to_live(call: Call, message: Message) -> Refusal | None:
    seconds = message.get("timeToLive")
    if seconds is None or 60 <= seconds <= DAY_S:
        return None
    if not 60 <= seconds <= WEEK_S:
        return _wrong("10059", "timeToLive")
    call.note("timeToLive is over a day and is cut to one; older texts know seven days.")
    return None


_SKIPS: Mapping[int, tuple[str, str]] = {2: ("10061", "10062"), 3: ("10063", "10064"), 4: ("10068", "10069")}
"""By skipType: the codes for none and for too long."""
MOST_SKIP, MOST_SKIP_BEFORE = 2048, 1024
"""In vivo's table of codes, and in older texts."""


def _skip(call: Call, message: Message) -> Refusal | None:
    kind, content = message.get("skipType"), message.get("skipContent", "")
    if kind == 1:
        return None
    rules = _SKIPS.get(kind or 0)
    if rules is None:
        return _wrong("10060", "skipType")
    empty, long = rules
    if not content.strip():
        return _wrong(empty, "skipContent")
    if len(content) > MOST_SKIP:
        return _wrong(long, "skipContent", f"{len(content)} characters")
    if len(content) > MOST_SKIP_BEFORE:
        call.note(f"skipContent is over {MOST_SKIP_BEFORE} characters, which older texts refuse.")
    if kind == 3:
        call.note("skipType 3 is gone from the newest client models.")
    if kind == 4 and not content.startswith("intent:"):
        call.note("skipContent is no intent: URI: the tap would fail on the device (receipt 2158).")
    return None


def _network(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001
    return None if message.get("networkType", -1) in (-1, 1) else _wrong("10065", "networkType")


def _classification(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001
    return None if message.get("classification", 0) in (0, 1) else _wrong("10051", "classification")


def _custom(call: Call, message: Message) -> Refusal | None:
    pairs = message.get("clientCustomMap", {})
    for value in pairs.values():
        if isinstance(value, (dict, list)):
            return wrong_type("clientCustomMap")
        if value is None or (call.world.strict and not isinstance(value, str)):
            return _wrong("10067", "clientCustomMap", "its values are strings")
    if len(pairs) > 10:
        call.note("clientCustomMap has over 10 pairs, which older texts refuse (10066).")
    size = sum(len(key) + len(str(value)) for key, value in pairs.items())
    return _wrong("10067", "clientCustomMap", f"{size} characters") if size > 1024 else None


def _extra(call: Call, message: Message) -> Refusal | None:
    extra = message.get("extra", {})
    for name, value in extra.items():
        if name not in ("callback", "callback.id", "callback.param"):
            return _wrong("10304", "extra")
        if isinstance(value, (dict, list, bool)) or value is None:
            return wrong_type(f"extra.{name}")
    if len(str(extra.get("callback", ""))) > 128:
        return _wrong("10305", "extra.callback")
    size = len(str(extra.get("callback.param", "")))
    if size > 192:
        return _wrong("10306", "extra.callback.param")
    if size > 64:
        call.note("extra.callback.param is over 64 characters, which older texts refuse.")
    return None


def _push_mode(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001
    return None if message.get("pushMode", 0) in (0, 1) else _wrong(BAD_REQUEST, "pushMode", "which code is unproved")


def _profile_id(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001
    return _wrong("10092", "profileId") if len(message.get("profileId", "")) > 64 else None


def _notify_id(call: Call, message: Message) -> Refusal | None:  # noqa: ARG001
    return None if 1 <= message.get("notifyId", 1) < 2**31 else _wrong("10095", "notifyId")


_RULES: Iterable[Callable[[Call, Message], Refusal | None]] = (
    _one_of("10054", "notifyType", 1, 2, 3, 4),
    _text("title", "10055", "10056", MOST_TITLE),
    _text("content", "10057", "10058", MOST_CONTENT),
    _time_to_live, _skip, _network, _classification, _custom, _extra, request_id, _push_mode, _profile_id, _notify_id,
)  # fmt: skip


def _remarks(call: Call, message: Message, *, many: bool) -> None:
    """What the service takes and a developer may not have meant."""
    if message.get("foregroundShow") is False:
        call.note("foregroundShow false: nothing is shown while the app is in front.")
    if message.get("sendOnline"):
        call.note("sendOnline: dropped when the device is offline just now (receipt 14002).")
    if many and "profileId" in message:
        call.note("profileId is for single pushes.")
    if many and message.get("timeToLive", DAY_S) < 900:
        call.note("timeToLive below 900: older texts and vivo's table of codes want more for more than one device.")
