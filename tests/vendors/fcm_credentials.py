"""Throw-away Google credentials for the tests, and how an account is made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, MintSteps, Refused
from pushctl.core.wire import Reply, Request, Response, encode_json
from pushctl.vendors.fcm.account import account

FILES = Path(__file__).parent / "fcm_files"
EMAIL = "pushctl-test@demo-project.iam.gserviceaccount.com"
KEY_ID = "0123456789abcdef0123456789abcdef01234567"
IMPERSONATION = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/target@demo-project.iam.gserviceaccount.com:generateAccessToken"
NOW = 1767225600
ENV = Env(NOW, bytes)

SERVICE_ACCOUNT: dict[str, Any] = json.loads((FILES / "service-account.json").read_text("utf-8"))
USER: dict[str, Any] = {
    "type": "authorized_user",
    "client_id": "764086051850-gcloud.apps.googleusercontent.com",
    "client_secret": "CANARY-client-secret",
    "refresh_token": "1//CANARY-refresh-token",
}
EXTERNAL: dict[str, Any] = {
    "type": "external_account",
    "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "token_url": "https://sts.googleapis.com/v1/token",
    "credential_source": {"file": "/var/run/secrets/token"},
}
CANARIES = ("CANARY", SERVICE_ACCOUNT["private_key"][40:80])


def secret(value: str | bytes, about: str = "file:key.json") -> Secret:
    return Secret(value, "$PUSHCTL_SERVICE_ACCOUNT", about)


def as_json(document: Any) -> bytes:
    return encode_json(document)


def fields(document: Any, app: Mapping[str, str] | None = None, **credentials: Secret) -> dict[str, Any]:
    content = document if isinstance(document, bytes) else as_json(document)
    return {
        "environment": "production",
        "credentials": {"service_account": secret(content), **credentials},
        "app": app or {},
        "network": {},
    }


def opened(document: Any = SERVICE_ACCOUNT, app: Mapping[str, str] | None = None, **credentials: Secret) -> Account:
    return account(fields(document, app, **credentials))


def bare(token: str, app: Mapping[str, str] | None = None) -> Account:
    given = {"access_token": Secret(token, "$TOKEN", "env:TOKEN")}
    return account({"environment": "production", "credentials": given, "app": app or {"project_id": "demo-project"}})


def refused(document: Any, app: Mapping[str, str] | None = None, **credentials: Secret) -> ProfileError:
    """The error that this credential gives: one sentence and a remedy, and no secret in either."""
    with pytest.raises(ProfileError) as caught:
        opened(document, app, **credentials)
    return checked(caught.value)


def checked(error: ProfileError) -> ProfileError:
    assert error.fix
    assert error.text.endswith(".")
    said = f"{error.text}{error.fix}{error.where}{error.__cause__!r}"
    assert not any(canary in said for canary in CANARIES)
    return error


def answer(document: Any, status: int = 200) -> Response:
    return Response(status, (("content-type", "application/json"),), as_json(document))


TOKEN = answer({"access_token": "ya29.made", "expires_in": 3599, "token_type": "Bearer"})


def driven(steps: MintSteps, replies: list[Reply]) -> tuple[list[Request], Grant | Refused]:
    """Run a generator with these replies."""
    requests: list[Request] = []
    left = list(replies)
    try:
        requests.append(next(steps))
        while True:
            requests.append(steps.send(left.pop(0)))
    except StopIteration as end:
        assert not left
        return requests, end.value


@cache
def ec_pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def encrypted_pem() -> str:
    key = load_pem_private_key(SERVICE_ACCOUNT["private_key"].encode(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")).decode()


@cache
def other_pem() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
