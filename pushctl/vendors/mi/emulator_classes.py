"""Private, public and default messages: channels, templates, and how many of each a device and an app may get a day.

Sources: Xiaomi's pages 1656 (amounts), 1854 (time to live), 2314 (templates) and the classification of 2026 as
integrators quote it. Which code a wrong template has, no source says.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import CHINA_S, Refusal, counted
from pushctl.vendors.mi.emulator_answers import CHANNEL, QUOTA
from pushctl.vendors.mi.emulator_checks import doubtful, number, wrong
from pushctl.vendors.mi.emulator_credentials import OLD_CHANNEL, PRIVATE_CHANNEL, PUBLIC_CHANNEL, App

if TYPE_CHECKING:
    from pushctl.core.emulated import World
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_form import Fields

_DAY_MS = 86_400_000
_BASE = 10_000
"""The installs with notifications on; a smaller number counts as this one."""


@dataclass(frozen=True, slots=True)
class Klass:
    """A class of messages.

    :ivar a_day: deliveries of an app and day; None without a limit.
    :ivar per_device: messages that a device takes of an app and day; None without a limit.
    :ivar ttl_ms: how long the server keeps one at most.
    """

    name: str
    a_day: int | None
    per_device: int | None
    ttl_ms: int


PRIVATE = Klass("private", None, None, 10 * _DAY_MS)
PUBLIC = Klass("public", 2 * _BASE, 5, _DAY_MS)
DEFAULT = Klass("default", _BASE, 1, _DAY_MS)

CHANNELS: Mapping[str, Klass] = {PRIVATE_CHANNEL: PRIVATE, PUBLIC_CHANNEL: PUBLIC, OLD_CHANNEL: PUBLIC}
TEMPLATES: Mapping[str, tuple[str, ...]] = {"P10001": ("keywords1",), "P10002": (), "P10003": ("name", "time")}
"""The variables of each template that this app may use."""
VARIABLES, LONGEST_VALUE = 9, 128
TEMPLATES_NEEDED = datetime(2027, 1, 1, tzinfo=UTC).timestamp() - CHINA_S
"""From then on private messages without a template are affected; new apps need one since 2026-07-01."""


def class_of(call: Call, app: App, fields: Fields) -> Klass | Refusal:
    """What the message is taken for."""
    channel = fields.extra_of("channel_id")
    klass = CHANNELS.get(channel) or (PUBLIC if channel and call.world.app else DEFAULT)
    if app.gone_over and (channel not in CHANNELS or channel == OLD_CHANNEL):
        return Refusal(CHANNEL, "channel", "an app that has gone over to the new classification needs a new channel")
    if channel not in CHANNELS:
        call.note(_stranger(channel, klass))
    refusal = _template(call, app, fields, klass)
    if refusal is not None:
        return refusal
    if (number(fields.one("time_to_live"), 0, 2**63) or 0) > klass.ttl_ms:
        call.note(f"time_to_live is above what a {klass.name} message may have; kept {klass.ttl_ms // _DAY_MS} day(s).")
    return klass


def exhausted(call: Call, app: App, klass: Klass) -> Refusal | None:
    """Whether the day's amount of the app is delivered already."""
    if klass.a_day is None:
        return None
    done = acked(call.world, app, klass)
    if done < klass.a_day:
        return None
    return Refusal(QUOTA, "day-quota", "", f"exceed quota, quota: {klass.a_day}, have acked: {done}")


def acked(world: World, app: App, klass: Klass, more: int = 0) -> int:
    """How many were delivered today, ``more`` of them just now."""
    earlier = (klass.a_day or 0) if app.used_up else 0
    return earlier + counted(world, f"acked {klass.name} {app.app_id}", more)


def over_limit(call: Call, app: App, klass: Klass, token: str) -> bool:
    """Whether this device has had its messages of the class today; the answer never tells. Counts."""
    if klass.per_device is None:
        return False
    if counted(call.world, f"{klass.name} {app.app_id} {token}") <= klass.per_device:
        return False
    most = klass.per_device
    call.note(f"A device takes {most} {klass.name} message{'s' * (most > 1)} of an app a day: it is dropped.")
    return True


def _stranger(channel: str, klass: Klass) -> str:
    if not channel:
        return "No extra.channel_id: the default class."
    if klass is PUBLIC:
        return "The sandbox does not know this channel, and takes it for a public one of your app."
    return "No channel of this app: the default class."


def _template(call: Call, app: App, fields: Fields, klass: Klass) -> Refusal | None:
    name, values = fields.extra_of("template_id"), fields.extra_of("template_param")
    if not name:
        return _without_template(call, app, klass)
    if name not in TEMPLATES:
        if call.world.app:
            call.note("The sandbox does not know this template, and takes it for one of your app.")
            return None
        return wrong("extra.template_id", "is no template of this app", CHANNEL)
    return doubtful(call, _values(values or "{}", TEMPLATES[name]))


def _without_template(call: Call, app: App, klass: Klass) -> Refusal | None:
    if klass is not PRIVATE:
        return None
    if not app.gone_over and call.now < TEMPLATES_NEEDED:
        call.note("A private message without extra.template_id: affected from 2027 on.")
        return None
    return doubtful(call, wrong("extra.template_id", "is missing, and a private message needs one", CHANNEL))


def _values(text: str, variables: tuple[str, ...]) -> Refusal | None:
    where = "extra.template_param"
    try:
        values: Any = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return wrong(where, "must be a JSON object", CHANNEL)
    if set(values) != set(variables) or len(values) > VARIABLES:
        return wrong(where, f"must have the template's variables: {', '.join(variables) or 'none'}", CHANNEL)
    for name, value in values.items():
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_VALUE:
            return wrong(f"{where}.{name}", f"must be a text of 1 to {LONGEST_VALUE} characters", CHANNEL)
        if any(unicodedata.category(letter) in ("So", "Cn") for letter in value):
            return wrong(f"{where}.{name}", "must not have emoji or other symbols", CHANNEL)
    return None
