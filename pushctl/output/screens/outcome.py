"""One outcome: in full, and as a line of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pushctl.core.secret import shown
from pushctl.core.wire import Goaway, Response
from pushctl.output.advice import Advice, advise, repeat
from pushctl.output.layout import height
from pushctl.output.text import clip, plural, shorten
from pushctl.output.view import Facts, Headline, Paragraph, Status, Tone, View

if TYPE_CHECKING:
    from pushctl.core.report import Result
    from pushctl.core.verdict import Judgement, Verdict

EMULATED: View = (Headline("info", "EMULATED:", "nothing left this machine"),)
NOT_DELIVERED = "Accepted is not delivered: this answer does not say whether the device got it."
RECEIPT_WORDS = {"accepted": "delivered", "refused": "not delivered", "unknown": "not yet"}
TONES: dict[str, Tone] = {"accepted": "good", "refused": "bad", "unknown": "doubt"}

_LINES, _CELLS = 12, 80  # an outcome fits in them

# What is left out first when an outcome would not fit: (causes, fixes, cells of the summary, cells of any fact).
_ROOM: tuple[tuple[int, int, int, int], ...] = (
    (2, 2, 240, 240),
    (2, 1, 240, 240),
    (1, 1, 240, 240),
    (1, 1, 150, 130),
    (1, 1, 150, 64),
    (1, 1, 76, 64),
    (1, 1, 60, 60),
)


def result_view(result: Result, verbose: int = 0) -> View:
    """One outcome: accepted, refused or unknown; why; what to do; what it means for the token; its ids; where to look
    next. At most twelve lines of eighty cells, unless ``verbose`` asks for everything."""
    if verbose:
        return _outcome(result, (99, 99, 9999, 9999), verbose=True)
    for room in _ROOM:
        view = _outcome(result, room)
        if height(view, _CELLS) <= _LINES:
            break
    return view


def _outcome(result: Result, room: tuple[int, int, int, int], *, verbose: bool = False) -> View:
    causes, fixes, width, cells = room
    says, advice = result.verdict.says, advise(result)
    accepted = result.validated or f"{NOT_DELIVERED} {advice.detail}".strip()
    summary = accepted if says.outcome == "accepted" and not says.of_receipt else advice.sentence
    doubt = f" ({advice.doubt})" if advice.doubt else ""
    rows: list[tuple[str, str]] = term_rows(says)
    rows += labelled("cause", advice.causes[:causes] if says.outcome != "accepted" else ())
    rows += labelled("fix", advice.fixes[:fixes] if says.outcome != "accepted" else ())
    rows += _target_rows(result)
    rows += again_rows(says, advice)
    rows += _id_rows(result)
    if says.outcome == "accepted" and result.where_next:
        rows.append(("next", result.where_next))
    if advice.explain and says.outcome != "accepted":
        command = explain_command(advice.explain)
        hidden = _hidden(advice, causes, fixes)
        rows.append(("more", command + hidden if len(command + hidden) <= cells else command))
    if verbose and says.entry and says.entry.sources:
        rows += labelled("source", says.entry.sources)
    return (
        *(EMULATED if result.emulated else ()),
        Headline(TONES[says.outcome], word_for(says), _circumstances(result), mark=True),
        Paragraph(clip(summary, width - len(doubt)) + doubt, indent=2),  # the doubt is never cut off
        Facts(tuple((label, clip(text, cells)) for label, text in rows)),
    )


def word_for(says: Judgement) -> str:
    """The verdict in one word; of what is unknown, what certainly did not go out is told apart."""
    if says.of_receipt:
        return receipt_word(says).upper()
    return "NOT SENT" if says.outcome == "unknown" and says.sent == "no" else says.outcome.upper()


def receipt_word(says: Judgement) -> str:
    """What became of a push, in a word: a tap is more than a delivery, a type that nobody knows tells of none."""
    if says.entry is not None and says.entry.name.casefold() in ("clicked", "click"):
        return "clicked"
    if says.entry is None or (says.outcome == "unknown" and says.entry.code.endswith("/other")):
        return "unclear"
    return RECEIPT_WORDS[says.outcome]


def _elapsed(ms: int) -> str:
    return f"{ms} ms" if ms < 10_000 else f"{ms / 1000:.0f} s"


def _hidden(advice: Advice, causes: int, fixes: int) -> str:
    left = ((len(advice.causes) - causes, "cause", ""), (len(advice.fixes) - fixes, "fix", "fixes"))
    parts = [
        plural(number, f"more {noun}", f"more {nouns}" if nouns else "") for number, noun, nouns in left if number > 0
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _circumstances(result: Result) -> str:
    says = result.verdict.says
    parts = [says.code] if says.outcome != "accepted" and says.code else []
    if says.http_status is not None and not says.of_receipt:
        parts.append(f"HTTP {says.http_status}")
    elif isinstance(result.reply, Goaway) and says.code != "GOAWAY":
        parts.append("GOAWAY")
    elif says.outcome == "unknown" and not says.of_receipt:
        parts.append("no answer")
    parts.append(" ".join(filter(None, (result.vendor, result.environment))))
    if result.validated:
        parts.append("validate only")
    if result.kind == "silent":
        parts.append("silent push")
    if result.request is not None:
        parts.append(_elapsed(result.verdict.ms))
    return " · ".join(parts)


def labelled(label: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(label if number == 0 else "", text) for number, text in enumerate(texts)]


def _target_rows(result: Result) -> list[tuple[str, str]]:
    target, says = result.verdict.target, result.verdict.says
    if target is None:
        return [] if says.token_dead is None else [("token", _fate(result).removeprefix(" is "))]
    name = shorten(target.value) if target.kind == "token" else target.value
    return [(target.kind, name + _fate(result))]


def _fate(result: Result) -> str:
    says = result.verdict.says
    if says.outcome != "refused" or (result.verdict.target and result.verdict.target.kind != "token"):
        return ""
    match says.token_dead:
        case True:
            where = (
                f" in {result.environment}: stop sending to it there" if result.environment else ": stop sending to it"
            )
            return f" is dead{where}"
        case False:
            return " is not dead: keep it"
    return " may be dead or alive: this answer does not tell"


def term_rows(says: Judgement) -> list[tuple[str, str]]:
    """The vendor's own words for a refusal in its own language, to search its site for; not again where the answer
    itself has them."""
    term = says.entry.term if says.entry and says.outcome != "accepted" else ""
    return [("term", term)] if term and term not in says.detail else []


def again_rows(says: Judgement, advice: Advice) -> list[tuple[str, str]]:
    if says.outcome == "accepted" or says.of_receipt:
        return []
    hint = f", {advice.retry_hint}" if advice.retry_hint else ""
    if says.outcome == "unknown":
        return [("repeat", repeat(says) + (hint if says.retryable else ""))]
    return [("retry", f"yes{hint}" if says.retryable else "no: the same request would be refused again")]


def _id_rows(result: Result) -> list[tuple[str, str]]:
    verdict = result.verdict
    rows = list(verdict.facts)
    ours = result.request.message_id if result.request else None
    number = verdict.message_id or ours
    if number:
        unconfirmed = " (chosen by pushctl)" if number == ours and verdict.says.outcome == "unknown" else ""
        rows.insert(0, (_name_of(number, result), number + unconfirmed))
    return rows


def _name_of(message_id: str, result: Result) -> str:
    """What the vendor calls the id: the header that carried it, else its own word for it."""
    answered = result.reply.headers if isinstance(result.reply, Response) else ()
    asked = result.request.headers if result.request else ()
    pairs = (*answered, *((name, shown(value)) for name, value in asked))
    ours = result.request.id_name if result.request and result.request.message_id == message_id else ""
    return next((name for name, value in pairs if value == message_id), ours or result.id_name)


def explain_command(entry_id: str) -> str:
    """``pushctl explain apns:BadDeviceToken``, quoted where the code holds a blank."""
    return f'pushctl explain "{entry_id}"' if " " in entry_id else f"pushctl explain {entry_id}"


def result_line(result: Result) -> View:
    """One outcome of many, on one line."""
    return verdict_line(result.verdict)


def verdict_line(verdict: Verdict) -> View:
    """One target's fate, on one line."""
    says = verdict.says
    parts = [says.code] if says.code and (says.outcome != "accepted" or says.of_receipt) else []
    if says.http_status is not None and not says.of_receipt:
        parts.append(f"HTTP {says.http_status}")
    if says.token_dead:
        parts.append("token dead")
    if says.outcome == "unknown":
        parts += [] if says.sent == "no" or says.of_receipt else ["may have been sent"]
    if verdict.message_id and says.outcome == "accepted":
        parts.append(verdict.message_id)
    name = "" if verdict.target is None else verdict.target.value
    subject = shorten(name) if verdict.target and verdict.target.kind == "token" else name
    return (Status(TONES[says.outcome], word_for(says), subject, " · ".join(parts)),)
