"""The emulated devices of APNs: which tokens exist, what they are for, and which one a message needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pushctl.core.emulated import Handset, Scenario

if TYPE_CHECKING:
    from pushctl.core.message import Message

ENVIRONMENTS = ("sandbox", "production")
OTHER_APP = "com.example.another-app"
"""The bundle id that the tokens of the scenario ``wrong-topic`` were issued for."""


@dataclass(frozen=True, slots=True)
class PushType:
    """What APNs holds a push type to (usernotifications/sending-notification-requests-to-apns).

    :ivar suffix: what the topic ends with, behind the bundle id.
    :ivar priorities: what strict mode takes; "background" with 10 is "an error" (same page), other values with
        "fileprovider" are answered with one (APNSwift).
    :ivar limit: the body's size, bytes.
    """

    suffix: str = ""
    priorities: tuple[str, ...] = ("10", "5", "1")
    limit: int = 4096


PUSH_TYPES: Mapping[str, PushType] = {
    "alert": PushType(),
    "background": PushType(priorities=("5",)),
    "voip": PushType(".voip", limit=5120),
    "complication": PushType(".complication"),
    "fileprovider": PushType(".pushkit.fileprovider", priorities=("5",)),
    "mdm": PushType(),
    "liveactivity": PushType(".push-type.liveactivity"),
    "location": PushType(".location-query"),
    "pushtotalk": PushType(".voip-ptt"),
    "widgets": PushType(".push-type.widgets"),
    "controls": PushType(".push-type.controls"),
}

SUFFIXES = tuple(sorted({each.suffix for each in PUSH_TYPES.values() if each.suffix}, key=len, reverse=True))

KINDS: Mapping[str, tuple[str, str]] = {  # kind of handset: push type that fits, what it is
    "app": ("alert", "the app itself: alerts and background pushes"),
    "voip": ("voip", "PushKit, VoIP"),
    "complication": ("complication", "PushKit, watch complication"),
    "fileprovider": ("fileprovider", "PushKit, File Provider extension"),
    "liveactivity": ("liveactivity", "update token of one Live Activity"),
    "push-to-start": ("liveactivity", "starts a Live Activity"),
    "location": ("location", "Location Push Service Extension"),
    "pushtotalk": ("pushtotalk", "Push to Talk channel that is joined"),
    "widgets": ("widgets", "WidgetKit"),
    "controls": ("controls", "controls in Control Center"),
    "mdm": ("mdm", "device management"),
}


def split_topic(topic: str) -> tuple[str, str]:
    """A topic as bundle id and suffix ("" for a bare bundle id)."""
    suffix = next((each for each in SUFFIXES if topic.endswith(each)), "")
    return topic[: len(topic) - len(suffix)], suffix


def make_token(environment: str, kind: str, scenario: str = "") -> str:
    """The same token on every machine: 64 hex digits, 160 for a Live Activity (forum thread 712499)."""
    readable = f"pushctl sandbox apns {environment} {kind} {scenario}".strip().encode()
    size = 80 if kind in ("liveactivity", "push-to-start") else 32
    return hashlib.shake_256(readable).hexdigest(size) if size > 32 else hashlib.sha256(readable).hexdigest()


def live(environment: str, kind: str) -> Handset:
    """The device of this kind on which everything works."""
    return Handset(make_token(environment, kind), environment, kind, KINDS[kind][1])


def of_scenario(environment: str, kind: str, scenario: Scenario) -> Handset:
    """The device of this kind that behaves as the scenario says."""
    token = make_token(environment, kind, scenario.name)
    return Handset(token, environment, kind, scenario.about, scenario.name)


@cache
def directory(scenarios: tuple[str, ...]) -> Mapping[str, tuple[str, str, str]]:
    """Every token that exists: token to environment, kind and scenario ("" for a live one)."""
    return {
        make_token(environment, kind, scenario): (environment, kind, scenario)
        for environment in ENVIRONMENTS
        for kind in KINDS
        for scenario in ("", *scenarios)
    }


def kind_for(message: Message) -> str:
    """The kind of handset that a message needs: by its push type where it says one, else by what is in ``aps``."""
    aps = _aps(message)
    said = [str(value) for name, value in message.headers if name.lower() == "apns-push-type"]
    push_type = said[-1] if said else message.options.get("apns", {}).get("push_type") or _push_type_of(aps)
    if push_type == "liveactivity":
        return "push-to-start" if aps.get("event") == "start" else "liveactivity"
    return next((kind for kind, (fits, _) in KINDS.items() if fits == push_type), "app")


def _push_type_of(aps: Mapping[str, object]) -> str:
    """A Live Activity, widget or Push to Talk payload gives itself away; the others need the push type said."""
    if not aps.keys().isdisjoint(("event", "content-state", "attributes-type")):
        return "liveactivity"
    return "widgets" if "content-changed" in aps else "pushtotalk" if "ptt-push-type" in aps else "alert"


def _aps(message: Message) -> Mapping[str, object]:
    """What the message puts into ``aps`` by a raw body or by ``--set aps.key=value``; the rest is of no interest."""
    found: dict[str, object] = {}
    if message.raw is not None:
        try:
            body = json.loads(message.raw)
        except (ValueError, RecursionError):
            body = None
        aps = body.get("aps") if isinstance(body, dict) else None
        found.update(aps if isinstance(aps, dict) else {})
    for each in message.assignments:
        first, _, rest = each.path.partition(".")
        if first == "aps" and rest:
            found[rest.partition(".")[0]] = each.value
        elif first == "aps" and isinstance(each.value, dict):
            found.update(each.value)
    return found
