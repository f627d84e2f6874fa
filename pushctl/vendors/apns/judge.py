"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

APNs answers a success with no body and a refusal with ``{"reason": …}``; 410 adds ``timestamp`` in milliseconds
(Apple: usernotifications/handling-notification-responses-from-apns, …/handling-error-responses-from-apns). What does
not look like that was said by somebody else on the way, and is never taken for a refusal by APNs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.catalogue import Catalogue, Category
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Outcome, Renew, Verdict
from pushctl.core.wire import Goaway, Lost, Reply, Response

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")

_SUCCESS = (200, 201, 204)
_MARKS = ("apns-id", "apns-request-id", "apns-unique-id")  # every answer of APNs carries one; a proxy's carries none
_FACTS = ("apns-unique-id", "apns-channel-id")
_NOT_APNS = "NOT_APNS"

# What to wait before a retry. Apple: 15 minutes after 5xx, 20 minutes between two provider tokens.
_WAIT_S: Mapping[str, float] = {
    "TooManyProviderTokenUpdates": 1200,
    "InternalServerError": 900,
    "ServiceUnavailable": 900,
    "Service Unavailable": 900,
    "Shutdown": 900,
    "IdleTimeout": 0,
    "REFUSED_STREAM": 0,
}

# pushy closes a connection that has said ExpiredProviderToken, node-apn does not; closing is the safe choice. The
# other connection-level reasons (UnrelatedKeyIdInToken, IdleTimeout, Shutdown) want a new connection but no new token,
# and a needless token counts towards TooManyProviderTokenUpdates.
_RENEW: Mapping[str, Renew] = {"ExpiredProviderToken": "grant+connection"}

_CATEGORY_BY_STATUS: Mapping[int, Category] = {
    400: "payload",
    403: "credential",
    404: "config",
    405: "config",
    410: "token",
    413: "payload",
    429: "quota",
}


