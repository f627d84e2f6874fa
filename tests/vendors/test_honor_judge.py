"""Honor's verdicts: which reading an answer gets, what a whole run tells, and the catalogue behind both."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.report import Result
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Response
from pushctl.flows.explain import explain
from pushctl.flows.raw_answer import judge_raw
from pushctl.output.advice import advise
from pushctl.vendors.honor import VENDOR
from pushctl.vendors.honor.judge import CATALOGUE

A, B = Target("token", "a"), Target("token", "b")
OF_HUAWEI = [code for code in CATALOGUE.codes() if len(code) == 8 and code[0] == "8" and code != "80000000"]


def answer(code: Any, status: int = 200, message: str = "x", **data: Any) -> Response:
    body = {"code": code, "message": message, **({"data": data} if data else {})}
    return Response(status, (), json.dumps(body).encode())


def says(reply: Reply, call: str = "send") -> Judgement:
    return VENDOR.judge(call, reply, (A,))[0].says


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
tokens = st.lists(st.sampled_from("abcd"), max_size=3) | json_values
data = st.fixed_dictionaries(
    {}, optional={"sendResult": st.booleans() | json_values, "failTokens": tokens, "expireTokens": tokens}
)


@given(
    st.sampled_from([200, "200", 80000000, 0, 80100000, 80300007]),
    st.booleans() | st.none(),
    st.lists(st.sampled_from("abcd")),
    st.lists(st.sampled_from("abcd")),
)
def test_a_token_is_dead_exactly_when_expire_tokens_lists_it_and_no_listed_one_is_accepted(
    code: Any, sent: bool | None, failed: list[str], expired: list[str]
) -> None:
    reply = answer(code, sendResult=sent, failTokens=failed, expireTokens=expired)
    for verdict in VENDOR.judge("send", reply, tuple(Target("token", value) for value in "abcd")):
        assert verdict.target is not None
        assert (verdict.says.token_dead is True) == (verdict.target.value in expired)
        if verdict.target.value in {*failed, *expired}:
            assert verdict.says.outcome == "refused"


# --- the catalogue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code in OF_HUAWEI if code != "80100000"])
@pytest.mark.parametrize("as_text", [True, False])
def test_a_code_of_huaweis_family_is_a_guess_that_says_so_and_quotes_honor(code: str, as_text: bool) -> None:
    judged = says(answer(code if as_text else int(code), message="its own words"))
    assert (judged.code, judged.outcome, judged.entry) == (code, "refused", CATALOGUE.find(code))
    assert judged.entry is not None
    assert judged.entry.confidence == "low"
    assert judged.entry.summary.startswith("Probably ")
    assert not judged.token_dead
    told = advise(Result("honor", Verdict(A, judged), "notification", answer(code)))
    assert "'its own words'" in told.sentence
    assert told.doubt.startswith("confidence low")
    assert len(f"{told.sentence} ({told.doubt})") <= 240  # what a screen shows of it


def test_the_codes_that_honor_was_seen_to_use_are_no_guesses() -> None:
    found = {code: entry.confidence for code in ("200", "80100000") if (entry := CATALOGUE.find(code))}
    assert found == {"200": "high", "80100000": "medium"}


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.startswith("receipt/")])
def test_every_receipt_is_judged_by_its_entry(code: str) -> None:
    status = code.removeprefix("receipt/").replace("other", "41")
    body = json.dumps({"statuses": [{"token": "a", "status": int(status)}]}).encode()
    assert says(Response(200, (), body), "receipt").entry is CATALOGUE.find(code)


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.startswith("oauth/")])
def test_every_error_of_the_token_endpoint_is_judged_by_its_entry(code: str) -> None:
    body = json.dumps({"error": code.removeprefix("oauth/")}).encode()
    for call in ("auth", "send"):
        assert says(Response(400, (), body), call).entry is CATALOGUE.find(code)


def test_an_answer_of_the_push_api_to_a_token_request_is_read_as_what_it_is() -> None:
    judged = says(answer(80600003, message="down"), "auth")
    assert (judged.code, judged.renew, judged.outcome) == ("80600003", "no", "refused")
    assert says(answer(200, sendResult=True), "auth").code == "NOT_HONOR"


@pytest.mark.parametrize("word", ["ttl", "clickAction", "click-action-missing", "80300007", "android.targetUserType"])
def test_fields_rules_and_codes_are_found_by_their_own_names(word: str) -> None:
    assert explain("honor", word)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(*runs: tuple[Reply, tuple[Target, ...]]) -> list[str]:
    tally = Counter(v.says for reply, targets in runs for v in VENDOR.judge("send", reply, targets))
    return [finding.rule for finding in VENDOR.review(tally)]


def test_a_run_without_any_success_speaks_of_the_credential() -> None:
    lists = answer(80300007, sendResult=False, failTokens=["a"], expireTokens=["b"])
    assert review((lists, (A, B))) == ["every-token-refused"]
    assert review((answer(80300007), (A, B))) == ["every-token-refused"]


def test_one_success_in_the_run_and_the_tokens_are_to_blame() -> None:
    assert review((answer(80100000, sendResult=True, failTokens=["a"]), (A, B))) == []
    assert review((answer(80300007), (A,)), (answer(200, sendResult=True), (B,))) == []


def test_one_push_is_no_run_and_mixed_refusals_say_nothing() -> None:
    assert review((answer(80300007), (A,))) == []
    assert review((answer(80300008), (A,)), (answer(81000001), (B,))) == []


def test_a_run_that_was_refused_for_its_credential_or_not_answered_says_so() -> None:
    assert review((answer(80200001), (A,)), (answer(80300002), (B,))) == ["credential-refused"]


def test_a_logged_answer_is_read_with_the_text_around_it() -> None:
    body = b'push failed: {"code":80100000,"message":"x","data":{"sendResult":true,"failTokens":["a"]}} (honor)'
    report = judge_raw("honor", body, http_status=200)
    result, others = report.results
    assert (result.verdict.target, result.verdict.says.code) == (A, "data.failTokens")
    assert (others.verdict.target, others.verdict.says.outcome) == (None, "accepted")
    assert [finding.rule for finding in report.findings] == ["body-extracted"]


@pytest.mark.parametrize(("status", "exit_code"), [(40000002, 0), (40000003, 3), (40000013, 1)])
def test_a_receipt_can_be_explained_without_saying_that_it_is_one(status: int, exit_code: int) -> None:
    body = json.dumps({"statuses": [{"token": "a", "status": status, "requestId": "r"}]}).encode()
    assert judge_raw("honor", body, http_status=200).exit_code == exit_code
