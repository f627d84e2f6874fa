"""Checks of the target. Honor says nothing of what its tokens look like: four specimens have one form, and so it is a
hint; only what cannot belong to a token is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.vendors.honor.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_HONOR = re.compile(r"BAEAAAAAB\.[A-Za-z0-9_-]{60,}")
_FCM = re.compile(r"[A-Za-z0-9_-]{8,40}:[A-Za-z0-9_-]{80,}")
_APNS = re.compile(r"[0-9a-fA-F]{64}")
_HUAWEI = re.compile(r"[A-Za-z0-9_-]{100,200}")
_HARMONY = re.compile(r"MA[A-Za-z0-9+/]{60,}={0,2}")


def lint_target(target: Target) -> Iterator[Finding]:
    """What is wrong with the target itself, whatever it is sent. At most one finding: the first."""
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
    elif not _HONOR.fullmatch(token):
        yield _stranger(token, where)


def _stranger(token: str, where: str) -> Finding:
    """A token of another form than Honor's: whose it looks like, if it looks like anybody's."""
    if _FCM.fullmatch(token) or "APA91" in token:
        return RULES["token-of-fcm"].finding(where)
    if _APNS.fullmatch(token):
        return RULES["token-of-apns"].finding(where)
    if _HUAWEI.fullmatch(token) or _HARMONY.fullmatch(token):
        return RULES["token-of-huawei"].finding(where)
    return RULES["token-shape"].finding(where, length=len(token))
