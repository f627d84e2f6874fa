"""``pushctl vendors``: what each vendor can do and where its limits are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pushctl.cli.base import Cli, application, argument, command
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pushctl.core.vendor import Card, Vendor

app = application("What each vendor can do and where its limits are.")


@command(
    app,
    examples="""
    pushctl vendors
    pushctl vendors apns
    """,
)
def vendors(cli: Cli, name: Annotated[str, argument("VENDOR", "One of them, in detail.")] = "") -> ExitCode:
    """List the vendors, or show one: environments, targets, silent push, limits, what it can be asked."""
    from pushctl.output import documents, screens
    from pushctl.vendors import registry

    chosen = [registry.load(one) for one in ([name] if name else registry.VENDORS)]
    document = documents.document("vendors", {"ok": True, "exit_code": 0, "vendors": [_row(one) for one in chosen]})
    if name:
        view = screens.facts_view(_facts(chosen[0]), chosen[0].card.name)
    else:
        columns = ("id", "service", "silent push", "targets", "asks")
        rows = [
            (v.card.id, v.card.name, "yes" if v.card.silent else "no", ", ".join(v.card.targets), _asks(v) or "-")
            for v in chosen
        ]
        view = screens.table_view(columns, rows)
    cli.console.show(view, document)
    return ExitCode.ACCEPTED


def _asks(vendor: Vendor) -> str:
    return ", ".join(dict.fromkeys(name.partition(".")[0] for name in vendor.asks))


def _facts(vendor: Vendor) -> list[tuple[str, str]]:
    card = vendor.card
    return [
        ("id", ", ".join((card.id, *card.aliases))),
        ("environments", ", ".join(card.environments) if len(card.environments) > 1 else "one; a profile names none"),
        ("targets", ", ".join(card.targets)),
        ("silent push", card.silent or f"{card.no_silent} {card.instead_of_silent}"),
        ("validate only", card.validate_only or "none: the vendor has no check that delivers nothing"),
        ("asks", _asks(vendor) or "nothing"),
        ("--set begins in", card.set_into),
        *((f"limit: {name}", value) for name, value in card.limits),
        *((f"credentials.{field.name}", field.about) for field in card.credentials),
        *((f"app.{field.name}", field.about) for field in card.app),
        *_hosts(card),
        ("error codes", f"{len(vendor.catalogue.codes())}; pushctl explain {card.id}:CODE"),
    ]


def _hosts(card: Card) -> Iterator[tuple[str, str]]:
    several = len(card.environments) > 1
    for environment, roles in card.hosts.items():
        for url in dict.fromkeys(roles.values()):
            yield f"host: {environment}" if several else "host", url


def _row(vendor: Vendor) -> dict[str, Any]:
    card = vendor.card
    return {
        "id": card.id,
        "name": card.name,
        "aliases": list(card.aliases),
        "environments": list(card.environments),
        "hosts": {environment: dict(roles) for environment, roles in card.hosts.items()},
        "targets": list(card.targets),
        "max_targets": card.max_targets,
        "silent": card.silent or None,
        "no_silent": card.no_silent or None,
        "instead_of_silent": card.instead_of_silent or None,
        "validate_only": card.validate_only or None,
        "asks": list(vendor.asks),
        "set_into": card.set_into,
        "limits": dict(card.limits),
        "credentials": [{"name": f.name, "about": f.about, "secret": f.secret} for f in card.credentials],
        "app": [{"name": f.name, "about": f.about, "required": f.required} for f in card.app],
    }
