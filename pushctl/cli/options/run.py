"""As whom, and over which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pushctl.cli.base import Cli, option
from pushctl.cli.options.values import not_empty, seconds

if TYPE_CHECKING:
    from pushctl.flows.session import Opening

PANEL = "Profile and network"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Which profile, which sandbox, which way to the vendor."""

    profile: Annotated[
        str | None, option("-p", "--profile", metavar="NAME|PATH", panel=PANEL, help="The profile [PUSHCTL_PROFILE].")
    ] = None
    sandbox: Annotated[
        str | None,
        option(
            "--sandbox", metavar="VENDOR", panel=PANEL, help="Run against the emulator; nothing leaves this machine."
        ),
    ] = None
    scenario: Annotated[
        str | None,
        option(
            "--scenario", metavar="NAME", panel=PANEL, help="The emulator's situation ('pushctl sandbox scenarios')."
        ),
    ] = None
    timeout: Annotated[
        str | None, option("--timeout", metavar="TIME", panel=PANEL, help="For one answer: 15s, 500ms, 1m [15s].")
    ] = None
    proxy: Annotated[
        str | None, option("--proxy", metavar="URL", panel=PANEL, help="HTTP proxy (CONNECT) [HTTPS_PROXY, NO_PROXY].")
    ] = None
    ca_bundle: Annotated[
        str | None, option("--ca-bundle", metavar="FILE", panel=PANEL, help="Trust these CAs (PEM) and no others.")
    ] = None
    endpoint: Annotated[
        str | None, option("--endpoint", metavar="URL", panel=PANEL, help="Another host, on loopback.")
    ] = None
    allow_endpoint: Annotated[
        bool,
        option("--allow-endpoint", panel=PANEL, help="Let --endpoint be any host: it will see the credentials."),
    ] = False


def opening(cli: Cli, run: RunOptions) -> Opening:
    """What the flows need to open a session, with its exchanges shown by ``-v``.

    Raises ``UsageError`` for a bad ``--timeout``, and for an option that an unset variable has left empty.
    """
    for name in ("profile", "sandbox", "scenario", "ca_bundle", "endpoint"):
        not_empty(getattr(run, name), f"--{name.replace('_', '-')}")
    from pushctl.flows.session import Opening

    return Opening(
        environ=cli.process.environ,
        cwd=cli.process.cwd,
        stdin=lambda: cli.process.read_stdin("the profile"),
        profile=run.profile,
        sandbox=run.sandbox,
        scenario=run.scenario,
        endpoint=run.endpoint,
        proxy=run.proxy,
        ca_bundle=run.ca_bundle,
        timeout=seconds(run.timeout, "--timeout") if run.timeout is not None else None,
        allow_endpoint=run.allow_endpoint,
        watch=cli.console.exchange,
    )
