"""The credentials that people have for Google's APIs, as values; ``keyfile`` makes them from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.secret import Pairs, Secret


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account's key: signs the assertion that is exchanged for an access token.

    :ivar private_key: PEM, RSA.
    :ivar key_id: the key's id on the account's list, or "".
    :ivar project_id: the project that the account belongs to, or "".
    :ivar token_url: where the assertion goes; it names this URL as its audience.
    :ivar fingerprint: of the public key, so that a file that was exchanged does not meet the old one's token.
    :ivar repaired: what was wrong with the file's text and could be read all the same, in words.
    """

    client_email: str
    private_key: Secret
    key_id: str
    project_id: str
    token_url: str
    fingerprint: str = ""
    repaired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizedUser:
    """A person's login, as ``gcloud auth application-default login`` keeps it: a refresh token."""

    client_id: str
    client_secret: Secret
    refresh_token: Secret
    token_url: str


@dataclass(frozen=True, slots=True)
class SubjectUrl:
    """Where a workload's own token is asked for.

    :ivar query: and ``headers``: secrets all of them, for some are.
    :ivar field: the answer's JSON field that holds the token; "" where the answer is the token itself.
    """

    url: str
    query: Pairs = ()
    headers: Pairs = ()
    field: str = ""


@dataclass(frozen=True, slots=True)
class ExternalAccount:
    """Workload identity federation: another issuer's token, exchanged at Google's Security Token Service.

    :ivar subject: the token that the profile refers to, or where to ask for it.
    :ivar client: id and secret with which the exchange authenticates itself, or None.
    :ivar user_project: the project charged for a workforce pool's users, or "".
    """

    audience: str
    subject_token_type: str
    token_url: str
    subject: Secret | SubjectUrl
    client: tuple[str, Secret] | None = None
    user_project: str = ""


@dataclass(frozen=True, slots=True)
class Impersonated:
    """A service account whose access tokens another credential may ask for.

    :ivar url: ``…/serviceAccounts/{email}:generateAccessToken``.
    :ivar lifetime_s: seconds that its tokens shall live.
    """

    source: ServiceAccount | AuthorizedUser | ExternalAccount
    url: str
    lifetime_s: int = 3600
    delegates: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Whose tokens these are."""
        return self.url.rpartition("/")[2].partition(":")[0]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token that somebody else has made; it lives about an hour and cannot be renewed."""

    token: Secret


Credential = ServiceAccount | AuthorizedUser | ExternalAccount | Impersonated | AccessToken


@dataclass(frozen=True, slots=True)
class Opened:
    """A credential file, read.

    :ivar facts: what it says beside the credential: ``project_id``, ``quota_project_id``.
    """

    credential: Credential
    facts: Mapping[str, str] = field(default_factory=dict)


def addresses(credential: Credential) -> dict[str, str]:
    """The URLs that a credential asks for tokens at, by the role of their host."""
    match credential:
        case ServiceAccount() | AuthorizedUser():
            return {"auth": credential.token_url}
        case ExternalAccount():
            return {"sts": credential.token_url}
        case Impersonated():
            return {**addresses(credential.source), "iam": credential.url}
    return {}
