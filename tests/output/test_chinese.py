"""Chinese on the screen: the vendors' own terms, aligned and whole at any width."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_screens import text_of

from pushctl.core.catalogue import Entry
from pushctl.core.message import Target
from pushctl.core.report import Result
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Response
from pushctl.output import documents
from pushctl.output import screens as say
from pushctl.output.layout import height
from pushctl.output.text import width, wrap
from pushctl.vendors import registry

WITH_TERM = [
    entry
    for vendor in registry.VENDORS
    for entry in registry.catalogue(vendor).entries
    if entry.term and entry.outcome == "refused"
]
SAYS = "服务端返回：应用请求频率超过限制，请稍后再试。"


def refused_with(entry: Entry, detail: str = "") -> Result:
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead, detail=detail, entry=entry)
    return Result(entry.vendor, Verdict(Target("token", "x" * 40), says, "id-1"), "notification", Response(200))


def test_vendors_of_china_have_terms() -> None:
    assert {entry.vendor for entry in WITH_TERM} >= {"mi", "oppo", "vivo", "meizu"}


@pytest.mark.parametrize("entry", WITH_TERM, ids=lambda entry: entry.id)
def test_a_term_stands_beside_the_english_within_twelve_lines(entry: Entry) -> None:
    result = refused_with(entry, SAYS)
    view = say.result_view(result)
    told = text_of(view)
    assert "".join(entry.term.split())[:20] in "".join(told.split())
    assert height(view, 80) <= 12
    assert documents.result_row(result)["term"] == entry.term
    assert entry.term in "\n".join(text_of(say.entry_view(entry), 1000).splitlines())


@pytest.mark.parametrize("cells", [40, 61, 80, 100])
@pytest.mark.parametrize("entry", WITH_TERM[::7], ids=lambda entry: entry.id)
def test_every_line_begins_at_its_column_and_ends_within_the_window(entry: Entry, cells: int) -> None:
    lines = text_of(say.result_view(refused_with(entry, SAYS * 3)), cells).splitlines()
    assert all(width(line) <= cells or "/" in line for line in lines)
    labelled = next(line for line in lines if line.startswith("  token "))
    column = len(labelled) - len(labelled[2:].partition(" ")[2].lstrip())
    beside = len(lines[0]) - len(lines[0].partition("  ")[2])  # what continues the headline
    assert {len(line) - len(line.lstrip()) for line in lines} <= {0, 2, 4, beside, column}


def test_a_term_that_the_answer_itself_has_is_not_said_twice() -> None:
    entry = WITH_TERM[0]
    told = text_of(say.result_view(refused_with(entry, f"It says: {entry.term!r}.")), 1000)
    assert told.count(entry.term) == 1


@given(st.text("订单已发货，。：）(abc de", max_size=80), st.integers(4, 40))
def test_chinese_is_broken_anywhere_but_before_a_comma(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= cells for line in lines)
    for before, line in pairwise(lines):
        assert line[0] not in "，。：）" or len(before) == 1 or before[-1] in "，。：）" or f" {line[0]}" in f" {text}"
