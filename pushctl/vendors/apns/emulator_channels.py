"""Broadcast channels: management, publishing, and their errors.

Sources: usernotifications/sending-channel-management-requests-to-apns, …/sending-broadcast-push-notification-requests-
to-apns, …/handling-error-responses-from-apns.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
from pushctl.vendors.apns.emulator_handsets import split_topic
from pushctl.vendors.apns.emulator_push import owner

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

MAX_CHANNELS = 10_000
MAX_CHANNEL_ID = 64
"""Bytes of base64; the real length is not fixed and its limit not known."""
PAYLOAD_LIMIT = 5120
NO_BROADCAST = "com.example.no-broadcast"
"""The bundle id whose App ID lacks the broadcast capability."""
MANAGE = re.compile(r"/1/apps/([^/]+)/(channels|all-channels)")
PUBLISH = re.compile(r"/4/broadcasts/apps/([^/]+)")


def manage(call: Call) -> Act:
    """Answer a request for the channels of an app."""
    found = MANAGE.fullmatch(call.seen.path)
    if call.seen.method not in ("GET", "POST", "DELETE"):
        return refused(call, Refusal("MethodNotAllowed", "method"))
    if found is None:
        return refused(call, Refusal("BadPath", "path"))
    bundle, what = found[1], found[2]
    if what == "all-channels" and call.seen.method != "GET":
        return refused(call, Refusal("MethodNotAllowed", "method"))
    stopped = _admit(call, bundle)
    if stopped is not None:
        return stopped
    if what == "all-channels":
        told = {"channels": list(_channels(call, bundle))}
        return _welcome(call, accepted(call, "channels-listed", body=_json(told)))
    if call.seen.method == "POST":
        return _create(call, bundle)
    refusal = _channel(call, bundle)
    if refusal is not None:
        return refused(call, refusal)
    return _welcome(call, _read(call, bundle) if call.seen.method == "GET" else _delete(call, bundle))


def publish(call: Call, bundle: str) -> Act:
    """Answer a broadcast to a channel."""
    stopped = _admit(call, bundle)
    if stopped is not None:
        return stopped
    refusal = _channel(call, bundle)
    for check in PUBLISH_CHECKS:
        refusal = refusal or check(call)
    if refusal is None and _policy(call, bundle) == 0 and call.seen.header("apns-expiration") != "0":
        refusal = Refusal("BadExpirationDate", "storage-policy", "a channel without storage takes expiration 0 only")
    refusal = refusal or _body(call)
    if refusal is not None:
        return refused(call, refusal)
    return _welcome(call, accepted(call, "broadcast-accepted", extra=unique_id(call)))


def _admit(call: Call, bundle: str) -> Act | None:
    """Who is asking, for which app: what all calls share."""
    name = call.world.scenario
    refusal = auth.authenticate(call) or scenarios.expire_first_token(call, name)
    if refusal is not None:
        return refused(call, refusal)
    act = scenarios.forced(call, name, "authenticated") or scenarios.forced(call, name, "checked")
    if act is not None:
        return act
    refusal = _request_id(call) or _app(call, bundle)
    return refused(call, refusal) if refusal is not None else None


def _request_id(call: Call) -> Refusal | None:
    given = call.seen.header("apns-request-id")
    return Refusal("BadMessageId", "request-id-uuid") if given is not None and not is_uuid(given) else None


def _app(call: Call, bundle: str) -> Refusal | None:
    if split_topic(bundle)[1]:
        return Refusal("TopicDisallowed", "bundle-without-suffix")
    certificate = auth.certificate_of(call)
    theirs = certificate is not None and bundle not in auth.own(certificate.topics, call.world)
    if theirs or (certificate is None and auth.team_of(call) != owner(bundle)) or not auth.allowed_bundle(call, bundle):
        return Refusal("TopicMismatch", "bundle-of-credential")
    if bundle == NO_BROADCAST:
        return Refusal("FeatureNotEnabled", "broadcast-capability")
    return None


def _channels(call: Call, bundle: str) -> dict[str, int]:
    """The app's channels in this environment, id to storage policy. Channels do not cross environments."""
    key = f"channels {call.listener.environment} {bundle}"
    kept: dict[str, int] = call.world.state.setdefault(key, {})
    return kept


