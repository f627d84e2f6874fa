"""Questions that change something: who listens to a topic, and notifications that are taken back.

Subscription: dev.mi.com pId=1559. Recall: pId=2367 gives the paths of V3 (2026-10-22), for regids, aliases and user
accounts, and points to the fields of V1; the older paths end on 2026-12-01.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, AskSteps, Env, Grant, Question
from pushctl.vendors.mi import judge
from pushctl.vendors.mi.asks_requests import first_package, post, says
from pushctl.vendors.mi.judge import RULES
from pushctl.vendors.mi.request import MOST_TARGETS

if TYPE_CHECKING:
    from pushctl.core.message import Target

_RECALL: Mapping[str, tuple[str, str]] = {
    "token": ("/v3/message/regid/revoke", "registration_ids"),
    "alias": ("/v3/message/alias/revoke", "aliases"),
    "user": ("/v3/message/user_account/revoke", "user_accounts"),
}
"""By kind of target: path, and the field that names them."""


def subscribe(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Subscribe to a topic. Value ``topic``; targets: 1 to 1000 tokens, or aliases."""
    return (yield from _change("topic.subscribe", account, question, grant))


def unsubscribe(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Unsubscribe from a topic. Value ``topic``; targets: 1 to 1000 tokens, or aliases."""
    return (yield from _change("topic.unsubscribe", account, question, grant))


def _change(call: str, account: Account, question: Question, grant: Grant | None) -> AskSteps:
    topic = question.values.get("topic", "").strip()
    if not topic:
        raise UsageError("The topic's name is empty.", "Name the topic.", rule="topic-name", where="TOPIC")
    kind = _kind(question.targets, ("token", "alias"), "subscribed")
    field = "registration_id" if kind == "token" else "aliases"
    path = f"/v2/topic/{call.rpartition('.')[2]}{'' if kind == 'token' else '/alias'}"
    form = (
        (field, ",".join(target.value for target in question.targets)),
        ("topic", topic),
        ("restricted_package_name", first_package(account)),
    )
    reply = yield post(call, account, grant, path, form)
    return Answer(says(reply), (("topic", topic),), (), tuple(judge.judge(call, reply, question.targets)))


def revoke(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Take shown notifications back. Value ``id``, the notify_id they were sent with; targets: 1 to 1000 tokens,
    aliases or users."""
    number = question.values.get("id", "").strip()
    if not re.fullmatch(r"\d{1,10}", number, re.ASCII):
        raise UsageError(
            f"{number[:40]!r} is no notify_id.",
            "Give the number that the notification was sent with (--collapse, or notify_id).",
            rule="notify-id",
            where="ID",
        )
    kind = _kind(question.targets, tuple(_RECALL), "reached by a recall")
    path, field = _RECALL[kind]
    form = (
        (field, ",".join(target.value for target in question.targets)),
        ("notify_id", number),
        ("restricted_package_name", account.app.get("package_name", "")),
    )
    reply = yield post("revoke", account, grant, path, form)
    verdicts = tuple(judge.judge("revoke", reply, question.targets))
    return Answer(says(reply), (("notify_id", number),), (RULES["revoke-unverified"].finding(),), verdicts)


def _kind(targets: tuple[Target, ...], known: tuple[str, ...], what: str) -> str:
    """The one kind of these targets. Raises ``UsageError`` for too many, for none, and for kinds that do not fit."""
    if not 1 <= len(targets) <= MOST_TARGETS:
        raise UsageError(
            f"{len(targets)} targets are named: a call takes 1 to {MOST_TARGETS}.",
            "Name them with --token or --tokens FILE, in parts.",
            rule="token-count",
            where="--token",
        )
    kinds = {target.kind for target in targets}
    if len(kinds) > 1 or not kinds <= set(known):
        raise UsageError(
            f"Only targets of one kind can be {what}: {', '.join(known)}.",
            "Name them with --token.",
            rule="target-kind",
            where="--token",
        )
    return targets[0].kind
