"""How often this machine has sent a silent push to a token in the last hour.

Apple advises not more than two or three an hour, and holds back what comes more often
(usernotifications/pushing-background-updates-to-your-app). A loop in CI finds that out by lost pushes; the counter
finds it out first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from pushctl.config.files import write_private
from pushctl.core.errors import LocalError
from pushctl.core.finding import Finding

HOUR_S = 3600
ADVISED = 3
SOURCE = "https://developer.apple.com/documentation/usernotifications/pushing-background-updates-to-your-app"


def count(path: Path, vendor: str, tokens: Iterable[str], now: float) -> list[Finding]:
    """Note a silent push to each token and warn about those that get more than three within an hour.

    :param path: the counter's file; tokens stand in it as hashes. One that cannot be read or written counts nothing.
    :param now: Unix seconds.
    """
    seen = _load(path, now)
    most = 0
    for token in tokens:
        times = seen.setdefault(hashlib.sha256(f"{vendor} {token}".encode()).hexdigest()[:16], [])
        times.append(now)
        most = max(most, len(times))
    try:
        write_private(path, json.dumps(seen).encode())
    except LocalError:
        return []  # the counter is a courtesy: a full disk must not stop a push
    if most <= ADVISED:
        return []
    return [
        Finding(
            "silent-too-often",
            "warning",
            f"This is silent push number {most} to the same token within an hour from this machine.",
            "Apple advises two or three an hour and holds back the rest; do not use them to keep an app alive.",
            source=SOURCE,
        )
    ]


def _load(path: Path, now: float) -> dict[str, list[float]]:
    try:
        table = json.loads(path.read_bytes())
        recent = {key: [float(t) for t in times if 0 <= now - t < HOUR_S] for key, times in table.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {key: times for key, times in recent.items() if times}
