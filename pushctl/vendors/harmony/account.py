"""Who pushes: a service account of the app's project. v3 takes nothing else (HarmonyOS 5 and later refuse OAuth)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.vendor import Account, Field
from pushctl.vendors._huawei import service_account
from pushctl.vendors.harmony.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field(
        "service_account",
        "the key file of a service account of the app's project (private.json)",
        secret=True,
        required=True,
    ),
)
APP: tuple[Field, ...] = (
    Field("project_id", "the project id, digits; without it that of the key file is taken"),
    Field("client_id", "the app's Client ID, digits, as in its module.json5; only revoking needs it"),
)

_STRUCT = "https://developer.huawei.com/consumer/cn/doc/harmonyos-references/push-scenariozed-api-request-struct"
_PROJECT_DIGITS = 12  # project ids that have been seen have 17 and more digits, app and client ids 8 or 9

Facts = tuple[tuple[str, str], ...]


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account; the key has been read once.

    :param fields: ``{"environment": "production", "credentials": {service_account}, "app": {project_id?,
        client_id?}}``; the key file is a :class:`Secret`. The account's ``app`` always has ``project_id``.
    :raises ProfileError: a field is missing, the key file is another file, an id is none.
    """
    environment, app = fields["environment"], dict(fields.get("app", {}))
    if environment not in HOSTS:
        raise ProfileError(
            f"Push Kit v3 has no environment {environment!r}.",
            "Leave it out, or write production; a test is a message with --validate-only (testMessage).",
            rule="profile-environment",
        )
    for name in ("project_id", "client_id"):
        _check_digits(f"app.{name}", str(app.get(name, "")))
    key: Secret | None = fields["credentials"].get("service_account")
    if not key:
        raise ProfileError(
            "The profile has no credentials.service_account.",
            'Add service_account = "file:private.json": the key file of a service account of the app\'s project.',
            rule="credential-missing",
            where="credentials.service_account",
        )
    credential = service_account.read_key(key)
    project_id = app.get("project_id") or credential.project_id
    if not project_id:
        raise ProfileError(
            "v3 has the project id in its path, and neither app.project_id nor the key file says it.",
            "Add project_id to the profile's [app] table: digits, AppGallery Connect > Project settings shows them.",
            rule="app-id-missing",
            where="app.project_id",
        )
    return Account(environment, credential, {**app, "project_id": project_id}, HOSTS[environment])


def _check_digits(place: str, value: str) -> None:
    if value and not (value.isascii() and value.isdecimal() and len(value) <= 64):
        raise ProfileError(
            f"{place} is {value[:40]!r}, and Huawei's ids are 1 to 64 digits.",
            "AppGallery Connect > Project settings shows project id and Client ID.",
            rule="credential-id",
            where=place,
        )


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - nothing here expires
    """What is inside the credential, offline, and what is wrong with the ids as far as it can be told."""
    credential: service_account.ServiceAccount = account.credential
    project_id, client_id = account.app["project_id"], account.app.get("client_id", "")
    facts = (
        ("credential", "service account key (JWT, PS256)"),
        ("key id", credential.key_id),
        ("sub account", credential.sub_account),
        ("project id", credential.project_id or "not said in the key file"),
        ("path", f"/v3/{project_id}/messages:send"),
        ("client id", client_id or "not said; revoking needs it"),
    )
    findings = []
    if credential.project_id and credential.project_id != project_id:
        findings.append(
            Finding(
                "project-differs",
                "error",
                f"app.project_id is {project_id}, and the key file belongs to project {credential.project_id}.",
                "Use the service account of the app's own project: another one's JWT is refused with 80200001.",
                "app.project_id",
                _STRUCT,
            )
        )
    findings += _odd_ids(project_id, client_id)
    return facts, tuple(findings)


def _odd_ids(project_id: str, client_id: str) -> list[Finding]:
    """Ids that look like each other's. A guess by their length: Huawei promises none."""
    said = []
    if client_id and client_id == project_id:
        said.append(("app.client_id", f"client_id and project_id are both {client_id}, and they are two numbers"))
    elif len(project_id) < _PROJECT_DIGITS:
        text = f"app.project_id has {len(project_id)} digits, as an app id; project ids have about 18"
        said.append(("app.project_id", text))
    return [
        Finding(
            "id-shape",
            "warning",
            f"{text}.",
            "Compare it with AppGallery Connect > Project settings; a wrong one is refused with 80200001 or 80300002.",
            where,
            _STRUCT,
            "medium",
        )
        for where, text in said
    ]
