"""What an answer means, wherever it was logged: as it was received, or with text around it. Offline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.message import Message, Target
from pushctl.core.report import Report, Result
from pushctl.core.wire import Goaway, Reply, Response
from pushctl.flows import logged
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.vendor import Vendor
    from pushctl.core.verdict import Judgement, Verdict

Headers = Sequence[tuple[str, str]]

_MANY = 20  # more answers in one text are not counted
_STAND_IN = 200  # the status that an answer is read with where nobody knows it
_BY_STATUS = "http/"  # entries of this family speak of the HTTP status alone: any body fits them


def judge_raw(
    vendor: str,
    body: bytes,
    *,
    http_status: int | None = None,
    goaway: bool = False,
    headers: Headers = (),
    call: str = "send",
    target: Target | None = None,
) -> Report:
    """What ``send`` would have made of this answer.

    A whole HTTP message is taken apart (its status and headers give way to those that were said). Where the body as it
    stands tells nothing, the first object in it that the vendor can read is judged, also one that is escaped or that
    Python printed; a finding says so. A body that is cut off, that only names codes, or that another vendor would read
    is told as such.

    :param body: the answer's body, or the debug data of a GOAWAY frame.
    :param http_status: None with ``goaway``, where the body starts with a status line, and where it says all there is
        to know (receipts, and every answer with a code that the catalogue has).
    :param call: which interface answered: one of :func:`calls_of`.
    :param target: whom the push went to; without it there is one result per target that the body tells apart.
    :raises UsageError: for an unknown vendor or call, and when a status is needed.
    """
    machine = registry.load(vendor)
    refuse_unknown_call(machine, call)
    given = tuple((name.lower(), value) for name, value in headers)
    findings: list[Finding] = []
    if not goaway:
        body = logged.as_utf8(body)
        taken = logged.http_message(body)
        if taken is not None:
            status, received, body = taken
            http_status = status if http_status is None else http_status
            given += tuple(pair for pair in received if pair[0] not in {name for name, _ in given})
            text = "A whole HTTP message was given; its status, headers and body are used."
            findings.append(Finding("http-message", "info", text))
    case = _Case(machine, call, given, http_status, goaway)
    reply, found = case.readable(body)
    if isinstance(reply, Goaway):
        reply = replace(reply, sent="maybe")  # a log does not say which stream was the last one processed
    findings += found
    if http_status is None and not goaway:
        findings += case.without_status(reply, body.decode("utf-8", "replace"))
    verdicts = [case.told(verdict, body) for verdict in machine.judge(call, reply, (target,) if target else None)]
    findings += _doubts(case, body, verdicts)
    results = [Result(machine.card.id, verdict, "raw", reply, id_name=machine.card.id_name) for verdict in verdicts]
    return Report(results, findings)


# --- interfaces ------------------------------------------------------------------------------------------------------


def calls_of(machine: Vendor) -> tuple[str, ...]:
    """The interfaces that answer: ``send`` and what else pushes go to; ``auth`` where tokens are asked for; what the
    vendor can be asked, by its full name (``topic.list``) and by its family (``topic``); ``receipt`` where the vendor
    sends receipts."""
    names = {"send", *machine.card.calls, *machine.asks, *(ask.partition(".")[0] for ask in machine.asks)}
    for kind in machine.card.targets:
        names |= {job.call for job in machine.plan([(Message(), Target(kind, "x"))])}
    if any("auth" in roles for roles in machine.card.hosts.values()):
        names.add("auth")
    if any(code.startswith("receipt/") for code in machine.catalogue.codes()):
        names.add("receipt")
    return tuple(sorted(names))


def refuse_unknown_call(machine: Vendor, call: str) -> None:
    """Raise ``UsageError`` for an interface that the vendor has not."""
    known = calls_of(machine)
    if call not in known:
        families = [name for name in known if "." not in name]
        raise UsageError(
            f"{machine.card.name} has no interface called {call!r}.",
            f"Known: {', '.join(families)}; leave --call out, and the body's shape decides.",
            rule="unknown-call",
            where="--call",
        )


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything about an answer but its body."""

    machine: Vendor
    call: str
    headers: tuple[tuple[str, str], ...]
    status: int | None
    goaway: bool

    def reply(self, content: bytes) -> Reply:
        status = _STAND_IN if self.status is None else self.status
        return Goaway(content) if self.goaway else Response(status, self.headers, content)

    def says(self, reply: Reply) -> list[Judgement]:
        return [verdict.says for verdict in self.machine.judge(self.call, reply, None)]

    def knows(self, reply: Reply) -> bool:
        """Whether the vendor reads its own word in it: a code of its catalogue that is more than the HTTP status, or a
        success that names the push."""
        return any(
            _is_read(one.says) and bool(one.says.entry or one.says.code or one.message_id)
            for one in self.machine.judge(self.call, reply, None)
        )

    def takes(self, reply: Reply) -> bool:
        """Whether the vendor takes it for a success, as it does with nearly any object that answers a question."""
        return any(one.outcome == "accepted" for one in self.says(reply))

    def readable(self, body: bytes) -> tuple[Reply, list[Finding]]:
        """The answer as given; or, when the vendor cannot read it, with an object inside the text that it can."""
        whole = self.reply(body)
        if self.knows(whole):
            return whole, []
        # A code of no catalogue is the answer all the same: only what stands escaped in one of its strings (a logger's
        # own "code" around the answer) says more.
        own_word = _is_object(body) and any(one.outcome == "refused" and one.entry is None for one in self.says(whole))
        text = body.decode("utf-8", "replace")
        tried = [one for one in logged.objects(text) if one.body != body and not (own_word and one.how == "json")]
        for fits in (self.knows, self.takes):
            for found in tried:
                if fits(reply := self.reply(found.body)):
                    return reply, [_extracted(found, self.others_behind(text, found.end))]
            if own_word or self.takes(whole):
                break
        return whole, []

    def others_behind(self, text: str, place: int) -> int:
        """How many more answers the text holds from there on; they are not counted for ever."""
        count, end = 0, 0
        for found in logged.objects(text[place:]):
            if count == _MANY:
                break
            if found.start >= end and self.knows(self.reply(found.body)):
                count, end = count + 1, found.end
        return count

    def named(self, text: str) -> tuple[str, ...]:
        """Codes of the vendor's that stand in a text."""
        return logged.named(text, self.machine.catalogue.codes())

    def commands(self, codes: Sequence[str]) -> str:
        """How each is explained."""
        return " or ".join(f"'pushctl explain {self.machine.card.id}:{code}'" for code in codes)

    def without_status(self, reply: Reply, text: str) -> Iterator[Finding]:
        """What to say where nobody gave the HTTP status. Raises ``UsageError`` where it is needed."""
        if self.call == "receipt":
            return  # a receipt is the vendor's own request
        if not self.knows(reply):
            codes = self.named(text)
            names = f" It names {' and '.join(codes)}: {self.commands(codes)}." if codes else ""
            raise UsageError(
                "The status of the answer is missing.",
                f"Add --http-status N (or --goaway for what stood in a GOAWAY frame).{names}",
                rule="no-http-status",
            )
        yield Finding("no-status", "info", "No HTTP status was given; the body decides without it.")

    def told(self, verdict: Verdict, body: bytes) -> Verdict:
        """A verdict as it is shown: without the status that stood in for an unknown one; of an answer that nobody can
        read, since it is cut off, saying that."""
        says = verdict.says
        if self.status is None and says.http_status == _STAND_IN:
            says = replace(says, http_status=None)
        cut = self.machine.catalogue.find(f"{says.code}/cut") if _is_unread(says) else None
        if cut is not None and logged.is_cut(body.decode("utf-8", "replace")):
            says = replace(says, code=cut.code, entry=cut, detail=f"It ends after {len(body)} bytes.")
        return replace(verdict, says=says)


