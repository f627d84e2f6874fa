"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.vivo.lint_subject.Subject` to findings. The groups run in the
order of the request: flags and headers, form, contents, class. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.vendors.vivo import lint_body, lint_class, lint_message, lint_options
from pushctl.vendors.vivo.judge import RULES
from pushctl.vendors.vivo.lint_subject import Subject, subject

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]

# Flag, field of Message, what to do instead.
_NOWHERE = (
    ("--subtitle", "subtitle", "Put it into the title or the body."),
    ("--image", "image", "vivo's pictures are paid styles: marketing in the body, with a creativeId."),
    ("--badge", "badge", "[vivo] add_badge = true counts the badge up by one, with a right that vivo grants."),
    ("--sound", "sound", "notifyType says whether it sounds: [vivo] notify_type."),
    ("--priority", "priority", "The class decides how it is shown: --class or --category."),
    ("--channel", "channel", "vivo has no notification channels of an app's own; --category decides."),
)


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind not in ("token", "alias"):
        return  # lint_target says so
    try:
        pushed = subject(account, message, target, env)
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
    if message.silent:
        yield RULES["silent-not-offered"].finding("--silent")
    for flag, name, instead in _NOWHERE:
        if getattr(message, name) is not None:
            yield RULES["no-effect-on-vivo"].finding(flag, flag=flag, instead=instead)


def _headers(pushed: Subject) -> Iterator[Finding]:
    """``--header``: a token of one's own, in vivo's header or in the one that other services have."""
    for name, _ in pushed.message.headers:
        if name.casefold() == "authtoken":
            yield RULES["header-authtoken"].finding(f"--header {name}", name=name)
        elif name.casefold() == "authorization":
            yield RULES["header-authorization"].finding(f"--header {name}", name=name)


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    _headers,
    *lint_body.CHECKS,
    *lint_message.CHECKS,
    *lint_options.CHECKS,
    *lint_class.CHECKS,
)
