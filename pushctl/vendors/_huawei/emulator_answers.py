"""What the emulated Push Kit answers, as values: a refusal, and the acts that carry it or an acceptance.

Every answer is ``{"code": "<8 digits>", "msg": "<text, or JSON as text>", "requestId": "<digits>"}``. Which HTTP status
a code comes with is not settled (SDKs and pages disagree): the statuses here are a convention, and no client may lean
on them.
"""

from __future__ import annotations

import json
from typing import Any

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_http import date
from pushctl.core.wire import Response

ACCEPTED = "80000000"
SOME_REFUSED = "80100000"
ALL_REFUSED = "80300007"
STRUCTURE = "80100003"

TEXTS = {
    ACCEPTED: "Success",
    "80100001": "Some request parameters are incorrect",
    STRUCTURE: "Illegal payload",
    "80100004": "The message expiration time is earlier than the current time",
    "80100013": "The collapse_key message field is invalid",
    "80100016": "Anti-Spam: word is forbidden in [CONTENT]",
    "80100017": "A maximum of 100 topic-based messages can be sent at the same time",
    "80100022": "Anti-Spam: image not verify",
    "80200001": "OAuth authentication error",
    "80200003": "OAuth token expired",
    "80200005": "The JWT token has expired",
    "80300002": "The current app does not have the permission to send messages",
    ALL_REFUSED: "All the tokens are invalid",
    "80300008": "The message body size (excluding the token) exceeds the default value (4096 bytes)",
    "80300010": "The number of tokens in the message body exceeds the default value",
    "80300011": "You are not authorized to send high-priority notification messages",
    "80600003": "Failed to request the OAuth service",
    "81000001": "An internal error occurred",
}
"""``msg`` where the pages or an answer in the wild give it; any other code says its name in the catalogue."""

BARE = ("http/", "oauth/")
"""Codes that are a status with an empty body; the latter are the token endpoint's own."""

_BAD_REQUEST = frozenset(
    {
        "80100001", "80100002", "80100003", "80100004", "80100013", "80100016", "80100017", "80100018", "80100022",
        "80300008", "80300010", "80300036",
    }
)  # fmt: skip


def status_of(code: str) -> int:
    """The HTTP status that a code comes with here."""
    if code.startswith(BARE):
        return int(code.partition("/")[2])
    if code in _BAD_REQUEST:
        return 400
    return 401 if code.startswith("8020") else 500 if code.startswith("81") else 200


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal."""
    code = refusal.code
    if code.startswith(BARE):
        response = Response(status_of(code), (date(call.world),))
        return Act(response, rule=refusal.rule, code=code, note=refusal.note)
    if code.startswith("NSP/"):
        header = ("nsp_status", code.removeprefix("NSP/"))
        return Act(Response(200, (header, date(call.world))), rule=refusal.rule, code=code, note=refusal.note)
    wire_code = code.partition("/")[0]
    return Act(
        envelope(call, wire_code, refusal.msg or text_of(call, wire_code)),
        rule=refusal.rule,
        code=code,
        note=" ".join(filter(None, (refusal.note, *call.notes))),
    )


def accepted(call: Call, rule: str, **more: Any) -> Act:
    """The answer of an acceptance; ``more`` are members beside ``code``, ``msg`` and ``requestId``."""
    return Act(envelope(call, ACCEPTED, TEXTS[ACCEPTED], **more), rule=rule, note=" ".join(call.notes))


def envelope(call: Call, code: str, msg: str, **more: Any) -> Response:
    """An answer of the push API."""
    document = {"code": code, "msg": msg, "requestId": request_id(call), **more}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(status_of(code), (("content-type", "application/json;charset=utf-8"), date(call.world)), body)


def text_of(call: Call, code: str) -> str:
    """What the service says beside a code."""
    entry = call.book.catalogue.find(code)
    return TEXTS.get(code) or (entry.name if entry else "Error")


def request_id(call: Call) -> str:
    """24 digits that begin with the time in milliseconds, as those in the wild (``157278422841836431010901``)."""
    return f"{int(call.now * 1000)}{int.from_bytes(call.world.nonce(8)) % 10**11:011d}"


def json_body(call: Call) -> dict[str, Any] | Refusal:
    """The body as a JSON object, or the refusal of one that is none."""
    try:
        document = json.loads(call.seen.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return Refusal(STRUCTURE, "json", "the body is no JSON object; which code says so is unproved")
    if _is_deeper(document, _DEEPEST):
        return Refusal(STRUCTURE, "json", f"the body is nested deeper than {_DEEPEST}; the limit is unproved")
    return document


_DEEPEST = 100


def _is_deeper(value: Any, most: int) -> bool:
    """Whether objects and arrays stand within each other more than ``most`` times."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deeper(item, most - 1) for item in inner)
