"""Signed assertions: taken apart, and verified with ``cryptography`` over the bytes that arrived."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from pushctl.core.emulated import World
    from pushctl.vendors.fcm.emulator_credentials import ServiceAccount


@dataclass(frozen=True, slots=True)
class Assertion:
    """A JWT taken apart. ``signed`` is what the signature is over."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def parse(jwt: str) -> Assertion | None:
    """A compact JWT, or None for anything else; base64 with and without padding."""
    parts = jwt.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims, signature = map(_decoded, parts)
        first, second = json.loads(header), json.loads(claims)
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(first, dict) or not isinstance(second, dict):
        return None
    return Assertion(first, second, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)


def signed_by(world: World, account: ServiceAccount, assertion: Assertion) -> bool:
    """Whether an active key of the account signed it with RS256. A header without ``kid`` is taken when the signature
    fits (published clients send such); one that names another key is not (unproved)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    if assertion.header.get("alg") != "RS256" or not account.key_active:
        return False
    key_id, key = _key(world, account)
    if assertion.header.get("kid", key_id) != key_id:
        return False
    try:
        key.verify(assertion.signature, assertion.signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _key(world: World, account: ServiceAccount) -> tuple[str, RSAPublicKey]:
    """The account's key as Google keeps it: its id and its public half."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    kept: dict[str, tuple[str, RSAPublicKey]] = world.state.setdefault("service account keys", {})
    if account.email not in kept:
        file = json.loads((world.folder / account.file).read_bytes())
        private = load_pem_private_key(file["private_key"].encode(), None)
        if not isinstance(private, RSAPrivateKey):
            raise TypeError(f"{account.file} holds no RSA key")
        kept[account.email] = (file["private_key_id"], private.public_key())
    return kept[account.email]
