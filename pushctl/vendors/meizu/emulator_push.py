"""Notifications to pushIds and aliases, with and without a task, and what limits an app as a whole.

Source: MEIZUPUSH/PushAPI:README.md. An app may make 200 requests a second (help.aliyun.com/document_detail/
616229.html); how many it may make a day stands in the console only, so those numbers are the sandbox's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal, counted
from pushctl.core.emulated_phones import deciding
from pushctl.vendors.meizu import emulator_scenarios as scenarios
from pushctl.vendors.meizu.emulator_answers import PARAMETER, pushed, refused
from pushctl.vendors.meizu.emulator_credentials import packages_of
from pushctl.vendors.meizu.emulator_handsets import scenario_of
from pushctl.vendors.meizu.emulator_message import read
from pushctl.vendors.meizu.emulator_targets import Tally, fates

if TYPE_CHECKING:
    from pushctl.core.emulated import Act, World
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.meizu.emulator_signature import Asked

MOST_TARGETS = 100
"""1000 until 2023-08-21."""
MOST_PACKAGES = 50
CALLS_A_SECOND = 200
CALLS_A_DAY = 100_000
MASS_CALLS_A_DAY = 100
"""Pushes to everybody or to a tag."""


def by_push_id(call: Call, asked: Asked) -> Act:
    """``varnished/pushByPushId``."""
    return _notify(call, asked, "pushIds")


def by_alias(call: Call, asked: Asked) -> Act:
    """``varnished/pushByAlias``."""
    return _notify(call, asked, "alias")


def pass_through(call: Call, asked: Asked) -> Act:  # noqa: ARG001 - whatever it says
    """Messages that show nothing: restricted since 2018-06-16, discontinued now."""
    return refused(call, Refusal("110053", "pass-through", "discontinued: send a notification"))


def _notify(call: Call, asked: Asked, name: str) -> Act:
    refusal = asked.missing(name, "messageJson")
    message = None if refusal else read(call, asked.parameters["messageJson"])
    if isinstance(message, Refusal):
        refusal = message
    refusal = refusal or packages(call, asked)
    if refusal is not None or message is None or isinstance(message, Refusal):
        return refused(call, refusal or Refusal(PARAMETER, "message-json"))
    return deliver(call, asked, name, message)


def deliver(call: Call, asked: Asked, name: str, message: Mapping[str, Any], tally: Tally | None = None) -> Act:
    """Push a message that was found right to the targets in the parameter of this name.

    :param tally: of the task, where there is one.
    """
    targets = targets_of(asked.parameters[name])
    if not 1 <= len(targets) <= MOST_TARGETS:
        note = f"{len(targets)} targets: 1 to {MOST_TARGETS} are taken"
        return refused(call, Refusal(PARAMETER, "targets-count", note))
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    alias = name == "alias"
    acting = deciding(targets, lambda target: scenario_of(call.world, asked.app, target, alias=alias))
    performed = scenarios.enact(call, acting) if acting is not None else None
    if performed is not None:
        return scenes.flavoured(performed, acting)
    found = fates(call, asked.app, targets, message, alias=alias)
    if tally is not None:
        tally.add(len(targets), len(targets) - len(found))
    run = scenarios.BOOK.of(call.world)
    plain = any(each is not None and "plain" in each.act for each in (run, acting))
    return scenes.flavoured(pushed(call, found, len(targets), plain=plain), acting)


def targets_of(value: str) -> list[str]:
    """The members of a list with commas, each once; empty ones do not count."""
    return list(dict.fromkeys(filter(None, value.split(","))))


def packages(call: Call, asked: Asked) -> Refusal | None:
    """``restrictedPackageNames``, which only the SDK has; an empty one is as good as none."""
    names = targets_of(asked.parameters.get("restrictedPackageNames", ""))
    if len(names) > MOST_PACKAGES:
        return Refusal(PARAMETER, "packages-count", f"over {MOST_PACKAGES} packages")
    strangers = [name for name in names if name not in packages_of(call.world, asked.app)]
    return Refusal("110031", "packages", f"{strangers[0][:60]!r} is none of the app's") if strangers else None


def limited(call: Call, app: str, *, mass: bool) -> Refusal | None:
    """Whether the app has used up what it may do; counts the call."""
    if _this_second(call.world, app, int(call.now)) > CALLS_A_SECOND:
        return Refusal("110010", "rate", f"over {CALLS_A_SECOND} calls in a second")
    if counted(call.world, f"calls {app}") > CALLS_A_DAY:
        return Refusal("110019", "daily-quota", f"over {CALLS_A_DAY} calls today; the number is the sandbox's own")
    if mass and counted(call.world, f"mass calls {app}") > MASS_CALLS_A_DAY:
        note = f"over {MASS_CALLS_A_DAY} pushes to everybody or to a tag today; the number is the sandbox's own"
        return Refusal("110051", "mass-quota", note)
    return None


def _this_second(world: World, app: str, second: int) -> int:
    kept: dict[str, tuple[int, int]] = world.state.setdefault("seconds", {})
    last, calls = kept.get(app, (second, 0))
    kept[app] = (second, calls + 1 if last == second else 1)
    return kept[app][1]
