"""Trust, client certificates, and TLS failures in words. Verification is never switched off."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.core.errors import LocalError, ProfileError, UsageError

if TYPE_CHECKING:
    from pushctl.core.vendor import TlsIdentity
    from pushctl.transport.route import Route

ALPN = ["h2", "http/1.1"]
"""Both are offered, so that a server without HTTP/2 can say so and be named."""


def context_for(route: Route, identity: TlsIdentity | None, *, sandbox: bool) -> ssl.SSLContext:
    """A context that verifies: TLS 1.2 or later, host names checked.

    :param sandbox: trust the sandbox's CA and nothing else.

    Raises ``UsageError`` for a CA bundle that is none, ``ProfileError`` for a client certificate that cannot be used.
    """
    bundle = route.sandbox_ca if sandbox else route.ca_bundle
    if bundle is not None:
        context = _trusting(bundle)
    else:
        context = ssl.create_default_context()
        _without_system_store(context)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(ALPN)
    if identity is not None:
        _present(context, identity)
    return context


def _trusting(bundle: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(bundle))
    except ssl.SSLError:
        text, fix = "holds no certificate in PEM form", "give a file with -----BEGIN CERTIFICATE----- in it"
    except OSError as reason:
        text, fix = f"cannot be read: {reason.strerror or reason}", "give the path of a PEM file with CA certificates"
    raise UsageError(f"the CA bundle {bundle} {text}", fix, rule="bad-ca-bundle", where=str(bundle))


def _without_system_store(context: ssl.SSLContext) -> None:
    """Some builds of Python (python.org's for macOS) come without a store: take certifi's, which comes with httpx."""
    paths = ssl.get_default_verify_paths()
    folder = Path(paths.capath) if paths.capath else None
    if context.cert_store_stats()["x509_ca"] or paths.cafile or (folder and any(folder.iterdir())):
        return
    import certifi

    context.load_verify_locations(certifi.where())


def _present(context: ssl.SSLContext, identity: TlsIdentity) -> None:
    """Load the client certificate. ``ssl`` reads files only, so the key is on disk for a moment: encrypted under a
    random passphrase, 0600, in a private folder."""
    import secrets
    from tempfile import TemporaryDirectory

    passphrase = secrets.token_bytes(24).hex().encode()
    pem = identity.certificate.rstrip() + b"\n" + _encrypted(identity, passphrase)
    try:
        with TemporaryDirectory(prefix="pushctl-") as folder:
            path = Path(folder) / "identity.pem"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
            context.load_cert_chain(path, password=passphrase)
    except ssl.SSLError as error:
        reason = "the key does not belong to it" if error.reason == "KEY_VALUES_MISMATCH" else _words(error)
        raise ProfileError(
            f"the client certificate cannot be used: {reason}",
            "export certificate and private key together, or check that they are a pair",
            rule="bad-client-certificate",
        ) from None
    except OSError as error:
        raise LocalError(
            f"no temporary file for the client certificate could be written: {error.strerror or error}",
            "free some space, or point TMPDIR at a folder that can be written",
        ) from None


def _encrypted(identity: TlsIdentity, passphrase: bytes) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(identity.key.reveal_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ProfileError(
            "the client certificate's private key cannot be read",
            "export it again together with its certificate",
            rule="bad-client-certificate",
        ) from None
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))


_CERTIFICATE_WORDS = {
    9: "is not valid yet (is this machine's clock right?)",
    10: "has expired (is this machine's clock right?)",
    18: "is self-signed and not trusted",
    19: "is signed by a CA that this machine does not trust (a company proxy's? then give its CA with --ca-bundle)",
    20: "is signed by a CA that this machine does not trust (a company proxy's? then give its CA with --ca-bundle)",
    21: "is signed by a CA that this machine does not trust (a company proxy's? then give its CA with --ca-bundle)",
    23: "has been revoked",
    62: "is for another host name",
    64: "is for another address",
}
"""By OpenSSL's X509_V_ERR numbers (x509_vfy.h)."""

_CLIENT_CERTIFICATE_ALERTS = {
    "SSLV3_ALERT_BAD_CERTIFICATE": "bad certificate",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "unsupported certificate",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "revoked",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "certificate unknown",
    "TLSV1_ALERT_UNKNOWN_CA": "signed by a CA that the server does not know",
    "TLSV1_ALERT_ACCESS_DENIED": "access denied",
    "TLSV1_ALERT_DECRYPT_ERROR": "its signature does not verify",
}


def refuses_client_certificate(error: BaseException | None) -> bool:
    """Whether the peer's alert is about the certificate that we showed, or did not show."""
    reason = getattr(error, "reason", None) or ""
    return reason in _CLIENT_CERTIFICATE_ALERTS or "CERTIFICATE_REQUIRED" in reason


def lost_code(error: ssl.SSLError) -> str:
    """The :class:`~pushctl.core.wire.Lost` code of a TLS failure."""
    if "NO_APPLICATION_PROTOCOL" in (error.reason or ""):
        return "NO_HTTP2"
    return "CLIENT_CERTIFICATE" if refuses_client_certificate(error) else "TLS"


def explain(error: ssl.SSLError, peer: str, *, identity: bool) -> str:
    """One sentence for a TLS failure.

    :param peer: host and port, as they are shown.
    :param identity: whether a client certificate was presented.
    """
    reason = error.reason or ""
    if isinstance(error, ssl.SSLCertVerificationError):
        words = _CERTIFICATE_WORDS.get(error.verify_code, f"does not verify: {error.verify_message}")
        return f"the certificate of {peer} {words}"
    if refuses_client_certificate(error):
        if not identity:
            return f"{peer} demands a client certificate, and this profile has none"
        words = _CLIENT_CERTIFICATE_ALERTS.get(reason, "")
        return f"{peer} refused the client certificate{f': {words}' if words else ''}"
    if isinstance(error, ssl.SSLEOFError):
        return f"{peer} closed the connection during the TLS handshake"
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"):
        return f"{peer} does not speak TLS"
    if "PROTOCOL_VERSION" in reason or reason == "UNSUPPORTED_PROTOCOL":
        return f"{peer} speaks no TLS version from 1.2 on"
    if "NO_APPLICATION_PROTOCOL" in reason:
        return f"{peer} speaks no HTTP/2 (it refused the ALPN protocols {', '.join(ALPN)})"
    if "HANDSHAKE_FAILURE" in reason:
        hint = "" if identity else "; a server that demands a client certificate may do so"
        return f"{peer} refused the TLS handshake{hint}"
    return f"TLS with {peer} failed: {_words(error)}"


def _words(error: ssl.SSLError) -> str:
    """OpenSSL's reason in lower-case words; never the whole text, which names source lines."""
    return (error.reason or type(error).__name__).replace("_", " ").lower()
