"""HTTP as emulated services have it."""

from __future__ import annotations

import os
from pathlib import Path

from pushctl.core import emulated_http as http
from pushctl.core.emulated import Seen, World


def test_a_service_whose_clock_is_ahead_says_so_in_its_date(tmp_path: Path) -> None:
    ahead = World(lambda: 1000.0, os.urandom, tmp_path)
    assert http.date(ahead) == ("date", "Thu, 01 Jan 1970 00:16:40 GMT")
    ahead.state["clock ahead"] = 7200
    assert http.date(ahead) == ("date", "Thu, 01 Jan 1970 02:16:40 GMT")


def seen(body: bytes, **headers: str) -> Seen:
    return Seen("POST", "/", tuple((name.replace("_", "-"), value) for name, value in headers.items()), body)


def test_a_form_is_read_only_where_the_client_says_that_it_is_one() -> None:
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    assert http.form_of(seen(b"a=1&b=%2B%2F", content_type=kind)) == {"a": "1", "b": "+/"}
    assert http.form_of(seen(b"a=1", content_type="application/json")) is None
    assert http.form_of(seen(b"a", content_type=kind)) is None
    assert http.form_of(seen(b"\xff=1", content_type=kind)) is None


def test_a_form_keeps_repeats_and_empty_fields_in_their_order() -> None:
    kind = "application/x-www-form-urlencoded"
    pairs = http.form_pairs(seen(b"alias=a&alias=b+c&title=&x=1", content_type=kind))
    assert pairs == [("alias", "a"), ("alias", "b c"), ("title", ""), ("x", "1")]
