"""What the bodies of Huawei's family have in common."""

from __future__ import annotations

from typing import Any


def said(value: Any, keep: frozenset[str] = frozenset()) -> Any:
    """A JSON value without the members that are null, at any depth: they count as unsaid. No page says so; published
    clients (pyhcm 1.0.6.4, zandala88/honor-push) write null for what was not asked for.

    :param keep: members whose inside is the user's own, and left alone.
    """
    if isinstance(value, list):
        return [said(item, keep) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: item if name in keep else said(item, keep) for name, item in value.items() if item is not None}
