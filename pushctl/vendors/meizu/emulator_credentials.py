"""The apps that the emulated Flyme Push knows, their throw-away secrets, and the sets in which developers have them.

There is no token: an app is its id and the secret that each request is signed with (MEIZUPUSH/PushAPI:README.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge, World

Region = Literal["mainland", "overseas"]

APP, OVERSEAS_APP, OTHER_APP, NO_APP = "140001", "140002", "140003", "140009"
"""The sandbox's own app, registered in both regions; one of the overseas console; another one; an id of no app."""


@dataclass(frozen=True, slots=True)
class App:
    """An app as the service knows it.

    :ivar secret: the name of its secret; ``former`` that of the one before it was reset, or "".
    :ivar key: the name of its AppKey, which only the app on the phone needs, or "".
    :ivar packages: the packages that may stand in ``restrictedPackageNames``.
    """

    regions: tuple[Region, ...]
    secret: str
    former: str = ""
    key: str = ""
    packages: tuple[str, ...] = ()


APPS: Mapping[str, App] = {
    APP: App(
        ("mainland", "overseas"), "secret-own", "secret-former", "key-own", ("com.example.app", "com.example.app.lite")
    ),
    OVERSEAS_APP: App(("overseas",), "secret-overseas", packages=("com.example.overseas",)),
    OTHER_APP: App(("mainland",), "secret-other", packages=("com.example.other",)),
}
"""Every app that the service knows, by its id."""

SETS: Mapping[str, tuple[str, str]] = {
    "signed": (APP, "secret-own"),
    "wrong-secret": (APP, "secret-mistaken"),
    "old-secret": (APP, "secret-former"),
    "app-key": (APP, "key-own"),
    "wrong-app-id": (NO_APP, "secret-own"),
    "overseas-app": (OVERSEAS_APP, "secret-overseas"),
    "other-app": (OTHER_APP, "secret-other"),
}
"""App id and name of the secret, by the name of the set."""


def file_of(name: str) -> str:
    """Where the secret of this name lies."""
    return f"app-{name}.txt"


def provision(forge: Forge) -> dict[str, bytes]:
    """Every secret and key, 32 hexadecimal digits each, as the console shows them."""
    known = {name for app in APPS.values() for name in (app.secret, app.former, app.key) if name}
    names = known | {secret for _, secret in SETS.values()}
    return {file_of(name): forge.random_bytes(16).hex().encode() for name in sorted(names)}


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the set of this name; "" stands for ``signed``. Raises ``KeyError`` for an unknown one."""
    app, secret = SETS[credentials or "signed"]
    chosen = {"app_secret": f"file:{folder / file_of(secret)}"}
    return {"vendor": "meizu", "environment": environment, "credentials": chosen, "app": {"app_id": app}}


def secret_of(world: World, name: str) -> str:
    """The secret of this name."""
    kept: dict[str, str] = world.state.setdefault("secrets", {})
    if name not in kept:
        kept[name] = (world.folder / file_of(name)).read_text("ascii")
    return kept[name]


def packages_of(world: World, app: str) -> tuple[str, ...]:
    """The packages of an app; that of the profile which runs against the sandbox is one of its own app's."""
    own = world.app.get("package_name", "") if app == APP else ""
    return (*APPS[app].packages, *filter(None, (own,)))
