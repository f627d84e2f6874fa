"""Every vendor's server side on loopback: started in this process, or found running in another.

Importing this package costs nothing: the server, its TLS and its certificates are loaded by :func:`start` only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import LocalError, UsageError
from pushctl.core.message import Message, Target

if TYPE_CHECKING:
    from pushctl.core.emulated import Emulator
    from pushctl.sandbox.journal import Journal
    from pushctl.sandbox.server import Server

RUNNING = "running.json"
JOURNAL = "journal.jsonl"


@dataclass(slots=True)
class Running:
    """A sandbox that answers.

    :ivar via: vendor host to the loopback address that stands for it.
    :ivar ca: the throw-away authority's certificate, PEM; trusted for these addresses only.
    :ivar folders: vendor id to the folder of its throw-away credentials.
    :ivar scenario: the scenario of the whole run, or None.
    :ivar journal: what arrived; None when another process keeps it.
    """

    via: Mapping[str, tuple[str, int]]
    ca: Path
    folders: Mapping[str, Path]
    scenario: str | None = None
    journal: Journal | None = None
    _server: Server | None = field(default=None, repr=False)

    def profile(self, vendor: str, environment: str, app: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A profile for this sandbox, in the shape of a profile file with absolute ``file:`` references.

        :param app: app facts that replace the sandbox's own.
        :raises UsageError: for a vendor that is not served, and for an unknown scenario.
        """
        emulator = self._emulator(vendor)
        name = self._scenario(emulator)
        made = emulator.profile(self.folders[vendor], environment, emulator.scenarios[name].credentials if name else "")
        return {**made, "app": {**made.get("app", {}), **(app or {})}}

    def target(self, vendor: str, message: Message, environment: str) -> Target:
        """Who a push without a target goes to: the live handset of the message's kind, or the scenario's."""
        emulator = self._emulator(vendor)
        handset = emulator.handset_for(message, environment, self._scenario(emulator))
        return Target("token", handset.token)

    def close(self) -> None:
        """Stop it, when it runs in this process; another process's goes on."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _scenario(self, emulator: Emulator) -> str | None:
        """The scenario as the vendor writes it. A running sandbox can be given another one for a single command; it
        then comes about by the credentials and the token of that scenario."""
        return find_scenario([emulator], self.scenario) if self.scenario else None

    def _emulator(self, vendor: str) -> Emulator:
        from pushctl.vendors import registry

        if vendor not in self.folders:
            raise UsageError(
                f"The sandbox does not serve {vendor}.",
                f"It serves {', '.join(self.folders)}; start it with --vendor {vendor}.",
                rule="sandbox-vendor",
            )
        return registry.emulator(vendor)


def start(
    vendors: Sequence[str],
    *,
    home: Path,
    scenario: str | None = None,
    app: Mapping[str, str] | None = None,
    strict: bool = True,
    port: int = 0,
    journal: Journal | None = None,
) -> Running:
    """Start the sandbox in a background thread of this process.

    :param vendors: ids or aliases.
    :param home: where the throw-away certificates are kept; made with mode 0700.
    :param scenario: a scenario's name, or a code of the catalogue, for the whole run.
    :param app: app facts of the profile that runs against it.
    :param strict: refuse where the sources disagree whether the vendor refuses.
    :param port: of the first listener, the next ones following; 0 lets the system choose.
    :param journal: where to note down what arrives; in memory when None.
    :raises UsageError: for an unknown vendor or scenario, or a port that is none.
    :raises LocalError: when ``home`` cannot be written or the port is taken.
    """
    from pushctl.vendors import registry

    emulators = [registry.emulator(name) for name in dict.fromkeys(map(registry.resolve, vendors))]
    named = find_scenario(emulators, scenario) if scenario else None
    _check_ports(port, sum(len(emulator.listeners) for emulator in emulators))

    from pushctl.sandbox import forge
    from pushctl.sandbox.journal import Journal
    from pushctl.sandbox.realm import Realm
    from pushctl.sandbox.server import Server

    forged = forge.ensure(home, emulators)
    folders = {emulator.vendor: forged.credentials(emulator.vendor) for emulator in emulators}
    kept = journal or Journal()
    server = Server(Realm(emulators, folders, kept, scenario=named, app=app, strict=strict), forged, port)
    server.start()
    return Running(server.via, forged.ca, folders, named, kept, server)


def _check_ports(first: int, number: int) -> None:
    if not 0 <= first <= 65536 - number:
        raise UsageError(
            f"--port {first} leaves no room for {number} ports from there on.",
            f"Take one up to {65536 - number}, or leave it out.",
            rule="bad-port",
            where="--port",
        )


def find_scenario(emulators: Sequence[Emulator], wanted: str) -> str:
    """The scenario's name as its vendor writes it, whatever the letter case.

    Raises ``UsageError`` with a suggestion for an unknown one.
    """
    exact = wanted.strip()
    if any(exact in emulator.scenarios for emulator in emulators):
        return exact
    names = {name.casefold(): name for emulator in emulators for name in emulator.scenarios}
    found = names.get(exact.casefold())
    if found is not None:
        return found
    import difflib

    close = difflib.get_close_matches(wanted.casefold(), names, n=1)
    hint = f"Did you mean {names[close[0]]}? " if close else _whose(exact, emulators)
    raise UsageError(
        f"There is no scenario called {wanted!r}.",
        f"{hint}'pushctl sandbox scenarios' lists them.",
        rule="unknown-scenario",
    )


def _whose(scenario: str, emulators: Sequence[Emulator]) -> str:
    """Which other vendors have this scenario, as a sentence; "" for none."""
    from pushctl.vendors import registry

    mine = {emulator.vendor for emulator in emulators}
    others = [name for name in registry.VENDORS if name not in mine and scenario in registry.emulator(name).scenarios]
    return f"It is one of {', '.join(others)}. " if others else ""


def attach(folder: Path) -> Running:
    """The sandbox that ``pushctl sandbox serve`` runs in another process.

    :param folder: where it wrote ``running.json`` (``PUSHCTL_SANDBOX``).
    :raises LocalError: when there is none, or it does not run any more.
    """
    from ipaddress import ip_address

    path = folder / RUNNING
    try:
        told = json.loads(path.read_bytes())
        via = {host: (str(ip), int(port)) for host, (ip, port) in told["via"].items()}
        folders = {vendor: Path(where) for vendor, where in told["folders"].items()}
        ca, pid, scenario = Path(told["ca"]), int(told["pid"]), told["scenario"]
        here = 0 < pid < 1 << 31 and all(ip_address(ip).is_loopback for ip, _ in via.values())
    except FileNotFoundError:
        raise _not_running(f"No sandbox is running: there is no {path}.", path) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _not_running(f"{path} cannot be read or is broken.", path) from None
    if not here:
        raise _not_running(f"{path} is broken: it names no sandbox on this machine.", path)
    if not _alive(pid) or not _answers(next(iter(via.values()), None)):
        raise _not_running(f"The sandbox that wrote {path} does not run any more.", path)
    return Running(via, ca, folders, scenario)


def announce(running: Running, folder: Path) -> Path:
    """Write ``running.json``, mode 0600, so that other processes can :func:`attach`.

    Raises ``LocalError`` when it cannot be written, and when another sandbox has announced itself there and runs.
    """
    path = folder / RUNNING
    if _runs(folder):
        raise LocalError(
            f"A sandbox is running already: {path}.",
            "Use that one, or set PUSHCTL_SANDBOX to another folder for this one.",
            rule="sandbox-running",
            where=str(path),
        )
    told = {
        "schema": "pushctl/running/1",
        "pid": os.getpid(),
        "via": {host: list(address) for host, address in running.via.items()},
        "ca": str(running.ca),
        "folders": {vendor: str(where) for vendor, where in running.folders.items()},
        "scenario": running.scenario,
    }
    fresh = path.with_name(f"{RUNNING}.{os.getpid()}")
    try:
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise LocalError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Make the folder writable, or free space on its disk.",
            rule="sandbox-home",
            where=str(path),
        ) from None
    return path


def _runs(folder: Path) -> bool:
    try:
        attach(folder)
    except LocalError:
        return False
    return True


def _not_running(text: str, path: Path) -> LocalError:
    return LocalError(
        text,
        "Start one with 'pushctl sandbox serve', or unset PUSHCTL_SANDBOX to let --sandbox start its own.",
        rule="sandbox-not-running",
        where=str(path),
    )


def _alive(pid: int) -> bool:
    if os.name == "nt":  # os.kill would end it; the port tells
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answers(address: tuple[str, int] | None) -> bool:
    import socket

    if address is None:
        return False
    try:
        socket.create_connection(address, timeout=2.0).close()
    except OSError:
        return False
    return True
