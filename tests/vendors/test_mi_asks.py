"""Questions to Mi Push: the requests, and what is made of the answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Answer, AskSteps, Env, Grant, Question
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.hosts import HOSTS

APP = {"package_name": "com.example.app,com.example.other"}
GRANT = Grant(Secret("S+/==", "$PUSHCTL_TOKEN"), 0, 1)
A, B = Target("token", "a+/="), Target("token", "b")
HOST = "https://api.xmpush.xiaomi.com"
STATUS = {
    "create_time": "2018-02-28 22:17:48", "invalid_target": 0, "raw_counter": 0, "click_rate": "0%", "delivered": 0,
    "click": 0, "bar_closed": 0, "device_condition_unmatch": 0, "create_timestamp": 1519827468580,
    "time_to_live": "1209600s", "msg_type": "Common", "delivery_rate": "0%", "id": "scm51336519827468580b1",
    "resolved": 0, "app_not_register": 0,
}  # fmt: skip


def ask(name: str, question: Question, *replies: Reply) -> tuple[list[Request], Answer]:
    steps = VENDOR.asks[name](Account("production", None, APP, HOSTS["production"]), question, GRANT, Env(0, bytes))
    requests = [next(steps), *(steps.send(reply) for reply in replies[:-1])]
    with pytest.raises(StopIteration) as end:
        steps.send(replies[-1])
    return requests, end.value.value


def driven(steps: AskSteps, reply: Reply) -> Any:
    """What a question ends with when every request gets the same answer."""
    next(steps)
    while True:
        try:
            steps.send(reply)
        except StopIteration as end:
            return end.value


def answer(data: Any = None, code: Any = 0, **more: Any) -> Response:
    body = {"result": "error" if code else "ok", "code": code, "trace_id": "X1", **more}
    return Response(200, (), json.dumps(body if data is None else {**body, "data": data}).encode())


def rules(told: Answer) -> list[str]:
    return [finding.rule for finding in told.findings]


# --- trace -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "query"),
    [({"id": " sdm1 "}, (("msg_id", "sdm1"),)), ({"job_key": "release_2"}, (("job_key", "release_2"),))],
)
def test_a_message_is_asked_for_by_id_and_a_batch_by_jobkey(values: dict[str, str], query: Any) -> None:
    ((request,), told) = ask("trace", Question(values), answer({"data": STATUS}))
    assert (request.method, request.url, request.query) == ("GET", f"{HOST}/v1/trace/message/status", query)
    assert [(name, revealed(value)) for name, value in request.headers] == [("Authorization", "key=S+/==")]
    assert dict(told.facts)["time_to_live"] == "1209600s"
    assert dict(told.facts)["create_time"] == "2018-02-28 22:17:48 (UTC+8)"
    assert dict(told.facts)["trace_id"] == "X1"
    assert told.exit_code == 0


@pytest.mark.parametrize("values", [{}, {"id": "a", "job_key": "b"}])
def test_one_of_the_two_is_named(values: dict[str, str]) -> None:
    with pytest.raises(UsageError) as wrong:
        ask("trace", Question(values), answer())
    assert wrong.value.rule == "trace-what"


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["resolved"]),
        ({"resolved": 1}, ["delivered"]),
        ({"resolved": 1, "delivered": "1"}, []),
        ({"resolved": 2, "delivered": 1, "bar_closed": 1, "invalid_target": "2"}, ["invalid_target", "bar_closed"]),
        ({"resolved": 1, "delivered": 1, "app_not_register": 1}, ["app_not_register"]),
        ({"resolved": 1, "delivered": 1, "device_condition_unmatch": 1}, ["device_condition_unmatch"]),
    ],
)
def test_the_counters_say_where_it_was_lost(changes: dict[str, Any], names: list[str]) -> None:
    _, told = ask("trace", Question({"id": "x"}), answer({"data": {**STATUS, **changes}}))
    assert [finding.where for finding in told.findings] == names
    assert all(finding.rule == "trace-loss" and "{" not in finding.text for finding in told.findings)


@pytest.mark.parametrize("data", [{"data": []}, {"data": {}}, {}, None])
def test_right_after_sending_there_is_nothing_to_read(data: Any) -> None:
    _, told = ask("trace", Question({"id": "x"}), answer(data))
    assert rules(told) == ["trace-nothing-yet"]


def test_where_there_is_no_status_the_id_tells_its_time() -> None:
    asked = Question({"id": str(STATUS["id"])})
    for reply in (answer({}), answer(code=65028)):
        _, told = ask("trace", asked, reply)
        assert dict(told.facts)["id made"].startswith("2018-02-28 22:17:48 (UTC+8)")  # its create_time
    _, told = ask("trace", asked, answer({"data": STATUS}))
    assert "id made" not in dict(told.facts)


def test_the_id_of_a_request_is_told_from_that_of_a_message() -> None:
    _, told = ask("trace", Question({"id": "Xdm57188602565449242Ut"}), answer(code=65028))
    assert rules(told) == ["trace-of-request"]
    assert "Xdm57188602565449242Ut" in told.findings[0].text
    _, told = ask("trace", Question({"id": "sdm57188602565449242Ut"}), answer(code=65028))
    assert rules(told) == []


def test_of_many_messages_of_a_jobkey_some_are_shown() -> None:
    _, told = ask("trace", Question({"job_key": "x"}), answer({"data": [{"id": f"m{n}"} for n in range(25)]}))
    assert [value for name, value in told.facts if name == "id"] == [f"m{n}" for n in range(20)]
    assert ("messages", "25, of which 20 are shown") in told.facts


def test_a_refusal_is_told_as_one() -> None:
    _, told = ask("trace", Question({"id": "x"}), answer(code=65028, reason="no message"))
    assert (told.says.code, told.exit_code) == ("65028", 3)


# --- quota -----------------------------------------------------------------------------------------------------------


def test_the_quota_is_told_in_xiaomis_words_whatever_its_form() -> None:
    for data in ({"day_quota": "50000", "day_acked": "7"}, {"data": {"day_quota": "50000", "day_acked": "7"}}):
        ((request,), told) = ask("quota", Question(), answer(data))
        assert (request.method, request.url, request.query) == ("GET", f"{HOST}/v1/trace/quota/get", ())
        assert told.facts == (("day_quota", "50000"), ("day_acked", "7"), ("trace_id", "X1"))
        assert not told.findings


def test_a_quota_that_is_used_up_says_when_it_is_new() -> None:
    _, told = ask("quota", Question(), answer({"day_quota": "50000", "day_acked": 50000}))
    assert rules(told) == ["quota-used-up"]
    assert "00:00 China time (UTC+8)" in told.findings[0].fix


def test_a_quota_proves_a_secret() -> None:
    _, told = ask("quota", Question(), answer(code=21301, reason="Invalid application secret."))
    assert (told.says.code, told.exit_code, rules(told)) == ("21301", 4, [])
    for code in (10027, 10038, 10039):
        _, told = ask("quota", Question(), answer(code=code))
        assert rules(told) == ["secret-proved"]


# --- one regid -------------------------------------------------------------------------------------------------------


def test_a_regid_tells_its_aliases_topics_accounts_and_presence() -> None:
    replies = answer({"list": ["u1", "u2"]}), answer({"list": []}), answer({}), answer({"status": "online"})
    requests, told = ask("token", Question(targets=(A,)), *replies)
    paths = [request.url.removeprefix(HOST) for request in requests]
    assert paths == ["/v1/alias/all", "/v1/topic/all", "/v1/account/all", "/v1/regid/presence"]
    asked = (("restricted_package_name", "com.example.app"), ("registration_id", "a+/="))
    assert {request.query for request in requests} == {asked}
    assert "registration_id=a%2B%2F%3D" in requests[0].target(reveal=True)
    held = (("alias", "u1, u2"), ("topic", "none"), ("account", "none"))
    assert told.facts == (*held, ("presence: status", "online"))


def test_the_aliases_decide_and_a_part_that_is_refused_is_remarked_on() -> None:
    requests, told = ask("token", Question(targets=(A,)), answer(code=20301, reason="No valid targets!"))
    assert (len(requests), told.says.code, told.exit_code) == (1, "20301", 3)
    good, bad = answer({"list": ["u1"]}), answer(code=10020)
    _, told = ask("token", Question(targets=(A,)), good, good, good, bad)
    assert (told.exit_code, rules(told)) == (0, ["answer-part-missing"])


# --- topics, recall --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["subscribe", "unsubscribe"])
def test_tokens_and_aliases_are_subscribed_and_unsubscribed(way: str) -> None:
    ((request,), told) = ask(f"topic.{way}", Question({"topic": "news"}, (A, B)), answer())
    assert request.url == f"{HOST}/v2/topic/{way}"
    assert request.form == (
        ("registration_id", "a+/=,b"),
        ("topic", "news"),
        ("restricted_package_name", "com.example.app"),  # v2 takes one
    )
    assert [verdict.says.outcome for verdict in told.verdicts] == ["accepted", "accepted"]
    ((request,), _) = ask(f"topic.{way}", Question({"topic": "news"}, (Target("alias", "u"),)), answer())
    assert request.url == f"{HOST}/v2/topic/{way}/alias"
    assert (request.form or ())[0] == ("aliases", "u")


def test_topics_of_a_regid_are_listed() -> None:
    ((request,), told) = ask("topic.list", Question(targets=(A,)), answer({"list": ["news", "sport"]}))
    assert request.url == f"{HOST}/v1/topic/all"
    assert [value for name, value in told.facts if name == "topic"] == ["news", "sport"]


@pytest.mark.parametrize(
    ("kind", "path", "field"),
    [
        ("token", "regid", "registration_ids"),
        ("alias", "alias", "aliases"),
        ("user", "user_account", "user_accounts"),
    ],
)
def test_a_recall_takes_the_third_version_and_says_that_its_fields_are_not_verified(
    kind: str, path: str, field: str
) -> None:
    ((request,), told) = ask("revoke", Question({"id": "7"}, (Target(kind, "x"),)), answer())
    assert request.url == f"{HOST}/v3/message/{path}/revoke"
    package = ("restricted_package_name", APP["package_name"])  # v3 takes several
    assert request.form == ((field, "x"), ("notify_id", "7"), package)
    assert rules(told) == ["revoke-unverified"]


@pytest.mark.parametrize(
    ("name", "question", "rule"),
    [
        ("topic.subscribe", Question({"topic": " "}, (A,)), "topic-name"),
        ("topic.subscribe", Question({"topic": "x"}, ()), "token-count"),
        ("topic.subscribe", Question({"topic": "x"}, (A,) * 1001), "token-count"),
        ("topic.subscribe", Question({"topic": "x"}, (A, Target("alias", "b"))), "target-kind"),
        ("revoke", Question({"id": "x"}, (A,)), "notify-id"),
        ("revoke", Question({"id": "7"}, (Target("topic", "b"),)), "target-kind"),
        ("token", Question(), "no-target"),
        ("topic.list", Question(), "no-target"),
    ],
)
def test_a_question_that_cannot_be_put_is_refused(name: str, question: Question, rule: str) -> None:
    with pytest.raises(UsageError) as wrong:
        ask(name, question, answer())
    assert wrong.value.rule == rule


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
QUESTION = Question({"id": "7", "topic": "t"}, (A,))


@given(st.sampled_from(sorted(VENDOR.asks)), json_values, st.sampled_from([0, 65028, "x"]))
def test_no_answer_breaks_a_question(name: str, data: Any, code: Any) -> None:
    account = Account("production", None, APP, HOSTS["production"])
    steps = VENDOR.asks[name](account, QUESTION, GRANT, Env(0, bytes))
    assert isinstance(driven(steps, answer(data, code)), Answer)


@pytest.mark.parametrize("name", sorted(VENDOR.asks))
def test_a_lost_answer_is_told_as_one(name: str) -> None:
    _, told = ask(name, QUESTION, Lost("maybe", "no answer", "TIMEOUT"))
    assert (told.says.code, int(told.exit_code)) == ("TIMEOUT", 7)
