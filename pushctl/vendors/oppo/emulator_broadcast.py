"""``save_message_content`` and ``broadcast``: a stored body, and then its targets (document 11237).

What is stored is forgotten with the sandbox: a message id of another run is unknown (code 31).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import deciding
from pushctl.vendors.oppo import emulator_class as classes
from pushctl.vendors.oppo import emulator_handsets as handsets
from pushctl.vendors.oppo import emulator_scenarios as scenarios
from pushctl.vendors.oppo.emulator_answers import BAD_TARGET, MISSING, NO_SUCH_DATA, accepted, invalid, new_id, refused
from pushctl.vendors.oppo.emulator_fields import number
from pushctl.vendors.oppo.emulator_form import read_json
from pushctl.vendors.oppo.emulator_notification import Notification, notification, remarks
from pushctl.vendors.oppo.emulator_send import ALIAS, ALL, MOST, REGISTRATION_ID, TAGS, Asking, of_phones, reasons

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

_TAG_PARTS = ("or", "and", "not")


def save(call: Call, asking: Asking) -> Act:
    """Store a notification whose fields stand flat in the form."""
    told = notification(call, asking.form.fields, "", "broadcast")
    if isinstance(told, Refusal):
        return refused(call, told)
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    remarks(call, told, "broadcast")
    stored = _kept_before(call, asking, told) or new_id(call)
    _stored(call).setdefault(f"{asking.app} {asking.region} {stored}", told)
    return accepted(call, {"message_id": stored}, "stored")


def _kept_before(call: Call, asking: Asking, told: Notification) -> str | None:
    """The id of the body that was saved with the same app_message_id: of those only one is kept (document 11236)."""
    own_id = told.get("app_message_id")
    if own_id is None:
        return None
    known: dict[str, str] = call.world.state.setdefault("saved app messages", {})
    key = f"{asking.app} {asking.region} {own_id}"
    if key in known:
        call.note(
            "A body with this app_message_id is saved already, and stays as it is; the answer to that is unproved."
        )
        return known[key]
    known[key] = new_id(call)
    return known[key]


def broadcast(call: Call, asking: Asking) -> Act:
    """Send a stored notification to a list, to tags or to all."""
    form = asking.form
    for name in ("message_id", "target_type"):
        if not form.get(name):
            return refused(call, invalid(name, "is missing", MISSING))
    told = _stored(call).get(f"{asking.app} {asking.region} {form.get('message_id')}")
    if told is None:
        return refused(call, Refusal(NO_SUCH_DATA, "message-known", "no message of this id was saved here"))
    try:
        kind = number(form.get("target_type"))
    except ValueError as error:
        return refused(call, invalid("target_type", str(error)))
    if kind in (ALL, TAGS):
        return _wide(call, asking, told, kind)
    if kind in (REGISTRATION_ID, ALIAS):
        return _listed(call, asking, told, kind)
    old = "3 was that of aliases in old clients" if kind == 3 else ""
    return refused(call, invalid("target_type", "must be 1, 2, 5 or 6", note=old))


def _wide(call: Call, asking: Asking, told: Notification, kind: int) -> Act:
    """To all, or to tags: no target can be refused."""
    reached = len((handsets.PHONES if asking.region == "china" else handsets.ABROAD).scenarios)
    if kind == TAGS:
        found = _tagged(call, asking.form.get("target_value"))
        if isinstance(found, Refusal):
            return refused(call, found)
        reached = found
    elif asking.form.get("target_value"):
        call.note("target_value says nothing where all are meant.")
    if told.get("push_time_type") == 1 and kind != ALL:
        return refused(call, _timed())
    refusal = classes.day_quota(call, asking.app, reached if classes.is_public(told) else 0)
    if refusal is not None:
        return refused(call, refusal)
    call.note(f"Emulated phones reached: {reached}.")
    return scenarios.forced(call, "checked") or accepted(call, _data(call, asking), "accepted")


def _tagged(call: Call, given: str) -> int | Refusal:
    """How many phones a tag expression reaches: one of ``or``, all of ``and``, none of ``not``."""
    if not given:
        return invalid("target_value", "is missing", MISSING)
    expression = read_json(given)
    if not isinstance(expression, dict) or not expression.keys() <= set(_TAG_PARTS):
        return invalid("target_value", "must be a JSON object of or, and and not")
    for part in expression.values():
        if not isinstance(part, list) or not all(isinstance(tag, str | int) for tag in part):
            return invalid("target_value", "must hold arrays of tags")
    parts = {name: {str(tag) for tag in expression.get(name, [])} for name in _TAG_PARTS}
    if not (parts["or"] or parts["and"]):
        return invalid("target_value", "names no tag", MISSING)
    bound: dict[str, set[str]] = call.world.state.get("tags", {})
    return sum(
        (not parts["or"] or bool(parts["or"] & tags)) and parts["and"] <= tags and not parts["not"] & tags
        for tags in bound.values()
    )


def _listed(call: Call, asking: Asking, told: Notification, kind: int) -> Act:
    """To registration ids or aliases; those that are refused stand under their code."""
    targets = list(dict.fromkeys(target.strip() for target in asking.form.get("target_value").split(";")))
    targets = [target for target in targets if target]
    if not targets:
        return refused(call, invalid("target_value", "is missing", MISSING))
    if len(targets) > MOST:
        return refused(call, invalid("target_value", f"must not hold more than {MOST}"))
    if told.get("push_time_type") == 1:
        return refused(call, _timed())
    refusal = classes.day_quota(call, asking.app, len(targets) if classes.is_public(told) else 0)
    concerned = map(handsets.scenario_of, targets)
    refusal = refusal or classes.classified(call, told, "", concerned)
    if refusal is not None:
        return refused(call, refusal)
    done = scenarios.forced(call, "checked") or of_phones(call, asking.form, targets)
    if done is not None:
        return done
    fates = reasons(call, asking, targets, [kind] * len(targets))
    bad = [target for target, reason in zip(targets, fates, strict=True) if reason]
    for target in targets:
        if target not in bad:
            classes.happened(call, asking.app, told, target)
    data = _data(call, asking) | ({BAD_TARGET: bad} if bad else {})
    if bad:
        call.notes.insert(
            0, f"{len(bad)} of {len(targets)} targets refused: {', '.join(sorted(set(filter(None, fates))))}."
        )
    act = accepted(call, data, "targets", code=BAD_TARGET if bad else None)
    return scenes.flavoured(act, deciding(targets, handsets.scenario_of))


def _timed() -> Refusal:
    note = "a timed push goes to all phones only; that OPPO refuses another is unproved"
    return invalid("push_time_type", "is for broadcasts to all", note=note)


def _data(call: Call, asking: Asking) -> dict[str, Any]:
    return {"message_id": asking.form.get("message_id"), "task_id": new_id(call)}


def _stored(call: Call) -> dict[str, Notification]:
    kept: dict[str, Notification] = call.world.state.setdefault("saved messages", {})
    return kept
