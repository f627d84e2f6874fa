"""Meizu's receipts: the form that it posts, however a log kept it, and the token in it that nobody is to see."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.message import Target
from pushctl.core.verdict import Verdict
from pushctl.core.wire import Response
from pushctl.vendors.meizu import VENDOR
from pushctl.vendors.meizu.judge import CATALOGUE

TOKEN = "s3cr3t-T0ken-of-the-console"
PUSH_ID = "J0476035d625e6c64567f71487e040e7d017f0558675b"
MSG = "c2ee5c3bf00448cfbceb7fdf68c3c8eb"
CB: dict[str, Any] = {
    f"{MSG}-1": {"param": "p1", "type": 1, "targets": [PUSH_ID, "bob"]},
    f"{MSG}-2": {"param": "", "type": 2, "targets": [PUSH_ID]},
}


def judged(body: bytes | str, targets: tuple[Target, ...] | None = None, call: str = "receipt") -> list[Verdict]:
    return VENDOR.judge(call, Response(200, (), body.encode() if isinstance(body, str) else body), targets)


def posted(told: Any = CB) -> str:
    return urlencode({"cb": told if isinstance(told, str) else json.dumps(told), "access_token": TOKEN})


KEPT = [
    posted(),
    "&".join(reversed(posted().split("&"))),
    f"cb={json.dumps(CB)}&access_token={TOKEN}",
    json.dumps({"cb": json.dumps(CB), "access_token": TOKEN}),
    json.dumps({"cb": CB, "access_token": TOKEN}),
    json.dumps(CB),
    f"POST /receipt HTTP/1.1\r\nHost: example.com\r\n\r\n{posted()}",
]


@pytest.mark.parametrize("body", KEPT)
@pytest.mark.parametrize("call", ["receipt", "send"])
def test_a_receipt_is_one_verdict_for_each_target_however_it_was_kept(body: str, call: str) -> None:
    told = [
        (one.target and (one.target.kind, one.target.value), one.says.code, one.message_id, one.facts)
        for one in judged(body, call=call)
    ]
    assert told == [
        (("token", PUSH_ID), "receipt/1", MSG, (("param", "p1"),)),
        (("alias", "bob"), "receipt/1", MSG, (("param", "p1"),)),
        (("token", PUSH_ID), "receipt/2", MSG, ()),
    ]


def test_both_types_are_deliveries_with_meizus_own_words() -> None:
    delivered, tapped = (CATALOGUE.find(code) for code in ("receipt/1", "receipt/2"))
    assert delivered is not None
    assert tapped is not None
    assert (delivered.outcome, delivered.term) == ("accepted", "送达回执")
    assert (tapped.outcome, tapped.term) == ("accepted", "点击回执")


@pytest.mark.parametrize("kind", [1, "1", " 1 "])
def test_the_type_may_be_text_and_the_key_tells_where_it_is_missing(kind: Any) -> None:
    (one,) = judged(posted({"m-2": {"type": kind, "targets": ["a"]}}))
    assert one.says.code == "receipt/1"
    (other,) = judged(posted({"m-2": {"targets": ["a"]}}))
    assert (other.says.code, other.message_id) == ("receipt/2", "m")


def test_a_type_that_nobody_knows_is_told_as_it_came() -> None:
    (one,) = judged(posted({"m-9": {"type": 9, "targets": ["a"]}}))
    assert (one.says.code, one.says.outcome, one.says.category) == ("receipt/9", "refused", "target")
    assert "'9'" in one.says.detail


def test_targets_get_the_last_word_on_each_and_strangers_none() -> None:
    targets = (Target("token", PUSH_ID), Target("alias", "eve"), Target("alias", "bob"))
    verdicts = judged(posted(), targets)
    assert [one.target for one in verdicts] == list(targets)
    assert [one.says.code for one in verdicts] == ["receipt/2", "receipt/none", "receipt/1"]
    assert verdicts[1].says.outcome == "unknown"


@pytest.mark.parametrize(
    "body", ["", "cb=", f"cb=broken&access_token={TOKEN}", f"access_token={TOKEN}", "{}", "<html>"]
)
def test_what_is_no_receipt_is_somebody_elses_and_gives_no_token_away(body: str) -> None:
    (one,) = judged(body)
    assert (one.says.code, one.says.outcome) == ("NOT_MEIZU", "unknown")
    assert TOKEN not in one.says.detail


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {}, optional={"param": json_values, "type": json_values, "targets": st.lists(json_values, max_size=3) | json_values}
)


@given(st.dictionaries(st.sampled_from(["m-1", "a-b-2", "x", "-1"]), rows, max_size=3) | json_values)
def test_no_receipt_breaks_the_reading_or_shows_the_token(told: Any) -> None:
    for one in judged(posted(told)):
        assert TOKEN not in f"{one}"
        assert one.says.outcome == "accepted" or one.says.exit_code != 0
    assert len(judged(posted(told), (Target("token", "a"),))) == 1


@given(st.binary(max_size=60))
def test_no_body_breaks_the_reading(body: bytes) -> None:
    assert judged(body)
    assert judged(b"cb=" + body)
