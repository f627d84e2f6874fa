"""What a command may import. Module lists do not flicker; stop-watches do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pushctl import sandbox

HEAVY = {"httpx", "h2", "h11", "jwt", "cryptography", "rich", "asyncio", "pydantic", "keyring", "tomlkit", "filelock"}


@cache
def the_parsers_own() -> frozenset[str]:
    """What the parser costs by itself: nothing from 0.26 to 0.28, pydantic and all it needs from 0.29 on."""
    code = (
        "import sys, typer\napp = typer.Typer(add_completion=False, rich_markup_mode=None)\n"
        "@app.command()\ndef main(name: str = ''): pass\n"
        "typer.main.get_command(app).main(args=[], standalone_mode=False)\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


def imported(*argv: str, env: dict[str, str] | None = None) -> set[str]:
    """The modules that a run of pushctl loaded, packages and their parts."""
    code = (
        "import sys\nfrom pushctl.__main__ import main\nsys.argv[1:] = sys.argv[1:]\n"
        "try:\n    main()\nfinally:\n    print('\\nMODULES', *sorted(sys.modules))"
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
        ["explain", "fcm", "--http-status", "404", "--body", '{"error":{"code":404,"status":"NOT_FOUND"}}'],
        ["explain", "hms:80300007"],
        ["lint", "--vendor", "apns", "--title", "Hi"],
        ["lint", "--vendor", "fcm", "--title", "Hi"],
        ["lint", "--vendor", "hms", "--title", "Hi", "--body", "There"],
        ["lint", "--vendor", "harmony", "--title", "Hi", "--body", "There"],
        ["lint", "--vendor", "honor", "--title", "Hi", "--body", "There"],
        ["lint", "--vendor", "mi", "--title", "Order shipped", "--body", "It is on its way"],
        ["lint", "--vendor", "oppo", "--title", "Order shipped", "--body", "It is on its way"],
        ["lint", "--vendor", "vivo", "--title", "Order shipped", "--body", "It is on its way"],
        ["lint", "--vendor", "meizu", "--title", "Order shipped", "--body", "It is on its way"],
        ["explain", "mi", "--call", "receipt", "--body", '{"scm1":{"type":1,"targets":"x"}}'],
        ["explain", "oppo:11"],
        ["explain", "vivo", "--body", '{"result":10302,"desc":"x"}'],
        ["explain", "meizu:110010"],
        ["vendors", "--json"],
        ["token", "inspect", "ABC"],
        ["help", "exit-codes"],
        ["profile", "list"],
        ["send", "--title", "no profile"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_a_cheap_command_imports_nothing_heavy(argv: list[str]) -> None:
    loaded = imported(*argv) - the_parsers_own()
    assert not loaded & (HEAVY | {"ssl", "socket", "logging", "csv"})
    assert not {name for name in loaded if name.startswith(("pushctl.transport.stream", "pushctl.sandbox."))}


def test_the_catalogue_is_read_without_loading_what_pushes() -> None:
    loaded = imported("explain", "apns:BadDeviceToken")
    assert not loaded & {"tomllib", "pushctl.core.vendor", "pushctl.core.message", "pushctl.core.report"}
    assert not loaded & {"pushctl.flows.raw_answer", "pushctl.flows.session", "pushctl.vendors.apns"}


def test_lint_without_a_profile_loads_nothing_that_opens_one() -> None:
    loaded = imported("lint", "--vendor", "apns", "--title", "Hi")
    assert "pushctl.vendors.apns.lint" in loaded
    assert not loaded & {"tomllib", "pushctl.config.profiles", "pushctl.config.secrets", "pushctl.flows.session"}
    assert not {name for name in loaded if name.startswith("pushctl.transport")}


@pytest.fixture
def served(sandbox_home: Path, tmp_path: Path) -> Iterator[Path]:
    """A sandbox that runs in another process than the command."""
    home = sandbox_home / "pushctl" / "sandbox"
    running = sandbox.start(["apns", "fcm", "hms", "mi", "oppo", "vivo", "meizu"], home=home)
    try:
        sandbox.announce(running, tmp_path)
        yield tmp_path
    finally:
        running.close()


def test_a_one_shot_send_with_a_cached_token_imports_only_what_it_needs(served: Path) -> None:
    env = {"PUSHCTL_SANDBOX": str(served)}
    first = imported("send", "--sandbox", "apns", "--title", "Hi", env=env)
    assert "jwt" in first, "the first send signs a token"
    second = imported("send", "--sandbox", "apns", "--title", "Hi", env=env) - the_parsers_own()
    assert not second & {"httpx", "jwt", "asyncio", "rich", "pydantic", "h11", "filelock", "tomlkit", "csv"}
    assert not second & {
        "cryptography.x509",
        "pushctl.transport.rest",
        "pushctl.transport.curl",
        "pushctl.sandbox.server",
    }
    assert not second & {f"pushctl.vendors.apns.{name}" for name in ("asks", "certfile", "importing")}
    assert "h2" in second


def test_a_send_to_fcm_with_a_cached_token_needs_neither_httpx_nor_a_signature(served: Path) -> None:
    env = {"PUSHCTL_SANDBOX": str(served)}
    assert "jwt" in imported("send", "--sandbox", "fcm", "--title", "Hi", env=env)
    second = imported("send", "--sandbox", "fcm", "--title", "Hi", env=env) - the_parsers_own()
    assert not second & {"httpx", "jwt", "asyncio", "rich", "h11", "filelock", "tomlkit", "csv"}
    assert not second & {
        f"pushctl.vendors.fcm.{name}" for name in ("asks", "importing", "auth_federation", "inspecting")
    }
    assert "h2" in second


def test_a_send_to_hms_loads_no_other_vendor(served: Path) -> None:
    env = {"PUSHCTL_SANDBOX": str(served)}
    loaded = imported("send", "--sandbox", "hms", "--title", "Hi", "--body", "There", env=env) - the_parsers_own()
    assert "httpx" in loaded
    assert not loaded & {"jwt", "asyncio.base_events", "rich", "tomlkit", "csv"}
    assert vendors_in(loaded) == {"hms", "_huawei"}


@pytest.mark.parametrize("vendor", ["mi", "oppo", "vivo", "meizu"])
def test_a_send_to_a_service_of_china_loads_no_other_vendor(served: Path, vendor: str) -> None:
    env = {"PUSHCTL_SANDBOX": str(served)}
    text = ("--title", "Order shipped", "--body", "It is on its way")
    loaded = imported("send", "--sandbox", vendor, *text, env=env) - the_parsers_own()
    assert "httpx" in loaded
    assert not loaded & {"jwt", "cryptography", "asyncio.base_events", "rich", "tomlkit", "csv"}
    assert vendors_in(loaded) == {vendor}
    assert not loaded & {f"pushctl.vendors.{vendor}.{name}" for name in ("asks", "importing")}


def vendors_in(loaded: set[str]) -> set[str]:
    """The vendors' folders of which something was loaded."""
    parts = (name.split(".") for name in loaded if name.startswith("pushctl.vendors."))
    return {part[2] for part in parts} - {"registry", "_tokens"}
