"""The emulated Huawei phones with HMS Core: which tokens exist, whose they are, and what happens to a push to them."""

from __future__ import annotations

from pathlib import Path

from pushctl.core.emulated_phones import Phones, make_token
from pushctl.vendors._huawei.emulator_scenarios import book

_SIZE = 130


def token_of(scenario: str = "") -> str:
    """A token of format 2.0: about 130 characters, url-safe, ``IQAAAA…``."""
    return make_token("IQAAAACy0", _SIZE, f"hms {scenario}".strip(), url_safe=True)


BOOK = book(Path(__file__).parent, "80100000/illegal_tokens")
PHONES = Phones(BOOK, token_of, "the app on a phone with HMS Core")


def reason_of(token: str, own: bool) -> str:
    """What is wrong with a token, "" for nothing. ``own``: the caller sends for the app that the tokens are of."""
    reason = PHONES.reason_of(token)
    if reason is None:
        return "unknown"
    return reason or ("" if own else "other-app")
