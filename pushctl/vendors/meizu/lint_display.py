"""Checks of how a notification looks and what a tap does: taps, expansion, the features of VIP apps, the key that
replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_integer, short
from pushctl.core.texts import measure
from pushctl.vendors.meizu.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.meizu.lint_subject import Subject

_CLICK = "clickTypeInfo"
# clickType: what it opens, and the field that it uses.
_USES = {1: ("a page of the app", "activity"), 2: ("a URI", "url"), 3: ("what the app decides", "customAttribute")}
_MOST_BYTES = 1000
_CLASS = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.+", re.DOTALL)
_KEY = re.compile(r"[0-9A-Za-z_-]{1,8}")
_TOP_S = (1800, 7200)
# Features that exclude each other: two paths, and what they are to a person.
_EITHER = (
    ("vipInfo.pullDownTop", "vipInfo.timeTop"),
    ("vipInfo.backgroundImgUrl", "vipInfo.titleColor"),
    ("vipInfo.backgroundImgUrl", "vipInfo.bigIconUrl"),
    ("vipInfo.backgroundImgUrl", "noticeExpandInfo.noticeExpandImgUrl"),
)


def _click(pushed: Subject) -> Iterator[Finding]:
    click = pushed.group(_CLICK)
    kind = click.get("clickType", 0)
    if not is_integer(kind) or kind not in (0, *_USES):
        if "clickType" in click and is_integer(kind):
            yield RULES["wrong-value"].finding(
                f"{_CLICK}.clickType", path=f"{_CLICK}.clickType", value=kind, known="0, 1, 2"
            )
        return
    if kind == 3:
        yield RULES["retired-value"].finding(f"{_CLICK}.clickType", path=f"{_CLICK}.clickType", value=3)
    for number, (what, field) in _USES.items():
        if number == kind and not click.get(field):
            yield RULES["click-action-needs"].finding(_CLICK, type=kind, what=what, needs=field)
        elif number != kind and click.get(field):
            yield RULES["click-action-extra"].finding(f"{_CLICK}.{field}", type=kind, key=field)


def _click_values(pushed: Subject) -> Iterator[Finding]:
    click = pushed.group(_CLICK)
    for _, field in _USES.values():
        text, path = click.get(field), f"{_CLICK}.{field}"
        if isinstance(text, str) and (size := measure(text, "bytes")) > _MOST_BYTES:
            yield RULES["click-too-long"].finding(path, path=path, size=size, most=_MOST_BYTES)
    activity, url = click.get("activity"), click.get("url")
    if isinstance(activity, str) and activity and not _CLASS.fullmatch(activity):
        yield RULES["click-activity"].finding(f"{_CLICK}.activity", value=short(activity))
    if isinstance(url, str) and url and not _URI.fullmatch(url):
        yield RULES["click-url"].finding(f"{_CLICK}.url", value=short(url))


def _expansion(pushed: Subject) -> Iterator[Finding]:
    expand = pushed.group("noticeExpandInfo")
    kind = expand.get("noticeExpandType")
    needs = {1: "noticeExpandContent", 2: "noticeExpandImgUrl"}.get(kind) if is_integer(kind) else None
    if needs and not expand.get(needs):
        yield RULES["expand-needs"].finding("noticeExpandInfo", type=kind, needs=needs)
    if pushed.group("noticeBarInfo").get("noticeBarType") == 1 or pushed.group("noticeBarInfo").get("noticeBarImgUrl"):
        yield RULES["picture-bar-retired"].finding("noticeBarInfo.noticeBarImgUrl")


def _vip(pushed: Subject) -> Iterator[Finding]:
    """What only apps have that Meizu has made VIP, said once; and what cannot go together."""
    vip, expand = pushed.group("vipInfo"), pushed.group("noticeExpandInfo")
    used = [f"vipInfo.{key}" for key, value in vip.items() if value not in (None, "", 0, False)]
    if expand.get("noticeExpandImgUrl") or expand.get("noticeExpandType") == 2:
        used.append("noticeExpandInfo.noticeExpandImgUrl")
    if used:
        yield RULES["vip-only"].finding(used[0], paths=", ".join(used))
    for one, other in _EITHER:
        if one in used and other in used:
            yield RULES["vip-conflict"].finding(one, one=one, other=other)
    seconds = vip.get("timeTop")
    if is_integer(seconds) and seconds and not _TOP_S[0] <= seconds <= _TOP_S[1]:
        yield RULES["top-range"].finding("vipInfo.timeTop", value=seconds)


def _notify_key(pushed: Subject) -> Iterator[Finding]:
    key = pushed.group("advanceInfo").get("notifyKey")
    if isinstance(key, str) and key and not _KEY.fullmatch(key):
        yield RULES["notify-key"].finding("advanceInfo.notifyKey", value=short(key), size=len(key))


CHECKS = (_click, _click_values, _expansion, _vip, _notify_key)
