"""Small looks at single fields, and the refusals that they come to.

Which code a wrong value has, Xiaomi's table tells only by its one phrase per code: unproved where a note says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi.emulator_answers import BLANK, VALUE

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_form import Fields


def blank(name: str, code: str = BLANK, note: str = "") -> Refusal:
    """A field without which nothing goes; worded as the one such answer that was seen (for ``payload``)."""
    return Refusal(code, f"field {name}", note or f"{name} is missing; its code is unproved", f"{name}参数不能为空")


def wrong(name: str, what: str, code: str = VALUE) -> Refusal:
    """A field with a value that it cannot have."""
    return Refusal(code, f"field {name}", f"{name} {what}; the code is unproved", f"{name} {what}")


def doubtful(call: Call, refusal: Refusal | None) -> Refusal | None:
    """A refusal where the world is strict; else a sentence in the journal: nothing tells that Xiaomi minds."""
    if refusal is None or call.world.strict:
        return refusal
    call.note(f"{refusal.msg}, which is let pass.")
    return None


def number(text: str, low: int, high: int) -> int | None:
    """A whole number within limits, both included; None for anything else."""
    if not re.fullmatch(r"-?\d{1,19}", text, re.ASCII):
        return None
    value = int(text)
    return value if low <= value <= high else None


def in_range(fields: Fields, name: str, low: int, high: int, code: str = VALUE) -> Refusal | None:
    """A field that is a number within limits, or is not there."""
    text = fields.one(name)
    if not text or number(text, low, high) is not None:
        return None
    return wrong(name, f"must be a number from {low} to {high}", code)
