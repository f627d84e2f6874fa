"""Topics and token queries: the requests, and what is made of the answers."""

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
from pushctl.vendors.hms import VENDOR
from pushctl.vendors.hms.hosts import HOSTS

APP = {"app_id": "100000001", "api": "v1"}
GRANT = Grant(Secret("T", "$PUSHCTL_TOKEN"), 0, 1)
A, B = Target("token", "a"), Target("token", "b")


def ask(name: str, question: Question, reply: Reply, app: dict[str, str] = APP) -> tuple[Request, Answer]:
    account = Account("production", None, app, HOSTS["production"])
    steps = VENDOR.asks[name](account, question, GRANT, Env(0, bytes))
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def answer(code: str = "80000000", **more: Any) -> Response:
    return Response(200, (), json.dumps({"code": code, "msg": "x", "requestId": "7", **more}).encode())


@pytest.mark.parametrize("way", ["subscribe", "unsubscribe"])
def test_tokens_are_subscribed_and_unsubscribed(way: str) -> None:
    question = Question({"topic": "news"}, (A, B))
    request, told = ask(f"topic.{way}", question, answer(successCount=2, failureCount=0, errors=[]))
    assert request.url == f"https://push-api.cloud.huawei.com/v1/100000001/topic:{way}"
    assert request.body(reveal=True) == b'{"topic":"news","tokenArray":["a","b"]}'
    assert dict(told.facts) == {"topic": "news", "successCount": "2", "failureCount": "0", "requestId": "7"}
    assert [(verdict.target, verdict.says.outcome) for verdict in told.verdicts] == [(A, "accepted"), (B, "accepted")]
    assert told.exit_code == 0


def test_a_token_that_failed_is_told_by_its_index() -> None:
    errors = [{"index": 1, "reason": "invalid token"}]
    _, told = ask("topic.subscribe", Question({"topic": "news"}, (A, B)), answer(errors=errors))
    assert [verdict.says.outcome for verdict in told.verdicts] == ["accepted", "refused"]
    assert told.exit_code == 9


def test_topics_belong_to_the_app_even_where_pushes_go_by_project() -> None:
    app = {"app_id": "100000001", "project_id": "388421841221199046", "api": "v2"}
    request, _ = ask("topic.list", Question(targets=(A,)), answer(topics=[]), app)
    assert request.url.endswith("/v1/100000001/topic:list")


def test_the_topics_of_a_token_are_listed() -> None:
    topics = [{"name": "sports", "addDate": "2019-11-25"}, {"name": "news"}, "odd", {}]
    request, told = ask("topic.list", Question(targets=(A,)), answer(topics=topics))
    assert request.body(reveal=True) == b'{"token":"a"}'
    assert told.facts == (("topic", "sports (since 2019-11-25)"), ("topic", "news"), ("requestId", "7"))


def test_a_token_is_asked_about() -> None:
    request, told = ask("token", Question(targets=(A,)), answer(aaId="0af1", topics=[{"name": "news"}]))
    assert request.url.endswith("/v1/100000001/token:query")
    assert told.facts == (("aaId", "0af1"), ("topic", "news"), ("requestId", "7"))


def test_the_token_may_be_a_value_too() -> None:
    request, _ = ask("token", Question({"token": "b"}), answer())
    assert request.body(reveal=True) == b'{"token":"b"}'


def test_an_expired_grant_asks_for_a_fresh_one() -> None:
    _, told = ask("topic.subscribe", Question({"topic": "news"}, (A,)), answer("80200003"))
    assert told.says.renew == "grant"


def test_there_is_no_api_for_what_became_of_a_message() -> None:
    assert "trace" not in VENDOR.asks
    assert "self-service analysis" in VENDOR.card.where_next["production"]


@pytest.mark.parametrize(
    ("name", "question", "rule"),
    [
        ("topic.subscribe", Question({"topic": "a b"}, (A,)), "topic-name"),
        ("topic.subscribe", Question({}, (A,)), "topic-name"),
        ("topic.subscribe", Question({"topic": "news"}), "token-count"),
        ("topic.subscribe", Question({"topic": "news"}, (A,) * 1001), "token-count"),
        ("topic.unsubscribe", Question({"topic": "news"}, (Target("topic", "x"),)), "target-kind"),
        ("topic.list", Question(), "no-target"),
        ("token", Question({"token": ""}), "no-target"),
    ],
)
def test_a_question_that_cannot_be_put_is_told(name: str, question: Question, rule: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(name, question, answer())
    assert caught.value.rule == rule
    assert caught.value.fix


def test_topics_need_an_app_id() -> None:
    with pytest.raises(UsageError, match="no app_id"):
        ask("topic.list", Question(targets=(A,)), answer(), {"project_id": "1", "api": "v2"})


@given(
    st.sampled_from(["topic.subscribe", "topic.list", "token"]),
    st.binary(max_size=40)
    | st.dictionaries(
        st.sampled_from(["code", "topics", "errors", "aaId", "requestId", "successCount"]),
        st.none() | st.integers() | st.text(max_size=5) | st.lists(st.none() | st.dictionaries(st.text(), st.none())),
    ).map(lambda value: json.dumps(value).encode()),
)
def test_any_answer_to_a_question_is_read(name: str, body: bytes) -> None:
    _, told = ask(name, Question({"topic": "news"}, (A,)), Response(200, (), body))
    assert told.exit_code == 0 or told.says.outcome != "accepted" or told.verdicts


def test_no_answer_is_unknown() -> None:
    _, told = ask("token", Question(targets=(A,)), Lost("no", "no route", "CONNECT"))
    assert (told.says.outcome, told.exit_code) == ("unknown", 7)
