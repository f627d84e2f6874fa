"""A JSON body as Google's front end turns it into protobuf: unknown names, types, enums, durations, oneofs.

All that is wrong is told at once, each in a line of its own, as in the bodies of public trouble reports
(healthjoy/async-firebase issue 23, beste/firebase-php issue 341). The sentences of durations, enums and scalars are
those of protobuf's own JSON parser; FCM's were not seen for all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from pushctl.vendors.fcm.emulator_answers import Refusal, Violation

_DURATION = re.compile(r"-?\d{1,12}(\.\d{1,9})?s")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_PACKAGE = "type.googleapis.com/google.firebase.fcm.v1."
_WELL_KNOWN = "type.googleapis.com/google.protobuf."
UNKNOWN, VALUE, SHAPE = "INVALID_ARGUMENT/unknown-field", "INVALID_ARGUMENT/value", "INVALID_ARGUMENT/json-type"
_CODES = (
    (re.compile(r"\.data\[\d+\]\.value$"), "INVALID_ARGUMENT/data-value-type"),
    (re.compile(r"\.android(_v2)?\.ttl$"), "INVALID_ARGUMENT/ttl"),
)


@dataclass(slots=True)
class _Reading:
    """What was found wrong, in order: the catalogue's code and the violation."""

    wrong: list[tuple[str, Violation]] = field(default_factory=list)

    def unknown(self, name: str, at: str, why: str, code: str = UNKNOWN) -> Any:
        """A name that does not fit. Returns None, to stand for the value."""
        where = f" at '{at}'" if at else ""
        self.wrong.append((code, (at, f'Invalid JSON payload received. Unknown name "{name}"{where}: {why}')))

    def value(self, at: str, kind: str, what: str) -> Any:
        """A value that does not fit. Returns None, to stand for it."""
        code = next((code for pattern, code in _CODES if pattern.search(at)), VALUE)
        self.wrong.append((code, (at, f"Invalid value at '{at}' ({kind}), {what}")))


@cache
def _known() -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads((Path(__file__).parent / "emulator_fields.json").read_text("utf-8"))
    return document


