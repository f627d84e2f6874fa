"""Checks of the message's class: what OPPO will make of it, told before it is sent.

Two schemes (document 13189). The new one, in force for new apps since 2024-11-20: a category, and with it a level. The
old one, where no category is given: the channel is public or private as the console has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.answers import json_object
from pushctl.core.payloads import is_integer, short, why_not_json
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import AT, PRIVATE, PUBLIC, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.finding import Finding

_CAP = "2 a day for a phone (5 of a news app), 100,000 a day for an app (2 for each user from 50,000 users on)"
_LEVELS: Mapping[int, str] = {
    1: "in the drawer",
    2: "in the drawer and on the lock screen",
    16: "in the drawer, on the lock screen and as a banner with sound, if the right is granted",
}
_SPREAD = "Spread them over the days; receipts (call_back_url) tell of a phone that had its number."
_HONEST = "Send nothing else by this category: a wrong one can get the app frozen."
_CLASS_OF = {"im": PRIVATE, "service": PRIVATE, "marketing": PUBLIC}


def _class(pushed: Subject) -> Iterator[Finding]:
    """A class that is not said, or not said in OPPO's words."""
    shown, klass = pushed.shown, pushed.message.klass
    if not pushed.is_readable:
        return
    category, channel = shown.get("category"), shown.get("channel_id")
    if isinstance(category, str) and not pushed.category:
        upper = category.strip().upper()
        known = upper in (*PRIVATE, *PUBLIC)
        fix = f"Write {upper}." if known else f"Use one of {', '.join((*PRIVATE, *PUBLIC))}."
        yield RULES["category-unknown"].finding(f"{AT}.category", value=short(category), fix=fix)
    unsaid = pushed.message.raw is None and klass == "service" and category is None
    if unsaid:
        yield RULES["class-needs-category"].finding("--class", known=", ".join(PRIVATE[1:]))
    if klass in _CLASS_OF and pushed.category and pushed.category not in _CLASS_OF[klass]:
        told = {"klass": klass, "category": pushed.category, "scheme": _scheme(pushed.category)}
        yield RULES["class-category-conflict"].finding("--class", **told)
    if not channel:
        rule = "cn-missing-class" if category is None and not unsaid else "oppo-missing-channel"
        yield RULES[rule].finding(f"{AT}.channel_id")


def _level(pushed: Subject) -> Iterator[Finding]:
    level, path = pushed.shown.get("notify_level"), f"{AT}.notify_level"
    if level is None:
        return
    if "category" not in pushed.shown:
        yield RULES["notify-level-without-category"].finding(path, value=short(level))
    elif pushed.category in PUBLIC:
        yield RULES["notify-level-public"].finding(path, value=short(level), category=pushed.category)
    elif level == 16:
        yield RULES["notify-level-right"].finding(path)


def _template(pushed: Subject) -> Iterator[Finding]:
    if pushed.category in PRIVATE and not pushed.has_template:
        yield RULES["template-missing"].finding(f"{AT}.category", category=pushed.category)
    for key in ("private_title_parameters", "private_content_parameters"):
        value, path = pushed.shown.get(key), f"{AT}.{key}"
        if value is None:
            continue
        if not pushed.has_template:
            why, fix = "stands there without private_msg_template_id", "Add the id of the template."
            yield RULES["template-parameters"].finding(path, path=path, why=why, fix=fix)
        if isinstance(value, str) and (wrong := _no_object(value)):
            fix = 'Write {"name":"value"} in it.'
            yield RULES["template-parameters"].finding(path, path=path, why=f"is no JSON object: {wrong}", fix=fix)


def _no_object(text: str) -> str:
    wrong = why_not_json(text.encode("utf-8", "replace"))
    return wrong or ("" if json_object(text) is not None else "it is something else")


def _treatment(pushed: Subject) -> Iterator[Finding]:
    """What OPPO makes of the message, and which cap follows; one for every message that can be read."""
    if pushed.document:
        text, fix = _told(pushed)
        yield RULES["treatment"].finding(f"{AT}.category", text=text, fix=fix)


def _told(pushed: Subject) -> tuple[str, str]:
    category, channel = pushed.category, pushed.shown.get("channel_id")
    if not pushed.is_readable:
        return "no notification that can be read, so it will be refused", "Mend what the errors name."
    if category in PUBLIC:
        return f"{_scheme(category)} as {category}, in the drawer without a sound; {_CAP}", _SPREAD
    if category:
        level = pushed.shown.get("notify_level")
        where = _LEVELS.get(level if is_integer(level) else 2, _LEVELS[2])
        return f"{_scheme(category)} as {category}, {where}; no daily limit", _HONEST
    if "category" in pushed.shown:
        return "a category that OPPO does not know, so it will be refused", "Use one of its ten."
    if channel:
        which = f"channel {short(channel)} decides, as there is no category"
        text = f"{which}; private (私信) has no limit, public (公信) {_CAP}"
        return text, "Look in OPPO's console how the channel is registered, or add --category."
    return f"{_scheme('NEWS')} by the default channel, in the drawer without a sound; {_CAP}", _SPREAD


def _scheme(category: str) -> str:
    """The class in English, and in OPPO's words: 通讯与服务 was 私信, 内容与营销 was 公信."""
    return "communication and service (通讯与服务)" if category in PRIVATE else "content and marketing (内容与营销)"


CHECKS = (_class, _level, _template, _treatment)
