"""The emulated Honor phones: which tokens exist, and what happens to a push to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pushctl.core.emulated import Handset, Scenario
from pushctl.vendors._huawei.emulator_tokens import make_token
from pushctl.vendors.honor.emulator_credentials import APP
from pushctl.vendors.honor.emulator_scenarios import by_token, every

ENVIRONMENT = "production"
_PREFIX, _SIZE = "BAEAAAAAB.j", 128
"""What the specimens have in common (two device logs, the test of an SDK)."""


def token_of(scenario: str = "") -> str:
    """The token of the phone that behaves as the scenario says; "" for the one on which everything works."""
    return make_token(_PREFIX, _SIZE, f"honor {scenario}".strip(), url_safe=True)


def live() -> Handset:
    """The phone on which everything works."""
    return Handset(token_of(), ENVIRONMENT, "app", "the app on a phone with MagicOS")


def of_scenario(scenario: Scenario) -> Handset:
    """The phone that behaves as the scenario says."""
    return Handset(token_of(scenario.name), ENVIRONMENT, "app", scenario.about, scenario.name)


@cache
def directory() -> Mapping[str, Scenario | None]:
    """Every token that exists: token to its scenario, None for the live one."""
    return {token_of(): None, **{token_of(each.name): each for each in every().values() if by_token(each)}}


def scenario_of(token: str) -> Scenario | None:
    """The scenario that a token stands for."""
    return directory().get(token)


def reason_of(token: str, app: str) -> str:
    """What is wrong with a token: ``dead``, ``bad`` (one that was never given out, or to another app), or ""."""
    if token not in directory() or app != APP:
        return "bad"
    scenario = directory()[token]
    return str(scenario.act.get("reason", "")) if scenario is not None else ""
