"""Who pushes: an app's AppID, AppKey and AppSecret, the three values of one page of the vivo push console.

AppKey and AppSecret are both UUIDs, and only the first of them is in the app, where everybody can read it. So one
stands easily where the other belongs, which vivo answers with "sign is not correct" (10206).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.credentials import SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.vendor import Account, Field
from pushctl.vendors.vivo.hosts import HOSTS
from pushctl.vendors.vivo.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field("app_key", "AppKey of the vivo push console: a UUID, the one that the app itself has", required=True),
    Field("app_secret", "AppSecret of the vivo push console: another UUID, not in the app", secret=True, required=True),
)
APP: tuple[Field, ...] = (
    Field("app_id", "AppID of the vivo push console, a number (nine digits today)", required=True),
    Field("package_name", "the app's package; --click activity:NAME needs it"),
)
_PAGE = "the vivo push console (vpush.vivo.com.cn), application details"
_SECRET = SecretField(
    "credentials.app_secret",
    "an AppSecret",
    f'Add app_secret = "env:VIVO_APP_SECRET"; its value stands in {_PAGE}.',
    f"Copy AppSecret again from {_PAGE}.",
    "$PUSHCTL_APP_SECRET",
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_APP_ID_DIGITS = 9
_MOST_APP_ID = 2**31 - 1
"""``appId`` is an ``Integer`` in the Java SDK."""

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class App:
    """What signs a token request."""

    app_key: str
    secret: Secret


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account.

    :param fields: ``{"environment": "production", "credentials": {app_key, app_secret}, "app": {app_id, …}}``; the
        secret is a :class:`Secret`.
    :raises ProfileError: a field is missing, or holds what it cannot hold.
    """
    environment, credentials, app = fields["environment"], fields["credentials"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"vivo Push has no environment {environment!r}.",
            "Leave it out, or write production; a test is a message with pushMode 1 (--validate-only).",
            rule="profile-environment",
        )
    app["app_id"] = _app_id(str(app.get("app_id", "")))
    credential = App(_app_key(credentials.get("app_key", "")), word(credentials.get("app_secret"), _SECRET))
    return Account(environment, credential, app, HOSTS[environment])


def _app_id(value: str) -> str:
    text = value.strip()
    if not text:
        raise ProfileError(
            "app.app_id is missing, and it is part of every request's signature.",
            f"Add the AppID to the profile's [app] table: a number, from {_PAGE}.",
            rule="app-id-missing",
            where="app.app_id",
        )
    if "#" in text:
        raise _with_hash("app.app_id")
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and 0 < int(text) <= _MOST_APP_ID):
        raise ProfileError(
            f"app.app_id is {text[:40]!r}, and vivo's AppID is a number of nine digits.",
            f"Take the AppID from {_PAGE}; AppKey and AppSecret are the two UUIDs.",
            rule="credential-id",
            where="app.app_id",
        )
    return str(int(text))


def _app_key(value: str) -> str:
    text = value.strip()
    if "#" in text:
        raise _with_hash("credentials.app_key")
    if not text or not text.isprintable() or " " in text:
        what = "is missing" if not text else "has blanks or control characters in it"
        raise ProfileError(
            f"credentials.app_key {what}.",
            f"Copy AppKey from {_PAGE}; it is no secret.",
            rule="credential-missing" if not text else "credential-id",
            where="credentials.app_key",
        )
    return text


def _with_hash(where: str) -> ProfileError:
    return ProfileError(
        f"{where} holds two values with # between them, as Easemob names its certificates: appId#appKey.",
        "Write what stands before # as app.app_id, and what stands behind it as credentials.app_key.",
        rule="credential-id",
        where=where,
    )


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is odd about its three values as far as it can be told."""
    app = account.credential
    facts: Facts = (
        ("credential", "AppID, AppKey and AppSecret, which sign a token request (MD5)"),
        ("AppID", account.app["app_id"]),
        ("AppKey", app.app_key),
        ("scope", "AppSecret says nothing of its app; only a token request shows whether the three belong together"),
    )
    return facts, tuple(_odd(app.app_key, app.secret.reveal(), account.app["app_id"]))


def _odd(app_key: str, secret: str, app_id: str) -> list[Finding]:
    found: list[Finding] = []
    if secret.casefold() == app_key.casefold():
        found.append(RULES["app-key-as-secret"].finding("credentials.app_secret"))
    elif secret == app_id:
        found.append(RULES["app-id-as-secret"].finding("credentials.app_secret"))
    elif not _UUID.fullmatch(secret):
        found.append(RULES["app-secret-shape"].finding("credentials.app_secret", count=len(secret)))
    if not _UUID.fullmatch(app_key):
        found.append(RULES["app-key-shape"].finding("credentials.app_key", value=app_key))
    if len(app_id) != _APP_ID_DIGITS:
        found.append(RULES["app-id-shape"].finding("app.app_id", value=app_id, count=len(app_id)))
    return found
