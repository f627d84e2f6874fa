"""What the device tokens of every service look like, and what comes along when one is pasted: one place for the lints,
which recognise a stranger's token, and for ``pushctl token inspect``.

A shape is a hint and never a rule: no service promises one, and Apple and Huawei say never to rely on one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.catalogue import Confidence
    from pushctl.core.finding import Finding
    from pushctl.core.rules import Rule


@dataclass(frozen=True, slots=True)
class Shape:
    """One form that tokens have.

    :ivar service: the vendor's id; also of a service that pushctl has no profiles for.
    :ivar regex: what the whole token matches.
    :ivar words: the same for a person: "an APNs device token: 64 hexadecimal digits".
    :ivar source: the page, or the specimens, that the form was read from.
    :ivar confidence: how sure it is that a text of this form is such a token.
    :ivar form: tells one vendor's forms apart, where its lint has more to say of one; else "".
    """

    service: str
    regex: str
    words: str
    source: str
    confidence: Confidence = "high"
    form: str = ""

    @property
    def told(self) -> str:
        """The words, with the confidence where it is not high."""
        return self.words if self.confidence == "high" else f"{self.words} ({self.confidence} confidence)"


_APPLE = "https://developer.apple.com/documentation/usernotifications/registering-your-app-with-apns"
_GOOGLE = "https://firebase.google.com/docs/cloud-messaging/manage-tokens"
_HUAWEI = "https://developer.huawei.com/consumer/cn/notice/20180316"
_NOT_A_SERVER_KEY = r"(?!AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134}$)"

SHAPES: tuple[Shape, ...] = (
    Shape("apns", r"[0-9a-fA-F]{64}", "an APNs device token: 64 hexadecimal digits", _APPLE),
    Shape(
        "apns",
        r"(?:[0-9a-fA-F]{2}){33,100}",
        "a long APNs token, as Live Activities have: 66 to 200 hexadecimal digits",
        "https://developer.apple.com/forums/thread/712499",
        "medium",
    ),
    Shape(
        "fcm",
        _NOT_A_SERVER_KEY + r"[A-Za-z0-9_-]{11,22}:APA91[A-Za-z0-9_-]{100,}",
        "an FCM registration token: an id, a colon, then APA91 and more than 100 letters",
        _GOOGLE,
        form="token",
    ),
    Shape(
        "fcm",
        r"[A-Za-z0-9_-]{1,40}:APA91[A-Za-z0-9_-]{0,99}",
        "an FCM registration token that was cut: an id, a colon, then APA91 and fewer than 100 letters",
        _GOOGLE,
        "medium",
        form="cut",
    ),
    Shape(
        "fcm",
        _NOT_A_SERVER_KEY + r"[A-Za-z0-9_-]{1,40}:[A-Za-z0-9_-]{80,}",
        "an FCM token of another form than today's: an id, a colon and more than 80 letters",
        _GOOGLE,
        "medium",
        form="odd",
    ),
    Shape(
        "fcm",
        r"APA91[A-Za-z0-9_-]{50,}",
        "a token of Google's from before Firebase, or the key of a device group: APA91 and letters, no colon",
        _GOOGLE,
        "medium",
        form="old",
    ),
    Shape(
        "fcm",
        r"[cdef][A-Za-z0-9_-]{21}",
        "a Firebase installation id (--fid of FCM): 22 letters, the first one c, d, e or f",
        "firebase/firebase-js-sdk:packages/installations/src/helpers/generate-fid.ts",
        form="fid",
    ),
    Shape(
        "hms",
        r"(?![0-9a-fA-F]+$|MAMz|MAAA|v2-|.*APA91)[A-Za-z0-9_-]{100,200}",
        "a Huawei token of format 2.0: about 130 letters, digits, _ and -",
        _HUAWEI,
    ),
    Shape(
        "hms",
        r"[0-9A-Za-z]{32}",
        "a Huawei token of format 1.0 (devices before May 2018): 32 letters and digits",
        _HUAWEI,
        "medium",  # so much else has 32 letters and digits
    ),
    Shape(
        "harmony",
        r"(?=MAMz|MAAA|.*[+/=])MA[A-Za-z0-9+/]{60,}={0,2}",
        "a HarmonyOS 5 token: base64 with + and /, 112 characters today",
        "specimens in Huawei's documents of v3, an answer of its support",
        "medium",
    ),
    Shape(
        "harmony",
        r"MA[A-Za-z0-9]{60,}",
        "a HarmonyOS 5 token that happens to have neither + nor /: base64 that begins with MA",
        "specimens in Huawei's documents of v3, an answer of its support",
        "low",
    ),
    Shape(
        "honor",
        r"BAEAAAAAB\.[A-Za-z0-9_-]{60,}",
        "an Honor token: BAEAAAAAB. and then letters, digits, _ and -, about 128 in all",
        "four specimens of unrelated origin: two device logs, the test of an SDK, the document of a partner",
        "medium",
    ),
    Shape(
        "mi",
        r"(?![0-9a-fA-F]+$)(?:[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{171}=)",
        "a Xiaomi regid: base64 with + and /, 44, 64, 88 or 172 characters",
        "specimens: regids in documents and issues",
        "medium",
    ),
    Shape(
        "oppo",
        r"(?:[0-9A-Za-z]{2,10}_){1,2}[0-9a-fA-F]{32}",
        "an OPPO registration id: CN_ (or another region) and 32 hexadecimal digits",
        "the check in OPPO's Java SDK",
    ),
    Shape(
        "oppo",
        r"[0-9a-f]{32}",
        "an OPPO registration id without its region: 32 hexadecimal digits",
        "the check in OPPO's Java SDK",
        "medium",
    ),
    Shape("vivo", r"[0-9]{23}", "a vivo regId: 23 digits", "vivo's server API document"),
    Shape(
        "vivo",
        r"v2-[A-Za-z0-9_-]{40,}",
        "a vivo regId of today's SDKs: v2- and more than 40 letters, digits, _ and -",
        "one specimen, and the check of a maintained server",
        "medium",
    ),
    Shape(
        "meizu",
        r"[A-Z0-9]{3}[0-9a-f]{42}",
        "a Flyme pushId: 3 capitals or digits, then 42 hexadecimal digits",
        "four specimens in MEIZUPUSH/PushAPI and in issues",
        "medium",
    ),
    Shape(
        "expo",
        r"Expo(?:nent)?PushToken\[.*\]?",
        "a token of Expo, which keeps those of APNs and FCM behind its own",
        "https://docs.expo.dev/push-notifications/sending-notifications-custom/",
    ),
)
"""A service's likelier form stands before its others. The regular expressions are compiled when they are used."""


