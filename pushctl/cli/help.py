"""``pushctl help TOPIC``: what is no command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pushctl.cli.base import Cli, application, argument, command
from pushctl.core.errors import UsageError
from pushctl.core.verdict import EXIT_CODE_MEANINGS, ExitCode

app = application("Topics that are no commands.")
FOLDER = Path(__file__).with_name("topics")


def topics() -> list[str]:
    """Every topic's name."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


@command(
    app,
    name="help",
    examples="""
    pushctl help exit-codes
    pushctl help silent-push
    """,
)
def help_(
    cli: Cli, topic: Annotated[str, argument("TOPIC", "The topic; without one they are listed.")] = ""
) -> ExitCode:
    """Print a topic: environment, exit-codes, output, profiles, silent-push, vendors."""
    if not topic:
        cli.write("Topics: " + ", ".join(topics()) + "\n\n'pushctl help TOPIC' prints one; every command has --help.\n")
        return ExitCode.ACCEPTED
    if topic not in topics():
        from difflib import get_close_matches

        close = get_close_matches(topic, topics(), n=1)
        raise UsageError(
            f"There is no topic {topic!r}.",
            f"Did you mean {close[0]}?" if close else f"Topics: {', '.join(topics())}.",
            rule="unknown-topic",
        )
    codes = "\n".join(f"{code.value:>4}  {meaning}" for code, meaning in EXIT_CODE_MEANINGS.items())
    cli.write((FOLDER / f"{topic}.txt").read_text("utf-8").format(exit_codes=codes))
    return ExitCode.ACCEPTED
