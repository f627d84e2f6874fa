"""What a tap does, in vivo's numbers: ``skipType`` 1 opens the app, 2 a link, 4 a page of the app by an intent URI.

3 hands ``skipContent`` to the app's own code and is left to ``--set``: newer SDKs of the app do not call that code any
more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.clicks import click_of, intent_of

HOME, LINK, CUSTOM, PAGE = 1, 2, 3, 4


def click(text: str | None, app: Mapping[str, str]) -> dict[str, Any]:
    """``skipType``, and ``skipContent`` where it needs one.

    :raises UsageError: for a click that is none of the four, and for an activity of an unknown package.
    """
    wanted = click_of(text)
    match wanted.kind:
        case "app":
            return {"skipType": HOME}
        case "url":
            return {"skipType": LINK, "skipContent": wanted.value}
        case "activity":
            return {"skipType": PAGE, "skipContent": intent_of(wanted.value, app)}
    return {"skipType": PAGE, "skipContent": wanted.value}
