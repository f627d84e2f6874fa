"""Checks of what every message has: its words, its data, its life, its click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import described, short
from pushctl.core.texts import measure, trivial
from pushctl.vendors.vivo.clicks import CUSTOM, HOME, LINK, PAGE
from pushctl.vendors.vivo.judge import RULES
from pushctl.vendors.vivo.lint_subject import number

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.vivo.lint_subject import Subject

_SHOWN = (("title", "--title", 40), ("content", "--body", 100))
_TRIAL = "测试"
_BRACKETS = "{}[]"
_MOST_DATA, _MOST_PAIRS_BEFORE = 1024, 10
_SHORTEST_S, _SHORTEST_OF_LISTS_S, _LONGEST_S, _LONGEST_BEFORE_S = 60, 900, 86_400, 604_800
_MOST_SKIP = {LINK: (1000, 2048), CUSTOM: (1024, 2048), PAGE: (1024, 2048)}
"""By kind of click: what older texts let pass, and what newer ones do."""
_KINDS = {LINK: "a link", CUSTOM: "the app's own code", PAGE: "a page of the app"}


def _words(pushed: Subject) -> Iterator[Finding]:
    """Title and content are needed, and measured in both of vivo's ways of counting."""
    if pushed.is_list or not pushed.is_readable:
        return
    flagged = pushed.message.raw is None  # a raw payload has no flags
    missing = [(word, flag if flagged else word) for word, flag, _ in _SHOWN if not _is_said(pushed.document.get(word))]
    if missing:
        what, flags = " and no ".join(word for word, _ in missing), " and ".join(flag for _, flag in missing)
        yield RULES["text-missing"].finding(missing[0][0], what=what, flag=flags)
    for word, _, most in _SHOWN:
        text = pushed.document.get(word)
        if isinstance(text, str):
            yield from _length(word, text, most)


def _is_said(text: object) -> bool:
    """Whether there is something; the types say of what is no text."""
    return bool(text.strip()) if isinstance(text, str) else text is not None


def _length(word: str, text: str, most: int) -> Iterator[Finding]:
    size, cells = measure(text, "characters"), measure(text, "double-width")
    if size > most:
        yield RULES["text-too-long"].finding(word, word=word.capitalize(), size=size, most=most)
    elif cells > most:
        told = {"word": word.capitalize(), "cells": cells, "most": most, "chinese": most // 2}
        yield RULES["text-double-width"].finding(word, **told)


def _trial(pushed: Subject) -> Iterator[Finding]:
    """Texts that vivo refuses in a formal message (10104, 10085), and what else looks like a trial; a test message may
    say anything. One finding for both texts."""
    if pushed.is_list or pushed.is_test:
        return
    told: dict[str, dict[str, list[str]]] = {"trivial-text": {}, "like-a-trial": {}}
    for word, _, _ in _SHOWN:
        text = pushed.document.get(word)
        if not isinstance(text, str) or not text.strip():
            continue
        if listed := _refused(text):
            told["trivial-text"].setdefault(listed, []).append(f"{word} {short(text)}")
        elif why := trivial(text):
            told["like-a-trial"].setdefault(f"is {why}", []).append(f"{word} {short(text)}")
    for rule, whys in told.items():
        if whys:
            yield RULES[rule].finding("title", what=" and the ".join(_part(why, words) for why, words in whys.items()))


def _part(why: str, words: list[str]) -> str:
    if len(words) == 1:
        return f"{words[0]} {why}"
    return f"{' and the '.join(words)} {why.replace('is ', 'are ', 1).replace('has ', 'have ', 1)}"


def _refused(text: str) -> str:
    """What vivo's list says of a text: digits, Latin letters, signs, or signs and digits alone, the word for test,
    braces and square brackets; "" for one that is not in it."""
    if _TRIAL in text:
        return f"has {_TRIAL} (test) in it"
    if set(_BRACKETS) & set(text):
        return "has braces or square brackets in it"
    letters = [letter for letter in text if not letter.isspace()]
    if all(letter.isdigit() for letter in letters):
        return "is digits only"
    if not any(letter.isalpha() for letter in letters):
        return "is signs, or signs and digits, only"
    return "is Latin letters only" if re.fullmatch(r"[A-Za-z]+", text.strip()) else ""


def _data(pushed: Subject) -> Iterator[Finding]:
    """``clientCustomMap``: text only, and not much of it."""
    found = pushed.document.get("clientCustomMap")
    if found is None:
        return
    if not isinstance(found, dict):
        yield RULES["data-not-object"].finding("clientCustomMap", found=described(found))
        return
    for key, value in found.items():
        if not isinstance(value, str):
            yield RULES["data-not-string"].finding(
                f"clientCustomMap.{key}", path=f"clientCustomMap.{key}", found=described(value)
            )
    size = sum(len(key) + len(value) for key, value in found.items() if isinstance(value, str))
    if size > _MOST_DATA:
        yield RULES["data-too-long"].finding("clientCustomMap", size=size, most=_MOST_DATA)
    if len(found) > _MOST_PAIRS_BEFORE:
        yield RULES["data-many-pairs"].finding("clientCustomMap", count=len(found), most=_MOST_PAIRS_BEFORE)


def _ttl(pushed: Subject) -> Iterator[Finding]:
    seconds = number(pushed.document.get("timeToLive"))
    if seconds is None:
        return
    if not _SHORTEST_S <= seconds <= _LONGEST_BEFORE_S:
        yield RULES["ttl-range"].finding("timeToLive", value=seconds)
    elif seconds > _LONGEST_S:
        yield RULES["ttl-cut"].finding("timeToLive", value=seconds)
    elif seconds < _SHORTEST_OF_LISTS_S:
        yield RULES["ttl-short-for-lists"].finding("timeToLive", value=seconds)


def _click(pushed: Subject) -> Iterator[Finding]:
    """What a tap does: each kind with its own ``skipContent``."""
    kind, content = number(pushed.document.get("skipType")), pushed.document.get("skipContent")
    if pushed.is_list or not pushed.is_readable:
        return
    if "skipType" not in pushed.document:
        yield RULES["click-missing"].finding("skipType")
    elif kind == HOME and content:
        yield RULES["click-extra"].finding("skipContent")
    elif kind in _KINDS and not content:
        yield RULES["click-needs"].finding("skipContent", kind=kind, what=_KINDS[kind])
    elif kind in _KINDS and isinstance(content, str):
        yield from _skip_content(kind, content)
    if kind == CUSTOM:
        yield RULES["click-custom"].finding("skipType")


def _skip_content(kind: int, content: str) -> Iterator[Finding]:
    before, most = _MOST_SKIP[kind]
    if len(content) > most:
        yield RULES["click-too-long"].finding("skipContent", size=len(content), most=most)
    elif len(content) > before:
        yield RULES["click-long"].finding("skipContent", size=len(content), most=before)
    if kind == PAGE and not content.startswith("intent:"):
        yield RULES["click-not-intent"].finding("skipContent", value=short(content))
    elif kind == PAGE and "component=" not in content:
        yield RULES["click-without-component"].finding("skipContent")
    if kind == LINK and "://" not in content:
        yield RULES["click-url"].finding("skipContent", value=short(content))


CHECKS = (_words, _trial, _data, _ttl, _click)
