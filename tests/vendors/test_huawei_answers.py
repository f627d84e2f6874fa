"""How Huawei's answers are read: never more than they say. Single answers are in ``tests/cases/hms/replies.json``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.wire import Goaway, Lost, Reply, Response
from pushctl.vendors._huawei import answers
from pushctl.vendors.hms.judge import CATALOGUE

tokens = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), unique=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
messages = (
    st.text(max_size=40)
    | json_values.map(json.dumps)
    | st.builds(
        lambda listed, success, failure: json.dumps({"success": success, "failure": failure, "illegal_tokens": listed}),
        tokens | json_values,
        st.integers(0, 5) | json_values,
        st.integers(0, 5) | json_values,
    )
    | st.dictionaries(st.sampled_from(["noRight", " tokenFormatError ", "new"]), tokens | json_values).map(
        lambda table: json.dumps({"illegalTokens": table})
    )
)
codes = st.sampled_from([entry.code for entry in CATALOGUE.entries]) | st.text(max_size=10)
bodies = (
    st.binary(max_size=80)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.builds(
        lambda code, msg, more: json.dumps({"code": code, "msg": msg, **more}).encode(),
        codes | st.just("80100000") | st.just("80300007") | st.integers(),
        messages | json_values,
        st.dictionaries(st.sampled_from(["requestId", "errors", "successCount", "statuses", "error"]), json_values),
    )
    | st.just(b'{"a":' * 50_000)
)
replies: st.SearchStrategy[Reply] = (
    st.builds(Response, st.integers(100, 599), st.just(()), bodies)
    | st.builds(Goaway, bodies, st.integers(0, 20), st.sampled_from(["no", "maybe"]))
    | st.builds(Lost, st.sampled_from(["no", "maybe"]), st.text(), st.text())
)


def reply(code: str, msg: Any, status: int = 200) -> Response:
    return Response(status, (), json.dumps({"code": code, "msg": msg, "requestId": "1"}).encode())


@given(replies, tokens.filter(bool))
def test_every_target_gets_exactly_one_verdict_in_order(answer: Reply, values: list[str]) -> None:
    targets = tuple(Target("token", value) for value in values)

    verdicts = answers.judge(answer, targets, CATALOGUE)

    assert [verdict.target for verdict in verdicts] == list(targets)


@given(replies)
def test_without_targets_there_is_at_least_one_verdict_and_none_is_told_twice(answer: Reply) -> None:
    verdicts = answers.judge(answer, None, CATALOGUE)

    assert verdicts
    named = [verdict.target for verdict in verdicts if verdict.target]
    assert len(named) == len(set(named))
    assert len(named) >= len(verdicts) - 1  # the others of the request share one


@given(replies, tokens.filter(bool))
def test_only_a_token_that_is_listed_beside_a_success_is_called_dead(answer: Reply, values: list[str]) -> None:
    targets = tuple(Target("token", value) for value in values)

    for verdict in answers.judge(answer, targets, CATALOGUE):
        if verdict.says.token_dead and verdict.target and verdict.says.code.startswith(("80100000", "80300007")):
            assert isinstance(answer, Response)
            assert verdict.target.value in answer.body.decode()
            assert verdict.says.code == "80100000/illegal_tokens"


def test_a_thousand_tokens_share_their_judgements() -> None:
    targets = tuple(Target("token", f"t{number}") for number in range(1000))
    msg = json.dumps({"success": 998, "failure": 2, "illegal_tokens": ["t3", "t500"]})

    verdicts = answers.judge(reply("80100000", msg), targets, CATALOGUE)

    assert len({id(verdict.says) for verdict in verdicts}) == 2
    assert [v.target.value for v in verdicts if v.target and v.says.outcome == "refused"] == ["t3", "t500"]


def test_partial_failure_is_read_when_msg_is_an_object_already() -> None:
    msg = {"success": 1, "failure": 1, "illegal_tokens": ["a"]}
    refused, accepted = answers.judge(reply("80100000", msg), (Target("token", "a"), Target("token", "b")), CATALOGUE)
    assert (refused.says.outcome, accepted.says.outcome) == ("refused", "accepted")


def test_a_reason_of_80300007_leaves_the_tokens_that_it_does_not_list_undecided() -> None:
    msg = json.dumps({"failure": 2, "illegalTokens": {"someReason": ["a"]}})
    listed, other = answers.judge(reply("80300007", msg), (Target("token", "a"), Target("token", "b")), CATALOGUE)
    assert listed.says.code == "80300007/someReason"
    assert (other.says.code, other.says.outcome, other.says.token_dead) == ("80300007", "refused", None)


@pytest.mark.parametrize(
    ("msg", "reasons"),
    [
        ('{"illegal_tokens":["a"]}', {"a": ""}),
        ('{" illegalTokens ":{" noRight ":["a","b"],"x":"no list"}}', {"a": "noRight", "b": "noRight"}),
        (' {"illegal_tokens":[]}', {}),
    ],
)
def test_both_forms_of_a_partial_failure_are_read(msg: str, reasons: dict[str, str]) -> None:
    found = answers.refusals(msg)
    assert found is not None
    assert found.reasons == reasons


@pytest.mark.parametrize("msg", ["", "All the tokens are invalid", "{", '{"other":["a"]}', '["a"]'])
def test_text_and_unknown_forms_list_nobody(msg: str) -> None:
    assert answers.refusals(msg) is None


@pytest.mark.parametrize("code", ["", " ", None, True, 1.5, [], {}])
def test_a_body_without_a_code_is_nobodys_word(code: object) -> None:
    assert answers.said(json.dumps({"code": code}).encode()) is None
