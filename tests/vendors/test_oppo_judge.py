"""OPPO's verdicts: which reading an answer gets, what a whole run tells, and the catalogue behind both."""

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
from pushctl.vendors.oppo import VENDOR
from pushctl.vendors.oppo.judge import CATALOGUE

A, B = Target("token", "a"), Target("token", "b")
OF_SERVER = [code for code in CATALOGUE.codes() if code.removeprefix("-").isdecimal() and code not in ("0", "-3")]


def answer(code: Any, message: Any = "x", data: Any = None, status: int = 200) -> Response:
    body = {"code": code, "message": message, **({} if data is None else {"data": data})}
    return Response(status, (), json.dumps(body).encode())


def says(reply: Reply, call: str = "send") -> Judgement:
    return VENDOR.judge(call, reply, (A,))[0].says


ids = st.sampled_from("abcd")


@given(st.permutations("abcd"), st.sets(ids), st.booleans())
def test_rows_of_a_batch_find_their_targets_in_any_order(order: list[str], bad: set[str], named: bool) -> None:
    data = []
    for value in order if named else "abcd":
        row: dict[str, Any] = {"messageId": f"m{value}"} | ({"registrationId": value} if named else {})
        data.append(row | ({"errorCode": 10000, "errorMessage": "x"} if value in bad else {}))
    verdicts = VENDOR.judge("batch", answer(0, "", data), tuple(Target("token", value) for value in "abcd"))
    for verdict in verdicts:
        assert verdict.target is not None
        assert verdict.message_id == f"m{verdict.target.value}"
        assert (verdict.says.token_dead is True) == (verdict.target.value in bad)


@pytest.mark.parametrize("named", ["CN_of_the_phone", 7, None])
def test_rows_of_aliases_are_taken_by_their_place_whatever_they_name(named: Any) -> None:
    bad = {"registrationId": named, "errorCode": 10000}
    data = [{"messageId": "m1", "registrationId": "CN_of_another"}, bad]
    first, second = VENDOR.judge("batch", answer(0, "", data), (Target("alias", "a"), Target("alias", "b")))
    assert (first.says.outcome, first.message_id) == ("accepted", "m1")
    assert (second.says.outcome, second.says.code) == ("refused", "10000")


def test_a_row_of_nobody_decides_nothing_where_rows_are_missing() -> None:
    data = [{"messageId": "m1", "registrationId": "x"}]
    assert [one.says.outcome for one in VENDOR.judge("batch", answer(0, "", data), (A, B))] == ["unknown", "unknown"]


@pytest.mark.parametrize("code", [10000, "10000", 10000.0, " 10000 "])
def test_a_code_in_a_row_is_read_however_it_is_written(code: Any) -> None:
    (verdict,) = VENDOR.judge("batch", answer(0, "", [{"registrationId": "a", "errorCode": code}]), (A,))
    assert (verdict.says.outcome, verdict.says.code) == ("refused", "10000")


@pytest.mark.parametrize(
    "row", [{}, {"registrationId": "a"}, {"messageId": "m", "errorCode": "x"}, {"messageId": "m", "errorCode": [1]}]
)
def test_a_row_without_an_id_or_with_an_error_that_is_no_code_is_no_success(row: dict[str, Any]) -> None:
    (verdict,) = VENDOR.judge("batch", answer(0, "", [row]), (A,))
    assert (verdict.says.outcome, verdict.says.code) == ("unknown", "data=missing")


@pytest.mark.parametrize("code", ["receipt/push_arrive", "http/500", "NOT_OPPO", "SUCCESS", "0x0", "", 0.5, True, [0]])
def test_what_is_no_number_is_no_code_of_oppos(code: Any) -> None:
    assert (says(answer(code)).outcome, says(answer(code)).code) == ("unknown", "NOT_OPPO")


@given(st.lists(ids), st.sampled_from([10000, "x"]))
def test_a_broadcast_refuses_exactly_whom_it_lists(listed: list[str], other: Any) -> None:
    data = {"message_id": "m", "task_id": "t", "10000": listed, "extra": other}
    for verdict in VENDOR.judge("broadcast", answer(0, "", data), tuple(Target("token", value) for value in "abcd")):
        assert verdict.target is not None
        assert (verdict.says.outcome == "refused") == (verdict.target.value in listed)


