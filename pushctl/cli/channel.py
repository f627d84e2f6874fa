"""``pushctl channel``: APNs broadcast channels."""

from __future__ import annotations

from typing import Annotated

from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.cli.options.run import RunOptions, opening
from pushctl.core.vendor import Question
from pushctl.core.verdict import ExitCode
from pushctl.flows.ask import ask
from pushctl.flows.session import open_session

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
    return _ask(cli, run, "channel.create", {"storage": "1" if store else "0"})


@command(app, examples="pushctl channel show -p my-ios CHANNEL_ID")
def show(cli: Cli, run: RunOptions, channel_id: Annotated[str, argument("CHANNEL_ID", "The channel.")]) -> ExitCode:
    """Show a channel's storage policy and push type."""
    return _ask(cli, run, "channel.show", {"id": channel_id})


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
    return _ask(cli, run, "channel.list", {})


@command(app, examples="pushctl channel delete -p my-ios CHANNEL_ID")
def delete(cli: Cli, run: RunOptions, channel_id: Annotated[str, argument("CHANNEL_ID", "The channel.")]) -> ExitCode:
    """Delete a channel. Devices that listen to it get nothing more."""
    return _ask(cli, run, "channel.delete", {"id": channel_id})


def _ask(cli: Cli, run: RunOptions, name: str, parameters: dict[str, str]) -> ExitCode:
    from pushctl.output import documents, screens

    with open_session(opening(cli, run)) as session:
        answer = ask(session, name, Question(parameters))
        vendor, environment = session.vendor.card.id, session.account.environment
        cli.console.show(
            screens.answer_view(answer, vendor, environment=environment, emulated=session.emulated),
            documents.answer_document(vendor, answer, environment=environment, emulated=session.emulated),
        )
        return answer.says.exit_code
