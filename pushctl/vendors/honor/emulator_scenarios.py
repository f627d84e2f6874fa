"""Named situations of the emulated Honor Push: ``scenarios.json``, and one for every code that a server can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole request; ``reason``: what is wrong with the token, ``dead`` or ``bad``;
* ``stage``: ``auth`` (the token endpoint), ``authenticated``, or ``checked`` (in place of the look at the tokens).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
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
    from pushctl.core.emulated import Act, Scenario

Stage = Literal["auth", "authenticated", "checked"]

_RECEIPT = "receipt/"
_REASONS = {EXPIRED: "dead", FAILED: "bad"}


def _of_code(entry: Entry) -> Scenario | None:
    if entry.origin != "server" or entry.code.startswith(_RECEIPT):
        return None
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


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = BOOK.of(call.world)
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


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
    if scenario is None or not scenes.expires(call.world, scenario, call.seen.header("authorization")):
        return None
    return Refusal("80200003", f"scenario {scenario.name}")
