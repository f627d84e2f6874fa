"""What happens before a list is pushed to: the message is saved at vivo's and gets a taskId.

1000 messages a day can be saved by default (10252), so a run saves each of its messages once, for all of its lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.core.answers import from_entry, json_object
from pushctl.core.vendor import Account, Env, Grant, Job, Prepared, PrepareSteps, Refused
from pushctl.core.wire import Response
from pushctl.vendors.vivo import judge, request

if TYPE_CHECKING:
    from pushctl.core.wire import Reply

_NO_TASK = "taskId=missing"


def prepare(account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
    """Save the message of a list; the taskId is what its lists are pushed with."""
    reply = yield request.save(account, job, grant, env)
    says = judge.judge("save", reply, None)[0].says
    if says.outcome != "accepted":
        return Refused(says)
    task_id = _task_id(reply)
    if task_id:
        return Prepared(task_id)
    entry = judge.CATALOGUE.find(_NO_TASK)
    return Refused(from_entry(entry, says.http_status) if entry else says)


def _task_id(reply: Reply) -> str:
    answer = judge.said(json_object(reply.body)) if isinstance(reply, Response) else None
    return answer.task_id or "" if answer else ""
