"""Ids as Mi Push makes them: 22 characters with the time in them.

Three letters, five characters, twelve digits, two characters; ``"1"`` and the digits are the creation time in ms
(``scm51336519827468580b1`` and its ``create_timestamp`` in isayme/xiaomi-push:test/xiaomi-mocker.js). The first letter
tells what was addressed, ``X`` is a request. What the five and the last two characters mean is not known; here they say
what became of the message, so that another process of the sandbox can tell it, and that it is one of the sandbox's.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call

SIZE = 22
_CENTRE = "dm"
_BASE36 = string.digits + string.ascii_lowercase
_ALNUM = string.digits + string.ascii_letters
_MOST = 36**2 - 1
_WINDOW = 10**12  # the leading digit of the ms is not in the id

DELIVERED, BAR_CLOSED, OFFLINE, DROPPED, SCHEDULED, UNMATCHED = "0", "1", "2", "3", "4", "5"
"""What happened to those that were not delivered: notifications off, no connection, over a limit or of a kind that is
not delivered, not sent yet, a filter that does not fit."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message id says.

    :ivar letter: ``s`` regids, ``a`` aliases, ``u`` accounts, ``t`` topics and all devices.
    :ivar fate: what became of the ``lost`` ones of the ``resolved`` targets.
    :ivar created_ms: Unix time in milliseconds.
    """

    letter: str
    fate: str
    resolved: int
    lost: int
    created_ms: int


def message_id(call: Call, letter: str, fate: str, resolved: int, lost: int) -> str:
    """A fresh id of a message."""
    state = call.world.state
    moment = max(int(call.now * 1000), state.get("last message ms", 0) + 1)
    state["last message ms"] = moment
    said = f"{letter}{_CENTRE}{fate}{_two(resolved)}{_two(lost)}{moment % _WINDOW:012d}"
    return said + _check(said)


def told(text: str) -> Told | None:
    """What an id says; None for one that the sandbox did not make."""
    said, check = text[:-2], text[-2:]
    if len(text) != SIZE or not text.isascii() or not text.isalnum() or _check(said) != check:
        return None
    numbers = int(said[4:6], 36), int(said[6:8], 36)
    return Told(said[0], said[3], *numbers, _WINDOW + int(said[8:]))


def trace_id(call: Call) -> str:
    """A fresh id of a request."""
    noise = call.world.nonce(7)
    five, two = noise[:3].hex()[:5], "".join(_ALNUM[byte % len(_ALNUM)] for byte in noise[5:])
    return f"X{_CENTRE}{five}{int(call.now * 1000) % _WINDOW:012d}{two}"


def _two(number: int) -> str:
    high, low = divmod(min(number, _MOST), 36)
    return _BASE36[high] + _BASE36[low]


def _check(said: str) -> str:
    digest = hashlib.sha256(f"pushctl sandbox {said}".encode()).digest()
    return "".join(_ALNUM[byte % len(_ALNUM)] for byte in digest[:2])
