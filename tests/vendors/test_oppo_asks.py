"""The one question that OPPO answers: is this id among the dead ones?"""

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
from pushctl.vendors.oppo import VENDOR
from pushctl.vendors.oppo.hosts import hosts_of

ACCOUNT = Account("production", None, {}, hosts_of("heytapmobi.com"))
GRANT = Grant(Secret("T0KEN", "$PUSHCTL_TOKEN"), 0, 1)
DEAD, ALIVE = Target("token", "CN_" + "0a" * 16), Target("token", "CN_" + "0b" * 16)


def ask(question: Question, reply: Reply) -> tuple[Request, Answer]:
    steps = VENDOR.asks["token"](ACCOUNT, question, GRANT, Env(0, bytes))
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def listed(*values: Any, **more: Any) -> Response:
    data = {"registration_ids": list(values), "totalCount": len(values), **more}
    return Response(200, (), json.dumps({"code": 0, "message": "", "data": data}).encode())


def test_the_list_is_asked_for_at_its_own_host_with_the_token_in_the_query() -> None:
    request, _ = ask(Question(targets=(ALIVE,)), listed())
    assert (request.call, request.method) == ("token", "GET")
    assert request.url == "https://feedback.push.oppomobile.com/server/v1/feedback/fetch_invalid_regidList"
    assert request.target(reveal=True).endswith("?auth_token=T0KEN")
    assert "T0KEN" not in request.target(reveal=False)


def test_an_id_that_is_listed_is_dead() -> None:
    _, told = ask(Question(targets=(DEAD,)), listed("CN_x", DEAD.value))
    assert dict(told.facts) == {"registration_ids": "2 dead ids listed", "totalCount": "2", "this id": "listed as dead"}
    assert (told.says.code, told.says.token_dead, told.verdicts) == ("10000", True, ())
    assert told.exit_code == 3


def test_an_id_that_is_not_listed_proves_nothing_and_says_so() -> None:
    _, told = ask(Question(targets=(ALIVE,)), listed(DEAD.value, 7, None))
    assert dict(told.facts)["this id"] == "not listed"
    assert [finding.rule for finding in told.findings] == ["dead-list"]
    assert told.exit_code == 0


def test_a_refusal_is_told_and_an_expired_token_asks_for_another() -> None:
    _, told = ask(Question(targets=(ALIVE,)), Response(200, (), b'{"code":11,"message":"Invalid AuthToken"}'))
    assert (told.says.code, told.says.renew, told.facts) == ("11", "grant", ())


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        (Question(), "no-target"),
        (Question(targets=(Target("alias", "x"),)), "no-target"),
        (Question(targets=(Target("token", "IN_" + "0a" * 16),)), "no-such-api"),
    ],
)
def test_a_question_that_cannot_be_put_is_told(question: Question, rule: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(question, listed())
    assert caught.value.rule == rule
    assert caught.value.fix


def test_there_is_no_api_for_a_message_or_a_quota_and_the_card_says_where_to_look() -> None:
    assert set(VENDOR.asks) == {"token"}
    assert "no API" in VENDOR.card.where_next["production"]


data = st.dictionaries(st.just("registration_ids"), st.none() | st.lists(st.none()))
fields = st.sampled_from(["code", "data", "message"])


@given(
    st.binary(max_size=40)
    | st.dictionaries(fields, st.none() | st.integers() | st.just(0) | data).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_any_answer_is_read(body: bytes) -> None:
    _, told = ask(Question(targets=(ALIVE,)), Response(200, (), body))
    assert told.exit_code == 0 or told.says.outcome != "accepted"


def test_no_answer_is_unknown() -> None:
    _, told = ask(Question(targets=(ALIVE,)), Lost("no", "no route", "CONNECT"))
    assert (told.says.outcome, told.exit_code) == ("unknown", 7)
