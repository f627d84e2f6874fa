"""Checks of topics and conditions (Firebase: cloud-messaging/topic-messaging, …/send-topic-messages)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.conditions import read_condition
from pushctl.core.payloads import short
from pushctl.vendors.fcm.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_NAME = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
_ODD = re.compile(r"[^a-zA-Z0-9\-_.~%]")
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
