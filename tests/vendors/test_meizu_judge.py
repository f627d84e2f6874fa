"""Meizu's verdicts: which reading an answer gets, what a whole run tells, and the catalogue behind both."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Reply, Response
from pushctl.flows.explain import explain
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors.meizu import VENDOR
from pushctl.vendors.meizu.judge import CATALOGUE

A, B = Target("token", "a"), Target("token", "b")
OF_CALLS = [code for code in CATALOGUE.codes() if code.isdecimal() and code != "200"]
OF_TARGETS = [code for code in CATALOGUE.codes() if code.startswith("target/")]


def answer(code: Any, value: Any = "", **more: Any) -> Response:
    body = {"code": code, "message": "", "value": value, "redirect": "", **more}
    return Response(200, (), json.dumps(body).encode())


def says(reply: Reply, call: str = "send") -> Judgement:
    return VENDOR.judge(call, reply, (A,))[0].says


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
maps = st.dictionaries(
    st.sampled_from(["110002", "110003", "110010", "520", "7", " 201 ", "taskId", ""]),
    st.lists(st.sampled_from("abcd"), max_size=3) | json_values,
    max_size=3,
)


@given(maps)
def test_a_target_is_refused_exactly_when_value_names_it(value: dict[str, Any]) -> None:
    named = {
        target
        for code, listed in value.items()
        if code.strip().isdecimal()
        for target in (listed if isinstance(listed, list) else [listed])
        if isinstance(target, str)
    }
    for verdict in VENDOR.judge("send", answer("200", value), tuple(Target("token", one) for one in "abcd")):
        assert verdict.target is not None
        assert (verdict.says.outcome == "refused") == (verdict.target.value in named)


def test_an_alias_that_is_a_number_is_refused_as_one_and_a_count_names_nobody() -> None:
    bob, seven = Target("alias", "bob"), Target("alias", "7")
    codes = [one.says.code for one in VENDOR.judge("send", answer("200", {"110005": [7]}), (bob, seven))]
    assert codes == ["200", "target/110005"]
    assert says(answer("200", {"110005": 7})).outcome == "accepted"


# --- the two levels --------------------------------------------------------------------------------------------------


def test_one_number_has_two_meanings_by_its_level() -> None:
    call, target = says(answer("110010")), says(answer("200", {"110010": ["a"]}))
    assert (call.code, call.category, call.retryable) == ("110010", "quota", True)
    assert (target.code, target.category, target.retryable) == ("target/110010", "token", False)
    assert not call.token_dead
    assert not target.token_dead
    found = explain(None, "meizu:110010")
    assert {entry.code for entry in found.entries} == {"110010", "target/110010"}


@pytest.mark.parametrize("code", OF_CALLS)
@pytest.mark.parametrize("as_text", [True, False])
def test_every_code_of_a_call_is_judged_by_its_entry(code: str, as_text: bool) -> None:
    judged = says(answer(code if as_text else int(code)))
    assert judged.entry is CATALOGUE.find(code)
    assert judged.outcome == "refused"


@pytest.mark.parametrize("code", OF_TARGETS)
def test_every_code_of_a_target_is_judged_by_its_entry(code: str) -> None:
    judged = says(answer("200", {code.removeprefix("target/"): ["a"]}))
    assert judged.entry is CATALOGUE.find(code)
    assert judged.outcome == "refused"


@pytest.mark.parametrize("code", ["110019", "110051", "target/110011"])
def test_a_quota_of_a_day_says_when_the_next_one_begins(code: str) -> None:
    entry = CATALOGUE.find(code)
    assert entry is not None
    assert entry.retry_hint is not None
    assert "China time (UTC+8)" in entry.retry_hint


def test_meizus_own_words_stand_beside_ours() -> None:
    without = {entry.code for entry in CATALOGUE.entries if not entry.term and entry.origin == "server"}
    assert without == {"300", "http/404", "http/500", "http/503"}
    entry = CATALOGUE.find("target/520")
    assert entry is not None
    assert entry.term == "消息折叠（1分钟内同一设备同一应用消息收到多次，默认5次）"


def test_a_message_that_says_no_more_than_the_term_is_not_repeated() -> None:
    assert says(answer("1006", message="签名认证失败")).detail == ""
    assert says(answer("110000", message="APPID不合法")).detail == "Meizu says: 'APPID不合法'."


def test_a_wrong_signature_blames_the_app_key_first() -> None:
    entry = CATALOGUE.find("1006")
    assert entry is not None
    assert "AppKey" in entry.causes[0]


@pytest.mark.parametrize("call", ["task", "trace", "token"])
def test_answers_to_questions_have_no_targets_in_their_value(call: str) -> None:
    assert says(answer("200", {"110002": ["a"]}), call).outcome == "accepted"


@pytest.mark.parametrize(
    "word", ["noticeBarInfo.noticeMsgType", "validTime", "extra.callback.param", "treatment", "110011", "sign"]
)
def test_fields_rules_and_codes_are_found_by_their_own_names(word: str) -> None:
    assert explain("meizu", word)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(*runs: tuple[Reply, tuple[Target, ...]]) -> list[str]:
    tally = Counter(v.says for reply, targets in runs for v in VENDOR.judge("send", reply, targets))
    return [finding.rule for finding in VENDOR.review(tally)]


def test_a_run_of_wrong_signatures_suspects_the_app_key() -> None:
    assert review((answer("1006"), (A, B))) == ["sign-refused"]


def test_a_run_of_dead_push_ids_suspects_the_app_before_the_tokens() -> None:
    assert review((answer("200", {"110002": ["a"], "110003": ["b"]}), (A, B))) == ["every-token-refused"]
    assert review((answer("110003"), (A, B))) == ["every-token-refused"]


def test_one_success_in_the_run_and_the_tokens_are_to_blame() -> None:
    assert review((answer("200", {"110002": ["a"]}), (A, B))) == []


def test_one_push_is_no_run_and_mixed_refusals_say_nothing() -> None:
    assert review((answer("1006"), (A,))) == []
    assert review((answer("1005"), (A,)), (answer("1003"), (B,))) == []


def test_a_run_that_was_refused_for_its_credential_or_not_answered_says_so() -> None:
    assert review((answer("1006"), (A,)), (answer("110000"), (B,))) == ["credential-refused"]


def test_a_logged_answer_is_read_with_the_text_around_it() -> None:
    body = b'push failed: {"code":"200","message":"","value":{"110003":["a"]},"msgId":"m"} (meizu)'
    report = judge_raw("meizu", body, http_status=200)
    (result,) = report.results
    assert (result.verdict.target, result.verdict.says.code) == (A, "target/110003")
    assert [finding.rule for finding in report.findings] == ["body-extracted"]
