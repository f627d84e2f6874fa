"""Check a push before it is sent, offline. The rules' texts and sources stand in ``rules.json``; here is when they
apply.

A check is a function from a :class:`~pushctl.vendors.apns.lint_subject.Subject` to findings. The groups run in the
order of the request: flags, headers, body. The target is checked by itself, in ``lint_token``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.vendors.apns import lint_headers, lint_live, lint_payload
from pushctl.vendors.apns.judge import RULES
from pushctl.vendors.apns.lint_subject import Subject, subject
from pushctl.vendors.apns.request import CALLS

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Env

Check = Callable[[Subject], Iterator[Finding]]


def lint(account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
    """Every breach of a rule. A message that cannot be built at all is one finding, and the only one about it."""
    if target is not None and target.kind not in CALLS:
        return  # lint_target says so
    try:
        pushed = subject(account, message, target, env)
    except UsageError as error:
        yield error.finding()
        return
    for check in CHECKS:
        yield from check(pushed)


def _flags_without_effect(pushed: Subject) -> Iterator[Finding]:
    """Flags that other vendors understand. A raw payload makes every message flag pointless alike."""
    message = pushed.message
    if message.raw is not None:
        return
    if message.image is not None:
        yield RULES["image-not-in-apns"].finding("--image")
    for flag, value, instead in (
        ("--channel", message.channel, "Leave it out; it is Android's notification channel."),
        ("--class", message.klass, "Leave it out, or use --set aps.interruption-level=…."),
        ("--click", message.click, "A tap opens the app; send your own key with --data and let the app read it."),
    ):
        if value is not None:
            yield RULES["no-effect-on-apns"].finding(flag, flag=flag, instead=instead)


def _credential(pushed: Subject) -> Iterator[Finding]:
    """Certificates cover only some push types, and MDM is theirs."""
    if pushed.account is None or pushed.kind is None:
        return
    certificate = pushed.account.identity is not None
    if certificate and pushed.kind.auth == "token":
        sure = pushed.kind.auth_confidence == "high"
        rule = RULES["push-type-needs-token" if sure else "push-type-advises-token"]
        yield rule.finding("apns-push-type", push_type=pushed.push_type)
    if not certificate and pushed.kind.auth == "certificate":
        yield RULES["mdm-needs-certificate"].finding("apns-push-type")
    yield from _topic_of_certificate(pushed)


def _topic_of_certificate(pushed: Subject) -> Iterator[Finding]:
    """A certificate lists the topics that it may push to. Push to Talk is left out: no list has been seen with it."""
    if pushed.account is None or pushed.account.identity is None or pushed.push_type not in _LISTED:
        return
    from pushctl.vendors.apns.certificate import ClientCertificate  # a push with a .p8 key has no need of it

    credential = pushed.account.credential
    topics = [name for name, _ in credential.topics] if isinstance(credential, ClientCertificate) else []
    topic = pushed.header("apns-topic")
    if topic and topics and topic not in topics:
        yield RULES["topic-not-in-certificate"].finding("apns-topic", topic=topic, topics=", ".join(topics))


_LISTED = frozenset({"alert", "background", "voip", "complication", "mdm"})


CHECKS: tuple[Check, ...] = (
    _flags_without_effect,
    _credential,
    *lint_headers.CHECKS,
    *lint_payload.CHECKS,
    *lint_live.CHECKS,
)
