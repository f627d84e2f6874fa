"""Who pushes: the OAuth client of an app's push service, and the app id that stands in the path.

Three values of one page of the console (Push service > view push service). App id and app secret of the app itself give
no token; it is the fault that people report most (github.com/wildfirechat/push_server/issues/53).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.credentials import SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.vendor import Account, Field
from pushctl.vendors.honor.hosts import DOMAIN, DOMAINS, HOSTS
from pushctl.vendors.honor.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field("client_id", "the client id of the push service (console: Push service > view push service)", required=True),
    Field("client_secret", "the client secret of the push service; not the app secret", secret=True, required=True),
)
APP: tuple[Field, ...] = (
    Field("app_id", "the app id of the push service, nine digits; it is not the client id", required=True),
    Field("package_name", "the app's package; --click activity:NAME needs it"),
    Field("badge_class", "the class of the app's entry activity; --badge sends it along"),
    Field("domain", "honor.com, or hihonor.com for the hosts of before 2024; honor.com where nothing is said"),
)
_PAGE = "the console, Push service > view push service"
_APP_ID_DIGITS = 9
_SECRET = SecretField(
    "credentials.client_secret",
    "a client secret",
    f'Add client_secret = "env:HONOR_CLIENT_SECRET"; its value stands in {_PAGE}.',
    f"Copy it from {_PAGE}; mcs-services.json holds no secret.",
    "$PUSHCTL_CLIENT_SECRET",
)

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client of a push service."""

    client_id: str
    secret: Secret


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account.

    :param fields: ``{"environment": "production", "credentials": {client_id, client_secret}, "app": {app_id, …}}``;
        the secret is a :class:`Secret`.
    :raises ProfileError: a field is missing, or holds what it cannot hold.
    """
    environment, credentials, app = fields["environment"], fields["credentials"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"Honor Push has no environment {environment!r}.",
            "Leave it out, or write production; a test is a message with android.targetUserType 1.",
            rule="profile-environment",
        )
    app["app_id"] = _app_id(app.get("app_id", ""))
    client = Client(_client_id(credentials.get("client_id", "")), word(credentials.get("client_secret"), _SECRET))
    return Account(environment, client, app, DOMAINS[_domain(app.get("domain") or DOMAIN)])


def _app_id(value: str) -> str:
    text = value.strip()
    if not text:
        raise ProfileError(
            "app.app_id is missing, and it stands in the path of every push.",
            f"Add the app id to the profile's [app] table: nine digits, from {_PAGE}.",
            rule="app-id-missing",
            where="app.app_id",
        )
    if not (text.isascii() and text.isdecimal() and len(text) <= 32):
        raise ProfileError(
            f"app.app_id is {text[:40]!r}, and Honor's app ids are digits.",
            f"Take the nine digits of the app id from {_PAGE}; the client id is another value.",
            rule="credential-id",
            where="app.app_id",
        )
    return text


def _client_id(value: str) -> str:
    text = value.strip()
    if not text or not text.isprintable() or " " in text:
        what = "is missing" if not text else "has blanks or control characters in it"
        raise ProfileError(
            f"credentials.client_id {what}.",
            f"Copy it from {_PAGE}; it is not the app id.",
            rule="credential-missing" if not text else "credential-id",
            where="credentials.client_id",
        )
    return text


def _domain(value: str) -> str:
    if value not in DOMAINS:
        raise ProfileError(
            f"app.domain is {value!r}: it is honor.com or hihonor.com.",
            "Leave it out for honor.com; --endpoint reaches any other host.",
            rule="app-domain",
            where="app.domain",
        )
    return value


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is odd about the ids as far as it can be told."""
    client, app_id = account.credential, account.app["app_id"]
    facts: Facts = (
        ("credential", "OAuth 2.0 client credentials"),
        ("client id", client.client_id),
        ("path", f"/api/v1/{app_id}/sendMessage (app id)"),
        ("scope", "a client secret says nothing of its app; only a push shows whether they belong together"),
    )
    return facts, tuple(_odd_ids(client.client_id, app_id))


def _odd_ids(client_id: str, app_id: str) -> list[Finding]:
    if client_id == app_id:
        return [RULES["app-id-is-client-id"].finding("credentials.client_id", value=app_id)]
    if len(app_id) != _APP_ID_DIGITS:
        return [RULES["app-id-shape"].finding("app.app_id", value=app_id, count=len(app_id))]
    return []
