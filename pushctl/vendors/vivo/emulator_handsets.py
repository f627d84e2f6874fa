"""The emulated vivo phones: which regIds exist, what they look like, and what happens to a push to them.

A regId has one of two forms: 23 digits on phones that were set up long ago, ``v2-`` and URL-safe base64 on those since
(59 characters in the one that was observed). The name of a scenario is the alias of its phone, any other alias is the
live phone's.
"""

from __future__ import annotations

import hashlib
from itertools import count

from pushctl.core.emulated_phones import Phones, make_token
from pushctl.vendors.vivo.emulator_credentials import APP
from pushctl.vendors.vivo.emulator_scenarios import BOOK

_OLD = frozenset({"token-unknown", "token-dead", "partial", "notifications-off", "slow"})
"""Scenarios whose phone has a regId of the old form."""
UNKNOWN, GONE, NO_TEST_DEVICE = "1", "2", "4"
"""``invalidUser.status``."""


def token_of(scenario: str = "") -> str:
    """The regId of the phone that behaves as the scenario says; "" for the one on which everything works."""
    readable = f"vivo {scenario}".strip()
    return _digits(readable) if scenario in _OLD else make_token("v2-", 59, readable, url_safe=True)


PHONES = Phones(BOOK, token_of, "the app on a phone with OriginOS, a test device of the app")


def phone_of(alias: str) -> str:
    """The regId of the phone with this alias."""
    return token_of(alias if alias in BOOK.named else "")


def status_of(value: str, app: str, *, test: bool, alias: bool = False) -> str:
    """Why a regId or alias cannot be used: the status, or "".

    :param test: whether the message is a test: a phone that is no test device takes every other one.
    """
    token = phone_of(value) if alias else value
    if app != APP or token not in PHONES.scenarios:
        return UNKNOWN
    scenario = PHONES.scenario_of(token)
    if scenario is None or scenario.act.get("last") or (scenario.act.get("test_only") and not test):
        return ""
    return str(scenario.act.get("reason", ""))


def _digits(readable: str) -> str:
    """23 digits, the same on every machine; not with 00 at the end, which looks like a number that was rounded."""
    for turn in count():
        digest = hashlib.sha256(f"pushctl sandbox {readable} {turn}".encode()).digest()
        found = f"{int.from_bytes(digest[:12]) % 10**22:022}"
        if not found.endswith("00"):
            return f"1{found}"
    raise AssertionError  # count() has no end
