"""Checks of how and when a notification is shown, and what a tap on it does: the parts that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_integer, short
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import AT, PRIVATE, Subject

if TYPE_CHECKING:
    from pushctl.core.finding import Finding

_LONGEST_S = 864000
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_CLASS = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)+")
_CLICKS = {
    0: ("the app", ""),
    1: ("a page by its intent action", "click_action_activity"),
    2: ("a web page", "click_action_url"),
    4: ("a page by its class", "click_action_activity"),
    5: ("an own scheme", "click_action_url"),
}
_FIX = {
    "click_action_activity": "Add it (--click activity:NAME, --click intent:ACTION), or open the app with type 0.",
    "click_action_url": "Add it (--click url:https://…), or open the app with type 0.",
}


def _click(pushed: Subject) -> Iterator[Finding]:
    shown, kind = pushed.shown, pushed.shown.get("click_action_type", 0)
    if not is_integer(kind) or kind not in _CLICKS:
        return  # the types and values of the fields say so
    what, needs = _CLICKS[kind]
    if needs and not shown.get(needs):
        path = f"{AT}.{needs}"
        yield RULES["click-action-needs"].finding(path, type=kind, what=what, needs=needs, fix=_FIX[needs])
    for key in ("click_action_activity", "click_action_url"):
        if shown.get(key) and key != needs:
            yield RULES["click-action-extra"].finding(f"{AT}.{key}", type=kind, key=key)
    url, name = shown.get("click_action_url"), shown.get("click_action_activity")
    if kind == 2 and isinstance(url, str) and url and not _WEB.fullmatch(url):
        yield RULES["click-action-url"].finding(f"{AT}.click_action_url", value=short(url))
    if kind == 4 and isinstance(name, str) and name and not _CLASS.fullmatch(name):
        yield RULES["click-action-class"].finding(f"{AT}.click_action_activity", value=short(name))


def _keeping(pushed: Subject) -> Iterator[Finding]:
    """Whether, and for how long, the message waits for a phone that is not online."""
    if pushed.shown.get("off_line") is False:
        yield RULES["off-line-false"].finding(f"{AT}.off_line")
    ttl, path = pushed.shown.get("off_line_ttl"), f"{AT}.off_line_ttl"
    if is_integer(ttl) and ttl > _LONGEST_S:
        yield RULES["ttl-range"].finding(path, value=ttl)
    elif is_integer(ttl) and ttl <= 0:
        yield RULES["ttl-zero"].finding(path, value=ttl)


def _times(pushed: Subject) -> Iterator[Finding]:
    """The window in which it is shown, and how long it stays."""
    shown = pushed.shown
    start, end = shown.get("show_start_time"), shown.get("show_end_time")
    if shown.get("show_time_type") == 1:
        if start is None or end is None:
            missing = " and ".join(n for n in ("show_start_time", "show_end_time") if shown.get(n) is None)
            yield RULES["show-time"].finding(f"{AT}.show_time_type", why=f"there is no {missing}")
        elif is_integer(start) and is_integer(end) and start >= end:
            yield RULES["show-time"].finding(f"{AT}.show_end_time", why="show_end_time is not after show_start_time")
    ttl = shown.get("show_ttl")
    private = pushed.category in PRIVATE or (not pushed.category and "channel_id" in shown)  # a channel may be private
    limit, whose = (86400, "communication and service") if private else (43200, "content and marketing")
    if is_integer(ttl) and not 0 <= ttl <= limit:
        yield RULES["show-ttl-range"].finding(f"{AT}.show_ttl", value=ttl, limit=limit, whose=whose)


def _of_others(pushed: Subject) -> Iterator[Finding]:
    """Fields of pushes to everybody, and of broadcasts."""
    shown = pushed.shown
    if shown.get("push_time_type") or shown.get("push_start_time"):  # the official SDK always says 0
        yield RULES["push-time"].finding(f"{AT}.push_time_type")
    for key in ("fix_speed", "fix_speed_rate"):
        if shown.get(key) and not pushed.broadcast:
            yield RULES["broadcast-only"].finding(f"{AT}.{key}", path=f"{AT}.{key}")
    rate, path = shown.get("fix_speed_rate"), f"{AT}.fix_speed_rate"
    if shown.get("fix_speed") is True and rate is None:
        yield RULES["fix-speed"].finding(path, why="is true without fix_speed_rate", fix="Add 1000 to 10000.")
    if is_integer(rate) and not 1000 <= rate <= 10000:
        yield RULES["fix-speed"].finding(path, why=f"has a rate of {rate}", fix="Use 1000 to 10000.")
    if shown.get("fix_speed") is True and pushed.style == 3:
        yield RULES["fix-speed"].finding(path, why="stands beside style 3", fix="Leave one of them out.")


def _receipts(pushed: Subject) -> Iterator[Finding]:
    url = pushed.shown.get("call_back_url")
    if not isinstance(url, str):
        return
    kind = pushed.target.kind if pushed.target else ""
    if kind == "alias" or pushed.document.get("target_type") == 5:
        yield RULES["call-back-alias"].finding(f"{AT}.call_back_url")
    if not _WEB.fullmatch(url):
        yield RULES["call-back-url"].finding(f"{AT}.call_back_url", value=short(url))


def _badge(pushed: Subject) -> Iterator[Finding]:
    shown = pushed.shown
    kind, number = shown.get("badge_operation_type"), shown.get("badge_message_count")
    path = f"{AT}.badge_operation_type"
    if kind == 1 and number is not None:
        what, fix = "badge_operation_type 1 adds one and does not use badge_message_count", "Leave the count out."
        yield RULES["badge-needs"].finding(path, what=what, fix=fix)
    elif number is not None and kind is None:
        what, fix = "badge_message_count has no badge_operation_type beside it", "Add 0 (--badge does)."
        yield RULES["badge-needs"].finding(path, what=what, fix=fix)
    elif kind == 0 and number is None:
        what, fix = "badge_operation_type 0 has no badge_message_count beside it", "Add it (--badge N)."
        yield RULES["badge-needs"].finding(path, what=what, fix=fix)


CHECKS = (_click, _keeping, _times, _of_others, _receipts, _badge)
