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

app = application("Take a notification back (HarmonyOS, Mi, vivo).")


@command(
    app,
    examples="""
    pushctl revoke 1234567 --sandbox harmony
    pushctl revoke 1234567 -p my-harmony -t TOKEN
    pushctl revoke 7 -p my-xiaomi -t REGID
    pushctl revoke 542345678901234567 -p my-vivo --tokens ids.txt
    """,
)
def revoke(
    cli: Cli,
    message_id: Annotated[
        str, argument("ID", "HarmonyOS: the notifyId it was sent with; Mi: its notify_id; vivo: its taskId.")
    ],
    tokens: TokenOptions,
    run: RunOptions,
    push_type: Annotated[
        str | None, option("--push-type", metavar="TYPE", help="HarmonyOS: 0 (alert, the default) or 2 (extension).")
    ] = None,
) -> ExitCode:
    """Take a message back from the devices it was sent to. One verdict for each device.

    Only what has not arrived yet, or is shown and was not tapped. HarmonyOS and Mi know it by the id that it was sent
    with (--collapse 7, or --set payload.notification.notifyId:=1234567), vivo by the taskId of its answer.
    """

    not_empty(push_type, "--push-type")

    def question(session: Session) -> Question:
        found = token_targets(cli, tokens, session.vendor.card) or [default_token(session)]
        values = {"id": message_id, **({"push_type": push_type} if push_type is not None else {})}
        return Question(values, tuple(found))

    return put(cli, run, "revoke", question)
