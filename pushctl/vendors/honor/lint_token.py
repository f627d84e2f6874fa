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
    where = f"token {token[:8]!r}…" if len(token) > 8 else "token"
    if target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif (flaw := _tokens.pasted(token)) is not None:
        yield RULES[flaw[0]].finding(where, **flaw[1])
    elif "honor" not in (owners := _tokens.owners(token)):
        yield from _stranger(token, owners, where)


def _stranger(token: str, owners: tuple[str, ...], where: str) -> Iterator[Finding]:
    """A token of another form than Honor's: whose it looks like, if it looks like anybody's."""
    if {"hms", "harmony"} & set(owners):
        yield RULES["token-of-huawei"].finding(where)
    elif owners:
        yield RULES[f"token-of-{owners[0]}"].finding(where)
    else:
        yield RULES["token-shape"].finding(where, length=len(token))
