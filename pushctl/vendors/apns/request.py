"""From an intent to the exact request.

Sources: Apple's usernotifications/sending-notification-requests-to-apns, …/generating-a-remote-notification,
…/sending-broadcast-push-notification-requests-to-apns; parse-community/node-apn:lib/client.js.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pushctl.core.assign import assigned
from pushctl.core.errors import UsageError
from pushctl.core.payloads import parsed
from pushctl.core.secret import Pairs, Text, shown
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.core.wire import Request
from pushctl.core.writing import check_json, filled, header_pairs, refuse_changes_to_raw
from pushctl.vendors.apns.push_types import PushType, push_types

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target

CALLS: Mapping[str, str] = {"token": "send", "channel": "broadcast"}
"""Target kind to interface."""


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One job per push: APNs has no batches. Raises ``UsageError`` for a target kind that APNs has not."""
    for message, target in pushes:
        if target.kind not in CALLS:
            raise UsageError(
                f"APNs cannot push to a {target.kind}: it knows device tokens and broadcast channels.",
                "Use --token or --channel-id; the app that a token belongs to is said by --header apns-topic=BUNDLE_ID."
                if target.kind == "topic"
                else "Use --token or --channel-id.",
                rule="target-kind",
            )
        yield Job(CALLS[target.kind], message, (target,))


def request(account: Account, job: Job, grant: Grant | None, env: Env) -> Request:
    """The request of one push. Raises ``UsageError`` for a message that cannot be written down at all."""
    message, (target,) = job.message, job.targets
    refuse_changes_to_raw(message)
    kind = push_type_of(message, target)
    topic = topic_for(account.app, kind)
    if topic is None and (target.kind == "channel" or not _has_header(message, "apns-topic")):
        raise UsageError(
            "The topic of this push is not known: the profile has no bundle_id.",
            "Add bundle_id to the profile's [app] table, or say --header apns-topic=BUNDLE_ID.",
            rule="topic-missing",
            where="apns-topic",
        )
    message_id = new_uuid(env)
    authorization = grant.value.within("bearer ") if grant else None
    headers = build_headers(message, target, kind, topic, env.now, message_id, authorization)
    chosen = "apns-request-id" if target.kind == "channel" else "apns-id"
    return Request(
        call=job.call,
        method="POST",
        url=account.hosts["push"] + path(account.app, target),
        headers=headers,
        json=None if message.raw is not None else build_body(message, kind, env.now),
        raw=message.raw,
        message_id=next((shown(value) for name, value in headers if name == chosen), None),
    )


def path(app: Mapping[str, str], target: Target) -> str:
    """``/3/device/<token>``, or ``/4/broadcasts/apps/<bundle id>``, percent-encoded where a token is no hex string."""
    if target.kind == "channel":
        return f"/4/broadcasts/apps/{quote(app.get('bundle_id', ''), safe='')}"
    return "/3/device/" + quote(target.value.encode("utf-8", "surrogatepass"), safe="")


# --- push type and topic ---------------------------------------------------------------------------------------------


def push_type_of(message: Message, target: Target | None = None) -> str:
    """The push type: as said by ``--header`` or ``--push-type``, else ``liveactivity`` for a channel and ``background``
    for a silent push, else what the contents of the body speak for (:func:`derived_push_type`)."""
    said = next((shown(value) for name, value in message.headers if name.casefold() == "apns-push-type"), None)
    said = said or message.options.get("apns", {}).get("push_type")
    if said:
        return str(said)
    if target is not None and target.kind == "channel":
        return "liveactivity"
    if message.silent:
        return "background"
    if message.raw is not None:
        return derived_push_type(parsed(message.raw))
    return derived_push_type(assigned(_body(message, push_types()["alert"]), message.assignments))


def derived_push_type(payload: object) -> str:
    """The push type that a body's contents speak for; ``alert`` when they speak for none.

    Apple: "the value must accurately reflect the contents of the payload". ``widgets`` and ``controls`` have the same
    body; ``voip``, ``complication`` and ``location`` cannot be told from contents and must be said.
    """
    if not isinstance(payload, Mapping):
        return "alert"
    aps = payload.get("aps")
    if not isinstance(aps, Mapping):
        return "mdm" if "mdm" in payload else "fileprovider" if "container-identifier" in payload else "alert"
    if not aps.keys().isdisjoint(("event", "content-state", "attributes-type")):
        return "liveactivity"
    if "ptt-push-type" in aps:
        return "pushtotalk"
    if "content-changed" in aps:
        return "widgets"
    return "background" if set(aps) == {"content-available"} else "alert"


