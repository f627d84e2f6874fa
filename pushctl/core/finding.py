"""A finding: what lint, doctor and diagnose all speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "info"]

_MOST = 1200  # characters of a sentence
_WORD = re.compile(r"(\S{80})\S{120,}(\S{16})")


def readable(text: str) -> str:
    """A sentence as a person can read it: of a value without end that it quotes, the beginning and the end."""
    if len(text) <= 200:
        return text
    short = _WORD.sub(r"\1…\2", text)
    return short if len(short) <= _MOST else f"{short[: _MOST - 100]} … {short[-100:]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth saying before or after a push.

    :ivar rule: the rule's stable id (``silent-with-alert``); ``pushctl explain VENDOR RULE`` tells more.
    :ivar text: one sentence: what is wrong with which value.
    :ivar fix: one sentence: what to do.
    :ivar where: the place: a body path (``aps.badge``), a header, a flag, a file with line and column; or "".
    :ivar source: where the rule comes from (a page, an SDK file), or "".
    :ivar before: whether it says how the vendor will treat the message and which cap follows: told before it is sent,
        and not again behind the answer.
    :ivar confidence: ``high``, ``medium`` or ``low``; shown when it is not high.
    """

    rule: str
    level: Level
    text: str
    fix: str = ""
    where: str = ""
    source: str = ""
    confidence: Literal["high", "medium", "low"] = "high"
    before: bool = False

    def __post_init__(self) -> None:
        for name in ("text", "fix", "where"):
            object.__setattr__(self, name, readable(getattr(self, name)))
