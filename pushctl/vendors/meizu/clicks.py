"""What a tap does, in Meizu's numbers: 0 opens the app, 1 a page of it, 2 a URI (MEIZUPUSH/PushAPI:README.md,
clickTypeInfo). 3, left to the app, does nothing from Android 12 on and is never made here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.clicks import class_of, click_of
from pushctl.core.errors import UsageError


def click_type(click: str, app: Mapping[str, str]) -> dict[str, Any]:
    """``clickTypeInfo`` of a ``--click``.

    :raises UsageError: for a click that is none of Meizu's, and for an activity of an unknown package.
    """
    wanted = click_of(click)
    match wanted.kind:
        case "app":
            return {"clickType": 0}
        case "url":
            return {"clickType": 2, "url": wanted.value}
        case "activity":
            return {"clickType": 1, "activity": class_of(wanted.value, app)}
        case "intent":
            raise UsageError(
                "--click intent:… has no counterpart: Meizu opens the app, a page of it by its class, or a URI.",
                "Write --click activity:com.example.app.Detail, or --click url:myapp://detail.",
                rule="click-intent",
                where="--click",
            )
