"""Access tokens: client credentials exchanged at Honor's OAuth service.

Form and answer: xie.infoq.cn/article/575b0e405029cfdd8652288fa. A token lives as long as ``expires_in`` says (an hour
has been seen); one SDK takes a day for granted, this does not. No limit on token requests is published.
"""

from __future__ import annotations

from dataclasses import replace

from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps
from pushctl.vendors.honor.hosts import DOMAIN, DOMAINS, TOKEN_PATH

LONGEST_S = 86400.0
"""Seconds after which a token is not used again, whatever ``expires_in`` says."""
MARGIN_S = 300.0
"""Seconds that a token is given up before it expires: five minutes, but never more than a tenth of its life."""


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - there is one interface
    """Which token a call needs; None for an account without a credential."""
    if account.credential is None:
        return None
    host = account.hosts["auth"]
    elsewhere = "" if host == DOMAINS[DOMAIN]["auth"] else f"{host}."
    return GrantSpec(f"honor.oauth.{elsewhere}{account.credential.client_id}", LONGEST_S)


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - the account has all of it
    """One request for a token; the grant ends the margin before the token does."""
    from pushctl.vendors._huawei import oauth
    from pushctl.vendors.honor import judge

    client = account.credential
    made = yield from oauth.mint(account.hosts["auth"] + TOKEN_PATH, client.client_id, client.secret, env, judge.token)
    if not isinstance(made, Grant):
        return made
    margin = min(MARGIN_S, (made.expires - made.minted) / 10)
    return replace(made, expires=made.expires - margin)
