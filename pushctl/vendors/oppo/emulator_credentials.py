"""The throw-away credentials of the emulated OPPO Push: apps with their AppKeys, MasterSecrets and ids.

An AppKey and both secrets look alike (32 hexadecimal digits), so that nothing but the signature tells a mix-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_oauth import KEY_FILE

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge

APP = "3f6c1b0a9d8e47f2a5b4c3d2e1f0a601"
OTHER_APP = "3f6c1b0a9d8e47f2a5b4c3d2e1f0a602"
CARELESS_APP = "3f6c1b0a9d8e47f2a5b4c3d2e1f0a603"
MIXING_APP = "3f6c1b0a9d8e47f2a5b4c3d2e1f0a604"
COPYING_APP = "3f6c1b0a9d8e47f2a5b4c3d2e1f0a605"
NO_APP = "3f6c1b0a9d8e47f2a5b4c3d2e1f0a609"
"""AppKeys: the sandbox's own app; another one; three whose developers keep a wrong secret; one that no app has."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a developer has in his profile.

    :ivar secret: the name of the secret in his hands; the service knows the app by that of :data:`SECRET_OF`.
    """

    app_key: str
    secret: str


SETS: Mapping[str, Kept] = {
    "master-secret": Kept(APP, "first"),
    "other-app": Kept(OTHER_APP, "other"),
    "wrong-secret": Kept(CARELESS_APP, "mistaken"),
    "app-secret": Kept(MIXING_APP, "client"),
    "app-key": Kept(COPYING_APP, "key"),
    "unknown-app": Kept(NO_APP, "first"),
}
"""By the name of the set. ``app-secret`` is the fault that people make most: that secret is the phone's. ``app-key``
has the AppKey of another app for a secret; with its own a careful client sends nothing."""

SECRET_OF: Mapping[str, str] = {
    APP: "first",
    OTHER_APP: "other",
    CARELESS_APP: "careless",
    MIXING_APP: "mixing",
    COPYING_APP: "copying",
}
"""Every app that the service knows, by AppKey, and the name of its MasterSecret."""
ID_OF: Mapping[str, str] = {app: f"ZngnvJIM7wQusNtbqYnpH6X{number}" for number, app in enumerate(SECRET_OF, 1)}
"""AppIds, with which message ids begin; the form is that of document 11238's example."""


def secret_file(name: str) -> str:
    """Where the secret of this name lies."""
    return f"master-secret-{name}.txt"


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    names = sorted({*SECRET_OF.values(), *(kept.secret for kept in SETS.values())} - {"key"})
    secrets = {secret_file(name): forge.random_bytes(16).hex().encode() for name in names}
    return {KEY_FILE: forge.random_bytes(32), secret_file("key"): APP.encode(), **secrets}


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``master-secret``. Raises ``KeyError`` for an unknown
    one."""
    kept = SETS[credentials or "master-secret"]
    chosen = {"app_key": kept.app_key, "master_secret": f"file:{folder / secret_file(kept.secret)}"}
    return {"vendor": "oppo", "environment": environment, "credentials": chosen, "app": {}}
