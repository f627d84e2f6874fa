"""What a command may import. Module lists do not flicker; stop-watches do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushctl import sandbox

HEAVY = {"httpx", "h2", "h11", "jwt", "cryptography", "rich", "asyncio", "pydantic", "keyring", "tomlkit", "filelock"}


def imported(*argv: str, env: dict[str, str] | None = None) -> set[str]:
    """The top-level modules that a run of pushctl loaded."""
    code = (
        "import sys\nfrom pushctl.__main__ import main\nsys.argv[1:] = sys.argv[1:]\n"
        "try:\n    main()\nfinally:\n    print('\\nMODULES', *sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *argv],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **(env or {})},
        timeout=60,
    )
    assert "MODULES" in done.stdout, done.stderr
    assert "internal error" not in done.stderr
    return set(done.stdout.rpartition("MODULES")[2].split())


def test_the_version_is_told_before_the_parser_is_imported() -> None:
    assert not imported("--version") & ({"typer", "inspect", "dataclasses", "json"} | HEAVY)


@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        ["send", "--help"],
        ["explain", "apns:BadDeviceToken"],
        ["explain", "apns", "--http-status", "410", "--body", '{"reason":"Unregistered"}'],
        ["lint", "--vendor", "apns", "--title", "Hi"],
        ["vendors", "apns", "--json"],
        ["help", "exit-codes"],
        ["profile", "list"],
        ["send", "--title", "no profile"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_a_cheap_command_imports_nothing_heavy(argv: list[str]) -> None:
    assert not imported(*argv) & (HEAVY | {"ssl"})


@pytest.fixture
def served(sandbox_home: Path) -> Iterator[Path]:
    """A sandbox that runs in another process than the command."""
    home = sandbox_home / "pushctl" / "sandbox"
    running = sandbox.start(["apns"], home=home)
    try:
        sandbox.announce(running, home)
        yield home
    finally:
        running.close()


def test_a_one_shot_send_with_a_cached_token_imports_only_what_it_needs(served: Path) -> None:
    env = {"PUSHCTL_SANDBOX": str(served)}
    first = imported("send", "--sandbox", "apns", "--title", "Hi", env=env)
    assert "jwt" in first, "the first send signs a token"
    second = imported("send", "--sandbox", "apns", "--title", "Hi", env=env)
    assert not second & {"httpx", "jwt", "asyncio", "rich", "pydantic", "h11", "filelock", "tomlkit"}
    assert "h2" in second
