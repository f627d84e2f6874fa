"""From an intent to the exact request: ``POST /v1/projects/{project_id}/messages:send``.

Sources: Firebase: reference/fcm/rest/v1/projects.messages, …/projects.messages/send;
firebase-admin-python:firebase_admin/messaging.py (headers). What stands in the body is made in ``message``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.core.wire import Request
from pushctl.core.writing import header_pairs
from pushctl.vendors.fcm import message as messages

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs, Text

TARGETS = ("token", "fid", "topic", "condition")
"""The target kinds; each is a key of the message object."""


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One job per push: FCM's batch endpoint is shut down. Raises ``UsageError`` for a target kind that FCM has not."""
    for message, target in pushes:
        if target.kind not in TARGETS:
            raise UsageError(
                f"FCM cannot push to a {target.kind}: it knows tokens, installation ids, topics and conditions.",
                "Use --token, --fid, --topic or --condition.",
                rule="target-kind",
            )
        yield Job("send", message, (target,))


def request(account: Account, job: Job, grant: Grant | None, env: Env) -> Request:
    """The request of one push. Raises ``UsageError`` for a message that cannot be written down at all."""
    message, (target,) = job.message, job.targets
    authorization = grant.value.within("Bearer ") if grant else None
    body = messages.build(message, target, env.now)
    return Request(
        call=job.call,
        method="POST",
        url=account.hosts["push"] + path(account.app),
        headers=build_headers(account.app, message, authorization),
        json=None if isinstance(body, bytes) else body,
        raw=body if isinstance(body, bytes) else None,
    )


def path(app: Mapping[str, str]) -> str:
    """``/v1/projects/<project id>/messages:send``. The colon of an old ``example.com:project`` stays as it is.

    Raises ``UsageError`` when the profile names no project.
    """
    project = app.get("project_id")
    if not project:
        raise UsageError(
            "The Firebase project of this push is not known: the profile has no project_id.",
            "Add project_id to the profile's [app] table; the Firebase console shows it under Project settings.",
            rule="project-missing",
            where="app.project_id",
        )
    return f"/v1/projects/{quote(project, safe=':')}/messages:send"


def build_headers(app: Mapping[str, str], message: Message, authorization: Text | None) -> Pairs:
    """Every header in the order it is sent. ``--header`` replaces in place, or adds at the end.

    Without ``X-GOOG-API-FORMAT-VERSION: 2`` errors come in an older form that has no ``details``. User credentials need
    a project to charge the quota to. Raises ``UsageError`` for a header that HTTP cannot carry.
    """
    made: list[tuple[str, Text | None]] = [
        ("Authorization", authorization),
        ("Content-Type", "application/json"),
        ("X-GOOG-API-FORMAT-VERSION", "2"),
        ("x-goog-user-project", app.get("quota_project_id")),
    ]
    return header_pairs([(name, value or None) for name, value in made], message.headers)


def named(message: Message) -> tuple[Target, ...]:
    """The target that a raw body names itself, or (). Of several the first; lint says that FCM refuses it."""
    from pushctl.core.message import Target

    if message.raw is None:
        return ()
    inner = messages.inside(messages.document_of(message.raw))
    found = ((kind, inner.get(kind)) for kind in TARGETS)
    return tuple(Target(kind, value) for kind, value in found if isinstance(value, str) and value)[:1]
