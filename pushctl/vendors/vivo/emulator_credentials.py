"""The throw-away credentials of the emulated vivo Push: apps with their AppKey and AppSecret."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_oauth import KEY_FILE

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge, World

APP, OTHER_APP, CARELESS_APP, NO_APP = "105500000", "105500001", "105500002", "105500009"
"""The sandbox's own app; another one; one whose developers keep a wrong secret; an id that no app has."""
APP_KEYS: Mapping[str, str] = {
    APP: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    OTHER_APP: "1f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f1",
    CARELESS_APP: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
}
"""Every app that the service knows, with its AppKey. The key is no secret: it stands in the app's manifest.
The careless app's is that of the sandbox's own, so that the profile of a run, whose app id stands for the latter, is
still refused for its secret."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A set of credentials as a developer has it.

    :ivar secret: the name of the secret in his hands.
    """

    app: str
    app_key: str
    secret: str


CREDENTIALS: Mapping[str, Keys] = {
    "app": Keys(APP, APP_KEYS[APP], APP),
    "wrong-secret": Keys(CARELESS_APP, APP_KEYS[CARELESS_APP], "mistaken"),
    "app-key": Keys(CARELESS_APP, APP_KEYS[CARELESS_APP], "app-key"),
    "wrong-app-key": Keys(APP, APP_KEYS[OTHER_APP], APP),
    "wrong-app-id": Keys(NO_APP, APP_KEYS[APP], APP),
}
"""By the name of the set. ``app-key`` has the AppKey where the AppSecret belongs."""


def secret_file(name: str) -> str:
    """Where the AppSecret of an app, or one that is none, lies."""
    return f"app-secret-{name}.txt"


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    secrets = {secret_file(name): _secret(forge) for name in (*APP_KEYS, "mistaken")}
    return {KEY_FILE: forge.random_bytes(32), **secrets, secret_file("app-key"): APP_KEYS[APP].encode()}


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``app``. Raises ``KeyError`` for an unknown one."""
    keys = CREDENTIALS[credentials or "app"]
    chosen = {"app_key": keys.app_key, "app_secret": f"file:{folder / secret_file(keys.secret)}"}
    return {"vendor": "vivo", "environment": environment, "credentials": chosen, "app": {"app_id": keys.app}}


def app_of(world: World, app_id: str) -> str:
    """The app of this id, or "". The id in the profile that runs against the sandbox stands for its own app."""
    if app_id and app_id == world.app.get("app_id") and app_id not in (*APP_KEYS, NO_APP):
        return APP
    return app_id if app_id in APP_KEYS else ""


def _secret(forge: Forge) -> bytes:
    """In the form of vivo's own example: a UUID."""
    return str(uuid.UUID(bytes=forge.random_bytes(16), version=4)).encode()
