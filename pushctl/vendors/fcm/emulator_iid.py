"""The Instance ID service: what a token is (``iid/info``), and topics for many tokens at once.

Source: developers.google.com/instance-id/reference/server. Its refusals of a credential come as a page; which of
them it gives for what is unproved.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pushctl.core.emulated import Act
from pushctl.core.emulated_http import clock, json_response
from pushctl.vendors.fcm import emulator_access as access
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm.emulator_answers import Call, Refusal, accepted, answers, number_of, refused
from pushctl.vendors.fcm.emulator_handsets import PACKAGE, TOKEN, Device, find
from pushctl.vendors.fcm.emulator_topics import MAX_TOPICS, TOPIC, subscriptions

if TYPE_CHECKING:
    from pushctl.core.emulated import World

MAX_TOKENS = 1000
_PLATFORMS = {"android": "ANDROID", "ios": "IOS", "web": "WEBPUSH"}
_PER_TOKEN = {  # what a batch says of a device whose sends are answered so; all but the first inferred from the names
    "UNREGISTERED": "NOT_FOUND",
    "ApnsError/Unregistered": "NOT_FOUND",
    "INVALID_ARGUMENT/apns-token-disabled": "NOT_FOUND",
    "INVALID_ARGUMENT/registration-token": "INVALID_ARGUMENT",
    "SENDER_ID_MISMATCH": "PERMISSION_DENIED",
    "QUOTA_EXCEEDED": "RESOURCE_EXHAUSTED",
    "INTERNAL": "INTERNAL",
}
_DEAD = frozenset({"UNREGISTERED", "ApnsError/Unregistered", "INVALID_ARGUMENT/apns-token-disabled"})


def _stopped(call: Call) -> Act | None:
    """The answer of whoever is not admitted, or of the run's scenario."""
    scenario = scenarios.BOOK.of(call.world)
    named = call.seen.header("access_token_auth") == "true"
    refusal = access.authenticate(call, access.SEND_SCOPES) or scenarios.expired(call, scenario)
    if not named or refusal is not None:
        note = "without access_token_auth: true" if not named else "the access token is not taken"
        return refused(call, Refusal("PROJECT_NOT_PERMITTED", "iid-access", f"{note}; the page is unproved"))
    return scenarios.forced(call, scenario, "iid")


def info(call: Call, token: str) -> Act:
    """``GET /iid/info/{token}``: whose token it is; with ``details=true`` its topics, too."""
    act = _stopped(call)
    if act is not None:
        return act
    token = unquote(token)
    device = find(token, scenarios.by_device())
    if device is None and not TOKEN.fullmatch(token):
        return refused(call, Refusal("InvalidToken", "iid-token-form"))
    if device is None or _answer_of(device) in _DEAD:
        return refused(call, Refusal("iid/no-information", "iid-token-known"))
    return accepted(call, "iid-info", _told(call, device))


def _told(call: Call, device: Device) -> dict[str, Any]:
    told: dict[str, Any] = {
        "application": call.world.app.get("package_name") or PACKAGE,
        "applicationVersion": "1",
        "authorizedEntity": device.sender or number_of(call.world),
        "platform": _PLATFORMS[device.kind],
        "scope": "*",
    }
    if device.kind == "android":
        told["appSigner"] = "0123456789abcdef0123456789abcdef01234567"
        told["connectDate"] = _day(clock(call.world))
    topics = subscriptions(call.world, device.token)
    if call.query.get("details") == "true" and topics:
        told["rel"] = {"topics": {name: {"addDate": _day(since)} for name, since in topics.items()}}
    return told


def _day(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d")


def batch(call: Call, operation: str) -> Act:
    """``POST /iid/v1:batchAdd`` and ``batchRemove``: one result per token, in order."""
    act = _stopped(call)
    if act is not None:
        return act
    try:
        document = json.loads(call.seen.body)
    except (ValueError, RecursionError):
        document = None
    tokens = document.get("registration_tokens") if isinstance(document, dict) else None
    topic = document.get("to") if isinstance(document, dict) else None
    if not isinstance(tokens, list) or not 0 < len(tokens) <= MAX_TOKENS or not isinstance(topic, str):
        return _bad(call, f"to and registration_tokens, 1 to {MAX_TOKENS} of them, are wanted")
    name = topic.removeprefix("/topics/")
    if not topic.startswith("/topics/") or not TOPIC.fullmatch(name):
        return _bad(call, "to must be /topics/ and a name")
    results = [_result(call.world, each, name, operation) for each in tokens]
    failed = sum(1 for each in results if each)
    call.note(f"{len(results) - failed} done, {failed} refused.")
    told = json_response(call.world, 200, {"results": [{"error": each} if each else {} for each in results]})
    return Act(told, rule="iid-batch", note=call.notes)


def _bad(call: Call, why: str) -> Act:
    told = json_response(call.world, 400, {"error": "INVALID_ARGUMENT"})
    return Act(told, rule="iid-batch-body", code="INVALID_ARGUMENT", note=f"{why}; the answer is unproved")


def _result(world: World, token: object, topic: str, operation: str) -> str:
    """What the batch says of one token; "" for done."""
    scenario = scenarios.BOOK.of(world)
    if scenario is not None and scenario.act.get("stage") == "batch":
        return str(answers()[scenario.act["answer"]]["error"])
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        return "INVALID_ARGUMENT"
    device = find(token, scenarios.by_device())
    if device is None or device.token != token:
        return "NOT_FOUND"
    if device.sender:
        return "PERMISSION_DENIED"
    if (known := _PER_TOKEN.get(_answer_of(device))) is not None:
        return known
    held = subscriptions(world, token)
    if operation == "batchRemove":
        held.pop(topic, None)
    elif topic not in held and len(held) >= MAX_TOPICS:
        return "TOO_MANY_TOPICS"
    else:
        held.setdefault(topic, clock(world))
    return ""


def _answer_of(device: Device) -> str:
    scenario = scenarios.by_device().get(device.scenario)
    return str(scenario.act.get("answer", "")) if scenario is not None else ""
