"""What lint looks at: the push as it would be sent, so that flags, ``--set``, ``--header`` and raw payloads are all
checked alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from pushctl.core.message import Message, Target
from pushctl.core.rules import Fields
from pushctl.core.secret import Pairs, shown
from pushctl.core.wire import encode_json
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
    request.refuse_changes_to_raw(message)
    push_type = request.push_type_of(message, target)
    topic = request.topic_for(account.app if account else {}, push_type)
    headers = request.build_headers(message, target or Target("token", ""), push_type, topic, env.now, _NO_ID, None)
    raw = message.raw
    body = raw if raw is not None else encode_json(request.build_body(message, push_type, env.now))
    return Subject(account, message, target, push_type, headers, body, env.now)


def read_json(body: bytes) -> Any:
    """JSON as APNs reads it: UTF-8 (from bytes, Python would guess UTF-16, too) and no NaN. Raises ``ValueError``."""
    return json.loads(body.decode(), parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def described(value: object) -> str:
    """A JSON value in words: ``the string "1"``, ``an array``."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, str):
        return f"the string {short(value)}"
    if isinstance(value, int | float):
        return f"the number {short(value)}"
    return "an array" if isinstance(value, list) else "an object"


def short(value: object) -> str:
    """A value as JSON, cut to fit a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def is_number(value: object) -> TypeGuard[float]:
    """Whether JSON calls it a number. Python counts true and false, and makes infinity of 1e400; JSON does neither."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) != inf
