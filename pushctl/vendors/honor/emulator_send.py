"""``sendMessage`` behind the look at who is asking.

Order: the header ``timestamp``, JSON, fields and limits, the quota of test messages, every token (a convention).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal, counted
from pushctl.core.emulated_phones import deciding
from pushctl.vendors._huawei.emulator_schema import present
from pushctl.vendors.honor import emulator_body as body
from pushctl.vendors.honor import emulator_handsets as handsets
from pushctl.vendors.honor import emulator_scenarios as scenarios
from pushctl.vendors.honor.emulator_answers import (
    ACCEPTED,
    PARAMETER,
    SOME_REFUSED,
    STRUCTURE,
    Call,
    delivered,
    refused,
    sorted_out,
)

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

TEST_MESSAGES_A_DAY = 1000
MARKETING_A_DAY = 2
CLOCK_S = 3600
"""How far the timestamp may be off, seconds. Nothing says that Honor looks at it at all: unproved."""


def send(call: Call, app: str) -> Act:
    """Answer a push of this app to a list of tokens."""
    refusal = _timestamp(call)
    document = _json(call.seen.body)
    if refusal is None and document is None:
        refusal = Refusal(STRUCTURE, "json", "the body is no JSON object; which code says so is unproved")
    if refusal is None and document is not None:
        refusal = body.check(call, document) or _test_quota(call, document)
    if refusal is not None or document is None:
        return refused(call, refusal or Refusal(STRUCTURE, "json"))
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    _classify(call, document)
    return _deliver(call, app, document["token"])


def _json(content: bytes) -> dict[str, Any] | None:
    """The body without what is null: zandala88/honor-push writes ``"android": null`` for a data message."""
    try:
        document = present(json.loads(content))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _timestamp(call: Call) -> Refusal | None:
    """Required, in milliseconds, where the world is strict: the sources disagree, as two clients send seconds, one
    nothing, and all say that they work."""
    given = call.seen.header("timestamp")
    if given is not None and given.isascii() and given.isdecimal() and len(given) == 13:
        off = int(given) / 1000 - call.now
        if abs(off) <= CLOCK_S:
            return None
        why = f"timestamp is {abs(off) / 60:.0f} minutes {'ahead' if off > 0 else 'late'}"
    else:
        why = "timestamp is missing" if given is None else "timestamp is not in milliseconds (13 digits)"
    if call.world.strict:
        return Refusal(PARAMETER, "timestamp", f"{why}; that Honor minds is unproved", why)
    call.note(f"{why}, which is let pass.")
    return None


def _test_quota(call: Call, document: Mapping[str, Any]) -> Refusal | None:
    if document.get("android", {}).get("targetUserType") != 1:
        return None
    tokens = len(document["token"])
    if counted(call.world, f"test messages of {call.app_id}", tokens) <= TEST_MESSAGES_A_DAY:
        return None
    return Refusal("http/503", "test-quota", f"over {TEST_MESSAGES_A_DAY} a day; how Honor says so is unproved")


def _classify(call: Call, document: Mapping[str, Any]) -> None:
    """Note what a device would make of the class; the answer never tells."""
    android = document.get("android", {})
    if not body.is_notification(document) or android.get("targetUserType") == 1:
        return
    importance = android.get("notification", {}).get("importance")
    if importance == "NORMAL":
        call.note("importance NORMAL: without the self-classification right it is shown as marketing.")
        return
    for token in filter(handsets.PHONES.scenarios.__contains__, document["token"]):
        if counted(call.world, f"marketing {token}") > MARKETING_A_DAY:
            call.note("Over 2 marketing messages today: the device would drop it (receipt 40000009).")


def _deliver(call: Call, app: str, tokens: list[str]) -> Act:
    """Decide every token's fate, and answer. A token whose scenario is about more than itself decides for all."""
    run = scenarios.BOOK.of(call.world)
    acting = deciding(tokens, handsets.PHONES.scenario_of)
    late = scenarios.expired(call, acting)
    performed = refused(call, late) if late else scenarios.enact(call, acting) if acting is not None else None
    if performed is not None:
        return scenes.flavoured(performed, acting)
    always = str(run.act.get("reason", "")) if run is not None else ""
    reasons = {token: always or handsets.reason_of(token, app) for token in tokens}
    partial = any(each is not None and each.act.get("answer") == SOME_REFUSED for each in (run, acting))
    if partial:
        reasons[tokens[-1]] = reasons[tokens[-1]] or "bad"
    expired = [token for token, reason in reasons.items() if reason == "dead"]
    failed = [token for token, reason in reasons.items() if reason not in ("", "dead")]
    left = len(reasons) - len(expired) - len(failed)
    if not expired and not failed:
        return scenes.flavoured(delivered(call, ACCEPTED), acting)
    taken = max(left, 1) if partial else left  # the scenario says so even of a single token
    return scenes.flavoured(sorted_out(call, taken, expired, failed), acting)
