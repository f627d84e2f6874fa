"""What a JSON body may look like: types, values and limits as tables, and the walk that finds the first thing wrong.

Huawei's pages give types and limits and no word about members that they do not know. Strict mode refuses those with the
structure code (unproved), so that a misspelt field does not pass unseen; lenient mode lets them pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors._huawei.emulator_answers import STRUCTURE


@dataclass(slots=True)
class Walk:
    """One look at one body.

    :ivar strict: refuse members that no page and no SDK knows.
    :ivar notes: what was let pass and is worth saying.
    """

    strict: bool
    notes: list[str] = field(default_factory=list)


Kind = Callable[[Any, str, Walk], Refusal | None]
"""Looks at a value that stands at a path; None where it is right."""


def wrong(where: str, what: str, code: str = STRUCTURE, note: str = "") -> Refusal:
    """The refusal of a member: the answer names it, as Huawei's do."""
    return Refusal(code, f"field {where}", note or f"{where} {what}", f"{where} {what}")


def text(*values: str, most: int = 0, blank: bool = True, form: str = "", sdk: Iterable[str] = ()) -> Kind:
    """A string.

    :param values: the only ones; none for any. :param sdk: further ones that only SDKs know: taken, with a note.
    :param most: its length, characters; 0 for no limit. :param form: a regular expression for all of it.
    """
    pattern = re.compile(form) if form else None

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:
        if not isinstance(value, str):
            return wrong(where, "must be a string")
        if values and value not in values:
            if value not in sdk:
                return wrong(where, f"must be one of {', '.join(values)}")
            walk.notes.append(f"{where} {value} is known to SDKs only.")
        if not blank and not value.strip():
            return wrong(where, "must not be empty")
        if most and len(value) > most:
            return wrong(where, f"must not be longer than {most} characters")
        return wrong(where, "has a wrong format") if pattern and not pattern.fullmatch(value) else None

    return look


def integer(low: int | None = None, high: int | None = None, *, code: str = STRUCTURE) -> Kind:
    """A whole number within limits, both included; ``code`` says when it is not."""

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001 - the shape of a kind
        if isinstance(value, bool) or not isinstance(value, int):
            return wrong(where, "must be an integer", code)
        if (low is not None and value < low) or (high is not None and value > high):
            return wrong(where, f"value ranges from {low} to {high}", code)
        return None

    return look


def one_of(*values: int, sdk: Iterable[int] = ()) -> Kind:
    """A whole number out of a few; ``sdk`` are further ones that only SDKs know: taken, with a note."""

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return wrong(where, "must be an integer")
        if value in values:
            return None
        if value not in sdk:
            return wrong(where, f"must be one of {', '.join(map(str, values))}")
        walk.notes.append(f"{where} {value} is known to SDKs only.")
        return None

    return look


def number(low: float, high: float) -> Kind:
    """Any number within limits, both included."""

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001
        right = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
        return None if right else wrong(where, f"must be a number from {low} to {high}")

    return look


def boolean(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001
    """true or false."""
    return None if isinstance(value, bool) else wrong(where, "must be a boolean")


def anything(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001
    """Whatever it is: it is not Huawei's to read."""
    return None


def array(of: Kind, *, most: int | None = None) -> Kind:
    """A list of equals."""

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:
        if not isinstance(value, list):
            return wrong(where, "must be an array")
        if most is not None and len(value) > most:
            return wrong(where, f"must not have more than {most} elements")
        found = (of(item, f"{where}[{index}]", walk) for index, item in enumerate(value))
        return next(filter(None, found), None)

    return look


def table(of: Kind, *, most: int | None = None) -> Kind:
    """An object with any keys and values of one kind."""

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:
        if not isinstance(value, dict):
            return wrong(where, "must be an object")
        if most is not None and len(value) > most:
            return wrong(where, f"must not have more than {most} members")
        return next(filter(None, (of(item, f"{where}.{key}", walk) for key, item in value.items())), None)

    return look


def record(fields: Mapping[str, Kind], required: Iterable[str] = (), *, sdk: Iterable[str] = ()) -> Kind:
    """An object with these members.

    :param sdk: those of them that only SDKs know: taken, with a note.
    """
    wanted, only_sdk = tuple(required), frozenset(sdk)

    def look(value: Any, where: str, walk: Walk) -> Refusal | None:
        if not isinstance(value, dict):
            return wrong(where, "must be an object")
        for name in wanted:
            if name not in value:
                return wrong(inside(where, name), "is missing")
        for name, item in value.items():
            path = inside(where, name)
            if name not in fields:
                if walk.strict:
                    return wrong(path, "is not a known field", note=f"{path}: what Huawei does with it is unproved")
                continue
            if name in only_sdk:
                walk.notes.append(f"{path} is known to SDKs only.")
            if (found := fields[name](item, path, walk)) is not None:
                return found
        return None

    return look


def inside(where: str, name: str) -> str:
    """The path of a member: ``message.android``; of the body itself, its name alone."""
    return f"{where}.{name}" if where else name


def present(value: Any, keep: Iterable[str] = ()) -> Any:
    """The body without members that are null: they count as absent. No page says so; the published pyhcm client writes
    ``"topic": null`` beside its token and lives on that.

    :param keep: members whose inside is left alone.
    """
    if isinstance(value, list):
        return [present(item, keep) for item in value]
    if not isinstance(value, dict):
        return value
    kept = frozenset(keep)
    said = ((name, item) for name, item in value.items() if item is not None)
    return {name: item if name in kept else present(item, kept) for name, item in said}
