"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.mi.lint_subject.Subject` to findings. The groups run in the order
of the request: flags and headers, form, texts, class, notification. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.payloads import short
from pushctl.core.secret import Secret
from pushctl.vendors.mi import lint_class, lint_form, lint_notification, lint_options, lint_text
from pushctl.vendors.mi.account import region_closed
from pushctl.vendors.mi.judge import RULES
from pushctl.vendors.mi.lint_subject import Subject, subject
from pushctl.vendors.mi.request import PATHS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]

# Flag, field of Message, why it has no counterpart.
_NOWHERE = (
    ("--subtitle", "subtitle", "Put it into the title or the body."),
    ("--priority", "priority", "The channel decides how a message is shown, and nothing how urgently it is sent."),
    (
        "--category",
        "category",
        "A channel has its class and scene from the console: name one with --channel.",
    ),
)


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind not in PATHS:
        return  # lint_target says so
    try:
        pushed = subject(account, message, target, env)
    except UsageError as error:
        yield error.finding()
        return
    if account is not None:
        yield from region_closed(account)
    for check in CHECKS if pushed.pairs else (_flags_without_effect, _headers, lint_form.readable):
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand. A raw payload has none."""
    if pushed.raw is not None:
        return
    for flag, name, instead in _NOWHERE:
        if getattr(pushed.message, name) is not None:
            yield RULES["no-effect-on-mi"].finding(flag, flag=flag, instead=instead)


def _headers(pushed: Subject) -> Iterator[Finding]:
    """``--header``: a secret of one's own, and its form; a body that is announced as something else."""
    for name, value in pushed.message.headers:
        text = "" if isinstance(value, Secret) else value
        if name.casefold() == "authorization":
            yield RULES["header-authorization"].finding("--header Authorization", name=name)
            if text and not re.fullmatch(r"key=\S+", text):
                yield RULES["authorization-form"].finding("--header Authorization", name=name)
        if name.casefold() == "content-type" and "x-www-form-urlencoded" not in text.casefold():
            yield RULES["content-type"].finding("--header Content-Type", value=short(text))


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    _headers,
    *lint_form.CHECKS,
    *lint_text.CHECKS,
    *lint_class.CHECKS,
    *lint_notification.CHECKS,
    *lint_options.CHECKS,
)
