"""What a notification must hold, what needs what, and what comes of it on a phone.

Sources: document 11236 as the sheets of other projects quote it, and class Notification of the official Java SDK.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors.oppo import emulator_pictures as pictures
from pushctl.vendors.oppo.emulator_answers import invalid
from pushctl.vendors.oppo.emulator_class import classified, is_public
from pushctl.vendors.oppo.emulator_fields import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pushctl.core.emulated import Scenario

Way = Literal["unicast", "broadcast"]
Notification = Mapping[str, Any]

MAX_TTL_S = 864_000
_CONTENT: Mapping[int, tuple[int, int]] = {1: (50, 200), 2: (128, 128), 3: (50, 50)}
"""By style: what the document has, and beyond what the sandbox refuses. That style 1 takes up to the 200 of older texts
and of the SDK is what a table of OPPO's answers has (``emulator_fields``)."""
_CONTENT_ELSE = (200, 200)
_BIG, _MEDIUM = 3, 4
_ACTIVITY, _URL, _WEB_PAGE = (1, 4), (2, 5), 2


def notification(
    call: Call, raw: Mapping[str, Any], where: str, way: Way, concerned: Iterable[Scenario | None] = ()
) -> Notification | Refusal:
    """A notification as the service takes it, or why it does not.

    :param where: its path in what the client sent; "" for form fields.
    :param concerned: the scenarios of the phones that it goes to.
    """
    told = read(call, raw, where, flat=way == "broadcast")
    if isinstance(told, Refusal):
        return told
    place = f"{where}." if where else ""
    refusal = (
        _texts(call, told, place)
        or _click(told, place)
        or _times(call, told, place, way)
        or _style(call, told, place, way)
        or pictures.check(call, told, place)
        or classified(call, told, place, concerned)
    )
    return refusal or told


def _texts(call: Call, told: Notification, place: str) -> Refusal | None:
    for name in ("title", "content"):
        if name in told:
            continue
        if "private_msg_template_id" not in told:
            return invalid(f"{place}{name}", "is missing", msg=f"{name} is blank")
        call.note(f"{place}{name} is missing; that a template makes up for it is unproved.")
    style, length = told.get("style", 1), len(told.get("content", ""))
    documented, most = _CONTENT.get(style, _CONTENT_ELSE)
    if length > most:
        return invalid(f"{place}content", f"length limit is {most}", msg=f"content max length is {most}")
    if style not in _CONTENT:
        call.note(f"How long a content style {style} takes is not known; up to {most} characters are taken here.")
    elif length > documented:
        call.note(
            f"content has {length} characters: the document has {documented} for style {style}, older texts more."
        )
    return _parameters(told, place)


def _parameters(told: Notification, place: str) -> Refusal | None:
    parameters = told.get("action_parameters")
    if parameters is None:
        return None
    try:
        right = isinstance(json.loads(parameters), dict)
    except (ValueError, RecursionError):
        right = False
    what = "must be a string that holds a JSON object"
    return None if right else invalid(f"{place}action_parameters", what, msg="action_parameters format invalid")


def _click(told: Notification, place: str) -> Refusal | None:
    kind = told.get("click_action_type", 0)
    needed = "click_action_activity" if kind in _ACTIVITY else "click_action_url" if kind in _URL else ""
    if needed and needed not in told:
        return invalid(f"{place}{needed}", f"is missing for click_action_type {kind}", msg=f"{needed} invalid")
    if kind == _WEB_PAGE and not told["click_action_url"].lower().startswith(("http://", "https://")):
        note = f"{place}click_action_url of click_action_type 2 is no web address; that OPPO minds is unproved"
        return invalid(f"{place}click_action_url", "", note=note, msg="click_action_url invalid")
    return None


def _times(call: Call, told: Notification, place: str, way: Way) -> Refusal | None:
    if told.get("show_time_type") == 1:
        start, end = told.get("show_start_time"), told.get("show_end_time")
        if start is None or end is None:
            return invalid(f"{place}show_start_time", "and show_end_time are needed for show_time_type 1")
        if start >= end:
            return invalid(f"{place}show_end_time", "must be after show_start_time")
    if told.get("push_time_type") == 1:
        if way == "unicast" and call.world.strict:
            note = "a timed push goes to all phones only; that OPPO refuses another is unproved"
            return invalid(f"{place}push_time_type", "is for broadcasts to all", note=note)
        if "push_start_time" not in told:
            return invalid(f"{place}push_start_time", "is missing for push_time_type 1")
    if told.get("fix_speed") and "fix_speed_rate" not in told:
        return invalid(f"{place}fix_speed_rate", "is missing for fix_speed")
    if told.get("off_line_ttl", 0) > MAX_TTL_S:
        call.note(f"off_line_ttl is over {MAX_TTL_S} seconds: it is cut to ten days, or refused (41); sources differ.")
    return None


def _style(call: Call, told: Notification, place: str, way: Way) -> Refusal | None:
    style = told.get("style", 1)
    if style == _BIG:
        if "big_picture_id" not in told and "big_picture_url" not in told:
            return invalid(f"{place}big_picture_id", "is missing for style 3")
        if told.get("fix_speed"):
            return invalid(f"{place}fix_speed", "is not for style 3", note="that OPPO refuses it is unproved")
        if way == "unicast" and call.world.strict:
            note = "big pictures are for broadcasts; that OPPO refuses one here is unproved"
            return invalid(f"{place}style", "3 is for broadcasts", note=note)
    if style == _MEDIUM and "medium_picture_url" not in told:
        return invalid(f"{place}medium_picture_url", "is missing for style 4")
    if style > _BIG:
        call.note(f"style {style} is known to the SDK only; it is paid for.")
    return None


def remarks(call: Call, told: Notification, way: Way) -> None:
    """Note of a message that is taken what the answer never tells."""
    if "category" not in told:
        kind = "content and marketing" if is_public(told) else "communication and service"
        call.note(f"No category: by its channel it is {kind}, in the scheme of apps from before 2024-11-20.")
    elif "notify_level" in told and is_public(told):
        call.note("Content and marketing stays in the drawer: notify_level has no effect (unproved).")
    if "private_msg_template_id" in told:
        call.note("The template's text is shown, with its slots filled, in place of title and content.")
    if told.get("off_line") is False:
        call.note("off_line is false: a phone that is offline now never gets it.")
    if "channel_id" not in told:
        call.note("No channel_id: it appears in the channel of OPPO PUSH itself.")
    if told.get("fix_speed") and way == "unicast":
        call.note("fix_speed is for broadcasts: it has no effect here.")
    if told.get("badge_operation_type") == 1 and "badge_message_count" in told:
        call.note("badge_operation_type 1 adds one, whatever badge_message_count says.")
    if "private_msg_template_id" not in told and told.keys() & {
        "private_title_parameters",
        "private_content_parameters",
    }:
        call.note("Parameters without private_msg_template_id fill nothing.")
