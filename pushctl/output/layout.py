"""A view as lines of styled pieces, the same for a terminal and for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from pushctl.output.terminal import Paper
from pushctl.output.text import clean, clean_code, encodable, guard_workflow_commands, pad, width, wrap
from pushctl.output.view import Blank, Block, Bullets, Code, Facts, Headline, Paragraph, Status, Table, Tone, View

Style = Literal["", "strong", "label", "good", "bad", "doubt", "info", "dim"]
Line = tuple[tuple[str, Style], ...]

_MARKS: dict[Tone, str] = {"good": "✓", "bad": "✗", "doubt": "?"}
_INDENT = "  "
_NARROWEST_COLUMN = 8


def lay_out(view: View, paper: Paper, *, marks: bool, fold_tables: bool) -> Iterator[Line]:
    """The lines of a view, every text in it cleaned.

    :param marks: whether headlines that ask for it get a sign before their word.
    :param fold_tables: whether a table too wide folds its cells; otherwise its rows stay on one line, for ``grep``.
    """
    lines = (line for block in view for line in _block(block, paper, marks=marks, fold_tables=fold_tables))
    return map(_guarded, lines) if paper.workflow_commands else lines


def _block(block: Block, paper: Paper, *, marks: bool, fold_tables: bool) -> Iterator[Line]:
    cells = paper.cells

    def fit(text: str) -> str:
        return encodable(clean(text), paper.encoding)

    match block:
        case Blank():
            yield ()
        case Headline():
            yield from _headline(block, cells, fit(_MARKS.get(block.tone, "")) if marks and block.mark else "", fit)
        case Status():
            yield from _status(block, cells, fit(_MARKS.get(block.tone, "·")) if marks else "", fit)
        case Facts():
            yield from _facts(block, cells, fit)
        case Paragraph():
            for line in wrap(fit(block.text), cells - block.indent):
                yield ((" " * block.indent, ""), (line, _style(block.tone)))
        case Bullets():
            yield from _bullets(block, cells, fit)
        case Table():
            yield from _table(block, cells if fold_tables else None, fit)
        case Code():
            yield from _code(block, paper.encoding)


def height(view: View, cells: int) -> int:
    """How many lines of a terminal a view takes at this width; a line that is too long continues on the next."""
    lines = lay_out(view, Paper(cells), marks=True, fold_tables=True)
    return sum(max(-(-sum(width(text) for text, _ in line) // cells), 1) for line in lines)


def _headline(block: Headline, cells: int, mark: str, fit: Callable[[str], str]) -> Iterator[Line]:
    style = _style(block.tone)
    start = f"{mark} {fit(block.word)}".strip()
    gap = "" if not start else " " if start.endswith(":") else "  "
    hang = width(start) + len(gap)
    if cells - hang < cells // 3:  # a very narrow window: no room beside the word
        hang = 2
    first, *rest = wrap(fit(block.text), cells - hang)
    if not first:
        yield ((start, style),)
        return
    if hang == 2:
        yield ((start, style),)
        rest = [first, *rest]
    else:
        yield ((start, style), (gap, ""), (first, "strong" if block.mark else ""))
    for line in rest:
        yield ((" " * hang, ""), (line, "strong" if block.mark else ""))


def _status(block: Status, cells: int, mark: str, fit: Callable[[str], str]) -> Iterator[Line]:
    start = f"{mark} " if mark else ""
    start += _padded(fit(block.word), 8)
    subject = "  " + _padded(fit(block.subject), 13)
    hang = width(start) + width(subject) + 2
    if cells - hang < cells // 3:
        hang = 4
    first, *rest = wrap(fit(block.text), cells - hang)
    line: Line = ((start, _style(block.tone)), (subject, ""))
    if hang == 4:
        yield line
        rest = [first, *rest] if first else []
    else:
        yield (*line, (f"  {first}", ""))
    for text in rest:
        yield ((" " * hang, ""), (text, ""))


def _facts(block: Facts, cells: int, fit: Callable[[str], str]) -> Iterator[Line]:
    labels = [fit(label) for label, _ in block.rows]
    column = max(map(width, labels), default=0)
    room = cells - len(_INDENT) - column - 2
    beside = room >= max(cells // 3, 12)  # else the text goes below its label
    for label, (_, raw) in zip(labels, block.rows, strict=True):
        text = fit(raw)
        longest = max(map(width, text.split()), default=0)
        below = not beside or room < longest <= cells - 2 * len(_INDENT)  # an id stays in one piece
        lines = wrap(text, cells - 2 * len(_INDENT) if below else room)
        if below:
            if label:
                yield ((_INDENT, ""), (label, "label"))
            for line in lines:
                yield ((_INDENT * 2, ""), (line, ""))
            continue
        yield ((_INDENT, ""), (pad(label, column) + "  ", "label"), (lines[0], ""))
        for line in lines[1:]:
            yield ((" " * (len(_INDENT) + column + 2), ""), (line, ""))


def _bullets(block: Bullets, cells: int, fit: Callable[[str], str]) -> Iterator[Line]:
    if block.heading:
        yield ((_INDENT, ""), (fit(block.heading), "label"))
    for item in block.items:
        for number, line in enumerate(wrap(fit(item), cells - 6)):
            yield (("    " if number == 0 else "      ", ""), ("- " if number == 0 else "", "label"), (line, ""))


def _table(block: Table, cells: int | None, fit: Callable[[str], str]) -> Iterator[Line]:
    head = tuple(fit(name) for name in block.columns)
    rows = [tuple(fit(cell) for cell in row) for row in block.rows]
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    while cells is not None and sum(widths) + 2 * (len(widths) - 1) > cells and max(widths) > _NARROWEST_COLUMN:
        widths[widths.index(max(widths))] -= 1
    for number, row in enumerate((head, *rows)):
        columns = [wrap(cell, room) for cell, room in zip(row, widths, strict=True)]
        for depth in range(max(map(len, columns))):
            parts = [
                pad(lines[depth] if depth < len(lines) else "", room)
                for lines, room in zip(columns, widths, strict=True)
            ]
            yield (("  ".join(parts).rstrip(), "label" if number == 0 else ""),)


def _code(block: Code, encoding: str | None) -> Iterator[Line]:
    for line in clean_code(block.text).split("\n"):
        text = encodable(line, encoding)
        style: Style = "dim" if block.language == "http" and line[:1] in {"*", "#"} else ""
        yield ((text, style),)


def _padded(text: str, cells: int) -> str:
    return pad(text, max(cells, width(text)))


def _style(tone: Tone) -> Style:
    return "" if tone == "plain" else tone


def _guarded(line: Line) -> Line:
    whole = "".join(text for text, _ in line)
    return line if guard_workflow_commands(whole) == whole else ((guard_workflow_commands(whole), ""),)
