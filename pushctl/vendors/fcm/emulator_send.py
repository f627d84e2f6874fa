"""``POST /v1/projects/{project}/messages:send``: the checks, the device behind the token, the acceptance.

Order: credential and project, JSON, message, device. No page says so (unproved).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_http import clock
from pushctl.vendors.fcm import emulator_access as access
from pushctl.vendors.fcm import emulator_groups as groups
from pushctl.vendors.fcm import emulator_message as messages
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm import emulator_schema as schema
from pushctl.vendors.fcm import emulator_topics as topics
from pushctl.vendors.fcm.emulator_answers import Call, Refusal, accepted, number_of, project_of, refused
from pushctl.vendors.fcm.emulator_handsets import FID, PACKAGE, TOKEN, Device, find

if TYPE_CHECKING:
    from pushctl.core.emulated import Act, World

MAX_BODY = 1024 * 1024
"""Bytes; where the real front end draws the line is not known ("a megabyte", bloomberg.github.io/pushiko)."""
RATES = (("minute", 240, 60.0), ("hour", 5000, 3600.0))
"""Messages to one Android device, and in how many seconds (cloud-messaging/throttling-and-quotas)."""


def send(call: Call) -> Act:
    """Answer a push."""
    act = access.stopped(call)
    if act is not None:
        return act
    found = _message(call)
    if isinstance(found, Refusal):
        return refused(call, found)
    message, validate_only = found
    late = scenarios.forced(call, scenarios.BOOK.of(call.world), "checked")
    if late is not None:
        return late
    if "topic" in message or "condition" in message:
        return _to_topics(call, message, validate_only=validate_only)
    return _to_device(call, message, validate_only=validate_only)


def _message(call: Call) -> tuple[Mapping[str, Any], bool] | Refusal:
    """The message and whether it is a dry run, or what is wrong with the body."""
    if len(call.seen.body) > MAX_BODY:
        return Refusal("HTTP_413", "body-size", "where the real line is drawn is unproved")
    kind = (call.seen.header("content-type") or "application/json").partition(";")[0].strip().casefold()
    if kind == "application/x-www-form-urlencoded" and call.seen.body:
        name = call.seen.body[:200].decode("utf-8", "replace")
        why = "Cannot bind query parameter. Field could not be found in request message."
        said = f'Invalid JSON payload received. Unknown name "{name}": {why}'
        return Refusal("INVALID_ARGUMENT/unknown-field", "body-kind", "curl -d without a type", said, (("", said),))
    document = schema.parse(call.seen.body)
    made = document if isinstance(document, Refusal) else schema.read(document)
    if isinstance(made, Refusal):
        return made
    message = made.get("message", {})
    return messages.wrong(message, strict=call.world.strict) or (message, made.get("validate_only", False))


def _to_topics(call: Call, message: Mapping[str, Any], *, validate_only: bool) -> Act:
    named = message.get("topic")
    meant = topics.condition_of(message["condition"]) if named is None else topics.in_topic(named)
    devices = [] if isinstance(meant, str) else topics.subscribers(call.world, meant)
    if not validate_only:
        _reach(call.world, devices)
    call.note(f"{len(devices)} subscribers of this sandbox would get it.")
    return _accepted(call, str(int(clock(call.world) * 1e6) * 1000), validate_only=validate_only)


def _to_device(call: Call, message: Mapping[str, Any], *, validate_only: bool) -> Act:
    group = groups.members(call.world, message.get("token", ""))
    if group is not None:
        call.note(f"A device group of {len(group)}.")
        if not validate_only:
            _reach(call.world, group)
        return _accepted(call, _number(call), validate_only=validate_only)
    device = device_of(message)
    if isinstance(device, Refusal):
        return refused(call, device)
    scenario = scenarios.BOOK.all.get(device.scenario)
    refusal = scenarios.expired(call, scenario)
    if refusal is not None:
        return refused(call, refusal)
    act = scenarios.enact(call, scenario) if scenario is not None else None
    act = act or _finish(call, message, device, validate_only=validate_only)
    return scenes.flavoured(act, scenario)


def device_of(message: Mapping[str, Any]) -> Device | Refusal:
    """The device of a message's token or fid, or why there is none."""
    named = message.get("token") or message.get("fid") or ""
    device = find(named, scenarios.by_device())
    if device is not None and device.sender:
        return Refusal("SENDER_ID_MISMATCH", "sender")
    if device is not None and (named == device.token) is ("token" in message):
        return device
    if "token" in message and not TOKEN.fullmatch(named):
        return Refusal("INVALID_ARGUMENT/registration-token", "token-form")
    if "fid" in message and not FID.fullmatch(named):
        said = "The installation id is not a valid Firebase installation ID"
        return Refusal("INVALID_ARGUMENT", "fid-form", "unproved", said, (("message.fid", said),))
    return Refusal("UNREGISTERED", "token-known", "well-formed, and nobody's; FCM may say INVALID_ARGUMENT instead")


