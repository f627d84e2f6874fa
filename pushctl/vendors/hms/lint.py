"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.hms.lint_subject.Subject` to findings. The groups run in the
order of the request: flags, form, message, Android's part. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.vendors.hms import lint_android, lint_body, lint_class, lint_message
from pushctl.vendors.hms.judge import RULES
from pushctl.vendors.hms.lint_subject import Subject, subject
from pushctl.vendors.hms.request import KINDS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account

Check = Callable[[Subject], Iterator[Finding]]


def lint(account: Account | None, message: Message, target: Target | None) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind not in KINDS:
        return  # lint_target says so
    try:
        pushed = subject(account, message, target)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand, or that a data message cannot carry. A raw payload has none."""
    message = pushed.message
    for name, _ in message.headers:
        if name.casefold() == "authorization":
            yield RULES["header-authorization"].finding("--header Authorization", name=name)
    if message.raw is not None:
        return
    if message.subtitle is not None:
        instead = "Put it into the title or the body."
        yield RULES["no-effect-on-hms"].finding("--subtitle", flag="--subtitle", instead=instead)
    if message.silent:
        for flag, value in (("--channel", message.channel), ("--click", message.click)):
            if value is not None:
                yield RULES["no-effect-on-hms"].finding(flag, flag=flag, instead="A data message shows nothing.")
    elif message.priority is not None:
        yield RULES["priority-for-notification"].finding("--priority", name="--priority")


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    *lint_body.CHECKS,
    *lint_message.CHECKS,
    *lint_class.CHECKS,
    *lint_android.CHECKS,
)
