"""Receipts of Mi Push: every message and target in them, and whatever else may stand in a body."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Verdict
from pushctl.core.wire import Response
from pushctl.vendors.mi import VENDOR
from pushctl.vendors.mi.receipts import is_receipt


def read(body: str | bytes, *targets: str, call: str = "receipt") -> list[Verdict]:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return VENDOR.judge(call, Response(200, (), data), tuple(Target("token", value) for value in targets) or None)


ids = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
regids = st.text("abc+/=0", min_size=1, max_size=6)
receipts = st.dictionaries(
    ids.filter(lambda name: name != "data"),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from([1, 2, 16, 32, 64, 128, 1024, "1", 7]),
            "targets": st.lists(regids, min_size=1, max_size=3).map(",".join),
        },
        optional={"jobkey": ids, "timestamp": st.integers(0, 4_000_000_000_000), "barStatus": ids},
    ),
    min_size=1,
    max_size=3,
)


@given(receipts, st.integers(0, 3))
def test_every_message_and_target_has_its_verdict_however_the_form_is_written(said: dict[str, Any], way: int) -> None:
    text = json.dumps(said, ensure_ascii=way == 0)
    body = [text, urlencode({"data": text}), json.dumps({"data": text}), f"data={quote(quote(text))}"][way]
    found = read(body)
    assert [(one.message_id, one.target and one.target.value) for one in found] == [
        (name, target) for name, row in said.items() for target in row["targets"].split(",")
    ]
    assert all(one.says.of_receipt for one in found)


@given(receipts)
def test_a_receipt_is_known_by_its_form(said: dict[str, Any]) -> None:
    assert is_receipt(said)
    assert is_receipt({"data": said})
    assert read(json.dumps(said), call="send") == read(json.dumps(said))


@pytest.mark.parametrize(
    "document",
    [
        {"code": 0, "result": "ok", "data": {"id": "s1"}},
        {"code": 0, "data": {"data": {"id": "s1", "resolved": 1}}},
        {"data": {"list": []}},
        {"m": {"type": 1}},
        {"m": {"targets": "a"}},
        {"m": {"type": 1, "targets": "a"}, "code": 0},
        {},
    ],
)
def test_no_answer_is_taken_for_a_receipt(document: Any) -> None:
    assert not is_receipt(document)


def test_of_known_targets_the_last_receipt_counts_and_silence_is_told() -> None:
    said = json.dumps({"m1": {"type": 1, "targets": "a"}, "m2": {"type": 2, "targets": "a"}})
    clicked, nothing = read(said, "a", "b")
    assert (clicked.says.code, clicked.message_id) == ("receipt/2", "m2")
    assert (nothing.says.outcome, nothing.says.code) == ("unknown", "receipt/none")


@pytest.mark.parametrize(
    ("message_id", "kind", "dead"),
    [
        ("axo00546585203029498oV", "alias", None),
        ("ucm51336519827468580b1", "user", None),
        ("scm51336519827468580b1", "token", True),
        ("a1", "token", True),
    ],
)
def test_a_receipt_is_about_what_the_message_was_addressed_to(message_id: str, kind: str, dead: bool | None) -> None:
    (gone,) = read(json.dumps({message_id: {"type": 16, "targets": "x"}}))
    assert gone.target == Target(kind, "x")
    assert (gone.says.category, gone.says.token_dead) == ("token" if dead else "target", dead)


@given(st.binary(max_size=60), st.booleans())
def test_no_body_breaks_the_reading(body: bytes, named: bool) -> None:
    assert read(body, *(["a"] if named else []))
