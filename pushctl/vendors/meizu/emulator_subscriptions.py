"""The subscription service: switches, alias and tags of one app on one phone. It sends nothing to the phone.

Source: MEIZUPUSH/PushAPI:README.md, and MEIZUPUSH/JavaSdk:IFlymePushSub.java, which asks with POST throughout and
writes switches as ``true`` and ``false``. What a pushId comes to that is none, is told with the codes 110002 and
110003 of the table; that they come here is unproved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
from pushctl.core.emulated_phones import deciding
from pushctl.vendors.meizu import emulator_scenarios as scenarios
from pushctl.vendors.meizu.emulator_answers import (
    INVALID,
    PARAMETER,
    SWITCHED_OFF,
    UNSUBSCRIBED,
    refused,
    told,
)
from pushctl.vendors.meizu.emulator_handsets import Phone, phones, scenario_of
from pushctl.vendors.meizu.emulator_push import targets_of
from pushctl.vendors.meizu.emulator_tasks import MOST_TAG, MOST_TAGS

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.meizu.emulator_signature import Asked

MOST_ALIAS = 60
_SWITCH = {"0": False, "1": True, "false": False, "true": True}
Change = Callable[["Call", "Asked", Phone], Any]
"""What a call does to a phone, and the ``value`` of its answer; a refusal for what it does not do."""


def answered(change: Change, *needed: str) -> Callable[[Call, Asked], Act]:
    """A call about one phone.

    :param needed: its parameters besides ``pushId``.
    """

    def serve(call: Call, asked: Asked) -> Act:
        refusal = asked.missing("pushId", *needed)
        forced = None if refusal else scenarios.forced(call, "checked")
        if forced is not None:
            return forced
        push_id = asked.parameters.get("pushId", "")
        acting = deciding([push_id], lambda token: scenario_of(call.world, asked.app, token, alias=False))
        performed = scenarios.enact(call, acting) if acting is not None and refusal is None else None
        if performed is not None:
            return scenes.flavoured(performed, acting)
        phone = _phone(call, asked.app, push_id) if refusal is None else refusal
        value = change(call, asked, phone) if isinstance(phone, Phone) else phone
        if isinstance(value, Refusal):
            return refused(call, value)
        return scenes.flavoured(told(call, value, "phone"), acting)

    return serve


def _phone(call: Call, app: str, push_id: str) -> Phone | Refusal:
    phone = phones(call.world, app).get(push_id)
    reason = scenarios.reason_for(call, 0, 1) or (INVALID if phone is None else phone.reason)
    if phone is None or reason in (UNSUBSCRIBED, INVALID):
        code = reason if reason in (UNSUBSCRIBED, INVALID) else INVALID
        return Refusal(code, "push-id", "the app is on no phone of this pushId; that this code says so is unproved")
    return phone


def switches(call: Call, asked: Asked, phone: Phone) -> Any:  # noqa: ARG001 - as every change
    """``getRegisterSwitch``: both switches as numbers."""
    off = scenarios.reason_for(call, 0, 1) == SWITCHED_OFF
    bar = phone.bar and not off
    return {"barTypeSwitch": int(bar), "directTypeSwitch": int(phone.direct), "pushId": phone.token}


def change_switch(call: Call, asked: Asked, phone: Phone) -> Any:
    """``changeRegisterSwitch``: that of notifications (0) or that of pass-through messages (1)."""
    kind, on = asked.parameters["msgType"], _SWITCH.get(asked.parameters["subSwitch"].casefold())
    if kind not in ("0", "1") or on is None:
        return Refusal(PARAMETER, "switch", "msgType is none of 0, 1, or subSwitch none of 0, 1, true, false")
    if kind == "0":
        phone.bar = on
    else:
        phone.direct = on
    return switches(call, asked, phone)


def change_all(call: Call, asked: Asked, phone: Phone) -> Any:
    """``changeAllSwitch``."""
    on = _SWITCH.get(asked.parameters["subSwitch"].casefold())
    if on is None:
        return Refusal(PARAMETER, "switch", "subSwitch is none of 0, 1, true, false")
    phone.bar = phone.direct = on
    return switches(call, asked, phone)


def alias(call: Call, asked: Asked, phone: Phone) -> Any:  # noqa: ARG001 - as every change
    """``getSubAlias``."""
    return {"pushId": phone.token, "alias": phone.alias}


def take_alias(call: Call, asked: Asked, phone: Phone) -> Any:
    """``subscribeAlias``: a phone has one alias."""
    if len(asked.parameters["alias"]) > MOST_ALIAS:
        return Refusal(PARAMETER, "alias-length", f"an alias of over {MOST_ALIAS} characters")
    phone.alias = asked.parameters["alias"]
    return alias(call, asked, phone)


def drop_alias(call: Call, asked: Asked, phone: Phone) -> Any:
    """``unSubscribeAlias``."""
    phone.alias = ""
    return alias(call, asked, phone)


def tags(call: Call, asked: Asked, phone: Phone) -> Any:  # noqa: ARG001 - as every change
    """``getSubTags``. Where the numbers of tags come from is not told: here, from their order."""
    known: list[str] = call.world.state.setdefault("tag numbers", [])
    known.extend(tag for tag in phone.tags if tag not in known)
    rows = [{"tagId": known.index(tag) + 1, "tagName": tag} for tag in phone.tags]
    return {"pushId": phone.token, "tags": rows}


def take_tags(call: Call, asked: Asked, phone: Phone) -> Any:
    """``subscribeTags``."""
    wanted = targets_of(asked.parameters["tags"])
    union = list(dict.fromkeys((*phone.tags, *wanted)))
    if len(union) > MOST_TAGS or any(len(tag) > MOST_TAG for tag in wanted):
        return Refusal(PARAMETER, "tags", f"over {MOST_TAGS} tags, or one over {MOST_TAG} characters")
    phone.tags = union
    return tags(call, asked, phone)


def drop_tags(call: Call, asked: Asked, phone: Phone) -> Any:
    """``unSubscribeTags``."""
    unwanted = targets_of(asked.parameters["tags"])
    phone.tags = [tag for tag in phone.tags if tag not in unwanted]
    return tags(call, asked, phone)


def drop_all_tags(call: Call, asked: Asked, phone: Phone) -> Any:  # noqa: ARG001 - as every change
    """``unSubAllTags``."""
    phone.tags = []
    return True
