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
    where = f"token {token[:8]!r}…" if len(token) > 8 else "token"
    if target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif (flaw := _tokens.pasted(token)) is not None:
        yield RULES[flaw[0]].finding(where, **flaw[1])
    elif "harmony" not in (owners := _tokens.owners(token)):
        if owners and f"token-of-{owners[0]}" in RULES:
            yield RULES[f"token-of-{owners[0]}"].finding(where)
        else:
            yield RULES["token-shape"].finding(where, length=len(token))
