"""Receipts: one verdict for each status, whatever else stands in the body. Examples are in the wire cases."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.wire import Lost, Response
from pushctl.vendors._huawei import receipts
from pushctl.vendors.hms.judge import CATALOGUE

values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just([])
fields = st.sampled_from(
    ["token", "requestId", "status", "result", "timestamp", "biTag", "appid", "formId", "deliveryStatus", "formStatus"]
)
flat = st.dictionaries(fields, values, max_size=6)
rows = st.dictionaries(fields, values | flat, max_size=6)


def body(statuses: Any) -> Response:
    return Response(200, (), json.dumps({"statuses": statuses}).encode())


@given(st.lists(rows | values, max_size=5))
def test_any_statuses_are_judged_one_by_one(statuses: list[Any]) -> None:
    verdicts = receipts.judge(body(statuses), None, CATALOGUE)
    told = [row for row in statuses if isinstance(row, dict)]
    assert len(verdicts) == max(1, len(told))
    assert all(verdict.says.outcome in ("accepted", "refused") for verdict in verdicts[: len(told)])


@given(st.lists(rows, max_size=5), st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=3, unique=True))
def test_with_targets_each_gets_one_verdict_in_order(statuses: list[Any], tokens: list[str]) -> None:
    targets = tuple(Target("token", token) for token in tokens)
    verdicts = receipts.judge(body(statuses), targets, CATALOGUE)
    assert [verdict.target for verdict in verdicts] == list(targets)


def test_a_widgets_receipt_has_its_form() -> None:
    row = {"token": "a", "formStatus": {"formId": 42, "result": 0, "timestamp": "x"}}
    (verdict,) = receipts.judge(body([row]), None, CATALOGUE)
    assert verdict.says.outcome == "accepted"
    assert verdict.facts == (("formId", "42"),)


@pytest.mark.parametrize("number", ["2", 2, " 2 "])
def test_a_result_may_be_text_or_a_number(number: object) -> None:
    (verdict,) = receipts.judge(body([{"token": "a", "status": number}]), None, CATALOGUE)
    assert (verdict.says.code, verdict.says.token_dead) == ("receipt/2", True)


@pytest.mark.parametrize("statuses", [[], [1], None, {}])
def test_a_body_that_lists_nothing_is_no_receipt(statuses: object) -> None:
    (verdict,) = receipts.judge(body(statuses), None, CATALOGUE)
    assert (verdict.says.outcome, verdict.says.code) == ("unknown", "NOT_HUAWEI")


def test_no_answer_is_unknown_for_every_target() -> None:
    lost = Lost("maybe", "cut", "CLOSED")
    verdicts = receipts.judge(lost, (Target("token", "a"), Target("token", "b")), CATALOGUE)
    assert [verdict.says.outcome for verdict in verdicts] == ["unknown", "unknown"]
