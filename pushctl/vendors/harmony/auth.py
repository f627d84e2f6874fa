"""The JWT: signed with the service account's key, sent as it is, used again for 55 minutes.

harmonyos-guides/push-jwt-token: an hour is advised, and reuse; more than a day is refused (80300036).
"""

from __future__ import annotations

from pushctl.core.vendor import Account, Env, GrantSpec, MintSteps
from pushctl.vendors._huawei.service_account import REUSE_S, ServiceAccount, signed


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - revoking takes the same token
    """Which JWT every call needs; None for an account without a credential.

    The key names sub account, key id and public key, so that a key file that was exchanged does not meet the old one's.
    """
    credential = account.credential
    if not isinstance(credential, ServiceAccount):
        return None
    return GrantSpec(f"harmony.{credential.sub_account}.{credential.key_id}.{credential.fingerprint}", REUSE_S)


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - the account has all of it
    """Sign a JWT; needs no request."""
    yield from ()  # a generator as every vendor's, without a step
    return signed(account.credential, int(env.now))
