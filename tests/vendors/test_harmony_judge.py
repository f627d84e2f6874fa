"""What no single wire case tells: properties of every answer, and of a whole run. Answers are in
``tests/cases/harmony/replies.json``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Response
from pushctl.vendors.harmony import VENDOR
from pushctl.vendors.harmony.judge import CATALOGUE

tokens = st.lists(st.text(st.sampled_from("ABc+/"), min_size=1, max_size=4), min_size=1, max_size=6, unique=True)
REASONS = [code.partition("/")[2] for code in CATALOGUE.codes() if code.startswith("80300007/")]


def answer(code: str, msg: Any) -> Response:
    text = msg if isinstance(msg, str) else json.dumps(msg)
    return Response(200, (), json.dumps({"code": code, "msg": text, "requestId": "1"}).encode())


def test_only_a_malformed_token_is_a_dead_one() -> None:
    dead = {entry.code for entry in CATALOGUE.entries if entry.token_dead and not entry.code.startswith("receipt/")}
    assert dead == {"80300007/tokenFormatError"}


@given(tokens, st.data())
def test_every_target_has_a_verdict_and_whoever_is_listed_has_its_reason(sent: list[str], data: st.DataObject) -> None:
    refused = data.draw(st.dictionaries(st.sampled_from(sent), st.sampled_from(REASONS)))
    by_reason: dict[str, list[str]] = {}
    for token, reason in refused.items():
        by_reason.setdefault(reason, []).append(token)
    success, failure = len(sent) - len(refused), len(refused)
    if not failure:
        reply = answer("80000000", "Success")
    elif not success:
        reply = answer("80300007", {"failure": failure, "illegalTokens": by_reason})
    else:
        reply = answer("80100000", {"illegalTokens": by_reason, "success": success, "failure": failure})

    verdicts = VENDOR.judge("send", reply, tuple(Target("token", token) for token in sent))

    assert [each.target and each.target.value for each in verdicts] == sent
    for token, verdict in zip(sent, verdicts, strict=True):
        assert verdict.says.outcome == ("refused" if token in refused else "accepted")
        if token in refused:
            assert verdict.says.code == f"80300007/{refused[token]}"


@given(st.integers(100, 599), st.binary(max_size=80), st.sampled_from(["send", "revoke", "receipt"]))
def test_any_bytes_become_verdicts_and_never_an_accepted_push(status: int, body: bytes, call: str) -> None:
    targets = (Target("token", "A"), Target("token", "B"))
    verdicts = VENDOR.judge(call, Response(status, (), body), targets)
    assert [each.target for each in verdicts] == list(targets)
    assert all(each.says.outcome != "accepted" for each in verdicts)


@pytest.mark.parametrize(
    "msg",
    [
        "", "{", "null", "[]", '{"illegalTokens":5}', '{"illegalTokens":{"noRight":"A"}}', '{"illegalTokens":[]}',
        '{"success":"1"}', '{"illegalTokens":{"noRight":[1,null]}}', "{" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("code", ["80100000", "80300007"])
def test_a_list_that_cannot_be_read_never_marks_a_token_dead(code: str, msg: str) -> None:
    for verdict in VENDOR.judge("send", answer(code, msg), (Target("token", "A"),)):
        assert verdict.says.outcome in ("refused", "unknown")
        assert not verdict.says.token_dead


# --- the whole run ---------------------------------------------------------------------------------------------------


def says(code: str, category: Any, outcome: Any = "refused") -> Judgement:
    return Judgement(outcome, code, category)


NO_RIGHT = says("80300007/noRight", "permission")


@pytest.mark.parametrize(
    ("tally", "rules"),
    [
        ({NO_RIGHT: 3}, ["every-token-of-another-project"]),
        ({NO_RIGHT: 1}, []),
        ({NO_RIGHT: 3, says("80000000", None, "accepted"): 1}, []),
        ({NO_RIGHT: 1, says("80300007/tokenFormatError", "token"): 1}, ["every-token-refused"]),
        ({says("80300007", "token"): 2}, ["every-token-refused"]),
        ({says("80300007/tokenFormatError", "token"): 2}, ["every-token-malformed"]),
        ({says("80200001", "credential"): 2}, ["credential-refused"]),
        ({says("80200001", "credential"): 1, says("80300037", "permission"): 1}, ["credential-refused"]),
        ({says("DNS", "network", "unknown"): 5}, ["nothing-answered"]),
        ({says("81000001", "server"): 5}, []),
        ({}, []),
    ],
)
def test_a_run_without_a_success_says_what_to_suspect(tally: dict[Judgement, int], rules: list[str]) -> None:
    assert [finding.rule for finding in VENDOR.review(tally)] == rules