def parse(body: bytes) -> dict[str, Any] | Refusal:
    """The body as a JSON object, or what is wrong with its syntax. An empty body is an empty message."""
    if not body.strip():
        return {}
    try:
        document = json.loads(body.decode(), parse_constant=_no_constant)
    except RecursionError:
        return _no_json("Unexpected token. Message too deep.")
    except ValueError as error:
        where = (
            f" {error.msg}, line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        )
        return _no_json(f"Unexpected token.{where}")
    if isinstance(document, dict):
        return document
    said = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
    return Refusal(SHAPE, "body-object", message=said, violations=(("", said),))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _no_json(what: str) -> Refusal:
    note = "the words behind the first sentence are the emulator's own"
    return Refusal("INVALID_ARGUMENT/json-syntax", "body-json", note, f"Invalid JSON payload received. {what}")


def read(document: Mapping[str, Any], message: str = "SendMessageRequest") -> dict[str, Any] | Refusal:
    """The document with names in snake_case and without nulls, or what is wrong with it."""
    reading = _Reading()
    made = _message(reading, message, document, "")
    if not reading.wrong:
        return made
    said = "\n".join(description for _, (_, description) in reading.wrong)
    violations = tuple(violation for _, violation in reading.wrong)
    return Refusal(reading.wrong[0][0], "body-schema", message=said, violations=violations, front_end=True)


def _message(reading: _Reading, name: str, given: Mapping[str, Any], at: str) -> dict[str, Any]:
    fields: Mapping[str, str] = _known()["messages"][name]
    by_spelling = {spelling: each for each in fields for spelling in (each, _camel(each))}
    made: dict[str, Any] = {}
    for spelling, value in given.items():
        field_name = by_spelling.get(spelling)
        if field_name is None:
            reading.unknown(spelling, at, "Cannot find field.")
        elif value is not None and not _taken(reading, name, field_name, made, at):
            found = _field(reading, fields[field_name], value, _join(at, field_name), (at, spelling))
            made[field_name] = found
    return made


def _taken(reading: _Reading, message: str, name: str, made: Mapping[str, Any], at: str) -> bool:
    """Whether another field of the same oneof was set before."""
    for oneof, members in _known()["oneofs"].get(message, {}).items():
        if name in members and not made.keys().isdisjoint(members):
            what = f"oneof field '{oneof}' is already set. Cannot set '{_camel(name)}'"
            code = "INVALID_ARGUMENT/multiple-targets" if oneof == "target" else VALUE
            reading.wrong.append((code, (at, f"Invalid value at '{at}' (oneof), {what}")))
            return True
    return False


def _field(reading: _Reading, kind: str, value: Any, at: str, parent: tuple[str, str]) -> Any:
    if kind.endswith("[]"):
        listed = value if isinstance(value, list) else [value]  # protobuf's parser takes one for a list of one
        return [_field(reading, kind[:-2], each, f"{at}[{index}]", parent) for index, each in enumerate(listed)]
    if isinstance(value, list) and kind != "struct":
        return reading.unknown(parent[1], parent[0], "Proto field is not repeating, cannot start list.", SHAPE)
    if kind == "map":
        return _map(reading, value, at)
    if kind in _SCALARS:
        return _SCALARS[kind](reading, value, at)
    if kind in _known()["enums"]:
        return _enum(reading, kind, value, at)
    if isinstance(value, dict):
        return _message(reading, kind, value, at)
    return reading.value(at, f"{_PACKAGE}{kind}", _quoted(value))


def _map(reading: _Reading, value: Any, at: str) -> dict[str, str]:
    if not isinstance(value, dict):
        reading.value(at, "Map", f"Cannot bind a scalar to a map: {_quoted(value)}")
        return {}
    for index, each in enumerate(value.values()):
        if not isinstance(each, str):
            reading.value(f"{at}[{index}].value", "TYPE_STRING", _quoted(each))
    return value


def _string(reading: _Reading, value: Any, at: str) -> str:
    if isinstance(value, str):
        return value
    return reading.value(at, "TYPE_STRING", _quoted(value)) or ""


def _bool(reading: _Reading, value: Any, at: str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false") and isinstance(value, str):  # protobuf's parser takes these words
        return value == "true"
    return bool(reading.value(at, "TYPE_BOOL", _quoted(value)))


def _int32(reading: _Reading, value: Any, at: str) -> int:
    number = _number(value)
    if number is not None and number.is_integer() and -(2**31) <= number < 2**31:
        return int(number)
    return reading.value(at, "TYPE_INT32", _quoted(value)) or 0


def _double(reading: _Reading, value: Any, at: str) -> float:
    number = _number(value)
    return number if number is not None else (reading.value(at, "TYPE_FLOAT", _quoted(value)) or 0.0)


def _number(value: Any) -> float | None:
    """A number, or a string that is one: protobuf's parser takes both."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _duration(reading: _Reading, value: Any, at: str) -> float:
    kind = f"{_WELL_KNOWN}Duration"
    if not isinstance(value, str):
        return reading.value(at, kind, _quoted(value)) or 0.0
    if _DURATION.fullmatch(value):
        return float(value[:-1])
    name = at.rpartition(".")[2]
    return reading.value(at, kind, f"Field '{name}', Illegal duration format; duration must end with 's'") or 0.0


def _timestamp(reading: _Reading, value: Any, at: str) -> str:
    if isinstance(value, str) and _TIMESTAMP.fullmatch(value):
        return value
    name = at.rpartition(".")[2]
    what = f"Field '{name}', Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset."
    return reading.value(at, f"{_WELL_KNOWN}Timestamp", what) or ""


def _struct(reading: _Reading, value: Any, at: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return reading.value(at, f"{_WELL_KNOWN}Struct", _quoted(value)) or {}


def _enum(reading: _Reading, kind: str, value: Any, at: str) -> str:
    """A name in any letter case (the SDKs send ``high``), or a number."""
    names: list[str] = _known()["enums"][kind]
    if isinstance(value, str) and value.upper().replace("-", "_") in names:
        return value.upper().replace("-", "_")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
        return names[value]
    return reading.value(at, f"{_PACKAGE}{kind}", _quoted(value)) or ""


_SCALARS: Mapping[str, Callable[[_Reading, Any, str], Any]] = {
    "string": _string,
    "bool": _bool,
    "int32": _int32,
    "double": _double,
    "duration": _duration,
    "timestamp": _timestamp,
    "struct": _struct,
}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _quoted(value: Any) -> str:
    """A value as the answer repeats it."""
    if isinstance(value, dict):
        return "Starting an object on a scalar field"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
