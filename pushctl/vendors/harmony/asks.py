"""Questions to Huawei that are no push: taking a message back.

There is no API for the trace of a message or for a token in v3; only AppGallery Connect's self-service analysis tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.core.wire import Request, Response
from pushctl.vendors._huawei import answers
from pushctl.vendors.harmony.judge import CATALOGUE, judge
from pushctl.vendors.harmony.push_types import push_type_id
from pushctl.vendors.harmony.request import MOST_TOKENS, build_headers

if TYPE_CHECKING:
    from pushctl.core.message import Target
    from pushctl.core.verdict import Judgement
    from pushctl.core.wire import Reply

_REVOCABLE = ("0", "2")
_MOST_NOTIFY_ID = 2**31 - 1


def revoke(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Take a notification or a text-to-speech message back (harmonyos-references/push-msg-revoke).

    Only what has not been delivered yet, or is shown and not tapped yet; the badge stays as it is. The path is v1's
    and holds the app's client id, not the project's. Values: ``id``, the ``notifyId`` that the message was sent
    with; ``push_type``, ``0`` (without it) or ``2``, by number or name. Targets: 1 to 1000 tokens.
    """
    client_id = account.app.get("client_id")
    if not client_id:
        raise UsageError(
            "Revoking has the app's Client ID in its path, and the profile has no client_id.",
            "Add client_id to the profile's [app] table: the client_id in the app's module.json5.",
            rule="app-id-missing",
            where="app.client_id",
        )
    notify_id = _notify_id(question.values.get("id", ""))
    push_type = push_type_id(question.values.get("push_type", "") or "0")
    if push_type not in _REVOCABLE:
        raise UsageError(
            f"A message of push-type {push_type} cannot be revoked.",
            "Only 0 (alert) and 2 (extension) can.",
            rule="revoke-push-type",
            where="--push-type",
        )
    reply = yield Request(
        "revoke",
        "POST",
        f"{account.hosts['push']}/v1/{client_id}/messages:revoke",
        build_headers(push_type, grant),
        json={"notifyId": notify_id, "token": _tokens(question.targets)},
    )
    verdicts = judge("revoke", reply, question.targets)
    return Answer(_says(reply), (("notifyId", str(notify_id)), *_request_id(reply)), (), tuple(verdicts))


def _notify_id(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _MOST_NOTIFY_ID):
        raise UsageError(
            f"{text[:40]!r} is no notifyId: that is a number from 0 to {_MOST_NOTIFY_ID}."
            if text
            else "The notifyId of the message is not given.",
            "Give the number that the message was sent with (notify_id in [harmony], payload.notification.notifyId in "
            "the body); without one it cannot be revoked.",
            rule="notify-id-range",
            where="ID",
        )
    return int(text)


def _tokens(targets: tuple[Target, ...]) -> list[str]:
    if not 1 <= len(targets) <= MOST_TOKENS:
        raise UsageError(
            f"{len(targets)} tokens are named: a call takes 1 to {MOST_TOKENS}.",
            "Name them with --token or --tokens FILE, in parts.",
            rule="token-count",
            where="--token",
        )
    if any(target.kind != "token" for target in targets):
        raise UsageError(
            "A message is revoked by device tokens only.",
            "Name them with --token.",
            rule="target-kind",
            where="--token",
        )
    return [target.value for target in targets]


def _says(reply: Reply) -> Judgement:
    """What the answer says of the whole call; the tokens' own fates are the verdicts."""
    answer = answers.said(reply.body) if isinstance(reply, Response) else None
    if answer is None or not isinstance(reply, Response):
        return judge("revoke", reply, None)[0].says
    return answers.judgement(answer, reply, CATALOGUE)


def _request_id(reply: Reply) -> tuple[tuple[str, str], ...]:
    answer = answers.said(reply.body) if isinstance(reply, Response) else None
    return (("requestId", answer.request_id),) if answer is not None and answer.request_id else ()


ASKS: Mapping[str, Ask] = {"revoke": revoke}
