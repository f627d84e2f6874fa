"""How a command is declared: a function whose parameters are option groups, an example text, an exit code.

    app = application("Check a message …")

    @command(app, examples="pushctl lint --vendor apns --title Hi")
    def lint(cli: Cli, message: MessageOptions, vendor: Annotated[str, option("--vendor", help="…")] = "") -> ExitCode:
        ...

``message`` is a dataclass; its fields become options, once for every command that takes it. ``cli`` is handed in.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.cli.process import Process
    from pushctl.output.console import Console

F = TypeVar("F", bound=Callable[..., Any])
HELP_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def option(*names: str, help: str, panel: str = "Options", metavar: str | None = None, **settings: Any) -> Any:  # noqa: A002
    """An option: its names, one line of help, the panel of the help page that lists it."""
    return typer.Option(*names, help=help, rich_help_panel=panel, metavar=metavar, show_default=False, **settings)


def argument(metavar: str, help: str, **settings: Any) -> Any:  # noqa: A002
    """A positional argument."""
    return typer.Argument(metavar=metavar, help=help, show_default=False, **settings)


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What every command takes."""

    output: Annotated[
        str | None,
        option(
            "-o", "--output", metavar="FORMAT", panel="Output", help="human (terminals), plain (pipes), json, jsonl."
        ),
    ] = None
    json: Annotated[bool, option("--json", panel="Output", help="Short for --output json.")] = False
    color: Annotated[str, option("--color", metavar="WHEN", panel="Output", help="auto, always or never.")] = "auto"
    verbose: Annotated[
        int, option("-v", "--verbose", count=True, panel="Output", help="Show the exact exchange, secrets masked.")
    ] = 0
    quiet: Annotated[bool, option("-q", "--quiet", panel="Output", help="Results only: no talk on stderr.")] = False
    debug: Annotated[bool, option("--debug", panel="Output", help="Show Python's traceback of an internal error.")] = (
        False
    )
    no_input: Annotated[bool, option("--no-input", panel="Output", help="Never ask anything.")] = False
    exit_zero: Annotated[
        bool, option("--exit-zero", panel="Output", help="Exit 0 whatever the verdict; for scripts that read the JSON.")
    ] = False


@dataclass(slots=True)
class Cli:
    """What a command gets: the process, a console to write to, the output options."""

    process: Process
    console: Console
    options: OutputOptions = field(default_factory=OutputOptions)

    @property
    def can_ask(self) -> bool:
        """Whether a person is there to answer a question."""
        return self.process.interactive and not self.options.no_input

    def confirm(self, question: str) -> bool:
        """Ask yes or no, on stderr; no is the default, and the answer where nobody can be asked."""
        return self.can_ask and typer.confirm(question, err=True)

    def write(self, text: str) -> None:
        """Text that is data as it stands: a script, a help topic, a token."""
        if self.console.format in ("json", "jsonl"):
            from pushctl.output.documents import document

            self.console.show((), document("text", {"ok": True, "exit_code": 0, "text": text}))
        else:
            self.console.write(text)


def application(help: str, *, group: bool = False) -> typer.Typer:  # noqa: A002
    """The holder of one command or of a group of them.

    :param group: whether it stays a group although it has one command only.
    """
    app = typer.Typer(
        help=help,
        cls=Group,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=HELP_SETTINGS,
    )
    if group:
        app.callback()(_no_command)
    return app


def _no_command() -> None:
    """A group's own work: none."""


def command(app: typer.Typer, *, examples: str, name: str | None = None) -> Callable[[F], F]:
    """Declare a command; see the module's text.

    :param examples: one command a line; shown first in the help page, and run by the tests.
    """

    def declare(function: F) -> F:
        flat, groups = _flatten(function)

        def call(ctx: typer.Context, **given: Any) -> int:
            output = OutputOptions(**{f.name: given.pop(f.name) for f in fields(OutputOptions)})
            cli = Cli(ctx.obj, open_console(ctx.obj, output), output)
            arguments = {
                parameter: group(**{f.name: given.pop(f.name) for f in fields(group)})
                for parameter, group in groups.items()
            }
            code = function(cli, **arguments, **given)
            return 0 if output.exit_zero else int(code or ExitCode.ACCEPTED)

        call.__name__, call.__doc__, call.__module__ = function.__name__, function.__doc__, function.__module__
        call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
        call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
        call.examples = inspect.cleandoc(examples)  # type: ignore[attr-defined]
        app.command(name or function.__name__.rstrip("_"), cls=Command, context_settings=HELP_SETTINGS)(call)
        return function

    return declare


