"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.honor.lint_subject.Subject` to findings. The groups run in the
order of the request: flags and headers, form, contents, notification, class. The target is checked by itself, in
``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.payloads import short
from pushctl.core.secret import Secret
from pushctl.vendors.honor import lint_body, lint_class, lint_message, lint_notification
from pushctl.vendors.honor.judge import RULES
from pushctl.vendors.honor.lint_subject import Subject, subject

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]

# Flag, field of Message, why it has no counterpart.
_NOWHERE = (
    ("--subtitle", "subtitle", "Put it into the title or the body."),
    ("--sound", "sound", "The class of the message decides whether it makes a sound (--class)."),
    ("--priority", "priority", "Honor's message has no priority."),
    ("--channel", "channel", "Honor has no notification channels of an app's own."),
    ("--category", "category", "The class stands in importance (--class im|service|marketing)."),
)
# Not --class: it is what profiles have among their defaults, and a silent push needs none.
_NOT_FOR_DATA = (
    ("--collapse", "collapse", "The tag that replaces a notification is a notification's."),
    ("--click", "click", "A data message shows nothing."),
)


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind != "token":
        return  # lint_target says so
    try:
        pushed = subject(account, message, target, env)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand, or that a data message cannot carry. A raw payload has none."""
    message = pushed.message
    if message.raw is not None:
        return
    for flag, name, instead in (*_NOWHERE, *(_NOT_FOR_DATA if message.silent else ())):
        if getattr(message, name) is not None:
            yield RULES["no-effect-on-honor"].finding(flag, flag=flag, instead=instead)


def _headers(pushed: Subject) -> Iterator[Finding]:
    """``--header``: a token of one's own, and a timestamp that is not in milliseconds."""
    for name, value in pushed.message.headers:
        if name.casefold() == "authorization":
            yield RULES["header-authorization"].finding("--header Authorization", name=name)
        if name.casefold() == "timestamp" and not isinstance(value, Secret) and not _is_milliseconds(value):
            yield RULES["timestamp-not-milliseconds"].finding("--header timestamp", value=short(value))


def _is_milliseconds(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) == 13


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    _headers,
    *lint_body.CHECKS,
    *lint_message.CHECKS,
    *lint_notification.CHECKS,
    *lint_class.CHECKS,
)