def _policy(call: Call, bundle: str) -> int:
    return _channels(call, bundle)[call.seen.header("apns-channel-id") or ""]


def _channel(call: Call, bundle: str) -> Refusal | None:
    given = call.seen.header("apns-channel-id")
    if not given:
        return Refusal("MissingChannelId", "channel-id-present")
    try:
        base64.b64decode(given.encode("utf-8", "surrogateescape"), validate=True)
    except (ValueError, binascii.Error):
        return Refusal("BadChannelId", "channel-id-base64")
    if len(given) > MAX_CHANNEL_ID:
        return Refusal("BadChannelId", "channel-id-size", "the real limit is not known")
    if given not in _channels(call, bundle):
        return Refusal("ChannelNotRegistered", "channel-known")
    return None


def _create(call: Call, bundle: str) -> Act:
    wanted = _wanted(call.seen.body)
    if isinstance(wanted, Refusal):
        return refused(call, wanted)
    channels = _channels(call, bundle)
    if len(channels) >= MAX_CHANNELS:
        return refused(call, Refusal("CannotCreateChannelConfig", "channel-limit", f"{MAX_CHANNELS} exist"))
    channel = base64.b64encode(call.world.nonce(16)).decode()
    channels[channel] = wanted["message-storage-policy"]
    return _welcome(call, accepted(call, "channel-created", 201, (("apns-channel-id", channel),)))


def _wanted(body: bytes) -> Mapping[str, Any] | Refusal:
    """The creation's body, or what is wrong with it."""
    if not body:
        return Refusal("PayloadEmpty", "channel-body-present")
    try:
        wanted = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal("BadRequestPayload", "channel-body-json")
    if not isinstance(wanted, dict):
        return Refusal("BadRequestPayload", "channel-body-object", "inferred")
    if wanted.keys() - {"message-storage-policy", "push-type"}:
        return Refusal("BadRequestParams", "channel-body-keys")
    if "push-type" not in wanted:
        return Refusal("MissingPushType", "channel-push-type", "inferred")
    if str(wanted["push-type"]).lower() != "liveactivity":
        return Refusal("InvalidPushType", "channel-push-type")
    policy = wanted.get("message-storage-policy")
    if policy not in (0, 1) or isinstance(policy, bool):
        return Refusal("BadRequestPayload", "channel-storage-policy", "0 or 1; the reason is inferred")
    return wanted


def _read(call: Call, bundle: str) -> Act:
    told = {"message-storage-policy": _policy(call, bundle), "push-type": "LiveActivity"}
    return accepted(call, "channel-read", body=_json(told))


def _delete(call: Call, bundle: str) -> Act:
    del _channels(call, bundle)[call.seen.header("apns-channel-id") or ""]
    return accepted(call, "channel-deleted", 204)


def _push_type(call: Call) -> Refusal | None:
    given = call.seen.header("apns-push-type")
    if given is None:
        return Refusal("MissingPushType", "broadcast-push-type")
    return None if given.lower() == "liveactivity" else Refusal("InvalidPushType", "broadcast-push-type")


def _priority(call: Call) -> Refusal | None:
    known = call.seen.header("apns-priority") in ("10", "5", "1")
    return None if known else Refusal("BadPriority", "broadcast-priority", "missing or unknown")


def _expiration(call: Call) -> Refusal | None:
    given = call.seen.header("apns-expiration") or ""
    if given.isascii() and given.isdigit():
        return None
    return Refusal("BadExpirationDate", "broadcast-expiration", "missing or no integer")


PUBLISH_CHECKS: tuple[Check, ...] = (_push_type, _priority, _expiration)


def _body(call: Call) -> Refusal | None:
    body = call.seen.body
    if not body:
        return Refusal("PayloadEmpty", "payload-present")
    if len(body) > PAYLOAD_LIMIT:
        return Refusal("PayloadTooLarge", "payload-size", f"{len(body)} bytes of {PAYLOAD_LIMIT}")
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal("BadRequestPayload", "payload-json")
    aps = parsed.get("aps") if isinstance(parsed, dict) else None
    if isinstance(aps, dict) and aps.get("event") == "start":
        call.note("A broadcast cannot start a Live Activity: nothing would happen.")
    return None


def _welcome(call: Call, act: Act) -> Act:
    return replace(act, max_streams=FULL_STREAMS) if auth.remember_signer(call) else act


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()
