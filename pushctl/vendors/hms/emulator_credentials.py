"""The throw-away credentials of the emulated Push Kit v1/v2: OAuth clients and service accounts, and who owns what."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_oauth import KEY_FILE
from pushctl.vendors._huawei import emulator_accounts as service_accounts
from pushctl.vendors._huawei.emulator_accounts import ServiceAccount

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge

APP = "100000001"
PROJECT = "736430079244600001"
OTHER_APP = "100000002"
OTHER_PROJECT = "736430079244600002"
CARELESS_APP = "100000003"
"""An app in the project whose developers keep a wrong secret."""
NO_APP = "100000009"
PROJECT_OF: Mapping[str, str] = {APP: PROJECT, CARELESS_APP: PROJECT, OTHER_APP: OTHER_PROJECT}
"""Every app that AppGallery Connect knows, and its project."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """An OAuth 2.0 client as a developer has it.

    :ivar secret: the name of the secret in his hands; the service knows the app by that of :data:`SECRET_OF`.
    """

    app: str
    secret: str

    @property
    def file(self) -> str:
        return secret_file(self.secret)


CLIENTS: Mapping[str, OAuthClient] = {
    "oauth": OAuthClient(APP, "first"),
    "other-app": OAuthClient(OTHER_APP, "other"),
    "wrong-secret": OAuthClient(CARELESS_APP, "mistaken"),
    "wrong-app": OAuthClient(NO_APP, "first"),
}
SECRET_OF: Mapping[str, str] = {APP: "first", OTHER_APP: "other", CARELESS_APP: "careless"}

ACCOUNTS: Mapping[str, ServiceAccount] = {
    "service-account": ServiceAccount("private", PROJECT, "101000001", "5b0c0a8d4f6e4c1f9d0e6a7b8c9d0e1f"),
    "service-account-revoked": ServiceAccount(
        "private-revoked", PROJECT, "101000002", "6c1d1b9e5a7f4d2a8e1f7b8c9d0e1f2a", state="revoked"
    ),
    "service-account-unknown": ServiceAccount(
        "private-unknown", PROJECT, "101000003", "7d2e2caf6b804e3b9f208c9d0e1f2a3b", state="unknown"
    ),
    "service-account-wrong-key": ServiceAccount(
        "private-wrong-key", PROJECT, "101000004", "8e3f3db07c914f4ca0319d0e1f2a3b4c", "second", "first"
    ),
    "service-account-other-project": ServiceAccount(
        "private-other-project", OTHER_PROJECT, "101000005", "9f404ec18da2405db1420e1f2a3b4c5d", "second"
    ),
}


def secret_file(name: str) -> str:
    """Where the client secret of this name lies."""
    return f"client-secret-{name}.txt"


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    names = {*SECRET_OF.values(), *(client.secret for client in CLIENTS.values())}
    return {
        KEY_FILE: forge.random_bytes(32),
        **{secret_file(name): _secret(forge) for name in sorted(names)},
        **service_accounts.provision(forge, ACCOUNTS.values()),
    }


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``oauth``. Raises ``KeyError`` for an unknown one."""
    name = credentials or "oauth"
    if name in ACCOUNTS:
        chosen = {"service_account": f"file:{folder / ACCOUNTS[name].file}"}
        app = APP
    else:
        chosen = {"client_secret": f"file:{folder / CLIENTS[name].file}"}
        app = CLIENTS[name].app
    facts = {"app_id": app, "project_id": PROJECT_OF.get(app, PROJECT)}
    return {"vendor": "hms", "environment": environment, "credentials": chosen, "app": facts}


def _secret(forge: Forge) -> bytes:
    """A secret that only a client that percent-encodes its form gets across: it has + / = and &."""
    return base64.b64encode(forge.random_bytes(30)) + b"+/=&" + base64.b64encode(forge.random_bytes(4))
