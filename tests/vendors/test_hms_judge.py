"""Verdicts of v1 and v2: which reading an answer gets, what a whole run tells, and the catalogue behind both."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Goaway, Lost, Reply, Response
from pushctl.flows.explain import explain
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors import registry
from pushctl.vendors.hms import VENDOR
from pushctl.vendors.hms.judge import CATALOGUE

A, B = Target("token", "a"), Target("token", "b")


def answer(code: str, msg: Any = "x", status: int = 200, **more: Any) -> Response:
    return Response(status, (), json.dumps({"code": code, "msg": msg, "requestId": "1", **more}).encode())


def says(reply: Reply, call: str = "send") -> Judgement:
    return VENDOR.judge(call, reply, (A,))[0].says


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(
    st.sampled_from(["code", "msg", "requestId", "errors", "statuses", "error", "sub_error", "access_token", "topics"]),
    json_values | st.sampled_from(["80000000", "80100000", "82000010"]) | st.just([{"index": 0, "reason": "x"}]),
)
replies: st.SearchStrategy[Reply] = (
    st.builds(
        Response,
        st.integers(100, 599),
        st.lists(
            st.tuples(st.sampled_from(["nsp_status", "retry-after", "date"]), st.text(max_size=5)), max_size=2
        ).map(tuple),
        st.binary(max_size=60) | documents.map(lambda value: json.dumps(value).encode()),
    )
    | st.builds(Goaway, st.binary(max_size=9), st.integers(0, 20), st.sampled_from(["no", "maybe"]))
    | st.builds(Lost, st.sampled_from(["no", "maybe"]), st.text(), st.text())
)


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.isdecimal() and code != "80100000"])
def test_every_eight_digit_code_is_judged_by_its_entry(code: str) -> None:
    if len(code) == 8:
        judged = says(answer(code))
        assert judged.entry is CATALOGUE.find(code)
        assert judged.outcome == ("accepted" if code == "80000000" else "refused")


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.startswith("1101/")])
def test_every_sub_error_of_the_token_endpoint_is_judged_by_its_entry(code: str) -> None:
    error, sub_error = map(int, code.split("/"))
    body = json.dumps({"error": error, "sub_error": sub_error, "error_description": "x"}).encode()
    for status in (200, 400):
        judged = says(Response(status, (), body), "auth")
        assert (judged.code, judged.entry) == (code, CATALOGUE.find(code))


@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code.startswith("receipt/")])
def test_every_receipt_is_judged_by_its_entry(code: str) -> None:
    body = json.dumps({"statuses": [{"token": "a", "status": int(code.removeprefix("receipt/"))}]}).encode()
    assert says(Response(200, (), body), "receipt").entry is CATALOGUE.find(code)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(*replies: tuple[Reply, tuple[Target, ...]]) -> list[str]:
    tally = Counter(v.says for reply, targets in replies for v in VENDOR.judge("send", reply, targets))
    return [finding.rule for finding in VENDOR.review(tally)]


def test_a_run_without_any_success_speaks_of_the_credential() -> None:
    assert review((answer("80300007", "All the tokens are invalid"), (A, B))) == ["every-token-refused"]
    partial = answer("80100000", '{"success":0,"failure":2,"illegal_tokens":["a","b"]}')
    assert review((partial, (A, B))) == ["every-token-refused"]


def test_one_success_in_the_run_and_the_tokens_are_to_blame() -> None:
    assert review((answer("80300007"), (A,)), (answer("80000000"), (B,))) == []
    assert review((answer("80100000", '{"success":1,"failure":1,"illegal_tokens":["a"]}'), (A, B))) == []


def test_one_push_is_no_run() -> None:
    assert review((answer("80300007"), (A,))) == []


def test_a_run_that_was_refused_for_its_credential_says_so() -> None:
    assert review((answer("80200001", status=401), (A,)), (answer("80300002"), (B,))) == ["credential-refused"]


def test_a_run_of_mixed_refusals_says_nothing() -> None:
    assert review((answer("80300008", status=400), (A,)), (answer("81000001", status=500), (B,))) == []


def test_wrong_credentials_never_mark_a_token_dead() -> None:
    for code in ("80300007", "80300002", "80200001", "80200003", "80200005", "80600003"):
        assert not says(answer(code)).token_dead


# --- explain ---------------------------------------------------------------------------------------------------------


def test_the_shared_codes_are_those_of_the_family() -> None:
    assert registry.catalogue("hms").find("80300007") is not None
    assert CATALOGUE.find("80300007/noRight") is None  # v3's own


@pytest.mark.parametrize("word", ["ttl", "android.notification.click_action", "click-action-missing", "80300007"])
def test_fields_rules_and_codes_are_found_by_their_own_names(word: str) -> None:
    assert explain("hms", word)


def test_a_logged_answer_is_read_with_the_text_around_it() -> None:
    body = (
        b'2026-01-02 push failed: {"code":"80100000","msg":"{\\"success\\":1,\\"failure\\":1,'
        b'\\"illegal_tokens\\":[\\"a\\"]}","requestId":"7"}'
    )
    report = judge_raw("hms", body, http_status=200)
    result, others = report.results
    assert (result.verdict.target, result.verdict.says.code) == (A, "80100000/illegal_tokens")
    assert (others.verdict.target, others.verdict.says.outcome) == (None, "accepted")
    assert [finding.rule for finding in report.findings] == ["body-extracted"]
