"""How the emulated APNs knows who is asking: provider tokens and client certificates.

Sources: usernotifications/establishing-a-token-based-connection-to-apns and …/establishing-a-certificate-based-
connection-to-apns. Signatures are verified with ``cryptography`` over the bytes that arrived, so that DER signatures
(jchambers/pushy) and padded base64 (alexalok/dotAPNS) are taken as APNs takes them.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.vendors.apns.emulator_answers import Call, Refusal
from pushctl.vendors.apns.emulator_certificate import Rights, rights
from pushctl.vendors.apns.emulator_credentials import BUNDLE, KEYS, SigningKey

if TYPE_CHECKING:
    from pushctl.core.emulated import World

TOKEN_LIFE_S = 3600
RENEW_AFTER_S = 20 * 60


@dataclass(frozen=True, slots=True)
class _Token:
    """A provider token taken apart. ``signed`` is what the signature is over."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def authenticate(call: Call) -> Refusal | None:
    """Check who is asking; the findings stay in the connection's memory."""
    if certificate_of(call) is not None:
        return None  # the authorization header is ignored (establishing-a-certificate-based-connection-to-apns)
    given = call.seen.header("authorization") or ""
    scheme, _, jwt = given.partition(" ")
    if scheme.lower() != "bearer" or not jwt.strip():
        return Refusal("MissingProviderToken", "provider-token-present")
    memory = call.peer.memory
    if call.world.strict and memory.get("expired"):
        return Refusal("ExpiredProviderToken", "connection-wedged", "pushy: this connection stays refused")
    if memory.get("jwt") == jwt and call.world.now() - memory["iat"] <= TOKEN_LIFE_S:
        return None  # verified before, on this connection
    return _verify(call, jwt)


def _verify(call: Call, jwt: str) -> Refusal | None:
    token = _parse(jwt)
    if token is None or token.header.get("alg") != "ES256":
        return Refusal("InvalidProviderToken", "provider-token-form", "three parts of base64url, alg ES256")
    key = next((each for each in KEYS.values() if each.key_id == token.header.get("kid")), None)
    if key is None or key.state != "active":
        return Refusal("InvalidProviderToken", "key-known", "the key id is unknown or revoked")
    if not _signed_by(key, token, call.world):
        return Refusal("InvalidProviderToken", "signature")
    if token.claims.get("iss") != key.team:
        return Refusal("InvalidProviderToken", "issuer", "iss is not the key's team")
    iat = token.claims.get("iat")
    if isinstance(iat, bool) or not isinstance(iat, (int, float)):
        return Refusal("InvalidProviderToken", "issued-at", "iat is no number; as pushy's mock server, else unproved")
    if abs(call.world.now() - iat) > TOKEN_LIFE_S:
        call.peer.memory["expired"] = True
        note = "iat more than an hour ahead: a wrong clock; unproved" if iat > call.world.now() else ""
        return Refusal("ExpiredProviderToken", "token-age", note)
    return _fits_connection(call, key) or _not_too_soon(call, jwt, float(iat), key)


def _fits_connection(call: Call, key: SigningKey) -> Refusal | None:
    """What the first accepted push has fixed: team, key relation, environment."""
    first: SigningKey | None = call.peer.memory.get("key")
    wrong = key.environment not in (None, call.listener.environment)
    if first is None:
        return Refusal("BadEnvironmentKeyInToken", "key-environment") if wrong else None
    if first.team != key.team:
        return Refusal("Forbidden", "connection-team", "another team on this connection; inferred")
    if wrong:
        return Refusal(
            "BadEnvironmentKeyIdInToken", "connection-environment", "spelling on an open connection; unproved"
        )
    if first.key_id not in (key.key_id, key.related):
        return Refusal("UnrelatedKeyIdInToken", "connection-key")
    return None


def _not_too_soon(call: Call, jwt: str, iat: float, key: SigningKey) -> Refusal | None:
    """A second token within twenty minutes on one connection. A related key has a token of its own (unproved)."""
    memory, now = call.peer.memory, call.world.now()
    since: dict[str, tuple[str, float]] = memory.setdefault("tokens", {})
    last, when = since.get(key.key_id, ("", 0.0))
    if last and last != jwt and now - when < RENEW_AFTER_S:
        return Refusal("TooManyProviderTokenUpdates", "token-updates")
    since[key.key_id] = (jwt, when if last == jwt else now)
    memory["jwt"], memory["iat"], memory["signer"] = jwt, iat, key
    return None


def remember_signer(call: Call) -> bool:
    """Fix the connection to the key that this accepted push was signed with. True for the first one."""
    if "key" in call.peer.memory or certificate_of(call) is not None:
        return False
    call.peer.memory["key"] = call.peer.memory["signer"]
    return True


def allowed_bundle(call: Call, bundle: str) -> bool:
    """Whether a topic-specific key lists the bundle id; any other credential has no list here."""
    signer: SigningKey | None = None if certificate_of(call) else call.peer.memory.get("signer")
    if signer is None or signer.topics is None:
        return True
    return bundle in own(signer.topics, call.world)


def team_of(call: Call) -> str | None:
    """The team of the credential; None for a certificate, whose topics say it all."""
    signer: SigningKey | None = None if certificate_of(call) else call.peer.memory.get("signer")
    return signer.team if signer is not None else None


def certificate_of(call: Call) -> Rights | None:
    """What the connection's client certificate allows, or None without one."""
    peer = call.peer
    if peer.certificate is None:
        return None
    if "rights" not in peer.memory:
        peer.memory["rights"] = rights(peer.certificate)
    found: Rights = peer.memory["rights"]
    return found


def own(topics: tuple[str, ...], world: World) -> tuple[str, ...]:
    """The topics of a throw-away credential. Those of the sandbox's own app stand for the profile's app as well."""
    bundle = world.app.get("bundle_id")
    if not bundle:
        return topics
    mine = (bundle + topic[len(BUNDLE) :] for topic in topics if topic == BUNDLE or topic.startswith(f"{BUNDLE}."))
    return (*topics, *mine)


def _parse(jwt: str) -> _Token | None:
    parts = jwt.strip().split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = json.loads(_decode(parts[0])), json.loads(_decode(parts[1]))
        signature = _decode(parts[2])
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return None
    signed = f"{parts[0]}.{parts[1]}".encode("utf-8", "surrogateescape")
    return _Token(header, claims, signed, signature)


def _decode(part: str) -> bytes:
    """Base64, url-safe or plain, padded or not."""
    plain = part.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _signed_by(key: SigningKey, token: _Token, world: World) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    signature = token.signature
    if len(signature) == 64:  # R‖S; the DER form of a P-256 signature is longer but in one case of 2^48
        half = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        signature = encode_dss_signature(*half)
    public = _public_key(key, world)
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    try:
        public.verify(signature, token.signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _public_key(key: SigningKey, world: World) -> object:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    kept: dict[str, object] = world.state.setdefault("public keys", {})
    if key.key_id not in kept:
        kept[key.key_id] = load_pem_private_key((world.folder / key.file).read_bytes(), None).public_key()
    return kept[key.key_id]
