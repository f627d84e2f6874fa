"""What a message must be: kind, texts, numbers. The extras are looked at in :mod:`.emulator_extras`.

Source: Xiaomi's server API pages 1559 and 1560 (limits, table of codes). Two refusals were seen: that of an empty
payload and that of an empty title or description.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi import emulator_extras as extras
from pushctl.vendors.mi.emulator_checks import blank, doubtful, in_range, number, wrong

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_form import Fields

TOO_LONG, EMPTY_TEXT, NOTIFY_ID = "65009", "65011", "22103"
TITLE, DESCRIPTION, PAYLOAD = 50, 128, 4096
"""Each must have fewer characters than this; every character counts one."""
SCHEDULE_S, LONGEST_SCHEDULE_S = 7 * 86400, 30 * 86400
"""How far ahead a message may be scheduled: by the older text and by that of 2026."""
_TRIAL_WORDS = re.compile(r"\btest|测试", re.IGNORECASE)
_PLAIN = frozenset(
    {
        "registration_id", "alias", "user_account", "topic", "topics", "topic_op", "restricted_package_name", "title",
        "description", "payload", "pass_through", "notify_type", "notify_id", "time_to_live", "time_to_send",
        "collapse_key",
    }
)  # fmt: skip


def is_silent(fields: Fields) -> bool:
    """Whether it is a pass-through message."""
    return fields.one("pass_through") == "1"


def check(call: Call, fields: Fields) -> Refusal | None:
    """Everything about a message but its targets, its package and its class."""
    for name in sorted(fields.plain() - _PLAIN):
        call.note(f"{name}: no field of Mi Push; ignored.")
    if fields.one("pass_through") not in ("", "0", "1"):
        return wrong("pass_through", "must be 0 or 1")
    return _texts(call, fields) or _numbers(fields) or _time_to_send(call, fields) or extras.check(call, fields)


def scheduled_ms(call: Call, fields: Fields) -> int | None:
    """When it goes out, ms; None for now."""
    moment = number(fields.one("time_to_send"), 0, 10**14)
    return moment if moment is not None and moment > call.now * 1000 else None


def _texts(call: Call, fields: Fields) -> Refusal | None:
    payload = fields.one("payload")
    if is_silent(fields):
        if not payload.strip():
            return blank("payload", note="the content of a pass-through message")
        call.note("pass_through=1: dropped, as of every app since 2022-09-12. What the API answers now is unproved.")
    elif not fields.one("title").strip() or not fields.one("description").strip():
        return Refusal(EMPTY_TEXT, "texts", "", "Title or Description is empty!")
    for name, limit in (("title", TITLE), ("description", DESCRIPTION), ("payload", PAYLOAD)):
        refusal = _length(name, fields.one(name), limit)
        if doubtful(call, refusal) is not None:
            return refusal
    shown = f"{fields.one('title')} {fields.one('description')}"
    if not is_silent(fields) and _TRIAL_WORDS.search(shown):
        call.note('The text has "test" in it: such messages are reported to be withheld.')
    return None


def _length(name: str, text: str, limit: int) -> Refusal | None:
    """That the code is this one, and that the text is not just cut, is unproved."""
    if len(text) < limit:
        return None
    what = f"has {len(text)} characters and must have fewer than {limit}"
    return wrong(name, what, TOO_LONG)


def _numbers(fields: Fields) -> Refusal | None:
    return (
        in_range(fields, "notify_type", -1, 7)
        or in_range(fields, "notify_id", -(2**31), 2**31 - 1, NOTIFY_ID)
        or in_range(fields, "time_to_live", 0, 2**63 - 1)
    )


def _time_to_send(call: Call, fields: Fields) -> Refusal | None:
    text = fields.one("time_to_send")
    if text and number(text, 0, 2**63 - 1) is None:
        return wrong("time_to_send", "must be a time in ms")
    ahead = int(text or "0") / 1000 - call.now
    if ahead > LONGEST_SCHEDULE_S:
        return doubtful(call, wrong("time_to_send", "is more than 30 days ahead"))
    if ahead > SCHEDULE_S:
        call.note("time_to_send is more than 7 days ahead: the older text does not allow it, that of 2026 does.")
    return None
