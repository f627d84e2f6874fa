"""The push types of v3, read from ``push_types.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pushctl.core.catalogue import Confidence


@dataclass(frozen=True, slots=True)
class PushType:
    """One value of the header ``push-type``.

    :ivar id: as it stands in the header: ``0``. :ivar name: what we call it: ``alert``.
    :ivar payload: Huawei's name for its payload. :ivar shape: how the builder fills that.
    :ivar tokens: the most tokens of one request. :ivar collapses: whether ``collapseKey`` counts.
    :ivar right: what Huawei must have granted, or "".
    :ivar required: keys of the payload without which Huawei refuses it; a notification's are told by ``lint``.
    :ivar expected: keys without which it makes no sense, though no page says that it is refused.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    payload: str
    shape: Literal["notification", "form", "extension", "extra", "live", "free"]
    tokens: int
    collapses: bool
    right: str
    required: tuple[str, ...]
    expected: tuple[str, ...]
    remark: str
    source: str
    confidence: Confidence


@cache
def push_types() -> Mapping[str, PushType]:
    """Every push type by its id, in the order of the file."""
    document = json.loads((Path(__file__).parent / "push_types.json").read_text("utf-8"))
    lists = ("aliases", "required", "expected")
    return {row["id"]: PushType(**{**row, **{key: tuple(row[key]) for key in lists}}) for row in document["push_types"]}


@cache
def _ids() -> Mapping[str, str]:
    """Name, alias and id to id."""
    return {name: kind.id for kind in push_types().values() for name in (kind.id, kind.name, *kind.aliases)}


def push_type_id(said: str) -> str:
    """The header's value for a number, a name or an alias, letter case ignored; what is none of these stays as it
    is."""
    return _ids().get(said.strip().casefold().replace("_", "-"), said)


def push_type_names() -> tuple[str, ...]:
    """Everything that :func:`push_type_id` takes, for suggestions."""
    return tuple(_ids())
