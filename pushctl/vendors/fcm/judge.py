"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

FCM speaks the JSON errors of Google's APIs, and several layers answer in them: FCM itself (``FcmError`` in
``details``), the API gateway (``ErrorInfo``), and behind FCM Apple (``ApnsError``). They are read in this order:
``FcmError`` first, since the same HTTP status means different things with and without it; ``INVALID_ARGUMENT`` is
refined by ``ApnsError``, then by the field that ``BadRequest`` names, then by the sentence; without ``FcmError`` the
``ErrorInfo`` reason counts, then ``status``, then the HTTP status. (Firebase: reference/fcm/rest/v1/ErrorCode,
cloud-messaging/error-codes.)

The token endpoint and the Instance ID service answer in forms of their own (``judge_services``); what is no JSON was
said by Google's front end, or by somebody else on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import (
    from_entry,
    json_object,
    retry_after,
    somebody_else,
    unanswered,
    unlisted,
)
from pushctl.core.catalogue import Catalogue
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Response
from pushctl.vendors.fcm import judge_details, judge_services

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target
    from pushctl.vendors.fcm.judge_details import Details

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")

_NOT_FCM = "NOT_FCM"
_FAKE = "fake_message_id"
_ACCEPTED = {status: Judgement("accepted", "", None, http_status=status) for status in (200, 201)}  # no success code
_FIRST_WAIT_S = 10.0
"""Before a retry after a server error, at least (Firebase: cloud-messaging/scale-fcm)."""
_QUOTA_WAIT_S = 60.0
"""Before a retry after 429 that names no time (likewise)."""
_LARGE = 8192  # bytes; a larger body is judged anew each time, and not kept


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per target that the body tells apart, else a single
    one that names no target.

    :param call: ``auth`` marks the answer to a request for a grant: its 401 asks for no renewal. Otherwise the body's
        shape decides what it answers; ``send`` alone expects the name of a message.
    """
    if not isinstance(reply, Response):
        says = unanswered(reply, CATALOGUE)
        return [Verdict(target, says, ms=reply.ms) for target in targets or (None,)]
    document = json_object(reply.body) if reply.status in _ACCEPTED else None
    if document is not None and isinstance(document.get("results"), list):
        return judge_services.batch(document, reply, targets, CATALOGUE)
    if document is not None and not document.get("error"):
        says, message_id, facts = _accepted(call, document, reply)
    else:
        says, message_id, facts = _refused(call, reply), None, ()
    return [Verdict(target, says, message_id, facts, reply.ms) for target in targets or (None,)]


# --- success ---------------------------------------------------------------------------------------------------------


def _accepted(
    call: str, document: Mapping[str, Any], reply: Response
) -> tuple[Judgement, str | None, tuple[tuple[str, str], ...]]:
    """A success, its message's id and what else it tells. ``send`` is answered with the message's name, in full
    ``projects/P/messages/ID``; the id for a request with ``validate_only`` is ``fake_message_id``."""
    name = document.get("name")
    if isinstance(name, str) and "/messages/" in name:
        message_id = name.partition("/messages/")[2]
        if message_id == _FAKE and (entry := CATALOGUE.find(_FAKE)):
            return from_entry(entry, reply.status, "Nothing was delivered (fake_message_id)."), message_id, ()
        return _ACCEPTED[reply.status], message_id, ()
    if call != "send" or judge_services.is_success(document):
        return replace(_ACCEPTED[reply.status], detail=judge_services.granted(document)), None, ()
    return somebody_else(_NOT_FCM, reply.status, reply.body, CATALOGUE), None, ()


# --- refusals --------------------------------------------------------------------------------------------------------


def _refused(call: str, reply: Response) -> Judgement:
    if 300 <= reply.status < 400:
        return somebody_else(_NOT_FCM, reply.status, reply.body, CATALOGUE, reply.header("location") or "")
    judged = _interned if len(reply.body) <= _LARGE else _judgement
    says = judged(reply.status, reply.body, call == "auth", judge_services.is_google(reply))
    return _with_header(says, retry_after(reply)) if says.retryable else says


def _with_header(says: Judgement, after: float | None) -> Judgement:
    """``Retry-After`` beats what the body says."""
    return says if after is None else replace(says, wait_s=_wait(says, after))


def _judgement(status: int, body: bytes, auth: bool, google: bool) -> Judgement:
    """What this HTTP answer, which is no success, means; equal answers share one object.

    :param auth: whether it answers a request for a grant.
    :param google: whether a header shows that Google itself is speaking, which decides what an empty body is.
    """
    document = json_object(body)
    error = document.get("error") if document is not None else None
    if status < 400 and not (status in _ACCEPTED and error):  # the retired API refused with 200
        return somebody_else(_NOT_FCM, status, body, CATALOGUE)
    if isinstance(error, dict):
        parts = judge_details.read(error)
        says = _google_error(parts.code if parts.code and status in _ACCEPTED else status, parts)
    elif document is not None and isinstance(error, str) and error:
        says = judge_services.refusal(error, document.get("error_description"), status, CATALOGUE)
    elif document is None and (page := judge_services.page(status, body, CATALOGUE)) is not None:
        says = page
    elif google and not body.strip():
        says = unlisted(f"HTTP_{status}", status, f"Google answered {status} with an empty body.")
    else:
        return somebody_else(_NOT_FCM, status, body, CATALOGUE)
    says = _timed(says)
    of_the_token_endpoint = auth or isinstance(error, str)
    if status == 401 and not of_the_token_endpoint and says.code not in _NEVER_RENEWED:
        return replace(says, renew="grant")
    return says


_interned = lru_cache(maxsize=512)(_judgement)


_CANONICAL: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""The status word that an HTTP status stands for (google/rpc/code.proto): the older form of errors, which clients get
that do not ask for version 2, has a list ``errors`` and no such word."""


