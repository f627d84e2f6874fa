"""A request on its way through the checks of an emulated service: who asks, why it is refused, how often today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pushctl.core.emulated_http import clock

if TYPE_CHECKING:
    from pushctl.core.emulated import Peer, Seen, World
    from pushctl.core.scenes import Book

CHINA_S = 8 * 3600
"""Chinese services count days by the clock of Beijing; unproved for each of them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not accepted.

    :ivar code: as the catalogue writes it; ``http/503`` stands for a status with an empty body.
    :ivar rule: the emulator's rule that decided.
    :ivar note: one sentence for the journal; says "unproved" where no vendor text, captured answer or client proves
        the rule or its code.
    :ivar msg: what the answer says; "" for the code's own text.
    """

    code: str
    rule: str
    note: str = ""
    msg: str = ""


@dataclass(slots=True)
class Call:
    """One request on its way through the checks.

    :ivar book: the scenarios and the catalogue of the vendor that is asked.
    :ivar notes: what the journal is to say of an acceptance.
    """

    seen: Seen
    peer: Peer
    world: World
    book: Book
    notes: list[str] = field(default_factory=list)

    @property
    def now(self) -> float:
        """The service's clock, Unix seconds."""
        return clock(self.world)

    def note(self, sentence: str) -> None:
        """Add a sentence to what the journal says."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def today(world: World) -> str:
    """The calendar day that quotas are counted by."""
    return datetime.fromtimestamp(clock(world) + CHINA_S, UTC).date().isoformat()


def counted(world: World, what: str, more: int = 1) -> int:
    """How often this has happened today, ``more`` times just now."""
    counts: dict[str, int] = world.state.setdefault("counts", {})
    key = f"{today(world)} {what}"
    counts[key] = counts.get(key, 0) + more
    return counts[key]
