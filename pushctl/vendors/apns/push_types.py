"""The push types of APNs, read from ``push_types.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pushctl.core.catalogue import Confidence


@dataclass(frozen=True, slots=True)
class PushType:
    """One value of ``apns-push-type``.

    :ivar suffix: what the topic has after the bundle id.
    :ivar priorities: the allowed values of ``apns-priority``.
    :ivar default_priority: what is sent when nothing is said; None sends no header.
    :ivar limit: the largest body, in bytes.
    :ivar broadcast_limit: the same for a broadcast to a channel, or None where there is none.
    :ivar auth: which credential may send it; ``auth_confidence`` says how sure that is.
    :ivar aps: what ``aps`` holds from the start; None for a body that has no ``aps`` of its own.
    """

    id: str
    suffix: str
    priorities: tuple[int, ...]
    default_priority: int | None
    limit: int
    auth: Literal["any", "token", "certificate"]
    auth_confidence: Confidence
    aps: Mapping[str, Any] | None
    platforms: str
    remark: str
    confidence: Confidence
    source: str
    broadcast_limit: int | None = None


@cache
def push_types() -> Mapping[str, PushType]:
    """Every push type by its id, in the order of the file."""
    document = json.loads((Path(__file__).parent / "push_types.json").read_text("utf-8"))
    return {row["id"]: PushType(**{**row, "priorities": tuple(row["priorities"])}) for row in document["push_types"]}
