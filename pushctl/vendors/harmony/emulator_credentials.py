"""The throw-away service accounts of the emulated Push Kit v3, and which project and app they are for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.vendors._huawei import emulator_accounts as service_accounts
from pushctl.vendors._huawei.emulator_accounts import ServiceAccount

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge

PROJECT = "736430079244700001"
CLIENT = "110000001"
OTHER_PROJECT = "736430079244700002"
OTHER_CLIENT = "110000002"
CLIENTS: Mapping[str, str] = {CLIENT: PROJECT, OTHER_CLIENT: OTHER_PROJECT}
"""The client ids of every app, which revoking has in its path, and the app's project."""

ACCOUNTS: Mapping[str, ServiceAccount] = {
    "service-account": ServiceAccount("private", PROJECT, "102000001", "a1b2c3d4e5f60718293a4b5c6d7e8f90"),
    "service-account-revoked": ServiceAccount(
        "private-revoked", PROJECT, "102000002", "b2c3d4e5f60718293a4b5c6d7e8f90a1", state="revoked"
    ),
    "service-account-unknown": ServiceAccount(
        "private-unknown", PROJECT, "102000003", "c3d4e5f60718293a4b5c6d7e8f90a1b2", state="unknown"
    ),
    "service-account-wrong-key": ServiceAccount(
        "private-wrong-key", PROJECT, "102000004", "d4e5f60718293a4b5c6d7e8f90a1b2c3", "second", "first"
    ),
    "other-project": ServiceAccount(
        "private-other-project", OTHER_PROJECT, "102000005", "e5f60718293a4b5c6d7e8f90a1b2c3d4", "second"
    ),
    "wrong-project": ServiceAccount(
        "private-wrong-project", OTHER_PROJECT, "102000006", "f60718293a4b5c6d7e8f90a1b2c3d4e5", "second"
    ),
}
_FACTS: Mapping[str, tuple[str, str]] = {"other-project": (OTHER_PROJECT, OTHER_CLIENT)}
"""Sets whose profile names another project and client id than the sandbox's own."""


def provision(forge: Forge) -> dict[str, bytes]:
    """Every key file, name to content."""
    return service_accounts.provision(forge, ACCOUNTS.values())


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``service-account``. Raises ``KeyError`` for an
    unknown one."""
    name = credentials or "service-account"
    chosen = {"service_account": f"file:{folder / ACCOUNTS[name].file}"}
    project, client = _FACTS.get(name, (PROJECT, CLIENT))
    facts = {"project_id": project, "client_id": client}
    return {"vendor": "harmony", "environment": environment, "credentials": chosen, "app": facts}
