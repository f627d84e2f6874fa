"""What vivo can be asked: counters of tasks, whether an id is dead, and to take a message back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Answer, Env, Grant, Question
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.vivo import VENDOR

ACCOUNT = Account("production", None, {"app_id": "105500000"}, VENDOR.card.hosts["production"])
GRANT = Grant(Secret("TOKEN", "$PUSHCTL_TOKEN"), 0, 3600)
A, B = Target("token", "a"), Target("token", "b")
# The sample that push-sdk/push-vivo keeps of vivo's document.
COUNTERS = {
    "taskId": "298475091219", "send": 9000, "receive": 9000, "display": 8000, "click": 200, "targetInvalid": 200,
    "targetUnSub": 200, "targetInActive": 100, "covered": 200, "controlled": 200, "targetOffline": 100,
}  # fmt: skip


def ask(name: str, reply: Reply, targets: tuple[Target, ...] = (), **values: str) -> tuple[Request, Answer]:
    steps = VENDOR.asks[name](ACCOUNT, Question(values, targets), GRANT, Env(0, bytes))
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def said(**document: Any) -> Response:
    return Response(200, (), json.dumps({"result": 0, "desc": "请求成功", **document}).encode())


def rules(answer: Answer) -> list[str]:
    return [finding.rule for finding in answer.findings]


def test_there_is_no_question_for_the_quota() -> None:
    assert set(VENDOR.asks) == {"trace", "token", "revoke"}


# --- counters --------------------------------------------------------------------------------------------------------


def test_the_counters_of_a_task_are_told_in_vivos_words() -> None:
    request, answer = ask("trace", said(statistics=[COUNTERS]), id="298475091219")
    assert request.method == "GET"
    assert request.target(reveal=True) == "https://api-push.vivo.com.cn/report/getStatistics?taskIds=298475091219"
    assert ("authToken", GRANT.value) in request.headers
    assert answer.says.outcome == "accepted"
    assert answer.facts == tuple((name, str(value)) for name, value in COUNTERS.items())
    assert answer.findings == ()


def test_several_tasks_are_asked_for_at_once_and_what_is_missing_is_told() -> None:
    request, answer = ask("trace", said(statistics=[COUNTERS]), id=" 298475091219, 7 ,")
    assert request.query == (("taskIds", "298475091219,7"),)
    assert rules(answer) == ["task-unknown"]


@pytest.mark.parametrize(
    ("counters", "rule"),
    [
        ({"send": 10, "receive": 0}, "sent-not-received"),
        ({"send": "10", "receive": "0", "display": "0"}, "sent-not-received"),
        ({"send": 10, "receive": 9, "display": 0}, "received-not-shown"),
    ],
)
def test_where_messages_are_lost_is_told(counters: dict[str, Any], rule: str) -> None:
    _, answer = ask("trace", said(statistics=[{"taskId": "7", **counters}]), id="7")
    assert rules(answer) == [rule]


def test_a_task_whose_digits_were_rounded_is_told_as_such() -> None:
    _, answer = ask("trace", said(statistics=[]), id="571427495104938000")
    assert rules(answer) == ["task-rounded"]


@pytest.mark.parametrize("values", [{}, {"id": " , "}, {"id": "a b"}, {"id": "7&x=1"}, {"id": ",".join("7" * 101)}])
def test_what_is_no_task_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(UsageError) as refused:
        ask("trace", said(), (), **values)
    assert refused.value.rule == "task-id"


def test_a_job_key_is_another_vendors() -> None:
    with pytest.raises(UsageError) as refused:
        ask("trace", said(), job_key="x")
    assert refused.value.rule == "no-job-key"


def test_a_question_that_is_refused_is_told_by_its_code() -> None:
    _, answer = ask("trace", Response(200, (), b'{"result":10471,"desc":"x"}'), id="7")
    assert (answer.says.code, answer.facts, answer.findings) == ("10471", (), ())
    _, answer = ask("trace", Lost("no", "no such host", "DNS"), id="7")
    assert answer.says.code == "DNS"


# --- one id ----------------------------------------------------------------------------------------------------------


def test_an_id_that_vivo_does_not_list_is_alive() -> None:
    request, answer = ask("token", said(data=[]), (A,))
    assert request.url == "https://api-push.vivo.com.cn/invalidUser/check"
    assert json.loads(request.body(reveal=True)) == {"userType": 1, "userIds": ["a"]}
    assert answer.says.outcome == "accepted"
    assert dict(answer.facts)["invalid"].startswith("no")


@pytest.mark.parametrize("field", ["data", "invalidUsers"])
@pytest.mark.parametrize(("status", "dead"), [(1, True), (2, True), (4, False)])
def test_an_id_that_vivo_lists_is_told_by_its_status(field: str, status: int, dead: bool) -> None:
    _, answer = ask("token", said(**{field: [{"status": status, "userid": "a"}]}), (A,))
    assert (answer.says.code, answer.says.token_dead) == (f"invalidUser/{status}", dead)


def test_an_alias_is_asked_for_as_one() -> None:
    request, _ = ask("token", said(), (Target("alias", "me"),))
    assert json.loads(request.body(reveal=True)) == {"userType": 2, "userIds": ["me"]}


@pytest.mark.parametrize("targets", [(), (A, B), (Target("token", ""),), (Target("topic", "x"),)])
def test_one_id_is_asked_for_at_a_time(targets: tuple[Target, ...]) -> None:
    with pytest.raises(UsageError):
        ask("token", said(), targets)


# --- taking back -----------------------------------------------------------------------------------------------------


def test_a_message_is_taken_back_by_its_task_from_each_device() -> None:
    reply = said(invalidUsers=[{"status": 2, "userid": "b"}])
    request, answer = ask("revoke", reply, (A, B), id="12139732")
    assert request.url == "https://api-push.vivo.com.cn/message/recycle"
    assert json.loads(request.body(reveal=True)) == {
        "appId": 105500000, "taskId": "12139732", "userIds": ["a", "b"], "userType": 1,
    }  # fmt: skip
    assert [verdict.says.code for verdict in answer.verdicts] == ["0", "invalidUser/2"]
    assert (answer.says.code, answer.facts) == ("0", (("taskId", "12139732"),))
    assert rules(answer) == ["one-source"]


@pytest.mark.parametrize(
    ("values", "targets", "rule"),
    [
        ({}, (A,), "task-id"),
        ({"id": "a b"}, (A,), "task-id"),
        ({"id": "7", "push_type": "0"}, (A,), "no-push-type"),
        ({"id": "7"}, (), "token-count"),
        ({"id": "7"}, (A,) * 1001, "token-count"),
        ({"id": "7"}, (Target("alias", "x"),), "target-kind"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(values: dict[str, str], targets: Any, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask("revoke", said(), targets, **values)
    assert refused.value.rule == rule


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["trace", "token", "revoke"]), json_values, json_values, json_values)
def test_no_answer_breaks_a_question(name: str, statistics: Any, data: Any, users: Any) -> None:
    reply = said(statistics=statistics, data=data, invalidUsers=users)
    _, answer = ask(name, reply, () if name == "trace" else (A,), **({} if name == "token" else {"id": "7"}))
    assert answer.says.outcome in ("accepted", "refused", "unknown")
