"""``--set``: paths and what they do to a body."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.assign import assigned, merged, split_path
from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("badge", ("badge",)),
        ("aps.alert.title", ("aps", "alert", "title")),
        (r"com\.example\.id", ("com.example.id",)),
        (r"a\\.b", ("a\\", "b")),
        ("größe.ü 1", ("größe", "ü 1")),
    ],
)
def test_a_path_is_split_at_its_dots(path: str, keys: tuple[str, ...]) -> None:
    assert split_path(path) == keys


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", "a\\", r"a\b"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(UsageError) as raised:
        split_path(path)
    assert raised.value.rule == "set-path"


@given(st.lists(st.text(min_size=1), min_size=1))
def test_any_key_can_be_written(keys: list[str]) -> None:
    path = ".".join(key.replace("\\", "\\\\").replace(".", r"\.") for key in keys)

    assert split_path(path) == tuple(keys)


def sets(body: dict[str, Any], *pairs: tuple[str, Any]) -> dict[str, Any]:
    return assigned(body, [Assignment(path, value) for path, value in pairs])


def test_assignments_nest_create_replace_and_merge_in_order() -> None:
    body = {"aps": {"alert": {"title": "T", "body": "B"}}}

    assert sets(body, ("aps.alert.title", "U"), ("x.y.z", 1), ("aps", {"badge": 1}), ("x.y", 2)) == {
        "aps": {"alert": {"title": "U", "body": "B"}, "badge": 1},
        "x": {"y": 2},
    }
    assert body == {"aps": {"alert": {"title": "T", "body": "B"}}}


def test_a_path_through_something_that_is_no_object_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        sets({"aps": {"badge": 1}}, ("aps.badge.x", 2))
    assert raised.value.rule == "set-conflict"
    assert "aps.badge" in raised.value.text


def test_merging_goes_to_every_depth_and_lists_replace() -> None:
    assert merged({"a": {"b": 1, "c": [1]}}, {"a": {"c": [2], "d": 3}}) == {"a": {"b": 1, "c": [2], "d": 3}}
    assert merged([1], {"a": 1}) == {"a": 1}
