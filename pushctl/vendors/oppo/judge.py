"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

Every answer has HTTP status 200 and ``{"code": 0, "message": "…", "data": …}`` (open.oppomobile.com, document 11235);
the code alone decides, a number or text, and any other status is somebody else's or the machine's. ``data`` tells the
interface: ``messageId`` of a unicast; an array in the order of the request of a batch, where a row with ``errorCode``
is a refusal; ``message_id``, ``task_id`` and one key per error code that lists the refused targets of a broadcast (the
official SDK reads it so).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import zip_longest
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
from pushctl.core.message import Target
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Renew, Verdict
from pushctl.core.wire import Reply, Response

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")
NOT_OPPO = "NOT_OPPO"

_SUCCESS, _BAD_ID, _BAD_ARGUMENTS = "0", "10000", "41"
_NOT_SAID, _NO_TOKEN, _NO_ID = "data=missing", "auth_token=missing", "message_id=missing"
_RENEW: Mapping[str, Renew] = {"11": "grant"}  # the flow gets another token, once
_OF_AN_ID = re.compile(r"regist|reg_?id", re.IGNORECASE)
_LIST = re.compile(r"[;,]")
_DIGITS = re.compile(r"-?[0-9]{1,9}")

Targets = tuple[Target, ...] | None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, taken apart.

    :ivar code: as text. :ivar text: ``message``; "" where there is none. :ivar data: whatever stands there.
    """

    code: str
    text: str
    data: Any

    @property
    def fields(self) -> Mapping[str, Any]:
        """``data`` as an object, empty where it is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def quoted(self) -> str:
        """The message, where it tells more than the code's own name."""
        entry = CATALOGUE.find(self.code)
        text = one_line(self.text, 200)
        same = entry is not None and text.strip(" .").casefold() == entry.name.casefold()
        return f"OPPO says: {text!r}." if text and not same else ""


def judge(call: str, reply: Reply, targets: Targets) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per target that the body tells apart.

    :param call: ``auth`` and ``receipt`` are read as such; of any other the body's shape decides.
    """
    if not isinstance(reply, Response):
        return _same(unanswered(reply, CATALOGUE), reply, targets)
    from pushctl.vendors.oppo import receipts

    if call == "receipt" or receipts.is_receipt(reply.body):
        return receipts.judge(reply, targets)
    answer = said(json_object(reply.body))
    if answer is None or not 200 <= reply.status < 300:
        return _same(_by_status(reply), reply, targets)
    if answer.code != _SUCCESS:
        says = _entry(answer.code, answer.text, reply, answer.quoted)
        # At the token endpoint there is no token yet that could be renewed.
        return _same(replace(says, renew="no") if call == "auth" else says, reply, targets)
    if call == "auth" or "auth_token" in answer.fields:
        return _same(token(reply), reply, targets)
    if isinstance(answer.data, list):
        return _rows(answer.data, reply, targets)
    if call.partition(".")[0] == "batch" and not answer.fields:
        return _same(_not_said(reply), reply, targets)
    return _lists(answer, reply, targets)


def said(document: Mapping[str, Any] | None) -> Said | None:
    """The body taken apart; None when it is no object with a code."""
    code = _code((document or {}).get("code"))
    if document is None or not code:
        return None
    message, data = document.get("message"), document.get("data")
    return Said(code, message if isinstance(message, str) else "", _opened(data) if isinstance(data, str) else data)


def _opened(data: str) -> Any:
    """``data`` as one Go client passes it on, as JSON text, taken apart; any other text as it is."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data


def saved(reply: Reply) -> str | None:
    """The id of a saved body, or None where the answer has none."""
    answer = said(json_object(reply.body)) if isinstance(reply, Response) and reply.status < 300 else None
    return _id(answer.fields) if answer is not None and answer.code == _SUCCESS else None


def not_saved(reply: Reply) -> Judgement:
    """Why a body has no id: a success that names none is no success, for nothing can be sent with it."""
    says = judge("save", reply, None)[0].says
    entry = CATALOGUE.find(_NO_ID) if says.outcome == "accepted" else None
    return from_entry(entry, says.http_status) if entry else says


# --- the push API ----------------------------------------------------------------------------------------------------


def _lists(answer: Said, reply: Response, targets: Targets) -> list[Verdict]:
    """A unicast, or a broadcast: the refused targets stand under their code, the others were taken."""
    message_id, task_id = _id(answer.fields), _text(answer.fields.get("task_id"))
    facts = (("task_id", task_id),) if task_id else ()
    taken = _entry(_SUCCESS, "", reply)
    refused = {value: _entry(code, "", reply) for code, value in _refused(answer.fields)}
    if targets is None:
        told = [Verdict(_target(value), says, message_id, facts, reply.ms) for value, says in refused.items()]
        return [*told, Verdict(None, taken, message_id, facts, reply.ms)]
    return [Verdict(one, refused.get(one.value, taken), message_id, facts, reply.ms) for one in targets]


