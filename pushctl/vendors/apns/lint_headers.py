"""Checks of the headers as they would be sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.core.secret import shown
from pushctl.vendors.apns.judge import RULES
from pushctl.vendors.apns.push_types import push_types

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.apns.lint_subject import Subject

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOPIC = re.compile(r"[A-Za-z0-9.-]+")
_PRIORITIES = ("10", "5", "1")
_DAY = 86_400
# A duration in seconds is below this (2001 as a Unix time), milliseconds are above that (year 5138 as seconds).
_EARLIEST, _LATEST = 1_000_000_000, 100_000_000_000


def _form(pushed: Subject) -> Iterator[Finding]:
    """Headers sent twice, blanks around a value, ids that are no UUID."""
    for name, count in Counter(name for name, _ in pushed.headers).items():
        if count > 1:
            yield RULES["duplicate-header"].finding(name, name=name, count=count)
    for name, value in pushed.headers:
        text = shown(value)
        if text != text.strip() and name != "apns-topic":
            yield RULES["header-blank"].finding(name, name=name)
        if name in ("apns-id", "apns-request-id") and not _UUID.fullmatch(text):
            yield RULES["apns-id-not-uuid"].finding(name, name=name, value=short(text))


def _push_type(pushed: Subject) -> Iterator[Finding]:
    if pushed.kind is not None:
        if pushed.broadcast and pushed.push_type != "liveactivity":
            yield RULES["broadcast-push-type"].finding("apns-push-type", push_type=pushed.push_type)
        return
    import difflib  # only a mistake needs it

    known = tuple(push_types())
    close = difflib.get_close_matches(pushed.push_type.strip().casefold(), known, n=1)
    fix = f"Did you mean {close[0]}?" if close else f"Use one of: {', '.join(known)}."
    yield RULES["push-type-unknown"].finding("apns-push-type", value=short(pushed.push_type), fix=fix)


def _priority(pushed: Subject) -> Iterator[Finding]:
    value, kind = pushed.header("apns-priority"), pushed.kind
    if value is None:
        if pushed.push_type == "background":  # cannot come about but by data; the default is 10
            yield RULES["silent-priority"].finding("apns-priority", priority="10, the default")
    elif value not in _PRIORITIES:
        yield RULES["priority-value"].finding("apns-priority", value=short(value))
    elif pushed.push_type == "background" and value != "5":
        yield RULES["silent-priority"].finding("apns-priority", priority=value)
    elif value == "1" and (kind is None or len(kind.priorities) > 1):  # no page says which push types take it
        yield RULES["priority-one"].finding("apns-priority")
    elif kind is not None and int(value) not in kind.priorities:
        known = " or ".join(str(priority) for priority in kind.priorities)
        yield RULES["priority-for-push-type"].finding(
            "apns-priority", value=value, push_type=pushed.push_type, known=known
        )


def _expiration(pushed: Subject) -> Iterator[Finding]:
    value = pushed.header("apns-expiration")
    if pushed.push_type in ("voip", "pushtotalk"):
        yield from _call_expiration(pushed, value)
    if value is None:
        return
    where = "apns-expiration"
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        yield RULES["expiration-not-integer"].finding(where, value=short(value))
        return
    moment = int(value)
    if moment > _LATEST:
        yield RULES["expiration-in-milliseconds"].finding(where, value=value, seconds=moment // 1000)
    elif 0 < moment < _EARLIEST:
        yield RULES["expiration-is-duration"].finding(where, value=value, date=_date(moment))
    elif moment and moment < pushed.now:
        yield RULES["expiration-in-past"].finding(where, date=_date(moment))
    elif moment > pushed.now + 30 * _DAY + 60:
        yield RULES["expiration-beyond-30-days"].finding(where)
    if pushed.broadcast and moment:
        yield RULES["broadcast-expiration"].finding(where)


def _call_expiration(pushed: Subject, value: str | None) -> Iterator[Finding]:
    """A call or a word spoken hours ago is worse than none."""
    if value is None:
        says = "has no expiration and is kept for up to 30 days"
    elif value.isascii() and value.isdigit() and int(value) > pushed.now + 60:
        says = "may be kept for more than a minute"
    else:
        return
    yield RULES["voip-expiration"].finding("apns-expiration", push_type=pushed.push_type, says=says)


def _date(moment: int) -> str:
    try:
        return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return str(moment)


def _collapse_id(pushed: Subject) -> Iterator[Finding]:
    if pushed.broadcast and pushed.message.collapse is not None:
        yield RULES["broadcast-collapse"].finding("--collapse")
    value = pushed.header("apns-collapse-id") or ""
    size = len(value.encode("utf-8", "surrogatepass"))
    if size > 64:
        yield RULES["collapse-id-too-long"].finding("apns-collapse-id", size=size)


def _topic(pushed: Subject) -> Iterator[Finding]:
    """The topic's form, then its suffix against the push type. A broadcast has none."""
    if pushed.broadcast:
        return
    topic = pushed.header("apns-topic")
    if topic is None or not topic:
        if pushed.account is not None or topic is not None:
            yield RULES["topic-missing"].finding("apns-topic")
    elif any(letter.isspace() for letter in topic):
        yield RULES["topic-whitespace"].finding("apns-topic", value=short(topic))
    elif not _TOPIC.fullmatch(topic):
        yield RULES["topic-characters"].finding("apns-topic", value=short(topic))
    elif pushed.push_type == "mdm":
        if not topic.startswith("com.apple.mgmt."):
            yield RULES["mdm-topic"].finding("apns-topic", topic=topic)
    elif pushed.kind is not None:
        yield from _suffix(pushed, topic, pushed.kind.suffix)


def _suffix(pushed: Subject, topic: str, suffix: str) -> Iterator[Finding]:
    where, push_type = "apns-topic", pushed.push_type
    suffixes = {known.suffix: known.id for known in push_types().values() if known.suffix}
    bundle_id = pushed.app.get("bundle_id", "")
    for known, owner in suffixes.items():
        if topic.endswith(known * 2):
            yield RULES["topic-suffix-doubled"].finding(where, topic=topic, suffix=known)
            return
        if bundle_id.endswith(known):
            yield RULES["bundle-id-has-suffix"].finding("app.bundle_id", bundle_id=bundle_id, suffix=known, owner=owner)
            return
    if not topic.endswith(suffix):
        yield RULES["topic-suffix-missing"].finding(where, topic=topic, suffix=suffix, push_type=push_type)
    foreign = next((known for known in suffixes if topic.endswith(known) and known != suffix), None)
    if foreign is not None:
        yield RULES["topic-suffix-foreign"].finding(
            where, topic=topic, suffix=foreign, owner=suffixes[foreign], push_type=push_type
        )


CHECKS = (_form, _push_type, _priority, _expiration, _collapse_id, _topic)
