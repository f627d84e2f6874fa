"""From an intent to the exact request: one message to one target, up to 1000 in one request, or a saved body that is
sent to a list.

open.oppomobile.com, document 11238 (unicast, unicast_batch); the broadcast as the official Java SDK has it. The message
travels as JSON text in a form field, the auth token as another one. Phones abroad have a host of their own with tokens
of its own: each job is for one region, and its call says so (``send``, ``send.intl``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import UsageError
from pushctl.core.vendor import Job, Prepared, PrepareSteps, Refused
from pushctl.core.wire import Request, encode_json
from pushctl.core.writing import check_json, header_pairs, refuse_changes_to_raw
from pushctl.vendors.oppo import message as messages
from pushctl.vendors.oppo.hosts import (
    BROADCAST,
    INTL,
    REGIONS,
    SAVE,
    UNICAST,
    UNICAST_BATCH,
    region_of,
    region_of_call,
    role,
)

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs, Text
    from pushctl.core.vendor import Account, Env, Grant

KINDS = ("token", "alias")
MOST_TARGETS = 1000
"""Messages of one ``unicast_batch``, targets of one ``broadcast``."""
HEADERS: Pairs = (
    ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
    ("Accept", "application/json"),
)
_PATHS: Mapping[str, str] = {"send": UNICAST, "batch": UNICAST_BATCH, "broadcast": BROADCAST}
CALLS = tuple(role(call, region) for region in REGIONS for call in (*_PATHS, "save"))
"""Every interface that pushes go to."""


class _Saved:
    """What the jobs of one saved body share; each is equal to itself alone."""

    __slots__ = ()


# --- which targets share a request -----------------------------------------------------------------------------------


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """Up to 1000 targets of the same message, region and kind share a request; a single one goes out by itself.

    Targets of several regions may stand in any order: each region waits until it has a thousand, or until the message
    changes. Raises ``UsageError`` for a target kind that OPPO has not.
    """
    waiting: dict[tuple[str, str], list[Target]] = {}
    saved: dict[str, _Saved] = {}
    message: Message | None = None
    for each, target in pushes:
        if message is not None and each is not message:
            yield from _rest(message, waiting, saved)
            waiting, saved = {}, {}
        message = each
        lane = (_region(message, _checked(target)), target.kind)
        targets = waiting.setdefault(lane, [])
        targets.append(target)
        if len(targets) == MOST_TARGETS or messages.named(message):
            yield _job(message, lane[0], waiting.pop(lane), saved)
    if message is not None:
        yield from _rest(message, waiting, saved)


def _rest(message: Message, waiting: Mapping[tuple[str, str], list[Target]], saved: dict[str, _Saved]) -> Iterator[Job]:
    for (region, _), targets in waiting.items():
        yield _job(message, region, targets, saved)


def _job(message: Message, region: str, targets: list[Target], saved: dict[str, _Saved]) -> Job:
    if messages.is_broadcast(message):
        preparation = saved.setdefault(region, _Saved())
        return Job(role("broadcast", region), message, tuple(targets), preparation)
    return Job(role("send" if len(targets) == 1 else "batch", region), message, tuple(targets))


def _region(message: Message, target: Target) -> str:
    """The region of a target: an id says it; of an alias only ``[oppo] region`` can."""
    if target.kind == "token":
        return region_of(target.value)
    return str(messages.options(message).get("region", REGIONS[0])) if message.raw is None else REGIONS[0]


def _checked(target: Target) -> Target:
    if target.kind not in KINDS:
        raise UsageError(
            f"OPPO PUSH cannot push to a {target.kind} from here: it knows registration ids and aliases.",
            "Use --token or --alias, for each of the devices.",
            rule="target-kind",
        )
    return target


# --- requests --------------------------------------------------------------------------------------------------------


def request(account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all."""
    refuse_changes_to_raw(job.message)
    call, region = job.call.removesuffix(f".{INTL}"), region_of_call(job.call)
    url = account.hosts[role("push", region)] + _PATHS[call]
    if call == "broadcast":
        return _post(job.call, url, job.message, grant, _list(job, prepared), None)
    body = messages.message_object(job.message, account.app, env)
    texts = [_text(messages.aimed(job.message, body, target)) for target in job.targets]
    form = ("message", texts[0]) if call == "send" else ("messages", f"[{','.join(texts)}]")
    return _post(job.call, url, job.message, grant, (form,), _chosen_id(body))


def prepare(account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
    """Save the body of a broadcast. The fields of the notification stand in the form itself, without a ``message``."""
    from pushctl.vendors.oppo import judge

    fields = messages.notification(job.message, account.app, env)
    check_json(fields)
    region = region_of_call(job.call)
    form = tuple((name, _flat(value)) for name, value in fields.items() if value is not None)
    url = account.hosts[role("push", region)] + SAVE
    reply = yield _post(role("save", region), url, job.message, grant, form, None)
    message_id = judge.saved(reply)
    return Prepared(message_id) if message_id else Refused(judge.not_saved(reply))


def _post(call: str, url: str, message: Message, grant: Grant | None, form: Pairs, message_id: str | None) -> Request:
    token: tuple[tuple[str, Text], ...] = (("auth_token", grant.value),) if grant else ()
    headers = header_pairs(HEADERS, message.headers)
    name = "app_message_id" if message_id else ""
    return Request(call, "POST", url, headers, form=(*token, *form), message_id=message_id, id_name=name)


def _list(job: Job, prepared: str | None) -> Pairs:
    """The form of a broadcast to a list."""
    targets = ";".join(target.value for target in job.targets)
    kind = str(messages.TARGET_TYPES[job.targets[0].kind])
    return (("message_id", prepared or ""), ("target_type", kind), ("target_value", targets))


def _text(body: dict[str, Any] | bytes) -> str:
    """A message as the text of a form field. Raises ``UsageError`` for a raw one that is no UTF-8."""
    try:
        return (body if isinstance(body, bytes) else encode_json(body)).decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"The payload is not UTF-8 at byte {error.start + 1}.",
            "Save it as UTF-8, and write no half of a surrogate pair (\\ud800) in a text.",
            rule="payload-not-json",
            where="--payload",
        ) from None


def _flat(value: object) -> str:
    """A field of the notification as the text of a form field."""
    return value if isinstance(value, str) else encode_json(value).decode()


def _chosen_id(body: dict[str, Any] | bytes) -> str | None:
    """The ``app_message_id`` that this message was given here: it is what makes a repeat safe when no answer came."""
    shown = body.get("notification") if isinstance(body, dict) else None
    chosen = shown.get("app_message_id") if isinstance(shown, dict) else None
    return chosen if isinstance(chosen, str) else None
