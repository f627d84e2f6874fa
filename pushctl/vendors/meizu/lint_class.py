"""Checks of the message's class: how Meizu will treat it, told before it is sent.

Two classes since April 2025: public (公信) and private (私信), ``noticeBarInfo.noticeMsgType``. The daily numbers of a
device, in force since 2025-05-07, stand in Tencent's table of vendors' limits; Meizu's own rules, a PDF, could not be
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors.meizu.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.meizu.lint_subject import Subject

_WHERE = "noticeBarInfo.noticeMsgType"
_PUBLIC = ("public message (公信): a device takes 3 a day of an app, 5 of a news and reading app", "")
_PRIVATE = (
    "private message (私信): no daily number, for an app that Meizu has approved for it",
    "An app that is not approved applies to Meizu first.",
)
_PASS_THROUGH = ("pass-through message (透传): discontinued, and no notification", "")
"""What each is to Meizu, and what to do about it."""


def _treatment(pushed: Subject) -> Iterator[Finding]:
    """One finding for every message that can be read, and a warning where nobody has chosen."""
    if pushed.document is None:
        return
    said = pushed.group("noticeBarInfo").get("noticeMsgType")
    private = said is True or said == 1  # Meizu is not known to mind which
    how, fix = _PASS_THROUGH if pushed.is_flat else _PRIVATE if private else _PUBLIC
    yield RULES["treatment"].finding(_WHERE, how=how, fix=fix)
    if said is None and not pushed.is_flat:
        yield RULES["meizu-public-class"].finding(_WHERE)


CHECKS = (_treatment,)
