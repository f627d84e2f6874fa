"""Reading with a limit, and writing so that a file is there whole, for its owner only, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pushctl.core.errors import LocalError, ProfileError

LIMIT = 1 << 20
"""Bytes. No profile, key or certificate comes near it; a wrong path often does."""


def read_file(path: Path, what: str, *, rule: str, where: str = "", relative_to: str = "the profile's folder") -> bytes:
    """The content of a regular file of at most :data:`LIMIT` bytes.

    :param what: what is being read, as the sentence's subject: ``credentials.key (file:AuthKey.p8)``.
    :param relative_to: what a relative path of its kind is meant from, in words.
    :raises ProfileError: missing, a folder, a device, not readable, or too large; ``rule`` is its id.
    """

    def wrong(text: str, fix: str) -> ProfileError:
        return ProfileError(f"{what}: {text}", fix, rule=rule, where=where or str(path))

    try:
        # Without O_NONBLOCK a named pipe would wait for a writer before it can be refused.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise wrong(f"there is no file {path}.", f"Correct the path; it is relative to {relative_to}.") from None
    except PermissionError:
        if os.path.isdir(path):  # noqa: PTH112 - what Windows says of a folder; Path would raise once more
            raise wrong(f"{path} is a folder, not a file.", "Name the file in it.") from None
        raise wrong(
            f"this user may not read {path}.", f"Give yourself the right to read it: chmod u+r {path}"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no valid path"
        raise wrong(f"{path} cannot be read: {reason}.", "Correct the path.") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise wrong(f"{path} is a folder, not a file.", "Name the file in it.")
        raise wrong(f"{path} is not an ordinary file.", "Name an ordinary file.")
    try:
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise wrong(f"{path} cannot be read: {error.strerror}.", "Check the disk.") from None
    if len(data) > LIMIT:
        raise wrong(f"{path} is larger than 1 MiB.", "Name the right file.")
    return data


def write_private(path: Path, data: bytes) -> None:
    """Put ``data`` into ``path``: mode 0600, missing folders with 0700, by rename, so that no reader sees half of it.

    A symbolic link keeps its place and its target is replaced.

    :raises LocalError: disk full, read-only, no permission. The old content is then untouched.
    """
    import tempfile

    target = Path(os.path.realpath(path))
    temporary = ""
    try:
        make_private_folder(target.parent)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)  # 0600 from birth
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise LocalError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Free some space or choose a folder that you may write to.",
            rule="cannot-write",
            where=str(path),
        ) from None


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` and what is missing above it, each with mode 0700; existing ones keep theirs."""
    for missing in [one for one in (*reversed(folder.parents), folder) if not one.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)


def others_can_read(path: Path) -> bool:
    """Whether users other than the owner have any right to the file; False for what is no ordinary file, and always on
    Windows, which has no modes."""
    try:
        mode = path.stat().st_mode
        return os.name != "nt" and stat.S_ISREG(mode) and bool(mode & 0o077)
    except OSError:
        return False
