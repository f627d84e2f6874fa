"""Device groups: ``/fcm/notification``, until 29 September 2027 (cloud-messaging/migrate-off-device-groups).

One old page describes it; the words of its errors are unproved.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated import Act
from pushctl.core.emulated_http import json_response
from pushctl.vendors.fcm import emulator_access as access
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm.emulator_answers import Call, Refusal, accepted, number_of, refused
from pushctl.vendors.fcm.emulator_handsets import find

if TYPE_CHECKING:
    from pushctl.core.emulated import World

MAX_MEMBERS = 20


def members(world: World, key: str) -> list[str] | None:
    """The tokens of the group with this notification key, or None where there is none."""
    return next((each["members"] for each in _groups(world).values() if each["key"] == key), None)


def _groups(world: World) -> dict[str, dict[str, Any]]:
    """Name of a group → its key and members."""
    kept: dict[str, dict[str, Any]] = world.state.setdefault("device groups", {})
    return kept


def notification(call: Call) -> Act:
    """POST creates, adds, removes; GET looks a key up by the group's name."""
    refusal = _admit(call)
    if refusal is not None:
        return refused(call, refusal)
    if call.seen.method == "GET":
        found = _groups(call.world).get(call.query.get("notification_key_name", ""))
        return _bad(call, "notification_key not found") if found is None else _key(call, found)
    try:
        document = json.loads(call.seen.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return _bad(call, "the body is no JSON object")
    return _change(call, document)


def _admit(call: Call) -> Refusal | None:
    if call.seen.header("access_token_auth") != "true" or call.seen.header("project_id") != number_of(call.world):
        return Refusal(
            "PROJECT_NOT_PERMITTED", "group-headers", "access_token_auth and project_id; the page is unproved"
        )
    return access.authenticate(call, access.SEND_SCOPES)


def _change(call: Call, document: dict[str, Any]) -> Act:
    operation, name = document.get("operation"), document.get("notification_key_name")
    tokens = document.get("registration_ids")
    if not isinstance(name, str) or not name:
        return _bad(call, "notification_key_name is missing")
    if not isinstance(tokens, list) or not 0 < len(tokens) <= MAX_MEMBERS:
        return _bad(call, f"registration_ids must hold 1 to {MAX_MEMBERS} tokens")
    if any(not isinstance(each, str) or find(each, scenarios.by_device()) is None for each in tokens):
        return _bad(call, "no valid registration ids")
    group = _groups(call.world).get(name)
    if operation == "create":
        if group is not None:
            return _bad(call, "notification_key already exists")
        made = {"key": f"APA91b{call.world.nonce(67).hex()}", "members": list(dict.fromkeys(tokens))}
        _groups(call.world)[name] = made
        return _key(call, made)
    if group is None or document.get("notification_key") != group["key"]:
        return _bad(call, "notification_key not found")
    if operation not in ("add", "remove"):
        return _bad(call, "operation must be create, add or remove")
    kept = [each for each in group["members"] if each not in tokens]
    group["members"] = [*kept, *tokens] if operation == "add" else kept
    if not group["members"]:
        del _groups(call.world)[name]
    return _key(call, group)


def _key(call: Call, group: dict[str, Any]) -> Act:
    return accepted(call, "device-group", {"notification_key": group["key"]})


def _bad(call: Call, why: str) -> Act:
    """``{"error": …}`` with status 400; the catalogue's nearest code is the general one."""
    return Act(
        json_response(call.world, 400, {"error": why}), rule="device-group", code="INVALID_ARGUMENT", note="unproved"
    )
