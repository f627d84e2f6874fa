"""vivo's verdicts: which reading an answer gets, what a whole run tells, and the catalogue behind both."""

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
from pushctl.vendors.vivo import VENDOR
from pushctl.vendors.vivo.judge import CATALOGUE

A, B = Target("token", "a"), Target("token", "b")
OF_SERVER = [code for code in CATALOGUE.codes() if code.isdecimal() and code != "0"]


def answer(result: Any, status: int = 200, desc: str = "x", **more: Any) -> Response:
    return Response(status, (), json.dumps({"result": result, "desc": desc, **more}).encode())


def says(reply: Reply, call: str = "send") -> Judgement:
    return VENDOR.judge(call, reply, (A,))[0].says


@given(
    st.sampled_from([0, "0", 10302, 10155]),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1, 2, 3, 4, "1", "4"])),
)
def test_an_id_is_dead_exactly_for_status_1_and_2_and_no_listed_one_is_accepted(result: Any, listed: Any) -> None:
    reply = answer(result, invalidUsers=[{"userid": one, "status": status} for one, status in listed.items()])
    for verdict in VENDOR.judge("list", reply, tuple(Target("token", value) for value in "abcd")):
        assert verdict.target is not None
        status = str(listed.get(verdict.target.value, ""))
        assert (verdict.says.token_dead is True) == (status in ("1", "2"))
        assert (verdict.says.outcome == "accepted") == (not status and str(result) == "0")


@pytest.mark.parametrize("single", [True, False])
def test_a_device_that_is_no_test_device_is_told_so_and_kept(single: bool) -> None:
    row = {"status": 4, "userid": "a"}
    reply = answer(10302, **({"invalidUser": row} if single else {"invalidUsers": [row]}))
    judged = says(reply, "send" if single else "list")
    assert (judged.code, judged.token_dead, int(judged.exit_code)) == ("invalidUser/4", False, 4)
    assert judged.entry is not None
    assert "20" in " ".join(judged.entry.fixes)


@pytest.mark.parametrize("call", ["send", "list", "save", "auth"])
@pytest.mark.parametrize("status", [302, 400, 500, 502])
def test_a_result_of_0_counts_with_a_status_of_success_only(call: str, status: int) -> None:
    judged = says(answer(0, status, authToken="x"), call)
    assert judged.outcome != "accepted"


@pytest.mark.parametrize(("result", "code"), [(10302.0, "10302"), (" 10302 ", "10302"), (0.0, "0")])
def test_a_result_is_read_however_it_is_written(result: Any, code: str) -> None:
    assert says(answer(result)).code == code


@pytest.mark.parametrize("result", [0.5, True, [], "success", "", None])
def test_what_is_no_number_is_no_result_of_vivos(result: Any) -> None:
    assert says(answer(result)).code == "NOT_VIVO"


# --- the catalogue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("code", OF_SERVER)
def test_every_result_is_judged_by_its_entry_and_quotes_vivo(code: str, as_text: bool) -> None:
    judged = says(answer(code if as_text else int(code), desc="它自己的话"))
    assert (judged.code, judged.outcome, judged.entry) == (code, "refused", CATALOGUE.find(code))
    assert (judged.renew == "grant") == (code == "10000")
    told = advise(Result("vivo", Verdict(A, judged), "notification", answer(code)))
    assert told.sentence.endswith("In vivo's words: '它自己的话'.")


@pytest.mark.parametrize("status", ["1", "2", "3", "4"])
def test_every_status_of_an_id_is_judged_by_its_entry(status: str) -> None:
    judged = says(answer(10302, desc="regId 不合法", invalidUser={"status": int(status), "userid": "a"}))
    assert judged.entry is CATALOGUE.find(f"invalidUser/{status}")
    assert "10302" in judged.detail


@pytest.mark.parametrize("code", ["10070", "10071", "10073", "10252", "10254"])
def test_a_quota_says_when_it_ends_in_chinas_time(code: str) -> None:
    judged = says(answer(int(code)))
    assert judged.retryable
    assert judged.entry is not None
    assert "China time (UTC+8)" in (judged.entry.retry_hint or "")


def test_vivos_own_terms_stand_in_the_catalogue_and_come_from_somewhere() -> None:
    terms = {entry.code: entry for entry in CATALOGUE.entries if entry.term}
    assert terms["10302"].term == "regId 不合法"
    assert terms["10045"].term == "应用审核中不可发送正式消息"
    assert len(terms) > 70
    assert all(entry.sources for entry in terms.values())


@pytest.mark.parametrize("word", ["timeToLive", "skipType", "trivial-text", "10104", "extra", "treatment"])
def test_fields_rules_and_codes_are_found_by_their_own_names(word: str) -> None:
    assert explain("vivo", word)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(*runs: tuple[Reply, tuple[Target, ...]]) -> list[str]:
    tally = Counter(v.says for reply, targets in runs for v in VENDOR.judge("list", reply, targets))
    return [finding.rule for finding in VENDOR.review(tally)]


def listed(*statuses: int, result: int = 0) -> Response:
    return answer(result, invalidUsers=[{"userid": "ab"[at], "status": one} for at, one in enumerate(statuses)])


def test_a_run_without_any_success_speaks_of_the_profile() -> None:
    assert review((listed(1, 2), (A, B))) == ["every-token-refused"]
    assert review((answer(10302), (A, B))) == ["every-token-refused"]


def test_a_run_that_reached_no_test_device_says_what_to_do() -> None:
    assert review((listed(4, 4), (A, B))) == ["test-devices-only"]
    assert review((answer(10045), (A, B))) == ["test-devices-only"]


def test_one_success_in_the_run_and_the_ids_are_to_blame() -> None:
    assert review((listed(1), (A, B))) == []
    assert review((answer(10302), (A,)), (answer(0), (B,))) == []


def test_one_push_is_no_run_and_mixed_refusals_say_nothing() -> None:
    assert review((answer(10302), (A,))) == []
    assert review((answer(10056), (A,)), (answer(10070), (B,))) == []


def test_a_run_that_was_refused_for_its_credential_or_not_answered_says_so() -> None:
    assert review((answer(10000), (A,)), (answer(10206), (B,))) == ["credential-refused"]


# --- answers out of logs ---------------------------------------------------------------------------------------------


def test_a_logged_answer_is_read_with_the_text_around_it() -> None:
    body = '[vivo] push error: {"result":10302,"desc":"regId 不合法","invalidUser":{"status":2,"userid":"a"}} 2026'
    report = judge_raw("vivo", body.encode())
    (result,) = report.results
    assert (result.verdict.target, result.verdict.says.code) == (A, "invalidUser/2")
    assert "body-extracted" in [finding.rule for finding in report.findings]


@pytest.mark.parametrize("call", ["send", "save", "list", "auth", "trace", "token", "revoke", "receipt"])
def test_every_interface_can_be_named(call: str) -> None:
    assert judge_raw("vivo", b'{"result":10072,"desc":"x"}', http_status=200, call=call).results
