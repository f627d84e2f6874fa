"""What a whole run tells and no single answer does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import Rule
    from pushctl.core.verdict import Judgement


def nothing_accepted(
    tally: Mapping[Judgement, int], rules: Mapping[str, Rule], blamed: Callable[[AbstractSet[str]], str | None]
) -> Iterator[Finding]:
    """At most one finding: several pushes of a run, not one of them accepted, and what is to blame in place of each
    token. The rules are the one that ``blamed`` names, else ``credential-refused`` or ``nothing-answered``; their
    placeholders are ``count`` and ``codes``.

    :param tally: how many pushes of this run got each judgement.
    :param blamed: the vendor's rule for a run that came to these codes and no others, or None.
    """
    total = sum(tally.values())
    if total < 2 or any(says.outcome == "accepted" for says in tally):
        return
    codes = {says.code for says in tally}
    rule = blamed(codes) or _of_categories({says.category for says in tally})
    if rule:
        yield rules[rule].finding(count=total, codes=", ".join(sorted(codes)))


def _of_categories(categories: AbstractSet[str | None]) -> str:
    if categories <= {"credential", "permission"}:
        return "credential-refused"
    return "nothing-answered" if categories == {"network"} else ""
