"""Whose an answer is by its form: by the names that it has. A code does not tell: Mi, OPPO, Meizu, Honor and Huawei all
say ``"code"``, and a number of one means something else to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.answers import json_object
from pushctl.vendors import registry


def likeness(vendor: str, body: bytes) -> int:
    """How many of the vendor's names the answer has; 0 for what is no object."""
    return _likeness(vendor, json_object(body))


def closer(vendor: str, body: bytes) -> bool:
    """Whether the answer has more of another vendor's names than of this one's."""
    document = json_object(body)
    own = _likeness(vendor, document)
    if document is None or own >= _names(document):
        return False  # nobody can know more of them, so the other vendors need not be loaded
    return any(_likeness(other, document) > own for other in registry.VENDORS)


def _likeness(vendor: str, document: Mapping[str, Any] | None) -> int:
    if document is None:
        return 0
    return sum(_has(document, name) for name in registry.load(vendor).card.answers)


def _has(document: Mapping[str, Any], name: str) -> bool:
    outer, dot, inner = name.partition(".")
    if not dot:
        return name in document
    value = document.get(outer)
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and inner in first


def _names(document: Mapping[str, Any]) -> int:
    """How many names it has, those right inside its objects included."""
    inner = (value[0] if isinstance(value, list) and value else value for value in document.values())
    return len(document) + sum(len(value) for value in inner if isinstance(value, dict))
