"""Checks of the body as it would be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import TYPES, described, form, is_number, is_of, short
from pushctl.vendors.apns.judge import RULES
from pushctl.vendors.apns.lint_subject import FIELDS, Subject
from pushctl.vendors.apns.request import derived_push_type

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.rules import PayloadField

# What a push type's body may look like; the free ones (voip, complication, location, pushtotalk) may look like any.
_BOUND = frozenset({"alert", "background", "liveactivity", "widgets", "controls", "mdm", "fileprovider"})
_SAME_BODY = {"controls": ("widgets",)}


def _form(pushed: Subject) -> Iterator[Finding]:
    """Is it a JSON object at all, and does it fit?"""
    body, kind = pushed.body, pushed.kind
    limit = 4096
    if kind is not None:
        limit = kind.broadcast_limit if pushed.broadcast and kind.broadcast_limit else kind.limit
    if len(body) > limit:
        yield RULES["payload-too-large"].finding(
            "payload",
            size=len(body),
            limit=limit,
            over=len(body) - limit,
            push_type=pushed.push_type,
            broadcast=" by broadcast" if pushed.broadcast else "",
        )
    yield from form(body, RULES)
    if isinstance(pushed.payload, dict) and "aps" in pushed.payload and not isinstance(pushed.payload["aps"], dict):
        yield RULES["aps-not-object"].finding("aps", found=described(pushed.payload["aps"]))


def _types(pushed: Subject) -> Iterator[Finding]:
    """Every key of Apple's, at every depth that Apple defines: type, value, spelling."""
    yield from _keys("aps", pushed.aps)
    for key in ("alert", "sound"):
        if isinstance(pushed.aps.get(key), dict):
            yield from _keys(f"aps.{key}", pushed.aps[key])


def _keys(parent: str, found: Mapping[str, Any]) -> Iterator[Finding]:
    known = FIELDS.below(parent)
    for key, value in found.items():
        path = f"{parent}.{key}"
        if key in known:
            yield from _value(path, value, known[key])
        else:
            yield _unknown(parent, key, known)


def _unknown(parent: str, key: str, known: Mapping[str, PayloadField]) -> Finding:
    import difflib  # only a mistake needs it

    right = key.replace("_", "-")
    if parent == "aps" and right == "content-available":
        return RULES["content-available-underscore"].finding(f"aps.{key}", key=key, right=right)
    close = [right] if right in known else difflib.get_close_matches(key.casefold(), known, n=1, cutoff=0.75)
    if parent == "aps":
        fix = f"Did you mean {close[0]}?" if close else "Move it beside aps (--data)."
        return RULES["custom-key-inside-aps"].finding(f"aps.{key}", key=key, fix=fix)
    fix = f"Did you mean {close[0]}?" if close else "Move your own data beside aps (--data)."
    return RULES["unknown-key"].finding(f"{parent}.{key}", path=f"{parent}.{key}", fix=fix)


def _value(path: str, value: Any, field: PayloadField) -> Iterator[Finding]:
    if field.retired:
        yield RULES["retired-key"].finding(path, path=path, why=field.retired)
    if path == "aps.content-available":
        if not (is_number(value) and value == 1):
            yield RULES["content-available-value"].finding(path, value=described(value))
    elif path == "aps.badge" and isinstance(value, str):
        yield RULES["badge-is-string"].finding(path, value=short(value))
    elif not any(is_of(value, kind) for kind in field.type):
        wanted = " or ".join(TYPES[kind] for kind in field.type)
        yield RULES["wrong-type"].finding(path, path=path, found=described(value), wanted=wanted)
    elif field.values and value not in field.values:
        known = ", ".join(str(json.loads(json.dumps(one))) for one in field.values)
        yield RULES["wrong-value"].finding(path, path=path, value=short(value), known=known)


