"""Questions to vivo that are no push: the counters of tasks, whether an id is dead, taking a message back.

There is no question for the day's quota: the codes 10070, 10073 and 10252 tell that it is used up, and the console. A
table of vivo's codes speaks of an interface that tells an app's limits (10072, 10252); no source shows its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import json_object, one_line
from pushctl.core.errors import UsageError
from pushctl.core.payloads import is_integer, objects
from pushctl.core.texts import maybe_rounded
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.core.wire import Request, Response
from pushctl.vendors.vivo import judge
from pushctl.vendors.vivo.hosts import CHECK_PATH, RECYCLE_PATH, STATISTICS_PATH
from pushctl.vendors.vivo.request import MOST_TARGETS, build_headers

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target
    from pushctl.core.verdict import Judgement
    from pushctl.core.wire import Reply

Facts = tuple[tuple[str, str], ...]

MOST_TASKS = 100
"""Tasks in one question; more are answered 10471."""
_BY_REG_ID, _BY_ALIAS = 1, 2
_USER_TYPE = {"token": _BY_REG_ID, "alias": _BY_ALIAS}
_MOST_DIGITS = 64


def trace(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """The counters of one task or of several (document 362, ``/report/getStatistics``). Value ``id``: taskIds, with
    commas between them, 100 at most. A single push has a taskId as well; single devices are not told apart."""
    tasks = _tasks(question)
    reply = yield Request(
        "trace",
        "GET",
        account.hosts["push"] + STATISTICS_PATH,
        build_headers(None, grant),
        query=(("taskIds", ",".join(tasks)),),
    )
    rows = [row for _, row in objects(_document(reply), "statistics")]
    facts = tuple(fact for row in rows for fact in _counters(row))
    says = _says("trace", reply)
    findings = tuple(_read(tasks, rows)) if says.outcome == "accepted" else ()
    return Answer(says, facts, findings)


def check(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Whether an id is dead (``/invalidUser/check``). Target: a regId or an alias. vivo answers with those that are;
    one client shows the call, vivo's table of codes its fields (10700 to 10706; of userType 1 alone), and the SDK's
    ``data`` what comes back."""
    target = _one(question)
    body = {"userType": _USER_TYPE[target.kind], "userIds": [target.value]}
    reply = yield _post("token", account, CHECK_PATH, grant, body)
    verdict = judge.judge("token", reply, (target,))[0]
    listed = verdict.says.outcome != "accepted"
    known: Facts = () if listed else (("invalid", "no: vivo does not list it among the dead ids"),)
    return Answer(verdict.says, (*known, *verdict.facts))


def recall(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Take a message back from devices (``/message/recycle``, known from one client). Value ``id``: the taskId
    of the push. Targets: 1 to 1000 regIds."""
    task = question.values.get("id", "").strip()
    if not _is_id(task):
        raise UsageError(
            f"{task[:40]!r} is no taskId." if task else "The taskId of the push is not given.",
            "Give the taskId that the push was answered with: pushctl revoke TASKID -t REGID.",
            rule="task-id",
            where="ID",
        )
    if "push_type" in question.values:
        raise UsageError("vivo has no push types.", "Leave it out.", rule="no-push-type", where="--push-type")
    ids = _reg_ids(question.targets)
    body = {"appId": int(account.app["app_id"]), "taskId": task, "userIds": ids, "userType": _BY_REG_ID}
    reply = yield _post("revoke", account, RECYCLE_PATH, grant, body)
    verdicts = judge.judge("revoke", reply, question.targets)
    findings = (judge.RULES["one-source"].finding(path=RECYCLE_PATH),)
    return Answer(_says("revoke", reply), (("taskId", task),), findings, tuple(verdicts))


def _post(call: str, account: Account, path: str, grant: Grant | None, body: Mapping[str, Any]) -> Request:
    return Request(call, "POST", account.hosts["push"] + path, build_headers(None, grant), json=dict(body))


def _says(call: str, reply: Reply) -> Judgement:
    """What the answer says of the whole call; the ids' own fates are the verdicts."""
    answer = judge.said(_document(reply))
    if answer is not None and isinstance(reply, Response):
        return judge.whole(answer, reply)
    return judge.judge(call, reply, None)[0].says


def _document(reply: Reply) -> Mapping[str, Any]:
    return (json_object(reply.body) if isinstance(reply, Response) else None) or {}


# --- the counters of tasks -------------------------------------------------------------------------------------------


def _tasks(question: Question) -> list[str]:
    if "job_key" in question.values:
        raise UsageError(
            "vivo has no job keys.", "Give the taskId that the push was answered with.", rule="no-job-key",
            where="--job-key",
        )  # fmt: skip
    tasks = [one.strip() for one in question.values.get("id", "").split(",") if one.strip()]
    odd = [one for one in tasks if not _is_id(one)]
    if odd or not 1 <= len(tasks) <= MOST_TASKS:
        many = f"{len(tasks)} taskIds are named." if tasks else "No taskId is given."
        raise UsageError(
            f"{odd[0][:40]!r} is no taskId." if odd else many,
            f"Give the taskId that a push was answered with; several with commas between them, {MOST_TASKS} at most.",
            rule="task-id",
            where="ID",
        )
    return tasks


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _MOST_DIGITS and text.isascii() and text.isprintable() and not set(" ,&?#\"'") & set(text)


def _counters(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A task's counters, in vivo's words and order; which there are differs by the age of the text."""
    for name, value in row.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield one_line(str(name), 40), one_line(str(value), 80)


def _read(tasks: list[str], rows: list[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the counters mean: tasks that vivo says nothing of, and where messages are lost on their way."""
    told = {str(row.get("taskId")) for row in rows}
    for task in tasks:
        if task not in told:
            rounded = maybe_rounded(task)
            yield judge.RULES["task-rounded" if rounded else "task-unknown"].finding("ID", task=task)
    for row in rows:
        send, receive, display = (_number(row.get(name)) for name in ("send", "receive", "display"))
        if send and receive == 0:
            yield judge.RULES["sent-not-received"].finding(task=row.get("taskId", "-"), count=send)
        elif receive and display == 0:
            yield judge.RULES["received-not-shown"].finding(task=row.get("taskId", "-"), count=receive)


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16:
        return int(value)
    return value if is_integer(value) else None


# --- one id ----------------------------------------------------------------------------------------------------------


def _one(question: Question) -> Target:
    found = [target for target in question.targets if target.kind in _USER_TYPE]
    if len(found) != 1 or not found[0].value:
        raise UsageError("No regId is named.", "Name one, as the app's SDK gives it.", rule="no-target", where="TOKEN")
    return found[0]


def _reg_ids(targets: tuple[Target, ...]) -> list[str]:
    if not 1 <= len(targets) <= MOST_TARGETS:
        raise UsageError(
            f"{len(targets)} regIds are named: a call takes 1 to {MOST_TARGETS}.",
            "Name them with --token or --tokens FILE, in parts.",
            rule="token-count",
            where="--token",
        )
    if any(target.kind != "token" for target in targets):
        raise UsageError(
            "A message is taken back by regIds only.", "Name them with --token.", rule="target-kind", where="--token"
        )
    return [target.value for target in targets]


ASKS: Mapping[str, Ask] = {"trace": trace, "token": check, "revoke": recall}
