"""What there is to say of an answer that is not, or not surely, the named vendor's: the codes that it names, and whose
it is by its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.flows import answer_forms, logged
from pushctl.flows.answer_case import BY_STATUS, Case, body_of, calls_of, is_read, is_unread, is_unsure
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.vendor import Vendor
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply

_UNSURE, _UNHEARD = 2, 3  # a meaning of low confidence; a code that the vendor's own list has not


def status_missing(case: Case, reply: Reply, body: bytes) -> UsageError:
    """Nobody gave the HTTP status, and without it nothing can be said but whose answer it may be."""
    text = body.decode("utf-8", "replace")
    fix = "Add --http-status N" + (" (or --goaway for what stood in a GOAWAY frame)." if case.has_goaway else ".")
    if codes := case.named(text):
        fix += f" It names {' and '.join(codes)}: {case.commands(codes)}."
    elif logged.holds_objects(text):
        own = answer_forms.likeness(case.machine.card.id, body_of(reply))
        fix += "".join(f" {other.text} {other.fix}" for other in _elsewhere(case, body, 0, own))
    return UsageError("The status of the answer is missing.", fix, rule="no-http-status")


def doubts(case: Case, reply: Reply, body: bytes, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    """What may help where the vendor's own word is not in it: codes that are named, another vendor's form. The form is
    also told where the vendor understands the answer, but another one's answers look like it more."""
    if case.goaway:
        return
    says = [verdict.says for verdict in verdicts]
    unread = all(is_unread(one) for one in says)
    unsure = any(is_unsure(one) for one in says)
    text = body.decode("utf-8", "replace")
    if unread and (codes := case.named(text)):
        yield Finding(
            "names-codes",
            "warning",
            f"There is no whole answer in it, but it names {' and '.join(codes)}.",
            f"Read {case.commands(codes)}; better, give the whole answer.",
        )
    own = answer_forms.likeness(case.machine.card.id, body_of(reply))
    if (unread or unsure) and logged.holds_objects(text):
        yield from _elsewhere(case, body, 0 if unread else own, own)
    elif not (unread or unsure) and answer_forms.closer(case.machine.card.id, body_of(reply)):
        yield from _elsewhere(case, body_of(reply), own + 1, own)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Another vendor that can read the answer.

    :ivar likeness: how many of its names the answer has. :ivar doubt: how far the meaning is from certain.
    """

    machine: Vendor
    says: Judgement
    likeness: int
    doubt: int


def _elsewhere(case: Case, body: bytes, least: int, own: int) -> Iterator[Finding]:
    """The vendors whose answer this is by its form: those whose names it has most of, and of these those that are
    surest of it.

    :param least: how many of a vendor's names it must have; 0 where it is certainly not the named vendor's, and any
        guess is welcome. :param own: how many it has of the named vendor's.
    """
    readers = [reader for vendor in registry.VENDORS if (reader := _read_by(vendor, case, body, least, own))]
    most = max((one.likeness for one in readers), default=0)
    readers = [one for one in readers if one.likeness == most]
    best = min((one.doubt for one in readers), default=0)
    readers = [one for one in readers if one.doubt == best]
    if (best == _UNSURE and least and most <= own) or (best == _UNHEARD and len(readers) > 2):
        return
    if readers:
        told = " and of ".join(
            f"{one.machine.card.name}{f', {one.says.code}' if one.says.code else ''}" for one in readers
        )
        commands = " or ".join(f"'pushctl explain {one.machine.card.id}'" for one in readers)
        yield Finding(
            "other-vendor",
            "warning",
            f"By its form this is an answer of {told}.",
            f"Ask {commands} with the same options.",
        )


def _read_by(vendor: str, case: Case, body: bytes, least: int, own: int) -> _Reader | None:
    """What this vendor makes of the answer, or None where it cannot read it. What it has never heard of counts where
    the form is clearly its own."""
    if vendor == case.machine.card.id:
        return None
    machine = registry.load(vendor)
    call = case.call if case.call in calls_of(machine) else "send"
    reply, _ = Case(machine, call, case.headers, case.status, case.goaway).readable(body)
    likeness = answer_forms.likeness(vendor, body_of(reply))
    if likeness < least:
        return None
    told = [one for one in machine.judge(call, reply, None) if is_read(one.says) and (one.says.entry or one.message_id)]
    if told:  # else any JSON would do
        return _Reader(machine, told[0].says, likeness, _doubt(told[0].says))
    plain = [one.says for one in machine.judge(call, reply, None) if not is_unread(one.says)]
    clear = likeness >= 2 and likeness > own and not any(one.code.startswith(BY_STATUS) for one in plain)
    return _Reader(machine, plain[0], likeness, _UNHEARD) if plain and clear else None


def _doubt(says: Judgement) -> int:
    """How far its meaning is from certain."""
    return ("high", "medium", "low").index(says.entry.confidence) if says.entry else 0
