"""Taking a message back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Answer, Env, Grant, Question
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.harmony import VENDOR
from pushctl.vendors.harmony.hosts import HOSTS

ACCOUNT = Account(
    "production", None, {"project_id": "388421841221199046", "client_id": "110000001"}, HOSTS["production"]
)
GRANT = Grant(Secret("JWT", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1767323045, bytes)
A, B = Target("token", "MAMzA"), Target("token", "MAMzB")
DONE = Response(200, (), b'{"code":"80000000","msg":"Success","requestId":"1570006"}')


def ask(values: dict[str, str], reply: Reply, targets: tuple[Target, ...] = (A, B)) -> tuple[Request, Answer]:
    steps = VENDOR.asks["revoke"](ACCOUNT, Question(values, targets), GRANT, ENV)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def test_there_is_no_trace_and_no_question_about_a_token() -> None:
    assert set(VENDOR.asks) == {"revoke"}


def test_a_message_is_taken_back_by_v1s_path_and_the_client_id() -> None:
    request, answer = ask({"id": "1234567"}, DONE)

    assert (request.call, request.method) == ("revoke", "POST")
    assert request.url == "https://push-api.cloud.huawei.com/v1/110000001/messages:revoke"
    assert [(name, revealed(value)) for name, value in request.headers] == [
        ("Content-Type", "application/json"),
        ("Authorization", "Bearer JWT"),
        ("push-type", "0"),
    ]
    assert request.body(reveal=True) == b'{"notifyId":1234567,"token":["MAMzA","MAMzB"]}'
    assert answer.says.outcome == "accepted"
    assert answer.facts == (("notifyId", "1234567"), ("requestId", "1570006"))
    assert [(each.target, each.says.outcome) for each in answer.verdicts] == [(A, "accepted"), (B, "accepted")]


@pytest.mark.parametrize(("said", "sent"), [("2", "2"), ("extension", "2"), ("alert", "0"), ("", "0")])
def test_a_spoken_message_is_taken_back_by_its_push_type(said: str, sent: str) -> None:
    request, _ = ask({"id": "0", "push_type": said}, DONE)
    assert ("push-type", sent) in request.headers


def test_some_tokens_may_be_refused() -> None:
    msg = json.dumps({"illegalTokens": {"noRight": ["MAMzB"]}, "success": 1, "failure": 1})
    body = json.dumps({"code": "80100000", "msg": msg, "requestId": "7"}).encode()

    _, answer = ask({"id": "5"}, Response(200, (), body))

    assert [each.says.code for each in answer.verdicts] == ["80100000", "80300007/noRight"]
    assert answer.exit_code == 9
    assert answer.says.code == "80100000"


def test_a_refusal_keeps_huaweis_words() -> None:
    body = b'{"code":"80100003","msg":"Illegal payload, The header does not contain valid push-type","requestId":"1"}'

    _, answer = ask({"id": "5"}, Response(400, (), body))

    assert (answer.says.code, int(answer.exit_code)) == ("80100003", 5)
    assert "valid push-type" in answer.says.detail


def test_no_answer_is_no_revocation() -> None:
    _, answer = ask({"id": "5"}, Lost("maybe", "cut", "CLOSED"))
    assert answer.says.outcome == "unknown"
    assert {each.says.outcome for each in answer.verdicts} == {"unknown"}


@pytest.mark.parametrize(
    ("values", "targets", "rule"),
    [
        ({}, (A,), "notify-id-range"),
        ({"id": "x"}, (A,), "notify-id-range"),
        ({"id": "-1"}, (A,), "notify-id-range"),
        ({"id": "2147483648"}, (A,), "notify-id-range"),
        ({"id": "9" * 5000}, (A,), "notify-id-range"),
        ({"id": "²"}, (A,), "notify-id-range"),
        ({"id": "1", "push_type": "6"}, (A,), "revoke-push-type"),
        ({"id": "1", "push_type": "nonsense"}, (A,), "revoke-push-type"),
        ({"id": "1"}, (), "token-count"),
        ({"id": "1"}, (A,) * 1001, "token-count"),
        ({"id": "1"}, (Target("topic", "news"),), "target-kind"),
    ],
)
def test_a_bad_value_is_refused_before_anything_is_sent(
    values: dict[str, str], targets: tuple[Target, ...], rule: str
) -> None:
    with pytest.raises(UsageError) as raised:
        next(VENDOR.asks["revoke"](ACCOUNT, Question(values, targets), GRANT, ENV))
    assert raised.value.rule == rule
    assert raised.value.fix


def test_revoking_needs_the_client_id() -> None:
    account = Account("production", None, {"project_id": "1"}, HOSTS["production"])
    with pytest.raises(UsageError) as raised:
        next(VENDOR.asks["revoke"](account, Question({"id": "1"}, (A,)), GRANT, ENV))
    assert (raised.value.rule, raised.value.where) == ("app-id-missing", "app.client_id")


@given(st.integers(100, 599), st.binary(max_size=60))
def test_no_answer_breaks_the_question(status: int, body: bytes) -> None:
    _, answer = ask({"id": "5"}, Response(status, (), body))
    assert len(answer.verdicts) == 2
