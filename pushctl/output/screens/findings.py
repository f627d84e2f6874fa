"""Findings: of lint, of a profile, of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pushctl.output.text import plural
from pushctl.output.view import Facts, Headline, Tone, View

if TYPE_CHECKING:
    from pushctl.core.finding import Finding, Level

_LEVELS: dict[Level, Tone] = {"error": "bad", "warning": "doubt", "info": "info"}
_NOUNS: dict[Level, str] = {"error": "error", "warning": "warning", "info": "remark"}


def finding_view(finding: Finding) -> View:
    """One finding: level and text, what to do, where, and its rule."""
    rows = [("fix", finding.fix)] if finding.fix else []
    place = [finding.where] if finding.where and finding.where not in finding.text else []
    doubt = [] if finding.confidence == "high" else [f"confidence: {finding.confidence}"]
    rows.append(("rule", " · ".join((finding.rule, *place, *doubt))))
    return (Headline(_LEVELS[finding.level], f"{finding.level}:", finding.text), Facts(tuple(rows)))


def findings_view(findings: Sequence[Finding], *, nothing: str = "no objections", sent: str = "") -> View:
    """How many findings there are and what follows from them, then each, errors first.

    :param nothing: what is said when there is none.
    :param sent: what became of the push (``nothing was sent``).
    """
    if not findings:
        return (Headline("good", "OK", nothing, mark=True),)
    order = sorted(findings, key=lambda finding: list(_LEVELS).index(finding.level))
    numbers = Counter(finding.level for finding in findings)
    words = ", ".join(plural(numbers[level], _NOUNS[level]) for level in _LEVELS if numbers[level])
    head = Headline(_LEVELS[order[0].level], words + ":" if sent else words, sent, mark=True)
    return (head, *(block for finding in order for block in finding_view(finding)))


def stopped_view(findings: Sequence[Finding]) -> View:
    """A push that was not sent because of what lint found."""
    return findings_view(findings, sent="nothing was sent (--no-lint sends it all the same)")
