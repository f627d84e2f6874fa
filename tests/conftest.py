"""What every test stands on: a clean environment, folders of its own, a way to run the command line."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from pushctl.cli.process import Process
from pushctl.cli.root import run

PROJECT = Path(__file__).parents[1]

settings.register_profile("pushctl", deadline=None)  # a busy machine is no defect
settings.load_profile("pushctl")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine reaches a test, and no file of a test reaches the machine."""
    for name in list(os.environ):
        if name.startswith(("PUSHCTL_", "XDG_", "GITHUB_")) or name.casefold().endswith("_proxy"):
            monkeypatch.delenv(name)
        if name in ("CI", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "COLUMNS", "LINES"):
            monkeypatch.delenv(name)
    for name, value in own_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def own_environment(folder: Path) -> dict[str, str]:
    """The variables that keep pushctl's files inside ``folder``."""
    return {
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
        "TERM": "dumb",
    }


@dataclass(frozen=True)
class Ran:
    """What a command line came to."""

    code: int
    out: str
    err: str


class Input(io.TextIOWrapper):
    """A stdin that is no terminal."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


Pushctl = Callable[..., Ran]


@pytest.fixture
def pushctl(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Pushctl:
    """Run a command line in this process: ``pushctl("send", "--sandbox", "apns", stdin=b"", env={})``."""

    def call(*argv: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
        environ = {**os.environ, **(env or {})}
        out, err = io.StringIO(), io.StringIO()
        process = Process(environ, Path.cwd(), Input(stdin), out, err)
        capsys.readouterr()
        code = run(list(argv), process)
        captured = capsys.readouterr()  # help pages are written by the parser itself
        return Ran(code, out.getvalue() + captured.out, err.getvalue() + captured.err)

    return call


@pytest.fixture(scope="session")
def sandbox_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of throw-away credentials for the whole run: making keys is slow."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def shell(tmp_path: Path) -> Pushctl:
    """Run a command line as a process of its own, for what only a real process shows."""

    def call(*argv: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "pushctl", *argv],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **(env or {})},
            timeout=60,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
