"""A run of several pushes: lines, numbers, and what is said about the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushctl.output.advice import advise_on
from pushctl.output.screens.findings import finding_view
from pushctl.output.screens.outcome import EMULATED, RECEIPT_WORDS, explain_command, result_line, result_view
from pushctl.output.text import clip, plural
from pushctl.output.view import Blank, Facts, Headline, Paragraph, Tone, View

if TYPE_CHECKING:
    from pushctl.core.report import Report, Result
    from pushctl.core.verdict import Judgement

LISTED = 20  # lines of a run that are shown one by one


def report_view(report: Report, verbose: int = 0) -> View:
    """A whole run: one outcome in full, or several as lines and a summary."""
    if len(report.results) == 1:
        return (*result_view(report.results[0], verbose), *closing_view(report))
    emulated = EMULATED if any(result.emulated for result in report.results) else ()
    told = [result for result in report.results if verbose or len(report.results) <= LISTED or _is_bad(result)]
    if not verbose:
        told = told[:LISTED]
    lines: list[View] = [result_line(result) for result in told]
    untold = len(report.results) - len(told)
    if told and untold:
        lines.append(untold_view(untold))
    return (
        *emulated,
        *(block for line in lines for block in line),
        *tally_view(Counter(result.verdict.says for result in report.results)),
        *closing_view(report),
    )


def untold_view(number: int) -> View:
    """How many results have no line of their own."""
    return (Paragraph(f"… and {number:,} more (-v or -o jsonl shows all)", "dim", indent=2),)


def _is_bad(result: Result) -> bool:
    return result.verdict.says.outcome != "accepted"


def tally_view(tally: Mapping[Judgement, int], *, of_pushes: bool = True) -> View:
    """A run in numbers, from its counted judgements: how many of each outcome, which codes, what they mean.

    :param of_pushes: False for questions, whose acceptance is all there is to them.
    """
    if not tally:
        return ()
    outcomes: Counter[str] = Counter()
    codes: dict[tuple[str, int | None], tuple[int, Judgement]] = {}
    for says, number in tally.items():
        outcomes[says.outcome] += number
        if says.outcome != "accepted":
            before = codes.get((says.code, says.http_status), (0, says))[0]
            codes[says.code, says.http_status] = (before + number, says)
    tone: Tone = "doubt" if outcomes["unknown"] else "bad" if outcomes["refused"] else "good"
    receipts = all(says.of_receipt for says in tally)
    words = RECEIPT_WORDS if receipts else {name: name for name in RECEIPT_WORDS}
    numbers = ", ".join(f"{outcomes[name]:,} {word}" for name, word in words.items() if outcomes[name])
    rows = [_code_row(number, says) for number, says in sorted(codes.values(), key=lambda pair: -pair[0])]
    dead = sum(number for says, number in tally.items() if says.token_dead)
    if dead:
        are, them = ("is", "it") if dead == 1 else ("are", "them")
        rows.append(("dead", f"{plural(dead, 'token')} {are} dead: stop sending to {them}"))
    if not receipts and any(says.outcome == "unknown" and says.sent != "no" for says in tally):
        rows.append(("unknown", "may have been sent: a repeat can show those pushes twice"))
    explained = [explain_command(says.entry.id) for says in tally if says.entry and says.outcome != "accepted"]
    if explained:
        rows.append(("more", explained[0] if len(explained) == 1 else f"{explained[0]} …"))
    total = f"{numbers} of {sum(outcomes.values()):,}"
    told = of_pushes and outcomes["accepted"] and not receipts
    head = Headline(tone, f"{total}:", "accepted is not delivered") if told else Headline(tone, total)
    return (Blank(), head, *((Facts(tuple(rows)),) if rows else ()))


def _code_row(number: int, says: Judgement) -> tuple[str, str]:
    meaning = advise_on(says, "" if says.entry else None).summary
    return f"{number:,} × {says.code}", clip(meaning, 160)


def closing_view(report: Report, *, anything_sent: bool | None = None) -> View:
    """What is said about the whole run: an interruption, findings.

    :param anything_sent: where the report did not keep its results.
    """
    view: View = ()
    if report.interrupted:
        sent = bool(report.results) if anything_sent is None else anything_sent
        text = "what is listed above was sent, the rest was not started" if sent else "nothing was sent"
        view = (Headline("doubt", "INTERRUPTED", text, mark=True),)
    # What becomes of an accepted push is no news of one that was refused; machine output has it all the same.
    only_refused = bool(report.results) and all(_is_bad(result) for result in report.results)
    told = [one for one in report.findings if not (one.before or (only_refused and one.level == "info"))]
    return (*view, *(block for finding in told for block in finding_view(finding)))
