"""The AppSecret is the provider token: it is sent as it is, never expires, and nothing is exchanged for it.

``Authorization: key=<AppSecret>``, with ``key`` in lower case and no blank (dev.mi.com pId=1559); it is neither hashed
nor encoded (measured on Xiaomi's Java SDK 1.0.5).
"""

from __future__ import annotations

from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps

_YEAR_S = 365 * 86400.0


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - one secret for every interface
    """The profile's own secret; None for an account without one."""
    if account.credential is None:
        return None
    app = account.app.get("app_id") or account.app.get("package_name", "")
    return GrantSpec(f"mi.secret.{app}", 0, kept="given")


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - there is one secret
    """The secret, without a request. A reset in the console is all that ends it."""
    yield from ()
    secret: Secret = account.credential.secret
    return Grant(Secret(secret.reveal_bytes(), "$PUSHCTL_TOKEN"), env.now, env.now + _YEAR_S)
