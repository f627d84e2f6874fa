"""From an intent to the body: a payload of its own for each push type, and the options of the send.

Sources: harmonyos-references/push-scenariozed-api-request-param; badges alone: harmonyos-guides/push-send-badge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned
from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.payloads import parsed, table
from pushctl.core.writing import check_json, filled, json_text, own_options
from pushctl.vendors._huawei.bodies import collapse_key
from pushctl.vendors.harmony.push_types import push_types

if TYPE_CHECKING:
    from pushctl.core.message import Message

OPTIONS: Mapping[str, str] = {
    "push_type": "0 alert, 1 form, 2 extension, 6 background, 7 liveview or 10 voip, by number or name; without it the "
    "message decides",
    "test_message": "true sends a test message, as --validate-only does: 1000 a day for a project, 10 tokens a request",
    "background_mode": "push-type 6: 1 is instant-messaging mode, which needs a right; 0 is the default",
    "notify_id": "the number by which a notification can be revoked, and replaced",
    "bi_tag": "a text that receipts carry back",
    "receipt_id": "which receipt configuration is used",
}
_COLLAPSE = "Use 0 to 100 for a group of which the newest is kept, -1 to keep all."
_CATEGORY_OF_CLASS = {"im": "IM", "marketing": "MARKETING"}
DEFAULT_CATEGORY = "MARKETING"
"""What a notification is sent as when nothing is said: the one category that needs no right. There is none that means
every service message, so ``--class service`` alone does not change it; lint says so."""


def build_body(message: Message, push_type: str, targets: tuple[Target, ...]) -> dict[str, Any] | bytes:
    """The whole body; bytes for a raw one that goes out as it stands.

    :param targets: () leaves the tokens out (lint).
    :raises UsageError: for ``--set`` on something that is no object, for what JSON cannot hold, and for a raw body
        without a payload to write the tokens beside.
    """
    if message.raw is not None:
        return _raw_body(message, targets)
    options = _push_options(message)
    body: dict[str, Any] = {"payload": _payload(message, push_type), **({"pushOptions": options} if options else {})}
    body = _aimed(assigned(body, message.assignments), targets)
    check_json(body)
    return body


def _raw_body(message: Message, targets: tuple[Target, ...]) -> dict[str, Any] | bytes:
    raw = message.raw or b""
    body = parsed(raw)
    options = table(body, "pushOptions")
    aims = bool(named(message))
    tests = message.validate_only and options.get("testMessage") is not True
    if (aims or not targets) and not tests:
        return raw
    if not isinstance(body, dict) or "payload" not in body:
        raise UsageError(
            "The payload has no payload object, so the target cannot be written beside it.",
            'Huawei\'s body is {"payload": {…}, "pushOptions": {…}}; the tokens are added.',
            rule="payload-missing",
            where="--payload",
        )
    check_json(body)
    if tests:
        body = {**body, "pushOptions": {**options, "testMessage": True}}
    return body if aims else _aimed(body, targets)


def _aimed(body: Mapping[str, Any], targets: tuple[Target, ...]) -> dict[str, Any]:
    """The body with its tokens, which stand right behind the payload."""
    rest = {key: value for key, value in body.items() if key != "payload"}
    if targets:
        rest["target"] = {**table(body, "target"), "token": [target.value for target in targets]}
        rest = {"target": rest.pop("target"), **rest}
    return {"payload": body["payload"], **rest} if "payload" in body else rest


def _payload(message: Message, push_type: str) -> dict[str, Any]:
    """The payload before ``--set``."""
    kind = push_types().get(push_type)
    shape = kind.shape if kind else "notification"
    if shape == "extra":  # extraData is required: {} where there are no data
        return {"extraData": json_text(message.data)}
    if shape == "extension":
        return {"notification": _notification(message, "PLAY_VOICE", None), "extraData": json_text(message.data)}
    if shape == "form":
        return {"formData": dict(message.data)} if message.data else {}
    if shape in ("live", "free"):
        return {}
    if _is_badge_alone(message):
        return {"notification": {"badge": {"setNum": message.badge}}}
    return {"notification": _notification(message, DEFAULT_CATEGORY, message.data)}


def _notification(message: Message, category: str, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """:param data: what the app gets when the notification is tapped."""
    return filled(
        {
            "category": category_of(message, category),
            "title": message.title,
            "body": message.body,
            "clickAction": {
                **click_action("app" if message.click is None else message.click),
                **({"data": dict(data)} if data else {}),
            },
            "image": message.image,
            "notifyId": own_options(message, "harmony", OPTIONS).get("notify_id"),
            "badge": {"setNum": message.badge} if message.badge is not None else None,
            # A file of the app; without one the system's own sound is played.
            "sound": None if message.sound == "default" else message.sound,
        }
    )


def category_of(message: Message, default: str) -> str:
    """As said, in Huawei's capitals; else what the class stands for; else the default."""
    if message.category is not None:
        return message.category.upper()
    return _CATEGORY_OF_CLASS.get(message.klass or "", default)


def _is_badge_alone(message: Message) -> bool:
    """Whether nothing but a badge is said: that is a message of its own, without category, title and body."""
    others = (message.title, message.body, message.image, message.sound, message.category, message.klass, message.click)
    if message.badge is None or message.data or any(value is not None for value in others):
        return False
    set_here = table(table(assigned({}, message.assignments), "payload"), "notification")
    return not set_here.keys() - {"badge"}


def click_action(click: str) -> dict[str, Any]:
    """What a tap does: 0 opens the app, 1 a page of it, found by ``uri`` or ``action`` among the ``skills`` of its
    ``module.json5``. HarmonyOS opens no browser: ``url:`` is such a uri, too.

    :raises UsageError: for a click that is none of these.
    """
    kind, _, rest = click.partition(":")
    if click == "app":
        return {"actionType": 0}
    if kind in ("url", "intent") and rest:
        return {"actionType": 1, "uri": rest}
    if kind == "activity" and rest:
        return {"actionType": 1, "action": rest}
    raise UsageError(
        f"--click {click!r} is none of app, url:URL, activity:NAME and intent:URI.",
        "Write --click app, --click url:URI for a page by its uri, or --click activity:ACTION by its action.",
        rule="click",
        where="--click",
    )


def _push_options(message: Message) -> dict[str, Any]:
    options = own_options(message, "harmony", OPTIONS)
    return filled(
        {
            "testMessage": True if message.validate_only else options.get("test_message"),
            "ttl": message.ttl,
            "biTag": options.get("bi_tag"),
            "receiptId": options.get("receipt_id"),
            "collapseKey": collapse_key(message.collapse, "collapseKey", _COLLAPSE),
            "backgroundMode": options.get("background_mode"),
        }
    )


def named(message: Message) -> tuple[Target, ...]:
    """The tokens that a raw body names itself; () for one that names none."""
    target = table(parsed(message.raw), "target") if message.raw is not None else {}
    tokens = target.get("token")
    listed = [tokens] if isinstance(tokens, str) else tokens if isinstance(tokens, list) else []
    return tuple(Target("token", token) for token in listed if isinstance(token, str))
