"""From an intent to OPPO's notification object, and to the ``message`` around it.

Fields: open.oppomobile.com, document 11236, as modood/pushapi:oppopush/message.go keeps its texts; snake_case as there
and in the official SDK. What nobody said is left out, ``off_line`` above all: it is true by default, and a client that
sends false always loses every message to a phone that is not online.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned
from pushctl.core.clicks import class_of, click_of
from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.payloads import parsed
from pushctl.core.writing import check_json, filled, json_text, own_options
from pushctl.vendors.oppo.hosts import REGIONS

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.core.vendor import Env

TARGET_TYPES: Mapping[str, int] = {"token": 2, "alias": 5}
"""What ``target_type`` says of a target."""
_KIND_OF_TYPE: Mapping[str, str] = {str(number): kind for kind, number in TARGET_TYPES.items()}

_IN_NOTIFICATION: Mapping[str, str] = {
    "app_message_id": "OPPO sends the same to a target once: a lost push's own repeats it safely; made up if unsaid",
    "style": "1 standard, 2 long text, 3 big picture (needs broadcast), 4 middle picture (paid)",
    "big_picture_id": "a picture that was uploaded, for style 3",
    "small_picture_id": "an icon that was uploaded",
    "small_picture_url": "an icon's address (paid)",
    "medium_picture_url": "a picture's address, for style 4 (paid); --image sets it",
    "big_picture_url": "a picture's address, for style 3 (paid); --image sets it in a broadcast",
    "show_time_type": "0 at once, 1 between show_start_time and show_end_time",
    "show_start_time": "milliseconds since 1970",
    "show_end_time": "milliseconds since 1970",
    "off_line": "false throws the message away where the phone is not online; true is the default",
    "network_type": "0 any network, 1 Wi-Fi only",
    "call_back_url": "where OPPO posts receipts, at most 200 characters",
    "call_back_parameter": "what receipts carry back as param, at most 100 characters",
    "show_ttl": "seconds after which a shown notification goes away",
    "notify_id": "the number by which a newer notification replaces an older one; --collapse sets it",
    "notify_level": "1 drawer, 2 drawer and lock screen, 16 also banner, sound and vibration (needs a right)",
    "private_msg_template_id": "the id of an approved template of communication and service",
    "private_title_parameters": "what fills the slots of the template's title, a table",
    "private_content_parameters": "what fills the slots of the template's content, a table",
    "badge_operation_type": "0 sets the badge to the number of --badge, 1 adds one to it",
    "time_zone": "the zone of the times, GMT+08:00 where nothing is said",
    "fix_speed": "true sends a broadcast evenly, at fix_speed_rate",
    "fix_speed_rate": "1000 to 10000 messages a second",
}
OPTIONS: Mapping[str, str] = {
    **_IN_NOTIFICATION,
    "verify_registration_id": "true lets the phone drop a message for another registration id than its own",
    "broadcast": "true saves the message and sends it to a list of targets (save_message_content, broadcast)",
    "region": "cn or intl, for targets that do not say it themselves: aliases",
}
_CATEGORY_OF_CLASS = {"im": "IM", "marketing": "MARKETING"}
"""No category means every message of service, so ``--class service`` alone sets none; lint says so."""


def options(message: Message) -> Mapping[str, Any]:
    """The message's ``[oppo]`` table. Raises ``UsageError`` for a key that is not known, or a value that decides and
    cannot."""
    told = own_options(message, "oppo", OPTIONS)
    region = told.get("region", REGIONS[0])
    if region not in REGIONS:
        raise UsageError(
            f"[oppo] region is {region!r}: it is cn or intl.",
            "Leave it out for cn; a registration id says its region itself.",
            rule="wrong-value",
            where="oppo.region",
        )
    if not isinstance(told.get("broadcast", False), bool):
        raise UsageError(
            f"[oppo] broadcast is {told['broadcast']!r}: it is true or false.",
            "Leave it out for single messages.",
            rule="wrong-value",
            where="oppo.broadcast",
        )
    return told


def is_broadcast(message: Message) -> bool:
    """Whether the message is saved first and then sent to a list. A raw body never is."""
    return message.raw is None and options(message).get("broadcast", False) is True


def named(message: Message) -> tuple[Target, ...]:
    """The target that a raw ``message`` object names itself; () for one that names none."""
    body = parsed(message.raw) if message.raw is not None else None
    value = body.get("target_value") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(value, str) or not value:
        return ()
    return (Target(_KIND_OF_TYPE.get(str(body.get("target_type")), "token"), value),)


def message_object(message: Message, app: Mapping[str, str], env: Env) -> dict[str, Any] | bytes:
    """The ``message`` of a unicast without its target; bytes for a raw one. Raises ``UsageError`` for what cannot be
    written down at all."""
    if message.raw is not None:
        return message.raw
    verify = options(message).get("verify_registration_id")
    body = filled({"notification": notification(message, app, env), "verify_registration_id": verify})
    check_json(body)
    return body


def aimed(message: Message, body: dict[str, Any] | bytes, target: Target) -> dict[str, Any] | bytes:
    """A ``message`` with its target; a raw one that names its own goes out as it stands.

    :raises UsageError: for a raw one that no target can be written into.
    """
    if isinstance(body, dict):
        return {**_aim(target), **body}
    if named(message):
        return body
    document = parsed(body)
    if not isinstance(document, dict):
        raise UsageError(
            "The payload is no JSON object, so the target cannot be written into it.",
            'OPPO\'s message is {"target_type":2,"target_value":"…","notification":{…}}.',
            rule="payload-not-object",
            where="--payload",
        )
    aim = _aim(target)
    return {**aim, **{key: value for key, value in document.items() if key not in aim}}


def _aim(target: Target) -> dict[str, Any]:
    return {"target_type": TARGET_TYPES[target.kind], "target_value": target.value}


def notification(message: Message, app: Mapping[str, str], env: Env) -> dict[str, Any]:
    """The notification object, ``--set`` included, in the order of OPPO's sample."""
    told = options(message)
    made = {
        "app_message_id": told.get("app_message_id") or f"pushctl-{env.nonce(8).hex()}",
        "title": message.title,
        "sub_title": message.subtitle,
        "content": message.body,
        **_picture(message, told),
        **click(message.click, app),
        "action_parameters": json_text(message.data) if message.data else None,
        "off_line_ttl": message.ttl,
        "channel_id": message.channel,
        "category": message.category or _CATEGORY_OF_CLASS.get(message.klass or ""),
        "notify_id": _notify_id(message.collapse),
        **_badge(message, told),
    }
    own = {key: value for key, value in told.items() if key in _IN_NOTIFICATION and key not in _BUILT}
    own |= {key: _slots(own[key]) for key in _SLOTS if key in own}
    return assigned(filled({**made, **own}), message.assignments)


