"""What a tap does, in the numbers that v1, v2 and Honor share (HMSCore-References/https-send-api-0000001050986197,
ClickAction; Honor took it over)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.errors import UsageError


def click_action(click: str, app: Mapping[str, str]) -> dict[str, Any]:
    """What a tap does: 3 opens the app, 2 a web page, 1 a page of the app by its intent.

    :raises UsageError: for a click that is none of these, and for an activity of an unknown package.
    """
    kind, _, rest = click.partition(":")
    if click == "app":
        return {"type": 3}
    if kind == "url" and rest:
        return {"type": 2, "url": rest}
    if kind == "activity" and rest:
        return {"type": 1, "intent": f"intent:#Intent;component={_component(rest, app)};end"}
    if kind == "intent" and rest:  # an intent's own URI may begin with intent:, too
        return {"type": 1, "intent": click if rest.startswith(("//", "#Intent")) else rest}
    raise UsageError(
        f"--click {click!r} is none of app, url:URL, activity:NAME and intent:URI.",
        "Write --click app, --click url:https://example.com, or --click activity:.DetailActivity.",
        rule="click",
        where="--click",
    )


def _component(name: str, app: Mapping[str, str]) -> str:
    """``package/class``, as android.content.Intent writes a component into a URI."""
    if "/" in name:
        return name
    package = app.get("package_name")
    if not package:
        raise UsageError(
            f"--click activity:{name} needs the app's package, and the profile does not say it.",
            "Add package_name to the profile's [app] table, or write activity:com.example.app/.Detail.",
            rule="click-package",
            where="--click",
        )
    return f"{package}/{name}"
