"""Streams, formats, colours, and what happens when nobody listens."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from output_samples import Terminal, acceptance, console, loss, refusal

from pushctl.core.errors import LocalError, ProfileError
from pushctl.core.report import Report
from pushctl.output.console import Console, Options
from pushctl.output.terminal import cells_of, colour_for
from pushctl.output.view import Headline, Paragraph, Table

VIEW = (Headline("good", "OK", "fine", mark=True),)
PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("terminal", "environ", "color", "expected"),
    [
        (True, {}, "auto", True),
        (False, {}, "auto", False),
        (True, {"TERM": "dumb"}, "auto", False),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (False, {"FORCE_COLOR": "0"}, "auto", False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": "1"}, "always", True),
        (False, {"TERM": "dumb"}, "always", True),
        (True, {"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_the_flag_beats_no_color_which_beats_force_color_which_beats_the_terminal(
    terminal: bool, environ: dict[str, str], color: Any, expected: bool
) -> None:
    assert colour_for(Terminal() if terminal else io.StringIO(), environ, color) is expected


@pytest.mark.parametrize(
    ("terminal", "options", "expected"),
    [
        (True, Options(), "human"),
        (False, Options(), "plain"),
        (False, Options(color="always"), "human"),
        (True, Options("plain"), "plain"),
        (True, Options("json"), "json"),
        (False, Options("human"), "human"),
    ],
)
def test_a_terminal_gets_human_output_and_a_pipe_plain(terminal: bool, options: Options, expected: str) -> None:
    assert Console(Terminal() if terminal else io.StringIO(), io.StringIO(), {}, options).format == expected


def test_colour_is_there_on_a_terminal_and_nowhere_else() -> None:
    for environ, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False)):
        where, out, _ = console(terminal=True, **environ)
        where.show(VIEW, {})
        assert ("\x1b[" in out.getvalue()) is coloured
        assert "OK" in out.getvalue()
    where, out, _ = console("human")
    where.show(VIEW, {})
    assert out.getvalue() == "✓ OK  fine\n"


def test_markup_emoji_codes_and_links_are_shown_as_they_are() -> None:
    text = "[bold]x[/bold] :smile: [link=https://evil.example]y[/link] 'quoted' 12 True"
    where, out, _ = console("human")
    where.show((Paragraph(text),), {})
    assert out.getvalue() == text + "\n"


@pytest.mark.parametrize(("columns", "expected"), [("100", 100), ("7", 20), ("", 80), ("wide", 80), ("0", 80)])
def test_the_width_is_what_the_terminal_or_columns_says(columns: str, expected: int) -> None:
    assert cells_of(io.StringIO(), {"COLUMNS": columns}) == expected


def test_a_table_keeps_its_rows_whole_in_a_pipe_and_folds_on_a_terminal() -> None:
    view = (Table(("name", "about"), (("a", "word " * 30),)),)
    where, out, _ = console("plain")
    where.show(view, {})
    assert len(out.getvalue().splitlines()) == 2
    where, out, _ = console("human", COLUMNS="40")
    where.show(view, {})
    lines = out.getvalue().splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 40


def test_talk_is_broken_at_blanks_on_a_terminal_and_nowhere_else() -> None:
    text = "OPPO: content and marketing (内容与营销): in the drawer and without a sound"
    where, _, err = console(terminal=True, COLUMNS="40")
    where.talk(text)
    assert err.getvalue().splitlines() == [
        "OPPO: content and marketing",
        "(内容与营销): in the drawer and without",
        "a sound",
    ]
    where, _, err = console(COLUMNS="40")
    where.talk(text)
    assert err.getvalue() == f"{text}\n"


def test_talk_goes_to_stderr_unless_quiet() -> None:
    where, out, err = console()
    where.talk("hello")
    assert (out.getvalue(), err.getvalue()) == ("", "hello\n")
    where, out, err = console(quiet=True)
    where.talk("hello")
    where.prompt("Really?")
    assert (out.getvalue(), err.getvalue()) == ("", "Really? ")


def test_an_error_is_two_lines_on_stderr_or_a_document_on_stdout() -> None:
    error = ProfileError("No profile.", "Add one.")
    where, out, err = console(quiet=True)
    where.error(error)
    assert (out.getvalue(), err.getvalue()) == ("", "error: No profile.\n  fix: Add one.\n")
    where, out, err = console("json")
    where.error(error)
    assert json.loads(out.getvalue())["findings"][0]["text"] == "No profile."
    assert err.getvalue() == ""


def test_jsonl_writes_each_result_as_it_comes_and_a_summary_last() -> None:
    where, out, _ = console("jsonl")
    results = [acceptance(), refusal("BadDeviceToken", 400)]
    for number, result in enumerate(results, 1):
        where.stream(result)
        assert len(out.getvalue().splitlines()) == number
    where.finish(Report(results))
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row.get("outcome") for row in rows] == ["accepted", "refused", None]
    assert rows[-1]["schema"] == "pushctl/summary/1"
    assert rows[-1]["counts"] == {"accepted": 1, "refused": 1, "unknown": 0}


def test_jsonl_writes_results_that_were_not_streamed() -> None:
    where, out, _ = console("jsonl")
    where.finish(Report([acceptance()]))
    assert [json.loads(line).get("outcome") for line in out.getvalue().splitlines()] == ["accepted", None]


def test_json_is_one_document_and_nothing_comes_before_it() -> None:
    where, out, _ = console("json")
    where.stream(acceptance())
    assert out.getvalue() == ""
    where.finish(Report([acceptance()]))
    assert json.loads(out.getvalue())["ok"] is True


def test_a_batch_appears_line_by_line_and_is_not_told_twice() -> None:
    where, out, _ = console("plain")
    results = [acceptance(emulated=True), refusal("BadDeviceToken", 400, emulated=True)]
    where.stream(results[0])
    assert out.getvalue() == ""  # a single one will be told in full
    where.stream(results[1])
    assert out.getvalue().splitlines()[0] == "EMULATED: nothing left this machine"
    assert len(out.getvalue().splitlines()) == 3
    where.finish(Report(results))
    assert out.getvalue().count("ACCEPTED") == 1
    assert out.getvalue().count("EMULATED") == 1


def test_a_long_batch_stops_listing_and_says_how_many_more() -> None:
    where, out, _ = console("plain")
    for _ in range(500):
        where.stream(refusal("BadDeviceToken", 400))
    where.finish(Report())
    assert len(out.getvalue().splitlines()) < 70
    assert "… and 450 more" in out.getvalue()
    assert "500 × BadDeviceToken" in out.getvalue()


def test_a_single_streamed_result_is_told_in_full_even_when_the_report_kept_none() -> None:
    where, out, _ = console("plain")
    where.stream(loss("TIMEOUT", "maybe", "No answer."))
    where.finish(Report(interrupted=True))
    assert out.getvalue().startswith("UNKNOWN")
    assert "INTERRUPTED" in out.getvalue()


class Failing(io.StringIO):
    """A stream whose every write fails."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize("output", ["human", "plain", "json", "jsonl"])
