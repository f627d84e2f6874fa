"""Who pushes: an app of Flyme's push platform, by its App ID and its App Secret.

The console gives three values: App ID, App Key, App Secret. The key is for the app on the phone only; key and secret
look alike (32 hexadecimal digits each), so a mix-up shows only where the profile has both, or as code 1006.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.credentials import Fault, SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.texts import maybe_rounded
from pushctl.core.vendor import Account, Field
from pushctl.vendors.meizu.hosts import HOSTS, MAINLAND, REGIONS
from pushctl.vendors.meizu.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field(
        "app_secret", "the App Secret, 32 hexadecimal digits; not the App Key, which looks alike",
        secret=True, required=True,
    ),
)  # fmt: skip
APP: tuple[Field, ...] = (
    Field("app_id", "the App ID of Flyme's push platform: digits", required=True),
    Field("app_key", "the App Key, which the app itself has; only to tell a mix-up with the App Secret"),
    Field("package_name", "the app's package; --click activity:.NAME needs it"),
    Field("region", "mainland, or overseas for apps from outside China; mainland where nothing is said"),
)
_PAGE = "Flyme's push platform (push.meizu.com), the app's settings"
_SECRET = SecretField(
    where="credentials.app_secret",
    what="an App Secret",
    missing=f'Add app_secret = "env:MEIZU_APP_SECRET"; its value stands in {_PAGE}.',
    again=f"Copy the App Secret from {_PAGE}: 32 hexadecimal digits.",
    shown="$PUSHCTL_APP_SECRET",
)
_MARKED = re.compile(r"MZ-", re.IGNORECASE)  # JPush wants App ID and App Key with this mark before them
_HEX32 = re.compile(r"[0-9A-Fa-f]{32}")

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class App:
    """The credential of an app: what its requests are signed with."""

    app_id: str
    secret: Secret


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account.

    :param fields: ``{"environment": "production", "credentials": {app_secret}, "app": {app_id, …}}``; the secret is a
        :class:`Secret`.
    :raises ProfileError: a field is missing, or holds what it cannot hold.
    """
    environment, credentials, app = fields["environment"], fields["credentials"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"Flyme Push has no environment {environment!r}.",
            "Leave it out, or write production; there is no test environment, and apps from outside China have "
            'app.region = "overseas".',
            rule="profile-environment",
        )
    app["app_id"] = _app_id(app.get("app_id", ""))
    secret = word(credentials.get("app_secret"), _SECRET, _other)
    _refuse_mix_up(secret, app)
    region = (app.get("region") or MAINLAND).strip().casefold()
    if region not in REGIONS:
        raise ProfileError(
            f"app.region is {region[:40]!r}: it is mainland or overseas.",
            "Leave it out for an app of mainland China; --endpoint reaches any other host.",
            rule="app-region",
            where="app.region",
        )
    return Account(environment, App(app["app_id"], secret), app, REGIONS[region])


def _app_id(value: str) -> str:
    text = value.strip()
    if not text:
        raise ProfileError(
            "app.app_id is missing, and every request names it.",
            f"Add the App ID to the profile's [app] table: digits, from {_PAGE}.",
            rule="app-id-missing",
            where="app.app_id",
        )
    if text.isascii() and text.isdecimal() and len(text) <= 19 and not maybe_rounded(text):
        return text
    fix = f"Take the App ID from {_PAGE}: digits, about six."
    if _MARKED.match(text):
        fix = "Leave MZ- out: that is how JPush marks Meizu's ids."
    elif _HEX32.fullmatch(text):
        fix = f"32 hexadecimal digits are the App Key or the App Secret. {fix}"
    elif maybe_rounded(text):
        fix = f"A tool that reads numbers as doubles has changed it. {fix}"
    raise ProfileError(
        f"app.app_id is {text[:40]!r}, and Meizu's App IDs are digits.", fix, rule="credential-id", where="app.app_id"
    )


def _other(text: str) -> Fault | None:
    """Another value of the console's in the secret's place."""
    if text.isdecimal():
        return "credential-kind", "is digits only, as the App ID is", _SECRET.again
    if _MARKED.match(text):
        return "credential-kind", "begins with MZ-, as JPush marks Meizu's App ID and App Key", _SECRET.again
    return None


def _refuse_mix_up(secret: Secret, app: Mapping[str, str]) -> None:
    """Raises ``ProfileError`` where the App Secret is the App Key that the profile names as well."""
    key = _MARKED.sub("", app.get("app_key", "").strip(), count=1)
    if key and key.lower() == secret.reveal().lower():
        raise ProfileError(
            "credentials.app_secret is the App Key, the same value as app.app_key.",
            f"Copy the App Secret from {_PAGE}; with the App Key every request is refused with 1006.",
            rule="app-key-for-secret",
            where="credentials.app_secret",
        )


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is odd about it as far as it can be told."""
    secret = account.credential.secret.reveal()
    facts: Facts = (
        ("credential", "App Secret: each request is signed with it (MD5), and there is no token"),
        ("app id", account.credential.app_id),
        ("region", next((name for name, hosts in REGIONS.items() if hosts == account.hosts), MAINLAND)),
        ("scope", "a secret says nothing of its app; only a call shows whether they belong together"),
    )
    if _HEX32.fullmatch(secret):
        return facts, ()
    return facts, (RULES["app-secret-shape"].finding("credentials.app_secret", length=len(secret)),)
