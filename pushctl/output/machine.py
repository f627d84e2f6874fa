"""Documents as JSON text: one indented document, or one per line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pushctl.output.text import escape, is_unsafe

_ASCII = re.compile(r"[\x20-\x7e\n]*")


def json_text(document: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """A document, indented by two, with a newline at its end."""
    return _escaped(json.dumps(document, ensure_ascii=ascii_only, indent=2, allow_nan=False)) + "\n"


def jsonl_text(document: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """A document on one line, with a newline at its end."""
    text = json.dumps(document, ensure_ascii=ascii_only, separators=(",", ":"), allow_nan=False)
    return _escaped(text) + "\n"


def _escaped(text: str) -> str:
    r"""JSON in which no character can harm a terminal or a CI log; a parser reads back the same values. Such
    characters, and the ``##[`` that GitHub's runner obeys anywhere in a line, can only stand inside a string."""
    if "##[" in text:
        text = text.replace("##[", "##\\u005b")
    if _ASCII.fullmatch(text):
        return text
    for unsafe in filter(is_unsafe, set(text) - {"\n"}):  # a document of a thousand results has few kinds of characters
        text = text.replace(unsafe, escape(unsafe))
    return text
