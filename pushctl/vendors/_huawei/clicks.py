"""What a tap does, in the numbers that v1, v2 and Honor share (HMSCore-References/https-send-api-0000001050986197,
ClickAction; Honor took it over)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.clicks import click_of, intent_of


def click_action(click: str | None, app: Mapping[str, str]) -> dict[str, Any]:
    """What a tap does: 3 opens the app, 2 a web page, 1 a page of the app by its intent.

    :raises UsageError: for a click that is none of these, and for an activity of an unknown package.
    """
    wanted = click_of(click)
    match wanted.kind:
        case "app":
            return {"type": 3}
        case "url":
            return {"type": 2, "url": wanted.value}
        case "activity":
            return {"type": 1, "intent": intent_of(wanted.value, app)}
        case "intent":
            return {"type": 1, "intent": wanted.value}
