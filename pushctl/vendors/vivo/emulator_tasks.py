"""What the emulated vivo Push keeps: tasks with their counters, saved bodies, tags, and the answers to requests.

Everything lasts as long as the sandbox runs. A taskId of another run of it is known by its digits alone: its statistics
are those of one message to the live phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import today
from pushctl.vendors.vivo.emulator_answers import is_task_id, task_id

if TYPE_CHECKING:
    from pushctl.core.emulated import World
    from pushctl.core.emulated_calls import Call
    from pushctl.core.wire import Response
    from pushctl.vendors.vivo.emulator_limits import Push

COUNTERS = (
    "send", "receive", "display", "click", "targetInvalid", "targetUnSub", "targetInActive", "targetOffline",
    "covered", "controlled",
)  # fmt: skip


@dataclass(slots=True)
class Task:
    """A message that got a taskId.

    :ivar until: when a saved body is no longer there, Unix seconds. How long vivo keeps one is unproved: here as long
        as the message may live.
    """

    id: str
    push: Push
    until: float
    saved: bool = False
    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))

    def count(self, *names: str) -> None:
        """Something happened to one device."""
        for name in names:
            self.counters[name] += 1


def begin(call: Call, push: Push, *, saved: bool = False) -> Task:
    """A fresh task."""
    life = push.message.get("timeToLive") or 86_400
    task = Task(task_id(call.world), push, call.now + min(int(life), 86_400), saved)
    _tasks(call.world)[task.id] = task
    return task


def find(world: World, app: str, given: str) -> Task | None:
    """The task of this id, when it is the app's."""
    task = _tasks(world).get(given)
    return task if task is not None and task.push.app == app else None


def statistics(world: World, app: str, given: str) -> dict[str, Any] | None:
    """The counters of a task, or None for an id that no sandbox gave out."""
    task = find(world, app, given)
    if task is not None:
        return {"taskId": given, **task.counters}
    if not is_task_id(given) or given in _tasks(world):
        return None
    return {"taskId": given, **dict.fromkeys(COUNTERS, 0), "send": 1, "receive": 1, "display": 1}


def tags(world: World, app: str) -> dict[str, set[str]]:
    """Tag to the regIds that have it."""
    kept: dict[str, dict[str, set[str]]] = world.state.setdefault("tags", {})
    return kept.setdefault(app, {})


def answered(call: Call, app: str, request_id: str) -> Response | None:
    """What a request with this ``requestId`` to the same interface was answered today."""
    return _answers(call.world).get(_key(call, app, request_id))


def remember(call: Call, app: str, request_id: str, response: Response) -> None:
    """Keep the answer to a request that was taken."""
    _answers(call.world)[_key(call, app, request_id)] = response


def _tasks(world: World) -> dict[str, Task]:
    kept: dict[str, Task] = world.state.setdefault("tasks", {})
    return kept


def _answers(world: World) -> dict[tuple[str, ...], Response]:
    """Those of today: how long vivo remembers a requestId is unproved."""
    day, kept = world.state.get("answers", ("", {}))
    if day != today(world):
        kept = {}
        world.state["answers"] = (today(world), kept)
    found: dict[tuple[str, ...], Response] = kept
    return found


def _key(call: Call, app: str, request_id: str) -> tuple[str, ...]:
    return app, call.seen.path.partition("?")[0], request_id
