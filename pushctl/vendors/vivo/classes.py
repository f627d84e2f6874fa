"""vivo's classes of messages: system and operational, and the categories below each (dev.vivo.com.cn document 359).

The class decides whether a message makes a sound, at what hours it may be sent and how many of it a device gets. Which
class vivo takes for a message without any is written differently in its texts (0 in older ones, 1 in the newest), so it
is always sent. What nobody classified is sent as operational: nothing is claimed for it that vivo punishes when it is
not so, and the right to system messages is not needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.message import Message

OPERATIONAL = 0
SYSTEM = 1
SYSTEM_CATEGORIES = ("IM", "ACCOUNT", "TODO", "DEVICE_REMINDER", "ORDER", "SUBSCRIPTION")
OPERATIONAL_CATEGORIES = ("NEWS", "CONTENT", "MARKETING", "SOCIAL")
"""NEWS is in vivo's table of codes (10097, myt2000/AIShell:docs/日志排查流程文档.md) and in help pages of Alibaba's; no
copy of document 359 that could be read has it."""

CLASS_OF: Mapping[str, int] = {
    **dict.fromkeys(SYSTEM_CATEGORIES, SYSTEM),
    **dict.fromkeys(OPERATIONAL_CATEGORIES, OPERATIONAL),
}
"""The class that each category belongs to."""

_CLASS_OF_FLAG = {"im": SYSTEM, "service": SYSTEM, "marketing": OPERATIONAL}
# No category means every service message, so --class service alone sets none.
_CATEGORY_OF_FLAG = {"im": "IM", "marketing": "MARKETING"}


def category_of(message: Message) -> str | None:
    """``category``: as said, in vivo's capitals; else what the class stands for."""
    if message.category is not None:
        return message.category.strip().upper()
    return _CATEGORY_OF_FLAG.get(message.klass or "")


def classification_of(message: Message) -> int:
    """``classification``: that of ``--class``, else that of the category, else operational."""
    if message.klass is not None:
        return _CLASS_OF_FLAG[message.klass]
    return CLASS_OF.get(category_of(message) or "", OPERATIONAL)
