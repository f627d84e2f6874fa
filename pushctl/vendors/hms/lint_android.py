"""Checks of what Android gets: the numbers and the parts of ``message.android`` that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import is_integer, is_number, objects, short, table
from pushctl.vendors.hms.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.hms.lint_subject import Subject

_TTL = re.compile(r"(\d+(?:\.\d{1,9})?)[sS]?", re.ASCII)  # HMS-Core/hms-push-serverdemo-java: AndroidConfig
_LONGEST_S = 1_296_000
_SECONDS = re.compile(r"(\d+(?:\.\d{1,9})?)[sS]?", re.ASCII)
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_AT = "message.android.notification"


def _delivery(pushed: Subject) -> Iterator[Finding]:
    """Time to live, collapse key, urgency."""
    android = pushed.android
    yield from _ttl(android)
    key = android.get("collapse_key")
    if is_integer(key) and not -1 <= key <= 100:
        yield RULES["collapse-key-range"].finding(
            "message.android.collapse_key", path="message.android.collapse_key", value=key
        )
    urgency, where = android.get("urgency"), "message.android.urgency"
    if urgency is not None and pushed.is_notification:
        yield RULES["priority-for-notification"].finding(where, name="urgency")
    elif urgency == "HIGH":
        yield RULES["huawei-urgency-needs-permission"].finding(where)
    if "fast_app_target" in android and pushed.is_notification:
        path = "message.android.fast_app_target"
        yield RULES["fast-app-target-data-only"].finding(path, path=path)


def _ttl(android: Mapping[str, Any]) -> Iterator[Finding]:
    if "ttl" not in android:
        return
    ttl, path = android["ttl"], "message.android.ttl"
    matched = _TTL.fullmatch(ttl) if isinstance(ttl, str) else None
    if matched is None:
        fix = f"{ttl}s" if is_integer(ttl) and ttl > 0 else "86400s"
        yield RULES["ttl-format"].finding(path, path=path, value=short(ttl), fix=fix)
    elif not 0 < float(matched[1]) <= _LONGEST_S:
        fix = "Leave it out for a day, or use 1 to 1296000 seconds."
        if float(matched[1]) == 0:
            fix = "Huawei has no single attempt; the shortest is 1s."
        yield RULES["ttl-range"].finding(path, path=path, value=short(ttl), fix=fix)


def _click(pushed: Subject) -> Iterator[Finding]:
    """What a tap does: required, and each type with its own."""
    if not pushed.is_notification or not pushed.for_android:
        return
    path, click = f"{_AT}.click_action", pushed.shown.get("click_action")
    if click is None:
        yield RULES["click-action-missing"].finding(path)
        return
    if not isinstance(click, dict):
        return
    kind = click.get("type")
    if "type" not in click:
        yield RULES["click-action-needs"].finding(
            f"{path}.type", type="-", what="none", needs="a type", fix="Add 1 (a page), 2 (a web page) or 3 (the app)."
        )
    elif kind == 1 and not (click.get("intent") or click.get("action")):
        fix = "Add one of them (--click intent:URI), or open the app with type 3."
        yield RULES["click-action-needs"].finding(path, type=1, what="a page", needs="intent or action", fix=fix)
    elif kind == 2 and not click.get("url"):
        yield RULES["click-action-needs"].finding(
            path, type=2, what="a web page", needs="url", fix="Add it (--click url:https://…)."
        )
    if isinstance(click.get("url"), str) and not click["url"].lower().startswith("https://"):
        yield RULES["click-action-url"].finding(f"{path}.url", value=short(click["url"]))
    used = {1: ("intent", "action"), 2: ("url",), 3: (), 4: ("rich_resource",)}.get(kind if is_integer(kind) else 0)
    for key in ("intent", "action", "url"):
        if used is not None and key in click and key not in used:
            yield RULES["click-action-extra"].finding(f"{path}.{key}", type=kind, key=key)


def _style(pushed: Subject) -> Iterator[Finding]:
    shown = pushed.shown
    style = shown.get("style")
    needs = {1: ("big text", ("big_title", "big_body")), 3: ("inbox", ("inbox_content",))}
    if is_integer(style) and style in needs:
        what, keys = needs[style]
        missing = [key for key in keys if not shown.get(key)]
        if missing:
            yield RULES["style-needs"].finding(f"{_AT}.style", style=style, what=what, needs=" and ".join(missing))
    lines, path = shown.get("inbox_content"), f"{_AT}.inbox_content"
    if isinstance(lines, list):
        if len(lines) > 5:
            yield RULES["inbox-content"].finding(path, why=f"has {len(lines)} lines")
        longest = max((len(line) for line in lines if isinstance(line, str)), default=0)
        if longest > 1024:
            yield RULES["inbox-content"].finding(path, why=f"has a line of {longest} characters")


def _buttons(pushed: Subject) -> Iterator[Finding]:
    buttons, path = pushed.shown.get("buttons"), f"{_AT}.buttons"
    if isinstance(buttons, list) and len(buttons) > 3:
        yield RULES["buttons-limit"].finding(path, count=len(buttons))
    for place, button in objects(pushed.shown, "buttons"):
        at = f"{path}[{place}]"
        for why, fix in _button_faults(button):
            yield RULES["button-needs"].finding(at, path=at, why=why, fix=fix)


def _button_faults(button: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with one button, and what to do."""
    name, data, action = button.get("name"), button.get("data"), button.get("action_type")
    if not name:
        yield "has no name", "Add one of at most 40 characters."
    elif isinstance(name, str) and len(name) > 40:
        yield f"has a name of {len(name)} characters", "Shorten it to 40."
    if "action_type" not in button:
        yield "has no action_type", "Add 0 (the app), 1 (a page), 2 (a web page), 3 (remove) or 4 (share)."
    if action == 1 and "intent_type" not in button:
        yield "has action_type 1 without intent_type", "Add 0 for an intent URI, 1 for an action."
    if is_integer(action) and action in (1, 2) and not button.get("intent"):
        yield f"has action_type {action} without intent", "Add the page or the address as intent."
    if action == 4 and not data:
        yield "has action_type 4 without data", "Add what is to be shared as data."
    if isinstance(data, str) and len(data) > 1024:
        yield f"has data of {len(data)} characters", "Shorten it to 1024."


