"""From an intent to the exact request.

Sources: xie.infoq.cn/article/575b0e405029cfdd8652288fa (headers, the vendor's sample) and the field texts that
zandala88/honor-push:model.go keeps. The body is camelCase throughout, without the ``message`` that Huawei wraps it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned
from pushctl.core.batches import batches
from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.payloads import parsed
from pushctl.core.wire import Request
from pushctl.core.writing import check_json, filled, header_pairs, json_text, own_options, refuse_changes_to_raw
from pushctl.vendors._huawei.clicks import click_action

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env, Grant, Job

MOST_TOKENS = 1000
"""Tokens in one request."""
CONTENT_TYPE = "application/json; charset=UTF-8"
OPTIONS: Mapping[str, str] = {
    "target_user_type": "0 a normal message, 1 a test message: 1000 a day for an app, outside the marketing quota",
    "bi_tag": "a text that receipts carry back",
}
_IMPORTANCE_OF_CLASS = {"im": "NORMAL", "service": "NORMAL", "marketing": "LOW"}


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One request for up to 1000 tokens of the same message.

    A raw body that names its own tokens is one request, however many they are. Raises ``UsageError`` for a target kind
    that Honor has not.
    """
    return batches(map(_checked, pushes), lambda message: max(MOST_TOKENS, len(named(message))))


def _checked(push: tuple[Message, Target]) -> tuple[Message, Target]:
    if push[1].kind != "token":
        raise UsageError(
            f"Honor Push cannot push to a {push[1].kind}: it knows tokens only.",
            "Use --token, for each of the devices.",
            rule="target-kind",
        )
    return push


def named(message: Message) -> tuple[Target, ...]:
    """The tokens that a raw body names itself; () for one that names none."""
    body = parsed(message.raw) if message.raw is not None else None
    tokens = body.get("token") if isinstance(body, dict) else None
    listed = [tokens] if isinstance(tokens, str) else tokens if isinstance(tokens, list) else []
    return tuple(Target("token", token) for token in listed if isinstance(token, str))


def request(account: Account, job: Job, grant: Grant | None, env: Env) -> Request:
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all."""
    message = job.message
    refuse_changes_to_raw(message)
    body = build_body(message, job.targets, account.app)
    return Request(
        call=job.call,
        method="POST",
        url=f"{account.hosts['push']}/api/v1/{account.app['app_id']}/sendMessage",
        headers=build_headers(message, grant, env.now),
        json=None if isinstance(body, bytes) else body,
        raw=body if isinstance(body, bytes) else None,
    )


def build_headers(message: Message, grant: Grant | None, now: float) -> Pairs:
    """Every header in the order it is sent.

    :param now: Unix seconds; the header ``timestamp`` has milliseconds, as the vendor's sample (two clients send
        seconds and one nothing, so whether it is looked at is not known).
    """
    authorization = grant.value.within("Bearer ") if grant else None
    made = (
        ("Content-Type", CONTENT_TYPE),
        ("Authorization", authorization),
        ("timestamp", str(int(now * 1000))),
    )
    return header_pairs(made, message.headers)


# --- body ------------------------------------------------------------------------------------------------------------


def build_body(message: Message, targets: tuple[Target, ...], app: Mapping[str, str]) -> dict[str, Any] | bytes:
    """The whole body; bytes for a raw one that goes out as it stands.

    :param targets: () leaves the tokens out (lint).
    :raises UsageError: for ``--set`` on something that is no object, for what JSON cannot hold, and for a raw body
        that the tokens cannot be written into.
    """
    if message.raw is not None:
        return _raw_body(message, targets)
    body = {**assigned(_body(message, app), message.assignments), **_aim(targets)}
    check_json(body)
    return body


def _raw_body(message: Message, targets: tuple[Target, ...]) -> dict[str, Any] | bytes:
    raw = message.raw or b""
    if not targets or named(message):
        return raw
    body = parsed(raw)
    if not isinstance(body, dict):
        raise UsageError(
            "The payload is no JSON object, so the token cannot be written into it.",
            'Honor\'s body is {"android": {"notification": …}, "token": […]}.',
            rule="payload-not-object",
            where="--payload",
        )
    body = {**body, **_aim(targets)}
    check_json(body)
    return body


def _aim(targets: tuple[Target, ...]) -> dict[str, Any]:
    return {"token": [target.value for target in targets]} if targets else {}


def _body(message: Message, app: Mapping[str, str]) -> dict[str, Any]:
    """The body before ``--set`` and without its tokens. A data message has no notification object anywhere: any at all
    makes it a notification."""
    android = {**_android(message), **({} if message.silent else {"notification": _notification(message, app)})}
    data = json_text(message.data) if message.data or message.silent else None
    return filled({"data": data, "android": android or None})


def _android(message: Message) -> dict[str, Any]:
    options = own_options(message, "honor", OPTIONS)
    return filled(
        {
            "ttl": None if message.ttl is None else f"{message.ttl}s",
            "biTag": options.get("bi_tag"),
            "targetUserType": options.get("target_user_type"),
        }
    )


def _notification(message: Message, app: Mapping[str, str]) -> dict[str, Any]:
    badge = None if message.badge is None else filled({"badgeClass": app.get("badge_class"), "setNum": message.badge})
    return filled(
        {
            "title": message.title,
            "body": message.body,
            "image": message.image,
            "clickAction": click_action(message.click, app),
            "importance": _IMPORTANCE_OF_CLASS.get(message.klass or ""),
            "badge": badge,
            "tag": message.collapse,
        }
    )
