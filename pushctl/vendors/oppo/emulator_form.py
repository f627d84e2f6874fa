"""Forms as OPPO Push reads them: repeats and empty fields do no harm, and every text is UTF-8."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors.oppo.emulator_answers import BAD_ENCODING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Form:
    """The fields of a request in their order."""

    pairs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """The first value of each name that is not empty: an empty field is none."""
        found: dict[str, str] = {}
        for name, value in self.pairs:
            if value:
                found.setdefault(name, value)
        return found

    def get(self, name: str) -> str:
        """A field's value, or ""."""
        return self.fields.get(name, "")


def read_form(call: Call) -> Form | Refusal:
    """The body's fields; none for a body that is no form, with a note. Refuses text that is not UTF-8 (code 25)."""
    kind = (call.seen.header("content-type") or _FORM).partition(";")[0].strip().casefold()
    if kind != _FORM:
        call.note(f"The body is {kind[:40]}, no form: its fields are not seen.")
        return Form()
    return _pairs(call.seen.body)


def read_query(call: Call) -> Form | Refusal:
    """The fields of the URL's query."""
    return _pairs(call.seen.path.partition("?")[2].encode())


def read_json(text: str | bytes) -> Any:
    """JSON inside a field; None for what is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _pairs(encoded: bytes) -> Form | Refusal:
    try:
        return Form(tuple(parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")))
    except UnicodeDecodeError:
        return Refusal(BAD_ENCODING, "encoding", "the fields are not UTF-8")
    except ValueError:
        return Form()
