"""The emulated phones with OPPO Push: which registration ids exist, in which region, and what happens to them.

A registration id is a region, an underscore and 32 hexadecimal digits; ids of China can have a brand before the region
(``OPPO_CN_…``) or be bare (document 11235). What stands for a region outside China is known by nothing but "another".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal

from pushctl.core.emulated import Handset
from pushctl.core.emulated_phones import ENVIRONMENT, Phones
from pushctl.vendors.oppo.emulator_credentials import APP
from pushctl.vendors.oppo.emulator_scenarios import BOOK

if TYPE_CHECKING:
    from pushctl.core.emulated import Scenario

Region = Literal["china", "abroad"]

_SHAPE = re.compile(r"((([0-9A-Za-z]{2,10})_)?(.*)_)?[0-9a-fA-F]{32}|[0-9a-fA-F]{24}")
"""The official Java SDK's check (class Validate of 1.1.0); 24 digits are ids of old."""
_LONGEST = 256
_ALIAS = "pushctl"
REASONS: Mapping[str, str] = {
    "dead": "the app was removed from the phone, or got another id",
    "shape": "it does not look like a registration id",
    "region": "it is of the other region; which code a mix-up comes to is unproved",
    "other-app": "it is another app's",
    "unknown": "no phone has it",
}
"""What code 10000 can be about."""


def token_of(scenario: str = "", region: Region = "china") -> str:
    """The registration id of the phone that behaves as the scenario says; "" for the one on which everything works."""
    prefix = "CN" if region == "china" else "IN"
    digits = hashlib.shake_256(f"pushctl sandbox oppo {region} {scenario}".encode()).hexdigest(16)
    return f"{prefix}_{digits}"


PHONES = Phones(BOOK, token_of, "the app on a phone with ColorOS in China")
ABROAD = Phones(BOOK, lambda scenario: token_of(scenario, "abroad"), "the app on a phone with ColorOS outside China")


def handsets() -> tuple[Handset, ...]:
    """The phones of China, then the live one outside of it."""
    abroad = Handset(token_of("", "abroad"), ENVIRONMENT, "app outside China", "the app on a phone of the other region")
    return (*PHONES.listed(), abroad)


def region_of(token: str) -> Region:
    """Where an id belongs (document 11235): bare ones, and those with CN before the digits, are China's."""
    parts = token.split("_")
    return "china" if len(parts) == 1 or parts[-2] == "CN" else "abroad"


@cache
def aliases() -> Mapping[str, str]:
    """Every alias of a phone in China: ``pushctl`` is the live one's, the name of each scenario its phone's."""
    return {_ALIAS: token_of(), **{name: token_of(name) for name in BOOK.named}}


def scenario_of(token: str) -> Scenario | None:
    """The scenario that an id, or an alias of its phone, stands for."""
    bound = aliases().get(token, token)
    return PHONES.scenario_of(bound) or ABROAD.scenario_of(bound)


def reason_of(token: str, app: str, region: Region) -> str:
    """What is wrong with an id that this app sends to at a host of this region: a key of :data:`REASONS`, or ""."""
    if len(token) > _LONGEST or not _SHAPE.fullmatch(token):
        return "shape"
    if region_of(token) != region:
        return "region"
    reason = (PHONES if region == "china" else ABROAD).reason_of(token)
    if reason is None:
        return "unknown"
    return reason if app == APP else "other-app"


def dead() -> list[str]:
    """The ids of China that have died: what the feedback interface lists."""
    return [
        token
        for token, scenario in PHONES.scenarios.items()
        if scenario is not None and scenario.act.get("reason") == "dead" and "only" not in scenario.act
    ]
