"""Access tokens: client credentials exchanged at Huawei's OAuth service, or a service account's own JWT.

An OAuth token lives an hour and may be asked for 1000 times in five minutes (HMSCore-Guides/oauth2-0000001212610981);
Huawei's Python sample renews it five minutes early, and so does this. A JWT is sent as it is: there is no exchange.
"""

from __future__ import annotations

from pushctl.core.vendor import Account, Env, GrantSpec, MintSteps
from pushctl.vendors.hms.account import ClientSecret
from pushctl.vendors.hms.hosts import HOSTS, TOKEN_PATH

REUSE_S = 3300.0
"""Seconds: the hour that a token lives, less five minutes."""


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - every interface takes the same token
    """Which token every call needs; None for an account without a credential."""
    credential = account.credential
    if credential is None:
        return None
    if isinstance(credential, ClientSecret):
        return GrantSpec(f"hms.oauth.{_elsewhere(account)}{credential.client_id}", REUSE_S)
    name = f"{credential.sub_account}.{credential.key_id}.{credential.fingerprint}"
    return GrantSpec(f"hms.jwt.{name}", REUSE_S)


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - the account has all of it
    """One request for an OAuth token; none for a JWT, which is signed here."""
    credential = account.credential
    if isinstance(credential, ClientSecret):
        from pushctl.vendors._huawei import oauth
        from pushctl.vendors.hms import judge

        url = account.hosts["auth"] + TOKEN_PATH
        made = yield from oauth.mint(url, credential.client_id, credential.secret, env, judge.token_refusal)
        return made
    from pushctl.vendors._huawei import service_account

    return service_account.signed(credential, int(env.now))


def _elsewhere(account: Account) -> str:
    """What tells a token of another host (``--endpoint``) from Huawei's: "" for Huawei's."""
    host = account.hosts["auth"]
    return "" if host == HOSTS["production"]["auth"] else f"{host}."
