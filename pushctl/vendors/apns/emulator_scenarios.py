"""Named situations: read from ``scenarios.json``, and one for every code of the catalogue that a server sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pushctl.core.emulated import Act, Scenario
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Response
from pushctl.vendors.apns.emulator_answers import CATALOGUE, Call, Refusal, refused

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry

Stage = Literal["arrival", "authenticated", "checked"]
"""When a forced act comes: before anything is looked at, once the caller is known, or in place of the look at the
device token."""


@cache
def load() -> Mapping[str, Scenario]:
    """Every scenario by name: those of the file first, then one for every code of the catalogue."""
    coded = {entry.code: _of_code(entry) for entry in CATALOGUE.entries if entry.origin == "server"}
    return {**named(), **coded}


@cache
def named() -> Mapping[str, Scenario]:
    """Those of the file only: situations that have a name of their own."""
    rows = json.loads((Path(__file__).parent / "scenarios.json").read_text("utf-8"))["scenarios"]
    return {row["name"]: Scenario(**row) for row in rows}


def _of_code(entry: Entry) -> Scenario:
    if entry.code == "GOAWAY":
        act: dict[str, Any] = {"goaway": "", "stage": "arrival"}
    elif entry.code == "REFUSED_STREAM":
        act = {"wire": "refuse-stream", "stage": "arrival"}
    else:
        act = {"reason": entry.code, "stage": "checked" if entry.category in ("token", "expired") else "authenticated"}
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    expect = {"outcome": "refused", "code": entry.code, "exit_code": int(says.exit_code)}
    return Scenario(entry.code, entry.summary, act, expect=expect if entry.http_status else {})


def forced(call: Call, name: str | None, stage: Stage) -> Act | None:
    """What the scenario of this name makes of the call at this stage; None where it lets it pass."""
    scenario = load().get(name or "")
    if scenario is None or not scenario.act or scenario.act.get("stage", "checked") != stage:
        return None
    return enact(call, scenario)


def _due(call: Call, scenario: Scenario) -> bool:
    """Some scenarios happen a few times only, counted over the whole run."""
    times = scenario.act.get("times")
    if times is None:
        return True
    counts: dict[str, int] = call.world.state.setdefault("scenario counts", {})
    counts[scenario.name] = counts.get(scenario.name, 0) + 1
    return bool(counts[scenario.name] <= times)


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course."""
    act, rule = scenario.act, f"scenario {scenario.name}"
    if not _due(call, scenario):
        return None
    if "reason" in act:
        return refused(call, Refusal(act["reason"], rule))
    if "goaway" in act:
        reason = act["goaway"]
        debug = json.dumps({"reason": reason}, separators=(",", ":")).encode() if reason else b""
        close = act.get("goaway_close", "linger")
        return Act(goaway=debug, goaway_close=close, rule=rule, code=reason or "GOAWAY")
    if "html" in act:
        headers = (("content-type", "text/html"),)
        return Act(Response(act["status"], headers, act["html"].encode()), rule=rule, note="no code of APNs")
    if act.get("wire") == "half-frame":
        whole = refused(call, Refusal("BadDeviceToken", rule))
        return Act(whole.response, wire="half-frame", rule=rule)
    if act.get("wire") == "refuse-stream":
        return Act(wire="refuse-stream", rule=rule, code="REFUSED_STREAM")
    if "wire" in act and act["wire"] != "reset-after-answer":
        return Act(wire=act["wire"], rule=rule)
    return None


def flavoured(act: Act, scenario: Scenario | None) -> Act:
    """An answer as late as the scenario wants it, and with what the scenario does to the stream afterwards."""
    if scenario is None:
        return act
    wire = "reset-after-answer" if scenario.act.get("wire") == "reset-after-answer" else act.wire
    return replace(act, delay_s=scenario.act.get("delay_s", act.delay_s), wire=wire)


def by_token(scenario: Scenario) -> bool:
    """Whether a device token can bring the scenario about."""
    return not scenario.act.keys().isdisjoint(("reason", "wire", "goaway", "html", "delay_s", "expire"))


def expire_first_token(call: Call, name: str | None) -> Refusal | None:
    """The scenario ``auth-expired``: the first provider token that it sees is too old for ever, and a connection that
    has heard so stays refused (jchambers/pushy); a fresh token on a new connection is taken."""
    scenario = load().get(name or "")
    if scenario is None or scenario.act.get("expire") != "first-token":
        return None
    jwt = call.seen.header("authorization")
    first = call.world.state.setdefault("first provider token", jwt)
    if jwt == first or call.peer.memory.get("expired"):
        call.peer.memory["expired"] = True
        return Refusal("ExpiredProviderToken", f"scenario {name}")
    return None
