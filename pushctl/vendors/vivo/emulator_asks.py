"""The interfaces that push nothing: statistics, ids that cannot be used, recalling, tags.

``/invalidUser/check`` rests on one client, the ``data`` of the SDK's result and the codes 10700 to 10706 of vivo's
table (whose interface their fields' names tell); ``/message/recycle`` on one client; of the tag calls no more than the
paths and some codes is known. What is not said there is unproved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.vivo import emulator_body as body
from pushctl.vendors.vivo import emulator_handsets as handsets
from pushctl.vendors.vivo import emulator_scenarios as scenarios
from pushctl.vendors.vivo import emulator_tasks as tasks
from pushctl.vendors.vivo.emulator_answers import accepted, refused, user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pushctl.core.emulated import Act
    from pushctl.core.emulated_calls import Call

MOST_TASKS, MOST_IDS = 100, 1000
_UNPROVED = "which code says so is unproved"
REG_ID, ALIAS = 1, 2


def statistics(call: Call, app: str) -> Act:
    """``/report/getStatistics``: counters of up to 100 tasks. An id that is none is left out (unproved)."""
    query = parse_qs(call.seen.path.partition("?")[2], keep_blank_values=True)
    given = [each.strip() for text in query.get("taskIds", []) for each in text.split(",") if each.strip()]
    if not given:
        return refused(call, Refusal("10473", "tasks-present"))
    if len(given) > MOST_TASKS:
        return refused(call, Refusal("10471", "tasks-count", f"{len(given)}"))
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    found = [tasks.statistics(call.world, app, each) for each in dict.fromkeys(given)]
    if None in found:
        call.note("A taskId that is not known is left out; unproved.")
    return accepted(call, "statistics", statistics=[each for each in found if each is not None])


def check(call: Call, app: str, message: body.Message) -> Act:
    """``/invalidUser/check``: those of the ids that cannot be used. A phone that is no test device can be."""
    ids = _ids(message, "userIds", message.get("userType"))
    if isinstance(ids, Refusal):
        return refused(call, ids)
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    run = scenarios.BOOK.of(call.world)
    always = str(run.act.get("reason", "")) if run is not None else ""
    alias = message.get("userType") == ALIAS
    found = {each: always or handsets.status_of(each, app, test=False, alias=alias) for each in dict.fromkeys(ids)}
    dead = [user(each, status) for each, status in found.items() if status not in ("", handsets.NO_TEST_DEVICE)]
    return accepted(call, "checked", data=dead)


def recycle(call: Call, app: str, message: body.Message) -> Act:
    """``/message/recycle``: take a message back, from everybody where ``userIds`` is empty."""
    given = message.get("taskId", "")
    if not given.strip():
        return refused(call, Refusal("10151", "task-present", _UNPROVED))
    if message.get("userIds"):
        ids = _ids(message, "userIds", message.get("userType"))
        if isinstance(ids, Refusal):
            return refused(call, ids)
    if tasks.statistics(call.world, app, given) is None:
        return refused(call, Refusal("10152", "task-known", _UNPROVED))
    return scenarios.forced(call, "checked") or accepted(call, "recalled")


def add_tag(call: Call, app: str, message: body.Message) -> Act:
    """``/tag/add``."""
    name = message.get("name", "").strip()
    if not name:
        return refused(call, Refusal("10601", "tag-name"))
    tasks.tags(call.world, app).setdefault(name, set())
    return accepted(call, "tag-added")


def add_members(call: Call, app: str, message: body.Message) -> Act:
    """``/tag/addMembers``: the tag comes about by its first member (unproved)."""
    return _changed(call, app, message, set.update)


def remove_members(call: Call, app: str, message: body.Message) -> Act:
    """``/tag/removeMembers``."""
    return _changed(call, app, message, set.difference_update)


def _changed(call: Call, app: str, message: body.Message, change: Callable[[set[str], Iterable[str]], None]) -> Act:
    phones = _members(message)
    if isinstance(phones, Refusal):
        return refused(call, phones)
    change(tasks.tags(call.world, app).setdefault(message["name"].strip(), set()), phones)
    return accepted(call, "tag-changed")


def _members(message: body.Message) -> list[str] | Refusal:
    if not message.get("name", "").strip():
        return Refusal("10601", "tag-name")
    ids = _ids(message, "ids", message.get("type"))
    if isinstance(ids, Refusal) or message["type"] == REG_ID:
        return ids
    return [handsets.phone_of(each) for each in ids]


_CODES = {"ids": ("10616", "10609", "10614"), "userIds": ("10706", "10700", "10701")}
"""By the field: the codes for a wrong type, for none and for too many."""


def _ids(message: body.Message, name: str, kind: int | None) -> list[str] | Refusal:
    """The ids of a call. That 1000 is the most of ``userIds``, and that an alias may be asked for, is unproved."""
    wrong, none, many = _CODES[name]
    note = "" if name == "ids" else "that this interface says so is unproved"
    ids = message.get(name, [])
    if kind not in (REG_ID, ALIAS):
        return Refusal(wrong, f"{name}-type", note)
    if not ids:
        return Refusal(none, f"{name}-present", note)
    if not body.texts(ids):
        return body.wrong_type(name)
    return Refusal(many, f"{name}-count", note) if len(ids) > MOST_IDS else list(ids)
