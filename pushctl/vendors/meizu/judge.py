"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

MEIZUPUSH/PushAPI:README.md, 接口响应规范 and 前言. The HTTP status is 200 whatever happened; the body says it::

    {"code": "200", "message": "", "value": {"110003": ["<pushId>"]}, "msgId": "…", "redirect": ""}

There are two levels. ``code`` speaks of the call; ``value`` of a call that was accepted maps further codes to the
targets that were refused, and whoever is not in it was accepted. The same number can mean two things: 110010 as
``code`` is a rate that is too high, 110010 in ``value`` a switch that is off; here it is ``target/110010`` then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import (
    excerpt,
    from_entry,
    json_object,
    one_line,
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

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")
NOT_MEIZU = "NOT_MEIZU"
ACCEPTED = "200"

_INVALID_SIGN = "1006"
_DEAD = frozenset({"110002", "110003", "target/110002", "target/110003"})
_OF_OTHERS = frozenset({"data", "result", "requestId", "msg"})  # Honor's, Mi's, Huawei's answers have these
_ASKED = frozenset({"task", "trace", "token"})  # whose value holds data, and never targets


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, taken apart.

    :ivar code: as text, whether it was sent as text or as a number.
    :ivar value: as it is; text that holds JSON is opened. :ivar redirect: an address, or "".
    :ivar refused: refused target to its code, the first one that names it.
    """

    code: str
    message: str
    value: Any
    msg_id: str | None
    redirect: str
    refused: Mapping[str, str]


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per target that the body tells apart.

    :param call: ``receipt`` is read as such, ``task``, ``trace`` and ``token`` have no targets in their ``value``; of
        any other the body's shape decides.
    """
    if not isinstance(reply, Response):
        return _same(unanswered(reply, CATALOGUE), reply, targets)
    answer = said(reply.body)
    if call == "receipt" or (answer is None and _is_receipt(reply)):
        from pushctl.vendors.meizu import receipts

        return receipts.judge(reply, targets, CATALOGUE, NOT_MEIZU)
    if answer is None or (answer.code == ACCEPTED and not 200 <= reply.status < 300):  # no success has another status
        return _same(_by_status(reply), reply, targets)
    if answer.code == ACCEPTED and answer.refused and call not in _ASKED:
        return _one_by_one(answer, reply, targets)
    return _same(whole(answer, reply), reply, targets, answer)


def said(body: bytes) -> Said | None:
    """The body taken apart; None when it is no object with a code, or a success without the ``value`` that Meizu's
    answers always have: others say ``"code": 200`` as well. Meizu's service for several vendors puts the map of refused
    targets one level deeper (MEIZUPUSH/ups-http-api:README.md)."""
    document = json_object(body)
    code = _code((document or {}).get("code"))
    if document is None or not code or (code == ACCEPTED and "value" not in document):
        return None
    if "value" not in document and _OF_OTHERS & document.keys():
        return None
    value, message, redirect = document.get("value"), document.get("message"), document.get("redirect")
    if isinstance(value, str) and (opened := json_object(value)) is not None:
        value = opened
    united = value.get("respTarget") if isinstance(value, dict) else None
    msg_id = document.get("msgId")
    return Said(
        code,
        message if isinstance(message, str) else "",
        value,
        str(msg_id) if isinstance(msg_id, str | int) and not isinstance(msg_id, bool) and msg_id != "" else None,
        redirect if isinstance(redirect, str) else "",
        _refused(value if united is None else united),
    )


def _refused(value: object) -> Mapping[str, str]:
    """Refused target to code. Only codes with a list, in which an alias can be a number, or one target alone are such;
    a task has numbers there."""
    found: dict[str, str] = {}
    for code, named in value.items() if isinstance(value, dict) else ():
        if code.strip().isdecimal():
            listed = named if isinstance(named, list) else [named] if isinstance(named, str) else []
            for target in filter(None, map(_code, listed)):
                found.setdefault(target, code.strip())
    return found


# --- the call as a whole, and target by target -----------------------------------------------------------------------


def whole(answer: Said, reply: Response) -> Judgement:
    """What the answer says of the call, and so of every target that ``value`` does not name."""
    detail = f"Meizu says: {one_line(answer.message, 200)!r}." if answer.message.strip() else ""
    if answer.redirect:
        detail = f"{detail} redirect is {one_line(answer.redirect, 200)!r}, which is not followed.".strip()
    return _entry(answer.code, reply, "" if answer.code == ACCEPTED else detail)


def _one_by_one(answer: Said, reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """The named targets by their code, the others accepted. An answer to a single target that names another one still
    speaks of that target: there is no other."""
    from pushctl.vendors.meizu.receipts import target_of

    says = {code: _entry(f"target/{code}", reply) for code in set(answer.refused.values())}
    if targets is None:
        return [
            Verdict(target_of(value, code), says[code], answer.msg_id, (), reply.ms)
            for value, code in answer.refused.items()
        ]
    if len(targets) == 1 and targets[0].value not in answer.refused:
        (name, code), *_ = answer.refused.items()
        told = replace(says[code], token_dead=None, detail=f"The answer names {one_line(name)!r}.")
        return [Verdict(targets[0], told, answer.msg_id, (), reply.ms)]
    accepted = whole(answer, reply)
    return [
        Verdict(one, says[answer.refused[one.value]], answer.msg_id, (), reply.ms)
        if one.value in answer.refused
        else Verdict(one, accepted, answer.msg_id, (), reply.ms)
        for one in targets
    ]


def _entry(code: str, reply: Response, detail: str = "") -> Judgement:
    """A code by its entry; one that has none is a refusal with its own text."""
    entry = CATALOGUE.find(code, reply.status)
    if entry is None:
        of_target = code.startswith("target/")
        told = detail or f"The code {one_line(code)} is in no list of Meizu's."
        return unlisted(code, reply.status, told, "target" if of_target else None)
    if entry.term and entry.term in detail:
        detail = ""  # the screen shows the term
    return from_entry(entry, reply.status, detail, wait_s=retry_after(reply) if entry.retryable else None)


def _by_status(reply: Response) -> Judgement:
    """An answer without a code: the status decides, unless a page or a success shows that somebody else speaks."""
    start = reply.body[:4000].lower()
    entry = CATALOGUE.find(f"http/{reply.status}")
    if entry is None or b"<html" in start or b"<!doctype" in start:
        return somebody_else(NOT_MEIZU, reply.status, reply.body, CATALOGUE, reply.header("location") or "")
    return from_entry(entry, reply.status, f"It came with {excerpt(reply.body)}.")


def _is_receipt(reply: Response) -> bool:
    if b"cb" not in reply.body and b"targets" not in reply.body:
        return False
    from pushctl.vendors.meizu import receipts

    return receipts.callback(reply.body) is not None


def _same(
    says: Judgement, reply: Reply, targets: tuple[Target, ...] | None, answer: Said | None = None
) -> list[Verdict]:
    message_id = answer.msg_id if answer else None
    return [Verdict(target, says, message_id, (), reply.ms) for target in targets or (None,)]


def _code(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    if codes == {_INVALID_SIGN}:
        return "sign-refused"
    return "every-token-refused" if codes <= _DEAD else None
