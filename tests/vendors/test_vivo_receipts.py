"""What vivo posts back: delivered, or why not, for each device of each task."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Verdict
from pushctl.core.wire import Response
from pushctl.flows.raw_answer import judge_raw
from pushctl.vendors.vivo import VENDOR
from pushctl.vendors.vivo.judge import CATALOGUE
from pushctl.vendors.vivo.receipts import is_receipt

A, B = Target("token", "a"), Target("token", "b")
KINDS = ("0", "100", "101", "102", "103", "104", "300", "301", "302")
REASONS = [
    code.removeprefix("receipt/")
    for code in CATALOGUE.codes()
    if code.startswith("receipt/") and code.removeprefix("receipt/") not in (*KINDS, "other")
]


def posted(targets: tuple[Target, ...] | None = None, /, **tasks: Any) -> list[Verdict]:
    return VENDOR.judge("receipt", Response(200, (), json.dumps(tasks).encode()), targets)


def code(row: dict[str, Any]) -> str:
    (verdict,) = posted(t1={"targets": "a", **row})
    return verdict.says.code


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_judged_by_its_entry(kind: str) -> None:
    assert code({"ackType": kind}) == f"receipt/{kind}"


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_judged_by_its_entry(reason: str) -> None:
    (verdict,) = posted(t1={"targets": "a", "ackType": "104", "subAckType": reason})
    assert verdict.says.entry is CATALOGUE.find(f"receipt/{reason}")
    assert verdict.says.entry is not None
    assert verdict.says.entry.summary.startswith("Receipt")


@pytest.mark.parametrize("row", [{}, {"ackType": None}, {"ackType": ""}, {"ackType": "0"}, {"ackType": 0}])
def test_without_a_kind_and_with_0_it_is_delivered(row: dict[str, Any]) -> None:
    assert code(row) == "receipt/0"


def test_what_is_in_no_list_counts_as_not_delivered() -> None:
    assert code({"ackType": "104", "subAckType": "9"}) == "receipt/104"
    assert code({"ackType": "9", "subAckType": "9"}) == "receipt/other"


def test_dead_ids_are_told_apart_from_phones_that_are_off() -> None:
    told = {reason: posted(t={"targets": "a", "ackType": "1", "subAckType": reason})[0].says for reason in REASONS}
    dead = {reason for reason, says in told.items() if says.token_dead}
    assert dead == {"20001", "20002", "2183"}


def test_each_device_of_each_task_has_its_verdict_with_the_task_and_the_apps_own_text() -> None:
    verdicts = posted(
        t1={"targets": "a, b", "param": "p", "ackTime": 1700000000123, "ackType": "0"},
        t2={"targets": ["a"], "ackType": "103"},
    )
    assert [(v.target, v.message_id, v.says.code) for v in verdicts] == [
        (A, "t1", "receipt/0"), (B, "t1", "receipt/0"), (A, "t2", "receipt/103"),
    ]  # fmt: skip
    assert verdicts[0].facts == (("ackTime", "1700000000123"), ("param", "p"))


def test_a_device_that_is_asked_for_and_not_in_it_is_not_known() -> None:
    first, second = posted((B, A), t1={"targets": "a", "ackType": "0"})
    assert (first.target, first.says.outcome, first.says.code) == (B, "unknown", "receipt/none")
    assert (second.target, second.says.outcome) == (A, "accepted")


def test_a_receipt_can_be_explained_without_saying_that_it_is_one() -> None:
    body = b'{"571427495104937984":{"targets":"a","ackType":"104","subAckType":"2333"}}'
    assert judge_raw("vivo", body, http_status=200).exit_code == 4
    (result,) = judge_raw("vivo", body, call="receipt").results
    assert result.verdict.says.entry is not None
    assert "adb" in result.verdict.says.entry.causes[0]


def test_answers_are_no_receipts() -> None:
    assert not is_receipt({"result": 0, "x": {"targets": "a"}})
    assert not is_receipt({"data": {"a": 1}})
    assert not is_receipt({})
    assert not is_receipt(None)


@given(st.dictionaries(st.text(max_size=4), st.dictionaries(st.text(max_size=8), st.text(max_size=4)), max_size=3))
def test_no_body_breaks_the_reading(tasks: dict[str, Any]) -> None:
    assert VENDOR.judge("receipt", Response(200, (), json.dumps(tasks).encode()), (A,))
