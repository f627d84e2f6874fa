"""``pushctl lint``: check a message or a raw payload, offline."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated, Any

from pushctl.cli.base import Cli, application, command, option
from pushctl.cli.options.message import MessageOptions, build_message
from pushctl.cli.options.run import PANEL
from pushctl.cli.options.target import TargetOptions, targets
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Env, Vendor
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.core.message import Target

app = application("Check a message or a raw payload against the vendor's rules, offline.")


@command(
    app,
    examples="""
    pushctl lint --vendor apns --title Hello --body World
    pushctl lint --vendor apns --payload payload.json --push-type background
    pushctl lint -p my-ios -t TOKEN --silent --data sync=inbox
    """,
)
def lint(
    cli: Cli,
    target: TargetOptions,
    message: MessageOptions,
    vendor: Annotated[
        str | None, option("--vendor", metavar="VENDOR", panel=PANEL, help="Whose rules, when no profile is given.")
    ] = None,
    profile: Annotated[
        str | None, option("-p", "--profile", metavar="NAME|PATH", panel=PANEL, help="The profile [PUSHCTL_PROFILE].")
    ] = None,
) -> ExitCode:
    """Check a message as 'send' would before sending it; exit 2 when there is an error.

    Without a profile the rules that need one (topic, kind of credential) are left out.
    """
    from pushctl.flows.lint import lint as check
    from pushctl.output import documents, screens

    chosen, account, defaults = _rules(cli, vendor, profile)
    built = build_message(cli, message, chosen.card, defaults)
    found: list[Target | None] = [*targets(cli, target, chosen.card)] or [*chosen.named(built)] or [None]
    findings = check(chosen, account, [(built, one) for one in found], Env(time.time(), os.urandom))
    document = documents.findings_document(findings)
    cli.console.show(screens.findings_view(findings), document)
    return ExitCode(document["exit_code"])


def _rules(cli: Cli, vendor: str | None, profile: str | None) -> tuple[Vendor, Account | None, dict[str, Any]]:
    """Whose rules, for which account, with which defaults."""
    from pushctl.vendors import registry

    name = profile or (None if vendor else cli.process.environ.get("PUSHCTL_PROFILE"))
    if name is None:
        if vendor is None:
            raise UsageError(
                "Whose rules?", "Name the vendor with --vendor apns, or a profile with -p.", rule="no-vendor"
            )
        return registry.load(vendor), None, {}
    from pushctl.config import profiles, secrets

    loaded = profiles.load(name, cli.process.environ, cli.process.cwd)
    chosen = registry.load(loaded.vendor)
    if vendor is not None and registry.resolve(vendor) != chosen.card.id:
        raise UsageError(
            f"Profile {loaded.name!r} is for {loaded.vendor}, and --vendor names {vendor}.",
            "Leave one of them out.",
            rule="profile-vendor",
        )
    fields = secrets.resolve_all(
        loaded, chosen.card, cli.process.environ, lambda: cli.process.read_stdin("the profile")
    )
    return chosen, chosen.account(fields), dict(loaded.defaults)
