"""A view as plain text: no escapes, for pipes and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.output.layout import lay_out

if TYPE_CHECKING:
    from pushctl.output.terminal import Paper
    from pushctl.output.view import View


def render(view: View, paper: Paper) -> str:
    """The text of a view, each line ended by a newline. Tables keep their rows on one line, for ``grep``."""
    lines = lay_out(view, paper, marks=False, fold_tables=False)
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
