"""The emulated Xiaomi phones: which regids, aliases and accounts exist, and what happens to a push to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.core.emulated_phones import Phones, make_token
from pushctl.vendors.mi.emulator_ids import BAR_CLOSED, OFFLINE, UNMATCHED
from pushctl.vendors.mi.emulator_scenarios import BOOK

if TYPE_CHECKING:
    from pushctl.vendors.mi.emulator_credentials import App

_SIZE = 64
"""A regid is standard base64 of a multiple of 16 bytes: 48 of them here, so there is no padding."""
NOBODY = "nobody"
"""What an alias or account begins with that no phone has."""
FATES = {"bar-closed": BAR_CLOSED, "offline": OFFLINE, "unmatched": UNMATCHED}
"""What a reason comes to that no answer tells."""


def token_of(scenario: str = "") -> str:
    """The regid of the phone that behaves as the scenario says; "" for the one on which everything works."""
    return make_token("", _SIZE, f"mi {scenario}".strip(), url_safe=False)


PHONES = Phones(BOOK, token_of, "the app on a phone with HyperOS")


def regid_of(name: str) -> str | None:
    """The phone that has this alias or account: each phone that of its scenario's name, the live one every other."""
    if name.casefold().startswith(NOBODY):
        return None
    scenario = BOOK.all.get(name)
    return PHONES.chosen(scenario.name).token if scenario is not None else token_of()


def alias_of(token: str) -> str:
    """The alias and account of a phone."""
    scenario = PHONES.scenario_of(token)
    return scenario.name if scenario is not None else "live"


def reason_of(token: str, app: App) -> str:
    """What is wrong with a regid: ``dead`` (never given out and another app's as well: no answer tells them apart),
    one of :data:`FATES`, or ""."""
    reason = PHONES.reason_of(token)
    return "dead" if reason is None or not app.phones else reason
