"""Where configuration, cache and state live.

``PUSHCTL_CONFIG_DIR`` and ``PUSHCTL_CACHE_DIR`` win, then the XDG variables, then Windows' own, then the home folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pushctl.core.errors import LocalError

_WINDOWS = os.name == "nt"


def config_dir(environ: Mapping[str, str], *, windows: bool = _WINDOWS) -> Path:
    """The folder of the user's profiles and of what they trust: ``~/.config/pushctl`` unless told otherwise."""
    if own := environ.get("PUSHCTL_CONFIG_DIR"):
        return expanded(own)
    return _base(environ, "XDG_CONFIG_HOME", "APPDATA" if windows else "", ".config") / "pushctl"


def cache_dir(environ: Mapping[str, str], *, windows: bool = _WINDOWS) -> Path:
    """The folder of what can be made again at any time: ``~/.cache/pushctl`` unless told otherwise."""
    if own := environ.get("PUSHCTL_CACHE_DIR"):
        return expanded(own)
    base = _base(environ, "XDG_CACHE_HOME", "LOCALAPPDATA" if windows else "", ".cache")
    return base / "pushctl" / "cache" if windows and not _absolute(environ, "XDG_CACHE_HOME") else base / "pushctl"


def state_dir(environ: Mapping[str, str], *, windows: bool = _WINDOWS) -> Path:
    """The folder of journals and the like: ``~/.local/state/pushctl`` unless told otherwise."""
    base = _base(environ, "XDG_STATE_HOME", "LOCALAPPDATA" if windows else "", ".local/state")
    return base / "pushctl" / "state" if windows and not _absolute(environ, "XDG_STATE_HOME") else base / "pushctl"


def profiles_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the user's profiles."""
    return config_dir(environ) / "profiles"


def grants_dir(environ: Mapping[str, str], emulated_by: Path | None = None) -> Path:
    """The folder of cached provider tokens; an emulator's lie apart, so that neither can meet the other's host.

    :param emulated_by: the certificate of the sandbox's throw-away authority; each sandbox has tokens of its own.
    """
    if emulated_by is None:
        return cache_dir(environ) / "grants"
    import hashlib

    try:
        name = hashlib.sha256(emulated_by.read_bytes()).hexdigest()[:12]
    except OSError:
        name = "unknown"
    return cache_dir(environ) / "grants-sandbox" / name


def expanded(text: str) -> Path:
    """A path with ``~`` expanded; one of a user who does not exist stays as it is."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def _base(environ: Mapping[str, str], xdg: str, windows_variable: str, below_home: str) -> Path:
    if found := _absolute(environ, xdg):
        return found
    if windows_variable and (found := _absolute(environ, windows_variable)):
        return found
    home = environ.get("HOME") or environ.get("USERPROFILE")
    try:
        return (Path(home) if home else Path.home()) / below_home
    except RuntimeError:
        raise LocalError(
            "This user has no home folder, and HOME is not set.",
            f"Set HOME, or {xdg} to an absolute path.",
            rule="no-home",
        ) from None


def _absolute(environ: Mapping[str, str], name: str) -> Path | None:
    """The folder a variable names; the XDG specification wants relative ones ignored."""
    value = environ.get(name, "")
    path = Path(value)
    return path if value and path.is_absolute() else None
