"""Checks of the message's class: what Honor will make of it, told before it is sent.

Nothing of this is ever an error on the wire: the message is accepted, and shown as marketing or not at all (rules of
2024-12-31: developer.honor.com/cn/docs/11002/guides/notification-class, as partners tell it).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_integer
from pushctl.vendors.honor.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.honor.lint_subject import Subject


_ONLY_WITH_RIGHT = "An importance of NORMAL counts only if Honor has granted the self-classification right to the app."


def _handling(pushed: Subject) -> Iterator[Finding]:
    """How a notification will be handled. Test messages are not counted."""
    test = pushed.android.get("targetUserType")
    if is_integer(test) and test == 1:
        yield RULES["test-message"].finding("android.targetUserType")
        return
    if not pushed.is_notification:
        return
    where, importance = "android.notification.importance", pushed.shown.get("importance")
    if importance == "LOW":
        yield RULES["marketing-quota"].finding(where)
    elif importance in (None, "NORMAL"):
        what = "The message has no importance." if importance is None else _ONLY_WITH_RIGHT
        yield RULES["honor-importance-needs-permission"].finding(where, what=what)


CHECKS = (_handling,)
