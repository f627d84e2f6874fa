"""A run in which nothing was accepted blames what is to blame, once."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rule
from pushctl.core.verdict import Judgement

RULES = {
    name: Rule("x", name, "error", "{count} pushes: {codes}.", "Look.", "")
    for name in ("every-token", "credential-refused", "nothing-answered")
}


def says(code: str, category: Any, outcome: Any = "refused") -> Judgement:
    return Judgement(outcome, code, category)


def found(tally: dict[Judgement, int]) -> list[str]:
    blamed = nothing_accepted(tally, RULES, lambda codes: "every-token" if codes == {"T"} else None)
    return [f"{one.rule} {one.text}" for one in blamed]


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        ({says("T", "token"): 3}, ["every-token 3 pushes: T."]),
        ({says("T", "credential"): 3}, ["every-token 3 pushes: T."]),
        ({says("B", "credential"): 1, says("A", "permission"): 2}, ["credential-refused 3 pushes: A, B."]),
        ({says("DNS", "network", "unknown"): 2}, ["nothing-answered 2 pushes: DNS."]),
        ({says("T", "token"): 1}, []),
        ({says("T", "token"): 3, says("ok", None, "accepted"): 1}, []),
        ({says("T", "token"): 1, says("A", "credential"): 1}, []),
        ({says("DNS", "network", "unknown"): 1, says("A", "credential"): 1}, []),
        ({}, []),
    ],
)
def test_a_run_is_told_as_a_whole(tally: dict[Judgement, int], told: list[str]) -> None:
    assert found(tally) == told
