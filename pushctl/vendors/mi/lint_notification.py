"""Checks of what is shown and of what a tap does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pushctl.core.payloads import short
from pushctl.vendors.mi.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.mi.lint_subject import Subject

_USED = {"1": (), "2": ("intent_uri", "class_name", "intent_flag"), "3": ("web_uri",)}
"""What each effect uses."""
_INTENT = re.compile(r"(intent:|#Intent;).*;end", re.DOTALL)
_PICTURES = ("notification_bigPic_uri", "notification_large_icon_uri", "notification_small_icon_uri")


def _pass_through(pushed: Subject) -> Iterator[Finding]:
    if pushed.passes_through:
        yield RULES["pass-through-dead"].finding("pass_through")
    elif pushed.fields.get("pass_through", "0").strip() not in ("", "0"):
        value = short(pushed.fields["pass_through"])
        yield RULES["wrong-value"].finding("pass_through", path="pass_through", value=value, known='"0", "1"')


def _effect(pushed: Subject) -> Iterator[Finding]:
    """What a tap does: required, and each effect with its own field."""
    effect = pushed.extra_of("notify_effect")
    if pushed.passes_through:
        return
    if not effect:
        yield RULES["notify-effect-missing"].finding("extra.notify_effect")
        return
    if effect == "2" and not (pushed.extra_of("intent_uri") or pushed.extra_of("class_name")):
        yield RULES["click-needs"].finding(
            "extra.intent_uri",
            effect=2,
            what="an activity",
            needs="extra.intent_uri",
            fix="Add it (--click intent:URI).",
        )
    if effect == "3" and not pushed.extra_of("web_uri"):
        yield RULES["click-needs"].finding(
            "extra.web_uri", effect=3, what="a web page", needs="extra.web_uri", fix="Add it (--click url:https://…)."
        )
    for key in ("intent_uri", "class_name", "web_uri"):
        if effect in _USED and pushed.extra_of(key) and key not in _USED[effect]:
            yield RULES["click-extra"].finding(f"extra.{key}", effect=effect, path=f"extra.{key}")


def _places(pushed: Subject) -> Iterator[Finding]:
    """The intent and the address, in their forms."""
    intent, page = pushed.extra_of("intent_uri"), pushed.extra_of("web_uri")
    if intent and not _INTENT.fullmatch(intent.strip()):
        yield RULES["click-intent"].finding("extra.intent_uri", value=short(intent))
    if page and not re.match(r"https?://\S", page, re.IGNORECASE):
        yield RULES["click-url"].finding("extra.web_uri", value=short(page))


def _pictures(pushed: Subject) -> Iterator[Finding]:
    for key in _PICTURES:
        value = pushed.extra_of(key)
        if value and not _is_xiaomis(value):
            yield RULES["image-not-uploaded"].finding(f"extra.{key}", key=key, value=short(value))


def _is_xiaomis(address: str) -> bool:
    """Whether an address is on a host of Xiaomi's, as those are that its upload gives."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return any(host == name or host.endswith(f".{name}") for name in ("xiaomi.com", "mi.com", "mi-img.com"))


def _sound(pushed: Subject) -> Iterator[Finding]:
    sound, made = pushed.extra_of("sound_uri"), pushed.raw is None
    if made and not pushed.app:
        return  # without a profile there is no package to write it with
    if sound and not sound.startswith("android.resource://"):
        yield RULES["sound-form"].finding("extra.sound_uri", value=short(sound))


def _notify(pushed: Subject) -> Iterator[Finding]:
    """``notify_type``, and the number that a text of ``--collapse`` became."""
    kind = pushed.fields.get("notify_type", "").strip()
    if re.fullmatch(r"-?\d{1,18}", kind, re.ASCII) and not -1 <= int(kind) <= 7:
        yield RULES["notify-type-range"].finding("notify_type", value=kind)
    collapse, number = pushed.message.collapse, pushed.fields.get("notify_id", "").strip()
    if re.fullmatch(r"-?\d{1,18}", number, re.ASCII) and not -(2**31) <= int(number) < 2**31:
        yield RULES["notify-id-range"].finding("notify_id", value=number)
    if pushed.raw is None and collapse and number and number != collapse.strip().lstrip("0").rjust(1, "0"):
        yield RULES["notify-id-of-text"].finding("notify_id", collapse=short(collapse), number=number)


def _foreground(pushed: Subject) -> Iterator[Finding]:
    if pushed.extra_of("notify_foreground") == "0":
        yield RULES["foreground-hidden"].finding("extra.notify_foreground")


CHECKS = (_pass_through, _effect, _places, _pictures, _sound, _notify, _foreground)
