"""The emulated devices of FCM: which tokens and installation ids exist, and which one a message needs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated import Handset, Scenario
from pushctl.vendors.fcm.emulator_answers import OTHER_NUMBER

if TYPE_CHECKING:
    from pushctl.core.message import Message

PACKAGE = "com.example.app"
TOKEN = re.compile(r"([A-Za-z0-9_-]{11,22}:)?APA91[A-Za-z0-9_-]{100,}")
FID = re.compile(r"[cdef][A-Za-z0-9_-]{21}")


@dataclass(frozen=True, slots=True)
class Device:
    """One app instance.

    :ivar kind: ``android``, ``ios`` or ``web``.
    :ivar sender: the number of the project that it registered with; "" for the world's own.
    :ivar scenario: the scenario that a push to it triggers, or "".
    """

    kind: str
    fid: str
    sender: str = ""
    scenario: str = ""

    @property
    def token(self) -> str:
        """Today's shape: installation id, colon, ``APA91b`` and 134 characters."""
        return f"{self.fid}:APA91b{_letters(f'token {self.fid}', 134)}"


KINDS: Mapping[str, str] = {
    "android": f"an Android phone with {PACKAGE}",
    "ios": f"an iPhone with {PACKAGE}; FCM hands over to APNs",
    "web": "a browser with a service worker",
}


def live(kind: str) -> Device:
    """The device of this kind on which everything works."""
    return Device(kind, _fid(kind))


def of_another_project() -> Device:
    """A phone whose app registered with another Firebase project."""
    return Device("android", _fid("android of another project"), OTHER_NUMBER)


def of_scenario(kind: str, scenario: Scenario) -> Device:
    """The device that behaves as the scenario says; some belong to one platform only."""
    platform = scenario.act.get("platform", kind)
    return Device(platform, _fid(f"{platform} {scenario.name}"), scenario=scenario.name)


def listed(scenarios: Mapping[str, Scenario], environment: str) -> tuple[Handset, ...]:
    """Every device's row for ``sandbox devices``: the live ones, then one for each of the scenarios."""
    rows = [Handset(live(kind).token, environment, kind, about) for kind, about in KINDS.items()]
    rows.append(Handset(live("android").fid, environment, "fid", "the Android phone by its Firebase installation ID"))
    other = of_another_project()
    rows.append(Handset(other.token, environment, "other-project", "a phone whose app belongs to another project"))
    for scenario in scenarios.values():
        device = of_scenario("android", scenario)
        rows.append(Handset(device.token, environment, device.kind, scenario.about, scenario.name))
    return tuple(rows)


@cache
def _directory(scenarios: tuple[tuple[str, str], ...]) -> Mapping[str, Device]:
    """Every token and installation id that exists. ``scenarios``: name and platform ("" for any)."""
    devices = [*map(live, KINDS), of_another_project()]
    for name, platform in scenarios:
        kinds = (platform,) if platform else tuple(KINDS)
        devices += [Device(kind, _fid(f"{kind} {name}"), scenario=name) for kind in kinds]
    return {name: device for device in devices for name in (device.token, device.fid)}


def find(value: str, scenarios: Mapping[str, Scenario]) -> Device | None:
    """The device of a token or an installation id."""
    named = tuple((name, each.act.get("platform", "")) for name, each in scenarios.items())
    return _directory(named).get(value)


def kind_for(message: Message) -> str:
    """The kind of handset that a message needs: an iPhone or a browser where it is written for those alone."""
    blocks = _blocks(message)
    if "android" in blocks or "android_v2" in blocks:
        return "android"
    return "ios" if "apns" in blocks else "web" if "webpush" in blocks else "android"


def _blocks(message: Message) -> set[str]:
    found = {each.path.removeprefix("message.").partition(".")[0] for each in message.assignments}
    if message.raw is None:
        return found
    try:
        body: Any = json.loads(message.raw)
    except (ValueError, RecursionError):
        return found
    inner = body.get("message") if isinstance(body, dict) else None
    return found | set(inner) if isinstance(inner, dict) else found


def _fid(readable: str) -> str:
    """The same id on every machine: 22 characters, the first one c, d, e or f (its upper half byte is 0111)."""
    return "cdef"[len(readable) % 4] + _letters(f"fid {readable}", 21)


def _letters(readable: str, size: int) -> str:
    digest = hashlib.shake_256(f"pushctl sandbox fcm {readable}".encode()).digest(size)
    return base64.urlsafe_b64encode(digest).decode()[:size]
