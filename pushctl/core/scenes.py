"""Named situations of an emulated service: the parts that every vendor's emulator shares.

A scenario's ``act`` says what is forced. Every emulator understands ``wire``, ``html`` (with ``status``), ``delay_s``,
``times`` (only so often in a run) and ``stage`` (when); what it answers in its own words is the vendor's to perform.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated import Act, Scenario, World
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry

_FORCED = ("answer", "reason", "wire", "goaway", "html", "delay_s", "expire")


def read(path: Path) -> dict[str, Scenario]:
    """The scenarios of a vendor's ``scenarios.json``, by name."""
    rows = json.loads(path.read_text("utf-8"))["scenarios"]
    return {row["name"]: Scenario(**row) for row in rows}


def of_code(entry: Entry, act: Mapping[str, Any], *, certain: bool = True) -> Scenario:
    """A scenario that brings about a code of the catalogue.

    :param certain: whether the client must come to this code and its exit code.
    """
    says = Judgement(entry.outcome, entry.code, entry.category, token_dead=entry.token_dead)
    expect = {"outcome": entry.outcome, "code": entry.code, "exit_code": int(says.exit_code)} if certain else {}
    return Scenario(entry.code, entry.summary, act, expect=expect)


def by_token(scenario: Scenario) -> bool:
    """Whether a device token can bring the scenario about."""
    return not scenario.act.keys().isdisjoint(_FORCED)


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
