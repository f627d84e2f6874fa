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
_OLD_CONTENT = 200
"""Style 1 in documents of before 2024, and in the SDK to this day. Of styles 4 and 5 no limit is known."""
_WORDS = (("title", "--title"), ("content", "--body"))


def _missing(pushed: Subject) -> Iterator[Finding]:
    if not pushed.is_readable or pushed.has_template:
        return
    flagged = pushed.message.raw is None  # a raw payload has no flags
    missing = [(name, flag if flagged else name) for name, flag in _WORDS if not pushed.shown.get(name)]
    if missing:
        what, flags = " and no ".join(name for name, _ in missing), " and ".join(flag for _, flag in missing)
        yield RULES["text-missing"].finding(AT, what=what, fix=f"Add {flags}.")


def _lengths(pushed: Subject) -> Iterator[Finding]:
    style = pushed.style
    limit = _CONTENT.get(style, _CONTENT_ELSE)
    for name, most, of in (
        ("title", _TITLE, ""),
        ("sub_title", _SUB_TITLE, ""),
        ("content", limit if style in (2, 3) else _OLD_CONTENT, f" in style {style}"),
    ):
        text = pushed.shown.get(name)
        size = measure(text, "characters") if isinstance(text, str) else 0
        if size > most:
            path, told = f"{AT}.{name}", {"size": size, "over": size - most, "limit": most}
            yield RULES["text-too-long"].finding(path, path=path, of=of, **told)
        elif name == "content" and size > limit:
            fix = "Shorten it to 50, or use style 2, which takes 128." if style == 1 else "Shorten it to 50."
            yield RULES["text-long"].finding(f"{AT}.content", size=size, fix=fix)


def _trivial(pushed: Subject) -> Iterator[Finding]:
    """One finding for both texts: a trial mostly has two such."""
    if pushed.has_template:
        return
    told: dict[str, list[str]] = {}
    for name, _ in _WORDS:
        text = pushed.shown.get(name)
        if isinstance(text, str) and text and (why := trivial(text)):
            told.setdefault(why, []).append(name)
    if told:
        parts = (f"{' and '.join(names)} {'are both' if names[1:] else 'is'} {why}" for why, names in told.items())
        yield RULES["trivial-text"].finding(AT, what=" and ".join(parts))


def _data(pushed: Subject) -> Iterator[Finding]:
    value = pushed.shown.get("action_parameters")
    if isinstance(value, str) and json_object(value) is None:
        yield RULES["data-not-json"].finding(f"{AT}.action_parameters", value=short(value))


CHECKS = (_missing, _lengths, _trivial, _data)
