"""What a profile can learn from the files people have in hand: the words in which a vendor's ``importing`` says it.

A vendor's module has ``KNOWN`` (the files it knows, one line), ``read`` (one file → :class:`Piece` or None),
``combine`` (pieces → :class:`Draft`) and ``wanted`` (what must still be asked for).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pushctl.core.errors import ProfileError

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Piece:
    """One file.

    :ivar kind: the credential field that it fills (``key``, ``service_account``), or ``facts`` when it holds none.
    :ivar facts: what it says, by names that the vendor's files share (``bundle_id``, ``project_id``).
    """

    name: str
    kind: str
    content: Secret
    facts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What several files say together.

    :ivar values: place in the profile to value.
    :ivar files: credential field to the file that holds it.
    """

    values: Mapping[str, str]
    files: Mapping[str, Piece]
    findings: tuple[Finding, ...] = ()


def agreed(pieces: Iterable[Piece], remedy: str) -> dict[str, str]:
    """Every fact of these files.

    :param remedy: what to do when they contradict each other.
    :raises ProfileError: two of them do; both values are named.
    """
    said: dict[str, tuple[str, str]] = {}
    for piece in pieces:
        for fact, value in piece.facts.items():
            before, source = said.setdefault(fact, (value, piece.name))
            if before != value:
                raise ProfileError(
                    f"The files do not belong together: {source} says {fact} {before}, {piece.name} says {value}.",
                    remedy,
                    rule="import-mismatch",
                )
    return {fact: value for fact, (value, _) in said.items()}


def one_of_each(pieces: Iterable[Piece]) -> dict[str, Piece]:
    """The credential files by their kind. Raises ``ProfileError`` for two of one kind."""
    found: dict[str, Piece] = {}
    for piece in pieces:
        if piece.kind == "facts":
            continue
        other = found.setdefault(piece.kind, piece)
        if other is not piece:
            raise ProfileError(
                f"{other.name} and {piece.name} are both a {piece.kind.replace('_', ' ')}; a profile has one.",
                "Import them as two profiles.",
                rule="import-several",
            )
    return found
