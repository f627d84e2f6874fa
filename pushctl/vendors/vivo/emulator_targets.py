"""Who a message is for, and what the service finds out about each of them.

A single push says of a regId that it cannot use 10302 with the object ``invalidUser``; a list says 0 with the array
``invalidUsers``, however many it holds (of a list in which nobody is left the answer is unproved).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
from pushctl.core.emulated_phones import deciding
from pushctl.vendors.vivo import emulator_body as body
from pushctl.vendors.vivo import emulator_handsets as handsets
from pushctl.vendors.vivo import emulator_limits as limits
from pushctl.vendors.vivo import emulator_scenarios as scenarios
from pushctl.vendors.vivo.emulator_answers import INVALID, STATUS, accepted, refused, user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pushctl.core.emulated import Act, Scenario
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.vivo.emulator_limits import Push
    from pushctl.vendors.vivo.emulator_tasks import Task

LEAST, MOST = 2, 1000
MOST_ALIAS = 70
"""Older texts: 40."""
_COUNTED_AS = {handsets.UNKNOWN: "targetInvalid", handsets.GONE: "targetUnSub"}


@dataclass(slots=True)
class Targets:
    """Who a request is for.

    :ivar alias: whether the values are aliases.
    """

    values: list[str] = field(default_factory=list)
    alias: bool = False

    @property
    def phones(self) -> list[str]:
        """The regIds that they stand for."""
        return [handsets.phone_of(value) for value in self.values] if self.alias else self.values

    @staticmethod
    def everybody() -> Targets:
        """Every subscriber of the emulated world: the live phone."""
        return Targets([handsets.token_of()])


def one(call: Call, message: body.Message) -> Targets | Refusal:
    """The target of a single push."""
    reg_id, alias = message.get("regId", "").strip(), message.get("alias", "").strip()
    if reg_id:
        if alias:
            call.note("regId and alias are given: the regId counts.")
        return Targets([reg_id])
    if not alias:
        return Refusal("10050", "target-present")
    return _alias_length(call, [alias]) or Targets([alias], alias=True)


def several(call: Call, message: body.Message) -> Targets | Refusal:
    """The targets of a list; given both, the regIds count."""
    reg_ids, aliases = message.get("regIds", []), message.get("aliases", [])
    if not reg_ids and not aliases:
        return Refusal("10150", "targets-present")
    values, alias, code = (reg_ids, False, "10153") if reg_ids else (aliases, True, "10154")
    if not body.texts(values):
        return body.wrong_type("aliases" if alias else "regIds")
    if not LEAST <= len(values) <= MOST:
        return Refusal(code, "targets-count", f"{len(values)}; from {LEAST} to {MOST}, one is for /message/send")
    return (_alias_length(call, values) if alias else None) or Targets(list(values), alias)


def _alias_length(call: Call, aliases: list[str]) -> Refusal | None:
    longest = max(map(len, aliases))
    if longest > MOST_ALIAS:
        return Refusal("10301", "alias-length", f"{longest} characters")
    if longest > 40:
        call.note("An alias is over 40 characters, which older texts refuse.")
    return None


def acting_for(targets: Targets) -> list[Scenario | None]:
    """The scenarios of the phones."""
    return [handsets.PHONES.scenario_of(phone) for phone in targets.phones]


def deliver(call: Call, push: Push, targets: Targets, task: Task, told: Callable[[dict[str, str]], Act]) -> Act:
    """Decide every target's fate, and answer. A target whose scenario is about more than itself decides for all.

    :param told: writes the answer; takes those that cannot be used, with the status of each.
    """
    acting = deciding(targets.phones, handsets.PHONES.scenario_of)
    late = scenarios.expired(call, acting)
    performed = refused(call, late) if late else scenarios.enact(call, acting) if acting is not None else None
    if performed is not None:
        return scenes.flavoured(performed, acting)
    statuses = _statuses(call, push, targets)
    for value, status in statuses.items():
        if status:
            task.count(_COUNTED_AS.get(status, "targetInActive"))
        elif limits.held_back(call, push, value):
            task.count("controlled")
        else:
            task.count("send", "receive", "display")
    return scenes.flavoured(told({value: status for value, status in statuses.items() if status}), acting)


def _statuses(call: Call, push: Push, targets: Targets) -> dict[str, str]:
    """What is wrong with each target, "" for nothing."""
    run, last = scenarios.BOOK.of(call.world), partial(call, targets)
    always = str(run.act.get("reason", "")) if run is not None and run is not last else ""
    found = {
        value: always or handsets.status_of(value, push.app, test=push.test, alias=targets.alias)
        for value in targets.values
    }
    if last is not None and found:
        found[targets.values[-1]] = found[targets.values[-1]] or str(last.act["reason"])
    return found


def partial(call: Call, targets: Targets) -> Scenario | None:
    """The scenario, of the run or of a phone, that spoils the last target only."""
    found = (scenarios.BOOK.of(call.world), *acting_for(targets))
    return next((each for each in found if each is not None and each.act.get("last")), None)


def told_of_one(call: Call, targets: Targets, task: Task, invalid: Mapping[str, str]) -> Act:
    """The answer to a single push. The scenario of a partial failure says so even of one target: a dead id beside
    result 0."""
    if not invalid:
        return accepted(call, "accepted", taskId=task.id)
    value, status = next(iter(invalid.items()))
    if partial(call, targets) is not None:
        act = accepted(call, "target", taskId=task.id, invalidUser=user(value, status))
    else:
        act = refused(call, Refusal(INVALID, "target"), invalidUser=user(value, status))
    return replace(act, code=f"{STATUS}{status}")


def told_of_list(call: Call, request_id: str, invalid: Mapping[str, str]) -> Act:
    """The answer to a push to a list: 0, whoever of them cannot be used."""
    if not invalid:
        return accepted(call, "accepted", requestId=request_id)
    call.note(f"Targets that cannot be used: {len(invalid)}.")
    users = [user(value, status) for value, status in invalid.items()]
    act = accepted(call, "targets", requestId=request_id, invalidUsers=users)
    return replace(act, code=f"{STATUS}{next(iter(invalid.values()))}")
