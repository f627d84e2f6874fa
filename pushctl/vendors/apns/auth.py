"""Provider tokens: a JWT signed with the team's key, reused for fifty minutes.

Form and refresh rules: usernotifications/establishing-a-token-based-connection-to-apns ("Refresh your token regularly":
not more often than every 20 minutes, not less often than every 60).
"""

from __future__ import annotations

from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps
from pushctl.vendors.apns.account import ProviderKey

REUSE_S = 3000.0
"""Seconds. Above the twenty minutes that Apple asks for, below its sixty; pushy and sideshow/apns2 do so, too."""
LIFE_S = 3600.0
"""Seconds after ``iat`` at which APNs answers ExpiredProviderToken."""


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - every interface takes the same token
    """Which token ``call`` needs; None with a client certificate.

    The key names team, key id and public key, so that a key file that was exchanged does not meet the old one's token.
    Raises ``ProfileError`` when the private key is not usable.
    """
    if not isinstance(account.credential, ProviderKey):
        return None
    provider = account.credential
    return GrantSpec(f"apns.{provider.team_id}.{provider.key_id}.{_public_hash(provider)}", REUSE_S)


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - the account has all of it
    """Sign a token; needs no request."""
    yield from ()  # a generator as every vendor's, without a step
    return signed(account.credential, int(env.now))


def signed(provider: ProviderKey, issued: int) -> Grant:
    """A token issued at ``issued`` (Unix seconds), ES256, signature R‖S. Raises ``ProfileError``."""
    import jwt

    from pushctl.core.wire import encode_json
    from pushctl.vendors.apns.keyfile import provider_key

    claims = {"iss": provider.team_id, "iat": issued}
    header = {"alg": "ES256", "kid": provider.key_id}
    # "typ": None keeps PyJWT from adding it: Apple's own header has alg and kid only.
    key = provider_key(provider.key, provider.password)
    token = jwt.encode(claims, key, algorithm="ES256", headers={"kid": provider.key_id, "typ": None}, sort_headers=True)
    about = f"{encode_json(header).decode()} {encode_json(claims).decode()}"
    return Grant(Secret(token, "$PUSHCTL_TOKEN", about), float(issued), issued + LIFE_S)


def _public_hash(provider: ProviderKey) -> str:
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from pushctl.vendors.apns.keyfile import provider_key

    public = provider_key(provider.key, provider.password).public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()[:16]
