"""Tasks: a message that is pushed to many by its number, to everybody, or to a tag; cancelled; and counted.

Source: MEIZUPUSH/PushAPI:README.md. Only pushes to everybody can be cancelled there, MEIZUPUSH/JavaSdk adds those to
tags; how long one of them is on its way, and that every phone shows what it gets, is the sandbox's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.meizu import emulator_scenarios as scenarios
from pushctl.vendors.meizu.emulator_answers import PARAMETER, refused, told
from pushctl.vendors.meizu.emulator_credentials import APP
from pushctl.vendors.meizu.emulator_handsets import phones
from pushctl.vendors.meizu.emulator_message import read, starts_at
from pushctl.vendors.meizu.emulator_push import deliver, packages, targets_of
from pushctl.vendors.meizu.emulator_targets import Tally, before, days, fates

if TYPE_CHECKING:
    from pushctl.core.emulated import Act, World
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.meizu.emulator_signature import Asked

FINISHED_TASK = 45361
"""A task of the sandbox's own app that was over on the day before the sandbox began."""
PUSHING_S = 60.0
MOST_TAGS, MOST_TAG = 100, 20
_NO_CANCEL = "任务已取消[已完成]，无法取消"


@dataclass(slots=True)
class Task:
    """A task.

    :ivar whom: ``listed`` for one whose targets come with later calls, else ``everybody`` or ``tag``.
    :ivar targets: the pushIds of the others.
    :ivar starts: Unix seconds.
    """

    number: int
    app: str
    message: dict[str, Any]
    whom: Literal["listed", "everybody", "tag"]
    starts: float
    targets: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    pushed: bool = False
    cancelled: bool = False


def get_task_id(call: Call, asked: Asked) -> Act:
    """``pushTask/getTaskId``."""
    return _begin(call, asked, "listed", [])


def to_app(call: Call, asked: Asked) -> Act:
    """``pushTask/pushToApp``."""
    return _begin(call, asked, "everybody", list(phones(call.world, asked.app)))


def to_tag(call: Call, asked: Asked) -> Act:
    """``pushTask/pushToTag``: phones with any of the tags (scope 0) or with all of them (1)."""
    refusal = asked.missing("tagNames", "scope")
    wanted = set(targets_of(asked.parameters.get("tagNames", "")))
    scope = asked.parameters.get("scope", "")
    if refusal is None and scope not in ("0", "1"):
        refusal = Refusal(PARAMETER, "scope", "scope is none of 0, 1")
    if refusal is None and (len(wanted) > MOST_TAGS or any(len(tag) > MOST_TAG for tag in wanted)):
        refusal = Refusal(PARAMETER, "tags", f"over {MOST_TAGS} tags, or one over {MOST_TAG} characters")
    if refusal is not None:
        return refused(call, refusal)
    every = phones(call.world, asked.app).items()
    found = [token for token, each in every if (wanted & set(each.tags) if scope == "0" else wanted <= set(each.tags))]
    return _begin(call, asked, "tag", found)


def push_listed(call: Call, asked: Asked, name: str) -> Act:
    """``task/varnished/pushByPushId`` and ``pushByAlias``: the message of a task to these targets."""
    refusal = asked.missing("taskId", name)
    task = _task(call, asked) if refusal is None else refusal
    if isinstance(task, Refusal) or task.whom != "listed":
        return refused(call, task if isinstance(task, Refusal) else _no_task("a task of another kind; unproved"))
    return deliver(call, asked, name, task.message, task.tally)


def cancel(call: Call, asked: Asked) -> Act:
    """``pushTask/cancel``: a push to everybody or to a tag that has not ended."""
    refusal = asked.missing("pushType", "taskId") or _push_type(asked)
    task = _task(call, asked) if refusal is None else refusal
    if isinstance(task, Refusal):
        return refused(call, task)
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    if task.whom == "listed" or task.cancelled or call.now >= task.starts + PUSHING_S:
        return refused(call, Refusal("500", "task-open", "not to everybody or a tag, cancelled, or over", _NO_CANCEL))
    task.cancelled = True
    return told(call, {"result": True}, "task-cancelled")


