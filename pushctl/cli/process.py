"""The process around a command: its streams, environment and folder. Tests put their own in its place."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from pushctl.config.paths import expanded
from pushctl.core.errors import UsageError

MAX_BYTES = 16 * 1024 * 1024
"""Of a file that an option names. A push is a few kilobytes; a wrong path is often much more, or has no end."""


@dataclass(slots=True)
class Process:
    """What the outside world hands to one run of ``pushctl``."""

    environ: Mapping[str, str]
    cwd: Path
    stdin: TextIO | None
    stdout: TextIO
    stderr: TextIO
    _stdin_taken_by: str = field(default="")

    @classmethod
    def current(cls) -> Process:
        """The process that Python runs in."""
        import os

        try:
            cwd = Path.cwd()
        except OSError:  # it was removed under our feet; what is relative to it will not be found
            cwd = Path()
        out, err = sys.stdout or _nowhere(), sys.stderr or _nowhere()
        return cls(os.environ, cwd, sys.stdin, out, err)

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: stdin and stderr are a terminal."""
        return _is_terminal(self.stdin) and _is_terminal(self.stderr)

    def read_stdin(self, wanted_by: str) -> bytes:
        """All of standard input. Only one option of a command can have it.

        :param wanted_by: the option or field, for the error text.
        Raises ``UsageError`` when another one has read it already.
        """
        if self._stdin_taken_by:
            raise UsageError(
                f"Both {self._stdin_taken_by} and {wanted_by} want to read standard input ('-').",
                "Give one of them a file.",
                rule="stdin-twice",
            )
        self._stdin_taken_by = wanted_by
        if self.stdin is None:  # what Python makes of "<&-"
            raise _unreadable(wanted_by, "standard input", "it is closed")
        binary: BinaryIO | None = getattr(self.stdin, "buffer", None)
        try:
            return binary.read() if binary is not None else self.stdin.read().encode()
        except OSError as error:
            raise _unreadable(wanted_by, "standard input", error.strerror or str(error)) from None

    def has_file(self, name: str) -> bool:
        """Whether there is something of this name."""
        try:
            return (self.cwd / expanded(name)).exists()
        except (OSError, ValueError):
            return False

    def read_file(self, name: str, wanted_by: str, limit: int = MAX_BYTES) -> bytes:
        """The content of a file (or pipe) that an option names, ``-`` being standard input.

        :param wanted_by: the option, for the error text.
        :param limit: bytes.
        Raises ``UsageError`` for no name, what cannot be read, and what is larger than ``limit``.
        """
        if name == "-":
            return self.read_stdin(wanted_by)
        if not name:
            raise UsageError(
                f"{wanted_by} names no file.",
                "Is the variable set? Give a file, or - for standard input.",
                rule="unreadable-file",
                where=wanted_by,
            )
        try:
            with (self.cwd / expanded(name)).open("rb") as file:
                content = file.read(limit + 1)
        except OSError as error:
            raise _unreadable(wanted_by, name, error.strerror or str(error)) from None
        except ValueError:  # a NUL, or a letter that the system's encoding has not
            raise _unreadable(wanted_by, ascii(name), "no file can be called so") from None
        if len(content) > limit:
            raise UsageError(
                f"{wanted_by}: {name} is larger than {limit >> 20} MiB.",
                "Is this the right file?",
                rule="file-too-large",
                where=wanted_by,
            )
        return content


def _nowhere() -> TextIO:
    """What stands for a stream that was closed (``>&-``): the exit code is still worth something."""
    import io

    return io.StringIO()


def _unreadable(wanted_by: str, name: str, reason: str) -> UsageError:
    return UsageError(
        f"{wanted_by}: {name} cannot be read: {reason}.", "Check the path.", rule="unreadable-file", where=wanted_by
    )


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
