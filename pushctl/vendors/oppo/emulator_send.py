"""``unicast`` and ``unicast_batch``, and the look at targets that ``broadcast`` shares.

Order behind the look at who is asking: the message and its fields, the day's quota, the targets (a convention).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import deciding
from pushctl.vendors.oppo import emulator_class as classes
from pushctl.vendors.oppo import emulator_handsets as handsets
from pushctl.vendors.oppo import emulator_scenarios as scenarios
from pushctl.vendors.oppo.emulator_answers import (
    BAD_TARGET,
    MISSING,
    TEXTS,
    accepted,
    invalid,
    new_id,
    refused,
)
from pushctl.vendors.oppo.emulator_auth import token_in
from pushctl.vendors.oppo.emulator_credentials import ID_OF
from pushctl.vendors.oppo.emulator_fields import number, truth
from pushctl.vendors.oppo.emulator_form import Form, read_json
from pushctl.vendors.oppo.emulator_notification import Notification, notification, remarks

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.vendors.oppo.emulator_handsets import Region

MOST = 1000
ALL, REGISTRATION_ID, ALIAS, TAGS = 1, 2, 5, 6
_KNOWN = ("target_type", "target_value", "notification", "verify_registration_id")


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one target.

    :ivar kind: its target_type. :ivar target: its target_value.
    """

    kind: int
    target: str
    notification: Notification


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, where: the AppKey, the region of the host, the form."""

    app: str
    region: Region
    form: Form


def unicast(call: Call, asking: Asking) -> Act:
    """Answer one message to one target."""
    given = asking.form.get("message")
    if not given:
        return refused(call, invalid("message", "is blank", MISSING))
    push = _push(call, read_json(given), "")
    if isinstance(push, Refusal):
        return refused(call, push)
    done = _before_targets(call, asking, (push,))
    if done is not None:
        return done
    (reason,) = reasons(call, asking, (push.target,), (push.kind,))
    if reason:
        note = f"{push.target[:40]}: {handsets.REASONS[reason]}"
        return _late(refused(call, Refusal(BAD_TARGET, f"target-{reason}", note)), push.target)
    remarks(call, push.notification, "unicast")
    classes.happened(call, asking.app, push.notification, push.target)
    return _late(accepted(call, {"messageId": message_id(call, asking.app)}), push.target)


def unicast_batch(call: Call, asking: Asking) -> Act:
    """Answer up to a thousand messages, each to one target; the answer has them in the same order."""
    pushes = _pushes(call, asking.form.get("messages"))
    if isinstance(pushes, Refusal):
        return refused(call, pushes)
    done = _before_targets(call, asking, pushes)
    if done is not None:
        return done
    targets = [push.target for push in pushes]
    fates = reasons(call, asking, targets, [push.kind for push in pushes])
    data: list[dict[str, Any]] = []
    for push, reason in zip(pushes, fates, strict=True):
        data.append({"messageId": message_id(call, asking.app), "registrationId": push.target})
        if reason:
            data[-1] |= {"errorCode": int(BAD_TARGET), "errorMessage": TEXTS[BAD_TARGET]}
        else:
            remarks(call, push.notification, "unicast")
            classes.happened(call, asking.app, push.notification, push.target)
    _tell(call, fates)
    return _late(accepted(call, data, "targets", code=BAD_TARGET if any(fates) else None), *targets)


def _pushes(call: Call, given: str) -> list[Push] | Refusal:
    if not given:
        return invalid("messages", "is missing", MISSING)
    documents = read_json(given)
    if not isinstance(documents, list):
        return invalid("messages", "must be a JSON array", msg="messages format error")
    if not documents:
        return invalid("messages", "is empty", MISSING)
    if len(documents) > MOST:
        return invalid("messages", f"must not hold more than {MOST}", msg=f"messages more than {MOST}")
    pushes: list[Push] = []
    for index, document in enumerate(documents):
        push = _push(call, document, f"messages[{index}].")
        if isinstance(push, Refusal):
            call.note("That one bad message spoils the whole batch is unproved.")
            return push
        pushes.append(push)
    return pushes


def _push(call: Call, document: Any, place: str) -> Push | Refusal:
    """A ``message`` object. :param place: its path in the request, with the dot behind it."""
    whole = place.rstrip(".") or "message"
    if not isinstance(document, dict):
        return invalid(whole, "must be a JSON object", msg=f"{whole} format error")
    refusal = _members(call, document, place)
    if refusal is not None:
        return refusal
    try:
        kind = number(document["target_type"])
        truth(document.get("verify_registration_id") or False)
    except ValueError as error:
        return invalid(whole, f"target_type or verify_registration_id {error}")
    target, raw = document["target_value"], document["notification"]
    if kind not in (REGISTRATION_ID, ALIAS):
        old = "3 was that of aliases in old clients; " if kind == 3 else ""
        return invalid(f"{place}target_type", "must be 2 or 5", note=f"{old}{place}target_type must be 2 or 5")
    if not isinstance(target, str) or ";" in target:
        return invalid(f"{place}target_value", "must be exactly one target, a string")
    if not isinstance(raw, Mapping):
        return invalid(f"{place}notification", "must be a JSON object")
    told = notification(call, raw, f"{place}notification", "unicast", (handsets.scenario_of(target),))
    return told if isinstance(told, Refusal) else Push(kind, target, told)


def _members(call: Call, document: Mapping[str, Any], place: str) -> Refusal | None:
    """What must be there, and what is there besides."""
    for name in _KNOWN[:3]:
        if document.get(name) in (None, ""):
            old = "; registration_id has retired" if "registration_id" in document else ""
            return invalid(f"{place}{name}", "is missing", MISSING, f"{place}{name} is missing{old}")
    for name in document:
        if name not in _KNOWN and name != "registration_id":
            if call.world.strict:
                where = f"{place}{name[:60]}"
                return invalid(where, "is not a known field", note=f"{where}: what OPPO does with it is unproved")
            call.note(f"{place}{name[:60]} is not a known field.")
    return None


def _before_targets(call: Call, asking: Asking, pushes: Sequence[Push]) -> Act | None:
    """The quota, the scenario of the run, and what the scenario of one of the phones makes of the whole request."""
    public = sum(classes.is_public(push.notification) for push in pushes)
    refusal = classes.day_quota(call, asking.app, public)
    if refusal is not None:
        return refused(call, refusal)
    _receipts(call, pushes)
    return scenarios.forced(call, "checked") or of_phones(call, asking.form, [push.target for push in pushes])


def _receipts(call: Call, pushes: Sequence[Push]) -> None:
    if any(push.kind != REGISTRATION_ID and "call_back_url" in push.notification for push in pushes):
        call.note("Receipts come for registration ids only: call_back_url has no effect for an alias.")


# --- targets ----------------------------------------------------------------------------------------------------------


def of_phones(call: Call, form: Form, targets: Sequence[str]) -> Act | None:
    """What happens to the whole request because of a phone that it goes to."""
    acting = deciding(list(targets), handsets.scenario_of)
    if acting is None:
        return None
    late = scenarios.expired(call, acting, token_in(call, form))
    act = refused(call, late) if late is not None else scenarios.enact(call, acting)
    return scenes.flavoured(act, acting) if act is not None else None


def reasons(call: Call, asking: Asking, targets: Sequence[str], kinds: Sequence[int]) -> list[str]:
    """What is wrong with each target, a key of :data:`emulator_handsets.REASONS`, or ""."""
    run = scenarios.BOOK.of(call.world)
    found = [_reason(call, asking, target, kind) for target, kind in zip(targets, kinds, strict=True)]
    if run is not None and "reason" in run.act and "only" not in run.act:
        return [str(run.act["reason"])] * len(found)
    concerned = (run, *map(handsets.scenario_of, targets))
    if any(scenario.act.get("only") == "last" for scenario in concerned if scenario is not None):
        found = [reason if _certain(target, reason) else "" for target, reason in zip(targets, found, strict=True)]
        found[-1] = found[-1] or "dead"
    return found


def _certain(target: str, reason: str) -> bool:
    """Whether a target is refused for itself, and not because its scenario refuses the last one of a request."""
    scenario = handsets.scenario_of(target)
    return bool(reason) and not (scenario is not None and "only" in scenario.act)


def _reason(call: Call, asking: Asking, target: str, kind: int) -> str:
    if kind == REGISTRATION_ID:
        return handsets.reason_of(target, asking.app, asking.region)
    bound = handsets.aliases().get(target)
    if bound is None:
        call.note("An alias that no phone of the sandbox is bound to is taken; what OPPO answers is unproved.")
        return ""
    return handsets.reason_of(bound, asking.app, asking.region)


def message_id(call: Call, app: str) -> str:
    """AppID, 1, 1 and 24 digits (document 11238)."""
    return f"{ID_OF[app]}-1-1-{new_id(call)}"


def _tell(call: Call, fates: Sequence[str]) -> None:
    bad = [reason for reason in fates if reason]
    if bad:
        why = ", ".join(dict.fromkeys(bad))
        call.notes.insert(0, f"{len(bad)} of {len(fates)} targets refused: {why}.")


def _late(act: Act, *targets: str) -> Act:
    """The answer as a phone's scenario wants it: late."""
    return scenes.flavoured(act, deciding(list(targets), handsets.scenario_of))
