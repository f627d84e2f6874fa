"""Questions to Huawei that are no push: topics, and what it knows of one token.

HMSCore-References/topic-sub-api-0000001051066122, query-data-api-0000001051066126. They have the app id in their path
whichever API pushes. Where a message is cannot be asked: only AppGallery Connect's self-service analysis tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import json_object
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.hms import judge
from pushctl.vendors.hms.request import MOST_TOKENS, build_headers

if TYPE_CHECKING:
    from pushctl.core.message import Target
    from pushctl.core.verdict import Judgement

Facts = tuple[tuple[str, str], ...]

_TOPIC = re.compile(r"[\w\-.~%]{1,900}")


def subscribe(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Subscribe tokens to a topic. Value ``topic``; targets: 1 to 1000 tokens."""
    return (yield from _change("topic.subscribe", account, question, grant))


def unsubscribe(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Unsubscribe tokens from a topic. Value ``topic``; targets: 1 to 1000 tokens."""
    return (yield from _change("topic.unsubscribe", account, question, grant))


def list_topics(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """List the topics of one token. Target: a token."""
    reply = yield _request("topic.list", account, grant, {"token": _one_token(question)})
    return Answer(_says(reply), (*_topics(reply), *_request_id(reply)))


def query_token(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """What Huawei knows of one token: its AAID and its topics. Target: a token."""
    reply = yield _request("token", account, grant, {"token": _one_token(question)})
    aa_id = _document(reply).get("aaId")
    known: Facts = (("aaId", aa_id),) if isinstance(aa_id, str) and aa_id else ()
    return Answer(_says(reply), (*known, *_topics(reply), *_request_id(reply)))


def _change(call: str, account: Account, question: Question, grant: Grant | None) -> AskSteps:
    topic = question.values.get("topic", "").strip().removeprefix("/topics/")
    if not _TOPIC.fullmatch(topic):
        raise UsageError(
            f"{topic[:60]!r} is no name for a topic.",
            "Use 1 to 900 letters, digits and _ - . ~ %.",
            rule="topic-name",
            where="TOPIC",
        )
    tokens = _tokens(question.targets)
    reply = yield _request(call, account, grant, {"topic": topic, "tokenArray": tokens})
    verdicts = judge.judge(call, reply, question.targets)
    counts = ((name, _document(reply).get(name)) for name in ("successCount", "failureCount"))
    facts = tuple((name, str(count)) for name, count in counts if isinstance(count, int | str))
    return Answer(_says(reply), (("topic", topic), *facts, *_request_id(reply)), (), tuple(verdicts))


_PATHS: Mapping[str, str] = {
    "topic.subscribe": "topic:subscribe",
    "topic.unsubscribe": "topic:unsubscribe",
    "topic.list": "topic:list",
    "token": "token:query",
}


def _request(call: str, account: Account, grant: Grant | None, body: Mapping[str, Any]) -> Request:
    app_id = account.app.get("app_id")
    if not app_id:
        raise UsageError(
            "Topics and token queries belong to an app, and the profile has no app_id.",
            'Add app_id to the profile\'s [app] table; pushes may go on by project id with api = "v2".',
            rule="app-id-missing",
            where="app.app_id",
        )
    url = f"{account.hosts['push']}/v1/{app_id}/{_PATHS[call]}"
    return Request(call, "POST", url, build_headers(None, grant), json=dict(body))


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
            "Only device tokens can be subscribed.", "Name them with --token.", rule="target-kind", where="--token"
        )
    return [target.value for target in targets]


def _one_token(question: Question) -> str:
    token = question.values.get("token") or next((one.value for one in question.targets if one.kind == "token"), "")
    if not token:
        raise UsageError("No token is named.", "Name one with --token.", rule="no-target", where="--token")
    return token


def _says(reply: Reply) -> Judgement:
    return judge.judge("topic", reply, None)[0].says


def _document(reply: Reply) -> Mapping[str, Any]:
    return (json_object(reply.body) if isinstance(reply, Response) else None) or {}


def _topics(reply: Reply) -> Facts:
    """``topics``: name and date of each. A token without any has an empty list, or none."""
    topics = _document(reply).get("topics")
    rows = [row for row in topics if isinstance(row, dict)] if isinstance(topics, list) else []
    said = ((str(row.get("name", "")), str(row.get("addDate") or "")) for row in rows)
    return tuple(("topic", f"{name} (since {date})" if date else name) for name, date in said if name)


def _request_id(reply: Reply) -> Facts:
    value = _document(reply).get("requestId")
    return (("requestId", str(value)),) if isinstance(value, str | int) and value else ()


ASKS: Mapping[str, Ask] = {
    "topic.subscribe": subscribe,
    "topic.unsubscribe": unsubscribe,
    "topic.list": list_topics,
    "token": query_token,
}
