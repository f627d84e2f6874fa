"""What arrived at the sandbox and how it was judged, one line of JSON per request. No secret gets into it."""

from __future__ import annotations

import base64
import binascii
import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any

from pushctl.core.errors import PushctlError
from pushctl.core.secret import SECRET_FIELDS

MOST_MASKED = 1 << 20
"""Bytes of a body that are searched for secrets: token answers and forms are small."""
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
    return tuple((name, _mask(value) if name.lower() in SECRET_HEADERS else value) for name, value in headers)


def masked_path(path: str) -> str:
    """A path as it may be kept: secrets in its query masked."""
    place, mark, query = path.partition("?")
    return f"{place}{mark}{_masked_form(query)}" if mark else path


def masked_body(body: bytes) -> str:
    """A body as it may be kept: a form's and a JSON document's secrets masked; any other as :func:`as_text`."""
    lowered = body[:MOST_MASKED].lower()
    if not any(name.encode() in lowered for name in SECRET_FIELDS):
        return as_text(body)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _masked_form(as_text(body))
    return json.dumps(_masked_json(document), ensure_ascii=False, separators=(",", ":"))


def _masked_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _mask(item) if isinstance(item, str) and key.lower() in SECRET_FIELDS else _masked_json(item)
            for key, item in value.items()
        }
    return [_masked_json(item) for item in value] if isinstance(value, list) else value


def _masked_form(text: str) -> str:
    pairs = (pair.partition("=") for pair in text.split("&"))
    return "&".join(
        f"{name}{sign}{_mask(value) if name.strip().lower() in SECRET_FIELDS else value}" for name, sign, value in pairs
    )


def _mask(value: str) -> str:
    scheme, blank, token = value.rpartition(" ")
    claims = _claims(token)
    return f"{scheme}{blank}{claims}" if claims else f"{scheme}{blank}$SECRET"


def _claims(token: str) -> str:
    """``{"alg":…} {"iss":…}`` of a JWT, or "" for what is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    shown = []
    for part in parts[:2]:
        try:
            decoded = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), b"-_"))
        except (ValueError, binascii.Error):
            return ""
        if not isinstance(decoded, dict):
            return ""
        shown.append(json.dumps(decoded, separators=(",", ":")))
    return " ".join(shown)


def as_text(body: bytes) -> str:
    """A body as a journal keeps it."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(body).decode()
