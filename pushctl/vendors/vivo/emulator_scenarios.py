"""Named situations of the emulated vivo Push: ``scenarios.json``, and one for every code that a server can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole request; ``stage``: ``auth`` (``/message/auth``), ``authenticated``, or ``checked``
  (in place of the look at the targets);
* ``reason``: the ``invalidUser.status`` of every target; with ``last`` that of the last one only, with ``test_only``
  that of a phone which test messages alone do not reach;
* ``china_hour``: the hour of the day in China, for the hours of operational messages only;
* ``without``: ``formal`` (the app is under review) or ``system`` (system messages are not enabled for it).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.vivo.emulator_answers import ACCEPTED, CATALOGUE, STATUS, envelope, refused

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.emulated import Act, Scenario
    from pushctl.core.emulated_calls import Call

Stage = Literal["auth", "authenticated", "checked"]

_OF_AUTH = ("10093", *(str(code) for code in range(10200, 10208)))
_OF_LISTS = tuple(str(code) for code in range(10150, 10156))
"""What only ``pushToList`` says: the body before it is saved as usual."""
_OF_NOBODY = "108"
"""How codes begin that are of an interface whose path was not seen."""
SAVE = "/message/saveListPayload"


def _of_code(entry: Entry) -> Scenario | None:
    if entry.origin != "server" or entry.code.startswith("receipt/") or entry.code.startswith(_OF_NOBODY):
        return None
    if entry.code.startswith(STATUS):
        return scenes.of_code(entry, {"reason": entry.code.removeprefix(STATUS)})
    if entry.code in _OF_AUTH:
        return scenes.of_code(entry, {"answer": entry.code, "stage": "auth"})
    in_place_of_targets = entry.outcome == "accepted" or entry.category in ("token", "server")
    return scenes.of_code(entry, {"answer": entry.code, "stage": "checked" if in_place_of_targets else "authenticated"})


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = BOOK.of(call.world)
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course, and where the
    ordinary rules carry it out (``reason``, ``without``, ``china_hour``)."""
    answer, rule = scenario.act.get("answer"), f"scenario {scenario.name}"
    if answer in _OF_LISTS and call.seen.path.partition("?")[0] == SAVE:
        return None
    if not scenes.due(call.world, scenario):
        return None
    if answer is None:
        return scenes.happening(scenario, envelope(call, ACCEPTED, taskId="0"))
    return None if answer == ACCEPTED else refused(call, Refusal(answer, rule))


def expired(call: Call, scenario: Scenario | None) -> Refusal | None:
    """The scenario ``auth-expired``: the first authToken that it sees is too old, a fresh one is taken."""
    if scenario is None or not scenes.expires(call.world, scenario, call.seen.header("authtoken")):
        return None
    return Refusal("10000", f"scenario {scenario.name}")


def lacks(call: Call, right: str, *acting: Scenario | None) -> bool:
    """Whether the scenario of the run, or one of those that a target stands for, takes this right from the app."""
    found = (BOOK.of(call.world), *acting)
    return any(each is not None and right in each.act.get("without", ()) for each in found)
