"""An answer that was logged: with which vendor's eyes it is read, and what of the text around it is the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.message import Message, Target
from pushctl.core.wire import Goaway, Reply, Response
from pushctl.flows import answer_forms, answer_words, logged

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.vendor import Vendor
    from pushctl.core.verdict import Judgement, Verdict

STAND_IN = 200
"""The status that an answer is read with where nobody knows it."""
BY_STATUS = "http/"
"""Entries of this family speak of the HTTP status alone: any body fits them."""
_MANY = 20  # more answers in one text are not counted
_MOST_NAMED = 3  # codes that a text may mean
_TELLING = 12  # bytes of a message that tells which code it belongs to
_CERTAIN = 3  # names of the vendor's in an answer that make it the vendor's


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
class Case:
    """Everything about an answer but its body."""

    machine: Vendor
    call: str
    headers: tuple[tuple[str, str], ...]
    status: int | None
    goaway: bool

    @property
    def has_goaway(self) -> bool:
        """Whether the vendor is spoken to over HTTP/2, where a connection can end with a reason."""
        return self.machine.card.wire != "rest"

    def reply(self, content: bytes) -> Reply:
        status = STAND_IN if self.status is None else self.status
        return Goaway(content) if self.goaway else Response(status, self.headers, content)

    def says(self, reply: Reply) -> list[Judgement]:
        return [verdict.says for verdict in self.machine.judge(self.call, reply, None)]

    def knows(self, reply: Reply) -> bool:
        """Whether the vendor reads its own word in it: a code of its catalogue that is more than the HTTP status, or a
        success that names the push."""
        return any(
            is_read(one.says) and bool(one.says.entry or one.says.code or one.message_id)
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
                    others = self.others_beside(found, tried) + self.others_behind(text, found)
                    return reply, [_extracted(found, others)]
            if own_word or self.takes(whole):
                break
        return whole, []

    def others_beside(self, judged: logged.Found, all_of_them: Sequence[logged.Found]) -> int:
        """How many more answers the object holds that this one was found in (a push to iPhones and one to Mi phones,
        logged together)."""
        count, told = 0, self.gist(judged)
        for found in all_of_them[all_of_them.index(judged) + 1 :]:
            if (found.start, found.end) != (judged.start, judged.end) or count == _MANY:
                break
            if self.knows(self.reply(found.body)) and not self.gist(found) <= told:
                count, told = count + 1, told | self.gist(found)
        return count

    def gist(self, found: logged.Found) -> frozenset[tuple[object, ...]]:
        """What an answer comes to: the same is often there twice, as text in a field and taken apart."""
        verdicts = self.machine.judge(self.call, self.reply(found.body), None)
        return frozenset((one.target, one.says.code, one.message_id) for one in verdicts)

    def others_behind(self, text: str, judged: logged.Found) -> int:
        """How many more answers the text holds behind it; they are not counted for ever."""
        count, end = 0, 0
        for found in logged.objects(text[judged.end :]):
            if count == _MANY:
                break
            if found.start >= end and self.knows(self.reply(found.body)):
                count, end = count + 1, found.end
        return count

    def named(self, text: str) -> tuple[str, ...]:
        """Codes of the vendor's that stand in a text; where there is none, those whose words stand there ("No valid
        targets!")."""
        refusals = [entry for entry in self.machine.catalogue.entries if entry.outcome == "refused"]
        codes = answer_words.named(text, self.machine.catalogue.codes(), [entry.code for entry in refusals])
        if codes:
            return codes
        spoken = " ".join(text.split()).casefold()
        meant = (one.code for one in refusals if any(words.casefold() in spoken for words in _words(one)))
        return tuple(dict.fromkeys(meant))[:_MOST_NAMED]

    def commands(self, codes: Sequence[str]) -> str:
        """How each is explained."""
        return " or ".join(f"'pushctl explain {self.machine.card.id}:{code}'" for code in codes)

    def needs_status(self, reply: Reply, body: bytes) -> bool:
        """Whether the HTTP status must be known: not where the body decides, nor where no status would help."""
        if self.goaway or self.status is not None or self.call == "receipt":  # a receipt is the vendor's own request
            return False
        form = answer_forms.likeness(self.machine.card.id, body_of(reply)) >= _CERTAIN and self.takes(reply)
        text = body.decode("utf-8", "replace")
        return not (self.knows(reply) or form or logged.is_cut(text) or _is_page(text))

    def told(self, verdict: Verdict, body: bytes) -> Verdict:
        """A verdict as it is shown: without the status that stood in for an unknown one; of an answer that nobody can
        read, since it is cut off, saying that."""
        says = verdict.says
        if self.status is None:
            detail = says.detail.removeprefix(f"It said {STAND_IN} with ")
            detail = says.detail if detail == says.detail else f"It is {detail}"
            says = replace(says, http_status=None if says.http_status == STAND_IN else says.http_status, detail=detail)
        cut = self.machine.catalogue.find(f"{says.code}/cut") if is_unread(says) else None
        if cut is not None and logged.is_cut(body.decode("utf-8", "replace")):
            says = replace(says, code=cut.code, entry=cut, detail=f"It ends after {len(body)} bytes.")
        return replace(verdict, says=says)


def _words(entry: Entry) -> Iterator[str]:
    """What a vendor says with this code, where it is more than a word or two."""
    for words in (*entry.match, entry.term, entry.name):
        if len(words.encode()) >= _TELLING and (" " in words or not words.isascii()):
            yield words


def _is_page(text: str) -> bool:
    start = text[:4000].casefold()
    return "<html" in start or "<!doctype" in start


def is_read(says: Judgement) -> bool:
    """Whether this is the vendor's own word: a success, a listed code, or a receipt of what is still on its way."""
    if says.outcome == "accepted":
        return True
    if says.entry is None or says.code.startswith(BY_STATUS):
        return False
    return says.outcome == "refused" or says.code.startswith("receipt/")


def is_unsure(says: Judgement) -> bool:
    """Whether the vendor's word is not in its own list, or none but the HTTP status was understood."""
    return says.outcome == "refused" and (says.entry is None or says.code.startswith(BY_STATUS))


def is_unread(says: Judgement) -> bool:
    """Whether somebody else must have written it."""
    return says.outcome == "unknown" and says.code.startswith("NOT_")


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


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
        number = f"At least {others}" if others >= _MANY else str(others)
        text += f" {'One more answer follows' if others == 1 else f'{number} more answers follow'}, not judged here."
        fixes.append("Give each answer by itself.")
    rule = "body-not-json" if python else "body-extracted"
    return Finding(rule, "warning" if fixes else "info", text, " ".join(fixes))


def body_of(reply: Reply) -> bytes:
    """The body of an answer over HTTP."""
    return reply.body if isinstance(reply, Response) else b""
