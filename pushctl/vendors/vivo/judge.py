"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

An answer, as vivo's document and those who quote real ones have it::

    {"result": 0, "desc": "请求成功", "taskId": "12139732"}
    {"result": 10302, "desc": "regId 不合法", "invalidUser": {"status": 1, "userid": "…"}}
    {"result": 0, "desc": "…", "requestId": "…", "invalidUsers": [{"status": 2, "userid": "…"}]}

``result`` decides, and comes with HTTP 200; it is a number, and clients also read text. Ids that were not taken stand
under ``invalidUser`` (a single push) or ``invalidUsers`` (a list), beside a result of 0 as beside 10302, and their
``status`` says more than the result: 1 and 2 are dead, 4 is a device that is not on the test list. ``desc`` is never
compared: it is written with a blank here and without one there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import excerpt, from_entry, json_object, one_line, somebody_else, unanswered, unlisted
from pushctl.core.catalogue import Catalogue
from pushctl.core.message import Target
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Renew, Verdict
from pushctl.core.wire import Reply, Response

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")
NOT_VIVO = "NOT_VIVO"

SUCCESS = "0"
_INVALID = "invalidUser/"
_NO_TOKEN = "authToken=missing"
_TEST_ONLY = frozenset({f"{_INVALID}4", "10045"})
_REFUSED_IDS = frozenset({"10302", f"{_INVALID}1", f"{_INVALID}2"})
# A token that is not good any more, most likely; the flow gets another one, once.
_RENEW: Mapping[str, Renew] = {"10000": "grant"}

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, taken apart.

    :ivar code: ``result`` as text, whether it was sent as a number or as text. :ivar desc: vivo's own sentence.
    :ivar invalid: id to status, of every id that is listed; a status as text.
    :ivar single: whether they stood under ``invalidUser``: then there is one, and it is the push's own.
    """

    code: str
    desc: str
    task_id: str | None
    request_id: str | None
    invalid: Mapping[str, str]
    single: bool

    @property
    def quoted(self) -> str:
        """The sentence alone, for a verdict that shows the code itself."""
        return f"In vivo's words: {one_line(self.desc, 200)!r}." if self.desc.strip() else ""

    @property
    def raw(self) -> str:
        """Result and sentence as they came."""
        return f"The answer has result {self.code}{f', {one_line(self.desc, 200)!r}' if self.desc.strip() else ''}."

    @property
    def facts(self) -> Facts:
        return (("requestId", self.request_id),) if self.request_id else ()


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per id that the body tells apart.

    :param call: ``auth`` and ``receipt`` are read as such, ``data`` of ``token`` as ``invalidUsers``, which has the
        same rows; of any other the body's shape decides.
    """
    if not isinstance(reply, Response):
        return _same(unanswered(reply, CATALOGUE), reply, targets)
    from pushctl.vendors.vivo import receipts

    document = json_object(reply.body)
    if call == "token" and document is not None and "data" in document:
        document = {"invalidUsers": document["data"], **document}
    if call == "receipt" or receipts.is_receipt(document):
        return receipts.judge(reply, targets)
    if call == "auth" or (document is not None and "authToken" in document):
        return _same(token(reply), reply, targets)
    answer = said(document)
    if answer is None or (answer.code == SUCCESS and not 200 <= reply.status < 300):
        return _same(_by_status(reply), reply, targets)
    return _ids(answer, reply, targets) if answer.invalid else _same(whole(answer, reply), reply, targets, answer)


def said(document: Mapping[str, Any] | None) -> Said | None:
    """The body taken apart; None when it is no object with a result. Mi's ``"result": "error"`` is none."""
    code = _text((document or {}).get("result"))
    if document is None or not code.removeprefix("-").isdecimal():
        return None
    one, several = document.get("invalidUser"), document.get("invalidUsers")
    rows = [one] if isinstance(one, dict) else []
    rows += [row for row in several if isinstance(row, dict)] if isinstance(several, list) else []
    desc = document.get("desc")
    return Said(
        code,
        desc if isinstance(desc, str) else "",
        _text(document.get("taskId")) or None,
        _text(document.get("requestId")) or None,
        {_text(row.get("userid")): status for row in rows if (status := _text(row.get("status")))},
        isinstance(one, dict) and not isinstance(several, list),
    )


