"""Topics of the emulated FCM: who is subscribed to what, and which devices a condition means."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.emulated import World

TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
MAX_TOPICS = 2000
"""Of one app instance (cloud-messaging/topic-messaging)."""
MAX_IN_CONDITION = 5
_PART = re.compile(r"\s*(?:(?P<sign>\(|\)|&&|\|\||!)|'(?P<topic>[^']*)'\s+in\s+topics\b)")
_DEEPEST = 50

Test = Callable[[Set[str]], bool]
"""Whether somebody with these topics is meant."""


def subscriptions(world: World, device: str) -> dict[str, float]:
    """A device's topics and since when, Unix seconds; changes to it last."""
    everybody: dict[str, dict[str, float]] = world.state.setdefault("topics", {})
    return everybody.setdefault(device, {})


def subscribers(world: World, meant: Test) -> list[str]:
    """The devices whose topics fit."""
    everybody: dict[str, dict[str, float]] = world.state.get("topics", {})
    return [device for device, topics in everybody.items() if meant(topics.keys())]


def in_topic(topic: str) -> Test:
    """Meant are the subscribers of this topic."""
    return lambda topics: topic in topics


def condition_of(text: str) -> Test | str:
    """``'a' in topics && ('b' in topics || !('c' in topics))`` as a test, or what is wrong with it.

    Sources: cloud-messaging/send-topic-messages (operators, at most five topics). ``&&`` binds closer than ``||``, as
    everywhere; no page says so.
    """
    parts = _parts(text)
    if isinstance(parts, str):
        return parts
    named = [part for part in parts if part.startswith("'")]
    if len(named) > MAX_IN_CONDITION:
        return f"{len(named)} topics, at most {MAX_IN_CONDITION}"
    bad = next((part for part in named if not TOPIC.fullmatch(part[1:])), None)
    if bad is not None:
        return f"{bad[1:]!r} is no topic's name"
    try:
        test, rest = _either(parts, 0)
    except ValueError as error:
        return str(error)
    return test if not rest else f"{rest[0]} is too much"


def _parts(text: str) -> list[str] | str:
    """Signs as they stand, topics as ``'name``."""
    parts, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _PART.match(text, at)
        if found is None:
            return f"cannot be read from character {at + 1} on"
        parts.append(found["sign"] or f"'{found['topic']}")
        at = found.end()
    return parts


def _either(parts: list[str], depth: int) -> tuple[Test, list[str]]:
    left, rest = _both(parts, depth)
    while rest and rest[0] == "||":
        right, rest = _both(rest[1:], depth)
        left = _or(left, right)
    return left, rest


def _both(parts: list[str], depth: int) -> tuple[Test, list[str]]:
    left, rest = _one(parts, depth)
    while rest and rest[0] == "&&":
        right, rest = _one(rest[1:], depth)
        left = _and(left, right)
    return left, rest


def _one(parts: list[str], depth: int) -> tuple[Test, list[str]]:
    if not parts or depth > _DEEPEST:
        raise ValueError("ends too early" if depth <= _DEEPEST else "is nested too deep")
    first, rest = parts[0], parts[1:]
    if first.startswith("'"):
        return in_topic(first[1:]), rest
    if first == "!":
        inner, rest = _one(rest, depth + 1)
        return (lambda topics: not inner(topics)), rest
    if first != "(":
        raise ValueError(f"{first} stands where a topic is expected")
    inner, rest = _either(rest, depth + 1)
    if not rest or rest[0] != ")":
        raise ValueError("a parenthesis is not closed")
    return inner, rest[1:]


def _or(left: Test, right: Test) -> Test:
    return lambda topics: left(topics) or right(topics)


def _and(left: Test, right: Test) -> Test:
    return lambda topics: left(topics) and right(topics)
