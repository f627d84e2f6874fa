"""What lint looks at: the push as it would be sent, so that flags, ``--set`` and raw payloads are all checked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import read_json, table
from pushctl.core.rules import Fields
from pushctl.vendors.meizu.message import message_json, packages, wants_task

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account

FIELDS = Fields(Path(__file__).parent / "fields.json")


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar target: None when no target is at hand; only its kind counts.
    :ivar body: ``messageJson`` as it would be sent. :ivar packages: ``restrictedPackageNames``, or "".
    :ivar task: whether it is deposited first.
    """

    message: Message
    target: Target | None
    body: bytes
    packages: str
    task: bool

    @cached_property
    def document(self) -> Mapping[str, Any] | None:
        """``messageJson`` read as a JSON object; None when it is none."""
        try:
            found = read_json(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def group(self, name: str) -> Mapping[str, Any]:
        """One of the groups, empty when there is none or it is no object."""
        return table(self.document, name)

    @property
    def is_flat(self) -> bool:
        """Whether it has the form of a pass-through message: its texts stand outside of any group."""
        document = self.document or {}
        return "noticeBarInfo" not in document and ("content" in document or "title" in document)


def subject(account: Account | None, message: Message, target: Target | None) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    body = message_json(message, account.app if account else {})
    named = packages(message).get("restrictedPackageNames", "")
    return Subject(message, target, body, named, wants_task(message))
