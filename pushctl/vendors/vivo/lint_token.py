"""Checks of the target: a regId in either of its two forms, or an alias.

v1 has 23 digits, v2 begins with ``v2-`` and is longer. vivo promises neither for ever, and its SDK 3.3 checks nothing,
so a form that is not known is a hint; only what cannot belong to an id is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.texts import maybe_rounded
from pushctl.vendors import _tokens
from pushctl.vendors.vivo.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_DIGITS = 23
_MOST_ALIAS, _MOST_ALIAS_BEFORE = 70, 40
_ZEROS = "0000"  # what a tool that reads numbers as doubles leaves at the end of 23 digits


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first."""
    if target.kind == "alias":
        yield from _alias(target.value)
    elif target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    else:
        yield from _reg_id(target.value)


def _reg_id(token: str) -> Iterator[Finding]:
    where = _tokens.place(token)
    if fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(where, **fault[1])
    elif "," in token or ";" in token:
        yield RULES["token-several"].finding(where)
    elif maybe_rounded(token) and not token.isdecimal():
        yield RULES["token-rounded"].finding(where, token=token)
    elif token.isascii() and token.isdecimal() and len(token) > 15:
        if len(token) != _DIGITS:
            yield RULES["token-digits"].finding(where, length=len(token))
        elif token.endswith(_ZEROS):
            yield RULES["token-maybe-rounded"].finding(where)
    elif not _tokens.own(token, "vivo"):
        yield _tokens.of_another(token, "vivo", RULES) or RULES["token-shape"].finding(where, length=len(token))


def _alias(alias: str) -> Iterator[Finding]:
    if not alias.strip():
        yield RULES["alias-empty"].finding("alias")
    elif len(alias) > _MOST_ALIAS:
        yield RULES["alias-too-long"].finding("alias", size=len(alias), most=_MOST_ALIAS)
    elif len(alias) > _MOST_ALIAS_BEFORE:
        yield RULES["alias-long"].finding("alias", size=len(alias), most=_MOST_ALIAS_BEFORE)
