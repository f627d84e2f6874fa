"""From an intent to the exact request: a form, whatever it is about.

Sources: dev.mi.com pId=1559 (paths, fields), pId=1856 (``extra.notify_effect``), pId=2314 (templates), and what
Xiaomi's Java SDK 1.0.5 puts on the wire. Each value is encoded once, UTF-8, blank as ``+`` and ``+`` as ``%2B``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pushctl.core.batches import batches
from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.wire import Request
from pushctl.core.writing import header_pairs, refuse_changes_to_raw
from pushctl.vendors.mi import form

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env, Grant, Job

MOST_TARGETS = 1000
"""Regids, aliases or user accounts in one request."""
CONTENT_TYPE = "application/x-www-form-urlencoded;charset=UTF-8"
PATHS: Mapping[str, str] = {
    "token": "/v3/message/regid",
    "alias": "/v3/message/alias",
    "user": "/v2/message/user_account",
    "topic": "/v3/message/topic",
}
"""By kind of target. There is no v3 of user accounts; v3 takes several packages in one request, v2 one."""


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One request for up to 1000 targets of one kind and the same message; a topic has its own.

    A raw body that names its own targets is one request, however many they are. Raises ``UsageError`` for a target kind
    that Mi Push has not.
    """
    for _, alike in groupby(map(_checked, pushes), key=lambda push: push[1].kind):
        yield from batches(
            alike, lambda message: max(MOST_TARGETS, len(named(message))), alone=lambda target: target.kind == "topic"
        )


def _checked(push: tuple[Message, Target]) -> tuple[Message, Target]:
    if push[1].kind not in PATHS:
        raise UsageError(
            f"Mi Push cannot push to a {push[1].kind}.",
            f"It has: {', '.join(PATHS)}.",
            rule="target-kind",
        )
    return push


def named(message: Message) -> tuple[Target, ...]:
    """The targets that a raw body names itself, those of one kind; () for one that names none."""
    pairs = form.raw_pairs(message.raw) if message.raw is not None else None
    for kind, field in form.TARGET_FIELDS.items():
        values = [value for name, value in pairs or () if name == field]
        split = values if kind == "topic" else [part for value in values for part in value.split(",")]
        if found := tuple(Target(kind, value) for value in split if value.strip()):
            return found
    return ()


def request(account: Account, job: Job, grant: Grant | None, env: Env) -> Request:  # noqa: ARG001 - nothing is signed
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all."""
    message = job.message
    refuse_changes_to_raw(message)
    body = build_body(message, job.targets, account.app)
    return Request(
        call=job.call,
        method="POST",
        url=account.hosts["push"] + PATHS[job.targets[0].kind],
        headers=build_headers(message, grant),
        form=None if isinstance(body, bytes) else body,
        raw=body if isinstance(body, bytes) else None,
    )


def build_headers(message: Message | None, grant: Grant | None) -> Pairs:
    """Every header in the order it is sent. What Xiaomi's SDK adds (``X-PUSH-…``) tells the sender's host name and
    address, and nothing needs it."""
    made = (
        ("Authorization", grant.value.within("key=") if grant else None),
        ("Content-Type", CONTENT_TYPE if message else None),
    )
    return header_pairs(made, message.headers if message else ())


def build_body(message: Message, targets: tuple[Target, ...], app: Mapping[str, Any]) -> form.Body | bytes:
    """The whole body; bytes for a raw form that goes out as it stands.

    :param targets: () leaves them out (lint); a raw body that names its own keeps them.
    """
    aim = form.aimed(() if message.raw is not None and named(message) else targets)
    form.refuse_broken(aim)
    if message.raw is None:
        body: form.Body | bytes = (*aim, *form.fields_of(message, app).items())
    else:
        body = form.raw_body(message.raw, aim)
    if not isinstance(body, bytes):
        form.refuse_broken(body)
    return body
