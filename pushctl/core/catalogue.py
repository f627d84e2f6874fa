"""The vendor's error catalogue: what every code means, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

Category = Literal[
    "token", "credential", "permission", "payload", "target", "quota",
    "classification", "expired", "server", "network", "config",
]  # fmt: skip
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of one code. A code can have several, by endpoint or level; ``name`` tells them apart.

    :ivar code: as it stands on the wire.
    :ivar http_status: the status it comes with, or None where there is none or it varies.
    :ivar outcome: ``accepted`` for a success code, else ``refused``.
    :ivar category: None for a success code.
    :ivar match: what the vendor's own text says when a code has several meanings: this one's words.
    :ivar term: the vendor's own words for it in its own language, as its documents or answers have them: what finds the
        code on the vendor's site.
    :ivar origin: by whom it is said: "server", or "client" for a name that no server sends (an SDK's constant).
    """

    vendor: str
    code: str
    name: str
    summary: str
    causes: tuple[str, ...]
    fixes: tuple[str, ...]
    category: Category | None
    http_status: int | None = None
    outcome: Literal["accepted", "refused"] = "refused"
    retryable: bool = False
    retry_hint: str | None = None
    token_dead: bool | None = None
    confidence: Confidence = "high"
    sources: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    origin: Literal["server", "client"] = "server"
    term: str = ""

    @property
    def id(self) -> str:
        """What ``pushctl explain`` takes: ``apns:BadDeviceToken``."""
        return f"{self.vendor}:{self.code}"


class Catalogue:
    """A vendor's ``errors.json``, read on first use.

    :param path: the file; ``{"vendor": id, "errors": [entry, …]}``. ``"include"`` names another file beside or above
        it, whose entries follow: what a family of vendors shares.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order of the file."""
        document = json.loads(self._path.read_text("utf-8"))
        rows = list(document["errors"])
        if shared := document.get("include"):
            rows += json.loads((self._path.parent / shared).read_text("utf-8"))["errors"]
        return tuple(_entry(document["vendor"], row) for row in rows)

    @cached_property
    def _by_code(self) -> Mapping[str, tuple[Entry, ...]]:
        table: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            table[entry.code.casefold()] = (*table.get(entry.code.casefold(), ()), entry)
        return table

    def meanings(self, code: str) -> tuple[Entry, ...]:
        """Every meaning of ``code`` (letter case is ignored); empty when it is unknown."""
        return self._by_code.get(code.casefold(), ())

    def find(self, code: str, http_status: int | None = None) -> Entry | None:
        """The meaning of ``code`` that fits ``http_status`` best, or None."""
        meanings = self.meanings(code)
        return next((e for e in meanings if e.http_status == http_status), meanings[0] if meanings else None)

    def codes(self) -> tuple[str, ...]:
        """Every code once, in the order of the file."""
        return tuple(dict.fromkeys(entry.code for entry in self.entries))


def _entry(vendor: str, row: Mapping[str, Any]) -> Entry:
    outcome = row.get("outcome", "refused")
    return Entry(
        vendor=vendor,
        code=str(row["code"]),
        name=row["name"],
        summary=row["summary"],
        causes=tuple(row["causes"]),
        fixes=tuple(row["fixes"]),
        category=None if outcome == "accepted" else row["category"],
        http_status=row.get("http_status"),
        outcome=outcome,
        retryable=row["retryable"],
        retry_hint=row.get("retry_hint"),
        token_dead=row.get("token_dead"),
        confidence=row["confidence"],
        sources=tuple(row.get("sources", ())),
        match=tuple(row.get("match", ())),
        origin=row.get("origin", "server"),
        term=row.get("term", ""),
    )
