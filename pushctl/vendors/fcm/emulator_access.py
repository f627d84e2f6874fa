"""How the emulated Google knows who is asking, and whether he may: access tokens, scopes, quota projects, IAM.

Order: credential, scope, the project that is charged, the API's switch, IAM. No page says so (unproved). Bodies: public
trouble reports (PyFCM issue 334, firebase-admin-dotnet issue 503, fcm-django issue 213, firebase-php issue 231).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pushctl.core.emulated_http import clock
from pushctl.core.emulated_oauth import bearer
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm.emulator_answers import (
    FCM,
    OTHER_NUMBER,
    OTHER_PROJECT,
    PROJECT,
    Call,
    Refusal,
    number_of,
    project_of,
    refused,
)
from pushctl.vendors.fcm.emulator_assertion import parse, signed_by
from pushctl.vendors.fcm.emulator_credentials import BY_EMAIL, CLOUD, MESSAGING, Caller, caller_of

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

SEND_SCOPES = (MESSAGING, CLOUD)
GCLOUD_PROJECT = "764086051850"
"""The project of gcloud's own OAuth client, which user credentials without a quota project are charged to."""
_PROJECT = re.compile(r"([a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[1-9]\d{5,18}", re.ASCII)


def admit(call: Call, scopes: tuple[str, ...] = SEND_SCOPES) -> Refusal | None:
    """Who is asking, and whether he may do that in the project that the path names."""
    return (
        authenticate(call, scopes)
        or scenarios.expired(call, scenarios.BOOK.of(call.world))
        or _charged(call)
        or _switched_on(call)
        or _project(call)
    )


def authenticate(call: Call, scopes: tuple[str, ...]) -> Refusal | None:
    """Check the access token; the caller is then known."""
    key = call.query.get("key")
    if key is not None and not key.startswith("AIza"):
        return Refusal("API_KEY_INVALID", "api-key", "any key that does not begin with AIza; unproved")
    given = call.seen.header("authorization") or ""
    token = bearer(call.seen) or call.query.get("access_token")
    if token is None and given.casefold().startswith("key="):
        return Refusal("ACCESS_TOKEN_TYPE_UNSUPPORTED", "legacy-server-key", "that it gets this reason is unproved")
    if token is None:
        return Refusal("CREDENTIALS_MISSING", "access-token-present")
    found = caller_of(call.world, token)
    if found is None:
        return _self_signed(call, token, scopes)
    call.caller, expires = found
    if expires <= clock(call.world):
        return Refusal("ACCESS_TOKEN_EXPIRED", "access-token-life")
    return _scope(call, scopes)


def _self_signed(call: Call, token: str, scopes: tuple[str, ...]) -> Refusal | None:
    """A JWT that a service account signed itself may stand for an access token (google-auth, always_use_jwt_access);
    any other JWT is a token of the wrong type, and anything else is nothing at all."""
    assertion = parse(token)
    if assertion is None:
        return Refusal("UNAUTHENTICATED", "access-token-known", "answered without details")
    account = BY_EMAIL.get(str(assertion.claims.get("iss")))
    if account is None or not signed_by(call.world, account, assertion):
        return Refusal("ACCESS_TOKEN_TYPE_UNSUPPORTED", "access-token-type", "an ID token, say; unproved")
    exp = assertion.claims.get("exp")
    if not isinstance(exp, (int, float)) or exp <= clock(call.world):
        return Refusal("ACCESS_TOKEN_EXPIRED", "self-signed-life", "unproved")
    named = str(assertion.claims.get("scope", ""))
    if assertion.claims.get("aud") == f"https://{call.service}/":
        named = f"{named} {CLOUD}"
    call.caller = Caller(account.email, "service", tuple(named.split()))
    return _scope(call, scopes)


def _scope(call: Call, scopes: tuple[str, ...]) -> Refusal | None:
    held = call.caller.scopes if call.caller else ()
    return None if any(each in held for each in scopes) else Refusal("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "scope")


def _charged(call: Call) -> Refusal | None:
    """The project that pays with its quota: the caller's own, or that of ``x-goog-user-project``."""
    named = call.seen.header("x-goog-user-project")
    if named is None:
        if call.caller is not None and call.caller.kind == "user":
            fill = {"consumer": GCLOUD_PROJECT}
            return Refusal("SERVICE_DISABLED", "quota-project", "user credentials without a quota project", fill=fill)
        return None
    if named in (PROJECT, *_own(call)):
        return None
    note, fill = "the texts are unproved", {"consumer": named}
    if named in (OTHER_PROJECT, OTHER_NUMBER):
        return Refusal("USER_PROJECT_DENIED", "quota-project", note, fill=fill)
    return Refusal("CONSUMER_INVALID", "quota-project", note, fill=fill)


def _own(call: Call) -> tuple[str, str]:
    return project_of(call.world), number_of(call.world)


def _switched_on(call: Call) -> Refusal | None:
    account = call.caller.account if call.caller else None
    if account is not None and account.state == "api-off":
        return Refusal("SERVICE_DISABLED", "api-enabled")
    return None


def _project(call: Call) -> Refusal | None:
    call.project = unquote(call.project)
    if not _PROJECT.fullmatch(call.project) and call.project != project_of(call.world):
        return Refusal("NOT_FOUND", "project-form", "neither a project id nor a number; unproved")
    account = call.caller.account if call.caller else None
    foreign = call.project not in _own(call)
    if foreign or (account is not None and account.state == "no-role"):
        return Refusal("IAM_PERMISSION_DENIED", "iam")
    return None


def stopped(call: Call, scopes: tuple[str, ...] = SEND_SCOPES) -> Act | None:
    """The answer of whoever is not admitted, or of a scenario that comes right behind the door; None to go on."""
    refusal = admit(call, scopes)
    if refusal is not None:
        return refused(call, refusal)
    return scenarios.forced(call, scenarios.BOOK.of(call.world), "authenticated") if call.service == FCM else None
