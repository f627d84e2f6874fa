"""Questions to Meizu that are no push: the numbers of a task, those of the app by day, the switches of one pushId.

MEIZUPUSH/PushAPI:README.md, 推送统计 and 获取订阅开关状态. All three are GET with a signature in the query, as the page
has them (its SDK posts them). Where a single push is can only be looked up in the console; there is no quota query.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import one_line
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.meizu import auth, judge
from pushctl.vendors.meizu.request import PUSH

if TYPE_CHECKING:
    from pushctl.core.verdict import Judgement

Facts = tuple[tuple[str, str], ...]

_CHINA = timezone(timedelta(hours=8))
_DAYS = 7
"""Days that are asked for at once; Meizu takes 30 at most."""
_NUMBERS = ("targetNo", "validNo", "pushedNo", "acceptNo", "displayNo", "clickNo")
_SWITCHES = ("barTypeSwitch", "directTypeSwitch")


def trace(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:
    """The numbers of a task (value ``id``: its task id), or of the app in the last seven days where none is named."""
    task = question.values.get("id", "").strip()
    if not task:
        return (yield from _by_day(account, grant, env))
    if not (task.isascii() and task.isdecimal()):
        raise UsageError(
            f"{task[:60]!r} is no task id: Meizu's are numbers.",
            "Give the task id that 'pushctl send' tells with [meizu] task = true; a msgId is looked up in the console "
            "of Flyme's push platform.",
            rule="task-id",
            where="ID",
        )
    reply = yield _get(account, "trace", "push", f"{PUSH}/statistics/getTaskStatistics", {"taskId": task}, grant)
    value = _value(reply)
    row = value if isinstance(value, dict) else {}
    return Answer(_says("trace", reply), (("taskId", task), *_numbers(row)))


def _by_day(account: Account, grant: Grant | None, env: Env) -> AskSteps:
    today = datetime.fromtimestamp(env.now, _CHINA).date()
    params = {
        "startTime": f"{today - timedelta(days=_DAYS - 1):%Y%m%d}",
        "endTime": f"{today:%Y%m%d}",
    }
    reply = yield _get(account, "trace", "push", f"{PUSH}/statistics/dailyPushStatics", params, grant)
    says, value = _says("trace", reply), _value(reply)
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    facts = tuple(
        (one_line(str(row.get("date", "?"))), ", ".join(f"{name} {number}" for name, number in _numbers(row)))
        for row in sorted(rows, key=lambda row: str(row.get("date", "")))
    )
    if says.outcome != "accepted":
        return Answer(says)
    finding = judge.RULES["trace-aggregate" if facts else "trace-empty"].finding()
    return Answer(says, tuple(params.items()) + facts, (finding,))


def token(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Whether a pushId is subscribed and its switches are on; nothing reaches the phone. Target: a token."""
    value = question.values.get("token") or next((one.value for one in question.targets if one.kind == "token"), "")
    if not value:
        raise UsageError("No token is named.", "Name one with --token.", rule="no-target", where="--token")
    path = "/garcia/api/server/message/getRegisterSwitch"
    reply = yield _get(account, "token", "subscription", path, {"pushId": value}, grant)
    says, told = _says("token", reply), _value(reply)
    row: Mapping[str, Any] = told if isinstance(told, dict) else {}
    facts = tuple((name, _switch(row[name])) for name in _SWITCHES if isinstance(row.get(name), int | str))
    off = dict(facts).get(_SWITCHES[0], "").startswith("0")
    findings = (judge.RULES["switch-off"].finding(_SWITCHES[0]),) if off else ()
    return Answer(says, facts, findings)


def _get(account: Account, call: str, role: str, path: str, params: Mapping[str, str], grant: Grant | None) -> Request:
    query = auth.signed({"appId": account.app["app_id"], **params}, grant)
    return Request(call, "GET", account.hosts[role] + path, query=query)


def _says(call: str, reply: Reply) -> Judgement:
    return judge.judge(call, reply, None)[0].says


def _value(reply: Reply) -> Any:
    answer = judge.said(reply.body) if isinstance(reply, Response) else None
    return answer.value if answer is not None and answer.code == judge.ACCEPTED else None


def _numbers(row: Mapping[str, Any]) -> Facts:
    """The six numbers; Meizu's page has one of them with a blank behind its name."""
    table = {key.strip(): value for key, value in row.items()}
    return tuple((name, one_line(str(table[name]))) for name in _NUMBERS if isinstance(table.get(name), int | str))


def _switch(value: object) -> str:
    text = one_line(str(int(value) if isinstance(value, bool) else value))
    return f"{text} ({'off' if text == '0' else 'on'})" if text in ("0", "1") else text


ASKS: Mapping[str, Ask] = {"trace": trace, "token": token}
