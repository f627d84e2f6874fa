"""What is inside a Google credential, offline, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pushctl.vendors.fcm.account import number_of
from pushctl.vendors.fcm.credentials import (
    AccessToken,
    AuthorizedUser,
    Credential,
    ExternalAccount,
    Impersonated,
    ServiceAccount,
    SubjectUrl,
    addresses,
)
from pushctl.vendors.fcm.hosts import GOOGLE
from pushctl.vendors.fcm.judge import RULES
from pushctl.vendors.fcm.keyfile_fields import FIELD, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pushctl.core.finding import Finding
    from pushctl.core.vendor import Account

Facts = tuple[tuple[str, str], ...]


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:  # noqa: ARG001 - no file has a date
    """Facts that are public, and findings. Whether a key is still active, only Google can tell."""
    told = [*_facts(account.credential), ("project", account.app["project_id"])]
    if number := number_of(account.app):
        told.append(("sender id", number))
    if quota := account.app.get("quota_project_id"):
        told.append(("quota project", quota))
    return tuple(told), tuple(_findings(account))


def _facts(credential: Credential) -> Iterator[tuple[str, str]]:
    match credential:
        case ServiceAccount():
            yield "credential", "service account (private key, RS256)"
            yield "account", credential.client_email
            if credential.key_id:
                yield "key id", credential.key_id
            yield "token endpoint", credential.token_url
        case AuthorizedUser():
            yield "credential", "a person's login (refresh token of gcloud)"
            yield "client id", credential.client_id
            yield "token endpoint", credential.token_url
        case ExternalAccount():
            yield "credential", "workload identity federation"
            yield "audience", credential.audience
            yield "subject token", _origin(credential.subject)
            yield "token endpoint", credential.token_url
        case Impersonated():
            yield "credential", "impersonated service account"
            yield "account", credential.email
            yield from (
                ("source" if name == "credential" else f"source {name}", v) for name, v in _facts(credential.source)
            )
        case AccessToken():
            yield "credential", "bare access token; lives about an hour, cannot be renewed here"
            yield "from", credential.token.about


def _origin(subject: object) -> str:
    if isinstance(subject, SubjectUrl):
        return f"asked for at {urlsplit(subject.url).netloc}"
    return f"from {getattr(subject, 'about', '') or 'the profile'}"


def _findings(account: Account) -> Iterator[Finding]:
    credential = account.credential
    for url in _asked(credential):
        host = urlsplit(url).hostname or ""
        if host not in GOOGLE and not is_loopback(host):
            yield RULES["credential-host"].finding(FIELD, host=host)
    source = credential.source if isinstance(credential, Impersonated) else credential
    if isinstance(source, ServiceAccount):
        for repaired in source.repaired:
            yield RULES["credential-repaired"].finding(FIELD, what=repaired)
        if source.project_id and source.project_id != account.app["project_id"]:
            yield RULES["project-mismatch"].finding(
                "app.project_id", written=source.project_id, said=account.app["project_id"]
            )
    if isinstance(credential, AuthorizedUser) and not account.app.get("quota_project_id"):
        yield RULES["quota-project-missing"].finding("app.quota_project_id", project=account.app["project_id"])
    number, said = number_of({"app_id": account.app.get("app_id", "")}), account.app.get("sender_id", "")
    if number and said and number != said:
        yield RULES["sender-id-mismatch"].finding("app.sender_id", sender_id=said, number=number)


def _asked(credential: Credential) -> Iterator[str]:
    """Every URL that gets a secret."""
    yield from addresses(credential).values()
    source = credential.source if isinstance(credential, Impersonated) else credential
    if isinstance(source, ExternalAccount) and isinstance(source.subject, SubjectUrl):
        yield source.subject.url