def _google_error(status: int, parts: Details) -> Judgement:
    if not parts.status:
        parts = replace(parts, status=_CANONICAL.get(status, ""))
    entry = _entry_of(parts, status)
    detail = judge_details.told(parts, _apns_means(parts))
    code = parts.fcm or parts.reason or parts.status or f"HTTP_{status}"
    if entry is None:
        return _waiting(unlisted(code, status, detail), parts)
    says = from_entry(entry, status, detail)
    if entry.code == "UNSPECIFIED_ERROR":  # "no more information": the HTTP status is all there is
        says = replace(says, retryable=status >= 500)
    return _waiting(says, parts)


def _waiting(says: Judgement, parts: Details) -> Judgement:
    return replace(says, wait_s=_wait(says, parts.delay)) if says.retryable and parts.delay is not None else says


def _entry_of(parts: Details, status: int) -> Entry | None:
    """The catalogue's meaning of a Google error; see the order at the top of this file."""
    if parts.fcm and parts.fcm != "INVALID_ARGUMENT":
        return CATALOGUE.find(parts.fcm, status)
    if parts.fcm or parts.status == "INVALID_ARGUMENT":
        return _refined(parts, status)
    if parts.reason and (entry := CATALOGUE.find(parts.reason, status)):
        return entry
    if parts.reason:
        return None
    worded = _worded(("SERVICE_DISABLED", "IAM_PERMISSION_DENIED", "PERMISSION_DENIED/"), parts.message)
    return worded or CATALOGUE.find(parts.status, status)


def _refined(parts: Details, status: int) -> Entry | None:
    """Which INVALID_ARGUMENT it is: APNs' reason, the field, the words; API keys are refused with this status, too."""
    if parts.apns is not None:
        status_of_apns, reason = parts.apns
        entry = CATALOGUE.find(f"ApnsError/{reason}")
        if entry is None and status_of_apns == _GONE:
            entry = CATALOGUE.find("ApnsError/Unregistered")
        if entry is not None:
            return entry
    if not parts.fcm and parts.reason and (entry := CATALOGUE.find(parts.reason, status)):
        return entry
    # "Invalid value at 'message.token' (TYPE_STRING), 1": the JSON type is wrong, and that says nothing of a token.
    for words in sorted(parts.spoken, key=lambda said: _JSON_TYPE not in said):
        families = _OF_TYPES if _JSON_TYPE in words else ("INVALID_ARGUMENT/",)
        if entry := _worded(families, words):
            return entry
    bare = parts.bare and parts.message == "Request contains an invalid argument."
    return CATALOGUE.find("INVALID_ARGUMENT/no-details" if bare else "INVALID_ARGUMENT", status)


_GONE = 410
"""APNs' status for tokens that are no longer active, whatever the reason is called."""
_JSON_TYPE = "(TYPE_"
_OF_TYPES = ("INVALID_ARGUMENT/data-value-type", "INVALID_ARGUMENT/value")


def _worded(families: tuple[str, ...], text: str) -> Entry | None:
    """The first entry of these families whose words occur in the vendor's text, letter case ignored."""
    spoken = text.casefold()
    return next(
        (
            entry
            for entry in CATALOGUE.entries
            if entry.match and entry.code.startswith(families) and any(w.casefold() in spoken for w in entry.match)
        ),
        None,
    )


def _apns_means(parts: Details) -> str:
    entry = CATALOGUE.find(f"ApnsError/{parts.apns[1]}") if parts.apns else None
    return entry.summary if entry and parts.fcm != "INVALID_ARGUMENT" else ""


_NEVER_RENEWED = frozenset({"THIRD_PARTY_AUTH_ERROR", "APNS_AUTH_ERROR", "PROJECT_NOT_PERMITTED"})
"""401 that is not about our access token: Firebase's key for APNs, the project's rights. A new token is no help."""


def _timed(says: Judgement) -> Judgement:
    """With the pause that FCM asks for where the answer names none."""
    if says.retryable and says.wait_s is None and says.category in ("quota", "server"):
        return replace(says, wait_s=_wait(says, None))
    return says


def _wait(says: Judgement, asked: float | None) -> float:
    """Seconds before a retry: what the answer asks for; after a server error no less than the scaling guide does."""
    if says.category == "server":
        return max(asked or 0.0, _FIRST_WAIT_S)
    return asked if asked is not None else _QUOTA_WAIT_S


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    if codes == {"SENDER_ID_MISMATCH"}:
        return "every-token-of-another-project"
    return "every-token-bad" if codes == {"INVALID_ARGUMENT/registration-token"} else None
