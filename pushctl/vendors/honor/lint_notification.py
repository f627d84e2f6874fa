"""Checks of ``android.notification``: the parts that belong together, and their limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import is_integer, short
from pushctl.vendors.honor.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.honor.lint_subject import Subject

_AT = "android.notification"
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_USED = {1: ("intent", "action"), 2: ("url",), 3: ()}
"""What each type of click uses."""


def _images(pushed: Subject) -> Iterator[Finding]:
    for path, place in (("notification.image", pushed.outer), (f"{_AT}.image", pushed.shown)):
        image = place.get("image")
        if isinstance(image, str) and not re.match(r"https://\S", image, re.IGNORECASE):
            yield RULES["image-not-https"].finding(path, path=path, value=short(image))


def _click(pushed: Subject) -> Iterator[Finding]:
    """What a tap does: required, and each type with its own."""
    if not pushed.is_notification:
        return
    path, click = f"{_AT}.clickAction", pushed.shown.get("clickAction")
    if click is None:
        yield RULES["click-action-missing"].finding(path)
        return
    if not isinstance(click, dict):
        return
    kind = click.get("type")
    if "type" not in click:
        fix = "Add 1 (a page), 2 (a web page) or 3 (the app)."
        yield RULES["click-action-needs"].finding(f"{path}.type", type="-", what="none", needs="a type", fix=fix)
    elif kind == 1 and not (click.get("intent") or click.get("action")):
        fix = "Add one of them (--click intent:URI), or open the app with type 3."
        yield RULES["click-action-needs"].finding(path, type=1, what="a page", needs="intent or action", fix=fix)
    elif kind == 2 and not click.get("url"):
        fix = "Add it (--click url:https://…)."
        yield RULES["click-action-needs"].finding(path, type=2, what="a web page", needs="url", fix=fix)
    if isinstance(click.get("url"), str) and not click["url"].lower().startswith("https://"):
        yield RULES["click-action-url"].finding(f"{path}.url", value=short(click["url"]))
    used = _USED.get(kind) if is_integer(kind) else None
    for key in ("intent", "action", "url"):
        if used is not None and key in click and key not in used:
            yield RULES["click-action-extra"].finding(f"{path}.{key}", type=kind, key=key)


def _style(pushed: Subject) -> Iterator[Finding]:
    """Big text needs both texts, and they are the title's and the body's."""
    shown = pushed.shown
    if not (is_integer(shown.get("style")) and shown["style"] == 1):
        return
    missing = [key for key in ("bigTitle", "bigBody") if not shown.get(key)]
    if missing:
        yield RULES["style-needs"].finding(f"{_AT}.style", needs=" and ".join(missing))
    for big, plain in (("bigTitle", "title"), ("bigBody", "body")):
        text = shown.get(plain) or pushed.outer.get(plain)
        if isinstance(shown.get(big), str) and isinstance(text, str) and shown[big] and shown[big] != text:
            yield RULES["big-text-differs"].finding(f"{_AT}.{big}", big=big, plain=plain)


def _buttons(pushed: Subject) -> Iterator[Finding]:
    buttons, path = pushed.shown.get("buttons"), f"{_AT}.buttons"
    if not isinstance(buttons, list):
        return
    if len(buttons) > 3:
        yield RULES["buttons-limit"].finding(path, count=len(buttons))
    for place, button in enumerate(buttons):
        for why, fix in _button_faults(button) if isinstance(button, dict) else ():
            yield RULES["button-needs"].finding(f"{path}[{place}]", path=f"{path}[{place}]", why=why, fix=fix)


def _button_faults(button: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with one button, and what to do."""
    name, data, action = button.get("name"), button.get("data"), button.get("actionType")
    if not name:
        yield "has no name", "Add one of at most 40 characters."
    elif isinstance(name, str) and len(name) > 40:
        yield f"has a name of {len(name)} characters", "Shorten it to 40."
    if "actionType" not in button:
        yield "has no actionType", "Add 0 (the app), 1 (a page) or 2 (a web page)."
    if is_integer(action) and action == 1 and "intentType" not in button:
        yield "has actionType 1 without intentType", "Add 0 for an intent URI, 1 for an action."
    if is_integer(action) and action in (1, 2) and not button.get("intent"):
        yield f"has actionType {action} without intent", "Add the page or the address as intent."
    if isinstance(data, str) and len(data) > 1024:
        yield f"has data of {len(data)} characters", "Shorten it to 1024."


def _badge(pushed: Subject) -> Iterator[Finding]:
    badge, path = pushed.shown.get("badge"), f"{_AT}.badge"
    if not isinstance(badge, dict):
        return
    for key in ("addNum", "setNum"):
        number = badge.get(key)
        if is_integer(number) and not 0 <= number <= 99:
            yield RULES["badge-range"].finding(f"{path}.{key}", path=f"{path}.{key}", value=number)
    if not badge.get("badgeClass"):
        yield RULES["badge-without-class"].finding(path)


def _numbers(pushed: Subject) -> Iterator[Finding]:
    """The time that is shown, and the number that replaces."""
    when, number = pushed.shown.get("when"), pushed.shown.get("notifyId")
    if isinstance(when, str) and not _WHEN.fullmatch(when):
        yield RULES["when-format"].finding(f"{_AT}.when", value=short(when))
    if is_integer(number) and not -1 <= number <= 2**31 - 1:
        yield RULES["notify-id-range"].finding(f"{_AT}.notifyId", value=number)


CHECKS = (_images, _click, _style, _buttons, _badge, _numbers)
