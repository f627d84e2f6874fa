"""Texts as the services of China measure and filter them."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.texts import Unit, cut, maybe_rounded, measure, trivial


@pytest.mark.parametrize(
    ("text", "characters", "utf16", "size", "cells"),
    [
        ("Hi", 2, 2, 2, 2),
        ("订单", 2, 2, 6, 4),
        ("Ａ", 1, 1, 3, 2),
        ("😀", 1, 2, 4, 2),
        ("é", 1, 1, 2, 1),
        ("", 0, 0, 0, 0),
    ],
)
def test_each_unit_counts_its_own_way(text: str, characters: int, utf16: int, size: int, cells: int) -> None:
    assert [measure(text, unit) for unit in get_args(Unit)] == [characters, utf16, size, cells]


@given(st.text(), st.integers(0, 60), st.sampled_from(get_args(Unit)))
def test_what_is_cut_fits_and_not_one_character_more_would(text: str, most: int, unit: Unit) -> None:
    left = cut(text, most, unit)
    assert text.startswith(left)
    assert measure(left, unit) <= most
    assert left == text or measure(text[: len(left) + 1], unit) > most


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  ", "blank"),
        ("a", "a single character"),
        ("测", "a single character"),
        ("123456", "digits only"),
        ("12 34", "digits only"),
        ("!!??", "signs only"),
        ("1.5%", "signs and digits only"),
        ("test", "a word for trials"),
        ("Test!", "a word for trials"),
        ("测试", "a word for trials"),
        ("hello", "a single word"),
        ("abcdef", "a single word"),
        ("哈哈哈哈", "the same character again and again"),
        ("订单已发货", None),
        ("Your parcel is on its way", None),
        ("Order 42", None),
    ],
)
def test_trials_are_told_from_messages(text: str, why: str | None) -> None:
    assert trivial(text) == why


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        ("2882303761517123456", False),
        ("2882303761517123500", True),
        ("2.8823037615171235e+18", True),
        ("2.88E18", True),
        ("105500000", False),
        ("12345678901234567890123", False),
        ("", False),
    ],
)
def test_ids_that_went_through_a_double_are_recognised(number: str, rounded: bool) -> None:
    assert maybe_rounded(number) is rounded