def _badge(pushed: Subject) -> Iterator[Finding]:
    badge, path = pushed.shown.get("badge"), f"{_AT}.badge"
    if not isinstance(badge, dict):
        return
    for key, low in (("add_num", 1), ("set_num", 0)):
        number = badge.get(key)
        if is_integer(number) and not low <= number <= 99:
            where = f"{path}.{key}"
            yield RULES["badge-range"].finding(where, path=where, value=number, range=f"{low} to 99")
    if not badge.get("class"):
        yield RULES["badge-without-class"].finding(path)
    if "add_num" not in badge and "set_num" not in badge:
        yield RULES["badge-nothing-set"].finding(path)


def _sound(pushed: Subject) -> Iterator[Finding]:
    shown = pushed.shown
    for key in ("sound", "icon"):
        value = shown.get(key)
        if isinstance(value, str) and not re.fullmatch(r"/raw/[^/]+", value):
            path, name = f"{_AT}.{key}", value.rpartition("/")[2].partition(".")[0] or "name"
            yield RULES["sound-path"].finding(path, path=path, value=short(value), name=name)
    if shown.get("sound"):
        if shown.get("default_sound") is not False:
            yield RULES["sound-not-used"].finding(f"{_AT}.sound")
        yield RULES["sound-with-channel"].finding(f"{_AT}.sound")


def _looks(pushed: Subject) -> Iterator[Finding]:
    """Colour, time, importance, foreground, profile."""
    shown = pushed.shown
    color, when, profile = shown.get("color"), shown.get("when"), shown.get("profile_id")
    if isinstance(color, str) and not _COLOR.fullmatch(color):
        yield RULES["color-format"].finding(f"{_AT}.color", path=f"{_AT}.color", value=short(color))
    if isinstance(when, str) and not _WHEN.fullmatch(when):
        yield RULES["when-format"].finding(f"{_AT}.when", value=short(when))
    if isinstance(profile, str) and len(profile) > 64:
        yield RULES["profile-id-length"].finding(f"{_AT}.profile_id", size=len(profile))
    if shown.get("foreground_show") is False:
        yield RULES["foreground-show-false"].finding(f"{_AT}.foreground_show")
    if shown.get("importance") == "LOW":
        yield RULES["importance-silent"].finding(f"{_AT}.importance")


def _texts(pushed: Subject) -> Iterator[Finding]:
    """Texts by string resource and by language."""
    shown = pushed.shown
    for word in ("title", "body"):
        args, key = f"{word}_loc_args", f"{word}_loc_key"
        if shown.get(args) and not shown.get(key):
            yield RULES["loc-args-without-key"].finding(f"{_AT}.{args}", args=args, key=key)
    for key, texts in table(shown, "multi_lang_key").items():
        if isinstance(texts, dict) and len(texts) > 3:
            yield RULES["multi-lang-limit"].finding(f"{_AT}.multi_lang_key", key=key, count=len(texts))


def _feel(pushed: Subject) -> Iterator[Finding]:
    """Vibration and light."""
    pattern, light = pushed.shown.get("vibrate_config"), pushed.shown.get("light_settings")
    if isinstance(pattern, list):
        path = f"{_AT}.vibrate_config"
        if len(pattern) > 10:
            yield RULES["vibrate-config"].finding(path, why=f"has {len(pattern)} entries")
        bad = [one for one in pattern if isinstance(one, str) and not _lasts(one)]
        if bad:
            yield RULES["vibrate-config"].finding(path, why=f"has the entry {short(bad[0])}")
    if isinstance(light, dict):
        path = f"{_AT}.light_settings"
        missing = [key for key in ("color", "light_on_duration", "light_off_duration") if key not in light]
        if missing:
            yield RULES["light-settings"].finding(path, why=f"has no {' and no '.join(missing)}")
        color = light.get("color")
        for part in ("alpha", "red", "green", "blue") if isinstance(color, dict) else ():
            value = color.get(part) if isinstance(color, dict) else None
            if value is None:
                yield RULES["light-settings"].finding(f"{path}.color", why=f"has a color without {part}")
            elif is_number(value) and not 0 <= value <= 1:
                yield RULES["light-settings"].finding(f"{path}.color", why=f"has {part} {value}")


def _lasts(text: str) -> bool:
    """Whether it is a duration above 0 and up to 60 seconds."""
    matched = _SECONDS.fullmatch(text)
    return matched is not None and 0 < float(matched[1]) <= 60


CHECKS = (_delivery, _click, _style, _buttons, _badge, _sound, _looks, _texts, _feel)
