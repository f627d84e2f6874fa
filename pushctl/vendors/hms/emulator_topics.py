"""Topics and single tokens in the emulated Push Kit: ``topic:subscribe|unsubscribe|list``, ``token:query|delete``.

Sources: HMSCore-References/topic-sub-api-0000001051066122, query-data-api-0000001051066126, HMS-References/
push-topicsubscribeapi. What a call says of a token that is none, the pages do not tell: unproved throughout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Call, Refusal, today
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei.emulator_answers import TEXTS, accepted, envelope, json_body, refused
from pushctl.vendors._huawei.emulator_tokens import MAX_TOKENS
from pushctl.vendors.hms import emulator_handsets as handsets
from pushctl.vendors.hms.emulator_credentials import PROJECT
from pushctl.vendors.hms.emulator_message import is_topic

if TYPE_CHECKING:
    from pushctl.vendors.hms.emulator_oauth import Caller

MAX_TOPICS = 2000
Topics = dict[str, dict[str, str]]
"""Topic to its tokens, and the day since when."""


def answer(call: Call, caller: Caller, interface: str) -> Act:
    """Answer one of the interfaces of :data:`INTERFACES`."""
    document = json_body(call)
    if isinstance(document, Refusal):
        return refused(call, document)
    forced = scenarios.forced(call, "checked")
    return forced or INTERFACES[interface](call, caller, document)


def _topics(call: Call, caller: Caller) -> Topics:
    kept: dict[str, Topics] = call.world.state.setdefault("topics", {})
    return kept.setdefault(caller.project, {})


def _subscribe(call: Call, caller: Caller, document: Mapping[str, Any]) -> Act:
    topics = _topics(call, caller)
    refusal = _checked(document)
    if refusal is None and document["topic"] not in topics and len(topics) >= MAX_TOPICS:
        refusal = Refusal("82000009", "topic-limit")
    if refusal is not None:
        return refused(call, refusal)
    tokens = topics.setdefault(document["topic"], {})
    return _changed(call, caller, document, lambda token: tokens.setdefault(token, today(call.world)))


def _unsubscribe(call: Call, caller: Caller, document: Mapping[str, Any]) -> Act:
    refusal = _checked(document)
    if refusal is not None:
        return refused(call, refusal)
    tokens = _topics(call, caller).get(document["topic"], {})
    return _changed(call, caller, document, lambda token: tokens.pop(token, None))


def _checked(document: Mapping[str, Any]) -> Refusal | None:
    topic, tokens = document.get("topic"), document.get("tokenArray")
    if not isinstance(topic, str) or not is_topic(topic):
        return Refusal("82000007", "topic-form")
    if tokens is None:
        return Refusal("82000003", "tokens-present")
    if not isinstance(tokens, list) or not 1 <= len(tokens) <= MAX_TOKENS:
        return Refusal("82000008", "tokens-count")
    return None


def _changed(call: Call, caller: Caller, document: Mapping[str, Any], change: Callable[[str], object]) -> Act:
    """Tokens that are none stand in ``errors`` by their index. When all are, the code says so (unproved)."""
    errors = []
    for index, token in enumerate(document["tokenArray"]):
        reason = _wrong(token, caller)
        if reason:
            errors.append({"index": index, "reason": f"invalid token: {reason}"})
        else:
            change(token)
    done = len(document["tokenArray"]) - len(errors)
    counts = {"successCount": done, "failureCount": len(errors), "errors": errors}
    if done:
        return accepted(call, "topic-changed", **counts)
    response = envelope(call, "82000010", TEXTS.get("82000010", "Some tokens are wrong"), **counts)
    return Act(response, rule="topic-tokens", code="82000010", note="no token of the call is good; code unproved")


def _list(call: Call, caller: Caller, document: Mapping[str, Any]) -> Act:
    refusal = _one(document, caller)
    return refused(call, refusal) if refusal else accepted(call, "topics", topics=_of(call, caller, document["token"]))


def _query(call: Call, caller: Caller, document: Mapping[str, Any]) -> Act:
    refusal = _one(document, caller)
    if refusal is not None:
        return refused(call, refusal)
    token = document["token"]
    aaid = hashlib.sha256(f"aaid {token}".encode()).hexdigest()[:32]
    return accepted(call, "token-known", aaId=aaid, topics=_of(call, caller, token))


def _delete(call: Call, caller: Caller, document: Mapping[str, Any]) -> Act:
    refusal = _one(document, caller)
    if refusal is not None:
        return refused(call, refusal)
    for tokens in _topics(call, caller).values():
        tokens.pop(document["token"], None)
    return accepted(call, "token-erased")


def _one(document: Mapping[str, Any], caller: Caller) -> Refusal | None:
    token = document.get("token")
    if not isinstance(token, str) or not token:
        return Refusal("82000011", "token-present")
    reason = _wrong(token, caller)
    return Refusal("80300007", "token-known", f"{reason}; which code comes is unproved") if reason else None


def _wrong(token: object, caller: Caller) -> str:
    if not isinstance(token, str):
        return "no string"
    return handsets.reason_of(token, own=caller.project == PROJECT)


def _of(call: Call, caller: Caller, token: str) -> list[dict[str, str]]:
    rows = _topics(call, caller).items()
    return [{"name": name, "addDate": tokens[token]} for name, tokens in rows if token in tokens]


INTERFACES: Mapping[str, Callable[[Call, Caller, Mapping[str, Any]], Act]] = {
    "topic:subscribe": _subscribe,
    "topic:unsubscribe": _unsubscribe,
    "topic:list": _list,
    "token:query": _query,
    "token:delete": _delete,
}
"""The last part of the path, and what answers it; all of them in v1 only."""