def test_a_full_disk_is_told_and_a_closed_pipe_ends_the_program(output: Any) -> None:
    for number, expected in ((errno.ENOSPC, LocalError), (errno.EPIPE, BrokenPipeError)):
        where = Console(Failing(number), io.StringIO(), {}, Options(output))
        with pytest.raises(expected):
            where.finish(Report([acceptance()]))


def test_an_error_that_stdout_cannot_take_is_told_on_stderr() -> None:
    err = io.StringIO()
    Console(Failing(errno.ENOSPC), err, {}, Options("json")).error(ProfileError("x"))
    assert "Cannot write to standard output: No space left on device." in err.getvalue()


def test_a_stderr_that_nobody_reads_stops_nothing() -> None:
    where = Console(io.StringIO(), Failing(errno.EPIPE), {}, Options("plain"))
    where.talk("hello")
    where.error(ProfileError("x"))


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "gbk"])
@pytest.mark.parametrize("output", ["human", "plain", "json", "jsonl"])
def test_a_legacy_code_page_gets_what_it_can_show(encoding: str, output: Any) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    where = Console(out, io.StringIO(), {}, Options(output))
    where.finish(Report([refusal("BadDeviceToken", 400, profile="你好 é 👋")]))
    where.show((Paragraph("你好 é 👋 … ✓"),), {"schema": "x", "text": "你好 é 👋"})
    written = out.buffer.getvalue()  # type: ignore[attr-defined]
    assert written.decode(encoding)
    if output == "json":
        assert "你好 é 👋" in json.loads(b"{" + written.rsplit(b"\n{", 1)[1])["text"]


@pytest.mark.parametrize("output", ["plain", "json", "jsonl"])
def test_a_pipe_never_imports_rich_nor_anything_heavy(output: str) -> None:
    heavy = ["rich", "asyncio", "httpx", "h2", "jwt", "cryptography", "typer", "ssl"]
    script = (
        "import sys, io\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from output_samples import acceptance, refusal, console\n"
        "from pushctl.core.report import Report\n"
        f"where, out, err = console({output!r})\n"
        "where.stream(refusal('BadDeviceToken', 400)); where.finish(Report([refusal('BadDeviceToken', 400)]))\n"
        "assert out.getvalue()\n"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        timeout=60,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
