"""Checks of when: how long a message is kept, when it is shown, and what belongs to pushes to everybody only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pushctl.core.payloads import is_integer, short
from pushctl.vendors.meizu.judge import RULES
from pushctl.vendors.meizu.message import HOUR_S

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.meizu.lint_subject import Subject

_HOURS = (1, 72)
_FORMAT = "%Y-%m-%d %H:%M:%S"
_WINDOW = ("fixStartDisplayTime", "fixEndDisplayTime")
_FOR_EVERYBODY = (
    ("pushTimeInfo", "pushTimeType"),
    ("pushTimeInfo", "startTime"),
    ("advanceInfo", "fixSpeed"),
    ("advanceInfo", "fixSpeedRate"),
)


def _kept(pushed: Subject) -> Iterator[Finding]:
    time, ttl = pushed.group("pushTimeInfo"), pushed.message.ttl
    hours, path = time.get("validTime"), "pushTimeInfo.validTime"
    if time.get("offLine") in (0, False) and "offLine" in time:
        yield RULES["ttl-zero"].finding("pushTimeInfo.offLine")
    elif "validTime" in time and not (is_integer(hours) and _HOURS[0] <= hours <= _HOURS[1]):
        yield RULES["ttl-range"].finding(path, value=short(hours))
    elif pushed.message.raw is None and ttl and ttl % HOUR_S and is_integer(hours):
        yield RULES["ttl-rounded"].finding(path, ttl=ttl, hours=hours)


def _shown(pushed: Subject) -> Iterator[Finding]:
    """A window of display needs both ends, written as Meizu writes them, in China's time."""
    advance = pushed.group("advanceInfo")
    wanted = advance.get("fixDisplay") in (1, True)
    ends = {key: advance[key] for key in _WINDOW if advance.get(key)}
    if not wanted:
        for key in ends:
            yield RULES["display-not-used"].finding(f"advanceInfo.{key}", path=f"advanceInfo.{key}")
        return
    if len(ends) < len(_WINDOW):
        missing = " and ".join(key for key in _WINDOW if key not in ends)
        yield RULES["display-needs"].finding("advanceInfo.fixDisplay", missing=missing)
    read = {key: _moment(value) for key, value in ends.items()}
    for key, moment in read.items():
        if moment is None:
            path = f"advanceInfo.{key}"
            yield RULES["display-format"].finding(path, path=path, value=short(ends[key]))
    start, end = (read.get(key) for key in _WINDOW)
    if start and end and end <= start:
        yield RULES["display-order"].finding(f"advanceInfo.{_WINDOW[1]}")


def _moment(value: object) -> datetime | None:
    try:
        return datetime.strptime(value, _FORMAT) if isinstance(value, str) else None  # noqa: DTZ007 - only compared
    except ValueError:
        return None


def _everybody(pushed: Subject) -> Iterator[Finding]:
    """Fields of pushes to everybody or by tag; the SDK writes them, switched off, into every message."""
    for group, key in _FOR_EVERYBODY:
        if pushed.group(group).get(key) not in (None, "", 0, False):
            yield RULES["for-everybody-only"].finding(f"{group}.{key}", path=f"{group}.{key}")


CHECKS = (_kept, _shown, _everybody)
