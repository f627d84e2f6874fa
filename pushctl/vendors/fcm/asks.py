"""Questions to Google that are no push: whose a token is, what became of an app's messages, who listens to a topic.

Sources: developers.google.com/instance-id/reference/server (iid/info), Firebase: reference/fcmdata/rest/v1beta1/
projects.androidApps.deliveryData, cloud-messaging/understand-delivery. Topics are in ``asks_topics``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pushctl.core.answers import json_object
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.fcm import asks_topics, judge
from pushctl.vendors.fcm.account import number_of, platform_of
from pushctl.vendors.fcm.asks_requests import following, headers, instance_info
from pushctl.vendors.fcm.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.verdict import Judgement

_PAGE = 1000
"""Rows of the Data API that one request asks for; it gives up to 10,000."""
_PAGES = 20
_SHARE = 1000.0
"""No percentage comes near it."""
_SHOWN = 14
"""Rows that are shown: two weeks of one label."""

Facts = tuple[tuple[str, str], ...]


# --- one token -------------------------------------------------------------------------------------------------------

_INFO = (
    "application", "applicationVersion", "authorizedEntity", "platform", "appSigner", "scope", "connectDate",
    "connectionType", "attestStatus",
)  # fmt: skip


def inspect_token(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """What the Instance ID service knows of a token. Target: one token.

    Its project number and its app are compared with the profile's, so that SENDER_ID_MISMATCH is told before a push is.
    """
    token = _one_token(question)
    reply = yield instance_info(account, grant, token, "token")
    says, document = document_of("token", reply)
    if document is None:
        return Answer(says)
    facts = [(name, str(document[name])) for name in _INFO if isinstance(document.get(name), str | int)]
    topics = asks_topics.topics_of(document)
    facts += [("topics", ", ".join(topics))] if topics else []
    return Answer(says, tuple(facts), tuple(_compared(document, account)))


def _one_token(question: Question) -> str:
    tokens = [target.value for target in question.targets if target.kind == "token"]
    if len(question.targets) != 1 or len(tokens) != 1:
        raise UsageError(
            "The Instance ID service can be asked about one registration token at a time.",
            "Give one token; of an installation id it knows nothing.",
            rule="one-token",
            where="--token",
        )
    return tokens[0]


def _compared(document: Mapping[str, Any], account: Account) -> Iterator[Finding]:
    project, number = document.get("authorizedEntity"), number_of(account.app)
    if isinstance(project, str) and project:
        if not number:
            yield RULES["sender-id-unknown"].finding("authorizedEntity", entity=project)
        elif project != number:
            yield RULES["token-other-project"].finding("authorizedEntity", entity=project, number=number)
    app = document.get("application")
    ours = [account.app[name] for name in ("package_name", "bundle_id") if account.app.get(name)]
    if isinstance(app, str) and app and ours and app not in ours:
        yield RULES["token-other-app"].finding("application", app=app, ours=" or ".join(ours))


# --- delivery data ---------------------------------------------------------------------------------------------------


def trace(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """The daily percentages of an Android app, newest first.

    Values: ``app_id`` in place of the profile's; ``label`` for one analytics label. No message can be asked for by its
    id, and a value ``id`` changes nothing: the answer's finding says so.
    """
    app_id = _android_app(question, account)
    label, rows, token = question.values.get("label"), [], ""
    for _ in range(_PAGES):
        reply = yield _delivery_data(account, grant, app_id, token)
        says, document = document_of("trace", reply)
        if document is None:
            return Answer(says)
        rows += [row for row in _objects(document.get("androidDeliveryData")) if label in (None, _label(row))]
        token = following(document)
        if not token:
            break
    findings = [RULES["trace-aggregate"].finding()]
    if not rows:
        findings.append(RULES["trace-empty"].finding(app_id=app_id, label=f" with the label {label}" if label else ""))
    rows.sort(key=_order, reverse=True)
    if token or len(rows) > _SHOWN:
        findings.append(RULES["trace-cut"].finding(shown=min(_SHOWN, len(rows)), rows=len(rows)))
    facts = (("app", app_id), *((_when(row), _outcome(row)) for row in rows[:_SHOWN]))
    return Answer(says, facts, tuple(findings))


def _android_app(question: Question, account: Account) -> str:
    app_id = (question.values.get("app_id") or account.app.get("app_id", "")).strip()
    if not app_id:
        raise UsageError(
            "Delivery data belongs to an app, and neither --app-id nor the profile's app_id names one.",
            "Give --app-id 1:…:android:…; google-services.json has it as mobilesdk_app_id.",
            rule="app-id-missing",
            where="--app-id",
        )
    if platform_of(app_id) != "android":
        raise UsageError(
            f"{app_id[:80]!r} is no Android app of Firebase, and there is delivery data of Android apps only.",
            "Give --app-id 1:…:android:…; for iOS see the Push Notifications Console, for the web there is nothing.",
            rule="app-id",
            where="--app-id",
        )
    return app_id


def _delivery_data(account: Account, grant: Grant | None, app_id: str, token: str) -> Request:
    project = quote(account.app["project_id"], safe=":")
    url = f"{account.hosts['data']}/v1beta1/projects/{project}/androidApps/{quote(app_id, safe=':')}/deliveryData"
    query = (("pageSize", str(_PAGE)), *((("pageToken", token),) if token else ()))
    return Request("trace", "GET", url, headers(account, grant), query)


def _order(row: Mapping[str, Any]) -> tuple[tuple[int, ...], str]:
    return _date(row), _label(row)


def _date(row: Mapping[str, Any]) -> tuple[int, ...]:
    date = row.get("date")
    parts = [date.get(name) for name in ("year", "month", "day")] if isinstance(date, dict) else []
    return tuple(part if isinstance(part, int) and not isinstance(part, bool) else 0 for part in parts)


def _label(row: Mapping[str, Any]) -> str:
    label = row.get("analyticsLabel")
    return label if isinstance(label, str) else ""


def _when(row: Mapping[str, Any]) -> str:
    date = "-".join(f"{part:02d}" for part in _date(row)) or "no date"
    return f"{date} {_label(row)}".strip()


def _outcome(row: Mapping[str, Any]) -> str:
    """One row in words: the counts, then every percentage that is not zero, in Google's names."""
    data = row.get("data")
    data = data if isinstance(data, dict) else {}
    counts = [
        f"{data[name]} {word}"
        for name, word in (("countMessagesAccepted", "accepted"), ("countNotificationsAccepted", "notifications"))
        if isinstance(data.get(name), str | int)
    ]
    shares = [
        f"{name} {value:g}%"
        for group in ("messageOutcomePercents", "deliveryPerformancePercents", "messageInsightPercents")
        for name, value in _shares(data.get(group))
    ]
    return ", ".join((*counts, *shares)) or "nothing counted"


def _shares(group: object) -> Iterable[tuple[str, float]]:
    """The percentages that are numbers a person can read, and not zero."""
    items = group.items() if isinstance(group, dict) else ()
    return [(str(k), float(v)) for k, v in items if isinstance(v, int | float) and v is not True and 0 < v < _SHARE]


# --- shared ----------------------------------------------------------------------------------------------------------


def document_of(call: str, reply: Reply) -> tuple[Judgement, dict[str, Any] | None]:
    """The verdict, and the JSON object of an accepted answer."""
    says = judge.judge(call, reply, None)[0].says
    accepted = says.outcome == "accepted" and isinstance(reply, Response)
    return says, json_object(reply.body) if accepted and isinstance(reply, Response) else None


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


ASKS: Mapping[str, Ask] = {
    "topic.subscribe": asks_topics.subscribe,
    "topic.unsubscribe": asks_topics.unsubscribe,
    "topic.list": asks_topics.list_topics,
    "token": inspect_token,
    "trace": trace,
}
