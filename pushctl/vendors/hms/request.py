"""From an intent to the exact request.

Sources: HMSCore-References/https-send-api-0000001050986197 (every field); what the official samples add by themselves
(``foreground_show: false`` in the Python one) is not copied: what nobody said is left out.
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
from pushctl.vendors._huawei.bodies import collapse_key
from pushctl.vendors._huawei.clicks import click_action

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Grant, Job

KINDS = ("token", "topic", "condition")
MOST_TOKENS = 1000
"""Tokens in one request; 0 and more than this are answered 80300010."""
CONTENT_TYPE = "application/json;charset=utf-8"
OPTIONS: Mapping[str, str] = {
    "target_user_type": "0 a normal message, 1 a test message: 500 a day for an app, outside the marketing quota",
    "bi_tag": "a text that receipts carry back",
    "receipt_id": "which receipt configuration is used",
    "fast_app_target": "quick apps: 1 the version in development, 2 the published one",
    "review": "results of a third-party content audit, an array of objects",
}
_COLLAPSE = "Use 1 to 100 for a group, 0 to keep the newest message only, -1 to keep all."
_CATEGORY_OF_CLASS = {"im": "IM", "marketing": "MARKETING"}
"""There is no category that means every service message, so ``--class service`` alone sets none; lint says so."""


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One request for up to 1000 tokens of the same message, one for each topic or condition.

    A raw body that names its own tokens is one request, however many they are. Raises ``UsageError`` for a target kind
    that Huawei has not.
    """
    return batches(
        map(_checked, pushes),
        lambda message: max(MOST_TOKENS, len(named(message))),
        alone=lambda target: target.kind != "token",
    )


def _checked(push: tuple[Message, Target]) -> tuple[Message, Target]:
    if push[1].kind not in KINDS:
        raise UsageError(
            f"Huawei Push Kit cannot push to a {push[1].kind}: it knows tokens, topics and conditions.",
            "Use --token, --topic or --condition.",
            rule="target-kind",
        )
    return push


def named(message: Message) -> tuple[Target, ...]:
    """The targets that a raw body names itself; () for one that names none."""
    body = parsed(message.raw) if message.raw is not None else None
    inner = body.get("message") if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        return ()
    tokens = inner.get("token")
    listed = [tokens] if isinstance(tokens, str) else tokens if isinstance(tokens, list) else []
    found = [Target("token", token) for token in listed if isinstance(token, str)]
    for kind in ("topic", "condition"):
        if isinstance(inner.get(kind), str) and not found:
            found.append(Target(kind, inner[kind]))
    return tuple(found)


