"""Access tokens for Google's APIs: OAuth 2.0, a token for about an hour, reused from the cache.

A service account signs an assertion (RFC 7523; developers.google.com/identity/protocols/oauth2/service-account), a
person's login has a refresh token (RFC 6749 section 6); workloads and impersonation are in ``auth_federation``.
Sources: google-auth-library-python (google/oauth2/_client.py, google/oauth2/service_account.py).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pushctl.core.answers import json_object, somebody_else
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps, Refused
from pushctl.core.wire import Reply, Request, Response, encode_json
from pushctl.vendors.fcm import judge
from pushctl.vendors.fcm.credentials import (
    AccessToken,
    AuthorizedUser,
    Credential,
    ExternalAccount,
    Impersonated,
    ServiceAccount,
    addresses,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.verdict import Judgement

MESSAGING = "https://www.googleapis.com/auth/firebase.messaging"
CLOUD = "https://www.googleapis.com/auth/cloud-platform"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
LIFE_S = 3600.0
"""Seconds that an assertion may live at most, and a token lives when the answer does not say."""
REUSE_S = LIFE_S - 225
"""Seconds. google-auth renews 3 minutes and 45 seconds before the end (google/auth/_helpers.py REFRESH_THRESHOLD)."""

Steps = Generator[Request, Reply, Grant | Refused]


def grant(account: Account, call: str) -> GrantSpec | None:
    """Which token ``call`` needs: the Data API (``trace``) takes the scope cloud-platform only.

    The key names whose token it is, by public ids, where it was asked for, and the scope. A person's login and a bare
    workload have no public id of their own (gcloud's client id is everybody's), so their tokens stay off the disk:
    after another login the old one must not be found.
    """
    credential = account.credential
    key = f"fcm.{_name(credential)}.{_asked_at(account)}.{scope_of(call).rpartition('/')[2]}"
    if isinstance(credential, AccessToken):
        return GrantSpec(key, 0, kept="given")
    named = isinstance(credential, ServiceAccount | Impersonated)
    return GrantSpec(key, REUSE_S, kept="disk" if named else "run")


def scope_of(call: str) -> str:
    """The narrowest scope that this interface takes (Firebase: reference/fcm/rest, reference/fcmdata/rest)."""
    return CLOUD if call == "trace" else MESSAGING


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:
    """Ask for a token; a bare access token needs no request."""
    scope = CLOUD if spec.key.endswith("cloud-platform") else MESSAGING
    return (yield from token_of(account, account.credential, scope, env))


def token_of(account: Account, credential: Credential, scope: str, env: Env) -> Steps:
    """The steps to an access token of this credential."""
    match credential:
        case AccessToken():
            return Grant(Secret(credential.token.reveal_bytes(), "$PUSHCTL_TOKEN"), env.now, env.now + LIFE_S)
        case ServiceAccount():
            reply = yield assertion_request(credential, _url(account, "auth", credential.token_url), scope, env)
        case AuthorizedUser():
            reply = yield refresh_request(credential, _url(account, "auth", credential.token_url))
        case ExternalAccount():
            from pushctl.vendors.fcm.auth_federation import exchanged

            return (yield from exchanged(credential, _url(account, "sts", credential.token_url), scope, env))
        case Impersonated():
            from pushctl.vendors.fcm.auth_federation import impersonated

            source = yield from token_of(account, credential.source, CLOUD, env)
            if isinstance(source, Refused):
                return source
            return (yield from impersonated(credential, _url(account, "iam", credential.url), source, scope, env))
    return granted(reply, env)


def assertion_request(credential: ServiceAccount, url: str, scope: str, env: Env) -> Request:
    """The exchange of a signed assertion for a token.

    Its audience is the URL that it is posted to: Go's library does so with a ``token_uri`` of the file's own, and a
    sandbox on another host accepts no other. ``sub`` is never sent: it means domain-wide delegation.
    """
    form = (
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion(credential, url, scope, int(env.now))),
    )
    return Request("auth", "POST", url, (FORM,), form=form)


def assertion(credential: ServiceAccount, audience: str, scope: str, issued: int) -> Secret:
    """The signed assertion (RS256), issued at ``issued`` (Unix seconds) for an hour. Raises ``ProfileError``."""
    import jwt

    from pushctl.vendors.fcm.keyfile import rsa_key

    claims: Mapping[str, Any] = {
        "iss": credential.client_email,
        "scope": scope,
        "aud": audience,
        "iat": issued,
        "exp": issued + int(LIFE_S),
    }
    named = {"kid": credential.key_id} if credential.key_id else {}
    text = jwt.encode(dict(claims), rsa_key(credential), algorithm="RS256", headers=named, sort_headers=True)
    header = {"alg": "RS256", **named, "typ": "JWT"}
    return Secret(text, "$PUSHCTL_ASSERTION", f"{encode_json(header).decode()} {encode_json(claims).decode()}")


def refresh_request(credential: AuthorizedUser, url: str) -> Request:
    """A new access token for a refresh token. No scope is asked for: the login has its own, and one outside them is
    refused with ``invalid_scope``."""
    form = (
        ("grant_type", "refresh_token"),
        ("client_id", credential.client_id),
        ("client_secret", credential.client_secret),
        ("refresh_token", credential.refresh_token),
    )
    return Request("auth", "POST", url, (FORM,), form=form)


def granted(reply: Reply, env: Env) -> Grant | Refused:
    """The token in an answer of a token endpoint, or why there is none."""
    document = json_object(reply.body) if isinstance(reply, Response) and reply.status in (200, 201) else None
    token = clean((document or {}).get("access_token"))
    if document is None or not token or document.get("error"):
        return Refused(refusal(reply))
    return Grant(Secret(token, "$PUSHCTL_TOKEN"), env.now, env.now + _seconds(document.get("expires_in")))


def refusal(reply: Reply) -> Judgement:
    """What an answer without a token means. A success that holds none was said by somebody else."""
    says = judge.judge("auth", reply, None)[0].says
    if says.outcome == "accepted" and isinstance(reply, Response):
        detail = f"It said {reply.status}, and no token that can be used is in its answer."
        return replace(somebody_else("NOT_FCM", reply.status, b"", judge.CATALOGUE), detail=detail)
    return says


def clean(token: object) -> str:
    """A token that can stand in a header, or ""."""
    return token if isinstance(token, str) and token.isascii() and token.isprintable() and " " not in token else ""


def _url(account: Account, role: str, url: str) -> str:
    """The URL with the host that this role has now: ``--endpoint`` may have replaced it."""
    return account.hosts[role] + urlsplit(url).path


def _asked_at(account: Account) -> str:
    return ".".join(_url(account, role, url) for role, url in addresses(account.credential).items())


def _name(credential: Credential) -> str:
    match credential:
        case ServiceAccount():
            return f"{credential.client_email}.{credential.key_id}.{credential.fingerprint}"
        case AuthorizedUser():
            return credential.client_id
        case ExternalAccount():
            return credential.audience
        case Impersonated():
            return f"{credential.email}.by.{_name(credential.source)}"
    return "access-token"


def _seconds(value: object) -> float:
    """``expires_in``; an hour where it is missing or nonsense."""
    try:
        seconds = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else LIFE_S
    except (ValueError, OverflowError):
        return LIFE_S
    return seconds if 0 < seconds < 1e9 else LIFE_S
