"""``pushctl send``: one push, or many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from pushctl.cli.base import Cli, application, command, option
from pushctl.cli.options.message import MessageOptions, build_message
from pushctl.cli.options.run import RunOptions, opening
from pushctl.cli.options.target import TargetOptions, targets
from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode
from pushctl.flows.send import PREPARED, Run, dry_run
from pushctl.flows.session import Session, certificate_file, default_target, open_session

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target

app = application("Send one push, or many.")
PANEL = "What to do"


@dataclass(frozen=True, slots=True)
class DoOptions:
    """What happens with the push."""

    dry_run: Annotated[
        bool, option("--dry-run", panel=PANEL, help="Build and print the exact request; send nothing.")
    ] = False
    as_: Annotated[
        str | None, option("--as", metavar="curl", panel=PANEL, help="Print a runnable curl command; send nothing.")
    ] = None
    validate_only: Annotated[
        bool,
        option("--validate-only", panel=PANEL, help="Let the vendor check it by its own means; accepted says how."),
    ] = False
    no_lint: Annotated[
        bool, option("--no-lint", panel=PANEL, help="Send in spite of lint errors, to see what the vendor says.")
    ] = False
    probe_env: Annotated[
        bool,
        option("--probe-env", panel=PANEL, help="On BadDeviceToken, try the other environment with a background push."),
    ] = False


@command(
    app,
    examples="""
    pushctl send --sandbox apns --title Hello --body World
    pushctl send -p my-ios -t TOKEN --title Hello --body World
    pushctl send -p my-ios -t TOKEN --silent --data sync=inbox
    pushctl send -p my-ios --tokens devices.csv --message release.toml --json
    """,
)
def send(cli: Cli, target: TargetOptions, message: MessageOptions, do: DoOptions, run: RunOptions) -> ExitCode:
    """Send a push and say what the vendor made of it: accepted or refused, why, and what to do next."""
    with open_session(opening(cli, run)) as session:
        card = session.vendor.card
        if do.validate_only and not card.validate_only:
            raise UsageError(
                f"{card.name} has no check that delivers nothing.",
                "Use --dry-run or 'pushctl lint' to check here, or --sandbox to try it.",
                rule="no-validate-only",
                where="--validate-only",
            )
        built = build_message(cli, message, card, session.profile.defaults)
        if do.validate_only:
            built = replace(built, validate_only=True)
        pushes = [(built, to) for to in _targets(cli, session, target, built)]
        cli.console.know_tokens(to for _, to in pushes)
        findings = _lint(session, pushes)
        if any(finding.level == "error" for finding in findings) and not do.no_lint:
            return _stopped(cli, findings)
        if do.as_ is not None:
            return _as_curl(cli, session, pushes, do, run)
        if do.dry_run:
            return _dry_run(cli, session, pushes, findings)
        return _send(cli, session, pushes, findings, probe=do.probe_env)


def _targets(cli: Cli, session: Session, given: TargetOptions, message: Message) -> Sequence[Target]:
    """Whom the command line names, else whom a raw body names, else the sandbox's own device."""
    said, named = targets(cli, given, session.vendor.card), session.vendor.named(message)
    if said and named:
        raise UsageError(
            f"The payload names its own {named[0].kind}, and so does the command line.",
            "Leave one of them out.",
            rule="target-twice",
            where=f"--{said[0].kind}",
        )
    return said or named or [default_target(session, message)]


def _lint(session: Session, pushes: Sequence[tuple[Message, Target]]) -> list[Finding]:
    import time

    from pushctl.flows.lint import lint

    findings = lint(session.vendor, session.account, pushes, session.env())
    if session.emulated:  # its throw-away credentials are wrong where a scenario wants them wrong
        return findings
    _, inside = session.vendor.inspect(session.account, time.time())
    return [*(finding for finding in inside if finding.level != "info"), *findings]


def _stopped(cli: Cli, findings: list[Finding]) -> ExitCode:
    from pushctl.core.report import Report
    from pushctl.output import documents, screens

    report = Report(findings=findings)
    cli.console.show(screens.stopped_view(findings), documents.report_document(report))
    return report.exit_code


def _dry_run(cli: Cli, session: Session, pushes: Sequence[tuple[Message, Target]], findings: list[Finding]) -> ExitCode:
    from pushctl.output import documents, exchanges

    requests = dry_run(session, pushes)
    version = "2" if session.vendor.card.wire == "stream" else None  # the connection decides
    cli.console.show(
        exchanges.requests_view(
            requests, findings, http_version=version, emulated=session.emulated, tokens=cli.console.tokens
        ),
        documents.requests_document(requests, findings, version),
    )
    return ExitCode.ACCEPTED


