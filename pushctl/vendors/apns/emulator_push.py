"""``POST /3/device/<token>``: the checks in APNs' order, and the acceptance.

Order: method, path, authentication, headers, topic, token, payload (no page says so: inferred from
reports, medium confidence).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl.core import scenes
from pushctl.vendors.apns import emulator_auth as auth
from pushctl.vendors.apns import emulator_scenarios as scenarios
from pushctl.vendors.apns.emulator_answers import (
    FULL_STREAMS,
    Call,
    Check,
    Refusal,
    accepted,
    is_uuid,
    refused,
    unique_id,
)
from pushctl.vendors.apns.emulator_credentials import OTHER_TEAM, TEAM
from pushctl.vendors.apns.emulator_handsets import KINDS, OTHER_APP, PUSH_TYPES, directory, split_topic

if TYPE_CHECKING:
    from pushctl.core.emulated import Act, Scenario

MAX_COLLAPSE_ID = 64
PREFIX = "/3/device"
OTHER_TEAMS_BUNDLE = "com.example.other-team"
"""This bundle id, and those below it, belong to the other team."""
_BUNDLE = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LOOKS_LIKE_SUFFIX = re.compile(r"\.(push-type|pushkit)\.")


def push(call: Call) -> Act:
    """Answer a push to one device."""
    name = call.world.scenario
    refusal = auth.authenticate(call) or scenarios.expire_first_token(call, name)
    if refusal is not None:
        return refused(call, refusal)
    early = scenarios.forced(call, name, "authenticated")
    if early is not None:
        return early
    for check in (*HEADER_CHECKS, *TOPIC_CHECKS):
        refusal = check(call)
        if refusal is not None:
            return refused(call, refusal)
    late = scenarios.forced(call, name, "checked")
    if late is not None:
        return late
    found = _device(call)
    if isinstance(found, Refusal):
        return refused(call, found)
    return scenes.flavoured((scenarios.enact(call, found) if found else None) or _finish(call), found)


def _device(call: Call) -> Refusal | Scenario | None:
    """Look at the token: what is wrong with it, or which scenario it stands for, or None for a live one."""
    token = call.seen.path[len(PREFIX) + 1 :]
    if not token:
        return Refusal("MissingDeviceToken", "token-present")
    known = directory(tuple(scenarios.BOOK.all)).get(token.lower())
    if known is None:
        return Refusal("BadDeviceToken", "token-known", "no such token here")
    environment, kind, name = known
    if environment != call.listener.environment:
        return Refusal("BadDeviceToken", "token-environment", f"a token of {environment}")
    bundle, suffix = split_topic(_topic(call))
    if suffix != PUSH_TYPES[KINDS[kind][0]].suffix or split_topic(bundle)[1]:
        return Refusal("DeviceTokenNotForTopic", "token-kind", f"a token of the kind {kind}")
    if name == "wrong-topic" and bundle == OTHER_APP:
        return None
    return scenarios.expire_first_token(call, name) or scenarios.BOOK.all.get(name)


def _finish(call: Call) -> Act:
    """The last check, the payload's, then the acceptance."""
    refusal = _payload(call)
    if refusal is not None:
        return refused(call, refusal)
    act = accepted(call, "accepted", extra=unique_id(call))
    return replace(act, max_streams=FULL_STREAMS) if auth.remember_signer(call) else act


def _duplicates(call: Call) -> Refusal | None:
    counts = Counter(name for name, _ in call.seen.headers if name != "cookie")
    repeated = next((name for name, count in counts.items() if count > 1), None)
    return Refusal("DuplicateHeaders", "headers-once", f"{repeated} is repeated") if repeated else None


def _apns_id(call: Call) -> Refusal | None:
    given = call.seen.header("apns-id")
    return Refusal("BadMessageId", "apns-id-uuid") if given is not None and not is_uuid(given) else None


def _push_type(call: Call) -> Refusal | None:
    given = call.seen.header("apns-push-type")
    if given is None:
        call.note("Without apns-push-type iOS 13 and later lose a background push.")
        return None
    return Refusal("InvalidPushType", "push-type-known") if given not in PUSH_TYPES else None


