"""What an id of Mi Push tells by itself: whether it is a message's or a request's, what was addressed, and when.

Ids have 22 characters: three letters, five characters, twelve digits, two characters. The first letter is s for regids,
a for aliases, u for user accounts, t for topics, and X for a request; ``"1"`` and the digits are the time in
milliseconds, as ``scm51336519827468580b1`` and its ``create_timestamp`` show (isayme/xiaomi-push:
test/xiaomi-mocker.js). All of it is inferred from samples, so it is told and never decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

CHINA = timedelta(hours=8)
_FORM = re.compile(r"([A-Za-z])[A-Za-z0-9]{7}(\d{12})[A-Za-z0-9]{2}", re.ASCII)
_ADDRESSED: Mapping[str, str] = {"s": "token", "a": "alias", "u": "user"}


def addressed(message_id: str) -> str:
    """The kind of target that a message went to; ``token`` where the id does not tell."""
    found = _FORM.fullmatch(message_id)
    return _ADDRESSED.get(found[1], "token") if found else "token"


def is_of_request(text: str) -> bool:
    """Whether it looks like a ``trace_id``, which is a request's and not a message's."""
    found = _FORM.fullmatch(text)
    return found is not None and found[1] == "X"


def made_at(text: str) -> str:
    """When the id was made, by China's clock; "" for what has another form."""
    found = _FORM.fullmatch(text)
    if found is None:
        return ""
    moment = datetime.fromtimestamp(int(f"1{found[2]}") / 1000, UTC) + CHINA
    return f"{moment:%Y-%m-%d %H:%M:%S} (UTC+8), by the digits in the id (inferred)"
