"""The interfaces that push: to one device, to a list in two steps, to a tag, to everybody.

Order: types, targets, fields, class, the text of formal messages, a repeated request, hours, quotas, every target (a
convention). ``requestId`` tells requests apart: what a repeated one is answered is unproved, here what the first one
was, and nothing is sent.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Refusal, counted
from pushctl.vendors.vivo import emulator_body as body
from pushctl.vendors.vivo import emulator_limits as limits
from pushctl.vendors.vivo import emulator_scenarios as scenarios
from pushctl.vendors.vivo import emulator_tasks as tasks
from pushctl.vendors.vivo.emulator_answers import accepted, is_acceptance, refused
from pushctl.vendors.vivo.emulator_targets import (
    Targets,
    acting_for,
    deliver,
    one,
    several,
    told_of_list,
    told_of_one,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.vivo.emulator_limits import Push
    from pushctl.vendors.vivo.emulator_tasks import Task

SAVED_A_DAY, FULL_PUSHES_A_DAY = 1000, 1


def send(call: Call, app: str, message: body.Message) -> Act:
    """``/message/send``: one regId, or one alias; given both, the regId counts."""
    targets = one(call, message)
    if isinstance(targets, Refusal):
        return refused(call, targets)
    push = _ready(call, app, message, targets, many=False)
    if isinstance(push, Refusal):
        return refused(call, push)
    return _once(call, push, message, lambda: _push_one(call, push, targets))


def _push_one(call: Call, push: Push, targets: Targets) -> Act:
    held = _before_targets(call, push, 1)
    if held is not None:
        return held
    task = tasks.begin(call, push)
    return deliver(call, push, targets, task, partial(told_of_one, call, targets, task))


def save(call: Call, app: str, message: body.Message) -> Act:
    """``/message/saveListPayload``: a body without targets, for ``pushToList``."""
    if not {"regId", "alias"}.isdisjoint(message):
        call.note("A body that is saved has no target; the service seems to pass over it.")
    push = _ready(call, app, message, Targets(), many=True)
    if isinstance(push, Refusal):
        return refused(call, push)
    return _once(call, push, message, lambda: _save(call, push))


def _save(call: Call, push: Push) -> Act:
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    if counted(call.world, f"saved {push.app}") > SAVED_A_DAY:
        return refused(call, Refusal("10252", "saved-quota", f"over {SAVED_A_DAY} bodies a day"))
    return accepted(call, "saved", taskId=tasks.begin(call, push, saved=True).id)


def push_to_list(call: Call, app: str, message: body.Message) -> Act:
    """``/message/pushToList``: a saved body to 2 to 1000 devices."""
    task = _saved(call, app, message.get("taskId", ""))
    if isinstance(task, Refusal):
        return refused(call, task)
    targets = several(call, message)
    if isinstance(targets, Refusal):
        return refused(call, targets)
    push = task.push
    if message.get("pushMode") == 1 and not push.test:
        call.note("pushMode stands with the list and not with the saved body; which of them counts is unproved.")
        push = replace(push, test=True)
    refusal = body.request_id(call, message) or limits.formal(call, push, *acting_for(targets))
    if refusal is not None:
        return refused(call, refusal)
    return _once(call, push, message, partial(_push_list, call, push, targets, task, message["requestId"]))


def _push_list(call: Call, push: Push, targets: Targets, task: Task, request_id: str) -> Act:
    held = _before_targets(call, push, len(targets.values))
    return held or deliver(call, push, targets, task, partial(told_of_list, call, request_id))


def _saved(call: Call, app: str, given: str) -> Task | Refusal:
    if not given.strip():
        return Refusal("10151", "task-present")
    task = tasks.find(call.world, app, given)
    if task is None or not task.saved:
        return Refusal("10152", "task-known", "no body was saved under this taskId since the sandbox started")
    return task if call.now < task.until else Refusal("10155", "task-age", "how long a body is kept is unproved")


def to_all(call: Call, app: str, message: body.Message) -> Act:
    """``/message/all``: every subscriber; published apps only, and once a day."""
    push = _ready(call, app, message, Targets(), many=True)
    if not isinstance(push, Refusal) and scenarios.lacks(call, "formal"):
        push = Refusal("10045", "under-review", "published apps only; test mode does not help")
    if isinstance(push, Refusal):
        return refused(call, push)
    return _once(call, push, message, lambda: _to_many(call, push, None))


def tag_push(call: Call, app: str, message: body.Message) -> Act:
    """``/message/tagPush``: whoever has the tags."""
    chosen = _tagged(call, app, message)
    if isinstance(chosen, Refusal):
        return refused(call, chosen)
    push = _ready(call, app, message, chosen, many=True)
    if isinstance(push, Refusal):
        return refused(call, push)
    return _once(call, push, message, lambda: _to_many(call, push, chosen))


def _tagged(call: Call, app: str, message: body.Message) -> Targets | Refusal:
    expression = message.get("tagExpression", {})
    for name, value in expression.items():
        if name in ("orTags", "andTags", "notTags") and value is not None and not body.texts(value):
            return body.wrong_type(f"tagExpression.{name}")
    either, every, none = ((expression.get(name) or []) for name in ("orTags", "andTags", "notTags"))
    if not either and not every:
        return Refusal("10601", "tags-present", "orTags or andTags is needed; which code says so is unproved")
    known = tasks.tags(call.world, app)
    sets = [known.get(tag, set()) for tag in every]
    if either:
        sets.append(set().union(*(known.get(tag, set()) for tag in either)))
    return Targets(sorted(set.intersection(*sets).difference(*(known.get(tag, set()) for tag in none))))


def _to_many(call: Call, push: Push, chosen: Targets | None) -> Act:
    """To a tag's phones, or to everybody, which is the live phone. Nobody's id stands in the answer."""
    held = _before_targets(call, push, limits.REACHABLE if chosen is None else len(chosen.values))
    if held is not None:
        return held
    if chosen is None and counted(call.world, f"all {push.app}") > FULL_PUSHES_A_DAY:
        return refused(call, Refusal("10254", "full-pushes", f"over {FULL_PUSHES_A_DAY} a day"))
    task = tasks.begin(call, push)

    def told(_: dict[str, str]) -> Act:
        return accepted(call, "accepted", taskId=task.id)

    return deliver(call, push, chosen or Targets.everybody(), task, told)


def _ready(call: Call, app: str, message: body.Message, targets: Targets, *, many: bool) -> Push | Refusal:
    """The message when everything about it is right but for the clock, the quotas and the targets."""
    refusal = body.check(call, message, many=many)
    if refusal is not None:
        return refusal
    acting = acting_for(targets)
    push = limits.classed(call, app, message, *acting)
    return push if isinstance(push, Refusal) else limits.formal(call, push, *acting) or push


def _once(call: Call, push: Push, message: body.Message, act: Callable[[], Act]) -> Act:
    """The answer; of a request that came before, that one."""
    before = tasks.answered(call, push.app, message["requestId"])
    if before is not None:
        note = "This requestId came before today: nothing is sent again; what is answered is unproved."
        return Act(before, rule="request-repeated", note=note)
    found = act()
    if found.response is not None and not found.wire and is_acceptance(found.response):
        tasks.remember(call, push.app, message["requestId"], found.response)
    return found


def _before_targets(call: Call, push: Push, size: int) -> Act | None:
    """What keeps the message from its targets, ``size`` of them: hours, quotas, the scenario of the run."""
    refusal = limits.hours(call, push) or limits.quota(call, push, size)
    return refused(call, refusal) if refusal is not None else scenarios.forced(call, "checked")
