"""Checks of styles and pictures: which picture belongs to which style, and what OPPO sells as an extension."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import AT, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_URLS = ("small_picture_url", "medium_picture_url", "big_picture_url")
_PAID = (*_URLS, "buttons", "option")
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_STYLE_OF = {"medium_picture_url": 4, "big_picture_url": 3, "big_picture_id": 3}


def _style(pushed: Subject) -> Iterator[Finding]:
    """Style 3 is for broadcasts and needs a big picture, style 4 a middle one."""
    style, shown, path = pushed.style, pushed.shown, f"{AT}.style"
    if style == 3 and not pushed.broadcast:
        yield RULES["style-broadcast"].finding(path)
    if style == 3 and not (shown.get("big_picture_id") or shown.get("big_picture_url")):
        needs, fix = "big_picture_id or big_picture_url", "Upload a picture and give its id, or add --image URL."
        yield RULES["style-needs"].finding(path, style=3, needs=needs, fix=fix)
    if style == 4 and not shown.get("medium_picture_url"):
        yield RULES["style-needs"].finding(path, style=4, needs="medium_picture_url", fix="Add --image URL.")
    for key, of in _STYLE_OF.items():
        if shown.get(key) and style != of:
            yield RULES["style-extra"].finding(f"{AT}.{key}", path=f"{AT}.{key}", style=of)


def _addresses(pushed: Subject) -> Iterator[Finding]:
    paid = [key for key in _PAID if pushed.shown.get(key)]
    if paid:
        path = f"{AT}.{paid[0]}"
        yield RULES["picture-paid"].finding(path, path=path)
    for key in _URLS:
        value = pushed.shown.get(key)
        if isinstance(value, str) and not _WEB.fullmatch(value):
            yield RULES["image-not-url"].finding(f"{AT}.{key}", path=f"{AT}.{key}", value=short(value))


CHECKS = (_style, _addresses)
