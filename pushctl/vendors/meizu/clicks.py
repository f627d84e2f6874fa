"""What a tap does, in Meizu's numbers: 0 opens the app, 1 a page of it, 2 a URI (MEIZUPUSH/PushAPI:README.md,
clickTypeInfo). 3, left to the app, does nothing from Android 12 on and is never made here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.errors import UsageError


def click_type(click: str, app: Mapping[str, str]) -> dict[str, Any]:
    """``clickTypeInfo`` of a ``--click``.

    :raises UsageError: for a click that is none of Meizu's, and for an activity of an unknown package.
    """
    kind, _, rest = click.partition(":")
    if click == "app":
        return {"clickType": 0}
    if kind == "url" and rest:
        return {"clickType": 2, "url": rest}
    if kind == "activity" and rest:
        return {"clickType": 1, "activity": _class(rest, app)}
    if kind == "intent" and rest:
        raise UsageError(
            "--click intent:… has no counterpart: Meizu opens the app, a page of it by its class, or a URI.",
            "Write --click activity:com.example.app.Detail, or --click url:myapp://detail.",
            rule="click-intent",
            where="--click",
        )
    raise UsageError(
        f"--click {click!r} is none of app, url:URI and activity:NAME.",
        "Write --click app, --click url:https://example.com, or --click activity:com.example.app.Detail.",
        rule="click",
        where="--click",
    )


def _class(name: str, app: Mapping[str, str]) -> str:
    """The full name of a class; ``.Detail`` and ``com.example.app/.Detail`` are filled in."""
    package, slash, bare = name.partition("/")
    if not slash:
        package, bare = app.get("package_name", ""), name
    if not bare.startswith("."):
        return bare
    if not package:
        raise UsageError(
            f"--click activity:{name} needs the app's package, and the profile does not say it.",
            "Add package_name to the profile's [app] table, or write the full name: com.example.app.Detail.",
            rule="click-package",
            where="--click",
        )
    return f"{package}{bare}"
