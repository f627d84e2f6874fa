"""The values that people type: durations, ``k=v`` pairs, JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from pushctl.core.errors import UsageError

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "": 1}


def seconds(text: str, where: str) -> float:
    """A duration such as ``90``, ``90s``, ``1.5h``, ``500ms`` in seconds. Raises ``UsageError``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w|)", str(text).strip())
    if not found:
        raise UsageError(
            f"{where} {text!r} is no duration.",
            "Write a number with a unit: 30s, 10m, 1h, 2d.",
            rule="bad-duration",
            where=where,
        )
    return float(found[1]) * _UNITS[found[2]]


def ttl(text: str, where: str) -> int:
    """A time to live in whole seconds. Raises ``UsageError``, also for a Unix time given as a duration."""
    value = seconds(text, where)
    if value > 10 * 365 * 86400:
        raise UsageError(
            f"{where} {text} is {value / 31_536_000:.0f} years; it looks like a point in time.",
            "Say how long the vendor may keep the message: 1h, 2d.",
            rule="ttl-is-a-time",
            where=where,
        )
    return int(value)


def assignment(text: str, where: str) -> tuple[str, Any]:
    """``key=text`` or ``key:=json``. Raises ``UsageError``."""
    name, sign, value = text.partition("=")
    if not sign or not name.rstrip(":"):
        raise UsageError(
            f"{where} {text!r} has no key and value.",
            f"Write {where} key=text or {where} key:=json.",
            rule="bad-pair",
            where=where,
        )
    if name.endswith(":"):
        return name[:-1], parse_json(value, f"{where} {name[:-1]}")
    return name, value


def parse_json(text: str, where: str) -> Any:
    """JSON from the command line or a file, with line and column and, where it looks like it, a word on quoting.

    Raises ``UsageError``; so do NaN and Infinity, which JSON does not have.
    """

    def refuse(constant: str) -> Any:
        raise UsageError(f"{where}: {constant} is not JSON.", "Use a number or null.", rule="bad-json", where=where)

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise UsageError(
            f"{place}: this is not JSON ({error.msg}).", _quoting_hint(text), rule="bad-json", where=place
        ) from None
    except RecursionError:
        raise UsageError(f"{where} is nested too deeply.", "Flatten it.", rule="bad-json", where=where) from None


def _quoting_hint(text: str) -> str:
    """``{aps:{alert:hi}}`` is what a shell leaves of JSON that was not quoted."""
    if not text.strip():
        return "Give a JSON value."
    if re.search(r"[{,\[]\s*[A-Za-z_][\w-]*\s*:", text) and '"' not in text:
        return (
            "The shell seems to have eaten the quotes: put single quotes around it, or use a file (or '-' for stdin)."
        )
    if "'" in text and '"' not in text:
        return 'JSON takes double quotes: {"aps": …}.'
    return "Check the place; a file can be checked with any JSON tool."
