"""Checks of the target. The SDK of OPPO looks at an id's form before it sends (32 hexadecimal digits behind a region,
or 24 of older phones); the server says nothing of it, so that only what cannot belong to an id is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors import _tokens
from pushctl.vendors.oppo.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_OF_SDK = re.compile(r"(?:[0-9A-Za-z]{2,10}_){1,2}[0-9a-fA-F]{32}|[0-9a-f]{32}|[0-9A-F]{32}|[0-9a-fA-F]{24}")
"""Its check, but for bare digits in letters of both cases: those are Huawei's of format 1.0."""
_LONGEST = 256


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first."""
    if target.kind == "alias":
        yield from _alias(target.value)
    elif target.kind == "token":
        yield from _token(target.value)
    else:
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)


def _alias(alias: str) -> Iterator[Finding]:
    if not alias.strip():
        yield RULES["alias-empty"].finding("--alias")
    elif ";" in alias:
        yield RULES["alias-separator"].finding("--alias")


def _token(token: str) -> Iterator[Finding]:
    if fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(_tokens.place(token), **fault[1])
    elif _OF_SDK.fullmatch(token):
        return
    elif finding := _tokens.of_another(token, "oppo", RULES):
        yield finding
    elif len(token) > _LONGEST:
        yield RULES["token-too-long"].finding(_tokens.place(token), length=len(token))
    else:
        yield RULES["token-shape"].finding(_tokens.place(token), length=len(token))
