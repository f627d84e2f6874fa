"""From an intent to the exact request.

MEIZUPUSH/PushAPI:README.md. Every request is a form; the message is JSON in its field ``messageJson``, which is written
once: that text is signed, and that text is sent. A notification goes to the "varnished" interfaces, by pushId or alias;
with ``[meizu] task = true`` its text is deposited first (``getTaskId``), and the pushes name the task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from pushctl.core.batches import batches
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Prepared, Refused
from pushctl.core.wire import Request, Response
from pushctl.core.writing import check_json, header_pairs
from pushctl.vendors.meizu import auth
from pushctl.vendors.meizu.message import message_json, packages, wants_task

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Grant, Job, PrepareSteps

MOST_TARGETS = 100
"""pushIds or aliases in one request."""
CONTENT_TYPE = "application/x-www-form-urlencoded;charset=UTF-8"
PUSH = "/garcia/api/server/push"
# Target kind: the form field that names targets, and the last part of the path.
_BY_KIND: Mapping[str, tuple[str, str]] = {"token": ("pushIds", "pushByPushId"), "alias": ("alias", "pushByAlias")}
_NOTIFICATION = "0"  # pushType; 1 is pass-through


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One request for up to 100 pushIds, or up to 100 aliases, of the same message.

    Raises ``UsageError`` for a target kind that Meizu has not, and for a target that its list cannot carry.
    """
    for _, neighbours in groupby(map(_checked, pushes), lambda push: push[1].kind):
        for job in batches(neighbours, lambda _: MOST_TARGETS):
            yield replace(job, preparation=repr(job.message)) if wants_task(job.message) else job


def _checked(push: tuple[Message, Target]) -> tuple[Message, Target]:
    target = push[1]
    if target.kind not in _BY_KIND:
        raise UsageError(
            f"Flyme Push cannot push to a {target.kind} here: it knows tokens (pushIds) and aliases.",
            "Use --token or --alias.",
            rule="target-kind",
        )
    check_json({target.kind: target.value})
    if "," in target.value:
        raise UsageError(
            f"The {target.kind} {target.value[:40]!r} cannot be sent: Meizu reads a comma as the end of one and the "
            "start of the next.",
            "Name each one by itself: --token (or --alias) can be repeated.",
            rule="target-comma",
            where=f"--{target.kind}",
        )
    return push


def prepare(account: Account, job: Job, grant: Grant | None) -> PrepareSteps:
    """Deposit the message: ``getTaskId``. The task id is told, as statistics are asked for by it."""
    from pushctl.vendors.meizu import judge

    reply = yield task_request(account, job.message, grant)
    says = judge.judge("task", reply, None)[0].says
    if says.outcome != "accepted":
        return Refused(says)
    answer = judge.said(reply.body) if isinstance(reply, Response) else None
    task = answer.value.get("taskId") if answer is not None and isinstance(answer.value, dict) else None
    if not isinstance(task, int | str) or isinstance(task, bool) or not str(task).strip():
        detail = "The answer accepts the message and has no taskId in its value."
        return Refused(replace(says, outcome="unknown", category="server", detail=detail))
    value = str(task).strip()
    return Prepared(value, (judge.RULES["task-id"].finding("taskId", task=value),))


def task_request(account: Account, message: Message, grant: Grant | None) -> Request:
    """The request that deposits a message."""
    params = {
        "appId": account.app["app_id"],
        "pushType": _NOTIFICATION,
        "messageJson": message_json(message, account.app).decode(),
        **packages(message),
    }
    return _post(account, "task", "/pushTask/getTaskId", params, message.headers, grant)


def request(account: Account, job: Job, grant: Grant | None, task: str | None) -> Request:
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all.

    :param task: the id that ``prepare`` was given; None for a push that carries its message itself.
    """
    field, path = _BY_KIND[job.targets[0].kind]
    params = {"appId": account.app["app_id"], field: ",".join(target.value for target in job.targets)}
    if task is not None:
        params["taskId"] = task
        return _post(account, job.call, f"/task/varnished/{path}", params, job.message.headers, grant)
    params |= {"messageJson": message_json(job.message, account.app).decode(), **packages(job.message)}
    return _post(account, job.call, f"/varnished/{path}", params, job.message.headers, grant)


def _post(
    account: Account, call: str, path: str, params: Mapping[str, str], headers: Pairs, grant: Grant | None
) -> Request:
    return Request(
        call=call,
        method="POST",
        url=f"{account.hosts['push']}{PUSH}{path}",
        headers=header_pairs((("Content-Type", CONTENT_TYPE),), headers),
        form=auth.signed(params, grant),
    )
