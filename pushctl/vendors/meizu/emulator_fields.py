"""The fields of a message as the emulated Flyme Push checks them: whole numbers, switches, texts, objects.

A switch is true or false (MEIZUPUSH/JavaSdk) or 1 or 0 (MEIZUPUSH/PushAPI:README.md). Numbers written as texts are
refused where the world is strict: one place of the documentation has them, and nothing tells what becomes of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pushctl.core.emulated_calls import CHINA_S, Refusal
from pushctl.core.texts import Unit, measure
from pushctl.vendors.meizu.emulator_answers import BLANK, PARAMETER

_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(slots=True)
class Walk:
    """One look at a message. ``notes``: what the journal is to say."""

    strict: bool
    notes: list[str] = field(default_factory=list)


Kind = Callable[[Any, str, Walk], Refusal | None]
"""What is wrong with a value that stands at this place; None for nothing."""


def wrong(where: str, what: str) -> Refusal:
    """A value that is not as the documentation has it."""
    return Refusal(PARAMETER, "message-field", f"{where} {what}")


def blank(where: str) -> Refusal:
    """A value that has to be there. Which code says so is unproved."""
    return Refusal(BLANK, "message-field", f"{where} is missing or empty; which code says so is unproved")


def whole(low: int, high: int) -> Kind:
    """A whole number in this range."""

    def check(value: Any, where: str, walk: Walk) -> Refusal | None:
        number = _number(value, where, walk)
        if number is None:
            return wrong(where, "is no whole number")
        return None if low <= number <= high else wrong(where, f"is not from {low} to {high}")

    return check


def one_of(*known: int) -> Kind:
    """One of these numbers."""

    def check(value: Any, where: str, walk: Walk) -> Refusal | None:
        number = _number(value, where, walk)
        return None if number in known else wrong(where, f"is none of {', '.join(map(str, known))}")

    return check


def switch(value: Any, where: str, walk: Walk) -> Refusal | None:
    """On or off."""
    if isinstance(value, bool) or _number(value, where, walk) in (0, 1):
        return None
    return wrong(where, "is none of 0, 1, true, false")


def text(most: int | None = None, unit: Unit = "characters", form: str = "") -> Kind:
    """A text; an empty one is as good as none.

    :param most: how long it may be. :param form: a regular expression that it has to match.
    """

    def check(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001 - as every kind
        if not isinstance(value, str):
            return wrong(where, "is no string")
        if most is not None and measure(value, unit) > most:
            return wrong(where, f"is over {most} {unit}")
        return wrong(where, "is not of its form") if value and form and not re.fullmatch(form, value) else None

    return check


def moment(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001 - as every kind
    """A time of China's clock, or an empty text, which the SDK writes for none."""
    return None if value == "" or seconds(value) is not None else wrong(where, "is not of the form yyyy-MM-dd HH:mm:ss")


def anything(value: Any, where: str, walk: Walk) -> Refusal | None:  # noqa: ARG001 - as every kind
    """Any JSON object."""
    return None if isinstance(value, dict) else wrong(where, "is no object")


def record(fields: Mapping[str, Kind]) -> Kind:
    """An object. A key that is not known is left alone, as the JSON libraries of Java do; that is unproved."""

    def check(value: Any, where: str, walk: Walk) -> Refusal | None:
        if not isinstance(value, dict):
            return wrong(where or "messageJson", "is no object")
        for key, item in value.items():
            path = f"{where}.{key}" if where else key
            if key not in fields:
                walk.notes.append(f"{path[:60]} is not a known field: it is ignored; unproved.")
                continue
            refusal = fields[key](item, path, walk)
            if refusal is not None:
                return refusal
        return None

    return check


def on(value: Any) -> bool:
    """Whether a switch that was found right is on."""
    return value in (True, 1, "1")


def seconds(value: Any) -> float | None:
    """A time of China's clock in Unix seconds, or None for what is none."""
    try:
        return datetime.strptime(value, _TIME).replace(tzinfo=UTC).timestamp() - CHINA_S
    except (ValueError, TypeError, OverflowError):
        return None


def number_of(value: Any) -> int:
    """A number that was found right."""
    return int(value)


def _number(value: Any, where: str, walk: Walk) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII) and not walk.strict:
        walk.notes.append(f"{where} is a number written as a text: it is taken; unproved.")
        return int(value)
    return None
