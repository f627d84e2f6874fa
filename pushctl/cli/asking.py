"""What the commands share that ask a vendor something: channel, topic, trace, token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.cli.options.run import RunOptions, opening
from pushctl.cli.options.values import decoded
from pushctl.core.vendor import Question
from pushctl.flows.ask import ask
from pushctl.flows.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from pushctl.cli.base import Cli
    from pushctl.core.vendor import Answer
    from pushctl.core.verdict import ExitCode

_PLACES = {"id": "ID", "topic": "TOPIC", "name": "NAME"}  # what is no option, as the help page calls it


def put(cli: Cli, run: RunOptions, name: str, question: Question | Callable[[Session], Question]) -> ExitCode:
    """Open a session, put the question, show the answer, give its exit code.

    :param question: or what makes it once the session is open and its vendor known.
    """
    with open_session(opening(cli, run)) as session:
        asked = question if isinstance(question, Question) else question(session)
        for key, value in asked.values.items():
            decoded(value, _PLACES.get(key, f"--{key.replace('_', '-')}"))
        return show(cli, session, ask(session, name, asked))


def show(cli: Cli, session: Session, answer: Answer) -> ExitCode:
    """Show an answer and give its exit code."""
    from pushctl.output import documents, screens

    vendor, environment = session.vendor.card.id, session.environment
    cli.console.show(
        screens.answer_view(answer, vendor, environment=environment, emulated=session.emulated),
        documents.answer_document(vendor, answer, environment=environment, emulated=session.emulated),
    )
    return answer.exit_code
