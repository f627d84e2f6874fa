"""Mi Push's verdicts: which reading an answer gets, what a whole run tells, and the catalogue behind both."""

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
from pushctl.flows.answer_case import calls_of
from pushctl.flows.explain import explain
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.judge import CATALOGUE, RULES

A, B = Target("token", "a"), Target("token", "b")
OF_SERVER = [code for code in CATALOGUE.codes() if code.lstrip("-").isdigit() and code != "0"]


def answer(code: Any, status: int = 200, reason: str = "x", **data: Any) -> Response:
    body = {
        "result": "ok" if code == 0 else "error",
        "code": code,
        "reason": reason,
        **({"data": data} if data else {}),
    }
    return Response(status, (), json.dumps(body).encode())


def says(reply: Reply, call: str = "send", target: Target = A) -> Judgement:
    return VENDOR.judge(call, reply, (target,))[0].says


@given(st.lists(st.sampled_from("abcd")), st.sampled_from(["bad_regids", "bad_regIds"]))
def test_a_regid_is_refused_exactly_when_it_is_listed(bad: list[str], name: str) -> None:
    reply = Response(200, (), json.dumps({"code": 0, "data": {"id": "s1", name: ",".join(bad)}}).encode())
    for verdict in VENDOR.judge("send", reply, tuple(Target("token", value) for value in "abcd")):
        assert verdict.target is not None
        assert (verdict.says.outcome == "refused") == (verdict.target.value in bad)
        assert verdict.message_id == "s1"


@pytest.mark.parametrize("kind", ["alias", "user", "topic"])
def test_no_valid_targets_blames_no_device_where_none_was_named(kind: str) -> None:
    reply = answer(20301, reason="No valid targets!")
    judged = says(reply, target=Target(kind, "x"))
    assert (judged.category, judged.token_dead, int(judged.exit_code)) == ("target", None, 3)
    assert says(reply).token_dead is True


def test_a_success_without_a_code_is_one_when_it_has_an_id() -> None:
    def judged(document: Any) -> str:
        return says(Response(200, (), json.dumps(document).encode())).code

    assert judged({"result": "ok", "data": {"id": "s1"}}) == "0"
    assert judged({"result": "ok", "data": {}}) == judged({"result": "ok"}) == judged({"code": True}) == "NOT_MI"


@pytest.mark.parametrize(
    "document",
    [
        {"code": 0},
        {"code": 0, "message": "success", "data": {"messageId": "m"}},  # OPPO's
        {"code": "0", "msg": "ok"},
        {"result": "error", "trace_id": "Xdm", "code": 0, "reason": "?"},
    ],
)
def test_a_code_of_0_alone_is_no_acceptance(document: Any) -> None:
    judged = says(Response(200, (), json.dumps(document).encode()))
    assert (judged.outcome, judged.code, judged.sent) == ("unknown", "NOT_MI", "maybe")


def test_a_regid_whose_plus_was_lost_on_the_way_is_found_among_the_bad_ones() -> None:
    reply = answer(0, id="s", bad_regids="a b, c")
    verdicts = VENDOR.judge("send", reply, (Target("token", "a+b"), Target("token", "a b"), Target("token", "d")))
    assert [one.says.code for one in verdicts] == ["data.bad_regids", "data.bad_regids", "0"]


def test_the_description_stands_in_for_a_reason() -> None:
    body = json.dumps({"code": 21301, "description": "认证失败"}).encode()
    assert says(Response(200, (), body)).detail == "Mi Push says: '认证失败'."


@pytest.mark.parametrize(
    ("code", "category"),
    [("21399", "credential"), ("22099", "config"), ("27002", "classification"), ("200003", "quota"), ("7", "config")],
)
def test_a_code_that_no_list_has_is_of_its_family(code: str, category: str) -> None:
    judged = says(answer(int(code)))
    assert (judged.code, judged.category, judged.entry) == (code, category, None)


# --- the catalogue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", OF_SERVER)
@pytest.mark.parametrize("as_text", [True, False])
def test_every_code_is_judged_by_its_entry(code: str, as_text: bool) -> None:
    judged = says(answer(code if as_text else int(code), reason="its own words"))
    assert judged.entry in CATALOGUE.meanings(code)
    assert (judged.code, judged.outcome) == (code, "refused")
    assert "'its own words'" in judged.detail


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.startswith("receipt/")])
def test_every_receipt_is_judged_by_its_entry(code: str) -> None:
    body = json.dumps({"m": {"type": int(code.removeprefix("receipt/")), "targets": "a"}}).encode()
    assert says(Response(200, (), body), "receipt").entry is CATALOGUE.find(code)


def test_xiaomis_own_words_stand_beside_every_code_of_its_tables() -> None:
    without = [code for code in OF_SERVER if not all(entry.term for entry in CATALOGUE.meanings(code))]
    assert not without
    assert all(max(entry.term) >= "\u4e00" for entry in CATALOGUE.entries if entry.term)


def test_a_quota_says_when_it_is_new() -> None:
    for code in ("200001", "10034", "receipt/128"):
        entry = CATALOGUE.find(code)
        assert entry is not None
        assert entry.retry_hint == "from 00:00 China time (UTC+8) on"
        assert entry.retryable


@pytest.mark.parametrize("word", ["extra.channel_id", "notify-effect-missing", "20301", "27001", "time_to_live"])
def test_fields_rules_and_codes_are_found_by_their_own_names(word: str) -> None:
    assert explain("mi", word)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(*runs: tuple[Reply, tuple[Target, ...]]) -> list[str]:
    tally = Counter(v.says for reply, targets in runs for v in VENDOR.judge("send", reply, targets))
    return [finding.rule for finding in VENDOR.review(tally)]


def test_a_run_without_any_success_speaks_of_what_they_have_in_common() -> None:
    no_targets = answer(20301, reason="No valid targets!")
    assert review((no_targets, (A, B))) == ["every-token-refused"]
    assert review((answer(21301), (A, B))) == ["credential-refused"]
    assert review((answer(0, id="s", bad_regids="a"), (A, B))) == []
    assert review((no_targets, (A,))) == []
    assert {"every-token-refused", "credential-refused", "nothing-answered"} <= set(RULES)


# --- answers as logs hold them ---------------------------------------------------------------------------------------


def test_the_interfaces_that_answer_have_names() -> None:
    names = ("quota", "receipt", "revoke", "send", "token", "topic", "trace")
    assert tuple(name for name in calls_of(VENDOR) if "." not in name) == names


def test_a_logged_answer_is_read_with_the_text_around_it() -> None:
    body = '推送失败: {"result":"error","code":27001,"reason":"invalid channel info!"} (mi)'.encode()
    report = judge_raw("mi", body)
    assert [result.verdict.says.code for result in report.results] == ["27001"]
    assert [finding.rule for finding in report.findings] == ["body-extracted", "no-status"]


@pytest.mark.parametrize(
    "body",
    [
        b'{data={"axo1": {"extra":{"ack":"1","quota":"2"},"type":128,"targets":"alias","timestamp":1585203103625}}}',
        b'data={"axo1":{"type":128,"targets":"alias"}}',
        b'{"axo1":{"type":128,"targets":"alias"}}',
        b"data=%7B%22axo1%22%3A%7B%22type%22%3A128%2C%22targets%22%3A%22alias%22%7D%7D",
    ],
)
def test_a_receipt_can_be_explained_as_people_have_it(body: bytes) -> None:
    report = judge_raw("mi", body, call="receipt")
    assert [result.verdict.says.code for result in report.results] == ["receipt/128"]
    assert report.exit_code == 6
