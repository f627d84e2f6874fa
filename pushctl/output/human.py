"""A view on a terminal. The only file that imports Rich, and it is itself imported only when a person looks."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from pushctl.output.layout import Line, Style, lay_out

if TYPE_CHECKING:
    from pushctl.output.terminal import Paper
    from pushctl.output.view import View

_WIDEST = 100  # longer lines are hard to read

# The terminal's own sixteen colours, so that every theme stays legible.
_STYLES: dict[Style, str] = {
    "": "",
    "strong": "bold",
    "label": "dim",
    "good": "bold green",
    "bad": "bold red",
    "doubt": "bold yellow",
    "info": "bold cyan",
    "dim": "dim",
}


class _Terminal(Console):
    """Rich would end the process on a closed pipe, and close descriptor 1 whatever it is; the program decides that."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def write(view: View, stream: IO[str], paper: Paper, *, colour: bool) -> None:
    """Write a view to ``stream``. Nothing in it is read as markup, emoji code or link."""
    console = _Terminal(
        file=stream,
        width=paper.cells,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=True,
    )
    paper = replace(paper, cells=min(paper.cells, _WIDEST))
    with console:  # one write for the whole view
        for line in lay_out(view, paper, marks=True, fold_tables=True):
            console.print(_text(line), crop=False, overflow="ignore", no_wrap=True)


def _text(line: Line) -> Text:
    text = Text()
    for piece, style in line:
        text.append(piece, _STYLES[style])
    text.rstrip()
    return text
