"""The emulated phones with HarmonyOS 5: which tokens exist, whose they are, and what happens to a push to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pushctl.core.emulated import Handset, Scenario
from pushctl.vendors._huawei.emulator_scenarios import Book, by_token
from pushctl.vendors._huawei.emulator_tokens import make_token

ENVIRONMENT = "production"
BOOK = Book(Path(__file__).parent, "80300007/tokenFormatError")
_SIZE = 112


def token_of(scenario: str = "") -> str:
    """A token as HarmonyOS 5 gives them: 112 characters of plain base64, ``MAMz…``."""
    return make_token("MAMz", _SIZE, f"harmony {scenario}".strip(), url_safe=False)


def live() -> Handset:
    """The phone on which everything works."""
    return Handset(token_of(), ENVIRONMENT, "app", "the app on a phone with HarmonyOS 5")


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
    """The key of ``illegalTokens`` that a token comes under, "" for none.

    :param own: whether the caller sends for the project whose app the tokens are of.
    """
    if token not in directory():
        return "tokenFormatError"
    scenario = directory()[token]
    if scenario is not None and "reason" in scenario.act:
        return str(scenario.act["reason"])
    return "" if own else "noRight"