def request(account: Account, job: Job, grant: Grant | None) -> Request:
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all."""
    message = job.message
    refuse_changes_to_raw(message)
    body = build_body(message, job.targets, account.app)
    return Request(
        call=job.call,
        method="POST",
        url=account.hosts["push"] + path(account.app),
        headers=build_headers(message, grant),
        json=None if isinstance(body, bytes) else body,
        raw=body if isinstance(body, bytes) else None,
    )


def path(app: Mapping[str, str]) -> str:
    """``/v1/<app id>/messages:send``, or ``/v2/<project id>/messages:send``."""
    if (app.get("api") or ("v1" if app.get("app_id") else "v2")) == "v2":
        return f"/v2/{app.get('project_id', '')}/messages:send"
    return f"/v1/{app.get('app_id', '')}/messages:send"


def build_headers(message: Message | None, grant: Grant | None) -> Pairs:
    """Every header in the order it is sent."""
    authorization = grant.value.within("Bearer ") if grant else None
    made = (("Content-Type", CONTENT_TYPE), ("Authorization", authorization))
    return header_pairs(made, message.headers if message else ())


# --- body ------------------------------------------------------------------------------------------------------------


def build_body(message: Message, targets: tuple[Target, ...], app: Mapping[str, str]) -> dict[str, Any] | bytes:
    """The whole body; bytes for a raw one that goes out as it stands.

    :param targets: () leaves the target out (lint).
    :raises UsageError: for ``--set`` on something that is no object, for what JSON cannot hold, and for a raw body
        without a message object to write the target into.
    """
    if message.raw is not None:
        return _raw_body(message, targets)
    inner = {**assigned(_message(message, app), message.assignments), **_aim(targets)}
    body: dict[str, Any] = {"validate_only": message.validate_only, "message": inner}
    if (review := own_options(message, "hms", OPTIONS).get("review")) is not None:
        body["review"] = review
    check_json(body)
    return body


def _raw_body(message: Message, targets: tuple[Target, ...]) -> dict[str, Any] | bytes:
    raw = message.raw or b""
    body = parsed(raw)
    inner = body.get("message") if isinstance(body, dict) else None
    aims = bool(named(message))
    checks = message.validate_only and isinstance(body, dict) and body.get("validate_only") is not True
    if (aims or not targets) and not checks:
        return raw
    if not isinstance(body, dict) or not isinstance(inner, dict):
        raise UsageError(
            "The payload has no message object, so the target cannot be written into it.",
            'Huawei\'s body is {"message": {"notification": …, "android": …}}.',
            rule="message-missing",
            where="--payload",
        )
    if not aims:
        body["message"] = {**inner, **_aim(targets)}
    body = {**body, **({"validate_only": True} if checks else {})}
    check_json(body)
    return body


def _aim(targets: tuple[Target, ...]) -> dict[str, Any]:
    if not targets:
        return {}
    if targets[0].kind == "token":
        return {"token": [target.value for target in targets]}
    return {targets[0].kind: targets[0].value}


def _message(message: Message, app: Mapping[str, str]) -> dict[str, Any]:
    """The message object before ``--set`` and without its target. A data message has no notification object anywhere:
    any at all makes it a notification."""
    data = json_text(message.data) if message.data or message.silent else None
    words = filled({"title": message.title, "body": message.body, "image": message.image})
    shown = None if message.silent or _is_for_a_proxy(message) else _notification(message, app)
    android = filled({**_android(message), "notification": shown})
    made = {"data": data, "notification": None if message.silent else words or None, "android": android or None}
    return filled(made)


def _is_for_a_proxy(message: Message) -> bool:
    """Whether only ``--set`` says something, and it to the proxy for iPhones or browsers: then no block for Android
    stands beside it."""
    said = (message.title, message.body, message.image, message.badge, message.sound, message.channel, message.click)
    set_here = {assignment.path.partition(".")[0] for assignment in message.assignments}
    return bool(set_here & {"apns", "webpush"}) and "android" not in set_here and all(one is None for one in said)


def _android(message: Message) -> dict[str, Any]:
    options = own_options(message, "hms", OPTIONS)
    return filled(
        {
            "collapse_key": collapse_key(message.collapse, "collapse key", _COLLAPSE),
            "urgency": message.priority.upper() if message.priority and message.silent else None,
            "category": _category(message),
            "ttl": None if message.ttl is None else f"{message.ttl}s",
            **{name: options.get(name) for name in ("bi_tag", "receipt_id", "fast_app_target", "target_user_type")},
        }
    )


def _notification(message: Message, app: Mapping[str, str]) -> dict[str, Any]:
    sound = message.sound
    badge = None if message.badge is None else filled({"class": app.get("badge_class"), "set_num": message.badge})
    return filled(
        {
            "sound": None if sound == "default" else sound,
            "default_sound": None if sound is None else sound == "default",
            "click_action": click_action(message.click, app),
            "channel_id": message.channel,
            "badge": badge,
        }
    )


def _category(message: Message) -> str | None:
    """As said, in Huawei's capitals; else what the class stands for."""
    if message.category is not None:
        return message.category.upper()
    return _CATEGORY_OF_CLASS.get(message.klass or "")
