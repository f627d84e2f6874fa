"""The emulated Honor phones: which tokens exist, and what happens to a push to them."""

from __future__ import annotations

from pushctl.core.emulated_phones import Phones, make_token
from pushctl.vendors.honor.emulator_credentials import APP
from pushctl.vendors.honor.emulator_scenarios import BOOK

_PREFIX, _SIZE = "BAEAAAAAB.j", 128
"""What the specimens have in common (two device logs, the test of an SDK)."""


def token_of(scenario: str = "") -> str:
    """The token of the phone that behaves as the scenario says; "" for the one on which everything works."""
    return make_token(_PREFIX, _SIZE, f"honor {scenario}".strip(), url_safe=True)


PHONES = Phones(BOOK, token_of, "the app on a phone with MagicOS")


def reason_of(token: str, app: str) -> str:
    """What is wrong with a token: ``dead``, ``bad`` (one that was never given out, or to another app), or ""."""
    reason = PHONES.reason_of(token)
    return "bad" if reason is None or app != APP else reason
