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
from pushctl.vendors.harmony import request
from pushctl.vendors.harmony.message import build_body
from pushctl.vendors.harmony.push_types import PushType, push_types

if TYPE_CHECKING:
    from pushctl.core.message import Message

FIELDS = Fields(Path(__file__).parent / "fields.json")


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar push_type: as it would be sent, known or not.
    :ivar body: as it would be sent; without tokens unless the message names them itself.
    """

    message: Message
    push_type: str
    body: bytes

    @cached_property
    def kind(self) -> PushType | None:
        """The push type's data, or None for an unknown one."""
        return push_types().get(self.push_type)

    @cached_property
    def document(self) -> Any:
        """The body read as JSON, or None when it is none."""
        try:
            return read_json(self.body)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def payload(self) -> Mapping[str, Any]:
        """``payload``, empty when there is none or it is no object."""
        return table(self.document, "payload")

    @cached_property
    def options(self) -> Mapping[str, Any]:
        """``pushOptions``, likewise."""
        return table(self.document, "pushOptions")

    @cached_property
    def notification(self) -> Mapping[str, Any]:
        """``payload.notification``, likewise."""
        return table(self.payload, "notification")

    @property
    def shows(self) -> bool:
        """Whether the push type is one that shows a notification."""
        return self.kind is not None and self.kind.shape in ("notification", "extension")

    @property
    def is_badge_alone(self) -> bool:
        """Whether it is a badge message: it has neither category, nor title, nor body."""
        return self.push_type == "0" and self.notification.keys() == {"badge"}

    @property
    def is_test(self) -> bool:
        """Whether it goes out as a test message."""
        return self.message.validate_only or self.options.get("testMessage") is True


def subject(message: Message) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    refuse_changes_to_raw(message)
    push_type = request.push_type_of(message)
    request.build_headers(push_type, None, message.headers)
    raw = message.raw
    body = raw if raw is not None else build_body(message, push_type, ())
    return Subject(message, push_type, body if isinstance(body, bytes) else encode_json(body))
