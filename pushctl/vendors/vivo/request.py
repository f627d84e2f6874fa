"""From an intent to the exact requests.

One id goes by ``/message/send``; 2 to 1000 by ``/message/saveListPayload``, which keeps the message and gives a taskId,
and ``/message/pushToList``, which names the ids. A list of one is refused (10153), so what is left over goes by itself.

Sources: dev.vivo.com.cn document 362, whose fields modood/pushapi:vivopush/message.go keeps; the Java SDK 3.3 for the
types. ``classification`` is always sent. ``foregroundShow`` and ``sendOnline`` are left out unless they are asked for:
false and true make messages disappear, and clients that write every field of theirs send them so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned
from pushctl.core.errors import UsageError
from pushctl.core.message import Target
from pushctl.core.payloads import parsed, texts
from pushctl.core.vendor import Job
from pushctl.core.wire import Request, encode_json
from pushctl.core.writing import check_json, filled, header_pairs, own_options, refuse_changes_to_raw
from pushctl.vendors.vivo.auth import CONTENT_TYPE
from pushctl.vendors.vivo.classes import category_of, classification_of
from pushctl.vendors.vivo.clicks import click
from pushctl.vendors.vivo.hosts import LIST_PATH, SAVE_PATH, SEND_PATH

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env, Grant

MOST_TARGETS = 1000
"""Ids in one list."""
TEST = 1
_BOTH = 4  # notifyType: sound and vibration
_MOST_NOTIFY_ID = 2**31 - 1
_FIELDS = {"token": ("regId", "regIds"), "alias": ("alias", "aliases")}
OPTIONS: Mapping[str, str] = {
    "push_mode": "0 a formal message, 1 a test message: to the app's test devices only, free of quota",
    "notify_type": "1 neither, 2 sound, 3 vibration, 4 both (without it 4)",
    "network_type": "-1 any network, 1 wifi only",
    "notify_id": "1 to 2147483647: a newer notification of the same number replaces the older one (as --collapse)",
    "profile_id": "the user on the device, at most 64 characters; one device at a time",
    "foreground_show": "false: nothing is shown while the app is in front",
    "send_online": "true: only to a device that is online now, else the message is dropped",
    "callback_id": "the number that the console gave to a receipt address",
    "callback": "the receipt address itself, at most 128 characters; the older way",
    "callback_param": "a text that receipts carry back",
    "add_badge": "true: count the badge up by one; needs a right that vivo grants",
    "request_id": "an id of your own for a single push, 64 characters, against sending twice; without it one is made",
}
_EXTRA = (("callback_id", "callback.id"), ("callback", "callback"), ("callback_param", "callback.param"))


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """Neighbouring targets of the same message and kind go into one list, a leftover of one by itself.

    Lists of one message share one preparation. A raw body that names its own ids is one request. Raises ``UsageError``
    for a target kind that vivo has not.
    """
    waiting: list[Target] = []
    message: Message | None = None
    saved = 0  # a number for each message that is kept at vivo's; messages themselves have no hash
    for each, target in map(_checked, pushes):
        if message is not None and waiting and (each is not message or target.kind != waiting[0].kind):
            yield _job(message, waiting, saved)
            waiting = []
        if each is not message:
            message, saved = each, saved + 1
        waiting.append(target)
        if len(waiting) == MOST_TARGETS and len(named(each)) <= MOST_TARGETS:
            yield _job(message, waiting, saved)
            waiting = []
    if message is not None and waiting:
        yield _job(message, waiting, saved)


def _job(message: Message, targets: list[Target], saved: int) -> Job:
    if named(message):
        return Job("list" if _is_list(message) else "send", message, tuple(targets))
    if len(targets) == 1:
        return Job("send", message, tuple(targets))
    return Job("list", message, tuple(targets), preparation=saved)


def _checked(push: tuple[Message, Target]) -> tuple[Message, Target]:
    if push[1].kind not in _FIELDS:
        raise UsageError(
            f"vivo Push cannot push to a {push[1].kind} from here: it takes regIds and aliases.",
            "Use --token or --alias, for each of the devices.",
            rule="target-kind",
        )
    return push


def named(message: Message) -> tuple[Target, ...]:
    """The ids that a raw body names itself: ``regId`` or ``alias`` of a single push (regId wins), ``regIds`` or
    ``aliases`` of a list; () for one that names none."""
    body = parsed(message.raw) if message.raw is not None else None
    if not isinstance(body, dict):
        return ()
    for kind, (one, several) in _FIELDS.items():
        if isinstance(body.get(one), str) and body[one]:
            return (Target(kind, body[one]),)
        if listed := texts(body, several):
            return tuple(Target(kind, value) for value in listed)
    return ()


def _is_list(message: Message) -> bool:
    body = parsed(message.raw or b"")
    return isinstance(body, dict) and any(texts(body, several) for _, several in _FIELDS.values())


# --- requests --------------------------------------------------------------------------------------------------------


def save(account: Account, job: Job, grant: Grant | None, env: Env) -> Request:
    """The request that keeps the message of a list."""
    body = build_body(job.message, None, account.app, fresh(env))
    return _post("save", account, SAVE_PATH, job.message, grant, body)


def request(account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all.

    A list's taskId is the id to look the push up with when its answer is lost.
    """
    message = job.message
    refuse_changes_to_raw(message)
    if job.call == "send":
        body = build_body(message, job.targets[0], account.app, _request_id(message, env))
        return _post("send", account, SEND_PATH, message, grant, body)
    if named(message):
        _refuse_test_of_a_saved_message(message)
        return _post("list", account, LIST_PATH, message, grant, message.raw or b"")
    ids = [target.value for target in job.targets]
    field = _FIELDS[job.targets[0].kind][1]
    listed = {"appId": _app_id(account.app), field: ids, "taskId": prepared, "requestId": fresh(env)}
    return _post("list", account, LIST_PATH, message, grant, filled(listed), prepared)


