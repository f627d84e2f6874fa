"""The throw-away credentials of the FCM sandbox: what is made, who they are, and which profile uses what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pushctl.core.emulated import World
from pushctl.core.emulated_oauth import KEY_FILE, claims_of, issue
from pushctl.vendors.fcm.emulator_answers import NUMBER, PROJECT
from pushctl.vendors.fcm.emulator_handsets import PACKAGE

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge

TOKEN_URL = "https://oauth2.googleapis.com/token"  # an address
STS_URL = "https://sts.googleapis.com/v1/token"
MESSAGING = "https://www.googleapis.com/auth/firebase.messaging"
CLOUD = "https://www.googleapis.com/auth/cloud-platform"
PREFIX = "ya29."
PREFIXES: Mapping[str, str] = {"service": f"{PREFIX}c.", "user": f"{PREFIX}a0", "federated": f"{PREFIX}d."}
"""What an access token begins with, by who it is for."""
LIFE_S = 3600
FOREVER = 4_102_444_800.0
"""Seconds; the bare access token lives until the year 2100, for a file cannot be renewed."""

APP: Mapping[str, str] = {
    "project_id": PROJECT,
    "sender_id": NUMBER,
    "app_id": f"1:{NUMBER}:android:0123456789abcdef",
    "package_name": PACKAGE,
    "bundle_id": PACKAGE,
}
"""The app of the throw-away profile."""

State = Literal["active", "no-role", "api-off", "deleted"]


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account as Google knows it.

    :ivar state: ``no-role`` has no IAM role, ``api-off`` belongs to a project in which FCM is not enabled, ``deleted``
        has a key in somebody's hands still.
    :ivar key_active: whether its key is still on the account's list.
    """

    name: str
    state: State = "active"
    key_active: bool = True

    @property
    def email(self) -> str:
        return f"{self.name}@{PROJECT}.iam.gserviceaccount.com"

    @property
    def file(self) -> str:
        """The name under which the console would let one download it; for any published client."""
        return f"{PROJECT}-{self.name}.json"

    @property
    def file_for_any_project(self) -> str:
        """The same without a project: the profile that runs against the sandbox may say one of its own."""
        return f"any-project-{self.name}.json"


ACCOUNTS: Mapping[str, ServiceAccount] = {
    "service-account": ServiceAccount("firebase-adminsdk"),
    "service-account-no-role": ServiceAccount("no-role", "no-role"),
    "service-account-api-off": ServiceAccount("api-off", "api-off"),
    "service-account-deleted": ServiceAccount("deleted", "deleted"),
    "service-account-key-revoked": ServiceAccount("key-revoked", key_active=False),
}
BY_EMAIL: Mapping[str, ServiceAccount] = {each.email: each for each in ACCOUNTS.values()}

CLIENT_ID = "100000000001-sandbox.apps.googleusercontent.com"
USER = "user@example.com"
AUDIENCE = "//iam.googleapis.com/projects/100000000001/locations/global/workloadIdentityPools/sandbox/providers/sandbox"
SUBJECT_FILE = "subject-token.txt"
SUBJECT_URL = "https://sts.googleapis.com/sandbox/subject-token"
"""Where the emulated workload gets it: Google has no such address, another cloud's metadata server would."""
FEDERATED = f"principal:{AUDIENCE.rpartition('/providers')[0]}/subject/sandbox"
"""Who a workload is before it takes on a service account."""

OTHERS: Mapping[str, str] = {
    "authorized-user": "application_default_credentials.json",
    "authorized-user-revoked": "application_default_credentials-revoked.json",
    "workload-identity": "workload-identity.json",
    "workload-identity-direct": "workload-identity-direct.json",
    "access-token": "access-token.txt",
    "access-token-expired": "access-token-expired.txt",
}
"""Sets that are no service account, and the file that each comes in."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking.

    :ivar name: a service account's e-mail address, a user's, or a federated principal.
    :ivar kind: ``user`` credentials need a project to charge quota to.
    """

    name: str
    kind: Literal["service", "user", "federated"]
    scopes: tuple[str, ...] = ()

    @property
    def account(self) -> ServiceAccount | None:
        return BY_EMAIL.get(self.name)


