"""What lint looks at: the push as it would be sent, so that flags, ``--set`` and raw payloads are all checked alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from pushctl.core.rules import Fields
from pushctl.core.wire import encode_json
from pushctl.vendors.hms import request

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account

FIELDS = Fields(Path(__file__).parent / "fields.json")


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
        """The body read as JSON, or None when it is none."""
        try:
            return read_json(self.body)
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
        """Whether Android devices get something: not so where only the proxies have a block."""
        return not ({"apns", "webpush"} & self.inner.keys()) or "android" in self.inner or self.is_notification


def subject(account: Account | None, message: Message, target: Target | None) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    request.refuse_changes_to_raw(message)
    request.build_headers(message, None)
    body = request.build_body(message, (), account.app if account else {})
    return Subject(account, message, target, body if isinstance(body, bytes) else encode_json(body))


def read_json(body: bytes) -> Any:
    """JSON in UTF-8 (from bytes, Python would guess UTF-16, too) and without NaN. Raises ``ValueError``."""
    return json.loads(body.decode(), parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def table(parent: object, key: str) -> Mapping[str, Any]:
    """The object under ``key``, empty when there is none."""
    found = parent.get(key) if isinstance(parent, Mapping) else None
    return found if isinstance(found, dict) else {}


def objects(parent: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects in the array under ``key``, with their places."""
    found = parent.get(key)
    for place, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield place, item


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


def is_integer(value: object) -> TypeGuard[int]:
    """Whether it is a whole number, and neither true nor false."""
    return isinstance(value, int) and not isinstance(value, bool)