def _flatten(function: Callable[..., Any]) -> tuple[list[inspect.Parameter], dict[str, type]]:
    """The parser's parameters for a command function, and its option groups by parameter name."""
    hints = get_type_hints(function, include_extras=True)
    flat = [inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    groups: dict[str, type] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        hint = hints[parameter.name]
        if is_dataclass(hint) and isinstance(hint, type):
            groups[parameter.name] = hint
            flat += _options_of(hint)
        else:
            flat.append(parameter.replace(annotation=hint, kind=inspect.Parameter.KEYWORD_ONLY))
    return [*flat, *_options_of(OutputOptions)], groups


def _options_of(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            item.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=hints[item.name],
            default=item.default if item.default is not MISSING else None,
        )
        for item in fields(group)
    ]


def open_console(process: Process, options: OutputOptions) -> Console:
    """The console that these options ask for. Raises ``UsageError`` for a format or colour that is none."""
    from pushctl.output.console import Console, Options

    if options.json and options.output not in (None, "json"):
        raise UsageError(f"--json and --output {options.output} contradict each other.", "Use one of them.")
    output = "json" if options.json else options.output
    if output not in (None, "human", "plain", "json", "jsonl"):
        raise UsageError(f"--output {output!r} is not known.", "Use human, plain, json or jsonl.", where="--output")
    if options.color not in ("auto", "always", "never"):
        raise UsageError(f"--color {options.color!r} is not known.", "Use auto, always or never.", where="--color")
    chosen = Options(output, options.color, options.verbose, options.quiet)  # type: ignore[arg-type]
    return Console(process.stdout, process.stderr, process.environ, chosen)


class Command(TyperCommand):
    """A command whose help page starts with examples and whose values cannot swallow a flag."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        self._refuse_swallowed_flags(args)
        return super().parse_args(ctx, args)

    def _refuse_swallowed_flags(self, args: list[str]) -> None:
        """``--title --silent`` would push the text "--silent"; nobody means that."""
        options: list[Any] = [param for param in self.params if param.param_type_name == "option"]
        known = {name for param in options for name in param.opts}
        takes_value = {name for param in options if not (param.is_flag or param.count) for name in param.opts}
        for name, value in pairwise(args):
            if name == "--":
                return
            if name in takes_value and value in known:
                raise UsageError(
                    f"{name} needs a value, and {value} follows, which is an option.",
                    f"If {value!r} is really the value, write {name}={value}.",
                    rule="value-is-a-flag",
                )

    def format_help(self, ctx: Any, formatter: Any) -> None:
        examples = getattr(self.callback, "examples", "")
        self.format_usage(ctx, formatter)
        if examples:
            with formatter.section("Examples"):
                for line in examples.splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
        self.format_help_text(ctx, formatter)
        panels: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                panel = "Arguments" if param.param_type_name == "argument" else getattr(param, "rich_help_panel", None)
                panels.setdefault(panel or "Output", []).append(record)
        for panel in sorted(panels, key=lambda name: (name == "Output", name != "Arguments")):
            with formatter.section(panel):
                formatter.write_dl(panels[panel], col_max=34)


class Group(TyperGroup):
    """A group of commands that knows its own examples: the first of each of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.format_usage(ctx, formatter)
        with formatter.section("Examples"):
            for name in self.list_commands(ctx):
                command = self.get_command(ctx, name)
                examples = getattr(command.callback, "examples", "") if command else ""
                if examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{examples.splitlines()[0]}\n")
        self.format_help_text(ctx, formatter)
        self.format_commands(ctx, formatter)
