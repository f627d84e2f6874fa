"""``pushctl revoke``: take back what was sent."""

from __future__ import annotations

from typing import Annotated

from pushctl.cli.asking import put
from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.cli.options.run import RunOptions
from pushctl.cli.options.target import TokenOptions, token_targets
from pushctl.cli.options.values import not_empty
from pushctl.core.vendor import Question
from pushctl.core.verdict import ExitCode
from pushctl.flows.session import Session, default_token

app = application("Take a notification back (HarmonyOS).")


@command(
    app,
    examples="""
    pushctl revoke 1234567 --sandbox harmony
    pushctl revoke 1234567 -p my-harmony -t TOKEN
    """,
)
def revoke(
    cli: Cli,
    notify_id: Annotated[str, argument("NOTIFY_ID", "The notifyId that it was sent with.")],
    tokens: TokenOptions,
    run: RunOptions,
    push_type: Annotated[
        str | None, option("--push-type", metavar="TYPE", help="0 (alert, the default) or 2 (extension).")
    ] = None,
) -> ExitCode:
    """Take a message back from the devices it was sent to. One verdict for each device.

    Only what has not arrived yet, or is shown and was not tapped; it must have been sent with a notifyId
    (--set payload.notification.notifyId:=1234567).
    """

    not_empty(push_type, "--push-type")

    def question(session: Session) -> Question:
        found = token_targets(cli, tokens, session.vendor.card) or [default_token(session)]
        values = {"notify_id": notify_id, **({"push_type": push_type} if push_type is not None else {})}
        return Question(values, tuple(found))

    return put(cli, run, "revoke", question)
