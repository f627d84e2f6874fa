"""Checks of the target: a token's shape.

Huawei (developer.huawei.com/consumer/cn/notice/20180316): never test a token's length. So it is never an error; only
what cannot belong to a token is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors import _tokens
from pushctl.vendors.harmony.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first thing that is wrong
    with the token, or that it looks like another service's."""
    token = target.value
    if target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(_tokens.place(token), **fault[1])
    elif _tokens.own(token, "harmony"):
        return
    elif finding := _tokens.of_another(token, "harmony", RULES):
        yield finding
    else:
        yield RULES["token-shape"].finding(_tokens.place(token), length=len(token))