def _is_read(says: Judgement) -> bool:
    """Whether this is the vendor's own word: a success, a listed code, or a receipt of what is still on its way."""
    if says.outcome == "accepted":
        return True
    if says.entry is None or says.code.startswith(_BY_STATUS):
        return False
    return says.outcome == "refused" or says.code.startswith("receipt/")


def _is_unsure(says: Judgement) -> bool:
    """Whether the vendor's word is not in its own list, or none but the HTTP status was understood."""
    return says.outcome == "refused" and (says.entry is None or says.code.startswith(_BY_STATUS))


def _is_unread(says: Judgement) -> bool:
    """Whether somebody else must have written it."""
    return says.outcome == "unknown" and says.code.startswith("NOT_")


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


# --- what there is to say about it -----------------------------------------------------------------------------------


_EXTRACTED = {
    "json": "The JSON object at character {place} is judged; the text around it is left out.",
    "escaped": "The answer stands escaped in the text from character {place} on; it is unescaped and judged.",
    "python": "What stands at character {place} is no JSON but a Python dict as print() writes it ('single quotes', "
    "None, True); it is read as if it were JSON.",
}


def _extracted(found: logged.Found, others: int) -> Finding:
    """That an object within the text is judged, how it stood there, and that it is not the only one."""
    python = found.how == "python"
    text = _EXTRACTED[found.how].format(place=found.start + 1)
    fixes = ["Log the answer's own text (response.text), or json.dumps() of it."] if python else []
    if others:
        number = f"At least {others}" if others == _MANY else str(others)
        text += f" {'One more answer follows' if others == 1 else f'{number} more answers follow'}, not judged here."
        fixes.append("Give each answer by itself.")
    rule = "body-not-json" if python else "body-extracted"
    return Finding(rule, "warning" if fixes else "info", text, " ".join(fixes))


