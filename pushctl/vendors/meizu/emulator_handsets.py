"""The emulated Flyme phones: which pushIds exist, and what alias, tags and switches each has."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import shake_256
from typing import TYPE_CHECKING

from pushctl.core.emulated_phones import Phones
from pushctl.vendors.meizu.emulator_answers import SWITCHED_OFF
from pushctl.vendors.meizu.emulator_credentials import APP, OVERSEAS_APP
from pushctl.vendors.meizu.emulator_scenarios import BOOK

if TYPE_CHECKING:
    from pushctl.core.emulated import Scenario, World

_PREFIX = "TST"
"""Genuine pushIds begin with three capitals or digits (RA5, J04, BNA, G3G), 42 hexadecimal digits follow."""
ALIAS, TAGS = "sandbox", ("news", "sport")
"""Of the phone on which everything works; the alias of another one is the name of its scenario."""


def token_of(scenario: str = "", app: str = APP) -> str:
    """The pushId of the phone that behaves as the scenario says; "" for the one on which everything works."""
    readable = f"pushctl sandbox meizu {scenario}" if app == APP else f"pushctl sandbox meizu {app} {scenario}"
    return _PREFIX + shake_256(readable.encode()).hexdigest(21)


PHONES = Phones(BOOK, token_of, f"the app on a Flyme phone; alias {ALIAS}, tags {' and '.join(TAGS)}")


@dataclass(slots=True)
class Phone:
    """An app on a phone, as the subscription service knows it.

    :ivar bar: whether notifications are switched on. :ivar direct: whether pass-through messages are.
    """

    token: str
    scenario: Scenario | None = None
    bar: bool = True
    direct: bool = True
    alias: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """The code that the phone's scenario gives it, "" for none. A switch is no reason: it can be turned."""
        found = str(self.scenario.act.get("reason", "")) if self.scenario is not None else ""
        return "" if found == SWITCHED_OFF else found


def phones(world: World, app: str) -> dict[str, Phone]:
    """Every phone that has the app, by its pushId."""
    kept: dict[str, dict[str, Phone]] = world.state.setdefault("phones", {})
    if app not in kept:
        kept[app] = _made(app)
    return kept[app]


def with_alias(world: World, app: str, alias: str) -> list[Phone]:
    """The phones that carry this alias."""
    return [phone for phone in phones(world, app).values() if alias and phone.alias == alias]


def scenario_of(world: World, app: str, target: str, *, alias: bool) -> Scenario | None:
    """The scenario that a target stands for."""
    found = with_alias(world, app, target) if alias else [phones(world, app).get(target)]
    return next((phone.scenario for phone in found if phone is not None and phone.scenario is not None), None)


def _made(app: str) -> dict[str, Phone]:
    if app == OVERSEAS_APP:
        token = token_of("", OVERSEAS_APP)
        return {token: Phone(token, alias=ALIAS, tags=list(TAGS))}
    if app != APP:
        return {}
    made = {}
    for token, scenario in PHONES.scenarios.items():
        off = scenario is not None and scenario.act.get("reason") == SWITCHED_OFF
        alias, tags = (scenario.name, []) if scenario is not None else (ALIAS, list(TAGS))
        made[token] = Phone(token, scenario, not off, alias=alias, tags=tags)
    return made
