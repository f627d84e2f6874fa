"""Provider tokens on disk, so that a run does not mint what the run before has minted.

One JSON file per key, 0600. Reading takes no lock and imports nothing but the standard library; minting is done by
one process while the others wait for it. A cache that cannot be read is a miss, one that cannot be written a warning:
neither ever stops a push.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pushctl.config import files
from pushctl.core.errors import LocalError
from pushctl.core.finding import Finding
from pushctl.core.secret import Secret
from pushctl.core.vendor import Grant, GrantSpec, Refused

_SCHEMA = "pushctl/grant/1"
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


class GrantCache:
    """The grants in one folder.

    :param folder: made when first needed, 0700; :func:`pushctl.config.paths.grants_dir`.
    :param wait_s: seconds to wait for another process that is minting.
    """

    def __init__(self, folder: Path, wait_s: float = 20.0) -> None:
        self._folder = folder
        self._wait_s = wait_s

    def obtain(
        self,
        spec: GrantSpec,
        now: float,
        mint: Callable[[], Grant | Refused],
        fresh: bool = False,
        refused: Grant | None = None,
    ) -> tuple[Grant | Refused, list[Finding]]:
        """A grant from the cache, or a new one that goes there.

        :param now: Unix seconds.
        :param mint: makes one; its :class:`Refused` is passed on and not kept.
        :param fresh: mint in any case and replace what is cached.
        :param refused: a grant that the vendor has just refused. It is not used again, but one that another process
            has made since is: ten parallel runs whose token expired shall not mint ten.
        :returns: the grant, and warnings about the cache.
        """
        if spec.kept != "disk":
            return mint(), []
        if not fresh and (grant := self._read(spec, now, refused)):
            return grant, []
        from filelock import FileLock, Timeout

        try:
            files.make_private_folder(self._folder)
            lock = FileLock(self._path(spec).with_suffix(".lock"), timeout=self._wait_s, mode=0o600)
            lock.acquire()
        except Timeout:
            return mint(), [_warning("another run holds the lock", "cache-locked", self._folder)]
        except (OSError, NotImplementedError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            return mint(), [_warning(reason, "cache-unwritable", self._folder)]
        try:
            if not fresh and (grant := self._read(spec, now, refused)):
                return grant, []
            made = mint()
            return made, self._write(spec, made) if isinstance(made, Grant) else []
        finally:
            lock.release()

    def path(self, spec: GrantSpec) -> Path:
        """The file in which this grant is kept."""
        return self._path(spec)

    def _path(self, spec: GrantSpec) -> Path:
        name = "".join(letter if letter in _SAFE else "_" for letter in spec.key)[:120]
        if name != spec.key or not name or name.startswith("."):
            import hashlib

            name = f"_{name}-{hashlib.sha256(spec.key.encode()).hexdigest()[:12]}"
        return self._folder / f"{name}.json"

    def _read(self, spec: GrantSpec, now: float, refused: Grant | None) -> Grant | None:
        try:
            with self._path(spec).open("rb") as file:
                document = json.loads(file.read(files.LIMIT))
            if document["schema"] != _SCHEMA or document["key"] != spec.key:
                return None
            minted, expires = float(document["minted"]), float(document["expires"])
            grant = Grant(Secret(str(document["value"]), document["shown"], document["about"]), minted, expires)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        usable = bool(grant.value) and 0 <= now - minted < spec.reuse_s and now < expires
        if refused is not None and (minted <= refused.minted or grant.value == refused.value):
            return None
        return grant if usable else None

    def _write(self, spec: GrantSpec, grant: Grant) -> list[Finding]:
        document = {
            "schema": _SCHEMA,
            "key": spec.key,
            "minted": grant.minted,
            "expires": grant.expires,
            "value": grant.value.reveal(),
            "shown": grant.value.shown,
            "about": grant.value.about,
        }
        try:
            files.write_private(self._path(spec), json.dumps(document).encode())
        except LocalError as error:
            return [_warning(error.text, "cache-unwritable", self._folder)]
        return []


def _warning(reason: str, rule: str, folder: Path) -> Finding:
    return Finding(
        rule,
        "warning",
        f"The provider token was not cached in {folder}: {reason.rstrip('.')}.",
        "Vendors limit how often a new one may be made; set PUSHCTL_CACHE_DIR to a folder you may write to.",
        str(folder),
    )
