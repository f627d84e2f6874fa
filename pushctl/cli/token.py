"""``pushctl token``: look at a device token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pushctl.cli.base import Cli, application, argument, command
from pushctl.cli.options.run import RunOptions, opening
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.core.vendor import Answer
    from pushctl.flows.tokens import Inspection

app = application("Device tokens: whose one is, whether it is well-formed, what its vendor knows of it.", group=True)


@command(
    app,
    examples="""
    pushctl token inspect - < token.txt
    pushctl token inspect TOKEN -p my-android
    pushctl token inspect --sandbox fcm
    """,
)
def inspect(
    cli: Cli,
    run: RunOptions,
    token: Annotated[str, argument("TOKEN", "The token; - is stdin. The sandbox has one of its own.")] = "",
) -> ExitCode:
    """Say which vendor a token looks like, what is wrong with its shape, and what the vendor knows of it.

    Without a profile nothing is sent. With one the vendor is asked, where it has an API for that: FCM, HMS, Mi, OPPO,
    vivo and Meizu have.
    """
    from pushctl.flows import tokens
    from pushctl.flows.session import default_token, open_session

    named = run.profile or run.sandbox or cli.process.environ.get("PUSHCTL_PROFILE")
    given = _given(cli, token, sandbox=bool(run.sandbox))
    if not named:
        return _show(cli, tokens.inspect(given), None)
    with open_session(opening(cli, run)) as session:
        given = given or default_token(session).value
        found, answer = tokens.ask_about(session, given)
        return _show(cli, found, answer, emulated=session.emulated)


def _given(cli: Cli, token: str, *, sandbox: bool) -> str:
    from pushctl.core.errors import UsageError

    if token == "-":
        return cli.process.read_stdin("the token").decode("utf-8", "replace").rstrip("\r\n")
    if not token and not sandbox:
        raise UsageError("No token is given.", "Give the device token, or - for stdin.", rule="no-target")
    return token


def _show(cli: Cli, found: Inspection, answer: Answer | None, *, emulated: bool = False) -> ExitCode:
    from pushctl.cli import token_output

    cli.console.show(
        token_output.view(found, answer, emulated=emulated), token_output.document(found, answer, emulated=emulated)
    )
    return token_output.exit_code(found, answer)
