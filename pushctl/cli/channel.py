"""``pushctl channel``: APNs broadcast channels."""

from __future__ import annotations

from typing import Annotated

from pushctl.cli.asking import put
from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.cli.options.run import RunOptions
from pushctl.core.vendor import Question
from pushctl.core.verdict import ExitCode

app = application("Broadcast channels for Live Activities (APNs, iOS 18 and later).")


@command(
    app,
    examples="""
    pushctl channel create -p my-ios --store
    pushctl channel create --sandbox apns
    """,
)
def create(
    cli: Cli,
    run: RunOptions,
    store: Annotated[
        bool, option("--store", help="Keep the latest message for devices that are offline, at most 8 hours.")
    ] = False,
) -> ExitCode:
    """Create a channel and print its id.

    'pushctl send --channel-id ID' publishes to it. The storage policy cannot be changed later;
    without --store its pushes take no --ttl but 0, which is what goes out when none is said.
    """
    return put(cli, run, "channel.create", Question({"storage": "1" if store else "0"}))


@command(app, examples="pushctl channel show -p my-ios CHANNEL_ID")
def show(cli: Cli, run: RunOptions, channel_id: Annotated[str, argument("CHANNEL_ID", "The channel.")]) -> ExitCode:
    """Show a channel's storage policy and push type."""
    return put(cli, run, "channel.show", Question({"id": channel_id}))


@command(
    app,
    name="list",
    examples="""
    pushctl channel list -p my-ios
    pushctl channel list --sandbox apns
    """,
)
def list_(cli: Cli, run: RunOptions) -> ExitCode:
    """List every channel of the app in the profile's environment."""
    return put(cli, run, "channel.list", Question())


@command(app, examples="pushctl channel delete -p my-ios CHANNEL_ID")
def delete(cli: Cli, run: RunOptions, channel_id: Annotated[str, argument("CHANNEL_ID", "The channel.")]) -> ExitCode:
    """Delete a channel. Devices that listen to it get nothing more."""
    return put(cli, run, "channel.delete", Question({"id": channel_id}))
