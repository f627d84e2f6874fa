"""Conditions are read as Google and Huawei read them, or refused with the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.conditions import read_condition


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("'a' in topics", ["a"]),
        ("'a' in topics && ('b' in topics || !('c' in topics))", ["a", "b", "c"]),
        ("!'a'  in  topics||'b' in topics", ["a", "b"]),
        ("'two words' in topics", ["two words"]),
        ("'' in topics", [""]),
    ],
)
def test_a_condition_names_its_topics(condition: str, names: list[str]) -> None:
    assert read_condition(condition) == (names, "")


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("'a' in topics &&", "a topic ('news' in topics) is missing at the end"),
        ("'a' in topics 'b' in topics", "where && or || is due"),
        ("&& 'a' in topics", 'at character 1, where a topic'),
        ("('a' in topics", "a bracket is not closed"),
        ("'a' in topics)", "at character 14 closes none"),
        ("'a' in topic", "\"'\" at character 1 is neither"),
        ('"a" in topics', "at character 1 is neither a topic nor an operator"),
        ("'a' in topics & 'b' in topics", '"&" at character 15 is neither'),
        ("!", "is missing at the end"),
        (")'a' in topics(", "where a topic"),
        ("'a' in topics and 'b' in topics", '"a" at character 15 is neither'),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_read_is_told_with_its_place(condition: str, why: str) -> None:
    assert why in read_condition(condition)[1]


@given(st.text(alphabet="'ab in topics&|!() ", max_size=40))
def test_a_condition_is_read_or_refused_but_never_breaks(condition: str) -> None:
    names, why = read_condition(condition)

    assert isinstance(names, list)
    assert why or names
