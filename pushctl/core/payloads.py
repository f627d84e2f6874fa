"""What lint says of any JSON body, whoever's it is: whether it is JSON at all, what a value is in words, and whether it
is of the type that a field takes."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField, Rule

TYPES: Mapping[str, str] = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "objects": "an array of objects",
    "strings": "an array of strings",
    "integers": "an array of whole numbers",
    "numbers": "an array of numbers",
    "any": "any value",
}
"""The types of ``fields.json``, in words."""

_ONE: Mapping[str, type] = {"string": str, "boolean": bool, "object": dict}
_MANY: Mapping[str, str] = {"strings": "string", "objects": "object", "integers": "integer", "numbers": "number"}


def read_json(body: bytes) -> Any:
    """JSON as vendors read it: UTF-8 (from bytes, Python would guess UTF-16, too), no NaN, and no number beyond the
    range of a double, of which Python would make infinity. Raises ``ValueError``."""
    return json.loads(body.decode(), parse_constant=_no_constant, parse_float=finite)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def finite(digits: str) -> float:
    """A number of JSON with a fraction or an exponent. Raises ``ValueError`` for one that no double holds."""
    value = float(digits)
    if abs(value) == inf:
        raise ValueError(f"the number {digits[:20]} is larger than any that can be read")
    return value


def parsed(raw: bytes) -> Any:
    """A body as lenient readers take it, for what it names itself; None when it is no JSON at all (lint says why)."""
    try:
        return json.loads(raw.decode())
    except (ValueError, RecursionError):
        return None


def why_not_json(body: bytes) -> str | None:
    """Why the body is no JSON, with line and column, or None."""
    try:
        read_json(body)
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} is not UTF-8"
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    except (ValueError, RecursionError) as error:
        return str(error) or "it is nested too deeply"
    return None


def form(body: bytes, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """What keeps the body from being a JSON object, by the rules ``payload-empty``, ``payload-bom``,
    ``payload-not-json`` and ``payload-not-object`` of the vendor; nothing when it is one."""
    if not body.strip():
        yield rules["payload-empty"].finding("payload")
    elif body.startswith(b"\xef\xbb\xbf"):
        yield rules["payload-bom"].finding("payload")
    elif (why := why_not_json(body)) is not None:
        yield rules["payload-not-json"].finding("payload", why=why)
    elif not isinstance(found := read_json(body), dict):
        yield rules["payload-not-object"].finding("payload", found=described(found))


def described(value: object) -> str:
    """A JSON value in words: ``the string "1"``, ``an array``."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, str):
        return f"the string {short(value)}"
    if isinstance(value, int | float):
        return f"the number {short(value)}"
    return "an array" if isinstance(value, list) else "an object"


def short(value: object) -> str:
    """A value as JSON, cut to fit a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def is_number(value: object) -> TypeGuard[float]:
    """Whether JSON calls it a number. Python counts true and false, and makes infinity of 1e400; JSON does neither."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) != inf


def is_integer(value: object) -> TypeGuard[int]:
    """Whether it is a whole number, and neither true nor false."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_of(value: object, kind: str) -> bool:
    """Whether a value is of a type of ``fields.json``; of a type that is not in :data:`TYPES` nothing is."""
    if kind in _MANY:
        return isinstance(value, list) and all(is_of(item, _MANY[kind]) for item in value)
    if kind == "integer":
        return is_integer(value)
    if kind == "number":
        return is_number(value)
    return kind == "any" or isinstance(value, _ONE.get(kind, ()))


def table(parent: object, key: str) -> Mapping[str, Any]:
    """The object under ``key``, empty when there is none or it is something else."""
    found = parent.get(key) if isinstance(parent, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def objects(parent: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects in the array under ``key``, with their places in it."""
    found = parent.get(key)
    for place, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield place, item


def texts(parent: Mapping[str, Any], key: str) -> list[str]:
    """The strings in the array under ``key``."""
    found = parent.get(key)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def of_field(
    path: str,
    value: object,
    field: PayloadField,
    rules: Mapping[str, Rule],
    *,
    own_types: Container[str] = (),
    own_values: Container[str] = (),
) -> Iterator[Finding]:
    """What is wrong with a value by what ``fields.json`` says of its field: the rules ``retired-key``, ``wrong-type``
    and ``wrong-value`` of the vendor.

    :param own_types: paths whose type has a rule of its own. :param own_values: likewise for values.
    """
    if field.retired:
        yield rules["retired-key"].finding(path, path=path, why=field.retired)
    if not any(is_of(value, kind) for kind in field.type):
        if path not in own_types:
            wanted = " or ".join(TYPES[kind] for kind in field.type)
            yield rules["wrong-type"].finding(path, path=path, found=described(value), wanted=wanted)
    elif field.values and value not in field.values and path not in own_values:
        known = ", ".join(json.dumps(one) for one in field.values)
        yield rules["wrong-value"].finding(path, path=path, value=short(value), known=known)


def close_name(key: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The known key that this one may have been meant to be: another spelling (``clickAction`` for ``click_action``,
    and the reverse), or a slip; "" when there is none."""
    import difflib  # only a mistake needs it

    bare = {_bare(name): name for name in known}
    if _bare(key) in bare:
        return bare[_bare(key)]
    close = difflib.get_close_matches(_bare(key), bare, n=1, cutoff=0.75)
    return bare[close[0]] if close else ""


def meant(key: str, known: Mapping[str, PayloadField], fields: Mapping[str, PayloadField]) -> str:
    """What a key that is not known here may have been meant to be, or the one place where it belongs, as a sentence; ""
    for neither.

    :param known: the fields of this place. :param fields: those of the whole body, by path.
    """
    if close := close_name(key, tuple(known)):
        return f"Did you mean {close}?"
    elsewhere = [path for path, field in fields.items() if path.rpartition(".")[2] == key and field.place == "body"]
    return f"It belongs to {elsewhere[0].rpartition('.')[0] or 'the body itself'}." if len(elsewhere) == 1 else ""


def _bare(key: str) -> str:
    return key.replace("_", "").replace("-", "").casefold()
