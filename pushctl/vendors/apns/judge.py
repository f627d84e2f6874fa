"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

APNs answers a success with no body and a refusal with ``{"reason": …}``; 410 adds ``timestamp`` in milliseconds
(Apple: usernotifications/handling-notification-responses-from-apns, …/handling-error-responses-from-apns). What does
not look like that was said by somebody else on the way, and is never taken for a refusal by APNs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import (
    excerpt,
    from_entry,
    json_object,
    one_line,
    retry_after,
    somebody_else,
    unknown,
    unlisted,
)
from pushctl.core.catalogue import Catalogue
from pushctl.core.review import nothing_accepted
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
    after = retry_after(reply)
    return replace(says, wait_s=after) if says.retryable and after is not None else says


def judgement(status: int, body: bytes, *, marked: bool = False) -> Judgement:
    """What this HTTP answer means; equal answers share one object.

    :param marked: whether a header showed that APNs itself is speaking (``apns-id``). It decides what an unreadable
        body is: a cut refusal, or somebody else's page.
    """
    if b"timestamp" in body:
        return _judgement(status, body, marked)  # differs from push to push
    return _interned(status, body, marked)


def _judgement(status: int, body: bytes, marked: bool) -> Judgement:
    document = json_object(body)
    reason = document.get("reason") if document is not None else None
    if status in _SUCCESS and reason is None and (document is not None or not body.strip()):
        return Judgement("accepted", "", None, http_status=status)  # APNs has no code for a success
    if isinstance(reason, str) and reason and status >= 400:
        detail = _not_valid_since(document.get("timestamp")) if document is not None and status == 410 else ""
        return _refused(reason, status, detail)
    if marked and status >= 400:
        detail = f"APNs refused with status {status}; the reason in the body cannot be read: {excerpt(body)}"
        return replace(_refused(str(status), status, ""), detail=detail)
    return not_apns(status, body)


_interned = lru_cache(maxsize=512)(_judgement)


def _refused(reason: str, status: int | None, detail: str, outcome: Outcome = "refused") -> Judgement:
    entry = CATALOGUE.find(reason, status)
    if entry is None:
        told = detail or f"APNs gave the reason {one_line(reason)!r}, which is not in the catalogue."
        says = unlisted(reason, status, told)
        return replace(says, outcome=outcome, wait_s=900 if says.category == "server" else None)
    says = from_entry(entry, status, detail, wait_s=_WAIT_S.get(entry.code), renew=_RENEW.get(entry.code, "no"))
    return replace(says, outcome=outcome) if says.outcome != outcome else says


def not_apns(status: int, body: bytes) -> Judgement:
    """Somebody else answered, or something that cannot be what APNs says here."""
    return somebody_else(_NOT_APNS, status, body, CATALOGUE)


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
    document = json_object(reply.debug)
    reason = document.get("reason") if document is not None else None
    if not isinstance(reason, str) or not reason:
        said = f"{excerpt(reply.debug)} in place of a reason" if reply.debug else "no reason"
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
    says = unknown(code, sent, detail, CATALOGUE)
    return replace(says, wait_s=_WAIT_S.get(code)) if sent == "no" else says


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    if codes == {"BadDeviceToken"}:
        return "every-token-bad"
    return "every-token-for-another-topic" if codes == {"DeviceTokenNotForTopic"} else None
