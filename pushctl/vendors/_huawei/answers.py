"""From an answer of Huawei's push API to verdicts; v1, v2 and v3 speak alike. Pure.

Every answer is ``{"code": "<8 digits>", "msg": "<text, or JSON as text>", "requestId": "…"}``, and the code decides
whatever the HTTP status: both pages (HMSCore-References/https-send-api-0000001050986197,
harmonyos-references/push-scenariozed-api-response) file faults under other statuses than the SDKs look at. There is no
list of results: which tokens were refused stands in ``msg``, as JSON inside the string, in two forms::

    v1, v2   {"success": 3, "failure": 1, "illegal_tokens": ["…"]}
    v3       {"success": 1, "failure": 1, "illegalTokens": {"tokenFormatError": ["…"]}}

``80300007`` (all refused) has the second form without ``success``, or plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import (
    from_entry,
    json_object,
    one_line,
    retry_after,
    unanswered,
    unlisted,
)
from pushctl.core.message import Target
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Response
from pushctl.vendors._huawei import oauth, statuses

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue

ACCEPTED = "80000000"
SOME_REFUSED = "80100000"
ALL_REFUSED = "80300007"


@dataclass(frozen=True, slots=True)
class Refusals:
    """Which tokens were refused, as ``msg`` lists them.

    :ivar reasons: token to Huawei's reason (``noRight``); "" where it gives none, as v1 and v2 do.
    :ivar success: how many were accepted, or None where the answer does not say. :ivar failure: how many were not.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    success: int | None = None
    failure: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A body of Huawei's, taken apart.

    :ivar code: as text, whether it was sent as text or as a number.
    :ivar msg: as it was sent; "" where there is none.
    :ivar request_id: what AppGallery Connect's self-service analysis asks for, or "".
    :ivar document: all of it.
    """

    code: str
    msg: str
    request_id: str
    document: Mapping[str, Any]


def said(body: bytes) -> Said | None:
    """The body taken apart; None when it is no JSON object with a code."""
    document = json_object(body)
    if document is None:
        return None
    code = _code(document.get("code"))
    if not code:
        return None
    msg, request_id = document.get("msg"), document.get("requestId")
    return Said(
        code,
        msg if isinstance(msg, str) else "" if msg is None else _json(msg),
        str(request_id) if isinstance(request_id, str | int) and not isinstance(request_id, bool) else "",
        document,
    )


def refusals(msg: str) -> Refusals | None:
    """The refused tokens that ``msg`` lists, in either form; None for text and for a form that is not known.

    Keys lose the blanks around them: an official specimen has ``" tokenFormatError "``.
    """
    document = json_object(msg) if msg.lstrip().startswith("{") else None
    if document is None:
        return None
    table = {key.strip(): value for key, value in document.items()}
    listed, by_reason = table.get("illegal_tokens"), table.get("illegalTokens")
    reasons: dict[str, str] = {}
    if isinstance(listed, list):
        reasons.update(dict.fromkeys(_texts(listed), ""))
    if isinstance(by_reason, dict):
        for reason, tokens in by_reason.items():
            reasons.update(dict.fromkeys(_texts(tokens), reason.strip()))
    if not reasons and not isinstance(listed, list) and not isinstance(by_reason, dict):
        return None
    return Refusals(reasons, _count(table.get("success")), _count(table.get("failure")))


def judge(reply: Reply, targets: tuple[Target, ...] | None, catalogue: Catalogue) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per token that ``msg`` lists and one for the others,
    if it says that some were accepted; else a single one.

    :param catalogue: the vendor's; a reason is looked up as ``80300007/<reason>``.
    """
    answer = said(reply.body) if isinstance(reply, Response) else None
    if answer is None or not isinstance(reply, Response):
        return [
            Verdict(target, says, None, (), reply.ms)
            for says in (_unspoken(reply, catalogue),)
            for target in targets or (None,)
        ]
    refused = refusals(answer.msg) if answer.code in (SOME_REFUSED, ALL_REFUSED) else None
    message_id = answer.request_id or None
    if answer.code != SOME_REFUSED and refused is None:
        says = judgement(answer, reply, catalogue)
        return [Verdict(target, says, message_id, (), reply.ms) for target in targets or (None,)]
    return _one_by_one(answer, refused or Refusals(), reply, targets, catalogue)


