"""Who listens to a topic: the topicSubscriptions API, and the Instance ID service where that is not to be had.

Sources: Firebase: reference/fcm/fcmtopics/rest/v1/projects.registrations.topicSubscriptions, cloud-messaging/
manage-topic-subscriptions; the older form: developers.google.com/instance-id/reference/server,
firebase-admin-python:firebase_admin/messaging.py.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pushctl.core.answers import json_object
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, AskSteps, Env, Grant, Question
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.fcm import judge
from pushctl.vendors.fcm.asks_requests import following, headers, instance_info, segment
from pushctl.vendors.fcm.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

_TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
_BATCH = 1000
"""Tokens that one batch of the Instance ID service takes."""
_PAGES = 25
_NOT_THERE = frozenset({"SERVICE_DISABLED", "UNIMPLEMENTED", "HTTP_404_HTML"})
"""Answers that say: this API is not to be had here. ``NOT_FOUND`` is none of them: it is about project or token."""
_ALREADY = "ALREADY_EXISTS"
_FOR_ALL = frozenset(
    {"UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED", "ACCESS_TOKEN_TYPE_UNSUPPORTED", "CREDENTIALS_MISSING"}
)
"""Answers that would be the same for every other device."""

Steps = Generator[Request, Reply, list[Verdict]]


def subscribe(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Subscribe devices. Values: ``topic``; ``api``: ``iid`` for the older service. Targets: tokens, installation ids.

    A device that is subscribed already counts as accepted, and the verdict says so.
    """
    return (yield from _change(account, question, grant, "topic.subscribe"))


