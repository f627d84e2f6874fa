"""Checks of the texts: title and description in Xiaomi's unit (every character counts 1), the payload, and texts that
look like a trial."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from pushctl.core.payloads import short
from pushctl.core.texts import cut, measure, trivial
from pushctl.vendors.mi.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.mi.lint_subject import Subject

_SHOWN = (("title", "title", "--title", 50), ("description", "body", "--body", 128))
"""Field, what people call it, flag, and the number of characters that it must stay below."""
_PAYLOAD = 4096
_TRIAL = re.compile(r"\btest(s|ing)?\b|测试|測試", re.IGNORECASE)


def _words(pushed: Subject) -> Iterator[Finding]:
    """A notification needs both texts, unless a template makes them."""
    if pushed.passes_through:
        return
    missing = [row for row in _SHOWN if not pushed.fields.get(row[0])]
    if missing:
        rule = "template-without-text" if pushed.extra_of("template_id") else "text-missing"
        flagged = pushed.raw is None  # a raw payload has no flags
        what = " and no ".join(row[1] for row in missing)
        flags = " and ".join(row[2] if flagged else row[0] for row in missing)
        yield RULES[rule].finding(missing[0][0], what=what, flags=flags)
    for field in ("title", "description", "payload"):
        if pushed.fields.get(field) and not pushed.fields[field].strip():
            yield RULES["text-blank"].finding(field, path=field)


def _lengths(pushed: Subject) -> Iterator[Finding]:
    for field, word, _, limit in _SHOWN:
        text = pushed.fields.get(field, "")
        if (size := measure(text, "characters")) >= limit:
            kept = short(cut(text, limit - 1, "characters"))
            yield RULES["text-cut"].finding(
                field, word=word.capitalize(), size=size, most=limit - 1, limit=limit, kept=kept
            )
    if (size := measure(pushed.fields.get("payload", ""), "characters")) >= _PAYLOAD:
        yield RULES["payload-too-long"].finding("payload", size=size, most=_PAYLOAD - 1)


def _trivial(pushed: Subject) -> Iterator[Finding]:
    for field, word, _, _ in _SHOWN:
        text = pushed.fields.get(field, "")
        why = trivial(text) if text.strip() else None
        if why is None and (found := _TRIAL.search(text)):
            why = f"one with {found[0]!r} in it"
        if why:
            yield RULES["trivial-text"].finding(field, word=word, why=why)


def _encoded(pushed: Subject) -> Iterator[Finding]:
    """JSON that was quoted before the form encoded it."""
    payload = pushed.fields.get("payload", "")
    if payload[:3].upper() in ("%7B", "%5B") and unquote_plus(payload)[:1] in ("{", "["):
        yield RULES["payload-encoded-twice"].finding("payload", value=short(payload))


CHECKS = (_words, _lengths, _trivial, _encoded)
