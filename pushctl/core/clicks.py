"""``--click``: what a tap on a notification does, in the words of the command line. Each vendor has numbers of its own;
how the words are read, and how a page of the app is named, is the same for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pushctl.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Click:
    """:ivar value: the URL, the activity's name as it was written, or the intent's URI; "" for ``app``."""

    kind: Literal["app", "url", "activity", "intent"]
    value: str = ""


def click_of(text: str | None) -> Click:
    """What is wanted; to open the app where nothing is said. Raises ``UsageError`` for what is none of the four."""
    kind, _, rest = (text or "app").partition(":")
    if text in (None, "app"):
        return Click("app")
    if kind == "url" and rest:
        return Click("url", rest)
    if kind == "activity" and rest:
        return Click("activity", rest)
    if kind == "intent" and rest:  # an intent's own URI may begin with intent:, too
        return Click("intent", str(text) if rest.startswith(("//", "#Intent")) else rest)
    raise UsageError(
        f"--click {text!r} is none of app, url:URL, activity:NAME and intent:URI.",
        "Write --click app, --click url:https://example.com, or --click activity:.DetailActivity.",
        rule="click",
        where="--click",
    )


def intent_of(name: str, app: Mapping[str, str]) -> str:
    """The intent's URI that starts an activity, as android.content.Intent writes one.

    :param app: the profile's ``[app]``; its ``package_name`` is needed unless the name has it.
    :raises UsageError: for an activity of an unknown package.
    """
    package, slash, bare = name.rpartition("/")
    return f"intent:#Intent;component={package if slash else _package(name, app)}/{bare};end"


def class_of(name: str, app: Mapping[str, str]) -> str:
    """The full name of an activity's class: ``.Detail`` and ``com.example.app/.Detail`` are filled in. Raises as
    :func:`intent_of`."""
    package, slash, bare = name.rpartition("/")
    if not bare.startswith("."):
        return bare
    return f"{package if slash else _package(name, app)}{bare}"


def _package(name: str, app: Mapping[str, str]) -> str:
    package = app.get("package_name", "").partition(",")[0].strip()
    if not package:
        raise UsageError(
            f"--click activity:{name} needs the app's package, and the profile does not say it.",
            "Add package_name to the profile's [app] table, or write activity:com.example.app/.Detail.",
            rule="click-package",
            where="--click",
        )
    return package
