"""Who pushes: an app's OAuth client, or a service account of its project; and by which of the two ids.

v1 has the app id (= OAuth client id of the Android app) in its path, v2 the project id; bodies and answers are alike
(HMSCore-References/https-send-api-0000001050986197). Mixing the two ids up is answered 80300002 or 80200001.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.credentials import SecretField, word
from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.vendor import Account, Field
from pushctl.vendors.hms.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.secret import Secret
    from pushctl.vendors._huawei.service_account import ServiceAccount

CREDENTIALS: tuple[Field, ...] = (
    Field("client_id", "OAuth: the client id of the app; without it app.app_id is taken, which is the same number"),
    Field("client_secret", "OAuth: the client secret of the app (AppGallery Connect > Project settings)", secret=True),
    Field("service_account", "in place of OAuth: the key file of a service account (private.json)", secret=True),
)
APP: tuple[Field, ...] = (
    Field("app_id", "the app id, digits; v1 has it in its path, and topics and token queries need it"),
    Field("project_id", "the project id, digits; v2 has it in its path"),
    Field("api", "v1 (by app id) or v2 (by project id); without it the ids decide, and v1 where both are given"),
    Field("package_name", "the app's package; --click activity:NAME needs it"),
    Field("badge_class", "the class of the app's entry activity; --badge needs it"),
)

_OAUTH_PAGE = "https://developer.huawei.com/consumer/cn/doc/HMSCore-Guides/oauth2-0000001212610981"
_SEND_PAGE = "https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197"
_CONSOLE = "AppGallery Connect > Project settings > General information > App information"
_SECRET = SecretField(
    "credentials.client_secret",
    "a client secret",
    f"Copy it from {_CONSOLE}.",
    f"Copy it again from {_CONSOLE}; a service account's private.json goes into service_account.",
    "$PUSHCTL_CLIENT_SECRET",
)
_PROJECT_DIGITS = 15  # app ids that have been seen have 8 or 9 digits, project ids 18

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """An app's OAuth client."""

    client_id: str
    secret: Secret


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account; a service account's key has been read once.

    :param fields: ``{"environment": "production", "credentials": {client_id?, client_secret} or {service_account},
        "app": {app_id?, project_id?, api?, …}}``; secrets are :class:`Secret`. The account's ``app`` always has
        ``api`` and the id that its path needs.
    :raises ProfileError: a field is missing, two ways of authentication are mixed, an id is none.
    """
    environment, credentials, app = fields["environment"], fields["credentials"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"Huawei Push Kit has no environment {environment!r}.",
            "Leave it out, or write production; a test is a message with target_user_type 1.",
            rule="profile-environment",
        )
    for table, values, names in (("app", app, ("app_id", "project_id")), ("credentials", credentials, ("client_id",))):
        for name in names:
            _check_digits(f"{table}.{name}", values.get(name, ""))
    credential = _credential(credentials, app)
    app = {**app, **_path_ids(app, credential)}
    return Account(environment, credential, app, HOSTS[environment])


def _credential(credentials: Mapping[str, Any], app: Mapping[str, str]) -> ClientSecret | ServiceAccount:
    secret, key = credentials.get("client_secret"), credentials.get("service_account")
    if secret and key:
        raise ProfileError(
            "The profile has credentials.client_secret and credentials.service_account.",
            "Keep one of the two ways: client_secret with client_id, or service_account.",
            rule="credential-mixed",
            where="credentials",
        )
    if key:
        from pushctl.vendors._huawei import service_account

        return service_account.read_key(key)
    if not secret:
        raise ProfileError(
            "The profile has neither credentials.client_secret nor credentials.service_account.",
            'Add client_id and client_secret = "env:HMS_CLIENT_SECRET", or service_account = "file:private.json".',
            rule="credential-missing",
            where="credentials",
        )
    client_id = credentials.get("client_id", "").strip() or app.get("app_id", "").strip()
    if not client_id:
        raise ProfileError(
            "credentials.client_secret is given without credentials.client_id or app.app_id.",
            "Add client_id: the app's OAuth client id, which is its app id (AppGallery Connect > Project settings).",
            rule="credential-missing",
            where="credentials.client_id",
        )
    return ClientSecret(client_id, word(secret, _SECRET))


def _check_digits(place: str, value: str) -> None:
    if value and not (value.isascii() and value.isdecimal() and len(value) <= 64):
        raise ProfileError(
            f"{place} is {value[:40]!r}, and Huawei's ids are 1 to 64 digits.",
            "AppGallery Connect > Project settings shows app id, client id and project id.",
            rule="credential-id",
            where=place,
        )


def _path_ids(app: Mapping[str, str], credential: ClientSecret | ServiceAccount) -> dict[str, str]:
    """Which API, and the id that its path needs. Raises ``ProfileError`` where no field says it."""
    project_id = app.get("project_id") or getattr(credential, "project_id", "")
    app_id = app.get("app_id") or ""
    if not app_id and isinstance(credential, ClientSecret) and not app.get("project_id"):
        app_id = credential.client_id
    api = app.get("api") or ("v1" if app_id or not project_id else "v2")
    if api not in ("v1", "v2"):
        hint = "v3 is the vendor harmony." if api == "v3" else "v1 has the app id in its path, v2 the project id."
        raise ProfileError(f"app.api is {api!r}: it is v1 or v2.", hint, rule="app-api", where="app.api")
    if api == "v1" and not app_id and isinstance(credential, ClientSecret):
        app_id = credential.client_id
    wanted, value = ("app_id", app_id) if api == "v1" else ("project_id", project_id)
    if not value:
        raise ProfileError(
            f"api {api} has the {wanted.replace('_', ' ')} in its path, and no field says it.",
            f"Add {wanted} to the profile's [app] table: digits, as AppGallery Connect > Project settings shows them.",
            rule="app-id-missing",
            where=f"app.{wanted}",
        )
    return {"api": api, wanted: value}


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is wrong with the ids as far as it can be told."""
    credential, app = account.credential, account.app
    api = app["api"]
    path_id = app["app_id"] if api == "v1" else app["project_id"]
    path = ("path", f"/{api}/{path_id}/messages:send ({'app id' if api == 'v1' else 'project id'})")
    if isinstance(credential, ClientSecret):
        facts: Facts = (
            ("credential", "OAuth 2.0 client credentials"),
            ("client id", credential.client_id),
            path,
            (
                "scope",
                "a client secret says nothing of its app; only a token request shows whether they belong together",
            ),
        )
        return facts, tuple(_findings_of_client(credential, app))
    facts = (
        ("credential", "service account key (JWT, PS256)"),
        ("key id", credential.key_id),
        ("sub account", credential.sub_account),
        ("project id", credential.project_id or "not said"),
        path,
    )
    return facts, tuple(_findings_of_key(credential, app))