def _refuse_test_of_a_saved_message(message: Message) -> None:
    if message.validate_only:
        raise UsageError(
            "--validate-only cannot make a test of a message that is saved at vivo's already.",
            "Save it with pushMode 1, or give the message itself as --payload and the ids as --token.",
            rule="validate-only-saved",
            where="--validate-only",
        )


def _post(
    call: str,
    account: Account,
    path: str,
    message: Message,
    grant: Grant | None,
    body: dict[str, Any] | bytes,
    message_id: str | None = None,
) -> Request:
    return Request(
        call,
        "POST",
        account.hosts["push"] + path,
        build_headers(message, grant),
        json=None if isinstance(body, bytes) else body,
        raw=body if isinstance(body, bytes) else None,
        message_id=message_id,
    )


def build_headers(message: Message | None, grant: Grant | None) -> Pairs:
    """Every header in the order it is sent. The token's is ``authToken``, not ``Authorization``."""
    made = (("Content-Type", CONTENT_TYPE), ("authToken", grant.value if grant else None))
    return header_pairs(made, message.headers if message else ())


def fresh(env: Env) -> str:
    """A ``requestId`` of our own. vivo tells repeats of a request by it; it is no id that a push is looked up with."""
    return env.nonce(16).hex()


def _request_id(message: Message, env: Env) -> str:
    return str(own_options(message, "vivo", OPTIONS).get("request_id") or fresh(env))


# --- body ------------------------------------------------------------------------------------------------------------


def build_body(
    message: Message, target: Target | None, app: Mapping[str, str], request_id: str
) -> dict[str, Any] | bytes:
    """The whole body; bytes for a raw one that goes out as it stands.

    :param target: None for the message of a list, and for lint.
    :raises UsageError: for ``--set`` on something that is no object, for what JSON cannot hold, and for a raw body that
        the id cannot be written into.
    """
    refuse_changes_to_raw(message)
    if message.raw is not None:
        return _raw_body(message, target)
    made = {"appId": _app_id(app), **_aim(target), **_body(message, app), "requestId": request_id}
    body = assigned(filled(made), message.assignments)
    if message.validate_only:  # whatever --set says: a test must not become the real thing
        body["pushMode"] = TEST
    check_json(body)
    return body


def _raw_body(message: Message, target: Target | None) -> dict[str, Any] | bytes:
    raw = message.raw or b""
    body = parsed(raw)
    aims = target is not None and not named(message)
    tests = message.validate_only and isinstance(body, dict) and body.get("pushMode") != TEST
    if not (aims or tests):
        return raw
    if not isinstance(body, dict):
        raise UsageError(
            "The payload is no JSON object, so the id cannot be written into it.",
            'vivo\'s body is {"title": …, "content": …, "notifyType": 4, "skipType": 1, …}.',
            rule="payload-not-object",
            where="--payload",
        )
    body = {**body, **(_aim(target) if aims else {}), **({"pushMode": TEST} if tests else {})}
    check_json(body)
    return body


def _aim(target: Target | None) -> dict[str, Any]:
    return {_FIELDS[target.kind][0]: target.value} if target else {}


def _app_id(app: Mapping[str, str]) -> int | None:
    text = app.get("app_id", "")
    return int(text) if text.isascii() and text.isdecimal() else None


def _body(message: Message, app: Mapping[str, str]) -> dict[str, Any]:
    options = own_options(message, "vivo", OPTIONS)
    extra = {key: str(options[name]) for name, key in _EXTRA if options.get(name) is not None}
    return {
        "notifyType": options.get("notify_type", _BOTH),
        "title": message.title,
        "content": message.body,
        "timeToLive": message.ttl,
        **click(message.click, app),
        "networkType": options.get("network_type"),
        "classification": classification_of(message),
        "category": category_of(message),
        "clientCustomMap": {key: _text(key, value) for key, value in message.data.items()} or None,
        "extra": extra or None,
        "pushMode": TEST if message.validate_only else options.get("push_mode"),
        "notifyId": _notify_id(message.collapse, options.get("notify_id")),
        "profileId": options.get("profile_id"),
        "sendOnline": options.get("send_online"),
        "foregroundShow": options.get("foreground_show"),
        "addBadge": options.get("add_badge"),
    }


def _text(key: str, value: Any) -> str:
    """A value of ``clientCustomMap``, which takes text only: text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    check_json({key: value})
    return encode_json(value).decode()


def _notify_id(collapse: str | None, said: Any) -> Any:
    """``notifyId``: what ``--collapse`` says, else the option. Raises ``UsageError`` for what is no such number."""
    if collapse is None:
        return said
    text = collapse.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and 1 <= int(text) <= _MOST_NOTIFY_ID):
        raise UsageError(
            f"--collapse {collapse!r} is no notifyId of vivo's: that is a number.",
            f"Use 1 to {_MOST_NOTIFY_ID}; a newer notification of the same number replaces the older one.",
            rule="collapse-key",
            where="--collapse",
        )
    return int(text)
