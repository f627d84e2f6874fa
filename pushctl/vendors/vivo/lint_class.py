"""Checks of the message's class: what vivo will make of it, told before it is sent.

dev.vivo.com.cn documents 359 (classes, categories) and 156 (quotas, hours); the limits of a day: April 2023.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pushctl.core.payloads import described
from pushctl.vendors.vivo.classes import CLASS_OF, OPERATIONAL, SYSTEM, UNCONFIRMED
from pushctl.vendors.vivo.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.vivo.lint_subject import Subject

_CHINA = timezone(timedelta(hours=8))
_OPENS, _CLOSES = 7, 23
_WORDS = {OPERATIONAL: "operational (0)", SYSTEM: "system (1)"}

# How a message is treated, and which cap follows.
_OF_TEST = ("test message (测试推送, pushMode 1), to registered test devices only (20 at most)", "no quota, no hours")
_OF_LIST = ("the class of the message that was saved under this taskId", "its cap")
_OF_SYSTEM = (
    "system message (系统消息), with sound, lock screen and banner at any hour",
    "no cap for a device, 3 times the reachable users a day for the app; vivo turns a wrong class into operational",
)
_OF_OPERATIONAL = (
    "operational message (运营消息), without sound, folded away while the app is not running",
    "at most 2 a day for a device (5 of a news app), only 07:00 to 23:00 China time",
)


def _treatment(pushed: Subject) -> Iterator[Finding]:
    """The one line that says what vivo will do with it. Nothing for a body that cannot be read."""
    if not pushed.is_readable:
        return
    if pushed.is_test:
        how, cap = _OF_TEST
    elif pushed.is_list:
        how, cap = _OF_LIST
    else:
        how, cap = _OF_SYSTEM if pushed.class_of_message == SYSTEM else _OF_OPERATIONAL
    category = f"{pushed.category}: " if pushed.category else ""
    yield RULES["treatment"].finding(how=f"{category}{how}", cap=cap)


def _class(pushed: Subject) -> Iterator[Finding]:
    """Whether anybody said a class, and whether class and category agree."""
    if not pushed.is_readable or pushed.is_list:
        return
    said, category = pushed.document.get("classification"), pushed.category
    if said is not None and pushed.classification not in _WORDS:
        yield RULES["classification-value"].finding("classification", found=described(said))
        return
    message = pushed.message
    built = message.raw is None and message.klass is None and message.category is None
    set_here = any(each.path in ("classification", "category") for each in message.assignments)
    if (built and not set_here) or (said is None and category is None):
        if not pushed.is_test:  # which nothing is counted of
            yield RULES["cn-missing-class"].finding("classification")
    elif category is None and pushed.classification == SYSTEM:
        yield RULES["class-needs-category"].finding("category")
    elif category is not None:
        yield from _category(pushed, category)


def _category(pushed: Subject, category: str) -> Iterator[Finding]:
    known = CLASS_OF.get(category.upper())
    if known is None:
        yield RULES["category-unknown"].finding("category", value=category)
        return
    if category != category.upper():
        yield RULES["category-case"].finding("category", value=category, fix=category.upper())
    if category.upper() in UNCONFIRMED:
        yield RULES["category-unconfirmed"].finding("category", value=category)
    said = pushed.classification
    if said is not None and said != known:
        yield RULES["class-category-conflict"].finding(
            "category", category=category, belongs=_WORDS[known], said=_WORDS[said]
        )


def _hours(pushed: Subject) -> Iterator[Finding]:
    """Operational messages are for the day, by China's clock, and shown once."""
    if not pushed.is_readable or pushed.is_test or pushed.is_list or pushed.class_of_message == SYSTEM:
        return
    there = datetime.fromtimestamp(pushed.now, _CHINA)
    if not _OPENS <= there.hour < _CLOSES:
        yield RULES["operational-hours"].finding("classification", clock=f"{there:%H:%M}")
    yield RULES["same-text-once"].finding("title")


CHECKS = (_treatment, _class, _hours)
