"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

An answer of Mi Push, as live samples show it (isayme/xiaomi-push:test/xiaomi-mocker.js)::

    {"result": "ok", "trace_id": "Xdm…", "code": 0, "data": {"id": "scm…", "day_quota": "50000", "day_acked": "0"},
     "description": "成功", "info": "Received push messages for 1 REGID"}

Refusals come with HTTP 200 as well, so the body decides whatever the status: ``code`` 0 is accepted, any other is not,
and ``reason`` says more. Of several regids the unusable ones stand in ``data.bad_regids`` (one client spells it
``bad_regIds``); only when none is usable the request is refused, with 20301.
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
from pushctl.core.message import Target
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Response

if TYPE_CHECKING:
    from pushctl.core.catalogue import Category, Entry
    from pushctl.core.finding import Finding

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")
NOT_MI = "NOT_MI"
SUCCESS = "0"

_BAD = "data.bad_regids"
_REFUSED_TARGETS = frozenset({_BAD, "20301"})
_TOLD = ("trace_id", "day_quota", "day_acked", "channel_exceed_quota")
_FAMILIES: Mapping[str, Category] = {"213": "credential", "220": "config", "2000": "quota", "27": "classification"}
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of Mi Push, taken apart.

    :ivar code: as text, whether it was sent as a number or as text. :ivar reason: ``reason``, else ``description``.
    :ivar term: ``description``, the code's fixed words in Chinese. :ivar message_id: ``data.id``.
    :ivar data: ``data``, empty where there is none. :ivar bad: the regids of ``data.bad_regids``.
    """

    code: str
    reason: str
    term: str
    message_id: str | None
    trace_id: str
    data: Mapping[str, Any]
    bad: frozenset[str]

    @property
    def quoted(self) -> str:
        """What Mi Push says beside the code, one sentence, or ""."""
        return f"Mi Push says: {one_line(self.reason, 200).rstrip('.')!r}." if self.reason else ""

    @property
    def facts(self) -> Facts:
        """Public values worth showing, in Xiaomi's words."""
        values = {"trace_id": self.trace_id, **{name: _text(self.data.get(name)) for name in _TOLD[1:]}}
        return tuple((name, one_line(values[name])) for name in _TOLD if values[name])


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per target that the body tells apart.

    :param call: ``receipt`` is read as such; of any other the body's shape decides.
    """
    if not isinstance(reply, Response):
        return _same(unanswered(reply, CATALOGUE), reply, targets)
    from pushctl.vendors.mi import receipts

    document = json_object(reply.body)
    if call == "receipt" or receipts.is_receipt(document) or reply.body.lstrip()[:5] == b"data=":
        return [_blamed_target(one) for one in receipts.judge(reply, targets)]
    answer = said(document)
    if answer is None or (answer.code == SUCCESS and not 200 <= reply.status < 300):  # no success has another status
        return _same(_by_status(reply), reply, targets)
    if answer.code == SUCCESS and answer.bad:
        return _each(answer, reply, targets)
    return [_blamed_target(one) for one in _same(whole(answer, reply), reply, targets, answer)]


def said(document: Mapping[str, Any] | None) -> Said | None:
    """The body taken apart; None when it is no object with a code. One without a code and with ``result`` ok and an id
    is taken for a success; a code 0 alone is not: every other service and gateway says that."""
    if document is None:
        return None
    data = document.get("data")
    inner: Mapping[str, Any] = data if isinstance(data, dict) else {}
    code = _text(document.get("code"))
    is_ok, message_id = document.get("result") == "ok", _text(inner.get("id"))
    if not code and is_ok and message_id:
        code = SUCCESS
    trace_id = _text(document.get("trace_id"))
    if not code or (code == SUCCESS and (document.get("result") == "error" or not (is_ok or message_id or trace_id))):
        return None
    term = _text(document.get("description"))
    bad = _text(inner.get("bad_regids")) or _text(inner.get("bad_regIds"))
    return Said(
        code,
        _text(document.get("reason")) or term,
        term,
        message_id or None,
        trace_id,
        inner,
        frozenset(part.strip().replace(" ", "+") for part in bad.split(",") if part.strip()),
    )


def whole(answer: Said, reply: Response) -> Judgement:
    """What the answer says of every target alike."""
    if answer.code == SUCCESS:
        return _listed(SUCCESS, reply)
    entry = meaning(answer)
    if entry is None:
        return unlisted(answer.code, reply.status, answer.quoted, _category(answer.code))
    wait_s = retry_after(reply) if entry.retryable else None
    return from_entry(entry, reply.status, answer.quoted, wait_s=wait_s)


def meaning(answer: Said) -> Entry | None:
    """The catalogue's entry of a code: where it has several, the one whose words the reason has; else the one that has
    none."""
    meanings = CATALOGUE.meanings(answer.code)
    if len(meanings) < 2:
        return next(iter(meanings), None)
    spoken = answer.reason.casefold()
    by_words = (entry for entry in meanings if any(words.casefold() in spoken for words in entry.match))
    return next(by_words, None) or next((entry for entry in meanings if not entry.match), meanings[0])


def _category(code: str) -> Category | None:
    """A code that no list has: Xiaomi's numbers are in families (dev.mi.com pId=1560), and its table is known in part
    only. Without a family the status decides."""
    return next((category for start, category in _FAMILIES.items() if code.startswith(start)), None)


def _listed(code: str, reply: Response) -> Judgement:
    """A code that is certainly in the catalogue."""
    (entry,) = CATALOGUE.meanings(code)
    return from_entry(entry, reply.status)


# --- target by target ------------------------------------------------------------------------------------------------


def _each(answer: Said, reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """The regids of ``data.bad_regids`` are refused, all others accepted. No regid has a blank: where one stands, a +
    was lost on the way."""
    accepted, refused = whole(answer, reply), _listed(_BAD, reply)

    def verdict(target: Target | None, says: Judgement) -> Verdict:
        return Verdict(target, says, answer.message_id, answer.facts, reply.ms)

    def is_bad(value: str) -> bool:
        return value.replace(" ", "+") in answer.bad

    if targets is None:
        return [*(verdict(Target("token", regid), refused) for regid in sorted(answer.bad)), verdict(None, accepted)]
    return [verdict(target, refused if is_bad(target.value) else accepted) for target in targets]


def _blamed_target(verdict: Verdict) -> Verdict:
    """What is said of an alias, a user or a topic blames no device: nothing is known of any token."""
    says = verdict.says
    if says.category == "token" and verdict.target is not None and verdict.target.kind != "token":
        return replace(verdict, says=replace(says, category="target", token_dead=None))
    return verdict


def _same(
    says: Judgement, reply: Reply, targets: tuple[Target, ...] | None, answer: Said | None = None
) -> list[Verdict]:
    message_id, facts = (answer.message_id, answer.facts) if answer else (None, ())
    return [Verdict(target, says, message_id, facts, reply.ms) for target in targets or (None,)]


# --- answers without a code ------------------------------------------------------------------------------------------


def _by_status(reply: Response) -> Judgement:
    """The status decides, unless a page or a success shows that somebody else speaks."""
    start = reply.body[:4000].lower()
    family = f"http/{reply.status // 100}xx"
    entry = CATALOGUE.find(f"http/{reply.status}") or CATALOGUE.find(family)
    if entry is None or b"<html" in start or b"<!doctype" in start:
        return somebody_else(NOT_MI, reply.status, reply.body, CATALOGUE, reply.header("location") or "")
    wait_s = retry_after(reply) if entry.retryable else None
    return from_entry(entry, reply.status, f"It said {reply.status} with {excerpt(reply.body)}.", wait_s=wait_s)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    return "every-token-refused" if codes <= _REFUSED_TARGETS else None


# --- small readings --------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    """A text or a whole number as text without blanks around it; "" for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
