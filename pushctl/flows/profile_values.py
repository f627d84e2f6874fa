"""Values and where they stand in a profile: what ``--set`` says, and how a profile's text takes it."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from pushctl.config import profiles
from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment

if TYPE_CHECKING:
    from pushctl.core.vendor import Card

_NUMBERS = ("network.port", "network.timeout")


def assignments(pairs: Sequence[str]) -> list[Assignment]:
    """``app.bundle_id=com.example.app`` and ``defaults.badge:=1`` (JSON). Raises ``UsageError``."""
    import json

    read = []
    for pair in pairs:
        place, equals, text = pair.partition("=")
        as_json = place.endswith(":")
        place = place.removesuffix(":").strip()
        if not equals or not place:
            raise UsageError(
                f"--set {place or pair!r} has no value.", "Write --set app.bundle_id=com.example.app.", rule="bad-set"
            )
        value: Any = text
        if as_json or place in _NUMBERS:
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                raise UsageError(
                    f"The value of --set {place} is no {'JSON' if as_json else 'number'}.",
                    "Text takes = in place of :=." if as_json else "Write the number alone.",
                    rule="bad-set",
                ) from None
        if not _writable(value):
            raise UsageError(
                f"The value of --set {place} cannot stand in a profile: TOML has no null, and text is UTF-8.",
                f"To take the key away, write --unset {place}.",
                rule="bad-set",
            )
        read.append(Assignment(place, value))
    return read


def in_full(place: str, card: Card) -> str:
    """``bundle_id`` as ``app.bundle_id``: a field of the vendor may be named without its table."""
    for table, fields in (("credentials", card.credentials), ("app", card.app)):
        if any(one.name == place for one in fields):
            return f"{table}.{place}"
    return place


def put(table: MutableMapping[str, Any], place: str, value: Any) -> None:
    """Set ``credentials.key`` or ``environment`` in a profile's table. Raises ``UsageError`` for another depth."""
    name, dot, key = place.partition(".")
    if not dot:
        if name in profiles.TABLES:
            raise UsageError(f"{name} is a table.", f"Name a key in it: {name}.KEY=VALUE.", rule="bad-set")
        table[name] = value
        return
    holder = table.setdefault(name, {})
    if not isinstance(holder, MutableMapping):
        raise UsageError(f"{name} is no table.", "Known: credentials, app, defaults, network.", rule="bad-set")
    holder[key] = value


def with_values(text: str, sets: Sequence[Assignment], unsets: Sequence[str]) -> str:
    """A profile's text with these places changed; comments and order survive. Raises ``UsageError``."""
    import tomlkit

    document = tomlkit.parse(text)
    for one in sets:
        put(document, one.path, one.value)
    for place in unsets:
        table, _, key = place.rpartition(".")
        holder: Any = document.get(table) if table else document
        if not isinstance(holder, MutableMapping) or key not in holder:
            raise UsageError(
                f"The profile has no {place}.", "'pushctl profile show' tells what it has.", rule="bad-set"
            )
        del holder[key]
    return tomlkit.dumps(document)


def _writable(value: Any) -> bool:
    """Whether TOML can hold it: no null, no text with the bytes that a shell passes on undecoded."""
    if isinstance(value, dict):
        return all(_writable(inner) for pair in value.items() for inner in pair)
    if isinstance(value, list):
        return all(_writable(inner) for inner in value)
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    return value is not None
