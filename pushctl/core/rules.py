"""A vendor's lint rules and payload fields: data files that lint reads and ``pushctl explain`` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.finding import Finding, Level

if TYPE_CHECKING:
    from pushctl.core.catalogue import Confidence


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of ``rules.json``.

    :ivar id: stable; machine output and ``pushctl explain`` carry it.
    :ivar text: one sentence with ``{placeholders}`` that the check fills in.
    :ivar fix: one sentence, likewise.
    :ivar before: as :class:`~pushctl.core.finding.Finding` has it.
    :ivar about: what the rule is for, without placeholders.
    """

    vendor: str
    id: str
    level: Level
    text: str
    fix: str
    about: str
    source: str = ""
    confidence: Confidence = "high"
    before: bool = False

    def finding(self, where: str = "", **values: object) -> Finding:
        """The finding of one breach; long values are cut. ``KeyError`` when a placeholder is not filled: a mistake in
        the check."""
        told = {name: _cut(str(value)) for name, value in values.items()}
        return Finding(
            self.id,
            self.level,
            self.text.format_map(told),
            self.fix.format_map(told),
            _cut(where),
            self.source,
            self.confidence,
            self.before,
        )


def _cut(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


class Rules(Mapping[str, Rule]):
    """A vendor's ``rules.json``, read on first use.

    :param path: the file; ``{"vendor": id, "rules": [rule, …]}``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        document = json.loads(self._path.read_text("utf-8"))
        return {row["id"]: Rule(vendor=document["vendor"], **row) for row in document["rules"]}

    def __getitem__(self, rule: str) -> Rule:
        return self._by_id[rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


@dataclass(frozen=True, slots=True)
class PayloadField:
    """One field of ``fields.json``: a header or a key of the body.

    :ivar path: the header's name, or the keys joined by dots (``aps.alert.title``).
    :ivar place: ``header`` or ``body``.
    :ivar type: the JSON types that it takes: ``string``, ``integer``, ``number``, ``boolean``, ``object``,
        ``strings``, ``integers``, ``objects`` (arrays of them), ``any``; a vendor's own types (FCM has ``duration`` and
        ``string map``) are explained where its lint reads them.
    :ivar values: the closed set of its values, or () when it is open.
    :ivar required: when it must be there, in words, or "".
    :ivar push_types: the push types (or message kinds) that it belongs to; () for all.
    :ivar since: the platforms and versions that know it, or "".
    :ivar retired: why it should no longer be used, or "".
    """

    vendor: str
    path: str
    place: str
    type: tuple[str, ...]
    notes: str
    values: tuple[Any, ...] = ()
    required: str = ""
    push_types: tuple[str, ...] = ()
    since: str = ""
    retired: str = ""
    source: str = ""
    confidence: Confidence = "high"


class Fields(Mapping[str, PayloadField]):
    """A vendor's ``fields.json``, read on first use.

    :param path: the file; ``{"vendor": id, "fields": [field, …]}``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _by_path(self) -> dict[str, PayloadField]:
        document = json.loads(self._path.read_text("utf-8"))
        lists = ("type", "values", "push_types")
        rows: list[dict[str, Any]] = document["fields"]
        for row in rows:
            row.update({key: tuple(row[key]) for key in lists if key in row}, vendor=document["vendor"])
        return {row["path"]: PayloadField(**row) for row in rows}

    def __getitem__(self, path: str) -> PayloadField:
        return self._by_path[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_path)

    def __len__(self) -> int:
        return len(self._by_path)

    def below(self, parent: str) -> dict[str, PayloadField]:
        """The fields directly below ``parent``, by their last key."""
        return {
            path[len(parent) + 1 :]: field
            for path, field in self._by_path.items()
            if path.startswith(f"{parent}.") and "." not in path[len(parent) + 1 :]
        }
