"""Checks of the target: the device token's shape, the channel's id.

Apple: "Never … make assumptions about the size" of a token; so its length is never an error, only what cannot be one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.apns.judge import RULES
from pushctl.vendors.apns.request import CALLS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target
    from pushctl.core.vendor import Account

_HEX = frozenset("0123456789abcdefABCDEF")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_MOST = 7000  # of the 8000 bytes of headers that APNs announces in its SETTINGS


def lint_target(account: Account | None, target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent."""
    if target.kind not in CALLS:
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
        return
    if target.kind == "channel":
        yield from _channel(target.value, account.app.get("bundle_id", "") if account else "")
    else:
        yield from _token(target.value)


def _token(token: str) -> Iterator[Finding]:
    """One finding at most: the first thing that is wrong with the token."""
    where = f"token {token[:8]!r}…" if len(token) > 8 else "token"
    length = len(token)
    if not token:
        yield RULES["token-empty"].finding("token")
    elif length > _MOST:
        yield RULES["token-too-long"].finding(where, length=length)
    elif "<" in token or ">" in token or _grouped(token):
        yield RULES["token-brackets"].finding(where)
    elif any(letter.isspace() for letter in token):
        what = "a line break" if "\n" in token or "\r" in token else "a blank"
        yield RULES["token-whitespace"].finding(where, what=what)
    elif not _HEX.issuperset(token):
        yield _not_hex(token, where)
    elif length % 2:
        yield RULES["token-odd-length"].finding(where, length=length)
    elif not 64 <= length <= 200:
        yield RULES["token-length"].finding(where, length=length)


def _grouped(token: str) -> bool:
    """Groups of hexadecimal digits, as NSData and certificates print bytes: ``00fc13ad ff785122``, ``00:fc:13``."""
    groups = re.split(r"[ :]", token)
    return len(groups) > 2 and all(group and _HEX.issuperset(group) for group in groups)


def _not_hex(token: str, where: str) -> Finding:
    size = _base64_size(token)
    if size is not None:
        return RULES["token-base64"].finding(where, length=len(token), size=size, digits=2 * size)
    from pushctl.vendors import _tokens  # only a mistake needs it

    position = next(index for index, letter in enumerate(token) if letter not in _HEX)
    hint = "Copy the token again, as the app logs it in hexadecimal."
    if alike := _tokens.looks_like(token):
        hint = f"It looks like {alike[0].told}; push to it with a profile of that service."
    return RULES["token-not-hex"].finding(where, letter=short(token[position]), position=position + 1, hint=hint)


def _base64_size(token: str) -> int | None:
    """How many bytes this is in base64 when that is a token's size (32, or 80 for a Live Activity), else None."""
    if not _BASE64.fullmatch(token):
        return None
    try:
        size = len(base64.b64decode(token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4), altchars=b"-_"))
    except (binascii.Error, ValueError):
        return None
    return size if size in (32, 80) else None


def _channel(value: str, bundle_id: str) -> Iterator[Finding]:
    try:
        proper = bool(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        proper = False
    if not proper:
        yield RULES["channel-id-not-base64"].finding("apns-channel-id", value=short(value))
    if bundle_id != bundle_id.lower():
        yield RULES["channel-bundle-capitals"].finding("app.bundle_id", bundle_id=bundle_id)
