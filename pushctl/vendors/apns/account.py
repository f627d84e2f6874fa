"""Who pushes: an APNs provider key or a client certificate, checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.vendor import Account, Field
from pushctl.vendors.apns.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.secret import Secret

CREDENTIALS: tuple[Field, ...] = (
    Field("key", "token authentication: the AuthKey_XXXXXXXXXX.p8 file, or the key of a .pem/.cer", secret=True),
    Field("key_id", "token authentication: the key's 10 characters, as in AuthKey_XXXXXXXXXX.p8"),
    Field("team_id", "token authentication: the team's 10 characters (developer.apple.com > Membership)"),
    Field("certificate", "certificate authentication: a .p12, .pem or .cer file", secret=True),
    Field("password", "the password of the .p12 or of an encrypted key", secret=True),
)
APP: tuple[Field, ...] = (Field("bundle_id", "the app's bundle id; becomes apns-topic", required=True),)

_ID = re.compile(r"[A-Z0-9]{10}")
_FILE_NAME = re.compile(r"AuthKey_([A-Z0-9]{10})\.p8", re.IGNORECASE)
_IDS = "usernotifications/establishing-a-token-based-connection-to-apns"

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProviderKey:
    """Token authentication: the key that signs, its id and its team."""

    key: Secret
    key_id: str
    team_id: str
    password: Secret | None = None


def account(fields: Mapping[str, Any]) -> Account:
    """A validated account; the key or certificate has been read once.

    :param fields: ``{"environment": "sandbox" | "production", "credentials": {key, key_id, team_id} or {certificate,
        key?, password?}, "app": {"bundle_id"}, "network": {"port"?}}``; secrets are :class:`Secret`.
    :raises ProfileError: a field is missing, two ways of authentication are mixed, a file is not what it should be.
    """
    environment, credentials = fields["environment"], fields["credentials"]
    if environment not in HOSTS:
        raise ProfileError(
            f"APNs has no environment {environment!r}.", f"Write {' or '.join(HOSTS)}.", rule="profile-environment"
        )
    hosts = _hosts(environment, fields.get("network", {}).get("port"))
    app = dict(fields.get("app", {}))
    if credentials.get("certificate"):
        return _certificate_account(environment, credentials, app, hosts)
    if not credentials.get("key"):
        raise ProfileError(
            "The profile has neither credentials.key nor credentials.certificate.",
            'Add key = "file:AuthKey_XXXXXXXXXX.p8" with key_id and team_id, or certificate = "file:NAME.p12".',
            rule="credential-missing",
            where="credentials",
        )
    provider = _provider_key(credentials)
    from pushctl.vendors.apns.keyfile import provider_key

    provider_key(provider.key, provider.password)
    return Account(environment, provider, app, hosts)


def inspect(account: Account, now: float) -> tuple[Facts, tuple[Finding, ...]]:
    """What is inside the credential, offline, and what is wrong with it.

    :param now: Unix seconds. An error among the findings (an expired certificate) means that no push can work.
    """
    if isinstance(account.credential, ProviderKey):
        return _inspect_key(account.credential)
    from pushctl.vendors.apns.certificate import inspect_certificate

    return inspect_certificate(account, now)


def _hosts(environment: str, port: int | None) -> dict[str, str]:
    """The base URLs; another port (2197) is for the push hosts only, channel management has its own."""
    hosts = dict(HOSTS[environment])
    if port is not None and port != 443:
        hosts["push"] += f":{port}"
    return hosts


def _certificate_account(
    environment: str, credentials: Mapping[str, Any], app: Mapping[str, str], hosts: Mapping[str, str]
) -> Account:
    from pushctl.vendors.apns.certfile import load

    extra = [name for name in ("key_id", "team_id") if credentials.get(name)]
    if extra:
        raise ProfileError(
            f"The profile has credentials.certificate and, of the other way, {' and '.join(extra)}.",
            "Keep one of the two: certificate, or key with key_id and team_id.",
            rule="credential-mixed",
            where="credentials",
        )
    certificate, identity = load(credentials["certificate"], credentials.get("key"), credentials.get("password"))
    return Account(environment, certificate, app, hosts, identity)


def _provider_key(credentials: Mapping[str, Any]) -> ProviderKey:
    key: Secret = credentials["key"]
    key_id = credentials.get("key_id", "").strip() or key_id_in_name(key)
    team_id = credentials.get("team_id", "").strip()
    for name, value, about in (
        ("key_id", key_id, "the 10 characters in the file's name, AuthKey_XXXXXXXXXX.p8"),
        ("team_id", team_id, "the 10 characters on developer.apple.com > Membership"),
    ):
        if not value:
            raise ProfileError(
                f"credentials.key is given without credentials.{name}.",
                f"Add {name}: {about}.",
                rule="credential-missing",
                where=f"credentials.{name}",
            )
        if not value.isascii() or not value.isprintable():
            raise ProfileError(
                f"credentials.{name} has characters that no id has.",
                f"It is {about}.",
                rule="credential-id",
                where=f"credentials.{name}",
            )
    return ProviderKey(key, key_id, team_id, credentials.get("password"))


def key_id_in_name(key: Secret) -> str:
    """The key id in ``AuthKey_XXXXXXXXXX.p8``; the only place where Apple writes it down beside the key."""
    found = _FILE_NAME.search(key.about)
    return found[1].upper() if found else ""


def _inspect_key(provider: ProviderKey) -> tuple[Facts, tuple[Finding, ...]]:
    facts = (
        ("credential", "provider token (.p8 key, ES256)"),
        ("key id", provider.key_id),
        ("team id", provider.team_id),
        ("scope", "a .p8 file says nothing of its topics or environment; developer.apple.com > Keys shows them"),
    )
    findings = []
    named = key_id_in_name(provider.key)
    if named and named == provider.team_id and named != provider.key_id:
        findings.append(
            Finding(
                "key-ids-swapped",
                "error",
                f"key_id and team_id look swapped: {named} is the key id in the file's name, and stands in team_id.",
                f'Write key_id = "{named}" and the other value in team_id.',
                "credentials.team_id",
                _IDS,
            )
        )
    elif named and named != provider.key_id:
        findings.append(
            Finding(
                "key-id-file-name",
                "warning",
                f"credentials.key_id is {provider.key_id}, and the key file is called AuthKey_{named}.p8.",
                "If the file was not renamed, its name is right: a wrong key_id gives InvalidProviderToken.",
                "credentials.key_id",
                _IDS,
            )
        )
    elif provider.key_id == provider.team_id:
        findings.append(
            Finding(
                "key-ids-equal",
                "error",
                f"key_id and team_id are both {provider.key_id}.",
                "key_id stands in the file's name, team_id on developer.apple.com > Membership.",
                "credentials",
                _IDS,
            )
        )
    findings += [
        Finding(
            "key-id-shape",
            "warning",
            f"credentials.{name} is {value!r}; Apple's ids are 10 characters, A-Z and 0-9.",
            "Compare it with developer.apple.com.",
            f"credentials.{name}",
            _IDS,
        )
        for name, value in (("key_id", provider.key_id), ("team_id", provider.team_id))
        if not _ID.fullmatch(value)
    ]
    return facts, tuple(findings)
