"""Huawei's service account: its key file (``private.json``), read as people have it, and the JWT that it signs.

The JWT is signed here and sent as it is; nothing is exchanged (harmonyos-guides/push-jwt-token). v3 takes nothing else,
v1 and v2 take it in place of an OAuth token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.core.vendor import Grant

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

AUDIENCE = "https://oauth-login.cloud.huawei.com/oauth2/v3/token"
"""The claim ``aud``: a fixed text, though nothing is posted there."""
LIFE_S = 3600
"""Seconds from ``iat`` to ``exp``. Huawei recommends an hour; more than a day is refused with 80300036."""
REUSE_S = 3300.0
"""Seconds during which a JWT is used again: five minutes less than it lives."""
FIELD = "credentials.service_account"

_DOWNLOAD = (
    "Use the private.json of the service account, as AppGallery Connect (Project settings > Server SDK) or the Huawei "
    "Developers console (API Console > Credentials > Service account key) gives it out."
)
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_ESCAPED = re.compile(
    r"(?:\\+[rn])+"
)  # line breaks as characters, escaped twice or more often: base64 has no backslash
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
_LEAST_BITS = 2048  # RFC 7518 section 3.5: PS256 keys have 2048 bits or more


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account of one project.

    :ivar project_id: the project that it belongs to; "" where the file does not say.
    :ivar key_id: becomes ``kid``. :ivar sub_account: becomes ``iss``.
    :ivar key: the RSA key, DER.
    :ivar fingerprint: 16 hexadecimal digits of the public key's SHA-256, for the name of a cached JWT: a key file that
        was exchanged must not meet the old one's.
    """

    project_id: str
    key_id: str
    sub_account: str
    key: Secret
    fingerprint: str


def read_key(secret: Secret, field: str = FIELD) -> ServiceAccount:
    """The service account of a ``private.json``; its key has been loaded once.

    Forgives what editors and CI do to the file: a byte order mark, the document as a JSON string, ``\\n`` escaped twice
    or not at all, newlines that became blanks, a key that lost its PEM lines.

    :param field: where it stands in the profile, for the texts.
    :raises ProfileError: anything else, saying what the file is instead.
    """
    subject = f"{field} ({secret.about})" if secret.about not in ("", f"file:{field}") else field
    document = _document(secret, subject, field)
    stranger = described(document)
    if stranger:
        raise ProfileError(f"{subject} is {stranger}.", _DOWNLOAD, rule="key-wrong-file", where=field)
    texts = {name: _text(document.get(name)) for name in ("project_id", "key_id", "sub_account", "private_key")}
    missing = [name for name in ("key_id", "sub_account", "private_key") if not texts[name]]
    if missing:
        raise ProfileError(
            f"{subject} has no {' and no '.join(missing)}, which a service account's key file has.",
            _DOWNLOAD,
            rule="key-incomplete",
            where=field,
        )
    project_id = texts["project_id"]
    if project_id and not (project_id.isascii() and project_id.isdecimal() and len(project_id) <= 64):
        raise ProfileError(
            f"The project_id of {subject} is {project_id[:40]!r}, and Huawei's ids are 1 to 64 digits.",
            _DOWNLOAD,
            rule="credential-id",
            where=field,
        )
    for name in ("key_id", "sub_account"):  # they go into the JWT
        if not texts[name].isascii() or not texts[name].isprintable() or " " in texts[name]:
            raise ProfileError(
                f"The {name} of {subject} has characters that do not belong there.",
                _DOWNLOAD,
                rule="credential-id",
                where=field,
            )
    der, fingerprint = _private_key(texts["private_key"], subject, field)
    key = Secret(der, "$PUSHCTL_PRIVATE_KEY", secret.about)
    return ServiceAccount(project_id, texts["key_id"], texts["sub_account"], key, fingerprint)


