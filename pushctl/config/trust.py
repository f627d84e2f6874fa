"""Which project profiles the user trusts.

A ``.pushctl`` folder may have come with a cloned repository. Until its profile is trusted it may not redirect traffic
nor read secrets of this machine. Trust is in the file's content: a changed file is a stranger again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.config import files, paths
from pushctl.core.errors import ProfileError

if TYPE_CHECKING:
    from pushctl.config.profiles import Profile

_REDIRECTS = ("endpoint", "proxy", "ca_bundle")
_SCHEMA = "pushctl/trust/1"


def is_trusted(profile: Profile, environ: Mapping[str, str]) -> bool:
    """Whether this profile may do everything: it is the user's own, or they trusted this very content."""
    return profile.origin != "project" or _read(environ).get(_key(profile)) == profile.sha256


def trust(profile: Profile, environ: Mapping[str, str]) -> Path:
    """Trust this profile's present content. Returns the file that remembers it. Raises ``LocalError``."""
    remembered = {**_read(environ), _key(profile): profile.sha256}
    _write(remembered, environ)
    return _file(environ)


def forget(profile: Profile, environ: Mapping[str, str]) -> None:
    """Trust it no longer. Raises ``LocalError``."""
    remembered = _read(environ)
    if remembered.pop(_key(profile), None) is not None:
        _write(remembered, environ)


def demands(profile: Profile, outside: list[str]) -> list[str]:
    """What this profile wants that needs trust, one phrase each; ``outside`` are its references' share."""
    return [f"network.{key} redirects traffic" for key in _REDIRECTS if key in profile.network] + outside


def require(profile: Profile, outside: list[str], environ: Mapping[str, str]) -> None:
    """Raise ``ProfileError`` when the profile wants what needs trust and is not trusted."""
    wanted = demands(profile, outside)
    if wanted and not is_trusted(profile, environ):
        raise ProfileError(
            f"Profile {profile.name!r} comes with this project and is not trusted yet: {'; '.join(wanted)}.",
            f"Read {profile.path}, then run: pushctl profile trust {profile.name}",
            rule="profile-untrusted",
            where=str(profile.path),
        )


def _file(environ: Mapping[str, str]) -> Path:
    return paths.config_dir(environ) / "trust.json"


def _key(profile: Profile) -> str:
    return str(profile.path.resolve())


def _read(environ: Mapping[str, str]) -> dict[str, str]:
    """What is remembered; a missing or broken file trusts nobody."""
    try:
        document: Any = json.loads(_file(environ).read_text("utf-8"))
        return dict(document["profiles"]) if document["schema"] == _SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(remembered: Mapping[str, str], environ: Mapping[str, str]) -> None:
    document = {"schema": _SCHEMA, "profiles": dict(sorted(remembered.items()))}
    files.write_private(_file(environ), (json.dumps(document, indent=2) + "\n").encode())
