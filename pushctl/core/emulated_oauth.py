"""OAuth as emulated services have it: access tokens that any later process can verify.

An access token carries its claims and is signed with a throw-away key of the world's folder. So a token that one
command cached is still good for the next one, whose emulator is another process.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_http import clock

if TYPE_CHECKING:
    from pushctl.core.emulated import Seen, World

KEY_FILE = "access-tokens.key"
"""What ``provision`` puts into the folder: random bytes."""


def issue(world: World, claims: Mapping[str, Any], life_s: float, prefix: str = "") -> str:
    """An access token.

    :param life_s: seconds until it expires by the service's clock; negative for one that has.
    :param prefix: what the vendor's tokens begin with (``ya29.``).
    """
    told = {**claims, "exp": clock(world) + life_s, "id": world.nonce(8).hex()}
    body = _packed(json.dumps(told, separators=(",", ":")).encode())
    return f"{prefix}{body}-{_packed(_signature(world, body))}"


def claims_of(world: World, token: str, prefix: str = "") -> dict[str, Any] | None:
    """The claims of a token that this sandbox signed, expired or not (``exp``, Unix seconds); else None, whatever
    text it is."""
    if not token.isascii() or not token.startswith(prefix):
        return None
    body, dash, signature = token[len(prefix) :].rpartition("-")
    if not dash or not hmac.compare_digest(_packed(_signature(world, body)), signature):
        return None
    try:
        claims: dict[str, Any] = json.loads(base64.b16decode(body))
    except (ValueError, binascii.Error):
        return None
    return claims


def bearer(seen: Seen) -> str | None:
    """The token behind ``Bearer`` (any letter case), or None."""
    scheme, _, token = (seen.header("authorization") or "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" and token.strip() else None


def _signature(world: World, body: str) -> bytes:
    kept = world.state.get("access token key")
    if kept is None:
        kept = world.state["access token key"] = (world.folder / KEY_FILE).read_bytes()
    return hmac.digest(kept, body.encode("ascii"), sha256)[:16]


def _packed(data: bytes) -> str:
    return base64.b16encode(data).decode()