# --- the catalogue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", OF_SERVER)
@pytest.mark.parametrize("as_text", [True, False])
def test_every_code_is_judged_by_its_entry_and_with_oppos_words(code: str, as_text: bool) -> None:
    judgement = says(answer(code if as_text else int(code), "its own words"))
    assert (judgement.code, judgement.outcome, judgement.entry) == (code, "refused", CATALOGUE.find(code))
    assert judgement.detail == "OPPO says: 'its own words'."
    assert judgement.renew == ("grant" if code == "11" else "no")
    assert judgement.http_status == 200


@pytest.mark.parametrize("code", [code for code in OF_SERVER if code not in ("42", "54", "69", "10000")])
def test_every_code_of_oppos_own_table_has_its_chinese_words(code: str) -> None:
    entry = CATALOGUE.find(code)
    assert entry is not None
    assert any("\u4e00" <= letter <= "\u9fff" for letter in entry.term)


def test_a_text_that_only_repeats_the_name_is_not_said_twice() -> None:
    assert says(answer(16, "Invalid Signature")).detail == ""


@pytest.mark.parametrize("code", ["33", "34", "42", "receipt/user_daily_limit"])
def test_a_days_quota_says_when_it_begins_anew(code: str) -> None:
    entry = CATALOGUE.find(code)
    assert entry is not None
    assert (entry.category, entry.retry_hint) == ("quota", "from 00:00 China time (UTC+8) of the next day on")


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.startswith("receipt/")])
def test_every_receipt_is_judged_by_its_entry(code: str) -> None:
    body = json.dumps([{"registrationIds": "a", "eventType": code.removeprefix("receipt/")}]).encode()
    assert says(Response(200, (), body), "receipt").entry is CATALOGUE.find(code)


@pytest.mark.parametrize("word", ["off_line", "notification.channel_id", "style-broadcast", "67", "template-missing"])
def test_fields_rules_and_codes_are_found_by_their_own_names(word: str) -> None:
    assert explain("oppo", word)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(*runs: tuple[Reply, tuple[Target, ...]]) -> list[str]:
    tally = Counter(v.says for reply, targets in runs for v in VENDOR.judge("send", reply, targets))
    return [finding.rule for finding in VENDOR.review(tally)]


def test_a_run_without_any_success_speaks_of_the_app_before_the_ids() -> None:
    assert review((answer(10000), (A, B))) == ["every-token-refused"]
    assert review((answer(0, "", {"10000": ["a"]}), (A, B))) == []


def test_one_push_is_no_run_and_mixed_refusals_say_nothing() -> None:
    assert review((answer(10000), (A,))) == []
    assert review((answer(41), (A,)), (answer(10000), (B,))) == []


def test_a_run_that_was_refused_for_its_credential_or_not_answered_says_so() -> None:
    assert review((answer(16), (A,)), (answer(14), (B,))) == ["credential-refused"]


# --- answers as they are logged --------------------------------------------------------------------------------------


def test_a_logged_answer_is_read_with_the_text_around_it() -> None:
    report = judge_raw("oppo", b'push failed: {"code":67,"message":"Category error"} (oppo)', http_status=200)
    (result,) = report.results
    assert result.verdict.says.code == "67"
    assert [finding.rule for finding in report.findings] == ["body-extracted"]


@pytest.mark.parametrize(("event", "exit_code"), [("push_arrive", 0), ("regid_invalid", 3), ("user_daily_limit", 6)])
def test_a_receipt_can_be_explained_without_saying_that_it_is_one(event: str, exit_code: int) -> None:
    body = json.dumps([{"messageId": "m", "registrationIds": "a", "eventType": event}]).encode()
    assert judge_raw("oppo", body, http_status=200).exit_code == exit_code
    assert judge_raw("oppo", body, call="receipt").exit_code == exit_code
