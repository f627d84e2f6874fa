"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.fcm.lint_subject.Subject` to findings. The groups run in the order
flags, fields, data, platforms. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.payloads import short
from pushctl.vendors.fcm import lint_data, lint_fields, lint_platforms
from pushctl.vendors.fcm.judge import RULES
from pushctl.vendors.fcm.lint_subject import Subject, subject
from pushctl.vendors.fcm.request import TARGETS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind not in TARGETS:
        return  # lint_target says so
    try:
        pushed = subject(account, message, target, env)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand, and flags that a silent push has no use for."""
    message = pushed.message
    if message.raw is not None:
        return
    if message.klass is not None:
        instead = "Leave it out; the notification channel of the app decides on Android (--channel)."
        yield RULES["no-effect-on-fcm"].finding("--class", flag="--class", instead=instead)
    if message.silent:
        flags = {"--channel": message.channel, "--category": message.category, "--click": message.click}
        for flag, value in flags.items():
            if value is not None:
                yield RULES["no-effect-on-silent"].finding(flag, flag=flag)
    elif message.badge == 0:
        yield RULES["badge-zero"].finding("--badge")


def _click(pushed: Subject) -> Iterator[Finding]:
    """What a tap does is a matter of the platform; FCM carries less than the flag can say."""
    click = pushed.message.click
    if click is None or click == "app" or pushed.message.silent or pushed.message.raw is not None:
        return
    kind, _, value = click.partition(":")
    if kind not in ("url", "activity", "intent") or not value:
        yield RULES["click-form"].finding("--click", value=short(click))
    elif kind == "url":
        yield RULES["click-url-web-only"].finding("--click", value=value)
    elif kind == "activity":
        yield RULES["click-activity"].finding("--click", value=value)
    else:
        yield RULES["click-intent"].finding("--click")


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    _click,
    *lint_fields.CHECKS,
    *lint_data.CHECKS,
    *lint_platforms.CHECKS,
)
