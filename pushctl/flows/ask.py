"""Ask a vendor something that is no push: channels, traces, quotas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.vendor import Answer, Grant, Question, Refused

if TYPE_CHECKING:
    from pushctl.flows.session import Session


def _whose(name: str) -> str:
    """Who has this API, as a sentence."""
    from pushctl.vendors import registry

    able = [vendor for vendor in registry.VENDORS if name in registry.load(vendor).asks]
    said = f"{', '.join(able)} {'have' if len(able) > 1 else 'has'} one. " if able else ""
    return f"{said}'pushctl vendors' lists what each vendor can be asked."


def ask(session: Session, name: str, question: Question) -> Answer:
    """Put the question ``name`` (``channel.create`` …) and return its answer.

    A grant that the vendor calls expired is renewed once and the question is put again, as for a push.
    Raises ``UsageError`` where the vendor has no such API, and for a bad parameter.
    """
    put = session.vendor.asks.get(name)
    if put is None:
        card = session.vendor.card
        elsewhere = card.where_next.get(session.account.environment) if name == "trace" else None
        raise UsageError(
            f"{card.name} has no API for {name.replace('.', ' ')}.",
            elsewhere or _whose(name),
            rule="no-such-api",
        )
    refused: Grant | None = None
    while True:
        grant = session.grant(name, refused=refused)
        if isinstance(grant, Refused):
            answer = Answer(grant.says)
            break
        answer = session.drive(put(session.account, question, grant, session.env()))
        if refused is not None or grant is None or answer.says.renew == "no" or not session.renewable(name):
            break
        if answer.says.renew == "grant+connection":
            session.transport().renew()
        refused = grant
    return replace(answer, findings=(*answer.findings, *session.findings)) if session.findings else answer
