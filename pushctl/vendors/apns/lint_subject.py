"""What lint looks at: the push as it would be sent, so that flags, ``--set``, ``--header`` and raw payloads are all
checked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.message import Message, Target
from pushctl.core.payloads import read_json
from pushctl.core.rules import Fields
from pushctl.core.secret import Pairs, shown
from pushctl.core.wire import encode_json
from pushctl.core.writing import refuse_changes_to_raw
from pushctl.vendors.apns import request
from pushctl.vendors.apns.push_types import PushType, push_types

if TYPE_CHECKING:
    from pushctl.core.vendor import Account, Env

FIELDS = Fields(Path(__file__).parent / "fields.json")

_NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar account: None when no profile is at hand; what needs one is then not checked.
    :ivar target: None when no target is at hand.
    :ivar push_type: as it would be sent, known or not.
    :ivar now: Unix seconds.
    """

    account: Account | None
    message: Message
    target: Target | None
    push_type: str
    headers: Pairs
    body: bytes
    now: float

    @cached_property
    def kind(self) -> PushType | None:
        """The push type's data, or None for an unknown one."""
        return push_types().get(self.push_type)

    @cached_property
    def payload(self) -> Any:
        """The body read as JSON, or None when it is none."""
        try:
            return read_json(self.body)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def aps(self) -> Mapping[str, Any]:
        """``aps``, empty when there is none or it is no object."""
        aps = self.payload.get("aps") if isinstance(self.payload, dict) else None
        return aps if isinstance(aps, dict) else {}

    @property
    def broadcast(self) -> bool:
        """Whether it goes to a channel."""
        return self.target is not None and self.target.kind == "channel"

    @property
    def app(self) -> Mapping[str, str]:
        """The profile's app facts, empty without a profile."""
        return self.account.app if self.account else {}

    def header(self, name: str) -> str | None:
        """The first header of this name as it may be shown, or None."""
        return next((shown(value) for key, value in self.headers if key == name), None)


def subject(account: Account | None, message: Message, target: Target | None, env: Env) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    refuse_changes_to_raw(message)
    push_type = request.push_type_of(message, target)
    topic = request.topic_for(account.app if account else {}, push_type)
    headers = request.build_headers(message, target or Target("token", ""), push_type, topic, env.now, _NO_ID, None)
    raw = message.raw
    body = raw if raw is not None else encode_json(request.build_body(message, push_type, env.now))
    return Subject(account, message, target, push_type, headers, body, env.now)