def topic_for(app: Mapping[str, str], push_type: str) -> str | None:
    """The topic: bundle id and the push type's suffix, which is not doubled. MDM has a topic of its own
    (``app.mdm_topic``). None when the profile names no bundle id."""
    bundle_id = app.get("bundle_id")
    if push_type == "mdm":
        return app.get("mdm_topic") or bundle_id
    if not bundle_id:
        return None
    known = push_types().get(push_type)
    suffix = known.suffix if known else ""
    return bundle_id if bundle_id.endswith(suffix) else bundle_id + suffix


# --- headers ---------------------------------------------------------------------------------------------------------


def build_headers(
    message: Message,
    target: Target,
    push_type: str,
    topic: str | None,
    now: float,
    message_id: str,
    authorization: Text | None,
) -> Pairs:
    """Every header in the order it is sent, names in lower case as HTTP/2 wants them.

    :param now: Unix seconds, for ``apns-expiration``.
    :raises UsageError: for a header that HTTP cannot carry.
    """
    channel = target.kind == "channel"
    made: list[tuple[str, Text | None]] = [
        ("authorization", authorization),
        ("apns-channel-id", target.value) if channel else ("apns-topic", topic),
        ("apns-push-type", push_type),
        ("apns-priority", _priority(message, push_type)),
        ("apns-expiration", _expiration(message, now, channel=channel)),
        ("apns-collapse-id", None if channel else message.collapse),
        ("apns-request-id" if channel else "apns-id", message_id),
    ]
    return header_pairs(made, tuple((name.lower(), value) for name, value in message.headers))


def _priority(message: Message, push_type: str) -> str | None:
    if message.priority:
        return "10" if message.priority == "high" else "5"
    known = push_types().get(push_type)
    default = known.default_priority if known else 10
    return None if default is None else str(default)


def _expiration(message: Message, now: float, *, channel: bool) -> str | None:
    """Absolute Unix seconds. A broadcast must name one, and 0 is what a channel without storage insists on."""
    if message.ttl is None:
        return "0" if channel else None
    return str(int(now) + message.ttl) if message.ttl else "0"


def _has_header(message: Message, name: str) -> bool:
    return any(given.casefold() == name for given, _ in message.headers)


def new_uuid(env: Env) -> str:
    """A canonical lower-case UUID, which is what ``apns-id`` and ``apns-request-id`` take."""
    from uuid import UUID

    return str(UUID(bytes=env.nonce(16), version=4))


# --- body ------------------------------------------------------------------------------------------------------------


def build_body(message: Message, push_type: str, now: float) -> dict[str, Any]:
    """The JSON body of a message that is not raw: fields, custom data beside ``aps``, then ``--set``.

    :param now: Unix seconds, for the ``timestamp`` that every Live Activity push needs.
    :raises UsageError: for ``--set`` on something that is no object, and for what JSON cannot hold.
    """
    known = push_types().get(push_type) or push_types()["alert"]
    body = assigned(_body(message, known), message.assignments)
    aps = body.get("aps")
    if push_type == "liveactivity" and isinstance(aps, Mapping) and "timestamp" not in aps:
        body["aps"] = {"timestamp": int(now), **aps}
    check_json(body)
    return body


def _body(message: Message, push_type: PushType) -> dict[str, Any]:
    """The body before ``--set``. A Live Activity's sound sits inside its alert."""
    if "aps" in message.data:
        raise UsageError(
            "Custom data cannot be called 'aps': that is Apple's own key.",
            "Use --set aps.KEY=VALUE for Apple's keys, and another name for your own.",
            rule="data-named-aps",
            where="--data aps",
        )
    live = push_type.id == "liveactivity"
    words = {"title": message.title, "subtitle": message.subtitle, "body": message.body}
    alert = filled({**words, "sound": message.sound} if live else words)
    visible = filled(
        {
            "alert": alert or None,
            "badge": message.badge,
            "sound": None if live else message.sound,
            "category": message.category,
        }
    )
    aps = {**(push_type.aps or {}), **visible}
    return {**({} if push_type.aps is None and not aps else {"aps": aps}), **message.data}