def caller_of(world: World, token: str) -> tuple[Caller, float] | None:
    """Whose access token it is, and when it expires (Unix seconds); None for one that this sandbox never gave out."""
    for prefix in PREFIXES.values():
        claims = claims_of(world, token, prefix)
        if claims is not None:
            return Caller(claims["name"], claims["kind"], tuple(str(claims["scope"]).split())), float(claims["exp"])
    return None


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    signing = forge.random_bytes(32)
    files = {KEY_FILE: signing, SUBJECT_FILE: f"sandbox-subject-{forge.random_bytes(16).hex()}\n".encode()}
    private = forge.rsa_key().decode()  # one for all: two thousand bits take their time
    for each in ACCOUNTS.values():
        told = _service_account(each, private, forge)
        files[each.file] = _json(told)
        files[each.file_for_any_project] = _json({key: told[key] for key in told if key != "project_id"})
    user = {
        "type": "authorized_user",
        "account": "",
        "client_id": CLIENT_ID,
        "client_secret": f"sandbox-{forge.random_bytes(12).hex()}",
        "quota_project_id": PROJECT,
        "universe_domain": "googleapis.com",
    }
    refresh, revoked = (f"1//sandbox-{forge.random_bytes(16).hex()}" for _ in range(2))
    files |= {OTHERS[name]: _json(told) for name, told in _workload_identities().items()}
    files[OTHERS["authorized-user"]] = _json({**user, "refresh_token": refresh})
    files[OTHERS["authorized-user-revoked"]] = _json({**user, "refresh_token": revoked})
    files |= _access_tokens(signing)
    return files


def _service_account(account: ServiceAccount, private: str, forge: Forge) -> dict[str, str]:
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": forge.random_bytes(20).hex(),
        "private_key": private,
        "client_email": account.email,
        "client_id": str(10**20 + int.from_bytes(forge.random_bytes(8), "big")),
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": TOKEN_URL,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "universe_domain": "googleapis.com",
    }


def _workload_identities() -> dict[str, dict[str, Any]]:
    """Workload identity federation, with an account to impersonate and without; the subject token comes from a URL."""
    source = {"url": SUBJECT_URL, "format": {"type": "json", "subject_token_field_name": "subject_token"}}
    direct = {
        "type": "external_account",
        "audience": AUDIENCE,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": STS_URL,
        "credential_source": source,
        "universe_domain": "googleapis.com",
    }
    email = ACCOUNTS["service-account"].email
    url = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{email}:generateAccessToken"
    return {
        "workload-identity": {**direct, "service_account_impersonation_url": url},
        "workload-identity-direct": direct,
    }


def _access_tokens(signing: bytes) -> dict[str, bytes]:
    """Bare access tokens: one that outlives the sandbox, and one that is long past."""
    then = World(lambda: 0.0, bytes, Path(), state={"access token key": signing})
    claims = {"name": ACCOUNTS["service-account"].email, "kind": "service", "scope": MESSAGING}
    return {
        OTHERS["access-token"]: issue(then, claims, FOREVER, PREFIXES["service"]).encode(),
        OTHERS["access-token-expired"]: issue(then, claims, LIFE_S, PREFIXES["service"]).encode(),
    }


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``service-account``. Raises ``KeyError`` for an
    unknown one."""
    name = credentials or "service-account"
    file = folder / (ACCOUNTS[name].file_for_any_project if name in ACCOUNTS else OTHERS[name])
    chosen = {"access_token" if name.startswith("access-token") else "service_account": f"file:{file}"}
    return {"vendor": "fcm", "environment": environment, "credentials": chosen, "app": dict(APP)}


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, indent=2).encode() + b"\n"
