"""Checks of the target. Meizu says nothing of what its pushIds look like: four specimens have one form, and so it is a
hint; only what cannot belong to a pushId or an alias is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors import _tokens
from pushctl.vendors.meizu.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_LONGEST_ALIAS = 60


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first."""
    value = target.value
    if target.kind == "alias":
        yield from _alias(value)
    elif target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif fault := _tokens.pasted(value):
        yield RULES[fault[0]].finding(_tokens.place(value), **fault[1])
    elif "," in value:
        yield RULES["target-comma"].finding(_tokens.place(value), kind="token")
    elif _tokens.own(value, "meizu"):
        return
    elif finding := _tokens.of_another(value, "meizu", RULES):
        yield finding
    else:
        yield RULES["token-shape"].finding(_tokens.place(value), length=len(value))


def _alias(alias: str) -> Iterator[Finding]:
    if not alias.strip():
        yield RULES["alias-empty"].finding("--alias")
    elif "," in alias:
        yield RULES["target-comma"].finding("--alias", kind="alias")
    elif alias != alias.strip() or not alias.isprintable():
        yield RULES["alias-blank"].finding("--alias", value=repr(alias))
    elif len(alias) > _LONGEST_ALIAS:
        yield RULES["alias-length"].finding("--alias", size=len(alias), most=_LONGEST_ALIAS)
