"""``pushctl topic``: who listens to a topic."""

from __future__ import annotations

from typing import Annotated

from pushctl.cli.asking import put
from pushctl.cli.base import Cli, application, argument, command
from pushctl.cli.options.run import RunOptions
from pushctl.cli.options.target import TokenOptions, token_targets
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Question
from pushctl.core.verdict import ExitCode
from pushctl.flows.session import Session, default_token

app = application("Topics: subscribe and unsubscribe devices, list a device's topics (FCM, HMS, Mi).")

Topic = Annotated[str, argument("TOPIC", "The topic's name.")]


@command(
    app,
    examples="""
    pushctl topic subscribe news --sandbox fcm
    pushctl topic subscribe news -p my-android -t TOKEN
    pushctl topic subscribe news -p my-huawei --tokens devices.csv --json
    """,
)
def subscribe(cli: Cli, topic: Topic, tokens: TokenOptions, run: RunOptions) -> ExitCode:
    """Subscribe devices to a topic, which 'pushctl send --topic' then reaches. One verdict for each device."""
    return _change(cli, run, tokens, "topic.subscribe", topic)


@command(app, examples="pushctl topic unsubscribe news -p my-android -t TOKEN")
def unsubscribe(cli: Cli, topic: Topic, tokens: TokenOptions, run: RunOptions) -> ExitCode:
    """Unsubscribe devices from a topic. One verdict for each device."""
    return _change(cli, run, tokens, "topic.unsubscribe", topic)


@command(
    app,
    name="list",
    examples="""
    pushctl topic list --sandbox fcm
    pushctl topic list -p my-android -t TOKEN
    """,
)
def list_(cli: Cli, tokens: TokenOptions, run: RunOptions) -> ExitCode:
    """List the topics that a device is subscribed to."""

    def question(session: Session) -> Question:
        found = token_targets(cli, tokens, session.vendor.card) or [default_token(session)]
        if len(found) > 1:
            raise UsageError(
                f"{len(found)} devices are named.", "Ask for one at a time.", rule="one-token", where="--token"
            )
        return Question(targets=tuple(found))

    return put(cli, run, "topic.list", question)


def _change(cli: Cli, run: RunOptions, tokens: TokenOptions, name: str, topic: str) -> ExitCode:
    def question(session: Session) -> Question:
        found = token_targets(cli, tokens, session.vendor.card) or [default_token(session)]
        return Question({"topic": topic}, tuple(found))

    return put(cli, run, name, question)