def _doubts(case: _Case, body: bytes, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    """What may help where the vendor's own word is not in it: codes that are named, another vendor's form."""
    says = [verdict.says for verdict in verdicts]
    unread = all(_is_unread(one) for one in says)
    if case.goaway or not (unread or any(_is_unsure(one) for one in says)):
        return
    text = body.decode("utf-8", "replace")
    if unread and (codes := case.named(text)):
        yield Finding(
            "names-codes",
            "warning",
            f"There is no whole answer in it, but it names {' and '.join(codes)}.",
            f"Read {case.commands(codes)}; better, give the whole answer.",
        )
    if "{" in text:
        yield from _elsewhere(case, body, guess=unread)


def _elsewhere(case: _Case, body: bytes, *, guess: bool) -> Iterator[Finding]:
    """The vendors whose answer this is by its form: those that are surest of it.

    :param guess: whether a catalogue that is not sure itself counts.
    """
    read: dict[str, tuple[Vendor, Judgement]] = {}
    for vendor in registry.VENDORS:
        if vendor == case.machine.card.id:
            continue
        machine = registry.load(vendor)
        call = case.call if case.call in calls_of(machine) else "send"
        other = _Case(machine, call, case.headers, case.status, case.goaway)
        reply, _ = other.readable(body)
        for one in machine.judge(call, reply, None):
            if _is_read(one.says) and (one.says.entry or one.message_id):  # else any JSON would do
                read.setdefault(vendor, (machine, one.says))
    best = min((_doubt(says) for _, says in read.values()), default=0)
    if best == _UNSURE and not guess:
        return
    read = {vendor: pair for vendor, pair in read.items() if _doubt(pair[1]) == best}
    if read:
        told = " and of ".join(f"{one.card.name}{f', {says.code}' if says.code else ''}" for one, says in read.values())
        commands = " or ".join(f"'pushctl explain {vendor}'" for vendor in read)
        yield Finding(
            "other-vendor",
            "warning",
            f"By its form this is an answer of {told}.",
            f"Ask {commands} with the same options.",
        )


_UNSURE = 2


def _doubt(says: Judgement) -> int:
    """How far its meaning is from certain."""
    return ("high", "medium", "low").index(says.entry.confidence) if says.entry else 0
