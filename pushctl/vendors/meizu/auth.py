"""Signatures. There is no token and no clock: each request is signed with the App Secret and stays valid for ever.

MEIZUPUSH/PushAPI:README.md, 接口签名规范: the MD5 of all parameters, sorted by name and written ``name=value`` with
nothing between them, followed by the secret. The values are the raw ones, before any percent-encoding.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5

from pushctl.core.secret import Pairs, Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps

_FOREVER_S = 10 * 365 * 86400.0


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - every interface is signed alike
    """The secret itself, which the profile holds: there is no other one to be had."""
    if account.credential is None:
        return None
    return GrantSpec(f"meizu.secret.{account.credential.app_id}", 0, kept="given")


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - the account has all of it
    """The secret as a grant; no request is made for it."""
    yield from ()
    secret = Secret(account.credential.secret.reveal_bytes(), "$PUSHCTL_TOKEN")
    return Grant(secret, env.now, env.now + _FOREVER_S)


def signed(params: Mapping[str, str], grant: Grant | None) -> Pairs:
    """The parameters in the order in which they are signed, and ``sign``; without it where there is no grant."""
    pairs = tuple(sorted(params.items()))
    return pairs if grant is None else (*pairs, ("sign", sign(params, grant.value)))


def sign(params: Mapping[str, str], secret: Secret) -> Secret:
    """The signature of these parameters; it is shown as ``$PUSHCTL_SIGN``, and how it is made as its digest."""
    base = signing_text(params)
    value = md5(base.encode() + secret.reveal_bytes(), usedforsecurity=False).hexdigest()
    return Secret(value, "$PUSHCTL_SIGN", "md5 of the parameters and the App Secret", digest=("md5", base))


def signing_text(params: Mapping[str, str]) -> str:
    """What is signed, without the secret that follows it. Java's ``TreeMap`` and this sort alike: names are ASCII."""
    return "".join(f"{name}={value}" for name, value in sorted(params.items()))