def unsubscribe(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Unsubscribe devices. Values and targets as for :func:`subscribe`; one that is not subscribed is accepted."""
    return (yield from _change(account, question, grant, "topic.unsubscribe"))


def list_topics(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """The topics of one device. Value ``api`` as for :func:`subscribe`."""
    (target,) = _devices(question, most=1)
    old = _old_api(question)
    topics: list[str] = []
    token = ""
    for _ in range(0 if old else _PAGES):
        query = (("pageToken", token),) if token else ()
        url = _registration(account, target)
        reply = yield Request("topic.list", "GET", url, headers(account, grant), query)
        says = _says("topic.list", reply)
        if says.code in _NOT_THERE and target.kind == "token":
            old = says.code
            break
        if says.outcome != "accepted":
            return Answer(says)
        document = _document(reply)
        topics += _names(document)
        token = following(document)
        if not token:
            break
    findings: tuple[Finding, ...] = ()
    if old:
        reply = yield instance_info(account, grant, target.value, "topic.list")
        says = _says("topic.list", reply)
        if says.outcome != "accepted":
            return Answer(says)
        topics, findings = topics_of(_document(reply)), _told(old)
    elif token:
        findings = (RULES["topics-cut"].finding(count=len(topics)),)
    return Answer(says, (("topics", str(len(topics))), *(("topic", name) for name in topics)), findings)


def topics_of(document: Mapping[str, Any]) -> list[str]:
    """The topics in an answer of ``iid/info`` with details: ``{"rel": {"topics": {"news": {"addDate": …}}}}``."""
    rel = document.get("rel")
    topics = rel.get("topics") if isinstance(rel, dict) else None
    return [str(name) for name in topics] if isinstance(topics, dict) else []


# --- one after another, or in a batch --------------------------------------------------------------------------------


def _change(account: Account, question: Question, grant: Grant | None, call: str) -> AskSteps:
    topic, targets, old = _topic(question), _devices(question), _old_api(question)
    verdicts: list[Verdict] = []
    if not old:
        verdicts = yield from _one_by_one(account, grant, call, topic, targets)
        last = verdicts[-1].says
        if last.code in _FOR_ALL or last.renew != "no":
            return Answer(last, (("topic", topic),))
        if len(verdicts) < len(targets) or last.code in _NOT_THERE:
            old = last.code
    findings: tuple[Finding, ...] = ()
    if old:
        verdicts, findings = (yield from _in_batches(account, grant, call, topic, targets, verdicts)), _told(old)
    said = ("api", "iid batch" if old else "topicSubscriptions")
    before = sum(one.says.code == _ALREADY for one in verdicts)
    already = (("subscribed already", str(before)),) if before else ()
    return Answer(_worst(verdicts), (("topic", topic), said, *already), findings, tuple(verdicts))


def _one_by_one(account: Account, grant: Grant | None, call: str, topic: str, targets: Sequence[Target]) -> Steps:
    """One verdict per target; fewer, when an answer holds for all that would follow."""
    verdicts: list[Verdict] = []
    for number, target in enumerate(targets, 1):
        reply = yield _subscription(account, grant, call, topic, target)
        verdict = judge.judge(call, reply, (target,))[0]
        if verdict.says.code == _ALREADY:
            told = replace(verdict.says, outcome="accepted", category=None, token_dead=None, retryable=False)
            verdict = replace(verdict, says=replace(told, detail="It was subscribed already."))
        verdicts.append(verdict)
        if verdict.says.outcome == "unknown" and verdict.says.sent == "no":  # nobody is there for the others either
            return [*verdicts, *(replace(verdict, target=other) for other in targets[number:])]
        if verdict.says.renew != "no" or verdict.says.code in _FOR_ALL | _NOT_THERE:
            break
    return verdicts


def _subscription(account: Account, grant: Grant | None, call: str, topic: str, target: Target) -> Request:
    url = _registration(account, target)
    if call == "topic.subscribe":
        query = (("topic_name", topic),)
        return Request(call, "POST", url, headers(account, grant, body=True), query, json={})
    return Request(
        call, "DELETE", f"{url}/{quote(topic, safe='')}", headers(account, grant), (("allow_missing", "true"),)
    )


def _in_batches(
    account: Account, grant: Grant | None, call: str, topic: str, targets: Sequence[Target], before: Sequence[Verdict]
) -> Steps:
    """One verdict per target from the Instance ID service. Of installation ids it knows nothing: theirs is what the
    newer API said, of themselves or of the device at which it was given up."""
    tokens = tuple(target for target in targets if target.kind == "token")
    said: dict[Target, Verdict] = {}
    operation = "batchAdd" if call == "topic.subscribe" else "batchRemove"
    for start in range(0, len(tokens), _BATCH):
        some = tokens[start : start + _BATCH]
        body = {"to": f"/topics/{topic}", "registration_tokens": [target.value for target in some]}
        url = f"{account.hosts['iid']}/iid/v1:{operation}"
        reply = yield Request(call, "POST", url, headers(account, grant, body=True, iid=True), json=body)
        said |= dict(zip(some, judge.judge(call, reply, some), strict=True))
    if before:
        known = {target: replace(before[-1], target=target) for target in targets}
        said = known | {verdict.target: verdict for verdict in before if verdict.target} | said
    return [said[target] for target in targets]


def _worst(verdicts: Sequence[Verdict]) -> Judgement:
    """The judgement that stands for all: the first that is no acceptance."""
    return next((one.says for one in verdicts if one.says.outcome != "accepted"), verdicts[0].says)


# --- question and answer ---------------------------------------------------------------------------------------------


def _topic(question: Question) -> str:
    topic = question.values.get("topic", "").strip()
    if topic.startswith("/topics/"):
        raise UsageError(
            f"The topic {topic[:80]!r} is written with the prefix of the retired API.",
            f"Write {topic.removeprefix('/topics/')[:80] or 'the name alone'}.",
            rule="topic-name",
            where="TOPIC",
        )
    if not _TOPIC.fullmatch(topic) or topic in (".", ".."):  # these two would be steps in the path
        raise UsageError(
            f"{topic[:80]!r} is no topic's name." if topic else "The topic is missing.",
            "A name has up to 900 letters, digits and - _ . ~ %.",
            rule="topic-name",
            where="TOPIC",
        )
    return topic


def _devices(question: Question, most: int = 0) -> tuple[Target, ...]:
    targets = question.targets
    wrong = next((target.kind for target in targets if target.kind not in ("token", "fid")), "")
    if not targets or wrong or (most and len(targets) > most):
        said = f"A {wrong} cannot listen to a topic" if wrong else f"{len(targets)} devices are named"
        raise UsageError(
            f"{said}; {'one device is' if most else 'devices are'} asked for.",
            "Give --token or --fid.",
            rule="one-token" if most else "no-target",
            where="--token",
        )
    return targets


def _old_api(question: Question) -> str:
    """Why the older service is asked: "" where it is not."""
    api = question.values.get("api", "")
    if api not in ("", "topicSubscriptions", "iid"):
        raise UsageError(f"There is no topic API {api[:40]!r}.", "Known: topicSubscriptions, iid.", rule="topic-api")
    if api == "iid" and any(target.kind != "token" for target in question.targets):
        raise UsageError(
            "The Instance ID service knows registration tokens only.", "Leave api out for --fid.", rule="topic-api"
        )
    return api if api == "iid" else ""


def _told(why: str) -> tuple[Finding, ...]:
    return () if why == "iid" else (RULES["topic-old-api"].finding(code=why),)


def _registration(account: Account, target: Target) -> str:
    project = quote(account.app["project_id"], safe=":")
    return f"{account.hosts['push']}/v1/projects/{project}/registrations/{segment(target.value)}/topicSubscriptions"


def _says(call: str, reply: Reply) -> Judgement:
    return judge.judge(call, reply, None)[0].says


def _document(reply: Reply) -> dict[str, Any]:
    return (json_object(reply.body) if isinstance(reply, Response) else None) or {}


def _names(document: Mapping[str, Any]) -> list[str]:
    """The topics of one page. Firebase's pages show both spellings of the fields."""
    rows = document.get("topicSubscriptions", document.get("topic_subscriptions"))
    found = []
    for row in rows if isinstance(rows, list) else []:
        name = row.get("topic_name", row.get("topicName")) if isinstance(row, dict) else None
        if isinstance(name, str) and name:
            found.append(name)
    return found