def _as_curl(
    cli: Cli, session: Session, pushes: Sequence[tuple[Message, Target]], do: DoOptions, run: RunOptions
) -> ExitCode:
    import shlex

    from pushctl.transport.curl import curl

    if do.as_ != "curl":
        raise UsageError(f"--as {do.as_!r} is not known.", "Use --as curl.", where="--as")
    if session.emulated and not cli.process.environ.get("PUSHCTL_SANDBOX"):
        cli.console.talk(
            "This sandbox ends with this command; 'pushctl sandbox serve' keeps one that curl finds (PUSHCTL_SANDBOX)."
        )
    named = (("-p", run.profile or cli.process.environ.get("PUSHCTL_PROFILE")), ("--sandbox", run.sandbox))
    flags = " ".join(f"{flag} {shlex.quote(value)}" for flag, value in named if value)
    requests = dry_run(session, pushes, token_requests=False)  # 'pushctl auth' makes that one
    if any(PREPARED.encode() in request.body(reveal=False) for request in requests):
        cli.console.talk(f"{PREPARED} stands for the id that the answer to the first command holds.")
    scripts = [
        curl(
            request,
            token_command=f"pushctl auth {flags}{_of_call(session, request.call)}",
            identity=certificate_file(session),
            http2=session.vendor.card.wire == "stream",
            route=session.route,
        )
        for request in requests
    ]
    cli.write("\n\n".join(script.rstrip("\n") for script in scripts) + "\n")
    return ExitCode.ACCEPTED


def _of_call(session: Session, call: str) -> str:
    """What names the token of this call, where it is another than that of ``send`` (OPPO abroad)."""
    vendor, account = session.vendor, session.account
    own, usual = vendor.grant(account, call), vendor.grant(account, "send")
    return f" --call {call}" if own is not None and usual is not None and own.key != usual.key else ""


def _send(
    cli: Cli, session: Session, pushes: Sequence[tuple[Message, Target]], findings: list[Finding], *, probe: bool
) -> ExitCode:
    if session.environment == "production" and not session.emulated and cli.process.interactive:
        cli.console.talk(f"Sending to PRODUCTION with profile {session.profile.name}.")
    for finding in findings:
        if finding.before:
            doubt = "" if finding.confidence == "high" else f" (confidence: {finding.confidence})"
            cli.console.talk(f"{finding.text}{doubt}")
    run = Run(session, pushes)
    run.report.findings += findings + _count_silent(cli, session, pushes)
    bad = None
    try:
        for result in run:
            cli.console.stream(result)
        bad = _unknown_there(session, run)
        if bad is not None and probe:
            run.report.findings += _probe(session, bad)
    except KeyboardInterrupt:
        for result in run.interrupt():
            cli.console.stream(result)
    cli.console.finish(run.report)
    if bad is not None and not probe and len(run.report.results) == 1 and not session.emulated:
        _offer_probe(cli, session, bad)
    return run.report.exit_code


def _count_silent(cli: Cli, session: Session, pushes: Sequence[tuple[Message, Target]]) -> list[Finding]:
    import time

    from pushctl.config.paths import cache_dir
    from pushctl.flows import silent

    card = session.vendor.card
    tokens = [target.value for message, target in pushes if message.silent]
    if not tokens or session.emulated or not card.silent_per_hour:
        return []
    return silent.count(cache_dir(cli.process.environ) / "silent.json", card, tokens, time.time())


def _unknown_there(session: Session, run: Run) -> Target | None:
    """The token of the first BadDeviceToken. It has two causes that want different remedies."""
    verdicts = [result.verdict for result in run.report.results if result.verdict.says.code == "BadDeviceToken"]
    return verdicts[0].target if verdicts and "probe-env" in session.vendor.asks else None


def _probe(session: Session, target: Target) -> Sequence[Finding]:
    """One background push to the other environment tells the two apart."""
    from pushctl.core.vendor import Question
    from pushctl.flows.ask import ask

    return ask(session, "probe-env", Question({"token": target.value})).findings


def _offer_probe(cli: Cli, session: Session, target: Target) -> None:
    from pushctl.output import documents, screens

    if not cli.can_ask:
        cli.console.talk("--probe-env tries the other environment with one background push and says which it is.")
    elif cli.confirm("Try the other environment with one background push?"):
        found = _probe(session, target)
        cli.console.show(screens.findings_view(found), documents.findings_document(found))
