"""How often this machine has sent a silent push to a token in the last hour.

Vendors advise a few at most (Apple two or three: usernotifications/pushing-background-updates-to-your-app), and hold
back what comes more often. A loop in CI finds that out by lost pushes; the counter finds it out first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.config.files import write_private
from pushctl.core.errors import LocalError
from pushctl.core.finding import Finding

if TYPE_CHECKING:
    from pushctl.core.vendor import Card

HOUR_S = 3600


def count(path: Path, card: Card, tokens: Iterable[str], now: float) -> list[Finding]:
    """Note a silent push to each token and warn about those that get more within an hour than the
    vendor's card advises.

    :param path: the counter's file; tokens stand in it as hashes. One that cannot be read or written counts nothing.
    :param now: Unix seconds.
    """
    seen = _load(path, now)
    most = 0
    for token in tokens:
        times = seen.setdefault(hashlib.sha256(f"{card.id} {token}".encode()).hexdigest()[:16], [])
        times.append(now)
        most = max(most, len(times))
    try:
        write_private(path, json.dumps(seen).encode())
    except LocalError:
        return []  # the counter is a courtesy: a full disk must not stop a push
    if most <= card.silent_per_hour:
        return []
    return [
        Finding(
            "silent-too-often",
            "warning",
            f"This is silent push number {most} to the same token within an hour from this machine.",
            f"{card.name} advises at most {card.silent_per_hour} and holds back the rest; "
            "do not use them to keep an app alive.",
        )
    ]


def _load(path: Path, now: float) -> dict[str, list[float]]:
    try:
        table = json.loads(path.read_bytes())
        recent = {key: [float(t) for t in times if 0 <= now - t < HOUR_S] for key, times in table.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {key: times for key, times in recent.items() if times}
