"""Fields of a request: a form's, a query's, or those of a message in JSON.

Several targets come as repeated fields (the Java SDK) or comma-separated in one (Go, Node); both are taken. A raw ``+``
is a blank, as in every form: the regid that had it is then unknown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi.emulator_answers import MIME

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call

_FORM = "application/x-www-form-urlencoded"
_EXTRA = "extra."


@dataclass(frozen=True, slots=True)
class Fields:
    """:ivar pairs: in order, repeats and empty ones kept."""

    pairs: tuple[tuple[str, str], ...]

    def one(self, name: str) -> str:
        """The first value of this name that is not empty, or ""."""
        return next((value for key, value in self.pairs if key == name and value), "")

    def extra_of(self, name: str) -> str:
        """The value of ``extra.<name>``, or ""."""
        return self.one(_EXTRA + name)

    def extras(self) -> dict[str, str]:
        """Every ``extra.`` field without the prefix."""
        names = dict.fromkeys(key.removeprefix(_EXTRA) for key, _ in self.pairs if key.startswith(_EXTRA))
        return {name: self.extra_of(name) for name in names}

    def many(self, name: str, separator: str = ",") -> list[str]:
        """Every value of this name, each once; those that are blank are none."""
        values = (part for key, value in self.pairs if key == name for part in value.split(separator))
        return list(dict.fromkeys(value for value in values if value.strip()))

    def plain(self) -> set[str]:
        """The names of all fields but the extras."""
        return {key for key, _ in self.pairs if not key.startswith(_EXTRA)}


def fields_of(call: Call) -> Fields | Refusal:
    """The fields of a request: a GET's query, a POST's form. What a body of another type is answered is unproved."""
    if call.seen.method == "GET":
        return Fields(tuple(parse_qsl(call.seen.path.partition("?")[2], keep_blank_values=True)))
    kind = (call.seen.header("content-type") or "").partition(";")[0].strip().casefold()
    if call.seen.body and kind != _FORM:
        return Refusal(MIME, "content-type", f"{kind or 'nothing'} in place of {_FORM}; the code is unproved")
    return Fields(tuple(parse_qsl(call.seen.body.decode("utf-8", "replace"), keep_blank_values=True)))


def fields_of_message(message: Any) -> Fields | None:
    """The fields of a message in ``messages``: plain values, and the extras as an object; None for what is none."""
    if not isinstance(message, dict):
        return None
    extras = message.get("extra", {})
    if not isinstance(extras, dict):
        return None
    plain = {name: value for name, value in message.items() if name != "extra"}
    found = plain | {_EXTRA + name: value for name, value in extras.items()}
    if any(isinstance(value, dict | list) for value in found.values()):
        return None
    return Fields(tuple((name, _text(value)) for name, value in found.items()))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)
