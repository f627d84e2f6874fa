"""The process around a command: its streams, environment and folder. Tests put their own in its place."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from pushctl.core.errors import UsageError


@dataclass(slots=True)
class Process:
    """What the outside world hands to one run of ``pushctl``."""

    environ: Mapping[str, str]
    cwd: Path
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    _stdin_taken_by: str = field(default="")

    @classmethod
    def current(cls) -> Process:
        """The process that Python runs in."""
        import os

        return cls(os.environ, Path.cwd(), sys.stdin, sys.stdout, sys.stderr)

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
        binary: BinaryIO | None = getattr(self.stdin, "buffer", None)
        return binary.read() if binary is not None else self.stdin.read().encode()


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # closed, or no stream at all (a service without a console)
        return False
