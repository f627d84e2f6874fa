"""What is said, before anyone decides how it looks.

A view is a tuple of blocks. Views decide what is said and in which order; renderers decide nothing but columns and
colours. Texts in a block may be untrusted: the layout cleans every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "bad", "doubt", "info", "dim", "plain"]


@dataclass(frozen=True, slots=True)
class Headline:
    """One line that carries the verdict: a word that says it without any colour, then the rest.

    :ivar mark: whether a terminal may set the tone's sign before the word.
    """

    tone: Tone
    word: str
    text: str = ""
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """One line of many: a word that says it without any colour, what it is about, the rest. Words and subjects are
    padded so that a run of them forms columns, also when the lines come one by one."""

    tone: Tone
    word: str
    subject: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and texts, aligned. A row with an empty label continues the one above."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text.

    :ivar indent: cells before each line.
    """

    text: str
    tone: Tone = "plain"
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list under a heading ("" for none)."""

    items: tuple[str, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with their names, and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that are shown as they are and never wrapped.

    :ivar language: ``http``, ``json``, ``toml``, ``shell`` or "".
    """

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty line."""


Block = Headline | Status | Facts | Paragraph | Bullets | Table | Code | Blank
View = tuple[Block, ...]
