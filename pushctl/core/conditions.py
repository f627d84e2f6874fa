"""Conditions: topics joined by operators, in the language that Google and Huawei share.

Operands are ``'name' in topics``, ``!`` before one and brackets around one; operators ``&&`` and ``||`` (Firebase:
cloud-messaging/send-topic-messages; HMSCore-References/https-send-api-0000001050986197).
"""

from __future__ import annotations

import re

from pushctl.core.payloads import short

_WORD = re.compile(r"\s*('[^']*'\s+in\s+topics\b|&&|\|\||!|\(|\)|\S)\s*")
_OPERAND = "a topic ('news' in topics)"
_OPERATOR = "&& or ||"


def read_condition(condition: str) -> tuple[list[str], str]:
    """The topics that a condition names, and why it cannot be read, or "". What a topic may be called, and how many
    there may be, is the vendor's to check."""
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
