"""``pushctl sandbox``: the local emulator, run for other programs to talk to."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.output.view import Tone, View
    from pushctl.sandbox import Running

app = application("The local emulator: every vendor's server side on loopback.")

FOLLOW_S = 0.2
STATUSES = ("2xx", "3xx", "4xx", "5xx", "none")


@command(
    app,
    examples="""
    pushctl sandbox serve
    pushctl sandbox serve --vendor apns --port 9443
    pushctl sandbox serve --scenario token-dead
    """,
)
def serve(
    cli: Cli,
    vendor: Annotated[list[str] | None, option("--vendor", metavar="NAME", help="Only this one; repeatable.")] = None,
    port: Annotated[
        int, option("--port", metavar="N", help="Port of the first service, the others follow; else free ones.")
    ] = 0,
    scenario: Annotated[
        str | None, option("--scenario", metavar="NAME", help="The situation of the whole run.")
    ] = None,
    lenient: Annotated[
        bool,
        option("--lenient/--strict", help="Let pass what a vendor is only said to refuse; strict refuses it."),
    ] = False,
) -> ExitCode:
    """Serve until Ctrl-C, and print a line for every request.

    Point any client at the addresses that are printed, trusting the certificate that is named; or set PUSHCTL_SANDBOX,
    and '--sandbox' of other commands uses this one. It listens on loopback only.
    """
    from pushctl import sandbox
    from pushctl.sandbox.journal import Entry, Journal
    from pushctl.vendors import registry

    home = _home(cli)

    def arrived(entry: Entry) -> None:
        _show_entry(cli, asdict(entry))

    journal = Journal(home / sandbox.JOURNAL, arrived)
    running = sandbox.start(
        vendor or list(registry.VENDORS), home=home, scenario=scenario, strict=not lenient, port=port, journal=journal
    )
    try:
        with _terminable(), suppress(KeyboardInterrupt):
            told = sandbox.announce(running, home)
            try:
                _show_addresses(cli, running, home)
                while True:
                    time.sleep(3600)
            finally:
                told.unlink(missing_ok=True)
    finally:
        running.close()
    if journal.trouble:
        cli.console.talk(journal.trouble)
    return ExitCode.ACCEPTED


@command(
    app,
    examples="""
    pushctl sandbox log
    pushctl sandbox log --follow --status 4xx
    """,
)
def log(
    cli: Cli,
    follow: Annotated[bool, option("-f", "--follow", help="Go on showing what arrives, until Ctrl-C.")] = False,
    vendor: Annotated[str | None, option("--vendor", metavar="NAME", help="Only this vendor's requests.")] = None,
    status: Annotated[
        str | None, option("--status", metavar="STATUS", help="Only these: 410, 4xx, or none for no answer at all.")
    ] = None,
) -> ExitCode:
    """Show what arrived at 'pushctl sandbox serve' and how it was judged. Secrets are not in it."""
    from pushctl.output import documents
    from pushctl.sandbox import JOURNAL
    from pushctl.vendors import registry

    wanted = (registry.resolve(vendor) if vendor else None, _status(status))
    path = _home(cli) / JOURNAL
    found = (entry for entry in _entries(path, follow=follow) if _matches(entry, *wanted))
    if follow or cli.console.format == "jsonl":
        for entry in found:
            _show_entry(cli, entry)
        return ExitCode.ACCEPTED
    entries = list(found)
    document = documents.document("journal", {"ok": True, "exit_code": 0, "entries": entries})
    view = tuple(block for entry in entries for block in _entry_view(entry))
    cli.console.show(view or _nothing(f"Nothing has arrived yet ({path})."), document)
    return ExitCode.ACCEPTED


@command(
    app,
    examples="""
    pushctl sandbox scenarios
    pushctl sandbox scenarios apns
    """,
)
def scenarios(cli: Cli, vendor: Annotated[str, argument("VENDOR", "Only this vendor's.")] = "") -> ExitCode:
    """List the situations that --scenario takes. Every code of a vendor's catalogue is one, too."""
    from pushctl.output import documents, screens
    from pushctl.vendors import registry

    rows: list[dict[str, Any]] = [
        {
            "vendor": name,
            "name": each.name,
            "about": each.about,
            "expect": dict(each.expect),
            "is_code": each.name in registry.catalogue(name).codes(),
        }
        for name in _vendors(vendor)
        for each in registry.emulator(name).scenarios.values()
    ]
    shown = [(row["vendor"], row["name"], _expected(row["expect"]), row["about"]) for row in rows if not row["is_code"]]
    codes = sum(row["is_code"] for row in rows)
    view: View = (
        *screens.table_view(("vendor", "scenario", "expect", "what happens"), shown),
        *_nothing(f"and {codes} codes by their own names (--scenario BadCollapseId)"),
    )
    cli.console.show(view, documents.document("scenarios", {"ok": True, "exit_code": 0, "scenarios": rows}))
    return ExitCode.ACCEPTED


