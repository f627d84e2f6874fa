"""What becomes of each target of a push: the codes that stand in ``value``.

Sources: MEIZUPUSH/PushAPI:README.md (the codes; more than five messages of an app to a phone within a minute are
folded; a pushId that is not registered counts as illegal). The number of public messages a day is the one that
cloud.tencent.com/document/product/269/130977 has: 5 for news apps, 3 for all others, as the sandbox's is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import counted, today
from pushctl.vendors.meizu.emulator_answers import (
    FOLDED,
    INVALID,
    NO_ALIAS,
    PUBLIC_LIMIT,
    SWITCHED_OFF,
    UNSUBSCRIBED,
)
from pushctl.vendors.meizu.emulator_credentials import APP
from pushctl.vendors.meizu.emulator_handsets import Phone, phones, with_alias
from pushctl.vendors.meizu.emulator_message import is_public
from pushctl.vendors.meizu.emulator_scenarios import reason_for

if TYPE_CHECKING:
    from pushctl.core.emulated import World
    from pushctl.core.emulated_calls import Call

FOLD_S, FOLD_AFTER = 60.0, 5
PUBLIC_A_DAY = 3
_OF_PHONES = (UNSUBSCRIBED, INVALID, SWITCHED_OFF)
"""Told of an alias as 110005: it says both that nobody carries it and that the switch is off."""


@dataclass(slots=True)
class Tally:
    """How many targets there were, and how many of them were good."""

    target: int = 0
    valid: int = 0

    def add(self, target: int, valid: int) -> None:
        """Count some more."""
        self.target += target
        self.valid += valid


def fates(call: Call, app: str, targets: list[str], message: Mapping[str, Any], *, alias: bool) -> dict[str, str]:
    """The refused targets and their codes; the others are delivered, and counted."""
    public, found = is_public(message), {}
    for place, target in enumerate(targets):
        always = reason_for(call, place, len(targets))
        if alias:
            code = always or _of_alias(call, app, target, public=public)
            code = NO_ALIAS if code in _OF_PHONES else code
        else:
            phone = phones(call.world, app).get(target)
            code = always or (INVALID if phone is None else _of_phone(call, app, phone, public=public))
        if code:
            found[target] = code
    days(call.world, app).setdefault(today(call.world), Tally()).add(len(targets), len(targets) - len(found))
    return found


def before() -> Tally:
    """What the sandbox's own app pushed on the day before the sandbox began: there is always something to ask about."""
    return Tally(12, 10)


def days(world: World, app: str) -> dict[str, Tally]:
    """What the app has pushed on each day of China's calendar."""
    kept: dict[str, dict[str, Tally]] = world.state.setdefault("days", {})
    if app not in kept:
        yesterday = date.fromisoformat(today(world)) - timedelta(days=1)
        kept[app] = {yesterday.isoformat(): before()} if app == APP else {}
    return kept[app]


def _of_alias(call: Call, app: str, alias: str, *, public: bool) -> str:
    """The code of an alias: that of its first phone, if none of them gets the message."""
    codes = [_of_phone(call, app, phone, public=public) for phone in with_alias(call.world, app, alias)]
    return (NO_ALIAS if not codes else codes[0]) if all(codes) else ""


def _of_phone(call: Call, app: str, phone: Phone, *, public: bool) -> str:
    """The code of a phone, "" for a message that it gets. The order of the checks is unproved."""
    if phone.reason:
        return phone.reason
    if not phone.bar:
        return SWITCHED_OFF
    kept: dict[str, list[float]] = call.world.state.setdefault("minute", {})
    recent = [moment for moment in kept.get(f"{app} {phone.token}", ()) if call.now - moment < FOLD_S]
    if len(recent) >= FOLD_AFTER:
        return FOLDED
    what = f"public {app} {phone.token}"
    if public and counted(call.world, what, 0) >= PUBLIC_A_DAY:
        call.note(f"Over {PUBLIC_A_DAY} public messages today.")
        return PUBLIC_LIMIT
    kept[f"{app} {phone.token}"] = [*recent, call.now]
    if public:
        counted(call.world, what)
    return ""
