"""A throw-away service account of Huawei's, as its key file comes, and in every state that people have it in."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pushctl.core.secret import Secret

PROJECT = "388421841221199046"
KEY_ID = "0123456789abcdef0123456789abcdef"
SUB_ACCOUNT = "100000000"


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key for the whole run: making one is slow."""
    return rsa.generate_private_key(65537, bits)


@cache
def pem(style: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> str:
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    return key().private_bytes(Encoding.PEM, style, protection).decode()


@cache
def ec_pem() -> str:
    private = ec.generate_private_key(ec.SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def short_pem() -> str:
    return key(1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def public_pem() -> str:
    return key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def document(**changes: Any) -> dict[str, Any]:
    """The key file's document; a change to None leaves a field out."""
    made = {
        "project_id": PROJECT,
        "key_id": KEY_ID,
        "private_key": pem(),
        "sub_account": SUB_ACCOUNT,
        "auth_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/authorize",
        "token_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/token",
        "auth_provider_cert_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/certs",
        "client_cert_uri": f"https://oauth-login.cloud.huawei.com/oauth2/v3/x509?client_id={SUB_ACCOUNT}",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def file(**changes: Any) -> bytes:
    """``private.json``, with changes."""
    return json.dumps(document(**changes), indent=2).encode()


def secret(content: bytes | str, name: str = "private.json") -> Secret:
    return Secret(content, "$PUSHCTL_SERVICE_ACCOUNT", f"file:{name}")
