"""Google credential files as people have them: read, checked, and refused in words that say what is wrong.

Forms: google-auth-library-python (google/oauth2/service_account.py, google/oauth2/credentials.py,
google/auth/identity_pool.py, google/auth/impersonated_credentials.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import ProfileError
from pushctl.vendors.fcm import strangers
from pushctl.vendors.fcm.credentials import (
    AuthorizedUser,
    ExternalAccount,
    Impersonated,
    Opened,
    ServiceAccount,
)
from pushctl.vendors.fcm.hosts import STS_URL, TOKEN_URL
from pushctl.vendors.fcm.keyfile_fields import FIELD, address, bad, described, hidden, plain, require
from pushctl.vendors.fcm.keyfile_subject import subject_of
from pushctl.vendors.fcm.strangers import NEW_KEY, OWN_TOKEN

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from pushctl.core.secret import Secret

TYPES = ("service_account", "authorized_user", "external_account", "impersonated_service_account")
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_LEAST_BITS = 1024  # KEY_ALG_RSA_1024 is the shortest that IAM knows (google/iam/admin/v1/iam.proto)
_LONGEST_S = 43200  # of an impersonated token; more than an hour must be allowed by policy


def opened(secret: Secret, subject_token: Secret | None = None) -> Opened:
    """The credential in a JSON file.

    :param subject_token: the token that a workload shows to Google, where the profile refers to one.
    :raises ProfileError: it is none, saying what it is instead; or one that cannot work. No text holds a secret.
    """
    subject = described(secret)
    found, repaired = document_of(secret.reveal_bytes(), subject, secret.about)
    kind = found["type"]
    facts = {name: found[name] for name in ("project_id", "quota_project_id") if isinstance(found.get(name), str)}
    facts = {name: value.strip() for name, value in facts.items() if value.strip()}
    if kind == "external_account":
        return Opened(_external(found, subject, subject_token), facts)
    if subject_token is not None:
        raise ProfileError(
            f"credentials.subject_token is given, and {subject} is of type {kind}, which takes none.",
            "Leave it out; it belongs to an external_account file.",
            rule="credential-mixed",
            where="credentials.subject_token",
        )
    if kind == "impersonated_service_account":
        return Opened(_impersonated(found, subject), facts)
    if kind == "authorized_user":
        return Opened(_authorized_user(found, subject), facts)
    account = _service_account(found, subject)
    return Opened(replace(account, repaired=(*repaired, *account.repaired)), facts)


def document_of(data: bytes, subject: str, reference: str = "") -> tuple[dict[str, Any], tuple[str, ...]]:
    """The JSON object of a credential file, with a type that is supported, and what had to be forgiven.

    Forgives a byte order mark, UTF-16 as PowerShell writes it, and line breaks inside the key, as CI variables have
    them.

    :raises ProfileError: anything else, saying what it is.
    """
    repaired: tuple[str, ...] = ()
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        try:
            found = json.loads(data, strict=False)
        except (ValueError, RecursionError) as error:
            raise _no_json(data, subject, reference, error) from None
        repaired = ("line breaks inside its texts, which JSON does not allow",)
    told = strangers.document(found)
    if told is None and found["type"] not in TYPES:
        raise strangers.refusal(subject, strangers.unsupported(found["type"]), FIELD, "credential-unsupported")
    if told is not None:
        raise strangers.refusal(subject, told, FIELD)
    return found, repaired


def _no_json(data: bytes, subject: str, reference: str, error: Exception) -> ProfileError:
    told = strangers.text(data, reference)
    if told is not None:
        return strangers.refusal(
            subject, told, FIELD, "credential-empty" if told[0] == "is empty" else "credential-wrong-file"
        )
    return ProfileError(
        f"{subject} is not JSON: {_why(error)}.",
        f"It is damaged or cut short; take the file as it was downloaded. {NEW_KEY}",
        rule="credential-unreadable",
        where=FIELD,
    )


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8 at byte {error.start}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else "it has a number of thousands of digits"


# --- one type each ---------------------------------------------------------------------------------------------------


def _service_account(found: Mapping[str, Any], subject: str) -> ServiceAccount:
    require(found, ("client_email", "private_key"), subject)
    email = plain(found, "client_email", subject)
    if not re.fullmatch(r"[^@/]+@[^@/]+", email):
        raise bad(subject, "client_email", "is no e-mail address")
    text, repaired = _unescaped(found["private_key"])
    account = ServiceAccount(
        client_email=email,
        private_key=hidden({"private_key": text}, "private_key", "$PUSHCTL_PRIVATE_KEY", subject, about=subject),
        key_id=plain(found, "private_key_id", subject),
        project_id=plain(found, "project_id", subject),
        token_url=address(found.get("token_uri") or TOKEN_URL, "token_uri", subject),
        repaired=repaired,
    )
    return replace(account, fingerprint=_fingerprint(rsa_key(account)))


def _authorized_user(found: Mapping[str, Any], subject: str) -> AuthorizedUser:
    require(found, ("client_id", "client_secret", "refresh_token"), subject)
    return AuthorizedUser(
        client_id=plain(found, "client_id", subject),
        client_secret=hidden(found, "client_secret", "$PUSHCTL_CLIENT_SECRET", subject),
        refresh_token=hidden(found, "refresh_token", "$PUSHCTL_REFRESH_TOKEN", subject),
        token_url=address(found.get("token_uri") or TOKEN_URL, "token_uri", subject),
    )


def _external(found: Mapping[str, Any], subject: str, subject_token: Secret | None) -> ExternalAccount | Impersonated:
    require(found, ("audience", "subject_token_type"), subject)
    client_id = plain(found, "client_id", subject)
    secret = hidden(found, "client_secret", "$PUSHCTL_CLIENT_SECRET", subject) if found.get("client_secret") else None
    account = ExternalAccount(
        audience=plain(found, "audience", subject),
        subject_token_type=plain(found, "subject_token_type", subject),
        token_url=address(found.get("token_url") or STS_URL, "token_url", subject),
        subject=subject_of(found.get("credential_source"), subject, subject_token),
        client=(client_id, secret) if client_id and secret else None,
        user_project=plain(found, "workforce_pool_user_project", subject),
    )
    url = found.get("service_account_impersonation_url")
    if not url:
        return account
    options = found.get("service_account_impersonation")
    seconds = options.get("token_lifetime_seconds", 3600) if isinstance(options, Mapping) else 3600
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 600 <= seconds <= _LONGEST_S:
        raise bad(subject, "token_lifetime_seconds", f"is no number from 600 to {_LONGEST_S}")
    return Impersonated(account, _impersonation(url, subject), seconds)


def _impersonated(found: Mapping[str, Any], subject: str) -> Impersonated:
    require(found, ("service_account_impersonation_url",), subject)
    source, delegates = found.get("source_credentials"), found.get("delegates") or []
    kind = source.get("type") if isinstance(source, Mapping) else None
    if kind not in ("service_account", "authorized_user"):
        raise ProfileError(
            f"{subject} has source_credentials that are neither a service_account nor an authorized_user.",
            OWN_TOKEN,
            rule="credential-unsupported",
            where=FIELD,
        )
    if not isinstance(delegates, list) or not all(isinstance(one, str) for one in delegates):
        raise bad(subject, "delegates", "is no list of texts")
    read = _service_account if kind == "service_account" else _authorized_user
    url = _impersonation(found["service_account_impersonation_url"], subject)
    inner: Mapping[str, Any] = source if isinstance(source, Mapping) else {}
    return Impersonated(read(inner, f"source_credentials in {subject}"), url, delegates=tuple(delegates))


def _impersonation(url: Any, subject: str) -> str:
    checked = address(url, "service_account_impersonation_url", subject)
    if not re.search(r"/serviceAccounts/[^/]+:generateAccessToken$", checked):
        raise bad(
            subject, "service_account_impersonation_url", "does not end in …/serviceAccounts/EMAIL:generateAccessToken"
        )
    return checked


# --- the key ---------------------------------------------------------------------------------------------------------


def rsa_key(account: ServiceAccount) -> RSAPrivateKey:
    """The key that signs. Raises ``ProfileError`` for a PEM that is broken, encrypted, or of another kind."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    subject, text = account.private_key.about, account.private_key.reveal()
    block = _BLOCK.search(text)
    if block is None or not block[1].endswith("PRIVATE KEY"):
        raise bad(subject, "private_key", _instead(text, block), "private-key-unreadable")
    if "ENCRYPTED" in block[0]:
        raise bad(subject, "private_key", "has a passphrase; Google's keys never have one", "private-key-encrypted")
    lines = "\n".join(block[2].split())  # a CI that made blanks of the line breaks is forgiven
    try:
        key = load_pem_private_key(f"-----BEGIN {block[1]}-----\n{lines}\n-----END {block[1]}-----\n".encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise bad(subject, "private_key", "is damaged or cut short", "private-key-unreadable") from None
    if not isinstance(key, RSAPrivateKey):
        kind = type(key).__name__.removesuffix("PrivateKey").lstrip("_").upper()
        article = "an" if kind[:1] in "AEIOU" else "a"
        raise bad(subject, "private_key", f"is {article} {kind} key; Google's are RSA", "private-key-not-rsa")
    if key.key_size < _LEAST_BITS:
        what = f"has {key.key_size} bits; Google's have 2048, and 1024 at the least"
        raise bad(subject, "private_key", what, "private-key-short")
    return key


def _instead(text: str, block: re.Match[str] | None) -> str:
    """What a private_key without a private key in it is, as the end of a sentence."""
    if block is not None:
        return f"is a {block[1].lower()}"
    if "PRIVATE KEY-----" not in text:
        return "has no lines BEGIN PRIVATE KEY and END PRIVATE KEY"
    missing = "end" if "-----BEGIN" in text else "beginning"
    return f"was cut short: its {missing} is missing"


def _fingerprint(key: RSAPrivateKey) -> str:
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()[:16]


def _unescaped(text: str) -> tuple[str, tuple[str, ...]]:
    """A key in which line breaks are written as two characters, backslash and n, is taken all the same: a PEM has no
    backslash, so that nothing else can be meant."""
    if "\\" not in text:
        return text, ()
    plain = text.replace("\\r", "").replace("\\n", "\n").replace("\\", "")
    return plain, ("\\n escaped twice in its private_key",)
