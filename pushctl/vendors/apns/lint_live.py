"""Checks of a Live Activity push.

Apple: activitykit/starting-and-updating-live-activities-with-activitykit-push-notifications.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_number
from pushctl.vendors.apns.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.apns.lint_subject import Subject

_START_ONLY = ("attributes-type", "attributes", "input-push-token", "input-push-channel")
_DATES = ("timestamp", "stale-date", "dismissal-date")
_MILLISECONDS = 100_000_000_000  # year 5138 as Unix seconds
_SHOWN_AFTER_END_S = 4 * 3600


def _event(pushed: Subject) -> Iterator[Finding]:
    aps = pushed.aps
    if not _applies(pushed):
        return
    event = aps.get("event")
    if event is None:
        yield RULES["liveactivity-event"].finding("aps.event")
    if "timestamp" not in aps:
        yield RULES["liveactivity-timestamp"].finding("aps.timestamp")
    if event in ("start", "update") and "content-state" not in aps:
        yield RULES["liveactivity-content-state"].finding("aps.content-state", event=event)
    if event == "start":
        yield from _start(pushed)
    elif event is not None:
        for key in _START_ONLY:
            if key in aps:
                yield RULES["liveactivity-start-only"].finding(f"aps.{key}", key=key, event=event)
    if event != "end" and "dismissal-date" in aps:
        yield RULES["liveactivity-dismissal-event"].finding("aps.dismissal-date", event=event)
    if "sound" in aps:
        yield RULES["liveactivity-sound-place"].finding("aps.sound")
    if pushed.header("apns-priority") == "10" and event == "update":
        yield RULES["liveactivity-budget"].finding("apns-priority")


def _start(pushed: Subject) -> Iterator[Finding]:
    """A start needs attributes and an alert, and no channel can carry it."""
    for key in ("attributes-type", "attributes"):
        if key not in pushed.aps:
            yield RULES["liveactivity-start-attributes"].finding(f"aps.{key}", key=key)
    if not pushed.aps.get("alert"):
        yield RULES["liveactivity-start-alert"].finding("aps.alert")
    if pushed.broadcast:
        yield RULES["broadcast-start"].finding("aps.event")


def _dates(pushed: Subject) -> Iterator[Finding]:
    aps = pushed.aps
    if not _applies(pushed):
        return
    for key in _DATES:
        value = aps.get(key)
        if is_number(value) and value > _MILLISECONDS:
            yield RULES["date-in-milliseconds"].finding(
                f"aps.{key}", path=f"aps.{key}", value=value, seconds=int(value // 1000)
            )
    dismissal, stamp = aps.get("dismissal-date"), aps.get("timestamp")
    if is_number(dismissal) and pushed.now + _SHOWN_AFTER_END_S + 60 < dismissal <= _MILLISECONDS:
        yield RULES["liveactivity-dismissal-late"].finding("aps.dismissal-date")
    if is_number(stamp) and 0 <= stamp < pushed.now - 600:
        minutes = int((pushed.now - stamp) // 60)
        yield RULES["liveactivity-timestamp-old"].finding("aps.timestamp", minutes=minutes)


def _applies(pushed: Subject) -> bool:
    return pushed.push_type == "liveactivity" and isinstance(pushed.payload, dict)


CHECKS = (_event, _dates)