def judge(reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None a single one that names no target."""
    says = _says(reply)
    message_id: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    if isinstance(reply, Response):
        message_id = reply.header("apns-id") or reply.header("apns-request-id")
        facts = tuple((name, value) for name in _FACTS if (value := reply.header(name)))
    return [Verdict(target, says, message_id, facts, reply.ms) for target in targets or (None,)]


def _says(reply: Reply) -> Judgement:
    if isinstance(reply, Lost):
        return _lost(reply)
    if isinstance(reply, Goaway):
        return _goaway(reply)
    says = judgement(reply.status, reply.body, marked=any(reply.header(mark) for mark in _MARKS))
    after = reply.header("retry-after")
    if says.retryable and after and after.isdecimal() and after.isascii():
        return replace(says, wait_s=float(after))
    return says


def judgement(status: int, body: bytes, *, marked: bool = False) -> Judgement:
    """What this HTTP answer means; equal answers share one object.

    :param marked: whether a header showed that APNs itself is speaking (``apns-id``). It decides what an unreadable
        body is: a cut refusal, or somebody else's page.
    """
    if b"timestamp" in body:
        return _judgement(status, body, marked)  # differs from push to push
    return _interned(status, body, marked)


def _judgement(status: int, body: bytes, marked: bool) -> Judgement:
    document = _object(body)
    reason = document.get("reason") if document is not None else None
    if status in _SUCCESS and reason is None and (document is not None or not body.strip()):
        return Judgement("accepted", "", None, http_status=status)  # APNs has no code for a success
    if isinstance(reason, str) and reason and status >= 400:
        detail = _not_valid_since(document.get("timestamp")) if document is not None and status == 410 else ""
        return _refused(reason, status, detail)
    if marked and status >= 400:
        detail = f"APNs refused with status {status}; the reason in the body cannot be read: {_excerpt(body)}"
        return replace(_refused(str(status), status, ""), detail=detail)
    return not_apns(status, body)


_interned = lru_cache(maxsize=512)(_judgement)


def _refused(reason: str, status: int | None, detail: str, outcome: Outcome = "refused") -> Judgement:
    entry = CATALOGUE.find(reason, status)
    if entry is None:
        category = _category(status)
        return Judgement(
            outcome,
            _cut(reason),
            category,
            retryable=category in ("quota", "server"),
            wait_s=900 if category == "server" else None,
            http_status=status,
            detail=detail or f"APNs gave the reason {_cut(reason)!r}, which is not in the catalogue.",
        )
    return Judgement(
        outcome,
        entry.code,
        entry.category,
        token_dead=entry.token_dead,
        retryable=entry.retryable,
        wait_s=_WAIT_S.get(entry.code),
        renew=_RENEW.get(entry.code, "no"),
        http_status=status,
        detail=detail,
        entry=entry,
    )


def _category(status: int | None) -> Category:
    if status is None:
        return "network"
    return "server" if status >= 500 else _CATEGORY_BY_STATUS.get(status, "config")


def not_apns(status: int, body: bytes) -> Judgement:
    """Somebody else answered, or something that cannot be what APNs says here."""
    return Judgement(
        "unknown",
        _NOT_APNS,
        "network",
        sent="maybe",
        http_status=status,
        detail=f"It said {status} with {_excerpt(body)}.",
        entry=CATALOGUE.find(_NOT_APNS),
    )


def _not_valid_since(timestamp: object) -> str:
    """The 410's timestamp, milliseconds since 1970, as a date; "" for one that is no date."""
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return ""
    try:
        moment = datetime.fromtimestamp(timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"not valid since {moment:%Y-%m-%d %H:%M:%S} UTC"


# --- answers that are no HTTP ----------------------------------------------------------------------------------------


def _goaway(reply: Goaway) -> Judgement:
    """A reason in the debug data is a refusal; but when the request may have been processed before a server went
    away for its own reasons, nobody knows."""
    document = _object(reply.debug)
    reason = document.get("reason") if document is not None else None
    if not isinstance(reason, str) or not reason:
        said = f"{_excerpt(reply.debug)} in place of a reason" if reply.debug else "no reason"
        detail = f"Here: error code {reply.error_code}, {said}."
        return _unanswered("GOAWAY", reply.sent, detail)
    says = _refused(reason, None, "Said in a GOAWAY frame.")
    undecided = reply.sent == "maybe" and says.category in ("network", "server")
    return replace(says, outcome="unknown" if undecided else "refused", sent=reply.sent)


def _lost(reply: Lost) -> Judgement:
    says = _unanswered(reply.code, reply.sent, reply.why)
    if says.entry is None or says.entry.category != "credential":
        return says
    # A TLS alert about our certificate is APNs's word on the credential, though it comes before any HTTP.
    return replace(says, outcome="refused", category="credential", retryable=False, token_dead=says.entry.token_dead)


@lru_cache(maxsize=128)
def _unanswered(code: str, sent: Any, detail: str) -> Judgement:
    return Judgement(
        "unknown",
        code,
        "network",
        sent=sent,
        retryable=sent == "no",
        wait_s=_WAIT_S.get(code) if sent == "no" else None,
        detail=detail,
        entry=CATALOGUE.find(code),
    )


# --- helpers ---------------------------------------------------------------------------------------------------------


def _object(body: bytes) -> Mapping[str, Any] | None:
    """The body as a JSON object, or None."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _excerpt(body: bytes) -> str:
    """A body in a few words; what it quotes is untrusted."""
    if not body:
        return "an empty body"
    text = body[:4000].decode("utf-8", "replace")
    if "<html" in text.casefold() or "<!doctype" in text.casefold():
        heading = _HEADING.search(text)
        return f"an HTML page headed {_cut(heading[2])!r}" if heading else "an HTML page"
    line = _cut(text)
    return f"the body {line!r}" if line else f"{len(body)} blank bytes"


_HEADING = re.compile(r"<(title|h1)[^>]*>([^<]+)", re.IGNORECASE)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    total = sum(tally.values())
    if total < 2 or any(says.outcome == "accepted" for says in tally):
        return
    codes = {says.code for says in tally}
    if codes == {"BadDeviceToken"}:
        yield RULES["every-token-bad"].finding(count=total)
    elif codes == {"DeviceTokenNotForTopic"}:
        yield RULES["every-token-for-another-topic"].finding(count=total)
    elif {says.category for says in tally} <= {"credential", "permission"}:
        yield RULES["credential-refused"].finding(count=total, codes=", ".join(sorted(codes)))
    elif {says.category for says in tally} == {"network"}:
        yield RULES["nothing-answered"].finding(count=total, codes=", ".join(sorted(codes)))