def _finish(call: Call, message: Mapping[str, Any], device: Device, *, validate_only: bool) -> Act:
    """The last checks, those that need the device, then the acceptance."""
    refusal = _package(call, message, device)
    if refusal is None and device.kind == "ios":
        refusal = messages.apple_wrong(message)
    if refusal is None and device.kind == "android":
        refusal = _rate(call.world, device)
    if refusal is not None:
        return refused(call, refusal)
    _remark(call, message, device)
    if not validate_only:
        _reach(call.world, [device.token])
    return _accepted(call, _message_id(call, device), validate_only=validate_only)


def _package(call: Call, message: Mapping[str, Any], device: Device) -> Refusal | None:
    """``restricted_package_name``; a profile that runs against this world may name an app of its own."""
    android = message.get("android") or message.get("android_v2") or {}
    named = android.get("restricted_package_name")
    own = call.world.app.get("package_name") or PACKAGE
    if not named or device.kind != "android" or named == own:
        return None
    return Refusal("INVALID_ARGUMENT/package", "package-name", "the words are unproved")


def _rate(world: World, device: Device) -> Refusal | None:
    """Token buckets that fill evenly. Dry runs count as well (one source)."""
    buckets: dict[tuple[str, str], tuple[float, float]] = world.state.setdefault("device buckets", {})
    now = world.now()
    levels = {}
    for name, size, seconds in RATES:
        level, when = buckets.get((device.fid, name), (float(size), now))
        levels[name] = min(float(size), level + (now - when) * size / seconds)
    if any(level < 1 for level in levels.values()):
        return Refusal("QUOTA_EXCEEDED", "device-rate", "no full body of FCM's was ever seen; the details are expected")
    buckets.update({(device.fid, name): (level - 1, now) for name, level in levels.items()})
    return None


def _remark(call: Call, message: Mapping[str, Any], device: Device) -> None:
    """What a device would have made of it, for the journal."""
    if device.kind != "android" or "notification" in message or "notification" in message.get("android", {}):
        return
    if "android_v2" not in message and message.get("android", {}).get("priority") != "HIGH":
        call.note("A data message of normal priority: a phone that sleeps gets it later.")


def _reach(world: World, devices: list[str]) -> None:
    reached: dict[str, int] = world.state.setdefault("reached", {})
    for device in devices:
        reached[device] = reached.get(device, 0) + 1


def _accepted(call: Call, message_id: str, *, validate_only: bool) -> Act:
    if validate_only:
        call.note("validate_only: nothing is delivered.")
        message_id = "fake_message_id"
    project = project_of(call.world) if call.project == number_of(call.world) else call.project
    return accepted(call, "accepted", {"name": f"projects/{project}/messages/{message_id}"})


def _number(call: Call) -> str:
    return str(int(clock(call.world) * 1e6))


def _message_id(call: Call, device: Device) -> str:
    """The shapes that were seen, by platform (one source)."""
    if device.kind == "android":
        made = call.world.nonce(8).hex()
        return f"0:{_number(call)}%{made}"
    return _number(call) if device.kind == "ios" else str(uuid.UUID(bytes=call.world.nonce(16), version=4))
