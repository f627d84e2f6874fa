"""The fields of a credential file, checked one by one. No text of these errors holds a value that may be a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.vendors.fcm.strangers import NEW_KEY, OWN_TOKEN

FIELD = "credentials.service_account"
_AGAIN = f"Take the file as it was downloaded, or make a new one. {NEW_KEY}"


def described(secret: Secret, field: str = FIELD) -> str:
    """A sentence's subject for this secret: ``credentials.service_account (file:key.json)``."""
    return f"{field} ({secret.about})" if secret.about else field


def require(found: Mapping[str, Any], names: tuple[str, ...], subject: str) -> None:
    """Raise ``ProfileError`` unless each of these fields is a text with something in it."""
    missing = [name for name in names if not isinstance(found.get(name), str) or not found[name].strip()]
    if missing:
        raise ProfileError(
            f"{subject} has no {' and no '.join(missing)}.",
            _AGAIN if "private_key" in names else "Make the file anew.",
            rule="credential-incomplete",
            where=FIELD,
        )


def hidden(found: Mapping[str, Any], name: str, shown: str, subject: str, about: str = "") -> Secret:
    """A secret text of the file, which is there. Raises ``ProfileError`` for what is no text, halves of characters
    among it."""
    try:
        return Secret(found[name], shown, about)
    except (UnicodeEncodeError, AttributeError, TypeError):
        raise bad(subject, name, "is no text") from None


def plain(found: Mapping[str, Any], name: str, subject: str) -> str:
    """A public text of the file, or "". Raises ``ProfileError`` for characters that none can have."""
    value = found.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise bad(subject, name, "has characters that do not belong there")
    return text


def address(url: Any, name: str, subject: str) -> str:
    """A URL that may be asked for a token: https, or http on this machine. Whose host it is, is not decided here.

    Raises ``ProfileError``; the URL is not quoted, for some hold a secret.
    """
    text = url if isinstance(url, str) else ""
    clean = text.isascii() and text.isprintable() and not any(char in text for char in ' "#<>?\\')
    try:
        parts = urlsplit(text) if clean else urlsplit("")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if not host or "@" in parts.netloc or parts.scheme not in ("https", "http") or port == 0:
        raise bad(subject, name, "is no https address", "credential-address")
    if parts.scheme == "http" and not is_loopback(host):
        raise ProfileError(
            f"{subject} has a {name} with plain http to {host}; credentials go over https only.",
            f"Is it the metadata server of a cloud? {OWN_TOKEN}",
            rule="plain-http",
            where=FIELD,
        )
    return text


def is_loopback(host: str) -> bool:
    """Whether this is this machine by its very name."""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def bad(subject: str, name: str, what: str, rule: str = "credential-field") -> ProfileError:
    """The error for one field of a file."""
    fix = _AGAIN if name in ("private_key", "client_email") else "Make the file anew."
    return ProfileError(f"{subject}: its {name} {what}.", fix, rule=rule, where=FIELD)
