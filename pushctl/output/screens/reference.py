"""Everything else: answers to questions, catalogue entries, facts, tables, errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pushctl.output.advice import advise_on, doubt_of
from pushctl.output.screens.findings import finding_view
from pushctl.output.screens.outcome import (
    EMULATED,
    TONES,
    again_rows,
    explain_command,
    labelled,
    term_rows,
    verdict_line,
    word_for,
)
from pushctl.output.screens.run import LISTED, tally_view, untold_view
from pushctl.output.text import shorten
from pushctl.output.view import Bullets, Facts, Headline, Paragraph, Table, Tone, View

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.errors import PushctlError
    from pushctl.core.vendor import Answer

_DEAD: dict[bool | None, str] = {
    True: "dead: stop sending to it",
    False: "not dead: keep it",
    None: "this answer does not tell whether it is dead",
}


def answer_view(answer: Answer, vendor: str, *, environment: str | None = None, emulated: bool = False) -> View:
    """What a question to the vendor found out: the verdict, or a line for each of several targets; facts, findings."""
    if len(answer.verdicts) > 1:
        return _answers_view(answer, emulated=emulated)
    says = answer.verdicts[0].says if answer.verdicts else answer.says
    advice = advise_on(says)
    parts = [says.code] if says.code and says.outcome != "accepted" else []
    parts += [f"HTTP {says.http_status}"] if says.http_status is not None else []
    parts.append(" ".join(filter(None, (vendor, environment))))
    word = "OK" if says.outcome == "accepted" else word_for(says)
    view: View = (
        *(EMULATED if emulated else ()),
        Headline(TONES[says.outcome], word, " · ".join(parts), mark=True),
    )
    rows = [*_target_rows(answer), *answer.facts]
    if says.outcome != "accepted":
        doubt = f" ({advice.doubt})" if advice.doubt else ""
        view = (*view, Paragraph(advice.sentence + doubt, indent=2))
        rows += term_rows(says) + labelled("cause", advice.causes[:2]) + labelled("fix", advice.fixes[:2])
        rows += again_rows(says, advice)
        rows += [("more", explain_command(advice.explain))] if advice.explain else []
    facts: View = (Facts(tuple(rows)),) if rows else ()
    return (*view, *facts, *(block for finding in answer.findings for block in finding_view(finding)))


def _answers_view(answer: Answer, *, emulated: bool) -> View:
    lines = [verdict_line(verdict) for verdict in answer.verdicts[:LISTED]]
    untold = len(answer.verdicts) - len(lines)
    return (
        *(EMULATED if emulated else ()),
        *(block for line in lines for block in line),
        *((untold_view(untold)) if untold else ()),
        *tally_view(Counter(verdict.says for verdict in answer.verdicts), of_pushes=False),
        *((Facts(answer.facts),) if answer.facts else ()),
        *(block for finding in answer.findings for block in finding_view(finding)),
    )


def _target_rows(answer: Answer) -> list[tuple[str, str]]:
    target = answer.verdicts[0].target if answer.verdicts else None
    return [(target.kind, shorten(target.value))] if target else []


def entry_view(entry: Entry) -> View:
    """One meaning of a code, in full."""
    tone: Tone = "good" if entry.outcome == "accepted" else "bad"
    word = entry.category or entry.outcome
    where = f"HTTP {entry.http_status}" if entry.http_status is not None else "no HTTP status"
    rows = [("kind", word), ("name", entry.name)]
    rows += [("term", entry.term)] if entry.term else []
    if entry.outcome != "accepted":
        rows.append(("token", _DEAD[entry.token_dead]))
        hint = f", {entry.retry_hint}" if entry.retry_hint else ""
        rows.append(("retry", f"yes{hint}" if entry.retryable else "no: the same request would be refused again"))
    if entry.origin == "client":
        rows.append(("origin", "no server sends it: the word is pushctl's or a client library's"))
    if doubt := doubt_of(entry):
        rows.append(("confidence", doubt))
    return (
        Headline(tone, entry.id, where),
        Paragraph(entry.summary, indent=2),
        Facts(tuple(rows)),
        *((Bullets(entry.causes, "causes"),) if entry.causes else ()),
        *((Bullets(entry.fixes, "what to do"),) if entry.fixes else ()),
        *((Bullets(entry.sources, "sources"),) if entry.sources else ()),
    )


def facts_view(rows: Iterable[tuple[str, str]], title: str = "") -> View:
    """Names and values (``profile show``)."""
    head: View = (Headline("plain", title),) if title else ()
    return (*head, Facts(tuple(rows)))


def table_view(columns: Sequence[str], rows: Iterable[Sequence[str]], nothing: str = "") -> View:
    """Rows under column names (vendors, profiles, tokens, scenarios); ``nothing`` is said when there are none."""
    table = Table(tuple(columns), tuple(tuple(row) for row in rows))
    return (table,) if table.rows or not nothing else (Paragraph(nothing, "dim"),)


def error_view(error: PushctlError) -> View:
    """Our own failure: what is wrong, what to do."""
    place = f" ({error.where})" if error.where and error.where not in error.text else ""
    fix: View = (Paragraph(f"fix: {error.fix}", indent=2),) if error.fix else ()
    return (Headline("bad", "error:", error.text + place), *fix)
