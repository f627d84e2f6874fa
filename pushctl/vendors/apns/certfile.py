"""Certificate files as people have them: read, and refused in words that say what the file is instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.core.vendor import TlsIdentity
from pushctl.vendors.apns.certificate import ClientCertificate, describe
from pushctl.vendors.apns.keyfile import CERTIFICATE, KEY, described, is_key, is_pkcs12, pem_blocks, private_key

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_EXPORT = (
    "Export it again from Keychain Access: unfold the certificate, select it together with its private key, "
    "and choose Export 2 items."
)


def load(certificate: Secret, key: Secret | None, password: Secret | None) -> tuple[ClientCertificate, TlsIdentity]:
    """Read a certificate and its key, from one file or two.

    :param certificate: ``.p12`` (as Keychain exports it, RC2-40 included), ``.pem`` or ``.cer``.
    :param key: the key's own file, where the certificate's does not hold it.
    :param password: of the ``.p12`` or of an encrypted key; without one the empty password is tried, too.
    :raises ProfileError: what the file is not, what it lacks, a wrong password, a key of another certificate.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    subject = described(certificate, CERTIFICATE)
    found, private = read(certificate, password)
    if key is not None:
        private = private_key(key, password, KEY)
    if private is None:
        raise ProfileError(
            f"{subject} holds a certificate without its private key.",
            f"{_EXPORT} Or name the key's file as credentials.key.",
            rule="certificate-without-key",
            where=CERTIFICATE,
        )
    own = _public(private)
    leaf = next((one for one in found if _public(one) == own), None)
    if leaf is None:
        raise ProfileError(
            f"{described(key, KEY) if key else 'The private key'} does not belong to the certificate in {subject}.",
            "Use the key with which this certificate was requested.",
            rule="key-mismatch",
            where=KEY if key else CERTIFICATE,
        )
    chain = [leaf, *(one for one in found if one is not leaf)]
    pem = b"".join(one.public_bytes(Encoding.PEM) for one in chain)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return describe(leaf), TlsIdentity(pem, Secret(secret, "$PUSHCTL_CERTIFICATE_KEY"))


def read(certificate: Secret, password: Secret | None) -> tuple[list[x509.Certificate], PrivateKeyTypes | None]:
    """The certificates of a file, at least one, and the private key if it holds one. Raises ``ProfileError``."""
    from cryptography import x509

    data = certificate.reveal_bytes()
    subject = described(certificate, CERTIFICATE)
    if is_pkcs12(data):
        return _read_pkcs12(data, password, subject)
    blocks = pem_blocks(data)
    try:
        found = [x509.load_pem_x509_certificate(block) for label, block in blocks if label.endswith("CERTIFICATE")]
        if not blocks and data[:1] == b"\x30":
            found = [x509.load_der_x509_certificate(data)]
    except ValueError:
        raise _wrong_file(_instead(data, []), subject) from None
    if not found:
        raise _wrong_file(_instead(data, [label for label, _ in blocks]), subject)
    has_key = any(is_key(label) for label, _ in blocks)
    return found, private_key(certificate, password, CERTIFICATE) if has_key else None


def _read_pkcs12(
    data: bytes, password: Secret | None, subject: str
) -> tuple[list[x509.Certificate], PrivateKeyTypes | None]:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    bundle = None
    # An empty password and none are different things to a .p12, and no exporter says which it wrote.
    for attempt in [password.reveal_bytes()] if password else [None, b""]:
        try:
            bundle = load_pkcs12(data, attempt)
            break
        except ValueError:
            continue
    if bundle is None:
        if _is_cut_short(data):
            raise _wrong_file("a .p12 file that was cut short", subject)
        raise ProfileError(
            f"The password does not open {subject}."
            if password
            else f"{subject} is a .p12 file with a password, and none is given.",
            'Give the export\'s password by reference: password = "env:NAME"; for an import --password env:NAME.',
            rule="certificate-password",
            where="credentials.password",
        )
    entries = ([bundle.cert] if bundle.cert else []) + list(bundle.additional_certs)
    if not entries:
        raise ProfileError(
            f"{subject} holds a private key without its certificate.",
            _EXPORT,
            rule="certificate-missing",
            where=CERTIFICATE,
        )
    return [entry.certificate for entry in entries], bundle.key


def _is_cut_short(data: bytes) -> bool:
    """Whether the outermost DER length says more bytes than there are (X.690 section 8.1.3)."""
    first = data[1] if len(data) > 1 else 0
    if first < 0x80:
        return len(data) < 2 + first
    return first != 0x80 and len(data) < 2 + (first & 0x7F) + int.from_bytes(data[2 : 2 + (first & 0x7F)], "big")


def _instead(data: bytes, labels: list[str]) -> str:
    """What a file is that holds no certificate."""
    if any(is_key(label) for label in labels) or _is_der_key(data):
        return "a private key, not a certificate"
    if any(label.endswith("CERTIFICATE REQUEST") for label in labels):
        return "a certificate request, not the certificate that Apple made from it"
    if any("PUBLIC KEY" in label for label in labels):
        return "a public key, not a certificate"
    if labels:
        return f"a PEM file with {labels[0].lower()}, not a certificate"
    if not data.strip():
        return "empty"
    if b"-----BEGIN" in data or data[:1] == b"\x30":
        return "a certificate file that is damaged or cut short"
    return "no certificate: it is neither .p12 nor .pem nor .cer"


def _is_der_key(data: bytes) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    if data[:1] != b"\x30":
        return False
    try:
        load_der_private_key(data, None)
    except TypeError:  # encrypted
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _wrong_file(instead: str, subject: str) -> ProfileError:
    return ProfileError(
        f"{subject} is {instead}.",
        "Use the .p12 that Keychain Access exports, or certificate and key as .pem.",
        rule="certificate-empty" if instead == "empty" else "certificate-wrong-file",
        where=CERTIFICATE,
    )


def _public(one: x509.Certificate | PrivateKeyTypes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
