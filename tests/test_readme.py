"""The README tells what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
VOLATILE = (r"\d+ ms", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", r"[0-9a-f]{8}-[0-9a-f]{4}-[-0-9a-f]+")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def settled(text: str) -> str:
    for pattern in VOLATILE:
        text = re.sub(pattern, "…", text)
    return text.strip()


def commands() -> list[str]:
    text = "\n".join(blocks("sh") + blocks("yaml")).replace("\\\n", " ")
    return sorted({line.strip() for line in re.findall(r"^(?:- run: )?(pushctl [^#\n]*)", text, re.MULTILINE)})


@pytest.mark.parametrize("block", blocks("console"))
def test_what_is_shown_is_what_is_printed(block: str, pushctl: Any) -> None:
    line, _, shown = block.removeprefix("$ pushctl ").partition("\n")
    assert settled(pushctl(*shlex.split(line)).out) == settled(shown)


@pytest.mark.parametrize("line", commands())
def test_every_command_and_flag_exists(line: str, pushctl: Any) -> None:
    words = shlex.split(line)[1:]
    path = words[: 2 if words[0] in ("profile", "sandbox", "channel", "token", "topic") else 1]
    page = pushctl(*path, "--help")
    assert page.code == 0
    for flag in (word for word in words if word.startswith("-")):
        assert re.search(rf"(^|[\s,/]){re.escape(flag)}\b", page.out, re.MULTILINE), flag


def test_the_exit_codes_are_those_of_the_program(pushctl: Any) -> None:
    told = dict(re.findall(r"^ +(\d+)  ([^\s,]+)", pushctl("help", "exit-codes").out, re.MULTILINE))
    assert dict(re.findall(r"^\| (\d+) \| ([^ ,]+)", README, re.MULTILINE)) == told


def test_there_are_examples() -> None:
    assert blocks("console")
    assert len(commands()) > 8
