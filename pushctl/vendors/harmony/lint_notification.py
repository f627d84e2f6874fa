"""Checks of what is shown: ``payload.notification`` of push-type 0 and 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_integer, short, table, texts
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.lint_push_type import is_of_another_type

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.harmony.lint_subject import Subject

_N = "payload.notification"
_APP_MESSAGE_ID = re.compile(r"[A-Za-z0-9+/=\-_ ]{1,64}")
_MOST_INT = 2**31 - 1
_RANGES = (
    ("notifyId", -1, _MOST_INT, "notify-id-range"),
    ("soundDuration", 1, 60, "sound-duration"),
)
_STYLES = {1: ("big text", ("bigTitle", "bigBody")), 3: ("several lines", ("inboxContent",))}


def _mandatory(pushed: Subject) -> Iterator[Finding]:
    """A notification needs category, title, body and clickAction; a badge alone none of them."""
    if not pushed.shows or is_of_another_type(pushed) or not isinstance(pushed.document, dict):
        return
    if "payload" not in pushed.document or pushed.is_badge_alone:
        return
    shown = pushed.notification
    for key in ("title", "body"):
        if not shown.get(key):
            yield RULES["text-missing"].finding(f"{_N}.{key}", what=key)
    if "clickAction" not in shown:
        yield RULES["click-action-missing"].finding(f"{_N}.clickAction")


def _click_action(pushed: Subject) -> Iterator[Finding]:
    action = table(pushed.notification, "clickAction")
    where, kind = f"{_N}.clickAction", action.get("actionType")
    target = [key for key in ("uri", "action") if action.get(key)]
    if action and kind is None:
        yield RULES["click-action-needs"].finding(f"{where}.actionType", type="", needs="an actionType")
    elif is_integer(kind) and kind not in (0, 1):
        yield RULES["click-action-type"].finding(f"{where}.actionType", type=kind)
    elif kind == 1 and not target:
        yield RULES["click-action-needs"].finding(where, type=" of actionType 1 (a page)", needs="uri or action")
    elif kind == 0 and target:
        yield RULES["click-action-extra"].finding(where, keys=" and ".join(target))
    uri = action.get("uri")
    if kind == 1 and isinstance(uri, str) and uri.startswith(("http://", "https://")) and "action" not in target:
        yield RULES["click-uri-in-app"].finding(f"{where}.uri", value=short(uri))


def _style(pushed: Subject) -> Iterator[Finding]:
    shown = pushed.notification
    style, lines = shown.get("style"), texts(shown, "inboxContent")
    if style in _STYLES and is_integer(style):
        what, needed = _STYLES[style]
        missing = [key for key in needed if not shown.get(key)]
        if missing:
            yield RULES["style-needs"].finding(f"{_N}.style", style=style, what=what, needs=" and ".join(missing))
    if len(lines) > 3:
        yield RULES["inbox-content"].finding(f"{_N}.inboxContent", why=f"has {len(lines)} lines, and 3 are taken")
    long = [len(line) for line in lines if len(line) > 1024]
    if long:
        why = f"has a line of {long[0]} characters, and 1024 are taken"
        yield RULES["inbox-content"].finding(f"{_N}.inboxContent", why=why)
    if lines and style != 3:
        yield RULES["inbox-content-style"].finding(f"{_N}.inboxContent")


def _ranges(pushed: Subject) -> Iterator[Finding]:
    shown = pushed.notification
    for key, least, most, rule in _RANGES:
        value = shown.get(key)
        if is_integer(value) and not least <= value <= most:
            yield RULES[rule].finding(f"{_N}.{key}", value=value)
    message_id, profile = shown.get("appMessageId"), shown.get("profileId")
    if isinstance(message_id, str) and not _APP_MESSAGE_ID.fullmatch(message_id):
        yield RULES["app-message-id"].finding(f"{_N}.appMessageId", value=short(message_id))
    if isinstance(profile, str) and len(profile) > 64:
        yield RULES["profile-id-length"].finding(f"{_N}.profileId", size=len(profile))
    if "soundDuration" in shown and not shown.get("sound"):
        yield RULES["sound-duration-alone"].finding(f"{_N}.soundDuration")


def _badge(pushed: Subject) -> Iterator[Finding]:
    badge = table(pushed.notification, "badge")
    for key, least in (("addNum", 1), ("setNum", 0)):
        value = badge.get(key)
        if is_integer(value) and not least <= value <= 99:
            yield RULES["badge-range"].finding(f"{_N}.badge.{key}", key=key, value=value, least=least)
    if "addNum" in badge and "setNum" in badge:
        yield RULES["badge-set-wins"].finding(f"{_N}.badge")
    if pushed.is_badge_alone:
        yield RULES["badge-alone-right"].finding(f"{_N}.badge")
        if not badge.keys() & {"addNum", "setNum"}:
            yield RULES["badge-empty"].finding(f"{_N}.badge")


def _looks(pushed: Subject) -> Iterator[Finding]:
    """Picture, and whether it is shown at all."""
    shown = pushed.notification
    image, sound = shown.get("image"), shown.get("sound")
    if isinstance(image, str) and not image.startswith("https://"):
        yield RULES["image-not-https"].finding(f"{_N}.image", path="notification.image", value=short(image))
    if shown.get("foregroundShow") is False:
        yield RULES["foreground-show-false"].finding(f"{_N}.foregroundShow")
    if isinstance(sound, str) and "/" in sound:
        yield RULES["sound-path"].finding(f"{_N}.sound", value=short(sound))


CHECKS = (_mandatory, _click_action, _style, _ranges, _badge, _looks)
