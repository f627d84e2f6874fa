"""Who pushes: an app's AppKey, which is public, and its MasterSecret, which signs the request for a token.

The console (push.oppo.com > configuration > application configuration) shows four values: AppId, digits; AppKey and
AppSecret for the client SDK; MasterSecret for servers, to the main account alone. AppSecret and MasterSecret look the
same; that they are mixed up is what code 16 mostly means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.credentials import Fault, SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.vendor import Account, Field
from pushctl.vendors.oppo.hosts import CHINA, DOMAIN, HOSTS, hosts_of
from pushctl.vendors.oppo.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field("app_key", "AppKey (console: configuration > application configuration)", required=True),
    Field("master_secret", "MasterSecret, for servers; not AppSecret", secret=True, required=True),
)
APP: tuple[Field, ...] = (
    Field("package_name", "the app's package; --click activity:.NAME needs it"),
    Field("domain", "heytapmobi.com, or oppomobile.com for the older name of the China host; else heytapmobi.com"),
)
_PAGE = "the OPPO PUSH console, configuration > application configuration"
_HEX = re.compile(r"[0-9a-fA-F]{32}")
_OLD_KEY = re.compile(r"[0-9A-Za-z]{20,40}")  # AppKeys of before 2020 have 22 to 25 letters of both cases
_APP_ID_MOST = 12
_SECRET = SecretField(
    "credentials.master_secret",
    "a MasterSecret",
    f'Add master_secret = "env:OPPO_MASTER_SECRET"; its value stands in {_PAGE}, for the main account alone.',
    f"Copy MasterSecret from {_PAGE}.",
    "$PUSHCTL_MASTER_SECRET",
)

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AppKey:
    """The two values of an app."""

    app_key: str
    master_secret: Secret


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account.

    :param fields: ``{"environment": "production", "credentials": {app_key, master_secret}, "app": {…}}``; the secret is
        a :class:`Secret`.
    :raises ProfileError: a field is missing, or holds what it cannot hold.
    """
    environment, credentials, app = fields["environment"], fields["credentials"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"OPPO PUSH has no environment {environment!r}.",
            "Leave it out, or write production: OPPO has no test host and no test mode.",
            rule="profile-environment",
        )
    app_key = _app_key(str(credentials.get("app_key", "")))
    master_secret = word(credentials.get("master_secret"), _SECRET, lambda text: _other_value(text, app_key))
    return Account(environment, AppKey(app_key, master_secret), app, hosts_of(_domain(app.get("domain") or DOMAIN)))


def _app_key(value: str) -> str:
    text, where = value.strip(), "credentials.app_key"
    if not text:
        raise ProfileError(
            "credentials.app_key is missing.", f"Copy AppKey from {_PAGE}.", rule="credential-missing", where=where
        )
    if text.isascii() and text.isdecimal() and len(text) <= _APP_ID_MOST:
        raise ProfileError(
            f"credentials.app_key is {text}: by its shape that is the AppId, and OPPO's API takes the AppKey.",
            f"Copy AppKey from {_PAGE}: 32 hexadecimal digits, or about 24 letters and digits of an older app.",
            rule="credential-id",
            where=where,
        )
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ProfileError(
            "credentials.app_key has blanks, control characters or foreign letters in it.",
            f"Copy it from {_PAGE}.",
            rule="credential-id",
            where=where,
        )
    return text


def _other_value(text: str, app_key: str) -> Fault | None:
    """What else of the console's page a secret is, as far as it can be seen."""
    if text == app_key:
        return "credential-secret", "is the AppKey once more", _SECRET.again
    if text.isdecimal() and len(text) <= _APP_ID_MOST:
        return "credential-secret", "is a number: by its shape that is the AppId", _SECRET.again
    return None


def _domain(value: str) -> str:
    if value not in CHINA:
        raise ProfileError(
            f"app.domain is {value!r}: it is heytapmobi.com or oppomobile.com.",
            "Leave it out for heytapmobi.com; --endpoint reaches any other host.",
            rule="app-domain",
            where="app.domain",
        )
    return value


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is odd about its shape as far as it can be told."""
    credential = account.credential
    facts: Facts = (
        ("credential", "AppKey and MasterSecret, signed with SHA-256"),
        ("app key", credential.app_key),
        ("phones of mainland China", account.hosts["push"]),
        ("all other phones", account.hosts["push.intl"]),
        ("scope", "whether it is MasterSecret or AppSecret cannot be seen: both have 32 hexadecimal digits"),
    )
    return facts, tuple(_odd(credential))


def _odd(credential: AppKey) -> list[Finding]:
    found = []
    if not (_HEX.fullmatch(credential.app_key) or _OLD_KEY.fullmatch(credential.app_key)):
        found.append(RULES["app-key-shape"].finding("credentials.app_key", length=len(credential.app_key)))
    secret = credential.master_secret.reveal()
    if not (_HEX.fullmatch(secret) or _OLD_KEY.fullmatch(secret)):
        found.append(RULES["master-secret-shape"].finding("credentials.master_secret", length=len(secret)))
    return found
