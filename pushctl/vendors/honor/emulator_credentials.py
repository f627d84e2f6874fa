"""The throw-away credentials of the emulated Honor Push: OAuth clients of push services, and which app is whose."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_oauth import KEY_FILE

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge

APP, OTHER_APP, CARELESS_APP, NO_APP = "104000001", "104000002", "104000003", "104000009"
"""The sandbox's own app; another one; one whose developers keep a wrong secret; an id that no app has."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """An OAuth client as a developer has it.

    :ivar app: the app id in his profile.
    :ivar secret: the name of the secret in his hands; the service knows the client by that of :data:`SECRET_OF`.
    """

    client_id: str
    app: str
    secret: str


CLIENTS: Mapping[str, OAuthClient] = {
    "oauth": OAuthClient("hon-client-1", APP, "first"),
    "other-app": OAuthClient("hon-client-2", APP, "other"),
    "wrong-secret": OAuthClient("hon-client-3", CARELESS_APP, "mistaken"),
    "wrong-app-id": OAuthClient("hon-client-1", NO_APP, "first"),
    "app-secret": OAuthClient(APP, APP, "app"),
}
"""By the name of the set. ``app-secret`` is the fault that people make most: those of the app itself."""

SECRET_OF: Mapping[str, str] = {"hon-client-1": "first", "hon-client-2": "other", "hon-client-3": "careless"}
"""Every client that the service knows."""
APP_OF: Mapping[str, str] = {"hon-client-1": APP, "hon-client-2": OTHER_APP, "hon-client-3": CARELESS_APP}
"""Whose push service a client is of."""


def secret_file(name: str) -> str:
    """Where the client secret of this name lies."""
    return f"client-secret-{name}.txt"


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    names = {*SECRET_OF.values(), *(client.secret for client in CLIENTS.values())}
    return {KEY_FILE: forge.random_bytes(32), **{secret_file(name): _secret(forge) for name in sorted(names)}}


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``oauth``. Raises ``KeyError`` for an unknown one."""
    client = CLIENTS[credentials or "oauth"]
    chosen = {"client_id": client.client_id, "client_secret": f"file:{folder / secret_file(client.secret)}"}
    return {"vendor": "honor", "environment": environment, "credentials": chosen, "app": {"app_id": client.app}}


def _secret(forge: Forge) -> bytes:
    """A secret that only a client that percent-encodes its form gets across: it has + / = and &."""
    return base64.b64encode(forge.random_bytes(24)) + b"+/=&" + base64.b64encode(forge.random_bytes(3))
