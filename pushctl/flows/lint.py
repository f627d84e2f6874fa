"""Check messages before they are sent, offline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env, Vendor


def lint(
    vendor: Vendor, account: Account | None, pushes: Sequence[tuple[Message, Target | None]], env: Env
) -> list[Finding]:
    """Every finding once, worst first. A message is checked once for all its targets of a kind."""
    order = {"error": 0, "warning": 1, "info": 2}
    found: dict[Finding, None] = {}
    checked: set[tuple[int, str]] = set()
    for message, target in pushes:
        if target is not None:
            found.update(dict.fromkeys(vendor.lint_target(account, target)))
        key = (id(message), target.kind if target else "")
        if key not in checked:
            checked.add(key)
            found.update(dict.fromkeys(vendor.lint(account, message, target, env)))
    return sorted(found, key=lambda finding: order[finding.level])
