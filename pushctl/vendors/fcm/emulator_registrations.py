"""``/v1/projects/{project}/registrations/{token or fid}/topicSubscriptions``: the topic API of 2026.

Sources: fcm/fcmtopics/rest (names, ALREADY_EXISTS, allow_missing), firebase-admin-python:firebase_admin/messaging.py
(what it sends and takes). The list's key has one source; paging is as in Google's other APIs (unproved).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pushctl.core.emulated_http import clock
from pushctl.vendors.fcm import emulator_access as access
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm import emulator_schema as schema
from pushctl.vendors.fcm.emulator_answers import Call, Refusal, accepted, refused
from pushctl.vendors.fcm.emulator_handsets import FID
from pushctl.vendors.fcm.emulator_send import device_of
from pushctl.vendors.fcm.emulator_topics import MAX_TOPICS, TOPIC, subscriptions

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

PAGE = 100
MAX_PAGE = 1000
_VERBS = {"POST": "create", "DELETE": "delete", "PATCH": "update"}


def serve(call: Call, registration: str, topic: str | None) -> Act:
    """Answer a question about one device's topics."""
    registration = unquote(registration)
    verb = _VERBS.get(call.seen.method, "list" if topic is None else "get")
    call.method = f"google.firebase.fcm.v1.TopicSubscriptionService.{verb.capitalize()}TopicSubscription"
    call.permission = f"cloudmessaging.topicSubscriptions.{verb}"
    act = access.stopped(call)
    if act is not None:
        return act
    late = scenarios.forced(call, scenarios.BOOK.of(call.world), "checked")
    if late is not None:
        return late
    device = device_of({"fid" if FID.fullmatch(registration) else "token": registration})
    if isinstance(device, Refusal):
        return refused(call, device)
    scenario = scenarios.by_device().get(device.scenario)
    refusal = scenarios.expired(call, scenario)
    act = refused(call, refusal) if refusal else (scenarios.enact(call, scenario) if scenario else None)
    if act is not None:
        return act
    name = call.query.get("topic_name", call.query.get("topicName", "")) if verb == "create" else unquote(topic or "")
    if verb == "list":
        return _list(call, registration, subscriptions(call.world, device.token))
    if not TOPIC.fullmatch(name):
        return refused(call, Refusal("INVALID_ARGUMENT/topic", "topic-form", "the words are unproved"))
    return _CHANGES[verb](call, registration, name, subscriptions(call.world, device.token))


def _create(call: Call, registration: str, topic: str, held: dict[str, float]) -> Act:
    document = schema.parse(call.seen.body)
    if isinstance(document, Refusal):
        return refused(call, document)
    if topic in held:
        return refused(call, Refusal("ALREADY_EXISTS", "subscription-new"))
    return _subscribe(call, registration, topic, held)


def _subscribe(call: Call, registration: str, topic: str, held: dict[str, float]) -> Act:
    if len(held) >= MAX_TOPICS:
        return refused(call, Refusal("RESOURCE_EXHAUSTED", "topics-of-device", f"{MAX_TOPICS}; the code is unproved"))
    held[topic] = clock(call.world)
    return accepted(call, "subscribed", _row(call, registration, topic, held[topic]))


def _update(call: Call, registration: str, topic: str, held: dict[str, float]) -> Act:
    if topic in held:
        return accepted(call, "subscribed", _row(call, registration, topic, held[topic]))
    if call.query.get("allow_missing", call.query.get("allowMissing")) != "true":
        return refused(call, Refusal("NOT_FOUND", "subscription-exists"))
    return _subscribe(call, registration, topic, held)


def _delete(call: Call, _registration: str, topic: str, held: dict[str, float]) -> Act:
    missing = topic not in held
    if missing and call.query.get("allow_missing", call.query.get("allowMissing")) != "true":
        return refused(call, Refusal("NOT_FOUND", "subscription-exists"))
    held.pop(topic, None)
    return accepted(call, "unsubscribed", {})


def _get(call: Call, registration: str, topic: str, held: dict[str, float]) -> Act:
    if topic not in held:
        return refused(call, Refusal("NOT_FOUND", "subscription-exists"))
    return accepted(call, "subscription", _row(call, registration, topic, held[topic]))


_CHANGES = {"create": _create, "update": _update, "delete": _delete, "get": _get}


def _list(call: Call, registration: str, held: dict[str, float]) -> Act:
    size = call.query.get("page_size", call.query.get("pageSize", ""))
    start = call.query.get("page_token", call.query.get("pageToken", "0")) or "0"
    if not start.isdecimal() or not (size or "0").isdecimal():
        return refused(call, Refusal("INVALID_ARGUMENT", "page"))
    most = min(int(size or 0) or PAGE, MAX_PAGE)
    rows = [_row(call, registration, topic, since) for topic, since in held.items()]
    told: dict[str, Any] = {"topicSubscriptions": rows[int(start) : int(start) + most]}
    if int(start) + most < len(rows):
        told["nextPageToken"] = str(int(start) + most)
    return accepted(call, "subscriptions", told)


def _row(call: Call, registration: str, topic: str, since: float) -> dict[str, str]:
    from datetime import UTC, datetime

    when = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    name = f"projects/{call.project}/registrations/{registration}/topicSubscriptions/{topic}"
    return {"name": name, "topic_name": topic, "create_time": when}
