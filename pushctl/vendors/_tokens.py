"""What device tokens look like, of every service: one place for the lints that recognise a stranger's token, and for
``pushctl token inspect``. Hints, never rules: no vendor promises a shape.

Sources: Apple, usernotifications/registering-your-app-with-apns (64 digits of today are an observation); Firebase,
cloud-messaging/manage-tokens, and tokens in public issues; developer.huawei.com/consumer/cn/notice/20180316 (formats
1.0 and 2.0) and specimens in Huawei's pages (v3); four unrelated specimens of Honor's; OPPO's API page.
"""

from __future__ import annotations

import re
from typing import Any

SHAPES: tuple[tuple[str, str, str], ...] = (
    ("apns", r"[0-9a-fA-F]{64}", "an APNs device token: 64 hexadecimal digits"),
    ("apns", r"[0-9a-fA-F]{128,200}", "a long APNs token, as Live Activities have: hexadecimal digits"),
    (
        "fcm",
        r"(?!AAAA.{7}:)[A-Za-z0-9_-]{11,22}:APA91[A-Za-z0-9_-]{100,}",
        "an FCM registration token: an id, a colon, then APA91 and more than 100 letters",
    ),
    ("fcm", r"[cdef][A-Za-z0-9_-]{21}", "a Firebase installation id: 22 letters; give it with --fid"),
    (
        "hms",
        r"(?![0-9a-fA-F]+$|MAMz|MAAA|.*APA91)[A-Za-z0-9_-]{100,200}",
        "a Huawei token of format 2.0: about 130 letters, digits, _ and -",
    ),
    ("hms", r"[0-9A-Za-z]{32}", "a Huawei token of format 1.0 (devices before May 2018): 32 letters and digits"),
    (
        "harmony",
        r"(?=.*[+/=]|MAMz|MAAA)MA[A-Za-z0-9+/]{60,400}={0,2}",
        "a HarmonyOS 5 token: base64 with + and /, 112 characters today (medium confidence)",
    ),
    (
        "honor",
        r"BAEAAAAAB\.[A-Za-z0-9_-]{60,}",
        "an Honor token: BAEAAAAAB. and then letters, digits, _ and -, about 128 in all (medium confidence)",
    ),
    ("oppo", r"(?:OPPO_|realme_)?CN_[0-9a-f]{32}", "an OPPO registration id: CN_ and 32 hexadecimal digits"),
)
"""Vendor, regular expression, and the same in words with its confidence where that is not high."""


def looks_like(token: str) -> tuple[tuple[str, str], ...]:
    """Vendor and words for every shape that the token has."""
    return tuple((vendor, words) for vendor, shape, words in SHAPES if re.fullmatch(shape, token))


def owners(token: str) -> tuple[str, ...]:
    """The vendors whose tokens look so, each once."""
    found = dict.fromkeys(vendor for vendor, _ in looks_like(token))
    if not found and ("APA91" in token or _COLON.fullmatch(token)):  # cut, or of another time, but nobody else's
        return ("fcm",)
    return tuple(found)


_COLON = re.compile(r"[A-Za-z0-9_-]{8,40}:[A-Za-z0-9_-]{80,}")


def pasted(token: str) -> tuple[str, dict[str, Any]] | None:
    """What came along when the token was copied, as a rule's id with its values; None where nothing did.

    The ids stand in every vendor's ``rules.json``: ``token-empty``, ``token-quoted``, ``token-blank`` (``what``),
    ``token-escaped`` (``what``, ``fix``).
    """
    if not token:
        return "token-empty", {}
    bare = token.strip()
    if bare[:1] in _QUOTES or bare[-1:] in _QUOTES:
        return "token-quoted", {}
    if any(letter.isspace() or not letter.isprintable() for letter in token):
        line = any(sign in token for sign in ("\n", "\r", "\\n"))
        return "token-blank", {"what": "a line break" if line else "a blank or a character that is not seen"}
    if "\\/" in token:
        return "token-escaped", {"what": '"\\/"', "fix": "write / for \\/"}
    return None


_QUOTES = ("'", '"', "“", "”", "`")
