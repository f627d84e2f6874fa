"""Whose an answer is by its form: by the names that its outermost object has. A code does not tell: Mi, OPPO, Meizu,
Honor and Huawei all say ``"code"``, and a number of one means something else to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.answers import json_object

_NAMES: Mapping[str, tuple[str, ...]] = {
    "apns": ("reason", "timestamp"),
    "fcm": ("error.code", "error.message", "error.status", "name"),
    "hms": ("code", "msg", "requestId"),
    "harmony": ("code", "msg", "requestId"),
    "honor": ("code", "message", "data", "data.sendResult", "data.requestId", "data.failTokens", "data.expireTokens"),
    "mi": (
        "result", "code", "description", "reason", "info", "trace_id", "data",
        "data.id", "data.bad_regids", "data.bad_regIds", "data.day_quota", "data.list", "data.data",
    ),
    "oppo": (
        "code", "message", "data",
        "data.messageId", "data.message_id", "data.task_id", "data.auth_token", "data.registration_ids",
        "data.registrationId",
    ),
    "vivo": ("result", "desc", "taskId", "requestId", "invalidUser", "invalidUsers", "authToken"),
    "meizu": ("code", "message", "value", "msgId", "redirect"),
}  # fmt: skip


def likeness(vendor: str, body: bytes) -> int:
    """How many of the vendor's names the answer has; 0 for what is no object."""
    return _likeness(_NAMES.get(vendor, ()), json_object(body))


def closer(vendor: str, body: bytes) -> bool:
    """Whether the answer has more of another vendor's names than of this one's."""
    document = json_object(body)
    own = _likeness(_NAMES.get(vendor, ()), document)
    return any(_likeness(names, document) > own for names in _NAMES.values())


def _likeness(names: tuple[str, ...], document: Mapping[str, Any] | None) -> int:
    return sum(_has(document, name) for name in names) if document is not None else 0


def _has(document: Mapping[str, Any], name: str) -> bool:
    outer, dot, inner = name.partition(".")
    if not dot:
        return name in document
    value = document.get(outer)
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and inner in first
