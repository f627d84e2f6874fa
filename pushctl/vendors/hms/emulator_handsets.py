"""The emulated Huawei phones with HMS Core: which tokens exist, whose they are, and what happens to a push to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pushctl.core.emulated import Handset, Scenario
from pushctl.vendors._huawei.emulator_scenarios import Book, by_token
from pushctl.vendors._huawei.emulator_tokens import make_token

ENVIRONMENT = "production"
BOOK = Book(Path(__file__).parent, "80100000/illegal_tokens")
_SIZE = 130


def token_of(scenario: str = "") -> str:
    """A token of format 2.0: about 130 characters, url-safe, ``IQAAAA…``."""
    return make_token("IQAAAACy0", _SIZE, f"hms {scenario}".strip(), url_safe=True)


def live() -> Handset:
    """The phone on which everything works."""
    return Handset(token_of(), ENVIRONMENT, "app", "the app on a phone with HMS Core")


def of_scenario(scenario: Scenario) -> Handset:
    """The phone that behaves as the scenario says."""
    return Handset(token_of(scenario.name), ENVIRONMENT, "app", scenario.about, scenario.name)


@cache
def directory() -> Mapping[str, Scenario | None]:
    """Every token that exists: token to its scenario, None for the live one."""
    acting = {token_of(each.name): each for each in BOOK.all.values() if by_token(each)}
    return {token_of(): None, **acting}


def scenario_of(token: str) -> Scenario | None:
    """The scenario that a token stands for."""
    return directory().get(token)


def reason_of(token: str, own: bool) -> str:
    """What is wrong with a token, "" for nothing. ``own``: the caller sends for the app that the tokens are of."""
    if token not in directory():
        return "unknown"
    scenario = directory()[token]
    if scenario is not None and "reason" in scenario.act:
        return str(scenario.act["reason"])
    return "" if own else "other-app"