def token(reply: Reply) -> Judgement:
    """What ``/message/auth`` says: a token, or a result that refuses it."""
    if not isinstance(reply, Response):
        return unanswered(reply, CATALOGUE)
    document = json_object(reply.body)
    answer = said(document)
    if answer is None or (answer.code == SUCCESS and not 200 <= reply.status < 300):
        return replace(_by_status(reply), renew="no")
    if answer.code != SUCCESS:  # there is no token yet that could be renewed
        return replace(_entry(answer.code, reply, answer.quoted), renew="no")
    if granted(document) is None:
        return _entry(_NO_TOKEN, reply)
    return Judgement("accepted", "", None, http_status=reply.status, detail="An authToken, good for 24 hours.")


def granted(document: Mapping[str, Any] | None) -> str | None:
    """The token that an answer holds, or None. One with blanks or letters that no header can carry is none."""
    found = (document or {}).get("authToken")
    token = found.strip() if isinstance(found, str) else ""
    return token if token and token.isascii() and token.isprintable() and " " not in token else None


# --- the request as a whole, and id by id ----------------------------------------------------------------------------


def whole(answer: Said, reply: Response) -> Judgement:
    """What the answer says of every id that it does not list."""
    return _entry(answer.code, reply, "" if answer.code == SUCCESS else answer.quoted)


def _ids(answer: Said, reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """The listed ids by their status; the others by the result."""
    listed = {status: _entry(_INVALID + status, reply, answer.raw) for status in set(answer.invalid.values())}
    others = whole(answer, reply)

    def verdict(target: Target | None, says: Judgement) -> Verdict:
        return Verdict(target, says, answer.task_id, answer.facts, reply.ms)

    if targets is None:
        found = [
            verdict(Target("token", one) if one else None, listed[status]) for one, status in answer.invalid.items()
        ]
        return found if answer.single or answer.code != SUCCESS else [*found, verdict(None, others)]
    if answer.single and len(targets) == 1:  # whatever is written as its userid
        (status,) = answer.invalid.values()
        return [verdict(targets[0], listed[status])]
    return [
        verdict(one, listed[answer.invalid[one.value]] if one.value in answer.invalid else others) for one in targets
    ]


def _entry(code: str, reply: Response, detail: str = "") -> Judgement:
    """A code by its entry; one that has none is a refusal with its own text."""
    entry = CATALOGUE.find(code, reply.status)
    if entry is None:
        return unlisted(code, reply.status, detail, "token" if code.startswith(_INVALID) else None)
    return from_entry(entry, reply.status, detail, renew=_RENEW.get(entry.code, "no"))


def _by_status(reply: Response) -> Judgement:
    """An answer without a result: the status decides, unless a page or a success shows that somebody else speaks. 500
    with a plain text and 400 are in vivo's document and in reports."""
    start = reply.body[:4000].lower()
    entry = CATALOGUE.find(f"http/{reply.status}")
    if entry is None or b"<html" in start or b"<!doctype" in start:
        return somebody_else(NOT_VIVO, reply.status, reply.body, CATALOGUE, reply.header("location") or "")
    return _entry(entry.code, reply, f"It came with {excerpt(reply.body)}.")


def _same(
    says: Judgement, reply: Reply, targets: tuple[Target, ...] | None, answer: Said | None = None
) -> list[Verdict]:
    message_id, facts = (answer.task_id, answer.facts) if answer else (None, ())
    return [Verdict(target, says, message_id, facts, reply.ms) for target in targets or (None,)]


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    if codes <= _TEST_ONLY:
        return "test-devices-only"
    return "every-token-refused" if codes <= _REFUSED_IDS else None


# --- small readings --------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    """A number or a text as text, ``10302.0`` of a tool without whole numbers as ``10302``; "" for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
