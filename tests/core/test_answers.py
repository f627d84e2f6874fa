"""What every vendor's judge stands on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core import answers
from pushctl.core.catalogue import Catalogue
from pushctl.core.wire import Goaway, Lost, Response

CATALOGUE = Catalogue(Path(__file__).parents[2] / "pushctl" / "vendors" / "apns" / "errors.json")
DATE = ("date", "Thu, 26 Nov 2026 14:00:00 GMT")
AT = 1_795_701_600.0


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ([("retry-after", "30")], 30.0),
        ([("retry-after", " 7 ")], 7.0),
        ([("retry-after", "Thu, 26 Nov 2026 14:02:00 GMT"), DATE], 120.0),
        ([("retry-after", "Thu, 26 Nov 2026 13:00:00 GMT"), DATE], 0.0),
        ([("retry-after", "Thu, 26 Nov 2026 14:02:00 GMT")], None),  # nothing to count from
        ([("retry-after", "soon"), DATE], None),
        ([("retry-after", "٣٠")], None),
        ([], None),
    ],
)
def test_retry_after_is_seconds_or_a_date_that_counts_from_the_answers_own(
    headers: list[tuple[str, str]], wait: float | None
) -> None:
    assert answers.retry_after(Response(503, tuple(headers))) == wait


def test_a_clock_is_compared_with_the_answers_date() -> None:
    assert answers.clock_ahead(Response(200, (DATE,)), AT + 90) == 90
    assert answers.clock_ahead(Response(200, (DATE,)), AT - 7200) == -7200
    assert answers.clock_ahead(Response(200), AT) is None
    assert answers.clock_ahead(Response(200, (("date", "yesterday"),)), AT) is None
    assert answers.clock_ahead(Lost("no", "x"), AT) is None


@given(st.text())
def test_no_date_breaks_the_comparison(text: str) -> None:
    answers.clock_ahead(Response(200, (("date", text),)), AT)
    answers.retry_after(Response(200, (("date", text), ("retry-after", text))))


def test_what_is_not_answered_is_unknown_and_safe_to_repeat_only_when_it_did_not_arrive() -> None:
    lost = answers.unanswered(Lost("maybe", "cut", "CLOSED"), CATALOGUE)
    assert (lost.outcome, lost.code, lost.sent, lost.retryable) == ("unknown", "CLOSED", "maybe", False)
    away = answers.unanswered(Goaway(b"", 2), CATALOGUE)
    assert (away.code, away.sent, away.retryable) == ("GOAWAY", "no", True)
    assert "error code 2" in away.detail
    assert away.entry is not None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "an empty body"),
        (b" \n", "2 blank bytes"),
        (b"<html><title>502 Bad Gateway</title>", "an HTML page headed '502 Bad Gateway'"),
        (b"<!doctype html>", "an HTML page"),
        (b"no\nluck", "the body 'no luck'"),
        (b"x" * 200, "the body '" + "x" * 79 + "…'"),
    ],
)
def test_a_body_is_told_in_a_few_words(body: bytes, told: str) -> None:
    assert answers.excerpt(body) == told


@given(st.binary())
def test_any_body_can_be_told(body: bytes) -> None:
    assert "\n" not in answers.excerpt(body)
    answers.json_object(body)


@pytest.mark.parametrize(
    ("status", "category"),
    [
        (400, "payload"),
        (401, "credential"),
        (404, "config"),
        (429, "quota"),
        (503, "server"),
        (302, "config"),
        (None, "network"),
    ],
)
def test_a_status_speaks_for_a_category_when_no_code_is_known(status: int, category: str) -> None:
    says = answers.unlisted("NEW", status)
    assert (says.category, says.code, says.outcome) == (category, "NEW", "refused")
    assert says.retryable is (category in ("quota", "server"))
