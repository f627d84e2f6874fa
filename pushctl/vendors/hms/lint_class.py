"""Checks of the message's class: what Huawei will make of it in China, told before it is sent.

Nothing of this is ever an error on the wire: a category without its right is accepted with 80000000 and handled as
MARKETING (HMSCore-References/https-send-api-0000001050986197, harmonyos-references/push-msg-freq-control).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.hms.judge import RULES
from pushctl.vendors.hms.lint_subject import FIELDS, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_PATH = "message.android.category"
_DATA_ONLY = ("PLAY_VOICE",)
_SERVICE = tuple(name for name in FIELDS[_PATH].values if name not in ("MARKETING", *_DATA_ONLY))


def _category(pushed: Subject) -> Iterator[Finding]:
    """Which category it has, and whether Huawei knows it."""
    category = pushed.android.get("category")
    if not isinstance(category, str):
        return
    if category not in FIELDS[_PATH].values:
        import difflib  # only a mistake needs it

        known = FIELDS[_PATH].values
        close = difflib.get_close_matches(category.upper(), known, n=1, cutoff=0.7)
        fix = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
        if category == "MISS_CALL":
            fix = "MISS_CALL is a category of HarmonyOS 5 and NEXT (vendor harmony); here use VOIP."
        yield RULES["category-unknown"].finding(_PATH, value=short(category), fix=fix)
    elif category in _DATA_ONLY and pushed.is_notification:
        yield RULES["category-data-only"].finding(_PATH, value=category)


def _handling(pushed: Subject) -> Iterator[Finding]:
    """How a notification will be handled: as marketing unless the right was granted. Test messages are not counted."""
    if not pushed.is_notification or not pushed.for_android or pushed.message.validate_only:
        return
    category, test = pushed.android.get("category"), pushed.android.get("target_user_type") == 1
    if test:
        yield RULES["test-message"].finding("message.android.target_user_type")
    elif category == "MARKETING":
        yield RULES["marketing-quota"].finding(_PATH)
    else:
        what = "No category is named, so Huawei's classifier decides what this is."
        if category in _SERVICE:
            what = f"{category} counts only if Huawei has granted the self-classification right to the app."
        elif category is not None:
            what = "A category that Huawei does not know counts as none."
        yield RULES["huawei-category-needs-permission"].finding(_PATH, what=what)


def _flags(pushed: Subject) -> Iterator[Finding]:
    """``--class``, beside ``--category`` or alone."""
    klass, category = pushed.message.klass, pushed.android.get("category")
    if klass is None or pushed.message.raw is not None:
        return
    if category is None and klass == "service":
        yield RULES["class-needs-category"].finding("--class", known=", ".join(_SERVICE))
    elif isinstance(category, str):
        fits = {"im": ("IM",), "marketing": ("MARKETING",), "service": _SERVICE}[klass]
        if category not in fits and category in FIELDS[_PATH].values:
            yield RULES["class-against-category"].finding("--class", klass=klass, category=category)


CHECKS = (_category, _handling, _flags)
