"""Checks of the message's class: what vivo will make of it, told before it is sent.

dev.vivo.com.cn documents 359 (classes, categories) and 156 (quotas, hours); the limits of a day: April 2023.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pushctl.core.payloads import described
from pushctl.vendors.vivo.classes import CLASS_OF, OPERATIONAL, SYSTEM
from pushctl.vendors.vivo.judge import RULES
from pushctl.vendors.vivo.lint_subject import CHINA

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.vivo.lint_subject import Subject

OPENS, CLOSES = 7, 23
"""Hours of operational messages, by China's clock."""
_WORDS = {OPERATIONAL: "operational (0)", SYSTEM: "system (1)"}
_TEST = "test message (测试推送, pushMode 1), to registered test devices only (20 at most); no quota, no hours"
_LIST = "the class of the message that was saved under this taskId, and its cap"
_SHOWN_AS = {
    SYSTEM: ("system message (系统消息)", "with sound, lock screen and banner, at any hour"),
    OPERATIONAL: ("operational message (运营消息)", "without sound, folded away while the app is not running"),
}
_CAPS = {
    SYSTEM: "no cap for a device, 3 times the reachable users a day for the app",
    OPERATIONAL: "at most 2 a day for a device (5 of a news app), only 07:00 to 23:00 China time",
}
_HONEST = "Use it for nothing else: vivo turns a wrong system message into an operational one."
_OTHER = "Name the class with --class or --category where another one is meant."


def _treatment(pushed: Subject) -> Iterator[Finding]:
    """The one line that says what vivo will do with it, and which cap follows. Nothing for a body that cannot be
    read."""
    if pushed.is_readable:
        how, fix = _told(pushed)
        yield RULES["treatment"].finding(how=how, fix=fix)


def _told(pushed: Subject) -> tuple[str, str]:
    if pushed.is_list:
        return _LIST, "Its class was said when it was saved."
    if wrong := _refused(pushed):
        return f"{wrong}, so it will be refused", "Mend what the errors name."
    if pushed.is_test:
        return _TEST, "Leave pushMode out for everybody's devices."
    known = pushed.class_of_message
    name, how = _SHOWN_AS[known]
    unsaid = pushed.category is None and pushed.classification is None
    which = f" as {pushed.category}" if pushed.category else " by vivo's older texts" if unsaid else ""
    return f"{name}{which}, {how}; {_CAPS[known]}", _HONEST if known == SYSTEM else _OTHER


def _refused(pushed: Subject) -> str:
    """What is wrong with the class, where vivo refuses it; "" for nothing."""
    said, category = pushed.classification, pushed.category
    if "classification" in pushed.document and said not in _WORDS:
        return "a classification that vivo does not know"
    if category is None:
        return ""
    if category not in CLASS_OF:
        return "a category that vivo does not know"
    return "a category of the other class" if said is not None and said != CLASS_OF[category] else ""


def _class(pushed: Subject) -> Iterator[Finding]:
    """Whether anybody said a class, and whether class and category agree."""
    if not pushed.is_readable or pushed.is_list:
        return
    said, category = pushed.document.get("classification"), pushed.category
    if said is not None and pushed.classification not in _WORDS:
        yield RULES["classification-value"].finding("classification", found=described(said))
    elif category is not None:
        yield from _category(pushed, category)
    elif said is None or _nobody_said_it(pushed):
        if not pushed.is_test:  # which nothing is counted of
            yield _missing(sent=said is not None)
    elif pushed.classification == SYSTEM:
        yield RULES["class-needs-category"].finding("category")


def _nobody_said_it(pushed: Subject) -> bool:
    """Whether the class was made here, for want of anything better."""
    set_here = any(each.path == "classification" for each in pushed.message.assignments)
    return pushed.message.raw is None and pushed.message.klass is None and not set_here


def _missing(*, sent: bool) -> Finding:
    what = "No class is said, so it goes out as operational (classification 0)"
    fix = "Say --class im or --class service (the app needs the right to them), or --class marketing."
    if not sent:
        what = "The message says no class, which older texts of vivo's take for operational and the newest for system"
        fix = 'Add "classification" (0 operational, 1 system) and "category".'
    return RULES["cn-missing-class"].finding("classification", what=what, fix=fix)


def _category(pushed: Subject, category: str) -> Iterator[Finding]:
    known = CLASS_OF.get(category.upper())
    if known is None:
        yield RULES["category-unknown"].finding("category", value=category)
        return
    if category != category.upper():
        yield RULES["category-case"].finding("category", value=category, fix=category.upper())
    said = pushed.classification
    if said is not None and said != known:
        yield RULES["class-category-conflict"].finding(
            "category", category=category, belongs=_WORDS[known], said=_WORDS[said]
        )


def _hours(pushed: Subject) -> Iterator[Finding]:
    """Operational messages are for the day, by China's clock, and shown once."""
    if not pushed.is_readable or pushed.is_test or pushed.is_list or _refused(pushed):
        return
    if pushed.class_of_message == SYSTEM:
        return
    there = datetime.fromtimestamp(pushed.now, CHINA)
    if not OPENS <= there.hour < CLOSES:
        yield RULES["operational-hours"].finding("classification", clock=f"{there:%H:%M}")
    yield RULES["same-text-once"].finding("title")


CHECKS = (_treatment, _class, _hours)
