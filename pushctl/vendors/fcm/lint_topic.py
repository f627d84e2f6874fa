"""Checks of topics and conditions (Firebase: cloud-messaging/topic-messaging, …/send-topic-messages)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.fcm.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_NAME = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
_ODD = re.compile(r"[^a-zA-Z0-9\-_.~%]")
_WORD = re.compile(r"\s*('[^']*'\s+in\s+topics\b|&&|\|\||!|\(|\)|\S)\s*")
_MOST_TOPICS = 5


def lint_topic(topic: str) -> Iterator[Finding]:
    """The name's form; one finding at most."""
    if not topic:
        yield RULES["topic-empty"].finding("topic")
    elif topic.startswith(("/topics/", "topics/")):
        yield RULES["topic-prefix"].finding("topic", value=short(topic), name=topic.rpartition("topics/")[2])
    elif not _NAME.fullmatch(topic):
        yield RULES["topic-name"].finding("topic", value=short(topic), what=_wrong(topic))


def _wrong(topic: str) -> str:
    odd = _ODD.search(topic)
    return f"the letter {short(odd[0])} in it" if odd else f"{len(topic)} letters"


def lint_condition(condition: str) -> Iterator[Finding]:
    """Can it be read, and does it name few enough topics? One finding at most."""
    names, why = read_condition(condition)
    if why:
        yield RULES["condition-syntax"].finding("condition", why=why)
    elif bad := next((name for name in names if not _NAME.fullmatch(name)), None):
        yield RULES["topic-name"].finding("condition", value=short(bad), what=_wrong(bad))
    elif len(names) > _MOST_TOPICS:
        yield RULES["condition-topics"].finding("condition", count=len(names))


def read_condition(condition: str) -> tuple[list[str], str]:
    """The topics that a condition names, and why it cannot be read, or "".

    Operands are ``'name' in topics``, ``!`` before one and brackets around one; operators ``&&`` and ``||``.
    """
    names: list[str] = []
    depth, due, place = 0, _OPERAND, 0
    while word := _WORD.match(condition, place):
        text, at = word[1], f"at character {word.start(1) + 1}"
        is_name = text.startswith("'") and len(text) > 1
        begins = is_name or text in ("!", "(")
        if not begins and text not in ("&&", "||", ")"):
            return names, f"{short(text)} {at} is neither a topic nor an operator"
        if begins != (due is _OPERAND):
            return names, f"{short(text)} {at}, where {due} is due"
        depth += {"(": 1, ")": -1}.get(text, 0)
        if depth < 0:
            return names, f"the bracket {at} closes none"
        if is_name:
            names.append(text[1:].partition("'")[0])
        due = _OPERAND if text in ("&&", "||", "!", "(") else _OPERATOR
        place = word.end()
    if due is _OPERAND:
        return names, f"{due} is missing at the end" if place else "it is empty"
    return names, "" if depth == 0 else "a bracket is not closed"


_OPERAND = "a topic ('news' in topics)"
_OPERATOR = "&& or ||"
