"""The values that people type: durations, ``k=v`` pairs, JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from pushctl.core.errors import UsageError

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "": 1}


def seconds(text: str, where: str) -> float:
    """A duration such as ``90``, ``90s``, ``1.5h``, ``500ms`` in seconds. Raises ``UsageError``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w|)", str(text).strip(), re.ASCII)
    if not found:
        raise UsageError(
            f"{where} {text!r} is no duration.",
            "Write a number with a unit: 30s, 10m, 1h, 2d.",
            rule="bad-duration",
            where=where,
        )
    return float(found[1]) * _UNITS[found[2]]


def not_empty(text: str | None, flag: str) -> None:
    """Refuse what ``-p "$PROFILE"`` becomes without the variable. Raises ``UsageError``."""
    if text == "":
        raise UsageError(f"{flag} is empty.", "Is the variable set? Give a value, or leave the option out.", where=flag)


def decoded(text: str, where: str) -> None:
    """Refuse a text of the command line that is not UTF-8: what a shell passes on undecoded. Raises ``UsageError``."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UsageError(
            f"{where} holds a byte that is not UTF-8: {text[:60]!r}.",
            "Check the encoding of the text where it comes from.",
            rule="text-not-unicode",
            where=where,
        )


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

    Raises ``UsageError``; so do NaN and Infinity, which JSON does not have, and 1e400, of which Python makes one.
    """

    def refuse(constant: str) -> Any:
        raise UsageError(f"{where}: {constant} is not JSON.", "Use a number or null.", rule="bad-json", where=where)

    def number(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise UsageError(
                f"{where}: the number {digits[:20]} is larger than any that can be read.",
                "Write it as text, or send a smaller one.",
                rule="bad-json",
                where=where,
            )
        return value

    try:
        return json.loads(text, parse_constant=refuse, parse_float=number)
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise UsageError(
            f"{place}: this is not JSON ({error.msg}).", _quoting_hint(text), rule="bad-json", where=place
        ) from None
    except RecursionError:
        raise UsageError(f"{where} is nested too deeply.", "Flatten it.", rule="bad-json", where=where) from None
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise _too_many_digits(where, "bad-json") from None


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """TOML from a message file. Raises ``UsageError``."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{where} is not TOML: {error}.", "Correct the place named.", rule="bad-toml", where=where
        ) from None
    except RecursionError:
        raise UsageError(f"{where} is nested too deeply.", "Flatten it.", rule="bad-toml", where=where) from None
    except ValueError:
        raise _too_many_digits(where, "bad-toml") from None


def utf8(content: bytes, where: str) -> str:
    """Text from a file or the command line. Raises ``UsageError``."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{where} is not UTF-8 at byte {error.start}.", "Save it as UTF-8.", rule="payload-encoding", where=where
        ) from None


def _too_many_digits(where: str, rule: str) -> UsageError:
    return UsageError(f"{where} holds a number with thousands of digits.", "Write it as text.", rule=rule, where=where)


def _quoting_hint(text: str) -> str:
    """``{aps:{alert:hi}}`` is what a shell leaves of JSON that was not quoted."""
    if not text.strip():
        return "Give a JSON value."
    if re.search(r"[{,\[]\s*[A-Za-z_][\w-]*\s*:", text) and '"' not in text:
        return (
            "The shell seems to have eaten the quotes: put single quotes around it, or use a file (or '-' for stdin)."
        )
    if "'" in text and '"' not in text:
        return 'JSON takes double quotes: {"key": …}.'
    return "Check the place; a file can be checked with any JSON tool."
