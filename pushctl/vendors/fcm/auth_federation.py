"""Tokens of others: a workload's own token exchanged at Google's Security Token Service (RFC 8693), and access tokens
of a service account that another credential may ask for.

google-auth-library-python: google/oauth2/sts.py, google/auth/identity_pool.py, google/auth/external_account.py,
google/auth/impersonated_credentials.py.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from pushctl.core.answers import excerpt, json_object
from pushctl.core.secret import Secret
from pushctl.core.vendor import Env, Grant, Refused
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.fcm.auth import FORM, Steps, clean, granted, refusal
from pushctl.vendors.fcm.judge import CATALOGUE
from pushctl.vendors.fcm.keyfile_subject import subject_token_in

if TYPE_CHECKING:
    from collections.abc import Generator

    from pushctl.vendors.fcm.credentials import ExternalAccount, Impersonated, SubjectUrl

_NO_SUBJECT = "SUBJECT_TOKEN"
"""The catalogue's word for a URL that gave no subject token."""


def exchanged(credential: ExternalAccount, url: str, scope: str, env: Env) -> Steps:
    """The subject token, where it must be asked for, and the exchange."""
    subject = yield from _subject(credential.subject)
    if isinstance(subject, Refused):
        return subject
    reply = yield exchange_request(credential, subject, url, scope)
    return granted(reply, env)


def exchange_request(credential: ExternalAccount, subject: Secret, url: str, scope: str) -> Request:
    """The exchange at the Security Token Service."""
    form: list[tuple[str, str | Secret]] = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("audience", credential.audience),
        ("scope", scope),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("subject_token", subject),
        ("subject_token_type", credential.subject_token_type),
    ]
    headers: list[tuple[str, str | Secret]] = [FORM]
    if credential.client is not None:
        headers.append(("Authorization", _basic(*credential.client)))
    elif credential.user_project:
        # Percent-encoded within a form that is encoded once more, as google/oauth2/sts.py does.
        form.append(("options", quote(json.dumps({"userProject": credential.user_project}))))
    return Request("auth", "POST", url, tuple(headers), form=tuple(form))


def impersonated(credential: Impersonated, url: str, source: Grant, scope: str, env: Env) -> Steps:
    """A token of the service account, asked for with the source's token."""
    body: dict[str, object] = {"scope": [scope], "lifetime": f"{credential.lifetime_s}s"}
    if credential.delegates:
        body["delegates"] = list(credential.delegates)
    headers = (("Authorization", source.value.within("Bearer ")), ("Content-Type", "application/json"))
    reply = yield Request("auth", "POST", url, headers, json=body)
    document = json_object(reply.body) if isinstance(reply, Response) and reply.status == 200 else None
    token = clean((document or {}).get("accessToken"))
    if document is None or not token:
        return Refused(refusal(reply))
    expires = _moment(document.get("expireTime")) or env.now + credential.lifetime_s
    return Grant(Secret(token, "$PUSHCTL_TOKEN"), env.now, expires)


def _subject(subject: Secret | SubjectUrl) -> Generator[Request, Reply, Secret | Refused]:
    if isinstance(subject, Secret):
        return subject
    reply = yield Request("auth", "GET", subject.url, subject.headers, subject.query)
    if not isinstance(reply, Response):
        return Refused(refusal(reply))
    token = subject_token_in(reply.body, subject.field) if reply.status == 200 else ""
    if not clean(token):
        return Refused(_no_subject(reply, subject))
    return Secret(token, "$PUSHCTL_SUBJECT_TOKEN")


def _no_subject(reply: Response, subject: SubjectUrl) -> Judgement:
    """The answer's body is not quoted when it was a success: it may be a token of another form."""
    wanted = f" in the field {subject.field!r}" if subject.field else ""
    said = f"with {excerpt(reply.body)}" if reply.status >= 400 else f"and no token{wanted}"
    entry = CATALOGUE.find(_NO_SUBJECT)
    return Judgement(
        "refused",
        _NO_SUBJECT,
        "credential",
        http_status=reply.status,
        detail=f"{subject.url} answered {reply.status} {said}.",
        entry=entry,
    )


def _basic(client_id: str, secret: Secret) -> Secret:
    """RFC 6749 section 2.3.1."""
    packed = base64.b64encode(client_id.encode() + b":" + secret.reveal_bytes()).decode()
    return Secret(packed, "$PUSHCTL_BASIC").within("Basic ")


def _moment(text: object) -> float | None:
    """A time of RFC 3339 in Unix seconds, or None."""
    try:
        return datetime.fromisoformat(text).timestamp() if isinstance(text, str) and "T" in text else None
    except (ValueError, OverflowError):
        return None
