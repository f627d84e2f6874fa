"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.harmony.lint_subject.Subject` to findings. The groups run in the
order of the request: flags, push type, form, payload, options. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.vendors.harmony import lint_body, lint_class, lint_notification, lint_options, lint_push_type
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.lint_subject import Subject, subject

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target

Check = Callable[[Subject], Iterator[Finding]]


def lint(message: Message, target: Target | None) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind != "token":
        return  # lint_target says so
    try:
        pushed = subject(message)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand, and those that a raw body or this push type has no place for."""
    message, kind = pushed.message, pushed.kind
    for name, _ in message.headers:
        if name.casefold() == "authorization":
            yield RULES["header-authorization"].finding(f"--header {name}", name=name)
    said: list[tuple[str, object, str]] = [("--priority", message.priority, "Push Kit v3 has no priority.")]
    if message.raw is not None:
        for name in ("ttl", "collapse", "klass"):
            if getattr(message, name) is not None:
                flag = f"--{name.replace('klass', 'class')}"
                yield RULES["no-effect-on-raw"].finding(flag, flag=flag)
    else:
        said += [
            ("--subtitle", message.subtitle, "Put it into the title or the body."),
            ("--channel", message.channel, "It is Android's notification channel; HarmonyOS goes by --category."),
        ]
    if message.raw is None and not pushed.shows and kind is not None:
        unseen = f"A message of push-type {kind.id} ({kind.name}) shows no notification."
        said += [(f"--{name}", getattr(message, name), unseen) for name in _VISIBLE]
        said += [("--class", message.klass, unseen)]
        if kind.shape in ("live", "free"):
            said.append(("--data", message.data or None, "Use --set payload.KEY=VALUE, or --payload."))
    for flag, value, instead in said:
        if value is not None:
            yield RULES["no-effect-on-harmony"].finding(flag, flag=flag, instead=instead)


_VISIBLE = ("title", "body", "image", "badge", "sound", "category", "click")


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    *lint_push_type.CHECKS,
    *lint_body.CHECKS,
    *lint_notification.CHECKS,
    *lint_class.CHECKS,
    *lint_options.CHECKS,
)
