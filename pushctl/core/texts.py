"""Titles and bodies as the services of China measure them, and texts that they filter.

Each service counts in a unit of its own (characters, or cells of which a Chinese letter takes two), cuts what is too
long, and holds back what looks like a developer's trial.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Unit = Literal["characters", "utf16", "bytes", "double-width"]
_TRIAL_WORDS = frozenset({"test", "tests", "testing", "测试", "測試", "测试消息", "测试推送"})


def measure(text: str, unit: Unit) -> int:
    """How long a text is.

    :param unit: ``characters`` (Unicode code points), ``utf16`` (an emoji takes two), ``bytes`` (of UTF-8), or
        ``double-width`` (East Asian wide and full-width letters take two).
    """
    match unit:
        case "characters":
            return len(text)
        case "utf16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case "bytes":
            return len(text.encode("utf-8", "surrogatepass"))
        case "double-width":
            return sum(_cells(letter) for letter in text)


def cut(text: str, most: int, unit: Unit) -> str:
    """What is left of a text of which only ``most`` units are kept: its longest beginning that fits."""
    used = 0
    for place, letter in enumerate(text):
        used += measure(letter, unit)
        if used > most:
            return text[:place]
    return text


def trivial(text: str) -> str | None:
    """Why a text looks like a trial and not like a message, in words that follow "the title is"; None for one that
    does not.

    What the services say they filter: blanks, one character, only digits, only signs, only Latin letters without a
    blank, and the words for "test" (vivo's code 10104; requirement R-E21).
    """
    bare = text.strip()
    if not bare:
        return "blank"
    if len(bare) == 1:
        return "a single character"
    if bare.casefold().strip("!.。！ ") in _TRIAL_WORDS:
        return "a word for trials"
    letters = [letter for letter in bare if not letter.isspace()]
    if all(letter.isdigit() for letter in letters):
        return "digits only"
    if not any(letter.isalpha() for letter in letters):
        return "signs and digits only" if any(letter.isdigit() for letter in letters) else "signs only"
    if len(set(letters)) == 1:
        return "the same character again and again"
    return "a single word" if re.fullmatch(r"[A-Za-z0-9_]+", bare) else None


def maybe_rounded(number: str) -> bool:
    """Whether an id has gone through a tool that reads numbers as doubles: one of 17 digits or more that ends in 00,
    or one with an exponent (``2.8823037615171235e+18``). One true id in a hundred ends so."""
    text = number.strip()
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", text, re.ASCII):
        return True
    return bool(re.fullmatch(r"\d{15,}00", text, re.ASCII))


def _cells(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
