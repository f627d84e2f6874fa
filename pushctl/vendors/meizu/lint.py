"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.meizu.lint_subject.Subject` to findings. The groups run in the
order of the request: flags, form, texts, taps and times, class. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.vendors.meizu import lint_body, lint_class, lint_display, lint_message, lint_time
from pushctl.vendors.meizu.judge import RULES
from pushctl.vendors.meizu.lint_subject import Subject, subject
from pushctl.vendors.meizu.message import SOUNDS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]

# Flag, field of Message, why it has no counterpart.
_NOWHERE = (
    ("--badge", "badge", "Meizu's messages have no number on the icon."),
    ("--priority", "priority", "The class of the message decides how it is treated (--class)."),
    ("--channel", "channel", "Meizu's API has no notification channels."),
    ("--category", "category", "Meizu has two classes and no categories: --class im, service or marketing."),
)


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:  # noqa: ARG001
    """Every breach of a rule, and how Meizu will treat the message. A message that cannot be built at all is one
    finding, and the only one about it."""
    if target is not None and target.kind not in ("token", "alias"):
        return  # lint_target says so
    try:
        pushed = subject(account, message, target)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand. A raw payload has none."""
    message = pushed.message
    if message.raw is not None:
        return
    for flag, name, instead in _NOWHERE:
        if getattr(message, name) is not None:
            yield RULES["no-effect-on-meizu"].finding(flag, flag=flag, instead=instead)
    if message.sound is not None and message.sound not in SOUNDS:
        instead = "Meizu knows only whether there is a sound: --sound default, or none."
        yield RULES["no-effect-on-meizu"].finding("--sound", flag="--sound", instead=instead)


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    *lint_body.CHECKS,
    *lint_message.CHECKS,
    *lint_display.CHECKS,
    *lint_time.CHECKS,
    *lint_class.CHECKS,
)
