"""Auth tokens: AppKey, the time in milliseconds and a SHA-256 over both and the MasterSecret, exchanged at the host
that the token is for.

open.oppomobile.com, document 11234. A token lives 24 hours; no limit on token requests is published. Tokens of the
China host and of the international one are separate, so a call's name says which one it needs (``send.intl``).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps, Refused
from pushctl.core.wire import Request
from pushctl.vendors.oppo import judge
from pushctl.vendors.oppo.hosts import AUTH, CN, INTL, region_of_call, role
from pushctl.vendors.oppo.request import HEADERS

if TYPE_CHECKING:
    from pushctl.vendors.oppo.account import AppKey

LIFE_S = 86400.0
"""Seconds that a token lives. ``create_time`` of the answer is by OPPO's clock, and not used."""
REUSE_S = 72000.0
"""Seconds that a token is reused: 20 hours, as a maintained client has it (octo-server: push_oppo.go)."""


def grant(account: Account, call: str) -> GrantSpec | None:
    """Which token a call needs; None for an account without a credential. The two names of the China host count as two
    hosts: nothing says that they share tokens."""
    if account.credential is None:
        return None
    region = region_of_call(call)
    host = account.hosts[role("auth", region)].partition("://")[2]
    return GrantSpec(f"oppo.{region}.{host}.{account.credential.app_key}", REUSE_S)


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:
    """One request for a token."""
    region = INTL if spec.key.startswith(f"oppo.{INTL}.") else CN
    reply = yield token_request(account, region, env.now)
    token = judge.token_of(reply)
    if token is None:
        return Refused(judge.token(reply))
    return Grant(Secret(token, "$PUSHCTL_TOKEN"), env.now, env.now + LIFE_S)


def token_request(account: Account, region: str, now: float) -> Request:
    """The request for a token.

    :param now: Unix seconds; the timestamp has milliseconds.
    """
    credential, timestamp = account.credential, str(int(now * 1000))
    form = (("app_key", credential.app_key), ("timestamp", timestamp), ("sign", sign(credential, timestamp)))
    return Request("auth", "POST", account.hosts[role("auth", region)] + AUTH, HEADERS, form=form)


def sign(credential: AppKey, timestamp: str) -> Secret:
    """The signature: lower-case hex SHA-256 of AppKey, timestamp and MasterSecret, nothing in between."""
    app_key, master_secret = credential.app_key, credential.master_secret
    digest = sha256(app_key.encode() + timestamp.encode() + master_secret.reveal_bytes())
    return Secret(digest.hexdigest(), "$PUSHCTL_SIGN")
