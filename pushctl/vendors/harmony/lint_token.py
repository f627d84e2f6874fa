"""Checks of the target: a token's shape.

Huawei (developer.huawei.com/consumer/cn/notice/20180316): never test a token's length. So it is never an error; only
what cannot belong to a token is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors.harmony.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_HARMONY = re.compile(r"MA[A-Za-z0-9+/]{60,}={0,2}")
_HMS = re.compile(r"[0-9A-Za-z]{32}|(?!MA)[0-9A-Za-z_-]{100,200}")
_FCM = re.compile(r"[A-Za-z0-9_-]{8,40}:[A-Za-z0-9_-]{80,}")
_APNS = re.compile(r"[0-9a-fA-F]{64}")
_HONOR = re.compile(r"BAEAAAAAB\.[A-Za-z0-9_-]{60,}")


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first thing that is wrong
    with the token, or that it looks like another service's."""
    token = target.value
    where = f"token {token[:8]!r}…" if len(token) > 8 else "token"
    if target.kind != "token":
        yield RULES["target-kind"].finding(target.kind, kind=target.kind)
    elif not token:
        yield RULES["token-empty"].finding("token")
    elif "\\/" in token:
        yield RULES["token-escaped"].finding(where)
    elif token[0] in "\"'" and token[-1] == token[0] and len(token) > 1:
        yield RULES["token-quoted"].finding(where)
    elif any(letter.isspace() or not letter.isprintable() for letter in token):
        what = "a line break" if "\n" in token or "\r" in token else "a blank or a character that is not seen"
        yield RULES["token-blank"].finding(where, what=what)
    elif (rule := _of_another_service(token)) is not None:
        yield RULES[rule].finding(where)
    elif not _HARMONY.fullmatch(token):
        yield RULES["token-shape"].finding(where, length=len(token))


def _of_another_service(token: str) -> str | None:
    """The rule that says whose token this looks like, or None."""
    if _FCM.fullmatch(token) or "APA91" in token:
        return "token-of-fcm"
    if _APNS.fullmatch(token):
        return "token-of-apns"
    if _HONOR.fullmatch(token):
        return "token-of-honor"
    return "token-of-hms" if _HMS.fullmatch(token) else None
