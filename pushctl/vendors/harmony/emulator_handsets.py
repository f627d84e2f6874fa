"""The emulated phones with HarmonyOS 5: which tokens exist, whose they are, and what happens to a push to them."""

from __future__ import annotations

from pathlib import Path

from pushctl.core.emulated_phones import Phones, make_token
from pushctl.vendors._huawei.emulator_scenarios import book

_SIZE = 112


def token_of(scenario: str = "") -> str:
    """A token as HarmonyOS 5 gives them: 112 characters of plain base64, ``MAMz…``."""
    return make_token("MAMz", _SIZE, f"harmony {scenario}".strip(), url_safe=False)


BOOK = book(Path(__file__).parent, "80300007/tokenFormatError")
PHONES = Phones(BOOK, token_of, "the app on a phone with HarmonyOS 5")


def reason_of(token: str, own: bool) -> str:
    """The key of ``illegalTokens`` that a token comes under, "" for none.

    :param own: whether the caller sends for the project whose app the tokens are of.
    """
    reason = PHONES.reason_of(token)
    if reason is None:
        return "tokenFormatError"
    return reason or ("" if own else "noRight")
