"""``messages:send`` of v3 and ``messages:revoke``, behind the look at who is asking.

Order: push-type, JSON, required members and types, size, number of tokens, rights and quotas, every token (a
convention: no page says it).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal, counted
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei import emulator_tokens as tokens_of
from pushctl.vendors._huawei.emulator_answers import ALL_REFUSED, json_body, refused
from pushctl.vendors._huawei.emulator_schema import Walk, array, integer, present, record, text
from pushctl.vendors.harmony import emulator_body as body
from pushctl.vendors.harmony import emulator_handsets as handsets
from pushctl.vendors.harmony.emulator_credentials import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.emulated import Act

TEST_MESSAGES_A_DAY = 1000
TEST_TOKENS = 10
_REVOKE = record({"notifyId": integer(0, 2**31 - 1), "token": array(text())}, ["notifyId", "token"])


def send(call: Call, project: str) -> Act:
    """Answer a message of any push-type.

    :param project: that of the caller.
    """
    kind = call.seen.header("push-type") or ""
    document = json_body(call)
    if kind not in body.PUSH_TYPES:
        known = ", ".join(body.PUSH_TYPES)
        return refused(call, Refusal("80100001", "push-type", f"{kind!r} is none of {known}; the code is unproved"))
    if isinstance(document, Refusal):
        return refused(call, document)
    document = present(document, ["formData", "activityData"])
    refusal = body.check(call, kind, document)
    if refusal is not None:
        return refused(call, refusal)
    tokens: list[str] = document["target"]["token"]
    options = document.get("pushOptions", {})
    refusal = (
        tokens_of.too_large(document, "target")
        or tokens_of.too_many(tokens, body.PUSH_TYPES[kind].most)
        or _test_message(call, project, options, tokens)
    )
    if refusal is not None:
        return refused(call, refusal)
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    reason = _right(call, kind, document["payload"], tokens)
    if not reason and not options.get("testMessage"):
        _classify(call, kind, document["payload"], tokens)
    return _deliver(call, project, tokens, reason)


def revoke(call: Call, project: str) -> Act:
    """Take back a notification or a spoken message. The code of a refusal is that of the page's specimen."""
    if call.seen.header("push-type") not in ("0", "2"):
        return refused(call, Refusal("80100001", "push-type", "only 0 and 2 can be revoked; the code is unproved"))
    document = json_body(call)
    if isinstance(document, Refusal):
        return refused(call, document)
    tokens = document.get("token")
    refusal = _REVOKE(document, "", Walk(call.world.strict)) or tokens_of.too_large(document, "")
    if refusal is None and isinstance(tokens, list):
        refusal = tokens_of.too_many(tokens)
    if refusal is not None or not isinstance(tokens, list):
        return refused(call, refusal or Refusal("80300010", "token-count"))
    forced = scenarios.forced(call, "checked")
    call.note("Whether such a message was ever sent is not looked at; what the service says then is unproved.")
    return forced or _deliver(call, project, tokens, "")


def _deliver(call: Call, project: str, tokens: list[str], reason: str) -> Act:
    """:param reason: what all tokens are refused for, or ""."""
    reason_of = partial(handsets.reason_of, own=project == PROJECT)
    return tokens_of.deliver(call, tokens, lambda token: reason or reason_of(token), handsets.PHONES.scenario_of, _told)


def _told(code: str, success: int, by_reason: Mapping[str, list[str]]) -> Any:
    """A map from reason to tokens; without ``success`` where there is none."""
    failure = sum(map(len, by_reason.values()))
    if code == ALL_REFUSED:
        return {"failure": failure, "illegalTokens": by_reason}
    return {"illegalTokens": by_reason, "success": success, "failure": failure}


def _test_message(call: Call, project: str, options: Mapping[str, Any], tokens: list[str]) -> Refusal | None:
    if not options.get("testMessage"):
        return None
    if len(tokens) > TEST_TOKENS:
        return Refusal("80300030", "test-tokens", f"{len(tokens)} tokens, {TEST_TOKENS} are allowed")
    if counted(call.world, f"test messages of {project}") > TEST_MESSAGES_A_DAY:
        return Refusal("80300029", "test-quota", f"over {TEST_MESSAGES_A_DAY} a day")
    return None


def _right(call: Call, kind: str, payload: Mapping[str, Any], tokens: list[str]) -> str:
    """The reason that all tokens are refused for, because a right is missing or the class does not fit."""
    if payload.get("notification", {}).get("category") == "PLAY_VOICE" and kind != "2":
        return "notSupportPlayVoice"
    right = body.PUSH_TYPES[kind].right
    if not right or not scenarios.lacks(call, right, tokens, handsets.PHONES.scenario_of):
        return ""
    return "noRightToSendThisLiveNotificationEvent" if kind == "7" else "noPushTypeRight"


def _classify(call: Call, kind: str, payload: Mapping[str, Any], tokens: list[str]) -> None:
    """Note what a device would make of the class; the answer never tells."""
    category = payload.get("notification", {}).get("category")
    if kind != "0" or category is None:
        return
    if category != "MARKETING":
        call.note(f"category {category}: without the self-classification right it is shown as MARKETING.")
        return
    for token in filter(handsets.PHONES.scenarios.__contains__, tokens):
        if counted(call.world, f"marketing {token}") > 2:
            call.note("Over 2 marketing messages today: the device would drop it (receipt 256), but for a news app.")