def _findings_of_client(credential: ClientSecret, app: Mapping[str, str]) -> list[Finding]:
    findings = _odd_ids(app)
    if app["api"] == "v1" and credential.client_id != app["app_id"]:
        findings.append(
            Finding(
                "client-id-differs",
                "warning",
                f"credentials.client_id is {credential.client_id}, and app.app_id is {app['app_id']}.",
                "An app's OAuth client id is its app id; a token of one app used for another is refused with 80200001.",
                "credentials.client_id",
                _OAUTH_PAGE,
            )
        )
    return findings


def _findings_of_key(credential: ServiceAccount, app: Mapping[str, str]) -> list[Finding]:
    findings = _odd_ids(app)
    named, mine = app.get("project_id", ""), credential.project_id
    if named and mine and named != mine:
        findings.insert(
            0,
            Finding(
                "project-differs",
                "error",
                f"app.project_id is {named}, and the service account belongs to project {mine}.",
                "Use the service account of the app's own project: another one's JWT is refused with 80200001.",
                "app.project_id",
                _SEND_PAGE,
            ),
        )
    return findings


def _odd_ids(app: Mapping[str, str]) -> list[Finding]:
    """Ids that look like each other's. A guess by their length: Huawei promises none."""
    app_id, project_id = app.get("app_id", ""), app.get("project_id", "")
    said: list[tuple[str, str, str]] = []
    if app_id and app_id == project_id:
        said.append(("app.project_id", f"app_id and project_id are both {app_id}", "they are two numbers"))
    elif len(app_id) >= _PROJECT_DIGITS:
        said.append(("app.app_id", f"app.app_id has {len(app_id)} digits, as a project id", "app ids have 8 or 9"))
    elif project_id and len(project_id) < 12:
        text = f"app.project_id has {len(project_id)} digits, as an app id"
        said.append(("app.project_id", text, "project ids have about 18"))
    return [
        Finding(
            "id-shape",
            "warning",
            f"{text}.",
            f"Compare it with AppGallery Connect > Project settings ({why}); the wrong one is refused with 80300002.",
            where,
            _SEND_PAGE,
            "medium",
        )
        for where, text, why in said
    ]