def _ranges(pushed: Subject) -> Iterator[Finding]:
    score, sound = pushed.aps.get("relevance-score"), pushed.aps.get("sound")
    if is_number(score) and not 0 <= score <= 1 and pushed.push_type != "liveactivity":
        yield RULES["relevance-score-range"].finding("aps.relevance-score", value=score)
    if isinstance(sound, dict):
        volume = sound.get("volume")
        if is_number(volume) and not 0 <= volume <= 1:
            yield RULES["sound-volume-range"].finding("aps.sound.volume", value=volume)
        if not sound.get("name"):
            yield RULES["sound-without-name"].finding("aps.sound")
    level = pushed.aps.get("interruption-level")
    needs = {
        "time-sensitive": "the Time Sensitive Notifications capability of the app",
        "critical": "the Critical Alerts entitlement, which Apple grants on request",
    }
    if isinstance(level, str) and level in needs:
        yield RULES["interruption-level-entitlement"].finding("aps.interruption-level", level=level, needs=needs[level])


def _visible(pushed: Subject) -> Iterator[Finding]:
    """An alert push must have something to notice."""
    aps = pushed.aps
    if not isinstance(pushed.payload, dict):
        return
    if "alert" in aps and not _has_text(aps["alert"]):
        yield RULES["alert-empty"].finding("aps.alert")
    if aps.get("mutable-content") and not _has_text(aps.get("alert")):
        yield RULES["mutable-content-without-alert"].finding("aps.mutable-content")
    seen = _has_text(aps.get("alert")) or aps.get("sound") or aps.get("badge") is not None
    of_pass = (pushed.header("apns-topic") or "").startswith("pass.")  # Wallet asks for the pass by itself
    if pushed.push_type == "alert" and not (seen or of_pass) and derived_push_type(pushed.payload) == "alert":
        yield RULES["nothing-visible"].finding("aps")


def _has_text(alert: object) -> bool:
    return any(alert.values()) if isinstance(alert, dict) else bool(alert)


def _silent(pushed: Subject) -> Iterator[Finding]:
    """A background push: content-available alone. Apple: usernotifications/pushing-background-updates-to-your-app."""
    if pushed.push_type != "background" or not isinstance(pushed.payload, dict):
        return
    misspelt = "content_available" in pushed.aps
    if "content-available" not in pushed.aps and not misspelt:
        yield RULES["silent-without-content-available"].finding("aps.content-available")
    for key in pushed.aps:
        if key in ("alert", "sound", "badge"):
            yield RULES[f"silent-with-{key}"].finding(f"aps.{key}")
        elif key in FIELDS.below("aps") and key != "content-available":
            yield RULES["silent-with-other-key"].finding(f"aps.{key}", key=key)


def _contents(pushed: Subject) -> Iterator[Finding]:
    """Do the contents speak for the push type that is sent?"""
    payload, push_type = pushed.payload, pushed.push_type
    if not isinstance(payload, dict):
        return
    derived = derived_push_type(payload)
    if derived == "background" and push_type == "alert":
        yield RULES["silent-payload-as-alert"].finding("apns-push-type", push_type=push_type)
    elif derived not in ("alert", "background", push_type, *_SAME_BODY.get(push_type, ())) and push_type in _BOUND:
        yield RULES["push-type-mismatch"].finding("apns-push-type", derived=derived, push_type=push_type)
    if push_type == "mdm":
        if not isinstance(payload.get("mdm"), str):
            yield RULES["mdm-without-magic"].finding("mdm")
        if "aps" in payload:
            yield RULES["mdm-with-aps"].finding("aps")
    if push_type == "fileprovider" and "container-identifier" not in payload:
        yield RULES["fileprovider-container"].finding("container-identifier")
    if pushed.message.silent and push_type != "background":
        yield RULES["silent-push-type"].finding("--silent", push_type=push_type)
    if push_type in ("widgets", "controls") and pushed.aps.get("content-changed") is not True:
        yield RULES["content-changed-missing"].finding("aps.content-changed", push_type=push_type)


CHECKS = (_form, _types, _ranges, _visible, _silent, _contents)