def is_key_file(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a service account's key file, whole or not; for importing."""
    return "sub_account" in document and not described(document)


def described(document: Mapping[str, Any]) -> str:
    """What a JSON object is, when people mistake it for a service account's key file; "" for none of these."""
    if document.get("type") == "service_account" or "client_email" in document:
        return "Google's service account, which belongs into a profile of vendor fcm"
    if document.get("type") in ("authorized_user", "external_account", "impersonated_service_account"):
        return "a credential file of Google's, which belongs into a profile of vendor fcm"
    if "project_info" in document:
        return "google-services.json: an app's settings for Firebase, without a key"
    if "agcgw" in document or "agcgw_all" in document or isinstance(document.get("client"), dict):
        return "agconnect-services.json: an app's settings, without a key that can push"
    if "developer_id" in document and "client_secret" in document:
        return "an API client of the AppGallery Connect API, which cannot push"
    return ""


def signed(account: ServiceAccount, issued: int) -> Grant:
    """A JWT of ``issued`` (Unix seconds), PS256 with a salt of 32 bytes, which is valid for :data:`LIFE_S`.

    Its ``about`` shows header and claims, never the signature.
    """
    import jwt
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    from pushctl.core.wire import encode_json

    header = {"alg": "PS256", "kid": account.key_id, "typ": "JWT"}
    claims = {"iss": account.sub_account, "aud": AUDIENCE, "iat": issued, "exp": issued + LIFE_S}
    # read_key has validated it; a 4096-bit key takes a while to validate.
    key: Any = load_der_private_key(account.key.reveal_bytes(), None, unsafe_skip_rsa_key_validation=True)
    token = jwt.encode(claims, key, algorithm="PS256", headers=header, sort_headers=True)
    about = f"{encode_json(header).decode()} {encode_json(claims).decode()}"
    return Grant(Secret(token, "$PUSHCTL_TOKEN", about), float(issued), float(issued + LIFE_S))


# --- the file --------------------------------------------------------------------------------------------------------


def _document(secret: Secret, subject: str, field: str) -> dict[str, Any]:
    """The file as a JSON object, or ``ProfileError``."""
    data = secret.reveal_bytes()
    try:
        document = _loaded_json(data)
    except (ValueError, RecursionError) as error:
        raise ProfileError(
            f"{subject} {_instead(data, error, secret.about)}.", _DOWNLOAD, rule="key-wrong-file", where=field
        ) from None
    if not isinstance(document, dict):
        raise ProfileError(f"{subject} holds JSON that is no object.", _DOWNLOAD, rule="key-wrong-file", where=field)
    return document


def parsed(data: bytes) -> dict[str, Any] | None:
    """A file of Huawei's as a JSON object, or None; forgives what :func:`read_key` does. For importing."""
    try:
        document = _loaded_json(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _loaded_json(data: bytes) -> Any:
    """JSON in any encoding of Unicode. Raises ``ValueError`` or ``RecursionError``."""
    document = json.loads(data.decode(json.detect_encoding(data)), strict=False)
    return json.loads(document, strict=False) if isinstance(document, str) else document  # the file as a JSON string


def _instead(data: bytes, error: Exception, reference: str) -> str:
    """What a file without JSON is, as the end of a sentence.

    :param reference: where it is from (``env:NAME``), or "".
    """
    text = data.decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
    if not text:
        return "is empty"
    if isinstance(error, UnicodeDecodeError):
        return f"is a binary file or not UTF-8 (byte {error.start}), and no service account's private.json"
    if "-----BEGIN" in text and "{" not in text:
        return "is a bare PEM or .p8 file; Huawei's key comes with key_id and sub_account, in private.json"
    if text[:200].lower().startswith(("<!doctype html", "<html")):
        return "is a web page (a login page is often saved in the file's place)"
    if re.match(r'\{\s*\\"', text):
        return 'is JSON whose quotes are escaped (\\"); store the file as it is, or in base64 with base64-env:NAME'
    if not text.startswith("{") and _BASE64.fullmatch(text):
        variable = reference.removeprefix("env:") if reference.startswith("env:") else "NAME, from a variable"
        return f"is no JSON but one long word; if that is the file in base64, refer to it as base64-env:{variable}"
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON (line {error.lineno}, column {error.colno}: {error.msg})"
    if isinstance(error, RecursionError):
        return "is JSON that is nested too deeply"
    return "is JSON with a number of thousands of digits"


def _text(value: object) -> str:
    """An id that somebody wrote as a number is still that id."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


# --- the key inside --------------------------------------------------------------------------------------------------


def _private_key(text: str, subject: str, field: str) -> tuple[bytes, str]:
    """The RSA key as DER, and the fingerprint of its public half. Raises ``ProfileError``."""
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = _der(text, subject, field)
    public = _loaded(der, subject, field).public_key()
    encoded = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return der, hashlib.sha256(encoded).hexdigest()[:16]


def _der(text: str, subject: str, field: str) -> bytes:
    """The bytes inside the PEM lines, or inside bare base64."""
    import base64
    import binascii

    text = _ESCAPED.sub("\n", text)
    block = _BLOCK.search(text)
    label, body = (block[1], block[2]) if block else ("PRIVATE KEY", text)
    instead = ""
    if not label.endswith("PRIVATE KEY"):
        instead = f"a {label.lower()}, not a private key"
    elif label.startswith("ENCRYPTED") or "Proc-Type" in body:
        instead = "an encrypted key; Huawei gives keys out without a password"
    elif "-----" in body or not _BASE64.fullmatch(body):
        instead = "no whole private key: it is damaged or cut short"
    if instead:
        raise ProfileError(f"The private_key of {subject} is {instead}.", _DOWNLOAD, rule="key-unreadable", where=field)
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        der = b""
    if der[:1] != b"\x30":  # every key is an ASN.1 SEQUENCE
        raise _unreadable(subject, field)
    return der


def _loaded(der: bytes, subject: str, field: str) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(der, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unreadable(subject, field) from None
    if not isinstance(key, RSAPrivateKey):
        kind = type(key).__name__.removesuffix("PrivateKey").lstrip("_").upper()
        raise ProfileError(
            f"The private_key of {subject} is of kind {kind}; PS256 is signed with an RSA key.",
            _DOWNLOAD,
            rule="key-not-rsa",
            where=field,
        )
    if key.key_size < _LEAST_BITS:
        raise ProfileError(
            f"The private_key of {subject} has {key.key_size} bits; PS256 needs 2048 or more.",
            _DOWNLOAD,
            rule="key-too-short",
            where=field,
        )
    return key


def _unreadable(subject: str, field: str) -> ProfileError:
    return ProfileError(
        f"The private_key of {subject} cannot be read as a private key: it is damaged or cut short.",
        _DOWNLOAD,
        rule="key-unreadable",
        where=field,
    )