def statistics(call: Call, asked: Asked) -> Act:
    """``statistics/getTaskStatistics``. The documentation has ``acceptNo`` with a blank behind it, the SDK without."""
    refusal = asked.missing("taskId")
    task = _task(call, asked) if refusal is None else refusal
    if isinstance(task, Refusal):
        return refused(call, task)
    return scenarios.forced(call, "checked") or told(
        call, {"taskId": task.number, **_counts(task.tally)}, "task-counted"
    )


def daily_statistics(call: Call, asked: Asked) -> Act:
    """``statistics/dailyPushStatics``: the days of at most thirty on which something was pushed, the latest first."""
    refusal = asked.missing("startTime", "endTime")
    begin, end = _day(asked.parameters.get("startTime", "")), _day(asked.parameters.get("endTime", ""))
    if refusal is None and (begin is None or end is None):
        refusal = Refusal(PARAMETER, "date-form", "startTime or endTime is no day as yyyyMMdd")
    if refusal is not None or begin is None or end is None:
        return refused(call, refusal or Refusal(PARAMETER, "date-form"))
    if end < begin:
        return refused(call, Refusal("500", "date-order", msg="结束时间不能早于开始时间"))
    if (end - begin).days > 30:
        return refused(call, Refusal("500", "date-range", msg="开始时间和结束时间不能相差30天以上"))
    forced = scenarios.forced(call, "checked")
    kept = sorted(days(call.world, asked.app).items(), reverse=True)
    rows = [{"date": day, **_counts(tally)} for day, tally in kept if begin.isoformat() <= day <= end.isoformat()]
    return forced or told(call, rows, "days-counted")


def _begin(call: Call, asked: Asked, whom: Literal["listed", "everybody", "tag"], targets: list[str]) -> Act:
    refusal = asked.missing("pushType", "messageJson") or _push_type(asked)
    message = read(call, asked.parameters["messageJson"]) if refusal is None else refusal
    if not isinstance(message, Refusal):
        message = packages(call, asked) or message
    if isinstance(message, Refusal):
        return refused(call, message)
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    kept = _tasks(call.world)
    begins = call.now if whom == "listed" else starts_at(message) or call.now
    task = Task(max(kept) + 1, asked.app, message, whom, begins, targets)
    kept[task.number] = task
    _run(call, task)
    app = asked.parameters["appId"]
    return told(call, {"taskId": task.number, "pushType": 0, "appId": int(app) if app.isdecimal() else app}, "task")


def _push_type(asked: Asked) -> Refusal | None:
    kind = asked.parameters["pushType"]
    if kind == "1":
        return Refusal("110053", "pass-through", "pushType 1: discontinued")
    return None if kind == "0" else Refusal(PARAMETER, "push-type", "pushType is none of 0, 1")


def _day(value: str) -> date | None:
    try:
        return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date() if len(value) == 8 else None
    except ValueError:
        return None


def _tasks(world: World) -> dict[int, Task]:
    over = Task(FINISHED_TASK, APP, {}, "everybody", 0.0, [], before(), pushed=True)
    kept: dict[int, Task] = world.state.setdefault("tasks", {FINISHED_TASK: over})
    return kept


def _task(call: Call, asked: Asked) -> Task | Refusal:
    """The task that is asked about, begun if its time has come."""
    number = asked.parameters["taskId"]
    known = _tasks(call.world)
    task = known.get(int(number)) if number.isascii() and number.isdecimal() and len(number) < 20 else None
    if task is None or task.app != asked.app:
        return _no_task(f"the app has no task {number[:40]!r}")
    _run(call, task)
    return task


def _no_task(note: str) -> Refusal:
    return Refusal("110032", "task-known", note)


def _run(call: Call, task: Task) -> None:
    """Push to everybody, or to a tag, as soon as it is due."""
    if task.whom == "listed" or task.pushed or task.cancelled or call.now < task.starts:
        return
    refusals = fates(call, task.app, task.targets, task.message, alias=False)
    task.tally = Tally(len(task.targets), len(task.targets) - len(refusals))
    task.pushed = True


def _counts(tally: Tally) -> dict[str, int]:
    return {
        "targetNo": tally.target,
        "validNo": tally.valid,
        "pushedNo": tally.valid,
        "acceptNo": tally.valid,
        "displayNo": tally.valid,
        "clickNo": 0,
    }