@command(
    app,
    examples="""
    pushctl sandbox tokens
    pushctl sandbox tokens apns --json
    """,
)
def tokens(cli: Cli, vendor: Annotated[str, argument("VENDOR", "Only this vendor's.")] = "") -> ExitCode:
    """List the emulated devices: live ones of every kind, and those that behave as a scenario says.

    They are the same on every machine.
    """
    from pushctl.output import documents, screens
    from pushctl.vendors import registry

    rows = [
        {"vendor": name, **asdict(handset)}
        for name in _vendors(vendor)
        for environment in registry.load(name).card.environments
        for handset in registry.emulator(name).handsets(environment)
    ]
    columns = ("environment", "kind", "scenario", "token")
    shown = [(*(row[column] for column in columns[:2]), row["scenario"] or "live", row["token"]) for row in rows]
    cli.console.show(
        screens.table_view(columns, shown), documents.document("tokens", {"ok": True, "exit_code": 0, "tokens": rows})
    )
    return ExitCode.ACCEPTED


def _home(cli: Cli) -> Path:
    """Where the sandbox keeps its certificates, its journal and what other processes need to find it."""
    from pushctl.config import paths

    named = cli.process.environ.get("PUSHCTL_SANDBOX")
    if named:
        return cli.process.cwd / paths.expanded(named)
    return paths.state_dir(cli.process.environ) / "sandbox"


def _vendors(wanted: str) -> list[str]:
    from pushctl.vendors import registry

    return [registry.resolve(wanted)] if wanted else list(registry.VENDORS)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM is taken for Ctrl-C, so that what has to be cleaned up is."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _show_addresses(cli: Cli, running: Running, home: Path) -> None:
    from pushctl.output import documents, screens
    from pushctl.output.view import Code, Paragraph

    rows = [(host, f"{ip}:{port}") for host, (ip, port) in running.via.items()]
    fields = {
        "ok": True,
        "exit_code": 0,
        "via": dict(rows),
        "ca": str(running.ca),
        "home": str(home),
        "credentials": {vendor: str(folder) for vendor, folder in running.folders.items()},
        "scenario": running.scenario,
    }
    facts = [
        ("trust", str(running.ca)),
        *((f"{vendor} keys", str(folder)) for vendor, folder in running.folders.items()),
        ("scenario", running.scenario or "none: every device behaves as 'pushctl sandbox tokens' says"),
    ]
    first = next(iter(running.folders), "apns")
    view: View = (
        *screens.facts_view(rows, "EMULATED: nothing leaves this machine"),
        *screens.facts_view(facts),
        Paragraph("In another terminal:"),
        Code(f"export PUSHCTL_SANDBOX={_quoted(str(home))}\npushctl send --sandbox {first} --title Hello", "shell"),
        Paragraph("Ctrl-C ends it.", "dim"),
    )
    cli.console.show(view, documents.document("sandbox", fields))


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)


def _nothing(text: str) -> View:
    from pushctl.output.view import Paragraph

    return (Paragraph(text, "dim"),)


def _expected(expect: Mapping[str, Any]) -> str:
    code = expect.get("code") or expect.get("outcome", "")
    return f"{code}, exit {expect['exit_code']}" if "exit_code" in expect else str(code)


def _status(wanted: str | None) -> str | None:
    if wanted is None or wanted in STATUSES or (len(wanted) == 3 and wanted.isascii() and wanted.isdigit()):
        return wanted
    raise UsageError(
        f"--status {wanted!r} is no HTTP status.",
        f"Write a number such as 410, or one of {', '.join(STATUSES)}.",
        rule="bad-status",
        where="--status",
    )


def _matches(entry: Mapping[str, Any], vendor: str | None, status: str | None) -> bool:
    if vendor is not None and entry.get("vendor") != vendor:
        return False
    if status is None:
        return True
    got = entry.get("status")
    if status.endswith("xx"):
        return got is not None and str(got)[0] == status[0]
    return (got is None) if status == "none" else str(got) == status


def _entries(path: Path, *, follow: bool) -> Iterator[dict[str, Any]]:
    """The journal's entries; with ``follow`` for ever, also from a journal that does not exist yet."""
    from pushctl.sandbox import journal

    while follow and not path.exists():
        time.sleep(FOLLOW_S)
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        unfinished = ""
        while True:
            line = lines.readline()
            if line.endswith("\n"):
                entry = journal.parse(unfinished + line)
                unfinished = ""
                if entry is not None:
                    yield entry
                continue
            unfinished += line
            if not follow:
                return
            time.sleep(FOLLOW_S)


def _show_entry(cli: Cli, entry: Mapping[str, Any]) -> None:
    from pushctl.output import documents

    cli.console.show(_entry_view(entry), documents.document("journal-entry", entry))


def _entry_view(entry: Mapping[str, Any]) -> View:
    """A request and its fate in a line."""
    from pushctl.output.text import shorten_tokens
    from pushctl.output.view import Status

    status, code = entry.get("status"), entry.get("code")
    word = str(status) if status is not None else str(entry.get("wire") or "-")
    when = time.strftime("%H:%M:%S", time.localtime(float(entry.get("time") or 0)))
    what = shorten_tokens(f"{entry.get('method', '')} {entry.get('path', '')}".strip())
    told = " · ".join(str(part) for part in (what, code, entry.get("rule"), entry.get("note")) if part)
    tone: Tone = "good" if status is not None and int(status) < 300 else "bad"
    return (Status(tone, word, f"{when} {entry.get('vendor')} {entry.get('listener')}", told),)
