"""Named situations of the emulated Mi Push: ``scenarios.json``, and one for every code that the server can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole request; ``data.bad_regids`` lists the last token and takes the others;
* ``reason``: what is about the phone: ``dead`` (its regid is unusable), ``bar-closed``, ``offline``, ``unmatched``
  (the push is taken, and the message's status tells that nothing came of it);
* ``stage``: ``authenticated``, or ``checked`` (in place of the look at the targets).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi.emulator_answers import ACCEPTED, BAD_REGIDS, CATALOGUE, refused

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.emulated import Act, Scenario
    from pushctl.core.emulated_calls import Call

Stage = Literal["authenticated", "checked"]

_NOT_ANSWERED = ("receipt/", "device/")
_EARLY = ("credential", "permission", "config")


def _of_code(entry: Entry) -> Scenario | None:
    """A second meaning of a code has no scenario of its own: which one it is, the reason tells."""
    if entry.origin != "server" or entry.code.startswith(_NOT_ANSWERED) or CATALOGUE.find(entry.code) is not entry:
        return None
    stage = "authenticated" if entry.category in _EARLY or entry.code.startswith("http/") else "checked"
    return scenes.of_code(entry, {"answer": entry.code, "stage": stage})


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = BOOK.of(call.world)
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def forced_ask(call: Call) -> Act | None:
    """What it makes of a call that sends nothing: a named situation is about pushes, as far as it answers with a code;
    a scenario that is called by its code is about everything."""
    scenario = BOOK.of(call.world)
    if scenario is None or scenario.act.get("answer", scenario.name) != scenario.name:
        return None
    return forced(call, "checked")


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where the ordinary rules carry it out."""
    if not scenes.due(call.world, scenario):
        return None
    answer, rule = scenario.act.get("answer"), f"scenario {scenario.name}"
    if answer is None:
        return scenes.happening(scenario, refused(call, Refusal("10001", rule)).response)
    return None if answer in (ACCEPTED, BAD_REGIDS) else refused(call, Refusal(answer, rule))


def is_partial(*scenarios: Scenario | None) -> bool:
    """Whether one of the scenarios lists the last token as unusable."""
    return any(each is not None and each.act.get("answer") == BAD_REGIDS for each in scenarios)
