"""The throw-away credentials of the emulated Mi Push: which app has which AppSecret, packages and state."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge, World

NO_PACKAGE = "com.example.unknown"
"""A package that no app has."""
PRIVATE_CHANNEL, PUBLIC_CHANNEL, OLD_CHANNEL = "142345", "142346", "108000"
"""Channels that the console gave out: a private and a public one of the new classification, and an older one."""

PLAIN_TEMPLATE = "P10002"
"""A template without variables, for private messages."""


@dataclass(frozen=True, slots=True)
class App:
    """An app as the service knows it.

    :ivar app_key: what stands beside the AppId in the client; 13 digits.
    :ivar packages: one AppSecret may serve several ("multi package").
    :ivar secret: the name of its AppSecret.
    :ivar gone_over: only channels of the new classification are good for it, and private messages need a template.
    :ivar used_up: what it may deliver today is delivered already.
    :ivar phones: whether the emulated phones have it.
    """

    app_id: str
    app_key: str
    packages: tuple[str, ...]
    secret: str
    gone_over: bool = False
    used_up: bool = False
    phones: bool = True


OWN = App("2882303761517000001", "5701700000101", ("com.example.app", "com.example.app.pad"), "first")
OTHER = App("2882303761517000002", "5701700000202", ("com.example.other",), "other", phones=False)
CLASSIFIED = App("2882303761517000003", "5701700000303", ("com.example.classified",), "classified", gone_over=True)
POPULAR = App("2882303761517000004", "5701700000404", ("com.example.popular",), "popular", used_up=True)
APPS = (OWN, OTHER, CLASSIFIED, POPULAR)
"""Every app that the service knows."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a developer has in hand.

    :ivar secret: the name of what stands where the AppSecret belongs.
    """

    app: App
    secret: str
    package: str
    channel: str = PUBLIC_CHANNEL


SETS: Mapping[str, Held] = {
    "app": Held(OWN, OWN.secret, OWN.packages[0]),
    "other-app": Held(OWN, OTHER.secret, OWN.packages[0]),
    "wrong-secret": Held(OWN, "mistaken", OWN.packages[0]),
    "app-key": Held(OWN, "app-key", OWN.packages[0]),
    "wrong-package": Held(OWN, OWN.secret, NO_PACKAGE),
    "new-classification": Held(CLASSIFIED, CLASSIFIED.secret, CLASSIFIED.packages[0], OLD_CHANNEL),
    "used-up": Held(POPULAR, POPULAR.secret, POPULAR.packages[0]),
}
"""By name. ``app-key`` is the fault that people make most (github.com/taoweiji/MixPush/issues/44)."""


def secret_file(name: str) -> str:
    """Where the secret of this name lies."""
    return f"app-secret-{name}.txt"


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    names = (*(app.secret for app in APPS), "mistaken")
    return {secret_file("app-key"): OWN.app_key.encode(), **{secret_file(name): _secret(forge) for name in names}}


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``app``. Raises ``KeyError`` for an unknown one."""
    held = SETS[credentials or "app"]
    return {
        "vendor": "mi",
        "environment": environment,
        "credentials": {"app_secret": f"file:{folder / secret_file(held.secret)}"},
        "app": {
            "package_name": held.package,
            "app_id": held.app.app_id,
            "app_key": held.app.app_key,
            "channel_id": held.channel,
            "private_channel_id": PRIVATE_CHANNEL,
            "public_channel_id": PUBLIC_CHANNEL,
            "template_id": PLAIN_TEMPLATE,
        },
    }


def app_of_secret(world: World, secret: str) -> App | None:
    """The app whose AppSecret this is."""
    given = secret.encode("utf-8", "surrogateescape")
    for app in APPS:
        if hmac.compare_digest((world.folder / secret_file(app.secret)).read_bytes(), given):
            return app
    return None


def has(world: World, app: App, package: str) -> bool:
    """Whether this is a package of the app; that of the profile that runs against it is one as well."""
    return package in app.packages or (app.phones and bool(package) and package == world.app.get("package_name"))


def _secret(forge: Forge) -> bytes:
    """Base64 of 16 bytes, as Xiaomi's are; it has ``+`` and ``/`` in it, which belong into the header unchanged."""
    return base64.b64encode(forge.random_bytes(6) + b"\xfb\xff" + forge.random_bytes(8))
