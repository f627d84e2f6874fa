"""Which class a message is of, by its category or, in the old scheme, its channel; levels and templates of the private
class; and what each class may do in a day.

Sources: documents 11235 (code 67), 13189 (classification) and 11256 (limits), and support notes with the bodies of
codes 54 and 67. That a message of a new app without a category is refused stands nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal, counted
from pushctl.vendors.oppo.emulator_answers import BAD_CLASS, DAY_QUOTA, INVALID, NO_TEMPLATE, TEXTS, invalid
from pushctl.vendors.oppo.emulator_scenarios import lacks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pushctl.core.emulated import Scenario

PRIVATE = ("IM", "ACCOUNT", "DEVICE_REMINDER", "ORDER", "TODO", "SUBSCRIPTION")
"""Communication and service."""
PUBLIC = ("NEWS", "CONTENT", "MARKETING", "SOCIAL")
"""Content and marketing."""
PRIVATE_CHANNEL = "im"
"""The one channel that the sandbox's console has as an approved private one; every other is public."""
TEMPLATES: Mapping[str, tuple[str, str]] = {"pushctl-template": ("${name}$ wrote", "${name}$ in ${group}$: ${text}$")}
"""Title and content of the templates that the sandbox's console knows. Another id is taken as an approved one."""
DAY_OF_APP = 100_000
"""Content and marketing messages a day of an app with fewer than 50 000 users."""
DAY_OF_DEVICE = 2
"""Content and marketing messages a day that one phone shows of an app; 5 of a news app."""

_LEVELS = (1, 2, 16)
_STRONG = 16
_PUBLIC_SHOW_TTL_S = 43_200
_SLOT = re.compile(r"\$\{(\w+)\}\$")


def classified(
    call: Call, told: Mapping[str, Any], place: str, concerned: Iterable[Scenario | None] = ()
) -> Refusal | None:
    """What is wrong with the class that the message claims."""
    scenarios = tuple(concerned)
    return (
        _category(told, place)
        or _level(call, told, place, scenarios)
        or _template(call, told, place, scenarios)
        or _show_ttl(told, place)
    )


def is_public(told: Mapping[str, Any]) -> bool:
    """Whether it is content or marketing."""
    category = told.get("category")
    return category in PUBLIC if category else told.get("channel_id") != PRIVATE_CHANNEL


def _category(told: Mapping[str, Any], place: str) -> Refusal | None:
    category = told.get("category")
    if category is None or category in (*PRIVATE, *PUBLIC):
        return None
    case = "; categories are in capitals" if category.upper() in (*PRIVATE, *PUBLIC) else ""
    note = f"{place}category is none of the ten{case}"
    return Refusal(BAD_CLASS, "category", note)


def _level(call: Call, told: Mapping[str, Any], place: str, scenarios: tuple[Scenario | None, ...]) -> Refusal | None:
    level = told.get("notify_level")
    if level is None:
        return None
    if "category" not in told:
        return Refusal(BAD_CLASS, "notify-level", f"{place}notify_level without a category")
    if level not in _LEVELS:
        return Refusal(BAD_CLASS, "notify-level", f"{place}notify_level is none of 1, 2 and 16")
    if level == _STRONG and lacks(call, "strong-reminder", scenarios):
        return Refusal(BAD_CLASS, "strong-reminder", "the app has no right to strong reminders")
    return None


def _template(
    call: Call, told: Mapping[str, Any], place: str, scenarios: tuple[Scenario | None, ...]
) -> Refusal | None:
    template = told.get("private_msg_template_id")
    if template is None:
        if told.get("category") in PRIVATE and lacks(call, "free-text", scenarios):
            return Refusal(NO_TEMPLATE, "template", "the app's private categories need an approved template")
        return None
    for name, text in zip(("title", "content"), TEMPLATES.get(template, ("", "")), strict=True):
        given = told.get(f"private_{name}_parameters", {})
        lacking = next((slot for slot in _SLOT.findall(text) if not isinstance(given.get(slot), str)), None)
        if lacking is not None:
            where = f"{place}private_{name}_parameters"
            note = f"{where} does not fill {lacking}; the words were seen, the code with them was not"
            return Refusal(INVALID, f"field {where}", note, f"template_parameters no {lacking}")
    return None


def _show_ttl(told: Mapping[str, Any], place: str) -> Refusal | None:
    """By class; what class a channel of the user's has, the sandbox cannot know."""
    certain = "category" in told or "channel_id" not in told
    if certain and is_public(told) and told.get("show_ttl", 0) > _PUBLIC_SHOW_TTL_S:
        return invalid(f"{place}show_ttl", f"must be from 0 to {_PUBLIC_SHOW_TTL_S} for content and marketing")
    return None


# --- what a day holds -------------------------------------------------------------------------------------------------


def day_quota(call: Call, app: str, messages: int) -> Refusal | None:
    """Whether so many more content messages fit into the app's day. None is counted where they do not: whether OPPO
    takes a part of a batch is unproved."""
    if not messages or counted(call.world, _day(app), 0) + messages <= DAY_OF_APP:
        return None
    note = f"over {DAY_OF_APP} content and marketing messages today; from 00:00 China time on it may send again"
    return Refusal(DAY_QUOTA, "day-quota", note, TEXTS[DAY_QUOTA])


def happened(call: Call, app: str, told: Mapping[str, Any], target: str) -> None:
    """Count a message that was taken for a target, and note what becomes of it: the answer never tells."""
    public = is_public(told)
    if public:
        counted(call.world, _day(app))
    own_id = told.get("app_message_id")
    if own_id is not None and _seen(call, f"{own_id} {target}"):
        call.note("The same app_message_id has reached this target before: it is dropped.")
    elif public and counted(call.world, f"public {target}") > DAY_OF_DEVICE:
        call.note(
            f"Over {DAY_OF_DEVICE} content messages to this phone today: it is dropped (receipt user_daily_limit)."
        )


def _day(app: str) -> str:
    return f"public of {app}"


def _seen(call: Call, key: str) -> bool:
    known: set[str] = call.world.state.setdefault("app messages", set())
    met = key in known
    known.add(key)
    return met
