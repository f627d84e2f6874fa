"""Findings: of lint, of a profile, of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pushctl.core.finding import Finding
from pushctl.output.text import plural
from pushctl.output.view import Blank, Facts, Headline, Paragraph, Tone, View

_LEVELS: dict[str, Tone] = {"error": "bad", "warning": "doubt", "info": "info"}


def finding_view(finding: Finding) -> View:
    """One finding: level and text, what to do, where, and its rule."""
    rows = [("fix", finding.fix)] if finding.fix else []
    place = [finding.where] if finding.where and finding.where not in finding.text else []
    doubt = [] if finding.confidence == "high" else [f"confidence: {finding.confidence}"]
    rows.append(("rule", " · ".join((finding.rule, *place, *doubt))))
    return (Headline(_LEVELS[finding.level], finding.level, finding.text), Facts(tuple(rows)))


def findings_view(findings: Sequence[Finding], *, nothing: str = "nothing to complain about", sent: str = "") -> View:
    """All findings of a check, errors first, and their number.

    :param nothing: what is said when there is none.
    :param sent: what became of the push, added to the numbers (``nothing was sent``).
    """
    if not findings:
        return (Headline("good", "OK", nothing, mark=True),)
    order = sorted(findings, key=lambda finding: ("error", "warning", "info").index(finding.level))
    blocks = tuple(block for finding in order for block in finding_view(finding))
    numbers = Counter(finding.level for finding in findings)
    parts = [plural(numbers[level], level) for level in ("error", "warning") if numbers[level]]
    if numbers["info"]:
        parts.append(plural(numbers["info"], "remark"))
    tail = f": {sent}" if sent else ""
    worst = order[0].level
    return (*blocks, Blank(), Paragraph(", ".join(parts) + tail, "bad" if worst == "error" else "plain"))


def stopped_view(findings: Sequence[Finding]) -> View:
    """A push that was not sent because of what lint found."""
    head = Headline("bad", "NOT SENT", "the message has errors that the vendor would refuse", mark=True)
    return (head, *findings_view(findings, sent="nothing was sent (--no-lint sends it all the same)"))
