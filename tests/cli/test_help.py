"""Help pages start with examples, and the examples work."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from pushctl.cli.completion import leaves
from pushctl.cli.help import topics
from pushctl.cli.root import COMMANDS, EXAMPLES, Root, build
from pushctl.core.verdict import ExitCode

PATHS = [leaf.path for leaf in leaves() if leaf.path]


def examples() -> list[str]:
    """Every example of every help page that needs neither a profile of one's own nor a shell."""
    root: Root = build()
    found = EXAMPLES.splitlines()
    for name in COMMANDS:
        node: Any = root.get_command(None, name)
        for command in (node, *getattr(node, "commands", {}).values()):
            found += getattr(command.callback, "examples", "").splitlines()
    runnable = [line for line in dict.fromkeys(found) if not set(line) & set("$<>|") and "-p " not in line]
    return [line for line in runnable if not line.startswith(("pushctl profile", "pushctl sandbox serve"))]


@pytest.mark.parametrize("path", PATHS)
def test_a_help_page_starts_with_usage_and_examples(pushctl: Any, path: str) -> None:
    ran = pushctl(*path.split(), "--help")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"Usage: pushctl {path}")
    examples = lines[lines.index("Examples:") + 1]
    assert lines.index("Examples:") <= 3
    assert "pushctl" in examples
    assert max(map(len, lines)) <= 100
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("line", [line for line in examples() if "--follow" not in line and "--payload" not in line])
def test_an_example_of_a_help_page_works(pushctl: Any, line: str) -> None:
    ran = pushctl(*shlex.split(line)[1:])
    refusals_on_purpose = "explain apns --" in line
    assert ran.code == 0 or (refusals_on_purpose and ran.code in (3, 4)), ran.err


@pytest.mark.parametrize("topic", topics())
def test_a_topic_fits_a_terminal(pushctl: Any, topic: str) -> None:
    ran = pushctl("help", topic)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 110
    assert "{" not in ran.out or topic in ("output", "profiles", "silent-push")


def test_the_exit_codes_are_told_from_the_one_table(pushctl: Any) -> None:
    told = pushctl("help", "exit-codes").out
    assert all(f"{code.value:>4}  " in told for code in ExitCode)
