"""``pushctl auth``: the one command that shows a secret."""

from __future__ import annotations

from typing import Annotated

from pushctl.cli.base import Cli, application, command, option
from pushctl.cli.options.run import RunOptions, opening
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Refused
from pushctl.core.verdict import ExitCode
from pushctl.flows.answer_case import refuse_unknown_call
from pushctl.flows.session import open_session

app = application("Print the provider token of a profile.")


@command(
    app,
    examples="""
    PUSHCTL_TOKEN=$(pushctl auth -p my-ios)
    pushctl auth --sandbox apns
    """,
)
def auth(
    cli: Cli,
    run: RunOptions,
    call: Annotated[
        str, option("--call", metavar="NAME", help="For which interface, where they have different tokens.")
    ] = "send",
) -> ExitCode:
    """Print the provider token that the profile produces, for use with curl.

    It is the cached one where there is one: vendors limit how often a new one may be made. Where the profile's own
    secret is what authenticates (Mi) or signs each request (Meizu), it is printed.
    """
    with open_session(opening(cli, run)) as session:
        refuse_unknown_call(session.vendor, call)
        grant = session.grant(call)
        if grant is None:
            raise UsageError(
                f"Profile {session.profile.name!r} authenticates with a certificate and has no provider token.",
                "Use 'pushctl send --as curl', which names the certificate.",
                rule="no-grant",
            )
        if isinstance(grant, Refused):
            from pushctl.core.vendor import Answer
            from pushctl.output import documents, screens

            answer = Answer(grant.says)
            vendor = session.vendor.card.id
            cli.console.show(screens.answer_view(answer, vendor), documents.answer_document(vendor, answer))
            return grant.says.exit_code
        cli.write(grant.value.reveal() + "\n")
        return ExitCode.ACCEPTED
