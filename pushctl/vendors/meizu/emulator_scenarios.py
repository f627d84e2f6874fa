"""Named situations of the emulated Flyme Push: ``scenarios.json``, and one for every code that it can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole call; ``plain``: an acceptance in the older form;
* ``reason``: the code that stands in ``value`` for the target; ``of``: ``last`` for the last target only;
* ``stage``: ``signed`` (right after the signature), or ``checked`` (after the parameters, in place of the targets).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.meizu.emulator_answers import ACCEPTED, CATALOGUE, TARGET, envelope, refused

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.emulated import Act, Scenario
    from pushctl.core.emulated_calls import Call

Stage = Literal["signed", "checked"]

_RECEIPT = "receipt/"
_OF_TARGETS = ("token", "target", "server")


def _of_code(entry: Entry) -> Scenario | None:
    if entry.origin != "server" or entry.code.startswith(_RECEIPT):
        return None
    if entry.code.startswith(TARGET):
        return scenes.of_code(entry, {"reason": entry.code.removeprefix(TARGET)})
    late = entry.outcome == "accepted" or entry.category in _OF_TARGETS
    return scenes.of_code(entry, {"answer": entry.code, "stage": "checked" if late else "signed"})


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = BOOK.of(call.world)
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course, and where the
    ordinary rules carry it out (``reason``, an acceptance)."""
    if not scenes.due(call.world, scenario):
        return None
    answer = scenario.act.get("answer")
    if answer is None:
        return scenes.happening(scenario, envelope(call, ACCEPTED, {}))
    entry = CATALOGUE.find(answer)
    if entry is not None and entry.outcome == "accepted":
        return None
    return refused(call, Refusal(answer, f"scenario {scenario.name}"))


def reason_for(call: Call, place: int, targets: int) -> str:
    """The code that the scenario of the run gives the target at this place, from 0; "" for none."""
    scenario = BOOK.of(call.world)
    if scenario is None or (scenario.act.get("of") == "last" and place != targets - 1):
        return ""
    return str(scenario.act.get("reason", ""))
