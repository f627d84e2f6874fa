"""What lint looks at: the message as it would be sent, so that flags, ``--set`` and raw payloads are checked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import is_integer, read_json
from pushctl.core.rules import Fields
from pushctl.core.wire import encode_json
from pushctl.vendors.vivo import request
from pushctl.vendors.vivo.classes import CLASS_OF, OPERATIONAL

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env

FIELDS = Fields(Path(__file__).parent / "fields.json")
CHINA = timezone(timedelta(hours=8))
"""The clock by which vivo's hours and days are."""
_STAND_IN = "0" * 32  # for the requestId, which is made when it is sent


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar target: None when no target is at hand; only its kind counts.
    :ivar app: the profile's ``[app]``; empty without a profile.
    :ivar body: as it would be sent; without an id unless the message names one itself.
    :ivar now: Unix seconds.
    """

    message: Message
    target: Target | None
    app: Mapping[str, str]
    headers: Pairs
    body: bytes
    now: float

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The body read as a JSON object, without the members that are null; empty when it is none."""
        return {name: value for name, value in (self._object or {}).items() if value is not None}

    @cached_property
    def _object(self) -> dict[str, Any] | None:
        try:
            found = read_json(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def is_readable(self) -> bool:
        """Whether the body is a JSON object at all."""
        return self._object is not None

    @property
    def is_list(self) -> bool:
        """Whether it is a raw body that names the ids for a message which vivo keeps already."""
        return "taskId" in self.document or "regIds" in self.document or "aliases" in self.document

    @property
    def is_test(self) -> bool:
        """Whether it goes to test devices only."""
        return number(self.document.get("pushMode")) == request.TEST

    @property
    def category(self) -> str | None:
        """``category`` where it is text."""
        found = self.document.get("category")
        return found if isinstance(found, str) else None

    @property
    def classification(self) -> int | None:
        """``classification``; None where it is missing or no number."""
        return number(self.document.get("classification"))

    @property
    def class_of_message(self) -> int:
        """What vivo will take it for: its classification, else its category's class, else operational."""
        if self.classification is not None:
            return self.classification
        return CLASS_OF.get((self.category or "").upper(), OPERATIONAL)


def number(value: object) -> int | None:
    """A whole number, or one that is written as text, as vivo's own samples have it; None for anything else."""
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal() and value.isascii() and len(value) < 16:
        return int(value)
    return value if is_integer(value) else None


def subject(account: Account | None, message: Message, target: Target | None, env: Env) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    app = account.app if account else {}
    headers = request.build_headers(message, None)
    body = request.build_body(message, None, app, _STAND_IN)
    return Subject(message, target, app, headers, body if isinstance(body, bytes) else encode_json(body), env.now)
