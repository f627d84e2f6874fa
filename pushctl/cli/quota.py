"""``pushctl quota``: how much may still be sent."""

from __future__ import annotations

from pushctl.cli.asking import put
from pushctl.cli.base import Cli, application, command
from pushctl.cli.options.run import RunOptions
from pushctl.core.vendor import Question
from pushctl.core.verdict import ExitCode

app = application("How much an app may still send today, where the vendor has an API for it.")


@command(
    app,
    examples="""
    pushctl quota --sandbox mi
    pushctl quota -p my-xiaomi --json
    """,
)
def quota(cli: Cli, run: RunOptions) -> ExitCode:
    """Ask the vendor for the day's quota of the app and how much of it is used.

    Only Mi has an API for that; the others say so, and their consoles show it. Nothing is sent to a device, so it also
    proves a credential.
    """
    return put(cli, run, "quota", Question())