def looks_like(token: str) -> tuple[Shape, ...]:
    """The shapes that a token has, one for each service whose tokens look so."""
    found: dict[str, Shape] = {}
    for shape in SHAPES:
        if shape.service not in found and re.fullmatch(shape.regex, token):
            found[shape.service] = shape
    return tuple(found.values())


def own(token: str, service: str) -> Shape | None:
    """The shape that a token has among those of one service."""
    return next((shape for shape in looks_like(token) if shape.service == service), None)


def of_another(token: str, service: str, rules: Mapping[str, Rule]) -> Finding | None:
    """That a token looks like one of other services than the one it is used with, or None.

    The vendor's rule is ``token-of-<id>`` where it has one for that service, else ``token-of-another``; its
    placeholders are ``words`` and ``length``. It is as sure as the shape is.
    """
    others = [shape for shape in looks_like(token) if shape.service != service]
    if not others:
        return None
    only = f"token-of-{others[0].service}" if len(others) == 1 else ""
    rule = rules.get(only) or rules["token-of-another"]
    words = ", or ".join(shape.words for shape in others)
    doubt = max((shape.confidence for shape in others), key=("high", "medium", "low").index)
    return replace(rule.finding(place(token), words=words, length=len(token)), confidence=doubt)


def place(token: str) -> str:
    """Where a finding about a token is: its first letters, which are no secret."""
    return f"token {token[:8]!r}…" if len(token) > 8 else "token"


def pasted(token: str) -> tuple[str, dict[str, str]] | None:
    """What came along when a token was copied: a rule's id and its values, or None where nothing did.

    The rules: ``token-empty``, ``token-quoted``, ``token-blank`` (``what``), ``token-escaped`` (``what``, ``fix``).
    """
    if not token:
        return "token-empty", {}
    bare = token.strip()
    if bare[:1] in _QUOTES or bare[-1:] in _QUOTES:
        return "token-quoted", {}
    if odd := [letter for letter in token if letter.isspace() or not letter.isprintable()]:
        return "token-blank", {"what": _blank(odd)}
    return _escaped(token)


_QUOTES = ("'", '"', "“", "”", "`")


def _blank(odd: list[str]) -> str:
    if "\n" in odd or "\r" in odd:
        return "a line break"
    return "a blank" if any(letter.isspace() for letter in odd) else "a character that is not seen"


def _escaped(token: str) -> tuple[str, dict[str, str]] | None:
    """A token out of JSON text or out of a URL: no token has a backslash, or a percent sign."""
    for sign, fix in (("\\/", "write / for \\/"), ("\\n", "remove \\n"), ("\\", "remove the backslashes")):
        if sign in token:
            return "token-escaped", {"what": f'"{sign}"', "fix": fix}
    if code := re.search(r"%(2[B-Fb-f]|3[ADad])", token):
        return "token-escaped", {"what": f'"{code[0]}"', "fix": f"write {chr(int(code[1], 16))} for {code[0]}"}
    return None
