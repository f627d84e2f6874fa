"""Throw-away service accounts of the emulated Huawei: what is made, and how a JWT of one is verified.

The JWT is sent as it is, there is no exchange (harmonyos-guides/push-jwt-token). It is verified over the bytes that
arrived, so that a header without ``kid`` and ``typ`` is taken as long as the signature fits.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

from pushctl.core.emulated_calls import Call, Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from pushctl.core.emulated import Forge, World

AUDIENCE = "https://oauth-login.cloud.huawei.com/oauth2/v3/token"
LONGEST_LIFE_S = 86400
CLOCK_S = 300
"""How far ahead ``iat`` may be. No page says; unproved."""
SALT = 32


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account as AppGallery Connect knows it.

    :ivar name: of its file, ``<name>.json``.
    :ivar project: the project that it belongs to.
    :ivar key: the name of the RSA key in its file.
    :ivar registered_key: the one that AppGallery Connect has for it, where that is another one.
    :ivar state: accounts that are ``unknown`` sign, but AppGallery Connect has never heard of them.
    """

    name: str
    project: str
    sub_account: str
    key_id: str
    key: str = "first"
    registered_key: str = ""
    state: Literal["active", "revoked", "unknown"] = "active"

    @property
    def file(self) -> str:
        """The name of its key file in the folder."""
        return f"{self.name}.json"


def key_file(name: str) -> str:
    """Where the RSA key of this name lies."""
    return f"service-account-key-{name}.pem"


def provision(forge: Forge, accounts: Iterable[ServiceAccount]) -> dict[str, bytes]:
    """The key files as AppGallery Connect hands them out (``private.json``), and the keys by themselves."""
    made = list(accounts)
    names = sorted({name for each in made for name in (each.key, each.registered_key) if name})
    keys = {name: forge.rsa_key() for name in names}
    files = {key_file(name): pem for name, pem in keys.items()}
    return files | {each.file: _private_json(each, keys[each.key]) for each in made}


def _private_json(account: ServiceAccount, pem: bytes) -> bytes:
    document = {
        "project_id": account.project,
        "key_id": account.key_id,
        "private_key": pem.decode(),
        "sub_account": account.sub_account,
        "auth_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/authorize",
        "token_uri": AUDIENCE,
        "auth_provider_cert_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/certs",
        "client_cert_uri": f"https://oauth-login.cloud.huawei.com/oauth2/v3/x509?client_id={account.sub_account}",
    }
    return json.dumps(document, indent=2).encode()


@dataclass(frozen=True, slots=True)
class _Jwt:
    """A JWT taken apart. ``signed`` is what the signature is over."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


def signer_of(call: Call, token: str, accounts: Iterable[ServiceAccount]) -> ServiceAccount | Refusal:
    """The service account that signed this JWT, or why it is refused."""
    jwt = _parse(token)
    if jwt is None or jwt.header.get("alg") != "PS256":
        return Refusal("80200001", "jwt-form", "three parts of base64url, alg PS256")
    account = _account_of(jwt, accounts)
    if account is None or not _signed_by(account, jwt, call.world):
        return Refusal("80200001", "jwt-signature", "an unknown account or key, or a signature that does not fit")
    if jwt.claims.get("aud") != AUDIENCE:
        return Refusal("80200001", "jwt-audience")
    return _moments(call, jwt.claims) or account


def _account_of(jwt: _Jwt, accounts: Iterable[ServiceAccount]) -> ServiceAccount | None:
    """By ``iss``, and by ``kid`` where the header has one."""
    kid, iss = jwt.header.get("kid"), str(jwt.claims.get("iss"))
    known = (each for each in accounts if each.state == "active" and each.sub_account == iss)
    return next((each for each in known if kid in (None, each.key_id)), None)


def _moments(call: Call, claims: Mapping[str, Any]) -> Refusal | None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not _is_number(issued) or not _is_number(expires):
        return Refusal("80200001", "jwt-times", "iat or exp is no number; the code is unproved")
    if expires - issued > LONGEST_LIFE_S:
        return Refusal("80300036", "jwt-life", f"it lives {expires - issued:.0f} seconds")
    if expires <= call.now:
        return Refusal("80200005", "jwt-expired")
    if issued > call.now + CLOCK_S:
        return Refusal("80200001", "jwt-clock", "iat is ahead of the service's clock; how far it may be is unproved")
    return None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _parse(token: str) -> _Jwt | None:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = json.loads(_decode(parts[0])), json.loads(_decode(parts[1]))
        signature = _decode(parts[2])
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return None
    return _Jwt(header, claims, f"{parts[0]}.{parts[1]}".encode("utf-8", "surrogateescape"), signature)


def _decode(part: str) -> bytes:
    plain = part.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _signed_by(account: ServiceAccount, jwt: _Jwt, world: World) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    public = _public_key(account, world)
    if not isinstance(public, rsa.RSAPublicKey):
        return False
    try:
        public.verify(jwt.signature, jwt.signed, padding.PSS(padding.MGF1(SHA256()), SALT), SHA256())
    except InvalidSignature:
        return False
    return True


def _public_key(account: ServiceAccount, world: World) -> object:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    name = account.registered_key or account.key
    kept: dict[str, object] = world.state.setdefault("public keys", {})
    if name not in kept:
        path: Path = world.folder / key_file(name)
        kept[name] = load_pem_private_key(path.read_bytes(), None).public_key()
    return kept[name]
