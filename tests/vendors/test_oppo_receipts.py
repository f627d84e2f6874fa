"""What OPPO posts back: events of several ids and messages, in the document's form and in those that receivers met."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Verdict
from pushctl.core.wire import Lost, Response
from pushctl.vendors.oppo import VENDOR, receipts

A, B = Target("token", "a"), Target("token", "b")


def read(document: Any, targets: tuple[Target, ...] | None = None) -> list[Verdict]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return VENDOR.judge("receipt", Response(200, (), body), targets)


def event(kind: str = "push_arrive", ids: Any = "a", **more: Any) -> dict[str, Any]:
    return {"messageId": "m", "registrationIds": ids, "eventType": kind, **more}


def test_each_id_of_an_event_gets_a_verdict() -> None:
    verdicts = read([event(ids="a, b"), event("regid_invalid", "c")])
    assert [(one.target.value, one.says.code) for one in verdicts if one.target] == [
        ("a", "receipt/push_arrive"),
        ("b", "receipt/push_arrive"),
        ("c", "receipt/regid_invalid"),
    ]
    assert [one.says.token_dead for one in verdicts] == [None, None, True]


def test_with_targets_each_gets_the_last_that_is_said_of_it() -> None:
    events = [event("user_daily_limit", "a"), event("push_arrive", "a")]
    verdicts = read(events, (B, A))
    assert [(one.target, one.says.code) for one in verdicts] == [(B, "receipt/none"), (A, "receipt/push_arrive")]


@pytest.mark.parametrize("form", [list, lambda rows: rows[0], json.dumps])
def test_an_array_one_event_and_an_array_in_a_string_are_read_alike(form: Any) -> None:
    (verdict,) = read(form([event()]))
    assert (verdict.target, verdict.says.code) == (A, "receipt/push_arrive")


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("1542945482222", "2018-11-23 03:58:02 UTC"),
        (1542945482222, "2018-11-23 03:58:02 UTC"),
        ("timestamp", None),
        (True, None),
        (1e300, None),
        (None, None),
    ],
)
def test_the_time_is_text_or_a_number(time: Any, told: str | None) -> None:
    (verdict,) = read([event(eventTime=time)])
    assert dict(verdict.facts).get("eventTime") == told


@pytest.mark.parametrize("ids", ["", " , ", None, 7, ["a"]])
def test_an_event_without_ids_is_told_without_a_target(ids: Any) -> None:
    (verdict,) = read([event(ids=ids)])
    assert (verdict.target, verdict.message_id) == (None, "m")


@pytest.mark.parametrize(
    ("name", "category"),
    [("app_daily_limit", "quota"), ("MESSAGE_NIGHT_CONTROL", "quota"), ("regid_invalid", "token")],
)
def test_an_event_is_known_in_any_letter_case(name: str, category: str) -> None:
    (verdict,) = read([event(name)])
    assert (verdict.says.outcome, verdict.says.code) == ("refused", f"receipt/{name.lower()}")
    assert verdict.says.category == category


def test_an_event_that_is_new_decides_nothing() -> None:
    (verdict,) = read([event("app_yearly_limit")])
    assert (verdict.says.outcome, verdict.says.code) == ("unknown", "receipt/app_yearly_limit")
    assert verdict.says.token_dead is None
    assert verdict.says.entry is not None


@pytest.mark.parametrize("document", [[], {}, [1], None, "x", {"code": 0}, b"", b"<html>"])
def test_what_holds_no_event_is_no_receipt(document: Any) -> None:
    (verdict,) = read(document)
    assert (verdict.says.outcome, verdict.says.code) == ("unknown", "NOT_OPPO")


def test_an_answer_of_the_api_is_no_receipt() -> None:
    assert not receipts.is_receipt(b'{"code":0,"data":{"messageId":"m"}}')


def test_no_answer_is_unknown_for_every_target() -> None:
    verdicts = VENDOR.judge("receipt", Lost("maybe", "cut", "CLOSED"), (A, B))
    assert [one.says.outcome for one in verdicts] == ["unknown", "unknown"]


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just([])
rows = st.dictionaries(
    st.sampled_from(["messageId", "appId", "taskId", "registrationIds", "eventTime", "param", "eventType"]), values
)


@given(st.lists(rows | values, max_size=5))
def test_any_events_are_judged(events: list[Any]) -> None:
    verdicts = read(events)
    told = [row for row in events if isinstance(row, dict) and isinstance(row.get("eventType"), str)]
    assert len(verdicts) >= max(1, len(told))
