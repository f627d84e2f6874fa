"""``messages:send`` of v1 and v2, behind the look at who is asking.

Order: JSON, required members and types, size, number of tokens, rights and quotas, every token (a convention: no page
says it).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal, counted
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei import emulator_tokens as tokens_of
from pushctl.vendors._huawei.emulator_answers import ALL_REFUSED, accepted, json_body, refused
from pushctl.vendors._huawei.emulator_schema import present
from pushctl.vendors.hms import emulator_handsets as handsets
from pushctl.vendors.hms import emulator_message as body
from pushctl.vendors.hms.emulator_credentials import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.emulated import Act
    from pushctl.vendors.hms.emulator_oauth import Caller

TEST_MESSAGES_A_DAY = 500


def send(call: Call, caller: Caller) -> Act:
    """Answer a push to tokens, to a topic or to a condition."""
    document = json_body(call)
    if isinstance(document, Refusal):
        return refused(call, document)
    document = present(document, ["payload"])
    refusal = body.check(call, document)
    if refusal is not None:
        return refused(call, refusal)
    message = document["message"]
    tokens: list[str] = message.get("token", [])
    refusal = tokens_of.too_large(document, "message")
    if refusal is None and "token" in message:
        refusal = tokens_of.too_many(tokens)
    refusal = refusal or _right(call, message, tokens)
    if refusal is not None:
        return refused(call, refusal)
    if document.get("validate_only"):
        call.note("validate_only: the format was checked, nothing is delivered and no token was looked at.")
        return accepted(call, "validated")
    return _deliver(call, caller, message, tokens)


def _deliver(call: Call, caller: Caller, message: Mapping[str, Any], tokens: list[str]) -> Act:
    refusal = _test_quota(call, caller, message)
    if refusal is not None:
        return refused(call, refusal)
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    _classify(call, message, tokens)
    if not tokens:
        return accepted(call, "accepted")
    own = caller.project == PROJECT
    return tokens_of.deliver(call, tokens, partial(handsets.reason_of, own=own), handsets.PHONES.scenario_of, _told)


def _told(code: str, success: int, by_reason: Mapping[str, list[str]]) -> Any:
    """A list without reasons; only text when every token was refused."""
    if code == ALL_REFUSED:
        return None
    illegal = [token for tokens in by_reason.values() for token in tokens]
    return {"success": success, "failure": len(illegal), "illegal_tokens": illegal}


def _right(call: Call, message: Mapping[str, Any], tokens: list[str]) -> Refusal | None:
    """HIGH urgency of a data message needs a special permission."""
    if message.get("android", {}).get("urgency") != "HIGH":
        return None
    if body.is_notification(message):
        call.note("urgency is for data messages only.")
        return None
    if scenarios.lacks(call, "high-priority", tokens, handsets.PHONES.scenario_of):
        return Refusal("80300011", "high-priority-right")
    return None


def _test_quota(call: Call, caller: Caller, message: Mapping[str, Any]) -> Refusal | None:
    if message.get("android", {}).get("target_user_type") != 1:
        return None
    if counted(call.world, f"test messages of {caller.app or caller.project}") <= TEST_MESSAGES_A_DAY:
        return None
    return Refusal("http/503", "test-quota", f"over {TEST_MESSAGES_A_DAY} a day; how the service says so is unproved")


def _classify(call: Call, message: Mapping[str, Any], tokens: list[str]) -> None:
    """Note what a device would make of the class; the answer never tells."""
    android = message.get("android", {})
    if not body.is_notification(message) or android.get("target_user_type") == 1:
        return
    if android.get("category", "MARKETING") != "MARKETING":
        call.note(f"category {android['category']}: without the self-classification right it is shown as MARKETING.")
        return
    for token in filter(handsets.PHONES.scenarios.__contains__, tokens):
        if counted(call.world, f"marketing {token}") > 2:
            call.note("Over 2 marketing messages today: a device of an app that is no news app would not show it.")
