"""The body of a push: ``{"message": {…}}``, and ``"validate_only": true`` beside it.

One message carries the words for all three platforms, since a token does not tell which one it belongs to. A flag that
was given is therefore said to each platform that knows it; what was not said is left out, but for the priority:
Firebase's own pages disagree about its default.

Sources: Firebase: reference/fcm/rest/v1/projects.messages, cloud-messaging/customize-messages/setting-message-priority,
Apple: usernotifications/pushing-background-updates-to-your-app; RFC 8030 (TTL, Urgency).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned, merged
from pushctl.core.errors import UsageError
from pushctl.core.payloads import read_json
from pushctl.core.writing import check_json, refuse_changes_to_raw

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target

Body = dict[str, Any]

LEGACY_KEYS = frozenset(
    {"to", "registration_ids", "registration_id", "time_to_live", "content_available", "mutable_content", "dry_run"}
)
"""Fields of the API that was shut down in July 2024 (Firebase: cloud-messaging/migrate-v1)."""


def build(message: Message, target: Target, now: float) -> Body | bytes:
    """The request's body: bytes where the user's own go out untouched, else an object.

    :param now: Unix seconds, for ``apns-expiration``.
    :raises UsageError: for a message that cannot be written down, and for a raw body that is none of FCM's.
    """
    if message.raw is not None:
        return _completed(message, target)
    body: Body = {"message": message_object(message, target, now)}
    if message.validate_only:
        body["validate_only"] = True
    check_json(body)
    return body


def message_object(message: Message, target: Target | None, now: float) -> Body:
    """The message object of a message that is not raw: fields, the ``[fcm]`` table, then ``--set``.

    Raises ``UsageError`` for ``--set`` on something that is no object, and where table or ``--set`` name another target
    than the one whose verdict the answer will be.
    """
    made: Body = {target.kind: target.value} if target else {}
    made |= _pruned(
        {
            "notification": _notification(message),
            "data": dict(message.data) or None,
            "android": _android(message),
            "apns": _apns(message, now),
            "webpush": _webpush(message),
        }
    )
    whole = assigned(merged(made, _options(message)), message.assignments)
    if target and whole.get(target.kind) != target.value:
        raise UsageError(
            f"The message names a {target.kind} itself, by --set or in [fcm], and the push goes to another one.",
            f"Take it out, and name it with --{target.kind}.",
            rule="target-twice",
            where=target.kind,
        )
    return _with_priority(whole)


def is_visible(message: Message) -> bool:
    """Whether the flags ask for something that is shown."""
    said = (message.title, message.subtitle, message.body, message.image)
    return not message.silent and any(value is not None for value in said)


def link_of(message: Message) -> str | None:
    """The address of ``--click url:ADDRESS``, or None."""
    kind, _, value = (message.click or "").partition(":")
    return value if kind == "url" and value else None


def _with_priority(made: Body) -> Body:
    """With ``android.priority`` said where something is shown: high, since the reference says that this is the default
    and the newer guide says NORMAL. A data message that names none is left to lint."""
    android = made.get("android", {})
    if "notification" not in made or "android_v2" in made or not isinstance(android, Mapping) or "priority" in android:
        return made
    return {**made, "android": {"priority": "high", **android}}


# --- the parts -------------------------------------------------------------------------------------------------------


def _notification(message: Message) -> Body:
    return {"title": message.title, "body": message.body, "image": message.image}


def _android(message: Message) -> Body:
    """What Android gets. ``--collapse`` replaces what still waits (collapse_key) and what is already shown (tag)."""
    kind, _, name = (message.click or "").partition(":")
    shown = {
        "sound": message.sound,
        "channel_id": message.channel,
        "tag": message.collapse if is_visible(message) else None,
        "notification_count": message.badge or None,  # 0 would mean "one more"
        "click_action": name or None if kind == "activity" else None,
    }
    return {
        "priority": message.priority or ("normal" if message.silent else None),
        "ttl": None if message.ttl is None else f"{message.ttl}s",
        "collapse_key": message.collapse,
        "notification": None if message.silent else shown,
    }


def _apns(message: Message, now: float) -> Body:
    """What an iPhone gets. A silent push is the background block: priority 5, push type background, content-available
    and nothing to see; another priority is refused."""
    if message.silent:
        headers: dict[str, str | None] = {"apns-priority": "5", "apns-push-type": "background"}
        aps: Body = {"content-available": 1}
    else:
        marks = (message.subtitle, message.badge, message.sound)
        seen = is_visible(message) or any(value is not None for value in marks)  # data alone may not have priority 10
        headers = {"apns-priority": _APNS_PRIORITY.get(message.priority or "") if seen else None}
        aps = {
            "alert": _alert(message),
            "badge": message.badge,
            "sound": message.sound,
            "category": message.category,
        }
    expiration = None if message.ttl is None else str(int(now) + message.ttl) if message.ttl else "0"
    headers |= {"apns-expiration": expiration, "apns-collapse-id": message.collapse}
    return {"headers": headers, "payload": {"aps": aps}}


_APNS_PRIORITY = {"high": "10", "normal": "5"}


def _alert(message: Message) -> Body | None:
    """An alert of its own only for a subtitle, which FCM's notification has not; it then replaces title and body, so
    they stand in it once more."""
    if message.subtitle is None:
        return None
    return {"title": message.title, "subtitle": message.subtitle, "body": message.body}


def _webpush(message: Message) -> Body:
    return {
        "headers": {
            "TTL": None if message.ttl is None else str(message.ttl),
            "Urgency": message.priority,
        },
        "fcm_options": {"link": link_of(message)},
    }


def _options(message: Message) -> Body:
    """The ``[fcm]`` table of a message file: ``analytics_label``, and any field of the message object."""
    options = dict(message.options.get("fcm", {}))
    label = options.pop("analytics_label", None)
    return options if label is None else merged(options, {"fcm_options": {"analytics_label": label}})


def _pruned(value: Mapping[str, Any]) -> Body:
    """Without what was not said: None, and objects that have nothing else in them."""
    result: Body = {}
    for key, item in value.items():
        kept = _pruned(item) if isinstance(item, dict) and key != "data" else item
        if kept is not None and kept != {}:
            result[key] = kept
    return result


# --- raw bodies ------------------------------------------------------------------------------------------------------


def document_of(raw: bytes) -> Any:
    """A raw body read as JSON, or None where it is none."""
    try:
        return read_json(raw)
    except (ValueError, RecursionError):
        return None


def inside(document: object) -> Mapping[str, Any]:
    """The message object of a whole body, empty where there is none."""
    inner = document.get("message") if isinstance(document, dict) else None
    return inner if isinstance(inner, dict) else {}


def _completed(message: Message, target: Target) -> Body | bytes:
    """A raw body with its target, as it is; one without gets it. ``--validate-only`` is written into either, since a
    check must never deliver."""
    raw = message.raw or b""
    refuse_changes_to_raw(message)
    document = document_of(raw)
    refuse_foreign_body(document)
    if not isinstance(document, dict):
        return raw  # lint says what is wrong with it
    body, inner = dict(document), inside(document)
    if not any(inner.get(kind) for kind in ("token", "fid", "topic", "condition")):
        body["message"] = {target.kind: target.value, **{k: v for k, v in inner.items() if k != target.kind}}
    if message.validate_only:
        body.pop("validateOnly", None)
        body["validate_only"] = True
    if body == document:
        return raw
    check_json(body)
    return body


def refuse_foreign_body(document: object) -> None:
    """Raises ``UsageError`` for a body that has no message object: of the retired API, the message object without its
    wrapper, or something else."""
    if not isinstance(document, dict) or isinstance(document.get("message"), dict):
        return
    from pushctl.vendors.fcm.judge import RULES  # a right body has no need of it

    old = ", ".join(f'"{key}"' for key in sorted(LEGACY_KEYS & document.keys()))
    if old:
        finding = RULES["legacy-body"].finding("payload", keys=old)
    elif "message" in document:
        kinds = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
        found = kinds.get(type(document["message"]), "a number")
        finding = RULES["message-not-object"].finding("message", found=found)
    else:
        finding = RULES["message-missing"].finding("payload")
    raise UsageError(finding.text, finding.fix, rule=finding.rule, where=finding.where)
