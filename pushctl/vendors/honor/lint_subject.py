"""What lint looks at: the push as it would be sent, so that flags, ``--set`` and raw payloads are all checked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import read_json, table
from pushctl.core.rules import Fields
from pushctl.core.wire import encode_json
from pushctl.core.writing import refuse_changes_to_raw
from pushctl.vendors._huawei.bodies import said
from pushctl.vendors.honor import request

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env

FIELDS = Fields(Path(__file__).parent / "fields.json")


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar target: None when no target is at hand; only its kind counts.
    :ivar body: as it would be sent; without a token unless the message names one itself.
    """

    message: Message
    target: Target | None
    headers: Pairs
    body: bytes

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The body read as a JSON object, without what is null; empty when it is none."""
        try:
            found = said(read_json(self.body))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def android(self) -> Mapping[str, Any]:
        """``android``, empty when there is none or it is no object."""
        return table(self.document, "android")

    @cached_property
    def shown(self) -> Mapping[str, Any]:
        """``android.notification``, likewise."""
        return table(self.android, "notification")

    @cached_property
    def outer(self) -> Mapping[str, Any]:
        """``notification``, likewise."""
        return table(self.document, "notification")

    @property
    def is_notification(self) -> bool:
        """Whether any notification object is there: then Honor makes a notification of it."""
        return "notification" in self.document or "notification" in self.android


def subject(account: Account | None, message: Message, target: Target | None, env: Env) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    refuse_changes_to_raw(message)
    headers = request.build_headers(message, None, env.now)
    body = request.build_body(message, (), account.app if account else {})
    return Subject(message, target, headers, body if isinstance(body, bytes) else encode_json(body))
