"""Named situations: read from ``scenarios.json``, and one for every code of the catalogue that these services send."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Scenario
from pushctl.core.emulated_oauth import bearer
from pushctl.vendors.fcm.emulator_answers import CATALOGUE, Call, Refusal, Stage, answers, refused

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry


def _of_code(entry: Entry) -> Scenario | None:
    """What a ``send`` makes of it: under an FcmError that is no INVALID_ARGUMENT, APNs' reason is a detail. What only
    the Instance ID service says does not happen to a send at all. The retired API's codes, and those of services that
    are not emulated (Installations, FCM Registration, check-in), have none."""
    row = answers().get(entry.code)
    if row is None:
        return None
    service = row.get("for", row.get("service", "fcm"))
    if service in ("iid", "batch"):
        return Scenario(entry.code, entry.summary, {"answer": entry.code, "stage": service})
    if service == "oauth":
        return scenes.of_code(entry, {"answer": entry.code, "stage": "auth"})
    about_device = entry.category in ("token", "target") or "apns" in row
    act: dict[str, Any] = {"answer": entry.code, "stage": "checked" if about_device else "authenticated"}
    if "apns" not in row:
        return scenes.of_code(entry, act)
    act["platform"] = "ios"
    read_first = f"ApnsError/{row['apns'][1]}" if row["fcm"] == "INVALID_ARGUMENT" else row["fcm"]
    says = CATALOGUE.find(read_first) or entry
    return Scenario(entry.code, entry.summary, act, expect=scenes.of_code(says, act).expect)


BOOK = scenes.Book(Path(__file__).parent / "scenarios.json", CATALOGUE, _of_code)


@cache
def by_device() -> Mapping[str, Scenario]:
    """Those that a device can bring about, whatever the run's scenario."""
    stages = ("checked", "authenticated")
    return {
        name: each
        for name, each in BOOK.all.items()
        if scenes.by_token(each) and each.act.get("stage", "checked") in stages
    }


def forced(call: Call, scenario: Scenario | None, stage: Stage | str) -> Act | None:
    """What the scenario makes of the call at this stage; None where it lets it pass."""
    return enact(call, scenario) if scenes.comes_at(scenario, stage) else None


def enact(call: Call, scenario: Scenario) -> Act | None:
    """The scenario's act as the server performs it; None where it only changes the ordinary course."""
    act, rule = scenario.act, f"scenario {scenario.name}"
    if not scenes.due(call.world, scenario):
        return None
    if "answer" in act:
        return refused(call, Refusal(act["answer"], rule, message=act.get("message", "")))
    if "goaway" in act:
        return Act(goaway=act["goaway"].encode(), rule=rule)
    return scenes.happening(scenario, refused(call, Refusal("UNREGISTERED", rule)).response)


def expired(call: Call, scenario: Scenario | None) -> Refusal | None:
    """``auth-expired``: the first access token that it sees has expired, a renewed one is taken. Where the token
    endpoint gives out none at all, one from an earlier run has expired, too."""
    if scenario is None:
        return None
    rule = f"scenario {scenario.name}"
    if scenario.act.get("stage") == "auth":
        return Refusal("ACCESS_TOKEN_EXPIRED", rule)
    return Refusal("ACCESS_TOKEN_EXPIRED", rule) if scenes.expires(call.world, scenario, bearer(call.seen)) else None
