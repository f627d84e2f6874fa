"""Check messages before they are sent, offline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env, Vendor


def lint(
    vendor: Vendor, account: Account | None, pushes: Iterable[tuple[Message, Target | None]], env: Env
) -> list[Finding]:
    """Every finding once, worst first; a finding that many targets share is told once."""
    order = {"error": 0, "warning": 1, "info": 2}
    found: dict[Finding, None] = {}
    for message, target in pushes:
        found.update(dict.fromkeys(vendor.lint(account, message, target, env)))
    return sorted(found, key=lambda finding: order[finding.level])
