"""What depends on the class of a message, on the clock and on how much was sent: categories, texts, hours, quotas.

Sources: documents 359 and 156, the field texts of 362, vivo's table of codes (10097 for NEWS), and what clients in the
open do about 10104; the numbers are those of the newest texts. How much an app may send is vivo's to set; here it has
the least that it can have.

Hours: operational messages go out from 07:00 to 23:00 China time. Outside of them vivo refuses with 10071 or holds back
silently, both are told. The sandbox takes them by the world's clock and notes that a device shows nothing, so that a
run does not depend on the time of day; the scenario ``night`` refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import CHINA_S, Call, Refusal, counted
from pushctl.vendors.vivo import emulator_scenarios as scenarios

if TYPE_CHECKING:
    from pushctl.core.emulated import Scenario
    from pushctl.vendors.vivo.emulator_body import Message

SYSTEM = frozenset({"IM", "ACCOUNT", "TODO", "DEVICE_REMINDER", "ORDER", "SUBSCRIPTION"})
OPERATIONAL = frozenset({"CONTENT", "MARKETING", "SOCIAL", "NEWS"})
REACHABLE = 10_000
"""Reachable users; fewer count as so many."""
OPERATIONAL_A_DAY, NEWS_A_DAY, SYSTEM_A_DAY = 2 * REACHABLE, 3 * REACHABLE, 3 * REACHABLE
ON_A_DEVICE, NEWS_ON_A_DEVICE = 2, 5
PUSHES_A_SECOND = 3000
_OPENS, _CLOSES = 7, 23


@dataclass(slots=True)
class Push:
    """A message that is right in itself, on its way to somebody.

    :ivar system: its class.
    :ivar test: whether it is a test message, which no quota counts.
    """

    app: str
    message: Message
    system: bool
    test: bool

    @property
    def news(self) -> bool:
        """News have quotas of their own."""
        return self.message.get("category") == "NEWS"


def classed(call: Call, app: str, message: Message, *acting: Scenario | None) -> Push | Refusal:
    """The message with its class: of ``category``, else of ``classification``."""
    category, said = message.get("category"), message.get("classification")
    if category is not None and category not in SYSTEM | OPERATIONAL:
        upper = category.upper() in SYSTEM | OPERATIONAL
        return Refusal("10096", "category", "categories are in upper case" if upper else "no category of document 359")
    system = said == 1 if category is None else category in SYSTEM
    if said is not None and (said == 1) != system:
        return Refusal("10097", "class-of-category", f"{category} is {'a system' if system else 'an operational'} one")
    if system and scenarios.lacks(call, "system", *acting):
        return Refusal("10082", "system-right")
    if category is None and said is None:
        call.note("Neither category nor classification: taken as operational; the newest text says system.")
    if category is None and system:
        call.note("No category: vivo may turn a system message into an operational one.")
    return Push(app, message, system, message.get("pushMode") == 1)


def formal(call: Call, push: Push, *acting: Scenario | None) -> Refusal | None:
    """Whether the app may send formal messages, and whether the texts look like ones; test messages pass."""
    if push.test:
        return None
    if scenarios.lacks(call, "formal", *acting):
        return Refusal("10045", "under-review")
    for name in ("title", "content"):
        why = _trial(push.message[name])
        if why:
            return Refusal("10104", f"formal {name}", f"{name} {why}")
        if re.fullmatch(r"[A-Za-z\s]+", push.message[name]):
            call.note("Latin letters and blanks alone: that such a text does not look like a test is unproved.")
    return None


def _trial(text: str) -> str:
    """Why a text counts as a test. The rule as clients in the open quote it: no text of digits, of Latin letters, of
    signs, of signs and digits alone, none with the word for test, with braces or with square brackets."""
    if "测试" in text:
        return "has the word for test"
    if any(sign in text for sign in "{}[]"):
        return "has braces or square brackets"
    letters = [letter for letter in text if not letter.isspace()]
    if not any(letter.isalpha() for letter in letters):
        return "is digits and signs alone"
    return "is Latin letters alone" if re.fullmatch(r"[A-Za-z]+", text.strip()) else ""


def hours(call: Call, push: Push) -> Refusal | None:
    """Operational messages outside their hours: see the module."""
    if push.system or push.test:
        return None
    run = scenarios.BOOK.of(call.world)
    forced = run.act.get("china_hour") if run is not None else None
    hour = int((call.now + CHINA_S) // 3600 % 24) if forced is None else int(forced)
    if _OPENS <= hour < _CLOSES:
        return None
    if forced is not None:
        return Refusal("10071", "operational-hours", f"it is {hour:02}:00 in China")
    call.note("Outside 07:00 to 23:00 China time: refused with 10071, or not shown (receipt 1017).")
    return None


def quota(call: Call, push: Push, targets: int) -> Refusal | None:
    """How much the app may send today and within a second. What a second is counted in is unproved: requests, here."""
    if too_fast(call, f"pushes of {push.app}", PUSHES_A_SECOND):
        return Refusal("10072", "push-rate", f"more than {PUSHES_A_SECOND} requests in a second")
    if push.test:
        return None
    if push.system:
        most, kind, code = SYSTEM_A_DAY, "system", "10073"
    else:
        most, kind, code = (NEWS_A_DAY, "news", "10070") if push.news else (OPERATIONAL_A_DAY, "operational", "10070")
    if counted(call.world, f"{kind} of {push.app}", targets) <= most:
        return None
    return Refusal(code, f"{kind}-quota", f"over {most} a day")


def held_back(call: Call, push: Push, target: str) -> bool:
    """Whether the device gets nothing of a message that was accepted; the answer never tells, the journal does."""
    if push.system or push.test:
        return False
    most = NEWS_ON_A_DEVICE if push.news else ON_A_DEVICE
    if counted(call.world, f"operational {push.app} {target}") > most:
        call.note(f"Over {most} operational messages for a device today: held back (receipt 12000).")
        return True
    text = f"{push.message['title']}\0{push.message['content']}"
    if counted(call.world, f"text {push.app} {target} {text}") > 1:
        call.note("The same title and content as before: dropped on the device (receipt 2124).")
        return True
    return False


def too_fast(call: Call, what: str, most: int) -> bool:
    """Whether this is more often than so many times in the running second. Counts."""
    rates: dict[str, tuple[int, int]] = call.world.state.setdefault("rates", {})
    second, seen = rates.get(what, (0, 0))
    rates[what] = (int(call.now), seen + 1 if second == int(call.now) else 1)
    return rates[what][1] > most
