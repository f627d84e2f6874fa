"""The questions of ``profile add`` and ``profile import``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pushctl.config import paths

if TYPE_CHECKING:
    from pushctl.core.vendor import Card
    from pushctl.flows.profile_files import Plan

Ask = Callable[[str, str, str], str]
"""What, about what, default → the answer."""


def fill(ask: Ask, card: Card, plan: Plan) -> None:
    """Ask for whatever ``plan`` lacks, field by field; an empty answer leaves a field out."""
    if "environment" not in plan.values and len(card.environments) > 1:
        plan.values["environment"] = ask("environment", " or ".join(card.environments), "")
    for table, fields in (("app", card.app), ("credentials", card.credentials)):
        for field in fields:
            place = f"{table}.{field.name}"
            if place in plan.values:
                continue
            secret = "; a file's path, env:NAME or keyring:SERVICE/NAME" if field.secret else ""
            answer = ask(place, f"{field.about}{secret}{'' if field.required else '; empty: none'}", "")
            if answer:
                plan.values[place] = reference_of(answer) if field.secret else answer


def ask_missing(ask: Ask, plan: Plan) -> None:
    """Ask for what no file said."""
    for place in plan.missing:
        if place not in plan.values:
            answer = ask(place, "no file says it", "")
            if answer:
                plan.values[place] = answer


def reference_of(answer: str) -> str:
    """A path that someone typed or dropped onto the terminal as a reference."""
    path = paths.expanded(answer.strip("'\""))
    return f"file:{path.resolve()}" if path.is_file() else answer
