"""What a tap does, in vivo's numbers: ``skipType`` 1 opens the app, 2 a link, 4 a page of the app by an intent URI.

3 hands ``skipContent`` to the app's own code and is left to ``--set``: newer SDKs of the app do not call that code any
more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.errors import UsageError

HOME, LINK, CUSTOM, PAGE = 1, 2, 3, 4


def click(wanted: str | None, app: Mapping[str, str]) -> dict[str, Any]:
    """``skipType``, and ``skipContent`` where it needs one.

    :raises UsageError: for a click that is none of the four, and for an activity of an unknown package.
    """
    wanted = "app" if wanted is None else wanted
    kind, _, rest = wanted.partition(":")
    if wanted == "app":
        return {"skipType": HOME}
    if kind == "url" and rest:
        return {"skipType": LINK, "skipContent": rest}
    if kind == "activity" and rest:
        return {"skipType": PAGE, "skipContent": f"intent:#Intent;component={_component(rest, app)};end"}
    if kind == "intent" and rest:  # an intent's own URI may begin with intent:, too
        return {"skipType": PAGE, "skipContent": wanted if rest.startswith(("//", "#Intent")) else rest}
    raise UsageError(
        f"--click {wanted!r} is none of app, url:URL, activity:NAME and intent:URI.",
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