def _priority(call: Call) -> Refusal | None:
    given = call.seen.header("apns-priority")
    if given not in (None, "10", "5", "1"):
        return Refusal("BadPriority", "priority-known")
    push_type = call.seen.header("apns-push-type") or ""
    wanted = PUSH_TYPES.get(push_type)
    if wanted is None or (given or "10") in wanted.priorities:
        return None
    if call.world.strict:
        return Refusal("BadPriority", "priority-of-push-type", f"{push_type} wants 5; reports disagree")
    call.note(f"{push_type} with priority {given or '10 (the default)'}: a device would not get it.")
    return None


def _expiration(call: Call) -> Refusal | None:
    given = call.seen.header("apns-expiration")
    if given is None:
        return None
    if not (given.isascii() and given.isdigit()):
        return Refusal("BadExpirationDate", "expiration-integer")
    if 0 < int(given) < call.world.now():
        call.note("apns-expiration is in the past: a device that is not online would not get it.")
    return None


def _collapse_id(call: Call) -> Refusal | None:
    given = call.seen.header("apns-collapse-id") or ""
    size = len(given.encode("utf-8", "surrogateescape"))
    return Refusal("BadCollapseId", "collapse-id-size", f"{size} bytes") if size > MAX_COLLAPSE_ID else None


HEADER_CHECKS: tuple[Check, ...] = (_duplicates, _apns_id, _push_type, _priority, _expiration, _collapse_id)


def _topic(call: Call) -> str:
    """The topic of the header, or a single-topic certificate's own."""
    given = call.seen.header("apns-topic")
    certificate = auth.certificate_of(call)
    if given is None and certificate is not None and len(certificate.topics) == 1:
        return certificate.topics[0]
    return given or ""


def _topic_form(call: Call) -> Refusal | None:
    topic = _topic(call)
    if not topic:
        return Refusal("MissingTopic", "topic-present")
    if not _BUNDLE.fullmatch(topic):
        return Refusal("BadTopic", "topic-form")
    if _LOOKS_LIKE_SUFFIX.search(topic) and not split_topic(topic)[1]:
        return Refusal("BadTopic", "topic-suffix-known", "a suffix that no push type has; unproved")
    return None


def _topic_of_push_type(call: Call) -> Refusal | None:
    wanted = PUSH_TYPES.get(call.seen.header("apns-push-type") or "")
    suffix = split_topic(_topic(call))[1]
    if wanted is None or suffix == wanted.suffix:
        return None
    return Refusal("TopicDisallowed", "topic-of-push-type", f"the topic wants {wanted.suffix or 'no suffix'}; unproved")


def _topic_of_credential(call: Call) -> Refusal | None:
    topic = _topic(call)
    certificate = auth.certificate_of(call)
    if certificate is not None:
        if topic in auth.own(certificate.topics, call.world):
            return None
        return Refusal("TopicDisallowed", "topic-of-certificate", "reports from the field; pushy's mock says BadTopic")
    bundle = split_topic(topic)[0]
    if auth.team_of(call) != owner(bundle):
        return Refusal("TopicDisallowed", "topic-of-team", "another team's bundle id; unproved")
    if not auth.allowed_bundle(call, bundle):
        return Refusal("TopicDisallowed", "topic-of-key", "not among the topics of the key; unproved")
    return None


TOPIC_CHECKS: tuple[Check, ...] = (_topic_form, _topic_of_push_type, _topic_of_credential)


def owner(bundle: str) -> str:
    """The team that a bundle id belongs to."""
    theirs = bundle == OTHER_TEAMS_BUNDLE or bundle.startswith(f"{OTHER_TEAMS_BUNDLE}.")
    return OTHER_TEAM if theirs else TEAM


def _payload(call: Call) -> Refusal | None:
    body = call.seen.body
    suffix = split_topic(_topic(call))[1]
    limit = next((each.limit for each in PUSH_TYPES.values() if each.suffix == suffix), 4096)
    if not body:
        return Refusal("PayloadEmpty", "payload-present")
    if len(body) > limit:
        return Refusal("PayloadTooLarge", "payload-size", f"{len(body)} bytes of {limit}")
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        call.note("The body is no JSON object; no reason is documented for that, so it is taken. Unproved.")
    return None
