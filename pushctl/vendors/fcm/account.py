"""Who pushes: a Google credential and the Firebase project, checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pushctl.core.errors import ProfileError
from pushctl.core.vendor import Account, Field
from pushctl.vendors.fcm.credentials import AccessToken, Credential, Opened, addresses
from pushctl.vendors.fcm.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field(
        "service_account",
        "the service account's JSON file (Firebase console > Project settings > Service accounts); other Google "
        "credential JSON is taken, too: authorized_user, external_account, impersonated_service_account",
        secret=True,
    ),
    Field("access_token", "in its place an access token made elsewhere: gcloud auth print-access-token", secret=True),
    Field("subject_token", "with an external_account file: the token that the workload shows to Google", secret=True),
)
APP: tuple[Field, ...] = (
    Field("project_id", "the Firebase project; a service account's file says it itself"),
    Field("sender_id", "the project number, which tokens are bound to (google-services.json: project_number)"),
    Field("app_id", "the Firebase app, 1:…:android:…; 'pushctl trace' asks about it"),
    Field("package_name", "the Android app's package, to compare tokens with"),
    Field("bundle_id", "the iOS app's bundle id, to compare tokens with"),
    Field("quota_project_id", "the project that pays for calls with a person's login (x-goog-user-project)"),
)

_PROJECT = re.compile(r"(?:[a-z0-9.-]{1,100}:)?[a-z0-9][a-z0-9-]{1,62}")
_APP_ID = re.compile(r"1:(\d{1,20}):(android|ios|web):[0-9a-f]{8,64}")

Facts = tuple[tuple[str, str], ...]


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account; the credential has been read once.

    :param fields: ``{"environment": "production", "credentials": {service_account, subject_token?} or {access_token},
        "app": {…}}``; secrets are :class:`Secret`. Where the credential's file says a project, ``app`` need not.
    :raises ProfileError: a field is missing, two credentials are given, or a file is not what it should be.
    """
    environment = fields["environment"]
    if environment not in HOSTS:
        raise ProfileError(
            f"FCM has no environment {environment!r}.", f"Write {' or '.join(HOSTS)}.", rule="profile-environment"
        )
    opened = _opened(fields["credentials"])
    app = {name: str(value).strip() for name, value in fields.get("app", {}).items() if str(value).strip()}
    app["project_id"] = _project(opened, app.get("project_id", ""))
    if "quota_project_id" in opened.facts:
        app.setdefault("quota_project_id", opened.facts["quota_project_id"])
    _check_app(app)
    return Account(environment, opened.credential, app, _hosts(environment, opened.credential))


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:
    """What is inside the credential, offline, and what is wrong with it.

    :param now: Unix seconds.
    """
    from pushctl.vendors.fcm.inspecting import inspect as look_into

    return look_into(account, now)


def number_of(app: Mapping[str, str]) -> str:
    """The project number, as the profile says it or as the app's id has it; "" where neither does."""
    match = _APP_ID.fullmatch(app.get("app_id", ""))
    return app.get("sender_id") or (match[1] if match else "")


def platform_of(app_id: str) -> str:
    """``android``, ``ios`` or ``web``; "" for what is no app id."""
    match = _APP_ID.fullmatch(app_id)
    return match[2] if match else ""


def _opened(credentials: Mapping[str, Any]) -> Opened:
    given = [name for name in ("service_account", "access_token") if credentials.get(name)]
    if len(given) > 1:
        raise ProfileError(
            "The profile has credentials.service_account and credentials.access_token.",
            "Keep one of the two.",
            rule="credential-mixed",
            where="credentials",
        )
    if not given:
        from pushctl.vendors.fcm.strangers import NEW_KEY

        raise ProfileError(
            "The profile has neither credentials.service_account nor credentials.access_token.",
            f'Add service_account = "file:NAME.json". {NEW_KEY}',
            rule="credential-missing",
            where="credentials",
        )
    if given == ["access_token"]:
        return Opened(_access_token(credentials["access_token"]))
    from pushctl.vendors.fcm.keyfile import opened

    return opened(credentials["service_account"], credentials.get("subject_token"))


def _access_token(secret: Secret) -> AccessToken:
    """A bare token. ``Bearer`` before it, as it is copied out of a header, is cut off."""
    from pushctl.core.secret import Secret as Hidden
    from pushctl.vendors.fcm import strangers

    where = "credentials.access_token"
    subject = f"{where} ({secret.about})" if secret.about else where
    text = secret.reveal_bytes().decode("utf-8-sig", "replace").strip()
    if text[:6].casefold() == "bearer" and text[6:7] in ("", " "):
        text = text[6:].strip()
    told = None if text.startswith("ya29.") else strangers.key(text)
    if text.startswith("{"):
        told = ("is a JSON file, no access token", "Write it as credentials.service_account.")
    if told is not None:
        raise strangers.refusal(subject, told, where)
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ProfileError(
            f"{subject} is no access token: it is empty, or has blanks or characters that none has.",
            strangers.OWN_TOKEN,
            rule="access-token-shape",
            where=where,
        )
    return AccessToken(Hidden(text, secret.shown, secret.about))


def _project(opened: Opened, said: str) -> str:
    """The project that the profile says, else the file's; ``inspect`` remarks on two. Raises ``ProfileError`` when
    neither says one."""
    project = said or opened.facts.get("project_id", "")
    if not project:
        raise ProfileError(
            "The Firebase project is not known: this credential does not name one, and app.project_id is missing.",
            "Add project_id to [app]; it stands in the Firebase console under Project settings.",
            rule="project-missing",
            where="app.project_id",
        )
    if not _PROJECT.fullmatch(project):
        raise ProfileError(
            f"{project[:80]!r} is no project id.",
            "It has small letters, digits and hyphens, such as my-app-1a2b3; not the project's display name.",
            rule="project-id",
            where="app.project_id",
        )
    return project


def _check_app(app: Mapping[str, str]) -> None:
    if (number := app.get("sender_id")) and not (number.isascii() and number.isdigit()):
        raise ProfileError(
            f"app.sender_id is {number[:80]!r}, and a sender id is the project's number.",
            "google-services.json has it as project_number, the console as Sender ID.",
            rule="sender-id",
            where="app.sender_id",
        )
    if (app_id := app.get("app_id")) and not _APP_ID.fullmatch(app_id):
        raise ProfileError(
            f"app.app_id is {app_id[:80]!r}, and an app id looks like 1:1234567890:android:0a1b2c3d4e5f67890.",
            "google-services.json has it as mobilesdk_app_id.",
            rule="app-id",
            where="app.app_id",
        )
    quota = app.get("quota_project_id", "")
    if quota and not _PROJECT.fullmatch(quota):
        raise ProfileError(
            f"app.quota_project_id is {quota[:80]!r}, which is no project id.",
            "It has small letters, digits and hyphens.",
            rule="project-id",
            where="app.quota_project_id",
        )


def _hosts(environment: str, credential: Credential) -> dict[str, str]:
    """The base URLs, with those that the credential brings along in their roles."""
    hosts = dict(HOSTS[environment])
    for role, url in addresses(credential).items():
        parts = urlsplit(url)
        hosts[role] = f"{parts.scheme}://{parts.netloc}"
    return hosts
