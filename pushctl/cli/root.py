"""The root: a lazy group over one table. Only the named command is imported and built."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from pushctl.cli.base import HELP_SETTINGS
from pushctl.core.errors import Interrupted, LocalError, PushctlError, UsageError
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.cli.process import Process

# name → (module, one line). The order is that of the help page; a blank name starts a section.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Push": {
        "send": ("pushctl.cli.send", "Send one push, or many; normal or silent"),
        "lint": ("pushctl.cli.lint", "Check a message or a raw payload, offline"),
        "explain": ("pushctl.cli.explain", "What a code, a raw response, a field or a rule means"),
        "token": ("pushctl.cli.token", "Look at a device token: whose it is, whether it is alive"),
        "topic": ("pushctl.cli.topic", "Subscribe devices to a topic, unsubscribe, list (FCM, HMS, Mi)"),
        "trace": ("pushctl.cli.trace", "What became of a message, where the vendor has an API"),
        "quota": ("pushctl.cli.quota", "How much may still be sent today (Mi)"),
        "revoke": ("pushctl.cli.revoke", "Take a notification back (HarmonyOS, Mi, vivo)"),
        "channel": ("pushctl.cli.channel", "Create, show, list and delete APNs broadcast channels"),
    },
    "Set up": {
        "profile": ("pushctl.cli.profile", "Credential profiles: add, import, show, check …"),
        "auth": ("pushctl.cli.auth", "Print the provider token of a profile, for use with curl"),
        "vendors": ("pushctl.cli.vendors", "What each vendor can do and where its limits are"),
    },
    "Try": {
        "demo": ("pushctl.cli.demo", "A guided run against the sandbox: no account, no network"),
        "sandbox": ("pushctl.cli.sandbox", "The local emulator: serve, log, scenarios, tokens"),
    },
    "More": {
        "help": ("pushctl.cli.help", "Topics: environment, exit-codes, profiles, output, silent-push"),
        "completion": ("pushctl.cli.completion", "The completion script of a shell"),
    },
}
COMMANDS = {name: row for section in SECTIONS.values() for name, row in section.items()}

# Where every parser error comes from. Its name and place have moved between releases of the parser; that it is the
# topmost class below Exception has not.
PARSER_ERROR: type[Exception] = typer.BadParameter.__mro__[-4]

EXAMPLES = """\
pushctl demo
pushctl send --sandbox apns --title Hello --body World
pushctl send -p my-ios -t TOKEN --title Hello --body World
pushctl send -p my-android -t TOKEN --silent --data sync=inbox
pushctl explain fcm:UNREGISTERED"""


class Root(TyperGroup):
    """All names are there for the help page and for "did you mean"; a module is imported when its name is given."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {close[0]}? " if close else ""
            raise UsageError(
                f"There is no command {args[0]!r}.", f"{hint}'pushctl --help' lists them.", rule="unknown-command"
            )
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # which the parser would turn into a bare exit code
            raise Interrupted("Interrupted before there was a result.", "Run it again.") from None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.format_usage(ctx, formatter)
        with formatter.section("Examples"):
            for line in EXAMPLES.splitlines():
                formatter.write(f"  {line}\n")
        for title, rows in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, line) in rows.items()])
        formatter.write("\n'pushctl COMMAND --help' shows a command's options; 'pushctl --version' the version.\n")


def build() -> Any:
    """The root command."""
    app = typer.Typer(
        cls=Root,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings=HELP_SETTINGS,
    )
    app.callback()(_pushctl)
    return typer.main.get_command(app)


def _pushctl() -> None:
    """Send, prove and find push notifications."""


def run(argv: list[str], process: Process) -> int:
    """Run one command line. Returns the exit code; nothing escapes as a traceback."""
    try:
        return int(build().main(args=argv or ["--help"], prog_name="pushctl", standalone_mode=False, obj=process) or 0)
    except PARSER_ERROR as error:
        return _fail(process, argv, _usage_error(error, argv))
    except PushctlError as error:
        return _fail(process, argv, error)
    except (typer.Abort, KeyboardInterrupt):
        return _fail(process, argv, Interrupted("Interrupted before there was a result.", "Run it again."))
    except BrokenPipeError:
        # The reader went away, as with "| head". Python would complain again while it flushes at exit.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except OSError as error:  # what is not told more exactly where it happened: help pages on a full disk
        place = f" ({error.filename})" if error.filename else ""
        told = LocalError(f"This machine says: {error.strerror or error}{place}.", "Check the disk and your rights.")
        return _fail(process, argv, told)
    except Exception as error:  # noqa: BLE001 - the last resort: a defect of ours must not print the user's keys
        return _fail(process, argv, _defect(error, debug="--debug" in argv, stderr=process.stderr))


def _usage_error(error: Exception, argv: list[str]) -> UsageError:
    """The parser's complaint. What it suggests is said in our words: its own differ from version to version."""
    name = argv[0] if argv and argv[0] in COMMANDS else ""
    # The parser's own word for the command knows the one within a group, too.
    path = str(getattr(getattr(error, "ctx", None), "command_path", "") or f"pushctl {name}").strip()
    page = f"'{path} --help'"
    if possible := sorted(getattr(error, "possibilities", None) or ()):
        text = str(getattr(error, "message", error)).strip()
        return UsageError(text.rstrip(".") + ".", f"Did you mean {' or '.join(possible)}? {page} lists them.")
    text = str(getattr(error, "format_message", error.__str__)()).strip()
    return UsageError(text if text.endswith((".", "?", ")")) else text + ".", f"See {page}.")


def _defect(error: Exception, *, debug: bool, stderr: Any) -> PushctlError:
    """A defect of pushctl as an error. The traceback never shows local variables: they hold keys."""
    if debug:
        import traceback

        stderr.write("".join(traceback.format_tb(error.__traceback__)))
        return PushctlError(
            f"internal error: {type(error).__name__}", "Report it with the lines above.", rule="internal"
        )
    return PushctlError(
        f"internal error: {type(error).__name__}",
        "Run it again with --debug and report what it prints.",
        rule="internal",
    )


def _fail(process: Process, argv: list[str], error: PushctlError) -> int:
    """Show an error in the format that the command line asked for, even where it could not be parsed."""
    from pushctl.cli.base import OutputOptions, open_console

    wanted = "json" if "--json" in argv else None
    for name, value in zip(argv, [*argv[1:], ""], strict=False):
        if name in ("-o", "--output") and value in ("json", "jsonl"):
            wanted = value
        elif name.startswith("--output=") and name.removeprefix("--output=") in ("json", "jsonl"):
            wanted = name.removeprefix("--output=")
    open_console(process, OutputOptions(output=wanted)).error(error)
    return 0 if "--exit-zero" in argv and error.exit_code is not ExitCode.INTERRUPTED else int(error.exit_code)
