"""Checks of the target. Honor says nothing of what its tokens look like: four specimens have one form, and so it is a
hint; only what cannot belong to a token is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors import _tokens
from pushctl.vendors.honor.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first."""
    token = target.value
    if target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(_tokens.place(token), **fault[1])
    elif _tokens.own(token, "honor"):
        return
    elif finding := _tokens.of_another(token, "honor", RULES):
        yield finding
    else:
        yield RULES["token-shape"].finding(_tokens.place(token), length=len(token))
