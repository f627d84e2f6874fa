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
from pushctl.vendors.hms import request

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account

FIELDS = Fields(Path(__file__).parent / "fields.json")
_FREE = frozenset({"payload", "result"})  # what is in apns.payload and in review.result is for others


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar account: None when no profile is at hand. :ivar target: None when no target is at hand; only its kind counts.
    :ivar body: as it would be sent; without a target unless the message names one itself.
    """

    account: Account | None
    message: Message
    target: Target | None
    body: bytes

    @cached_property
    def document(self) -> Any:
        """The body read as JSON, without what is null, or None when it is none."""
        try:
            return said(read_json(self.body), _FREE)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def inner(self) -> Mapping[str, Any]:
        """``message``, empty when there is none or it is no object."""
        return table(self.document, "message")

    @cached_property
    def android(self) -> Mapping[str, Any]:
        """``message.android``, likewise."""
        return table(self.inner, "android")

    @cached_property
    def shown(self) -> Mapping[str, Any]:
        """``message.android.notification``, likewise."""
        return table(self.android, "notification")

    @property
    def is_notification(self) -> bool:
        """Whether any notification object is there: then Huawei makes a notification of it."""
        return "notification" in self.inner or "notification" in self.android

    @property
    def for_android(self) -> bool:
        """Whether Android devices get something: not so where only the proxies have a block. ``message.notification``
        alone says nothing of the platform; Huawei's own sample for browsers has it beside ``webpush``."""
        return not ({"apns", "webpush"} & self.inner.keys()) or "android" in self.inner


def subject(account: Account | None, message: Message, target: Target | None) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    refuse_changes_to_raw(message)
    request.build_headers(message, None)
    body = request.build_body(message, (), account.app if account else {})
    return Subject(account, message, target, body if isinstance(body, bytes) else encode_json(body))
