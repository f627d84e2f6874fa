"""Named situations of the emulated Honor Push: ``scenarios.json``, and one for every code that a server can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole request; ``reason``: what is wrong with the token, ``dead`` or ``bad``;
* ``expire``: ``first-grant``: the first access token that it sees has expired, the next one is good;
* ``clock_ahead_s``: how far the service's clock is ahead of the client's;
* ``stage``: ``auth`` (the token endpoint), ``authenticated``, or ``checked`` (in place of the look at the tokens).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.vendors._huawei.emulator_answers import Refusal
from pushctl.vendors.honor.emulator_answers import (
    CATALOGUE,
    EXPIRED,
    FAILED,
    SOME_REFUSED,
    STRUCTURE,
    Call,
    delivered,
    refused,
)

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.emulated import Act, Scenario, World

Stage = Literal["auth", "authenticated", "checked"]

_RECEIPT = "receipt/"
_REASONS = {EXPIRED: "dead", FAILED: "bad"}


@cache
def named() -> Mapping[str, Scenario]:
    """Those of the file: situations that have a name of their own."""
    return scenes.read(Path(__file__).parent / "scenarios.json")


@cache
def every() -> Mapping[str, Scenario]:
    """The named ones, then one for every code of the catalogue that a request can be answered with."""
    answered = (
        entry for entry in CATALOGUE.entries if entry.origin == "server" and not entry.code.startswith(_RECEIPT)
    )
    return {**named(), **{entry.code: _of_code(entry) for entry in answered}}


def _of_code(entry: Entry) -> Scenario:
    if entry.code.startswith("oauth/"):
        return scenes.of_code(entry, {"answer": entry.code, "stage": "auth"})
    if entry.code in _REASONS:
        return scenes.of_code(entry, {"reason": _REASONS[entry.code]})
    if entry.code == SOME_REFUSED:  # what a client makes of it is the fate of the token that is listed
        one = CATALOGUE.find(FAILED)
        expect = scenes.of_code(one, {}).expect if one is not None else {}
        return replace(scenes.of_code(entry, {"answer": SOME_REFUSED}), expect=expect)
    in_place_of_tokens = entry.outcome == "accepted" or entry.category in ("token", "server")
    return scenes.of_code(entry, {"answer": entry.code, "stage": "checked" if in_place_of_tokens else "authenticated"})


def of(world: World) -> Scenario | None:
    """The scenario of the whole run."""
    return every().get(world.scenario or "")


def by_token(scenario: Scenario) -> bool:
    """Whether a device token can bring the scenario about; the token endpoint sees none."""
    return scenes.by_token(scenario) and scenario.act.get("stage") != "auth"


def prepare(world: World) -> None:
    """Set what a scenario changes about the service as such: its clock."""
    scenario = of(world)
    if scenario is not None and "clock_ahead_s" in scenario.act:
        world.state["clock ahead"] = scenario.act["clock_ahead_s"]


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = of(call.world)
    if scenario is None or not scenario.act or scenario.act.get("stage", "checked") != stage:
        return None
    return enact(call, scenario)


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course, and where the
    ordinary rules carry it out (``reason``, a partial failure)."""
    if not scenes.due(call.world, scenario):
        return None
    answer, rule = scenario.act.get("answer"), f"scenario {scenario.name}"
    if answer is None:
        return scenes.happening(scenario, refused(call, Refusal(STRUCTURE, rule)).response)
    entry = CATALOGUE.find(answer)
    if entry is not None and entry.outcome == "accepted":
        return delivered(call, answer, rule)
    return None if answer == SOME_REFUSED else refused(call, Refusal(answer, rule))


def expired(call: Call, scenario: Scenario | None) -> Refusal | None:
    """The scenario ``auth-expired``: the first access token that it sees is too old, a fresh one is taken."""
    if scenario is None or scenario.act.get("expire") != "first-grant":
        return None
    given = call.seen.header("authorization") or ""
    if call.world.state.setdefault("first access token", given) != given:
        return None
    return Refusal("80200003", f"scenario {scenario.name}")
