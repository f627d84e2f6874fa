"""Named situations of an emulated service: the parts that every vendor's emulator shares.

A scenario's ``act`` says what is forced. Every emulator understands ``wire``, ``html`` (with ``status``), ``delay_s``,
``times`` (only so often in a run), ``stage`` (when), ``expire`` (the first credential that it sees has expired),
``without`` (rights that the app lacks) and ``clock_ahead_s`` (how far its clock is ahead of the client's); what it
answers in its own words is the vendor's to perform.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeGuard

from pushctl.core.emulated import Act, Scenario, World
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pathlib import Path

    from pushctl.core.catalogue import Catalogue, Entry

_FORCED = ("answer", "reason", "wire", "goaway", "html", "delay_s", "expire", "without")


class Book:
    """A vendor's scenarios: those of its file, then one for every code that its server can answer with. Both are made
    on first use.

    :param path: ``scenarios.json``.
    :param of_code: the scenario that brings a code about; None for a code that no request is answered with.
    """

    def __init__(self, path: Path, catalogue: Catalogue, of_code: Callable[[Entry], Scenario | None]) -> None:
        self.catalogue = catalogue
        self._path = path
        self._of_code = of_code

    @cached_property
    def named(self) -> Mapping[str, Scenario]:
        """Those of the file, by name: situations that have a name of their own."""
        rows = json.loads(self._path.read_text("utf-8"))["scenarios"]
        return {row["name"]: Scenario(**row) for row in rows}

    @cached_property
    def all(self) -> Mapping[str, Scenario]:
        """The named ones, then those of the codes, by code."""
        made = ((entry.code, self._of_code(entry)) for entry in self.catalogue.entries)
        return {**self.named, **{code: scenario for code, scenario in made if scenario is not None}}

    def of(self, world: World) -> Scenario | None:
        """The scenario of the whole run."""
        return self.all.get(world.scenario or "")


def of_code(entry: Entry, act: Mapping[str, Any], *, certain: bool = True) -> Scenario:
    """A scenario that brings about a code of the catalogue.

    :param certain: whether the client must come to this code and its exit code.
    """
    says = Judgement(entry.outcome, entry.code, entry.category, token_dead=entry.token_dead)
    expect = {"outcome": entry.outcome, "code": entry.code, "exit_code": int(says.exit_code)} if certain else {}
    return Scenario(entry.code, entry.summary, act, expect=expect)


def by_token(scenario: Scenario) -> bool:
    """Whether a device token can bring the scenario about; the token endpoint (stage ``auth``) sees none."""
    return not scenario.act.keys().isdisjoint(_FORCED) and scenario.act.get("stage") != "auth"


def comes_at(scenario: Scenario | None, stage: str) -> TypeGuard[Scenario]:
    """Whether there is a scenario that forces something, and at this stage; without one said it is ``checked``."""
    return scenario is not None and bool(scenario.act) and scenario.act.get("stage", "checked") == stage


def expires(world: World, scenario: Scenario | None, credential: str | None) -> bool:
    """Whether the scenario makes this credential too old: the first that the world sees is, a fresh one is taken."""
    if scenario is None or "expire" not in scenario.act:
        return False
    return bool(world.state.setdefault("first credential", credential) == credential)


def set_clock(world: World, scenario: Scenario | None) -> None:
    """What the scenario changes about the service as such: its clock."""
    if scenario is not None and "clock_ahead_s" in scenario.act:
        world.state["clock ahead"] = scenario.act["clock_ahead_s"]


def due(world: World, scenario: Scenario) -> bool:
    """Some scenarios happen a few times only, counted over the whole run. Counts."""
    times = scenario.act.get("times")
    if times is None:
        return True
    counts: dict[str, int] = world.state.setdefault("scenario counts", {})
    counts[scenario.name] = counts.get(scenario.name, 0) + 1
    return bool(counts[scenario.name] <= times)


def happening(scenario: Scenario, half: Response | None = None) -> Act | None:
    """What happens on the wire in place of the vendor's answer; None where the scenario leaves that to the vendor.

    :param half: the answer that ``half-frame`` cuts in two.
    """
    act, rule = scenario.act, f"scenario {scenario.name}"
    if "html" in act:
        headers = (("content-type", "text/html"),)
        return Act(Response(act["status"], headers, act["html"].encode()), rule=rule, note="no code of the vendor")
    wire = act.get("wire", "")
    if wire == "half-frame":
        return Act(half or Response(200, (), b'{"message":"cut"}'), wire="half-frame", rule=rule)
    if wire == "refuse-stream":
        return Act(wire="refuse-stream", rule=rule, code="REFUSED_STREAM")
    if wire and wire != "reset-after-answer":
        return Act(wire=wire, rule=rule)
    return None


def flavoured(act: Act, scenario: Scenario | None) -> Act:
    """An answer as late as the scenario wants it, and with what the scenario does to the stream afterwards."""
    if scenario is None:
        return act
    wire = "reset-after-answer" if scenario.act.get("wire") == "reset-after-answer" else act.wire
    return replace(act, delay_s=scenario.act.get("delay_s", act.delay_s), wire=wire)
