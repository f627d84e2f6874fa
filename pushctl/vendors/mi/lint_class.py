"""Checks of the message's class: which channel, which template, how long it is kept, and what Xiaomi will make of it.

Hardly anything of this is an error on the wire: the message is accepted, and counted, silent or not shown (dev.mi.com
pId=1656, pId=1854, pId=2314).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.mi.channels import CLASS_OF
from pushctl.vendors.mi.form import number_of
from pushctl.vendors.mi.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.mi.lint_subject import Subject

_AT = "extra.channel_id"
_DAY_MS = 86_400_000
_KEPT = {"private": (10, "private messages"), "public": (1, "public messages")}
"""Days that a message of a class is kept at most."""
_CAP = "at most 5 a day for a device (news licence: 8), and the app's quota of the day ('pushctl quota')"
_MOST_VARIABLES, _LONGEST_VARIABLE = 9, 128


def _channel(pushed: Subject) -> Iterator[Finding]:
    channel, klass = pushed.extra_of("channel_id"), pushed.message.klass
    if not channel:
        if not pushed.passes_through:
            own = f"{CLASS_OF[klass]}_channel_id" if klass and pushed.raw is None else "channel_id"
            fix = f"Name one: --channel ID, or {own} in the profile's [app] table."
            yield RULES["xiaomi-missing-channel"].finding(_AT, fix=fix)
        return
    if klass is None or pushed.raw is not None:
        return
    wanted = f"{CLASS_OF[klass]}_channel_id"
    other = "public" if CLASS_OF[klass] == "private" else "private"
    if channel == pushed.app.get(f"{other}_channel_id") != pushed.app.get(wanted):
        yield RULES["class-category-conflict"].finding(_AT, klass=klass, channel=channel, what=f"{other} messages")
    elif pushed.message.channel is None and not pushed.app.get(wanted):
        yield RULES["class-channel"].finding(_AT, klass=klass, channel=channel, wanted=wanted)


def _template(pushed: Subject) -> Iterator[Finding]:
    template, path = pushed.extra_of("template_id"), "extra.template_id"
    if template and not pushed.extra_of("channel_id"):
        if pushed.raw is None and not pushed.app:
            return  # without a profile nobody knows its channel
        yield RULES["template-without-channel"].finding(path)
    elif template and pushed.klass == "public":
        yield RULES["template-public"].finding(path, channel=pushed.extra_of("channel_id"))
    elif not template and pushed.klass == "private":
        yield RULES["template-missing"].finding(path)
    if not template and pushed.extra_of("template_param"):
        yield RULES["template-param-alone"].finding("extra.template_param")


def _variables(pushed: Subject) -> Iterator[Finding]:
    """The template's variables: a JSON object of texts."""
    text, path = pushed.extra_of("template_param"), "extra.template_param"
    if not text:
        if pushed.extra_of("template_id"):
            yield RULES["template-param"].finding(path, what="missing, and is {} for a template without variables")
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        yield RULES["template-param"].finding(path, what=f"no JSON object: {short(text)}")
        return
    if len(found) > _MOST_VARIABLES:
        yield RULES["template-param"].finding(
            path, what=f"an object of {len(found)} variables, and a template has {_MOST_VARIABLES} at most"
        )
    for key, value in found.items():
        if fault := _fault(value):
            yield RULES["template-param-value"].finding(path, key=key, what=fault)


def _fault(value: object) -> str:
    """What is wrong with a variable's value, as the end of a sentence, or ""."""
    if not isinstance(value, str):
        return "is no text"
    if not value.strip():
        return "is blank"
    if len(value) > _LONGEST_VARIABLE:
        return f"has {len(value)} characters"
    odd = next((letter for letter in value if unicodedata.category(letter) in ("So", "Cn")), "")
    return f"has {odd!r} in it, an emoji or another symbol" if odd else ""


def _ttl(pushed: Subject) -> Iterator[Finding]:
    given, path = number_of(pushed.fields.get("time_to_live", "").strip()), "time_to_live"
    if pushed.extra_of("only_send_once") == "1":
        rule = "ttl-zero" if given is None else "ttl-and-once"
        yield RULES[rule].finding(path if given is not None else "extra.only_send_once")
    if given is None:
        return
    days, what = _KEPT.get(pushed.klass, (10, "messages"))
    if given > days * _DAY_MS:
        most = "1 day" if days == 1 else f"{days} days"
        yield RULES["ttl-range"].finding(path, given=_span(given), what=what, most=most)
    elif 0 < given < 60_000 and pushed.message.ttl is None:
        yield RULES["ttl-not-milliseconds"].finding(path, value=given, seconds=given / 1000, fix=given * 1000)


def _span(milliseconds: int) -> str:
    return f"{milliseconds / _DAY_MS:.1f} days" if milliseconds >= _DAY_MS else f"{milliseconds / 3_600_000:.1f} hours"


def _treatment(pushed: Subject) -> Iterator[Finding]:
    """The one line that says what Mi Push will make of the message."""
    channel, fix = pushed.extra_of("channel_id"), ""
    if pushed.passes_through:
        what = "a pass-through message (透传消息): not delivered, except to the apps of Xiaomi's own system."
    elif pushed.klass == "private":
        what = f"a private message (私信消息), channel {channel}: it rings, and there is no cap."
    elif pushed.klass == "public":
        what = f"a public message (公信消息), channel {channel}: silent in the shade; {_CAP}."
    elif pushed.klass == "unknown":
        what = f"as the console has channel {channel}: private (私信), no cap; or public (公信), {_CAP}."
        say = "Add" if pushed.message.klass else "Say --class, or add"
        fix = f"{say} private_channel_id and public_channel_id to the profile, to be told which."
    else:
        what = "a message of the default class (默认): silent, 1 a day for a device; or refused (27001)."
    yield RULES["treatment"].finding(_AT, what=what, fix=fix)


CHECKS = (_treatment, _channel, _template, _variables, _ttl)
