"""Private keys as people have them: told apart, read, and refused in words that say what the file is instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pushctl.core.errors import ProfileError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    from pushctl.core.secret import Secret

KEY, CERTIFICATE = "credentials.key", "credentials.certificate"
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_DOWNLOAD = (
    "Use the AuthKey_XXXXXXXXXX.p8 file as it was downloaded from developer.apple.com "
    "(Certificates, Identifiers & Profiles > Keys)."
)


def described(secret: Secret, field: str) -> str:
    """A sentence's subject for this secret: ``credentials.key (file:AuthKey_ABC123DEFG.p8)``."""
    return f"{field} ({secret.about})" if secret.about else field


def pem_blocks(data: bytes) -> list[tuple[str, bytes]]:
    """The PEM blocks of a file, each with its label.

    Forgives what CI does to them: a byte order mark, ``\\n`` written as two characters, newlines that became spaces.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\\r", b"").replace(b"\\n", b"\n")
    blocks = []
    for label, body in _BLOCK.findall(data):
        head, separator, rest = body.replace(b"\r\n", b"\n").partition(b"\n\n")
        headers, text = (head.strip() + b"\n\n", rest) if separator and b":" in head else (b"", body)
        lines = b"\n".join(text.split())
        blocks.append(
            (label.decode(), b"-----BEGIN %s-----\n%s%s\n-----END %s-----\n" % (label, headers, lines, label))
        )
    return blocks


def is_pkcs12(data: bytes) -> bool:
    """Whether this is a PFX (RFC 7292 section 4): a SEQUENCE that begins with INTEGER 3."""
    return data[:1] == b"\x30" and b"\x02\x01\x03\x30" in data[:12]


def is_key(label: str) -> bool:
    """Whether a PEM label names a private key."""
    return label.endswith("PRIVATE KEY")


def provider_key(secret: Secret, password: Secret | None = None) -> EllipticCurvePrivateKey:
    """The P-256 key that signs provider tokens (usernotifications/establishing-a-token-based-connection-to-apns).

    Takes PKCS#8 as Apple gives it, SEC1 ("EC PRIVATE KEY") as tools convert it, and either as DER.

    :raises ProfileError: anything else, saying what it is.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    key = private_key(secret, password, KEY)
    subject = described(secret, KEY)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        kind = type(key).__name__.removesuffix("PrivateKey").lstrip("_").upper()
        raise ProfileError(
            f"{subject} is an {kind} key; APNs tokens are signed with an EC P-256 key.",
            _DOWNLOAD,
            rule="key-not-ec",
            where=KEY,
        )
    if not isinstance(key.curve, ec.SECP256R1):
        raise ProfileError(
            f"{subject} is an EC key on the curve {key.curve.name}; APNs takes P-256 only.",
            _DOWNLOAD,
            rule="key-wrong-curve",
            where=KEY,
        )
    return key


def private_key(secret: Secret, password: Secret | None, field: str) -> PrivateKeyTypes:
    """Any private key, PEM or DER. Raises ``ProfileError`` that says what the bytes are instead."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

    subject = described(secret, field)
    data = secret.reveal_bytes()
    blocks = pem_blocks(data)
    pem = next((block for label, block in blocks if is_key(label)), None)
    if pem is None:
        _refuse_what_is_no_key(data, blocks, subject, field)
    load, content = (load_der_private_key, data) if pem is None else (load_pem_private_key, pem)
    try:
        return load(content, None)
    except TypeError:  # encrypted
        if not password:
            raise ProfileError(
                f"{subject} is encrypted and no password is given.",
                "Add credentials.password as a reference (env:NAME, keyring:SERVICE/NAME).",
                rule="key-encrypted",
                where=field,
            ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ProfileError(
            f"{subject} begins like a private key and cannot be read; it is damaged or cut short.",
            _DOWNLOAD if field == KEY else "Export it again.",
            rule="key-unreadable",
            where=field,
        ) from None
    try:
        return load(content, password.reveal_bytes())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ProfileError(
            f"The password does not open {subject}.", "Correct credentials.password.", rule="key-password", where=field
        ) from None


def _refuse_what_is_no_key(data: bytes, blocks: list[tuple[str, bytes]], subject: str, field: str) -> None:
    """Raise ``ProfileError`` for bytes without a PEM key, unless they may be a DER key."""
    labels = [label for label, _ in blocks]
    instead = ""
    if "CERTIFICATE" in labels or _is_der_certificate(data):
        instead = "a certificate, not a private key"
    elif any("PUBLIC KEY" in label for label in labels):
        instead = "a public key, not a private key"
    elif "CERTIFICATE REQUEST" in labels or "NEW CERTIFICATE REQUEST" in labels:
        instead = "a certificate request, not a private key"
    elif labels:
        instead = f"a PEM file with {labels[0].lower()}, not a private key"
    elif is_pkcs12(data):
        instead = "a .p12 file; that belongs into credentials.certificate"
    elif not data.strip():
        instead = "empty"
    elif b"-----BEGIN" in data:
        instead = "a PEM file that is damaged or cut short"
    elif data[:1] != b"\x30":
        instead = "no private key: it has no line -----BEGIN PRIVATE KEY-----"
    if instead:
        rule = "key-empty" if instead == "empty" else "key-wrong-file"
        raise ProfileError(f"{subject} is {instead}.", _DOWNLOAD if field == KEY else "", rule=rule, where=field)


def _is_der_certificate(data: bytes) -> bool:
    from cryptography import x509

    if data[:1] != b"\x30":
        return False
    try:
        x509.load_der_x509_certificate(data)
    except ValueError:
        return False
    return True
