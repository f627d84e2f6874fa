"""What the bodies of Huawei's family have in common."""

from __future__ import annotations

from typing import Any

from pushctl.core.errors import UsageError


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


def collapse_key(collapse: str | None, name: str, fix: str) -> int | None:
    """``--collapse`` as v1, v2 and v3 take it, a whole number; None where nothing was said.

    :param name: of the field, for the error text. :param fix: what its values mean.
    :raises UsageError: for what is no number.
    """
    if collapse is None:
        return None
    text = collapse.strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(text) < 10):
        raise UsageError(
            f"--collapse {collapse!r} is no number, and Huawei's {name} is one.",
            fix,
            rule="collapse-key",
            where="--collapse",
        )
    return int(text)
