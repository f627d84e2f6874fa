"""From an intent to the exact request.

Path, headers and the number of tokens: harmonyos-references/push-scenariozed-api-request-struct, -request-param. The
body is built in ``message``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.assign import assigned
from pushctl.core.batches import batches
from pushctl.core.errors import UsageError
from pushctl.core.payloads import parsed, table
from pushctl.core.secret import Pairs, shown
from pushctl.core.wire import Request
from pushctl.core.writing import header_pairs, refuse_changes_to_raw
from pushctl.vendors.harmony.message import build_body, named
from pushctl.vendors.harmony.push_types import push_type_id, push_types

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.vendor import Account, Grant, Job

MOST_TOKENS = 1000
"""Tokens in one request; 0 and more than this are answered 80300010. A widget takes one."""
MOST_TEST_TOKENS = 10
"""The same with ``testMessage``; more are answered 80300030."""


def plan(pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
    """One request for as many tokens of the same message as its push type takes.

    A raw body that names its own tokens is one request, however many they are. Raises ``UsageError`` for a target that
    is no token.
    """
    return batches(map(_checked, pushes), lambda message: max(most_tokens(message), len(named(message))))


def _checked(push: tuple[Message, Target]) -> tuple[Message, Target]:
    if push[1].kind != "token":
        raise UsageError(
            f"HarmonyOS push v3 cannot push to a {push[1].kind}: it knows device tokens only.",
            "Use --token.",
            rule="target-kind",
        )
    return push


def most_tokens(message: Message) -> int:
    """How many tokens one request of this message can carry."""
    kind = push_types().get(push_type_of(message))
    most = kind.tokens if kind else MOST_TOKENS
    return min(most, MOST_TEST_TOKENS) if is_test(message) else most


def request(account: Account, job: Job, grant: Grant | None) -> Request:
    """The request of one job. Raises ``UsageError`` for a message that cannot be written down at all."""
    message = job.message
    refuse_changes_to_raw(message)
    push_type = push_type_of(message)
    body = build_body(message, push_type, job.targets)
    return Request(
        call=job.call,
        method="POST",
        url=f"{account.hosts['push']}/v3/{account.app.get('project_id', '')}/messages:send",
        headers=build_headers(push_type, grant, message.headers),
        json=None if isinstance(body, bytes) else body,
        raw=body if isinstance(body, bytes) else None,
    )


def build_headers(push_type: str, grant: Grant | None, given: Pairs = ()) -> Pairs:
    """Every header in the order it is sent."""
    made = (
        ("Content-Type", "application/json"),
        ("Authorization", grant.value.within("Bearer ") if grant else None),
        ("push-type", push_type),
    )
    return header_pairs(made, given)


# --- push type -------------------------------------------------------------------------------------------------------


def push_type_of(message: Message) -> str:
    """The header's value: as said by ``--header``, ``--push-type`` or ``[harmony]``, else 6 for a silent push, else
    what the contents speak for."""
    header = next((shown(value) for name, value in message.headers if name.casefold() == "push-type"), None)
    if header is not None:
        return header
    said = message.options.get("harmony", {}).get("push_type")
    if said is not None and str(said).strip():
        return push_type_id(str(said))
    if message.silent:
        return "6"
    if message.raw is not None:
        return derived_push_type(table(parsed(message.raw), "payload"))
    payload = table(assigned({}, message.assignments), "payload")
    return derived_push_type({"notification": {}, **payload} if _is_visible(message) else payload)


def derived_push_type(payload: Mapping[str, Any]) -> str:
    """The push type that a payload's keys speak for; 0 when they speak for none.

    A call and a background message have the same body; 10 must be said.
    """
    if not payload.keys().isdisjoint(("activityId", "activityData", "operation")):
        return "7"
    if not payload.keys().isdisjoint(("formId", "formData", "formName")):
        return "1"
    if "extraData" in payload:
        return "2" if "notification" in payload else "6"
    return "0"


def is_test(message: Message) -> bool:
    """Whether it goes out as a test message."""
    if message.validate_only:
        return True
    if message.raw is not None:
        return table(parsed(message.raw), "pushOptions").get("testMessage") is True
    options = table(assigned({}, message.assignments), "pushOptions")
    return options.get("testMessage", message.options.get("harmony", {}).get("test_message")) is True


def _is_visible(message: Message) -> bool:
    """Whether a flag says what only a notification shows."""
    shown_ = (message.title, message.body, message.image, message.badge, message.sound, message.category, message.click)
    return any(value is not None for value in shown_)
