"""What lint looks at: the message as it would be sent, so that flags, ``--set`` and raw payloads are checked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import is_integer, read_json, table
from pushctl.core.rules import Fields
from pushctl.core.wire import encode_json
from pushctl.core.writing import header_pairs, refuse_changes_to_raw
from pushctl.vendors.oppo import message as messages
from pushctl.vendors.oppo.request import HEADERS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env

FIELDS = Fields(Path(__file__).parent / "fields.json")
AT = "notification"

PRIVATE = ("IM", "ACCOUNT", "DEVICE_REMINDER", "ORDER", "TODO", "SUBSCRIPTION")
"""Categories of communication and service (document 13189); the older word is private."""
PUBLIC = ("NEWS", "CONTENT", "MARKETING", "SOCIAL")
"""Categories of content and marketing; the older word is public."""


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar target: None when no target is at hand; only its kind counts.
    :ivar body: the ``message`` object as it would be sent; without a target unless the message names one itself.
    :ivar broadcast: whether it is saved first and then sent to a list.
    """

    message: Message
    target: Target | None
    headers: Pairs
    body: bytes
    broadcast: bool

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The body read as a JSON object; empty when it is none."""
        try:
            found = read_json(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def shown(self) -> Mapping[str, Any]:
        """``notification``, without what is null; empty when there is none or it is no object."""
        return {key: value for key, value in table(self.document, AT).items() if value is not None}

    @property
    def is_readable(self) -> bool:
        """Whether there is a notification to speak of at all."""
        return isinstance(self.document.get(AT), dict)

    @property
    def style(self) -> int:
        """The style; 1 where nothing is said."""
        style = self.shown.get("style", 1)
        return style if is_integer(style) else 1

    @property
    def category(self) -> str:
        """The category where it is one of OPPO's, else ""."""
        category = self.shown.get("category")
        return category if category in (*PRIVATE, *PUBLIC) else ""

    @property
    def has_template(self) -> bool:
        """Whether an approved template gives title and content."""
        return bool(self.shown.get("private_msg_template_id"))


def subject(account: Account | None, message: Message, target: Target | None, env: Env) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    refuse_changes_to_raw(message)
    headers = header_pairs(HEADERS, message.headers)
    body = messages.message_object(message, account.app if account else {}, env)
    raw = body if isinstance(body, bytes) else encode_json(body)
    return Subject(message, target, headers, raw, messages.is_broadcast(message))
