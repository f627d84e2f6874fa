"""Checks of the message's class: what Huawei will make of it, told before it is sent.

Nothing of this is an error on the wire: a category without its right is accepted with 80000000 and handled as MARKETING
(harmonyos-guides/push-apply-right, harmonyos-references/push-msg-freq-control).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.lint_push_type import is_of_another_type
from pushctl.vendors.harmony.lint_subject import FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_PATH = "payload.notification.category"
_SPOKEN = "PLAY_VOICE"


def _category(pushed: Subject) -> Iterator[Finding]:
    """Which category it has, and whether Huawei knows it."""
    if not pushed.shows or pushed.is_badge_alone or is_of_another_type(pushed) or not pushed.payload:
        return
    category = pushed.notification.get("category")
    known = FIELDS[_PATH].values
    if category in (None, ""):
        yield RULES["category-missing"].finding(_PATH)
    elif not isinstance(category, str):
        return
    elif category not in known:
        import difflib  # only a mistake needs it

        close = difflib.get_close_matches(category.upper(), known, n=1, cutoff=0.7)
        fix = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
        yield RULES["category-unknown"].finding(_PATH, value=short(category), fix=fix)
    elif pushed.push_type == "2" and category != _SPOKEN:
        yield RULES["category-play-voice"].finding(_PATH, value=category)
    elif pushed.push_type == "0" and category == _SPOKEN:
        yield RULES["play-voice-push-type"].finding(_PATH)
    elif pushed.push_type == "0" and not pushed.is_test:
        yield from _handling(pushed, category)


def _handling(pushed: Subject, category: str) -> Iterator[Finding]:
    """How it will be handled: as marketing unless the right was granted."""
    if category == "MARKETING":
        yield RULES["marketing-quota" if _is_chosen(pushed) else "marketing-default"].finding(_PATH)
    else:
        yield RULES["huawei-category-needs-permission"].finding(_PATH, category=category)


def _is_chosen(pushed: Subject) -> bool:
    """Whether somebody named the category or the class, in a flag or in the body."""
    message = pushed.message
    if message.raw is not None or message.category is not None or message.klass is not None:
        return True
    return any(one.path.startswith("payload") for one in message.assignments)


def _flags(pushed: Subject) -> Iterator[Finding]:
    """``--class``, beside ``--category`` or alone."""
    message = pushed.message
    if message.klass is None or message.raw is not None or not pushed.shows:
        return
    category = pushed.notification.get("category")
    if message.klass == "service" and message.category is None and category in ("MARKETING", _SPOKEN):
        yield RULES["class-needs-category"].finding("--class", category=category)
    elif message.category is not None:
        marketing = message.category.upper() == "MARKETING"
        if marketing != (message.klass == "marketing"):
            yield RULES["class-against-category"].finding("--class", klass=message.klass, category=short(category))


CHECKS = (_category, _flags)
