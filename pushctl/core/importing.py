"""What a profile can learn from the files people have in hand: the words in which a vendor's ``importing`` says it.

A vendor's module has ``KNOWN`` (the files it knows, one line), ``read`` (one file → :class:`Piece` or None),
``combine`` (pieces → :class:`Draft`) and ``wanted`` (what must still be asked for).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pushctl.core.answers import one_line
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
                    f"The files do not belong together: {source} says {fact} {one_line(before)}, "
                    f"{piece.name} says {one_line(value)}.",
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


def damage(data: bytes) -> str:
    """Why a file that nobody recognises may be none of those it was taken for, as the end of a sentence: it is empty,
    a web page, JSON that is damaged, something in base64. "" for anything else."""
    import json

    text = data.decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
    if not text:
        return "is empty"
    if text[:200].lstrip().lower().startswith(("<!doctype html", "<html")):
        return "is a web page, not the file itself (a login page is often saved in its place)"
    if text.startswith("{"):
        try:
            json.loads(text, strict=False)
        except json.JSONDecodeError as error:
            return f"begins like JSON and is damaged or cut short: line {error.lineno}, column {error.colno}"
        except RecursionError:
            return "is JSON that is nested too deeply"
        except ValueError:  # Python reads no integer of more than 4,300 digits
            return "is JSON with a number of thousands of digits"
    return "is JSON in base64; decode it first (base64 -d)" if _is_packed(text) else ""


def _is_packed(text: str) -> bool:
    import base64
    import binascii

    try:
        plain = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return plain.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def put_together(pieces: Sequence[Piece], places: Mapping[str, str], remedy: str) -> Draft:
    """What pieces of the same app, each of another kind, come to.

    :param places: a fact's name and its place in a profile. :param remedy: what to do where two files disagree.
    :raises ProfileError: two of them contradict each other, or are of the same kind.
    """
    files, facts = one_of_each(pieces), agreed(pieces, remedy)
    findings = tuple(dict.fromkeys(finding for piece in pieces for finding in piece.findings))
    return Draft({place: facts[fact] for fact, place in places.items() if fact in facts}, files, findings)