def _refused(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Code and target, from ``{"10000": ["a", "b"]}``, or the same as text."""
    for code, listed in fields.items():
        if not (code.isascii() and code.removeprefix("-").isdecimal()):
            continue
        values = _LIST.split(listed.strip("[] ")) if isinstance(listed, str) else listed
        for value in values if isinstance(values, list) else ():
            if isinstance(value, str) and value.strip(' "'):
                yield code, value.strip(' "')


def _rows(rows: list[Any], reply: Response, targets: Targets) -> list[Verdict]:
    """The answer of a batch, a row per target: that of its place where it names this target or nobody, else the one
    that names it, else that of its place (what stands in a row of an alias is not documented)."""
    if targets is None:
        told = [_row(row, None, reply) for row in rows if isinstance(row, dict)]
        return told or [Verdict(None, _not_said(reply), None, (), reply.ms)]
    by_id = {_named(row): row for row in rows if _named(row)}
    others = {target.value for target in targets} if len(rows) == len(targets) else by_id.keys()
    verdicts = []
    for target, row in zip_longest(targets, rows[: len(targets)]):
        here = isinstance(row, dict) and _named(row) in ("", target.value)
        stray = None if _named(row) in others else row
        verdicts.append(_row(row if here else by_id.get(target.value, stray), target, reply))
    return verdicts


def _named(row: Any) -> str:
    """Whom a row speaks of; "" where it does not say."""
    return _text(row.get("registrationId")) if isinstance(row, dict) else ""


def _row(row: Any, target: Target | None, reply: Response) -> Verdict:
    """A row with an error's code is a refusal, one with an id and no error was taken; of any other nothing is known."""
    if not isinstance(row, dict):
        return Verdict(target, _not_said(reply), None, (), reply.ms)
    value, error, message_id = _named(row), row.get("errorCode"), _id(row)
    whose = target or (_target(value) if value else None)
    code = _code(error)
    if code not in ("", _SUCCESS):
        text = row.get("errorMessage")
        answer = Said(code, text if isinstance(text, str) else "", None)
        return Verdict(whose, _entry(code, answer.text, reply, answer.quoted), message_id, (), reply.ms)
    taken = message_id is not None and (code == _SUCCESS or error in (None, ""))
    return Verdict(whose, _entry(_SUCCESS, "", reply) if taken else _not_said(reply), message_id, (), reply.ms)


def _entry(code: str, text: str, reply: Response, detail: str = "") -> Judgement:
    """A code by its entry; one that has none is a refusal with its own text. Code 41 stands for any bad argument: where
    its text names the registration id it is about the target, and still no proof that the id is dead."""
    entry = CATALOGUE.find(code)
    if entry is None:
        return unlisted(code, reply.status, detail, "payload" if _is_of_business(code) else None)
    wait_s = retry_after(reply) if entry.retryable else None
    says = from_entry(entry, reply.status, detail, wait_s=wait_s, renew=_RENEW.get(entry.code, "no"))
    if code == _BAD_ARGUMENTS and _OF_AN_ID.search(text):
        return replace(says, category="token", token_dead=None)
    return says


def _is_of_business(code: str) -> bool:
    """10000 to 20000 belong to an interface, at most ten to each, and all but one are unpublished (document 11235)."""
    return code.isdecimal() and 10000 <= int(code) <= 20000


def _not_said(reply: Response) -> Judgement:
    """An answer that arrived and does not tell what became of this target."""
    entry = CATALOGUE.find(_NOT_SAID)
    category = entry.category if entry else None
    return Judgement("unknown", _NOT_SAID, category, http_status=reply.status, entry=entry)


def _by_status(reply: Response) -> Judgement:
    """No answer of the API's own: the status decides where it is the server's, else somebody else speaks."""
    start = reply.body[:4000].lower()
    entry = CATALOGUE.find(f"http/{reply.status}")
    if entry is None or b"<html" in start or b"<!doctype" in start:
        return somebody_else(NOT_OPPO, reply.status, reply.body, CATALOGUE, reply.header("location") or "")
    return from_entry(entry, reply.status, f"It came with {excerpt(reply.body)}.", wait_s=retry_after(reply))


def _same(says: Judgement, reply: Reply, targets: Targets) -> list[Verdict]:
    return [Verdict(target, says, None, (), reply.ms) for target in targets or (None,)]


# --- the token endpoint ----------------------------------------------------------------------------------------------


def token_of(reply: Reply) -> str | None:
    """The auth token; None where the answer has none, and for a text with blanks, which is none."""
    answer = said(json_object(reply.body)) if isinstance(reply, Response) and reply.status < 300 else None
    token = answer.fields.get("auth_token") if answer is not None and answer.code == _SUCCESS else None
    if not isinstance(token, str) or not token or " " in token:
        return None
    return token if token.isascii() and token.isprintable() else None


def token(reply: Reply) -> Judgement:
    """What the token endpoint says: a token, or a code."""
    if not isinstance(reply, Response):
        return unanswered(reply, CATALOGUE)
    if token_of(reply) is not None:
        return Judgement("accepted", "", None, http_status=reply.status, detail="An auth token that lives 24 hours.")
    answer = said(json_object(reply.body))
    if answer is None or not 200 <= reply.status < 300:
        return _by_status(reply)
    code = _NO_TOKEN if answer.code == _SUCCESS else answer.code
    return replace(_entry(code, answer.text, reply, answer.quoted), renew="no")


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    return "every-token-refused" if codes <= {_BAD_ID} else None


# --- small readings --------------------------------------------------------------------------------------------------


def _code(value: object) -> str:
    """A code's digits, also from ``10000.0``, as tools without whole numbers write it; "" for what is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if _DIGITS.fullmatch(text) else ""


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _id(fields: Mapping[str, Any]) -> str | None:
    """The id of a message: ``messageId`` in a unicast and a batch, ``message_id`` where a body was saved."""
    return _text(fields.get("messageId")) or _text(fields.get("message_id")) or None


def _target(value: str) -> Target:
    return Target("token", value)