_BUILT = frozenset({"app_message_id", "badge_operation_type"})
_SLOTS = ("private_title_parameters", "private_content_parameters")


def _slots(value: object) -> object:
    """A template's parameters as a JSON string, the form of a maintained client. OPPO's own document shows an object:
    ``--set`` sends one. A server was seen to read the string as JSON ("syntax error, pos 1")."""
    return json_text(value) if isinstance(value, Mapping) else value


def _picture(message: Message, told: Mapping[str, Any]) -> dict[str, Any]:
    """Where ``--image`` goes: middle pictures are style 4, big ones style 3, which exists in broadcasts alone. A style
    that was said and shows no picture has an icon at most."""
    if message.image is None:
        return {}
    style = told.get("style", 3 if told.get("broadcast") else 4)
    key = {3: "big_picture_url", 4: "medium_picture_url"}.get(style if isinstance(style, int) else 0)
    return {"style": style, key or "small_picture_url": message.image}


def _badge(message: Message, told: Mapping[str, Any]) -> dict[str, Any]:
    kind = told.get("badge_operation_type")
    if message.badge is None or kind == 1:
        return {"badge_operation_type": kind}
    return {"badge_operation_type": 0 if kind is None else kind, "badge_message_count": message.badge}


def _notify_id(collapse: str | None) -> int | None:
    """``--collapse`` as a number. Raises ``UsageError`` for anything else: what a text would be made into by one tool,
    another one would not find again."""
    if collapse is None:
        return None
    text = collapse.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 11 and 0 < int(text) < 2**31):
        raise UsageError(
            f"--collapse {collapse!r} is no number above 0 of 32 bits, and OPPO's notify_id is one.",
            "Use a number from 1 to 2147483647: a newer notification replaces the shown one of the same number.",
            rule="collapse-key",
            where="--collapse",
        )
    return int(text)


def click(text: str | None, app: Mapping[str, str]) -> dict[str, Any]:
    """What a tap does: 0 opens the app, 1 a page by its intent action, 2 a web page, 4 a page by its class, 5 an
    address of the app's own scheme, or an intent's own URI.

    :raises UsageError: for a click that is none of these, and for an activity of an unknown package.
    """
    wanted = click_of(text)
    match wanted.kind:
        case "app":
            return {"click_action_type": 0}
        case "url":
            return {"click_action_type": 2, "click_action_url": wanted.value}
        case "activity":
            return {"click_action_type": 4, "click_action_activity": class_of(wanted.value, app)}
    if "://" in wanted.value or "#Intent" in wanted.value:
        return {"click_action_type": 5, "click_action_url": wanted.value}
    return {"click_action_type": 1, "click_action_activity": wanted.value}
