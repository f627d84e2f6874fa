"""The one object that commands write through: data to stdout, talk to stderr."""

from __future__ import annotations

import contextlib
import errno
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TextIO

from pushctl.core.errors import LocalError, PushctlError
from pushctl.output.terminal import Color, Paper, cells_of, colour_asked_for, colour_for, is_terminal
from pushctl.output.text import clean, encodable, guard_workflow_commands, wrap

if TYPE_CHECKING:
    from pushctl.core.message import Target
    from pushctl.core.report import Report, Result
    from pushctl.core.verdict import Judgement
    from pushctl.core.wire import Exchange
    from pushctl.output.documents import Rows
    from pushctl.output.view import View

Format = Literal["human", "plain", "json", "jsonl"]

_MOST_TOKENS = 1000  # that are looked for in texts
_MOST_LINES = 50  # of a batch on a terminal; the summary tells the rest


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about output.

    :ivar output: None is human on a terminal or when colour is asked for, else plain.
    :ivar verbose: how many ``-v``.
    """

    output: Format | None = None
    color: Color = "auto"
    verbose: int = 0
    quiet: bool = False


class Console:
    """Streams, their abilities, and the format that was chosen.

    It writes as results come. A closed pipe raises ``BrokenPipeError``, which ends the program as it ends other
    tools; a disk that is full raises ``LocalError``; a character that the stream's encoding lacks is replaced.

    :ivar format: how data is written to stdout.
    """

    def __init__(
        self, stdout: TextIO, stderr: TextIO, environ: Mapping[str, str], options: Options = Options()
    ) -> None:
        self._out, self._err, self._environ, self._options = stdout, stderr, environ, options
        self._on_github = environ.get("GITHUB_ACTIONS") == "true"
        for_people: Format = "human" if is_terminal(stdout) or colour_asked_for(environ, options.color) else "plain"
        self.format: Format = options.output or for_people
        self._first: Result | None = None
        self._shown = 0
        self._tally: Counter[Judgement] = Counter()
        self._tokens: tuple[str, ...] = ()
        self._rows: Rows | None = None

    # What commands say

    def show(self, view: View, document: Mapping[str, Any]) -> None:
        """Write data to stdout: the view for people and pipes, the document for machines."""
        if self.format in {"json", "jsonl"}:
            self._write_document(document)
        else:
            self._write_view(view)

    def talk(self, text: str) -> None:
        """One line to stderr, unless ``--quiet``; on a terminal it is broken at blanks, elsewhere not at all."""
        if self._options.quiet:
            return
        wide = cells_of(self._err, self._environ) if is_terminal(self._err) else 0
        for line in wrap(clean(text), wide) if wide else (text,):
            self._complain(line, "\n")

    def prompt(self, question: str) -> None:
        """A question to stderr, the cursor behind it; ``--quiet`` does not silence it."""
        self._complain(question, " ")

    def write(self, text: str) -> None:
        """Text to stdout exactly as it is, for what is copied or piped on: a script, a token."""
        line = encodable(text, getattr(self._out, "encoding", None))
        self._guarded(lambda: (self._out.write(line), self._out.flush()))

    def know_tokens(self, targets: Iterable[Target]) -> None:
        """Device tokens to shorten in what is shown, beside those that are recognised by their length."""
        self._tokens = tuple(one.value for one in targets if one.kind in ("token", "fid"))[:_MOST_TOKENS]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The device tokens that are shortened wherever they stand."""
        return self._tokens

    def exchange(self, exchange: Exchange) -> None:
        """With ``-v``: what went over the wire, to stderr, as it happens; without it, nothing."""
        if self._options.verbose:
            from pushctl.output.exchanges import exchange_view

            self._write_talk(exchange_view(exchange, self._tokens))

    def stream(self, result: Result) -> None:
        """A result that just arrived. JSONL writes it at once; on a screen the second and later ones of a run appear
        line by line, as :meth:`finish` shows a single one in full."""
        self._tally[result.verdict.says] += 1
        if self.format == "jsonl":
            self._write_document(self._next_row(result))
        elif self.format in {"human", "plain"}:
            if self._first is None:
                self._first = result
                return
            if self._shown == 0:  # now it is a batch, and the first was held back
                if result.emulated or self._first.emulated:
                    from pushctl.output.screens import EMULATED

                    self._write_view(EMULATED)
                self._stream_line(self._first)
            self._stream_line(result)

    def finish(self, report: Report) -> None:
        """The end of a run. What :meth:`stream` already showed is not said again.

        JSON writes the whole ``pushctl/result/1``, JSONL its summary, a screen the single outcome in full or the
        numbers of the run.
        """
        if self.format == "json":
            from pushctl.output.documents import report_document

            self._write_document(report_document(report))
        elif self.format == "jsonl":
            self._finish_lines(report)
        else:
            self._finish_screen(report)

    def error(self, error: PushctlError) -> None:
        """Our own failure: two lines on stderr, or a document on stdout where the format is for machines (and on
        stderr after all when stdout cannot take it)."""
        if self.format in {"json", "jsonl"}:
            from pushctl.output.documents import error_document

            try:
                self._write_document(error_document(error))
            except LocalError as full:
                error = full  # and stdout is what is full: stderr is left
            else:
                return
        from pushctl.output.screens import error_view

        self._write_talk(error_view(error))

    # How it is written

    def _stream_line(self, result: Result) -> None:
        from pushctl.output.screens import result_line

        accepted = result.verdict.says.outcome == "accepted"
        if self._options.verbose or self._shown < (_MOST_LINES // 2 if accepted else _MOST_LINES):
            self._shown += 1
            self._write_view(result_line(result))

    def _next_row(self, result: Result) -> Mapping[str, Any]:
        if self._rows is None:
            from pushctl.output.documents import Rows

            self._rows = Rows()
        return self._rows.row(result)

    def _finish_lines(self, report: Report) -> None:
        from pushctl.output.documents import summary_document

        if not self._tally:
            for result in report.results:
                self._write_document(self._next_row(result))
                self._tally[result.verdict.says] += 1
        counts: Counter[str] = Counter()
        for says, number in self._tally.items():
            counts[says.outcome] += number
        self._write_document(summary_document(report, counts))

    def _finish_screen(self, report: Report) -> None:
        from pushctl.output import screens

        verbose = self._options.verbose
        if self._tally.total() > 1:
            untold = self._tally.total() - self._shown
            if untold:
                self._write_view(screens.untold_view(untold))
            self._write_view((*screens.tally_view(self._tally), *screens.closing_view(report, anything_sent=True)))
        elif self._first is not None and not report.results:
            self._write_view(
                (*screens.result_view(self._first, verbose), *screens.closing_view(report, anything_sent=True))
            )
        else:
            self._write_view(screens.report_view(report, verbose))

    def _write_view(self, view: View) -> None:
        self._guarded(lambda: self._render(view, self._out, as_plain=self.format != "human"))

    def _write_talk(self, view: View) -> None:
        as_plain = not (self.format == "human" and is_terminal(self._err))
        self._quietly(lambda: self._render(view, self._err, as_plain=as_plain))

    def _render(self, view: View, stream: TextIO, *, as_plain: bool) -> None:
        encoding = getattr(stream, "encoding", None)
        if as_plain:
            from pushctl.output import plain

            stream.write(plain.render(view, Paper(encoding=encoding, workflow_commands=self._on_github)))
        else:
            from pushctl.output import human

            paper = Paper(cells_of(stream, self._environ), encoding, self._on_github)
            human.write(view, stream, paper, colour=colour_for(stream, self._environ, self._options.color))
        stream.flush()

    def _write_document(self, document: Mapping[str, Any]) -> None:
        from pushctl.output import machine

        text = machine.json_text if self.format == "json" else machine.jsonl_text
        ascii_only = not (getattr(self._out, "encoding", None) or "utf-8").lower().startswith("utf")
        self._guarded(lambda: (self._out.write(text(document, ascii_only=ascii_only)), self._out.flush()))

    def _complain(self, text: str, end: str) -> None:
        line = encodable(clean(text), getattr(self._err, "encoding", None))
        line = guard_workflow_commands(line) if self._on_github else line
        self._quietly(lambda: (self._err.write(line + end), self._err.flush()))

    def _guarded(self, write: Callable[[], object]) -> None:
        try:
            write()
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.errno == errno.EINVAL and os.name == "nt":  # how Windows spells a closed pipe
                raise BrokenPipeError(errno.EPIPE, error.strerror) from error
            raise LocalError(
                f"Cannot write to standard output: {error.strerror}.", "Check the disk or the program that reads it."
            ) from error

    def _quietly(self, write: Callable[[], object]) -> None:
        """stderr is for talk: when nobody can hear it, the command goes on."""
        with contextlib.suppress(OSError):
            write()
