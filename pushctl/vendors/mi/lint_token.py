"""Checks of the target. Xiaomi says nothing of what its regids look like, so their shape is a hint; only what cannot
belong to a target is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors import _tokens
from pushctl.vendors.mi.judge import RULES
from pushctl.vendors.mi.request import PATHS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first."""
    kind, value = target.kind, target.value
    if kind not in PATHS:
        yield RULES["target-kind"].finding(kind, kind=kind)
    elif kind == "token":
        yield from _token(value)
    elif not value.strip():
        yield RULES["target-empty"].finding(kind, kind=kind)
    elif "," in value and kind != "topic":
        yield RULES["target-comma"].finding(kind, kind=kind, value=short(value))


def _token(token: str) -> Iterator[Finding]:
    fixed = token.replace(" ", "+")
    if fixed != token and _tokens.own(fixed, "mi"):
        yield RULES["token-plus-lost"].finding(_tokens.place(token), fixed=fixed)
    elif fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(_tokens.place(token), **fault[1])
    elif "," in token:
        yield RULES["token-comma"].finding(_tokens.place(token), count=token.count(",") + 1)
    elif _tokens.own(token, "mi"):
        return
    elif finding := _tokens.of_another(token, "mi", RULES):
        yield finding
    else:
        yield RULES["token-shape"].finding(_tokens.place(token), length=len(token))
