"""Checks of what every message has: its tokens, its words, its data, its time to live."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.answers import json_object
from pushctl.core.payloads import described, is_integer, short, why_not_json
from pushctl.vendors.honor.judge import RULES
from pushctl.vendors.honor.request import MOST_TOKENS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.honor.lint_subject import Subject

_TTL = re.compile(r"(\d+)s", re.ASCII)
_LONGEST_S = 1_296_000
_SHOWN = (("title", 40), ("body", 256))
"""What one server cuts the two at; no page of Honor's is known to say so (lack of evidence: low confidence)."""


def _tokens(pushed: Subject) -> Iterator[Finding]:
    """The tokens that a raw body names itself. Those of the command line are checked by ``lint_target``."""
    tokens = pushed.document.get("token")
    if not isinstance(tokens, list):
        return
    if not 1 <= len(tokens) <= MOST_TOKENS and (tokens or pushed.target is None):
        yield RULES["token-count"].finding("token", count=len(tokens))
    twice = [token for token, count in Counter(map(str, tokens)).items() if count > 1]
    if twice:
        first = f"{twice[0][:16]}…" if len(twice[0]) > 16 else twice[0]
        yield RULES["token-twice"].finding("token", count=len(twice), token=first)


def _words(pushed: Subject) -> Iterator[Finding]:
    """A notification needs title and body, in one of the two places; the inner ones win."""
    if not pushed.is_notification:
        return
    missing = [word for word, _ in _SHOWN if not (pushed.shown.get(word) or pushed.outer.get(word))]
    if missing:
        flags = " and ".join(f"--{word}" for word in missing)
        bare = pushed.message.raw is None and len(missing) == 2
        fix = f"Add {flags}{', or send a data message with --silent' if bare else ''}."
        yield RULES["text-missing"].finding("android.notification", what=" and no ".join(missing), fix=fix)
    for word, most in _SHOWN:
        text = pushed.shown.get(word) or pushed.outer.get(word)
        if isinstance(text, str) and len(text) > most:
            yield RULES["text-cut"].finding(
                f"android.notification.{word}", word=word.capitalize(), size=len(text), most=most
            )


def _data(pushed: Subject) -> Iterator[Finding]:
    """``data`` is a string; for a notification JSON in a string."""
    for path, place in (("data", pushed.document), ("android.data", pushed.android)):
        value = place.get("data")
        if "data" not in place:
            continue
        if not isinstance(value, str):
            yield RULES["data-not-string"].finding(path, path=path, found=described(value))
        elif pushed.is_notification and value and why_not_json(value.encode("utf-8", "replace")) is not None:
            yield RULES["data-not-json"].finding(path, path=path, value=short(value))
    if "data" in pushed.document and "data" in pushed.android:
        yield RULES["data-twice"].finding("android.data")


def _silent(pushed: Subject) -> Iterator[Finding]:
    """A data message has data and no notification object, neither outside nor in android."""
    if json_object(pushed.body) is None or "message" in pushed.document:
        return
    if pushed.message.silent:
        for path, place in (("notification", pushed.document), ("android.notification", pushed.android)):
            if "notification" in place:
                yield RULES["silent-with-notification"].finding(path, path=path)
    has_data = bool(pushed.document.get("data")) or bool(pushed.android.get("data"))
    if not pushed.is_notification and not has_data:
        yield RULES["silent-without-data"].finding("data")


def _ttl(pushed: Subject) -> Iterator[Finding]:
    if "ttl" not in pushed.android:
        return
    ttl, path = pushed.android["ttl"], "android.ttl"
    matched = _TTL.fullmatch(ttl) if isinstance(ttl, str) else None
    if matched is None:
        seconds = ttl if is_integer(ttl) and ttl > 0 else 86400
        yield RULES["ttl-format"].finding(path, path=path, value=short(ttl), fix=f"{seconds}s")
    elif int(matched[1]) == 0:
        yield RULES["ttl-zero"].finding(path)
    elif int(matched[1]) > _LONGEST_S:
        yield RULES["ttl-range"].finding(path, path=path, value=short(ttl))


CHECKS = (_tokens, _words, _data, _silent, _ttl)
