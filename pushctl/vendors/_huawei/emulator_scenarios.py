"""Named situations of the emulated Push Kit: a vendor's ``scenarios.json``, and one for every code that it can answer.

Besides what :mod:`pushctl.core.scenes` knows, an ``act`` can say:

* ``answer``: a code for the whole request; ``reason``: what is wrong with the tokens (v3's keys of ``illegalTokens``);
* ``without``: rights that the app lacks;
* ``stage``: ``auth`` (the token endpoint), ``authenticated``, or ``checked`` (in place of the look at the tokens).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pushctl.core import scenes
from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors._huawei.emulator_answers import ALL_REFUSED, SOME_REFUSED, refused

if TYPE_CHECKING:
    from pathlib import Path

    from pushctl.core.catalogue import Entry
    from pushctl.core.emulated import Act, Scenario

Stage = Literal["auth", "authenticated", "checked"]

_NOT_ANSWERED = ("receipt/", "device/")
"""Codes of receipts and of devices: no interface answers with them."""


def book(folder: Path, one_refused: str) -> scenes.Book:
    """The scenarios of a vendor of this family, and its catalogue.

    :param folder: of the vendor; it holds ``scenarios.json`` and ``errors.json``.
    :param one_refused: the code that one refused token of a partial failure comes to.
    """
    catalogue = Catalogue(folder / "errors.json")

    def of_code(entry: Entry) -> Scenario | None:
        if entry.origin != "server" or entry.code.startswith(_NOT_ANSWERED):
            return None
        code, _, reason = entry.code.partition("/")
        if code in ("1101", "oauth"):
            return scenes.of_code(entry, {"answer": entry.code, "stage": "auth"})
        if code == ALL_REFUSED and reason:
            return scenes.of_code(entry, {"reason": reason})
        if code == SOME_REFUSED:
            made = scenes.of_code(entry, {"answer": SOME_REFUSED})
            one = catalogue.find(one_refused)
            return replace(made, expect=scenes.of_code(one, {}).expect) if one is not None else made
        in_place_of_tokens = entry.outcome == "accepted" or entry.category == "token"
        stage = "checked" if in_place_of_tokens else "authenticated"
        return scenes.of_code(entry, {"answer": entry.code, "stage": stage})

    return scenes.Book(folder / "scenarios.json", catalogue, of_code)


def forced(call: Call, stage: Stage) -> Act | None:
    """What the scenario of the run makes of the call at this stage; None where it lets it pass."""
    scenario = call.book.of(call.world)
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course, and where the
    vendor's own rules carry it out (``reason``, a partial failure)."""
    if not scenes.due(call.world, scenario):
        return None
    answer = scenario.act.get("answer")
    refusal = Refusal(answer or ALL_REFUSED, f"scenario {scenario.name}")
    if answer is None:
        return scenes.happening(scenario, refused(call, refusal).response)
    return None if answer in (SOME_REFUSED, "80000000") else refused(call, refusal)


def expired(call: Call, scenario: Scenario | None) -> Refusal | None:
    """The scenario ``auth-expired``: the first credential that it sees is too old, a fresh one is taken."""
    given = call.seen.header("authorization") or ""
    if scenario is None or not scenes.expires(call.world, scenario, given):
        return None
    return Refusal("80200005" if given.count(".") == 2 else "80200003", f"scenario {scenario.name}")


def lacks(call: Call, right: str, tokens: list[str], scenario_of: Callable[[str], Scenario | None]) -> bool:
    """Whether the scenario of the run, or that of one of the tokens, takes this right from the app.

    :param scenario_of: token to its scenario, or None.
    """
    found = (call.book.of(call.world), *(scenario_of(token) for token in tokens))
    return any(right in scenario.act.get("without", ()) for scenario in found if scenario is not None)
