"""What arrived at the sandbox and how it was judged, one line of JSON per request. No secret gets into it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any

from pushctl.core.errors import PushctlError
from pushctl.core.masking import mask, masked_form

MEMORY = 10_000
"""How many entries are kept in memory; the file keeps all."""
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "authtoken", "auth_token"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and its answer.

    :ivar time: Unix seconds.
    :ivar headers: as they arrived, secrets masked.
    :ivar body: as text; ``base64:…`` where it is no UTF-8.
    :ivar status: the HTTP status, or None when there was no HTTP answer.
    :ivar code: the catalogue's code, or None for an acceptance.
    :ivar wire: what happened in place of, or besides, an answer (``goaway``, ``drop`` …), or "".
    :ivar answer: the answer's body, as ``body``.
    """

    time: float
    vendor: str
    listener: str
    environment: str
    connection: int
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str
    status: int | None
    code: str | None
    rule: str
    note: str = ""
    wire: str = ""
    answer: str = ""
    answer_headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Journal:
    """Entries in memory, and in a file when there is one.

    :ivar path: the file, appended with mode 0600; None keeps everything in memory.
    :ivar watch: called with every entry as it is written (``sandbox serve`` prints a line).
    :ivar trouble: why the file could not be written, once it could not; serving goes on.
    """

    path: Path | None = None
    watch: Callable[[Entry], None] | None = None
    entries: list[Entry] = field(default_factory=list)
    trouble: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def write(self, entry: Entry) -> None:
        """Keep an entry. Never raises for a file that cannot be written."""
        with self._lock:
            self.entries.append(entry)
            if len(self.entries) > MEMORY:
                del self.entries[: MEMORY // 10]
            self._append(entry)
        if self.watch is None:
            return
        try:
            self.watch(entry)
        except (OSError, PushctlError) as error:  # nobody reads what is printed; clients are still served
            self.trouble = f"The requests cannot be shown any more: {error}"

    def _append(self, entry: Entry) -> None:
        if self.path is None:
            return
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, json.dumps(asdict(entry), separators=(",", ":")).encode() + b"\n")
            finally:
                os.close(handle)
        except OSError as error:
            self.trouble = f"The journal {self.path} cannot be written: {error.strerror or error}."


def parse(line: str) -> dict[str, Any] | None:
    """One line of a journal file, or None for a broken one."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("time"), (int, float)):
        return None
    return entry if isinstance(entry.get("status"), (int, NoneType)) else None


def masked(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Headers as they may be kept: of a JWT its header and claims, of any other secret its place only."""
    return tuple((name, mask(value) if name.lower() in SECRET_HEADERS else value) for name, value in headers)


def masked_path(path: str) -> str:
    """A path as it may be kept: secrets in its query masked."""
    place, mark, query = path.partition("?")
    return f"{place}{mark}{masked_form(query)}" if mark else path
