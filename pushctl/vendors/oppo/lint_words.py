"""Checks of what a notification says: title, content and custom data, in OPPO's unit: every letter and emoji counts
one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.answers import json_object
from pushctl.core.payloads import short
from pushctl.core.texts import measure, trivial
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import AT, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_TITLE, _SUB_TITLE = 50, 10
_CONTENT = {2: 128}
_CONTENT_ELSE = 50
_OLD_CONTENT = 200  # style 1 in documents of before 2024, and in the SDK to this day
_WORDS = (("title", "--title"), ("content", "--body"))


def _missing(pushed: Subject) -> Iterator[Finding]:
    if AT not in pushed.document or pushed.has_template:
        return
    missing = [(name, flag) for name, flag in _WORDS if not pushed.shown.get(name)]
    if missing:
        what, flags = " and no ".join(name for name, _ in missing), " and ".join(flag for _, flag in missing)
        yield RULES["text-missing"].finding(AT, what=what, fix=f"Add {flags}.")


def _lengths(pushed: Subject) -> Iterator[Finding]:
    limit = _CONTENT.get(pushed.style, _CONTENT_ELSE)
    for name, most, of in (
        ("title", _TITLE, ""),
        ("sub_title", _SUB_TITLE, ""),
        ("content", _OLD_CONTENT if pushed.style == 1 else limit, f" in style {pushed.style}"),
    ):
        text = pushed.shown.get(name)
        size = measure(text, "characters") if isinstance(text, str) else 0
        if size > most:
            path, told = f"{AT}.{name}", {"size": size, "over": size - most, "limit": most}
            yield RULES["text-too-long"].finding(path, path=path, of=of, **told)
        elif name == "content" and size > limit:
            yield RULES["text-long"].finding(f"{AT}.content", size=size)


def _trivial(pushed: Subject) -> Iterator[Finding]:
    """One finding for both texts: a trial mostly has two such."""
    if pushed.has_template:
        return
    told = []
    for name, _ in _WORDS:
        text = pushed.shown.get(name)
        if isinstance(text, str) and text and (why := trivial(text)):
            told.append(f"{name} is {why}")
    if told:
        yield RULES["trivial-text"].finding(AT, what=f"The {' and the '.join(told)}")


def _data(pushed: Subject) -> Iterator[Finding]:
    value = pushed.shown.get("action_parameters")
    if isinstance(value, str) and json_object(value) is None:
        yield RULES["data-not-json"].finding(f"{AT}.action_parameters", value=short(value))


CHECKS = (_missing, _lengths, _trivial, _data)