def judgement(answer: Said, reply: Response, catalogue: Catalogue) -> Judgement:
    """What a code means for the request as a whole."""
    entry = catalogue.find(answer.code, reply.status)
    told = _quoted(answer.msg)
    if entry is None:
        return unlisted(
            answer.code, reply.status, told or f"The code {one_line(answer.code)} is in no list of Huawei's."
        )
    if entry.outcome == "accepted":
        return from_entry(entry, reply.status)
    wait_s = retry_after(reply) if entry.retryable else None
    return from_entry(entry, reply.status, told, wait_s=wait_s, renew=statuses.RENEW.get(entry.code, "no"))


def _unspoken(reply: Reply, catalogue: Catalogue) -> Judgement:
    """No answer, or one without a code: the OAuth service's, or nobody's whose word it is."""
    if not isinstance(reply, Response):
        return unanswered(reply, catalogue)
    return oauth.judgement(reply, catalogue) if oauth.is_refusal(reply.body) else statuses.by_status(reply, catalogue)


# --- one verdict per token -------------------------------------------------------------------------------------------


def _one_by_one(
    answer: Said, refused: Refusals, reply: Response, targets: tuple[Target, ...] | None, catalogue: Catalogue
) -> list[Verdict]:
    """The refused tokens by their reason; what the others came to is said by the code, where the numbers allow it."""
    by_reason = {
        reason: _for_reason(answer, reason, refused, reply, catalogue) for reason in set(refused.reasons.values())
    }
    message_id = answer.request_id or None
    if targets is None:
        counts = (("success", refused.success), ("failure", refused.failure))
        facts = tuple((name, str(count)) for name, count in counts if count is not None)
        if not refused.reasons:
            return [Verdict(None, _others(answer, refused, 0, reply, catalogue), message_id, facts, reply.ms)]
        verdicts = [
            Verdict(Target("token", token), by_reason[reason], message_id, facts, reply.ms)
            for token, reason in refused.reasons.items()
        ]
        rest = _others(answer, refused, len(refused.reasons), reply, catalogue)  # whose names only the request has
        if answer.code == SOME_REFUSED and (refused.success or rest.outcome != "accepted"):
            verdicts.append(Verdict(None, rest, message_id, facts, reply.ms))
        return verdicts
    told = {target.value for target in targets if target.value in refused.reasons}
    others = _others(answer, refused, len(told), reply, catalogue)
    return [
        Verdict(
            target,
            by_reason[refused.reasons[target.value]] if target.value in told else others,
            message_id,
            (),
            reply.ms,
        )
        for target in targets
    ]


def _for_reason(answer: Said, reason: str, refused: Refusals, reply: Response, catalogue: Catalogue) -> Judgement:
    """A refused token. Where no token of the request was accepted, a list without reasons proves nothing about any:
    wrong credentials look the same."""
    if reason:
        entry = catalogue.find(f"{ALL_REFUSED}/{reason}")
        if entry is not None:
            return from_entry(entry, reply.status)
        detail = f"Huawei gives the reason {one_line(reason)!r}, which is not in the catalogue."
        return unlisted(f"{ALL_REFUSED}/{reason}", reply.status, detail, "token")
    if answer.code == ALL_REFUSED:
        return judgement(replace(answer, msg=""), reply, catalogue)
    code = f"{SOME_REFUSED}/illegal_tokens"
    entry = catalogue.find(code)
    says = from_entry(entry, reply.status) if entry else unlisted(code, reply.status, category="token")
    if refused.success:
        return replace(says, detail=f"Others of the request were accepted: {refused.success}.")
    return replace(says, token_dead=None, detail="No token of the request was accepted.")


def _others(answer: Said, refused: Refusals, told: int, reply: Response, catalogue: Catalogue) -> Judgement:
    """The tokens that ``msg`` does not list. They were accepted, unless more were refused than can be told."""
    if answer.code == ALL_REFUSED:
        return judgement(replace(answer, msg=""), reply, catalogue)
    entry = catalogue.find(SOME_REFUSED)
    untold = (refused.failure or 0) - told
    if refused.reasons and untold <= 0:
        return Judgement("accepted", SOME_REFUSED, None, http_status=reply.status)
    if refused.reasons:
        why = f"{untold} more of the request {'was' if untold == 1 else 'were'} refused, and msg does not say which."
    else:
        why = f"Some tokens were refused, and msg does not list them: {one_line(answer.msg, 200)!r}."
    return Judgement("unknown", SOME_REFUSED, "token", http_status=reply.status, detail=why, entry=entry)


# --- small readings --------------------------------------------------------------------------------------------------


def _code(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _quoted(msg: str) -> str:
    return f"Huawei says: {one_line(msg, 300)!r}." if msg.strip() else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
