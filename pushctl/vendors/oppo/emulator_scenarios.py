"""Named situations of the emulated OPPO Push: ``scenarios.json``, and one for every code that it can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole request, ``msg``: its text where that is not the usual one;
* ``reason``: what is wrong with a target, ``dead``; ``only``: ``last``, where that is so of the last target of a
  request only;
* ``without``: rights that the app lacks: ``free-text`` (its categories need a template), ``strong-reminder``;
* ``stage``: ``auth`` (the token interface), ``authenticated``, or ``checked`` (in place of the look at the targets).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors.oppo.emulator_answers import (
    ACCEPTED,
    BAD_SIGN,
    BAD_TARGET,
    BAD_TIMESTAMP,
    BAD_TOKEN,
    INVALID,
    NO_KEY,
    NO_SIGN,
    NO_TIMESTAMP,
    UNKNOWN_KEY,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pushctl.core.catalogue import Entry
    from pushctl.core.emulated import Act, Scenario

Stage = Literal["auth", "authenticated", "checked"]

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
_ANSWERED = re.compile(r"-?\d+|http/\d{3}")
_OF_AUTH = (UNKNOWN_KEY, NO_KEY, BAD_SIGN, NO_SIGN, NO_TIMESTAMP, BAD_TIMESTAMP)


def _of_code(entry: Entry) -> Scenario | None:
    if entry.origin != "server" or not _ANSWERED.fullmatch(entry.code):
        return None
    if entry.code == BAD_TARGET:
        return scenes.of_code(entry, {"reason": "dead"})
    if entry.code in _OF_AUTH:
        return scenes.of_code(entry, {"answer": entry.code, "stage": "auth"})
    in_place_of_targets = entry.outcome == "accepted" or entry.category in ("token", "server")
    stage = "checked" if in_place_of_targets else "authenticated"
    return scenes.of_code(entry, {"answer": entry.code, "stage": stage})


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = BOOK.of(call.world)
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course, or where the
    ordinary rules carry it out (``reason``, ``without``, an acceptance)."""
    if not scenes.due(call.world, scenario):
        return None
    answer, rule = scenario.act.get("answer"), f"scenario {scenario.name}"
    if answer is None:
        return scenes.happening(scenario, refused(call, Refusal(INVALID, rule)).response)
    return None if answer == ACCEPTED else refused(call, Refusal(answer, rule, msg=scenario.act.get("msg", "")))


def expired(call: Call, scenario: Scenario | None, token: str) -> Refusal | None:
    """The scenario ``auth-expired``: the first token that it sees is too old, a fresh one is taken."""
    if scenario is None or not scenes.expires(call.world, scenario, token):
        return None
    return Refusal(BAD_TOKEN, f"scenario {scenario.name}")


def lacks(call: Call, right: str, concerned: Iterable[Scenario | None] = ()) -> bool:
    """Whether the scenario of the run, or that of one of the phones, takes this right from the app."""
    found = (BOOK.of(call.world), *concerned)
    return any(right in scenario.act.get("without", ()) for scenario in found if scenario is not None)
