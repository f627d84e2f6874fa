"""What a stream can do: is it a terminal, does it want colour, how wide is it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TextIO

Color = Literal["auto", "always", "never"]

PIPE_WIDTH = 80
NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Paper:
    """What a view is laid out on.

    :ivar cells: the width to wrap to.
    :ivar encoding: characters that it lacks are replaced; None for any character.
    :ivar workflow_commands: whether GitHub's runner reads along and would obey a line that looks like a command.
    """

    cells: int = PIPE_WIDTH
    encoding: str | None = None
    workflow_commands: bool = False


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sits at the other end. A closed or missing stream is none."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def colour_asked_for(environ: Mapping[str, str], flag: Color) -> bool:
    """Whether colour is wanted even where nobody knows if a terminal will show it."""
    if flag != "auto":
        return flag == "always"
    return not environ.get("NO_COLOR") and environ.get("FORCE_COLOR", "0") not in {"", "0", "false"}


def colour_for(stream: TextIO, environ: Mapping[str, str], flag: Color) -> bool:
    """The flag, else ``NO_COLOR`` (no-color.org), else ``FORCE_COLOR``, else whether it is a terminal that can."""
    if colour_asked_for(environ, flag):
        return True
    if flag == "never" or environ.get("NO_COLOR"):
        return False
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def cells_of(stream: TextIO, environ: Mapping[str, str]) -> int:
    """The width of a terminal: ``COLUMNS``, else what it says, else 80."""
    asked = environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked) > 0:
        return max(int(asked), NARROWEST)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns or PIPE_WIDTH, NARROWEST)
    except (OSError, ValueError, AttributeError):
        return PIPE_WIDTH
