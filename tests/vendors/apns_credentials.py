"""Throw-away keys and certificates for the tests, and how an account is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from pushctl.core.secret import Secret
from pushctl.core.vendor import Account
from pushctl.vendors.apns.account import account

FILES = Path(__file__).parent / "apns_files"  # made with openssl pkcs12 -export -legacy, as Keychain exports
NOW = datetime(2026, 6, 1, tzinfo=UTC)
PUSHY_TOPICS = bytes.fromhex(
    "30730C14636F6D2E656174746865706174682E707573687930050C036170700C19636F6D2E656174746865706174682E70757368792E766F6970"
    "30060C04766F69700C21636F6D2E656174746865706174682E70757368792E636F6D706C69636174696F6E300E0C0C636F6D706C69636174696F6E"
)


def key(kind: str = "p256") -> Any:
    """One key of each kind for the whole run."""
    return _key(kind)


@cache
def _key(kind: str) -> Any:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key({"p384": ec.SECP384R1(), "other": ec.SECP256R1()}.get(kind, ec.SECP256R1()))


def pem(kind: str = "p256", password: bytes = b"", style: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    return bytes(key(kind).private_bytes(Encoding.PEM, style, protection))


def der(kind: str = "p256", password: bytes = b"") -> bytes:
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    return bytes(key(kind).private_bytes(Encoding.DER, PrivateFormat.PKCS8, protection))


def public_pem() -> bytes:
    return bytes(key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def certificate(
    name: str = "Apple Push Services: com.example.app",
    *,
    uid: str = "com.example.app",
    environments: str = "sandbox production",
    topics: bytes = b"",
    start: datetime = NOW - timedelta(days=10),
    days: int = 365,
    kind: str = "p256",
) -> x509.Certificate:
    subject = [
        x509.NameAttribute(NameOID.COMMON_NAME, name),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "TEAM"),
    ]
    subject += [x509.NameAttribute(NameOID.USER_ID, uid)] if uid else []
    extensions = {
        "6.3.1": b"\x05\x00" * ("sandbox" in environments),
        "6.3.2": b"\x05\x00" * ("production" in environments),
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Issuer")]))
        .public_key(key(kind).public_key())
        .serial_number(0xABC)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    for oid, value in {**extensions, "6.3.6": topics}.items():
        if value:
            extension = x509.UnrecognizedExtension(ObjectIdentifier(f"1.2.840.113635.100.{oid}"), value)
            builder = builder.add_extension(extension, critical=False)
    return builder.sign(key(kind), hashes.SHA256())


def cert_pem(**what: Any) -> bytes:
    return certificate(**what).public_bytes(Encoding.PEM)


def secret(value: bytes | str, about: str = "file:some.file") -> Secret:
    return Secret(value, "$PUSHCTL_KEY", about)


def opened(
    credentials: Mapping[str, Any],
    *,
    environment: str = "sandbox",
    app: str = "com.example.app",
    port: int | None = None,
) -> Account:
    made = {name: secret(value) if isinstance(value, bytes) else value for name, value in credentials.items()}
    network = {} if port is None else {"port": port}
    return account({"environment": environment, "credentials": made, "app": {"bundle_id": app}, "network": network})


def token_fields(key_file: bytes, **more: Any) -> dict[str, Any]:
    return {"key": key_file, "key_id": "ABC123DEFG", "team_id": "DEF123GHIJ", **more}
