"""``pushctl profile``: make profiles, look into them, trust them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pushctl.cli.base import Cli, application, argument, command, option
from pushctl.cli.options.values import not_empty
from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.flows.profile_files import Plan
    from pushctl.flows.profiles import Inspection, Surroundings

app = application("Credential profiles: one TOML file each, with references to secrets and never a secret.")

Name = Annotated[str, argument("NAME|PATH", "The profile [PUSHCTL_PROFILE].")]
Sets = Annotated[
    list[str] | None,
    option("--set", metavar="KEY=VALUE", help="Set a field: bundle_id=…, key=file:…, defaults.ttl=1h; := takes JSON."),
]
Environment = Annotated[
    str | None, option("-e", "--environment", metavar="NAME", help="The vendor's environment; never guessed.")
]
Password = Annotated[
    str | None,
    option("--password", metavar="REF", help="Where the password of a .p12 is: env:NAME, file:PATH, keyring:…"),
]
Replace = Annotated[bool, option("--replace", help="Overwrite a profile of this name.")]
Yes = Annotated[bool, option("-y", "--yes", help="Do not ask.")]


@command(
    app,
    examples="""
    pushctl profile add
    pushctl profile add my-ios --vendor apns -e sandbox --set bundle_id=com.example.app
    """,
)
def add(
    cli: Cli,
    name: Annotated[str, argument("NAME", "What the profile shall be called.")] = "",
    vendor: Annotated[
        str | None, option("--vendor", metavar="VENDOR", help="Whose profile ('pushctl vendors').")
    ] = None,
    environment: Environment = None,
    sets: Sets = None,
    replace: Replace = False,
) -> ExitCode:
    """Write a new profile. At a terminal, whatever is not given is asked for.

    A script gives all of it with --set: key=file:AuthKey_ABC123DEFG.p8, key_id, team_id, bundle_id. The profile is
    checked first and not written when it is wrong; a file: reference to the current folder becomes absolute.
    """
    from pushctl.flows import profile_files, profile_values
    from pushctl.vendors import registry

    not_empty(environment, "--environment")
    values = {one.path: one.value for one in profile_values.assignments(sets or [])}
    if environment:
        values["environment"] = environment
    if not cli.can_ask:
        missing = [flag for flag, given in (("NAME", name), ("--vendor", vendor)) if not given]
        if missing:
            raise UsageError(
                f"{' and '.join(missing)} is not given, and nobody can be asked.", "See 'pushctl profile add --help'."
            )
    chosen = registry.load(vendor or _ask(cli, "vendor", f"one of {', '.join(registry.VENDORS)}", "apns"))
    plan = profile_files.Plan(chosen.card.id, {profile_values.in_full(k, chosen.card): v for k, v in values.items()})
    if cli.can_ask:
        from pushctl.cli.profile_wizard import fill

        fill(lambda what, about, default: _ask(cli, what, about, default), chosen.card, plan)
        name = name or _ask(cli, "name", "what to call the profile", _default_name(plan))
    return _write(cli, name, plan, replace)


@command(
    app,
    name="import",
    examples="""
    pushctl profile import AuthKey_ABC123DEFG.p8 embedded.mobileprovision
    pushctl profile import AuthKey_ABC123DEFG.p8 -e sandbox --set team_id=TEAM --set bundle_id=ID
    pushctl profile import push.p12 --password env:P12_PASSWORD -e production --name my-ios
    pushctl profile import service-account.json google-services.json --name my-android
    pushctl profile import private.json --vendor harmony
    """,
)
def import_(
    cli: Cli,
    file: Annotated[  # whether it can be read is told by the flow, in our words
        list[Path], argument("FILE…", "What the service's console gave you, and the app's own.", readable=False)
    ],
    name: Annotated[str, option("--name", metavar="NAME", help="What the profile shall be called.")] = "",
    vendor: Annotated[
        str | None, option("--vendor", metavar="VENDOR", help="Whose profile, where the files fit several vendors.")
    ] = None,
    environment: Environment = None,
    password: Password = None,
    sets: Sets = None,
    replace: Replace = False,
) -> ExitCode:
    """Make a profile of the files you have; they are checked to belong together and copied beside it, mode 0600.

    APNs: AuthKey_*.p8, .p12, .pem, .cer with its key, .mobileprovision, .entitlements, Info.plist. FCM: the service
    account's JSON, google-services.json, GoogleService-Info.plist. Huawei: agconnect-services.json, private.json.
    Honor: mcs-services.json. What no file says is asked for, or given with --set and --environment.
    """
    from pushctl.flows import profile_files, profile_values
    from pushctl.vendors import registry

    for flag, given in (("--vendor", vendor), ("--environment", environment), ("--password", password)):
        not_empty(given, flag)
    values = {one.path: one.value for one in profile_values.assignments(sets or [])}
    values |= {"environment": environment} if environment else {}
    if password == "-":
        raise UsageError("--password - would be gone after the import.", "Use env:NAME, file:PATH or keyring:….")
    secret = profile_files.password_from(password, _around(cli)) if password else None
    plan = profile_files.from_files([cli.process.cwd / one for one in file], secret, vendor)
    card = registry.load(plan.vendor).card
    if password:
        if not any(one.name == "password" for one in card.credentials):
            raise UsageError(
                f"--password is given, and no credential of {card.name} has a password.",
                "Leave --password out; it is for a .p12 or an encrypted key of APNs.",
                rule="no-password",
                where="--password",
            )
        values["credentials.password"] = password
    profile_files.complete(plan, {profile_values.in_full(place, card): value for place, value in values.items()})
    if cli.can_ask:
        from pushctl.cli.profile_wizard import ask_missing

        ask_missing(lambda what, about, default: _ask(cli, what, about, default), plan)
    profile_files.refuse_missing(plan)
    return _write(cli, name or _default_name(plan), plan, replace)


@command(app, name="list", examples="pushctl profile list")
def list_(cli: Cli) -> ExitCode:
    """List the profiles that a name can reach, in the order of the search."""
    from pushctl.cli import profile_output
    from pushctl.flows.profiles import listing

    rows = list(listing(cli.process.environ, cli.process.cwd))
    cli.console.show(profile_output.listing_view(rows), profile_output.listing_document(rows))
    return ExitCode.ACCEPTED


@command(
    app,
    examples="""
    pushctl profile show my-ios
    pushctl profile show profiles/apns-certificate.toml --json
    """,
)
def show(cli: Cli, name: Name = "") -> ExitCode:
    """Show a profile and what is inside its key or certificate; a secret appears as its reference only."""
    from pushctl.flows.profiles import inspect

    return _show(cli, inspect(_named(cli, name), _around(cli), time.time()), failing=False)


@command(
    app,
    examples="""
    pushctl profile check my-ios
    pushctl profile check profiles/apns-token.toml
    """,
)
def check(cli: Cli, name: Name = "") -> ExitCode:
    """Check whether a profile can be used, offline; exit 2 when it cannot."""
    from dataclasses import replace

    from pushctl.flows.profiles import inspect

    around = replace(_around(cli), stdin=lambda: cli.process.read_stdin("the profile"))
    return _show(cli, inspect(_named(cli, name), around, time.time()), failing=True)


@command(
    app,
    examples="""
    pushctl profile edit my-ios --set bundle_id=com.example.other
    pushctl profile edit my-ios --set network.port=2197 --unset defaults.ttl
    pushctl profile edit my-ios
    """,
)
def edit(
    cli: Cli,
    name: Name = "",
    sets: Sets = None,
    unset: Annotated[list[str] | None, option("--unset", metavar="KEY", help="Remove a key.")] = None,
) -> ExitCode:
    """Change a profile; comments survive. Without --set and --unset it opens $VISUAL or $EDITOR on a copy.

    The new text is checked before it replaces the old one.
    """
    from pushctl.config import profiles
    from pushctl.core.message import Assignment
    from pushctl.flows import profile_edit, profile_values
    from pushctl.vendors import registry

    around = _around(cli)
    profile = profiles.load(_named(cli, name), around.environ, around.cwd)
    if sets or unset:
        card = registry.load(profile.vendor).card
        pairs = [
            Assignment(profile_values.in_full(one.path, card), one.value)
            for one in profile_values.assignments(sets or [])
        ]
        findings = profile_edit.edit(profile, lambda text: profile_values.with_values(text, pairs, unset or []), around)
    elif cli.can_ask:
        findings = profile_edit.edit_with_editor(profile, around)
    else:
        raise UsageError("Nothing is said to change.", "Add --set KEY=VALUE or --unset KEY.", rule="no-change")
    return _written(cli, profile.path, (profile.path,), tuple(findings))


@command(app, examples="pushctl profile remove my-ios --yes")
def remove(cli: Cli, name: Annotated[str, argument("NAME|PATH", "The profile.")], yes: Yes = False) -> ExitCode:
    """Delete a profile, and the key files beside it that no other profile uses."""
    from pushctl.cli import profile_output
    from pushctl.flows.profiles import files_to_remove, remove_files

    paths = files_to_remove(name, cli.process.environ, cli.process.cwd)
    names = ", ".join(str(path) for path in paths)
    _agree(cli, yes, f"Delete {names}?")
    remove_files(paths)
    cli.console.show(*profile_output.removed(paths))
    return ExitCode.ACCEPTED


@command(
    app,
    examples="""
    pushctl profile path
    pushctl profile path my-ios
    """,
)
def path(cli: Cli, name: Annotated[str, argument("NAME", "A profile; without it, the folders.")] = "") -> ExitCode:
    """Print where a profile is, or the folders in which names are looked up, in order."""
    from pushctl.cli import profile_output
    from pushctl.config import profiles

    environ, cwd = cli.process.environ, cli.process.cwd
    found = [profiles.locate(name, environ, cwd).path] if name else [one for one, _ in profiles.folders(environ, cwd)]
    cli.console.show(*profile_output.paths(found))
    return ExitCode.ACCEPTED


@command(
    app,
    examples="""
    pushctl profile trust my-ios
    pushctl profile trust my-ios --revoke
    """,
)
def trust(
    cli: Cli,
    name: Annotated[str, argument("NAME|PATH", "The profile.")],
    yes: Yes = False,
    revoke: Annotated[bool, option("--revoke", help="Trust it no longer.")] = False,
) -> ExitCode:
    """Allow a profile that came with a project to read your secrets and to redirect traffic.

    Trust is in the file's content: after any change it must be given again.
    """
    from pushctl.config import profiles
    from pushctl.config import trust as memory
    from pushctl.flows.profiles import demands, look_into

    around = _around(cli)
    profile = profiles.load(name, around.environ, around.cwd)
    if revoke:
        memory.forget(profile, around.environ)
    elif not memory.is_trusted(profile, around.environ):
        wants = "; ".join(demands(profile)) or "nothing that needs trust"
        _agree(cli, yes, f"{profile.path}: {wants}. Trust it?")
        memory.trust(profile, around.environ)
    return _show(cli, look_into(profile, around, time.time()), failing=False)


def _around(cli: Cli) -> Surroundings:
    from pushctl.flows.profiles import Surroundings

    return Surroundings(cli.process.environ, cli.process.cwd)


def _named(cli: Cli, name: str) -> str:
    found = name or cli.process.environ.get("PUSHCTL_PROFILE", "")
    if not found:
        raise UsageError(
            "Which profile?", "Name it ('pushctl profile list' shows yours), or set PUSHCTL_PROFILE.", rule="no-profile"
        )
    return found


def _show(cli: Cli, inspection: Inspection, *, failing: bool, written: tuple[Path, ...] = ()) -> ExitCode:
    from pushctl.cli import profile_output

    code = inspection.exit_code if failing else ExitCode.ACCEPTED
    cli.console.show(profile_output.view(inspection, written), profile_output.document(inspection, code, written))
    return code


def _write(cli: Cli, name: str, plan: Plan, replace: bool) -> ExitCode:
    from pushctl.flows import profile_files

    written = profile_files.write(name, plan, _around(cli), replace=replace)
    return _written(cli, written.path, (written.path, *written.copies), written.findings)


def _written(cli: Cli, at: Path, files: tuple[Path, ...], findings: tuple[Finding, ...]) -> ExitCode:
    """Show what was written. What only this machine lacks is a warning here, and no error."""
    from dataclasses import replace

    from pushctl.flows.profiles import inspect

    inspection = inspect(str(at), _around(cli), time.time())
    told = {finding.rule for finding in findings}
    others = tuple(finding for finding in inspection.findings if finding.rule not in told)
    return _show(cli, replace(inspection, findings=(*findings, *others)), failing=False, written=files)


def _ask(cli: Cli, what: str, about: str, default: str = "") -> str:
    """One question on stderr, one line from stdin. Raises ``UsageError`` at its end."""
    cli.console.prompt(f"{what} ({about}){f' [{default}]' if default else ''}:")
    line = cli.process.stdin.readline() if cli.process.stdin is not None else ""
    if not line:
        raise UsageError(f"There is no answer for {what}.", "Give it as an option instead.", rule="no-answer")
    return line.strip() or default


def _agree(cli: Cli, yes: bool, question: str) -> None:
    if yes or cli.confirm(question):
        return
    if cli.can_ask:
        raise UsageError("Nothing was done.", "Answer y to go on.", rule="not-confirmed")
    raise UsageError(f"Not confirmed: {question}", "Nobody can be asked here: add --yes.", rule="not-confirmed")


def _default_name(plan: Any) -> str:
    """``app-sandbox`` for com.example.app."""
    last = str(plan.values.get("app.bundle_id", plan.vendor)).rpartition(".")[2]
    return f"{last}-{plan.values.get('environment', '')}".strip("-")
