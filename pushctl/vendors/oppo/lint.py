"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.oppo.lint_subject.Subject` to findings. The groups run in the
order of the request: flags and headers, form, words, notification, class. The target is checked by itself, in
``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.payloads import short
from pushctl.core.secret import Secret
from pushctl.vendors.oppo import lint_body, lint_class, lint_notification, lint_pictures, lint_words
from pushctl.vendors.oppo.judge import RULES
from pushctl.vendors.oppo.lint_subject import Subject, subject
from pushctl.vendors.oppo.request import KINDS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]

# Flag, field of Message, why it has no counterpart.
_NOWHERE = (
    ("--sound", "sound", "The phone's settings of the channel decide, and notify_level in the [oppo] table."),
    ("--priority", "priority", "notify_level in the message's [oppo] table says how much the phone does."),
)


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind not in KINDS:
        return  # lint_target says so
    try:
        pushed = subject(account, message, target, env)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand, and a check on the phone that a broadcast does not have. A raw payload has
    no flags."""
    message = pushed.message
    if message.raw is not None:
        return
    for flag, name, instead in _NOWHERE:
        if getattr(message, name) is not None:
            yield RULES["no-effect-on-oppo"].finding(flag, flag=flag, of="message", instead=instead)
    if pushed.broadcast and "verify_registration_id" in pushed.document:
        flag, instead = "verify_registration_id", "Leave broadcast out, or leave it out."
        yield RULES["no-effect-on-oppo"].finding(flag, flag=flag, of="broadcast", instead=instead)


def _headers(pushed: Subject) -> Iterator[Finding]:
    """``--header``: another content type, and a token of one's own."""
    for name, value in pushed.message.headers:
        if name.casefold() == "content-type" and not isinstance(value, Secret) and "form" not in value.casefold():
            yield RULES["header-content-type"].finding(f"--header {name}", value=short(value))
        if name.casefold() in ("auth_token", "auth-token"):
            yield RULES["header-auth-token"].finding(f"--header {name}", name=name)


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    _headers,
    *lint_body.CHECKS,
    *lint_words.CHECKS,
    *lint_notification.CHECKS,
    *lint_pictures.CHECKS,
    *lint_class.CHECKS,
)
