"""The tables of a profile file: TOML with its errors in place, unknown keys, types."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pushctl.config import paths
from pushctl.core.errors import ProfileError

NETWORK: dict[str, str] = {
    "proxy": "HTTP proxy, http://host:port; one with a password goes through env:NAME",
    "port": "another port of the vendor's hosts (APNs: 2197)",
    "endpoint": "another base URL; used only together with --allow-endpoint",
    "ca_bundle": "file with the CA certificates to trust, PEM",
    "timeout": "seconds for one request",
}


def unknown_key(table: Mapping[str, Any], known: Iterable[str], path: Path, name: str) -> None:
    """Raise ``ProfileError`` with a suggestion for the first key that is not known."""
    known = list(known)
    for key in table:
        if key in known:
            continue
        close = difflib.get_close_matches(key.replace("-", "_").casefold(), known, n=1)
        hint = f"Did you mean {close[0]}? " if close else ""
        raise ProfileError(
            f"{path} has an unknown key {key!r}{f' in [{name}]' if name else ''}.",
            f"{hint}Known: {', '.join(known) or 'none'}.",
            rule="profile-unknown-key",
            where=f"{path}: {name + '.' if name else ''}{key}",
        )


def toml_table(data: bytes, path: Path) -> dict[str, Any]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ProfileError(f"{path} is UTF-16 text.", "Save it as UTF-8.", rule="profile-encoding", where=f"{path}:1:1")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise ProfileError(
            f"{path} is not UTF-8 text (line {line}, byte {column}).",
            "Save it as UTF-8.",
            rule="profile-encoding",
            where=f"{path}:{line}:{column}",
        ) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line, column = _place_of(str(error), text)
        raise ProfileError(
            f"{path} is not valid TOML, line {line}, column {column}: {reason}.",
            "Texts stand in quotes, tables begin with [name].",
            rule="profile-toml",
            where=f"{path}:{line}:{column}",
        ) from None
    except (RecursionError, ValueError) as error:  # Python reads no integer of more than 4,300 digits
        what = "tables within tables without end" if isinstance(error, RecursionError) else "a number without end"
        raise ProfileError(f"{path} holds {what}.", "Take it out.", rule="profile-toml", where=str(path)) from None


def _place_of(message: str, text: str) -> tuple[str, int, int]:
    """What tomllib says, and where; before Python 3.14 the place stands only in its sentence."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if not found:
        return message, 1, 1
    if found[2]:
        return found[1], int(found[2]), int(found[3])
    lines = text.split("\n")
    return f"{found[1]} at the end of the file", len(lines), len(lines[-1]) + 1


def strings(table: Mapping[str, Any], path: Path, name: str) -> dict[str, str]:
    for key, value in table.items():
        if not isinstance(value, str):
            raise ProfileError(
                f"{name}.{key} in {path} must be text.",
                f'Write it in quotes: {key} = "…".',
                rule="profile-type",
                where=f"{path}: {name}.{key}",
            )
    return dict(table)


def network_table(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    unknown_key(table, NETWORK, path, "network")

    def wrong(key: str, must: str) -> ProfileError:
        return ProfileError(
            f"network.{key} in {path} must be {must}.",
            f"{key}: {NETWORK[key]}.",
            rule="profile-type",
            where=f"{path}: network.{key}",
        )

    network = dict(table)
    for key in ("proxy", "endpoint", "ca_bundle"):
        if key in network and (not isinstance(network[key], str) or not network[key].strip()):
            raise wrong(key, "text")
    if "port" in network and not (type(network["port"]) is int and 0 < network["port"] < 65536):
        raise wrong("port", "a number from 1 to 65535")
    timeout = network.get("timeout", 1)
    if type(timeout) not in (int, float) or not 0 < timeout < float("inf"):
        raise wrong("timeout", "a number of seconds above 0")
    if "ca_bundle" in network:
        network["ca_bundle"] = str(path.parent / paths.expanded(network["ca_bundle"].removeprefix("file:")))
    return network
