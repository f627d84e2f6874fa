"""Checks of the target: a token's shape, a topic's name, a condition.

Huawei (developer.huawei.com/consumer/cn/notice/20180316): never test a token's length. So it is never an error; only
what cannot belong to a token is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.conditions import read_condition
from pushctl.core.payloads import short
from pushctl.vendors import _tokens
from pushctl.vendors.hms.judge import RULES
from pushctl.vendors.hms.request import KINDS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_TOPIC = re.compile(r"[\w\-.~%]{1,900}")
_MOST_TOPICS = 5


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding."""
    value = target.value
    if target.kind not in KINDS:
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif target.kind == "topic":
        if topic_fault(value):
            yield RULES["topic-name"].finding("--topic", value=short(value))
    elif target.kind == "condition":
        if why := condition_fault(value):
            yield RULES["condition-form"].finding("--condition", why=why)
    else:
        yield from _token(value)


def topic_fault(topic: str) -> bool:
    """Whether this is no name for a topic (digits, letters of any script, ``_ - . ~ %``, at most 900)."""
    return _TOPIC.fullmatch(topic) is None


def condition_fault(condition: str) -> str:
    """Why this is no condition, or ""."""
    topics, why = read_condition(condition)
    if why:
        return f"cannot be read: {why}"
    if bad := next((topic for topic in topics if topic_fault(topic)), None):
        return f"has the topic {short(bad)}"
    return f"has {len(topics)} topics" if len(topics) > _MOST_TOPICS else ""


def _token(token: str) -> Iterator[Finding]:
    """One finding at most: the first thing that is wrong with the token, or that it looks like another's."""
    if fault := _tokens.pasted(token):
        yield RULES[fault[0]].finding(_tokens.place(token), **fault[1])
    elif _tokens.own(token, "hms"):
        return
    elif finding := _tokens.of_another(token, "hms", RULES):
        yield finding
    else:
        yield RULES["token-shape"].finding(_tokens.place(token), length=len(token))
