"""Named situations: read from ``scenarios.json``, and one for every code of the catalogue that a server sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pushctl.core import scenes
from pushctl.core.emulated import Act, Scenario
from pushctl.vendors.apns.emulator_answers import CATALOGUE, Call, Refusal, refused

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry

Stage = Literal["arrival", "authenticated", "checked"]
"""When a forced act comes: before anything is looked at, once the caller is known, or in place of the look at the
device token."""


def _of_code(entry: Entry) -> Scenario | None:
    if entry.origin != "server":
        return None
    if entry.code == "GOAWAY":
        act: dict[str, Any] = {"goaway": "", "stage": "arrival"}
    elif entry.code == "REFUSED_STREAM":
        act = {"wire": "refuse-stream", "stage": "arrival"}
    else:
        act = {"reason": entry.code, "stage": "checked" if entry.category in ("token", "expired") else "authenticated"}
    return scenes.of_code(entry, act, certain=entry.http_status is not None)


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


def forced(call: Call, name: str | None, stage: Stage) -> Act | None:
    """What the scenario of this name makes of the call at this stage; None where it lets it pass."""
    scenario = BOOK.all.get(name or "")
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course."""
    act, rule = scenario.act, f"scenario {scenario.name}"
    if not scenes.due(call.world, scenario):
        return None
    if "reason" in act:
        return refused(call, Refusal(act["reason"], rule))
    if "goaway" in act:
        reason = act["goaway"]
        debug = json.dumps({"reason": reason}, separators=(",", ":")).encode() if reason else b""
        close = act.get("goaway_close", "linger")
        return Act(goaway=debug, goaway_close=close, rule=rule, code=reason or "GOAWAY")
    return scenes.happening(scenario, refused(call, Refusal("BadDeviceToken", rule)).response)


def expire_first_token(call: Call, name: str | None) -> Refusal | None:
    """The scenario ``auth-expired``: the first provider token that it sees is too old for ever, and a connection that
    has heard so stays refused (jchambers/pushy); a fresh token on a new connection is taken."""
    scenario = BOOK.all.get(name or "")
    if scenario is None or "expire" not in scenario.act:
        return None
    first = scenes.expires(call.world, scenario, call.seen.header("authorization"))
    if first or call.peer.memory.get("expired"):
        call.peer.memory["expired"] = True
        return Refusal("ExpiredProviderToken", f"scenario {name}")
    return None
