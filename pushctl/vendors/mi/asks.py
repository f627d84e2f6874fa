"""Questions to Mi Push that are no push: what became of a message, what is left of the day, what is known of a regid,
who listens to a topic, and taking a notification back.

Interfaces: dev.mi.com pId=1559, parameters as Xiaomi's Java SDK 1.0.5 sends them (Tracer, Stats, DevTools,
Subscription). Forms of answers: isayme/xiaomi-push:test/xiaomi-mocker.js; that of the quota and of presence is not
known, so whatever stands in ``data`` is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import one_line
from pushctl.core.errors import UsageError
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.vendors.mi import asks_changes
from pushctl.vendors.mi.asks_requests import document, first_package, get, one_token, says
from pushctl.vendors.mi.judge import RULES
from pushctl.vendors.mi.message_ids import is_of_request, made_at

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.verdict import Judgement
    from pushctl.core.wire import Reply

Facts = tuple[tuple[str, str], ...]

_LOSSES: Mapping[str, tuple[str, str]] = {
    "invalid_target": ("targets that are no valid regids, aliases or accounts.", "Drop them, or register again."),
    "app_not_register": ("devices on which the app is not registered, or gone.", "Let the app register again."),
    "device_condition_unmatch": (
        "devices that do not meet the message's filters.",
        "Take extra.model and the like out.",
    ),
    "bar_closed": ("devices with the app's notifications switched off.", "Switch them on: Settings > Notifications."),
}
_OF_STATISTICS = frozenset({"10027", "10038", "10039"})
"""Refusals of numbers, as others use them to tell that the secret is good."""
_FEW = 20  # messages of one jobkey that are shown


# --- what became of it -----------------------------------------------------------------------------------------------


def trace(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """What became of a message. Values: ``id`` (the message's id) or ``job_key``."""
    message_id, job_key = question.values.get("id", "").strip(), question.values.get("job_key", "").strip()
    if bool(message_id) == bool(job_key):
        raise UsageError(
            "Mi Push tells of one message by its id, or of a batch by its jobkey.",
            "Name one of them: 'pushctl trace ID' (the message id that send showed), or --job-key KEY.",
            rule="trace-what",
            where="--job-key" if job_key else "ID",
        )
    query = (("msg_id", message_id),) if message_id else (("job_key", job_key),)
    reply = yield get("trace", account, grant, "/v1/trace/message/status", query)
    rows = list(_rows(_data(reply).get("data")))
    judged = says(reply)
    if judged.outcome == "refused" or not rows:
        return Answer(judged, (*_made_at(message_id), *_trace_id(reply)), tuple(_of_nothing(judged, message_id)))
    facts = [fact for row in rows[:_FEW] for fact in _status(row)]
    facts += [("messages", f"{len(rows)}, of which {_FEW} are shown")] if len(rows) > _FEW else []
    return Answer(judged, (*facts, *_trace_id(reply)), tuple(dict.fromkeys(_remarks(rows))))


def _of_nothing(judged: Judgement, message_id: str) -> Iterator[Finding]:
    """Why there may be no status."""
    if is_of_request(message_id):
        yield RULES["trace-of-request"].finding("ID", value=message_id)
    elif judged.outcome == "accepted":
        yield RULES["trace-nothing-yet"].finding()


def _made_at(message_id: str) -> Facts:
    return (("id made", moment),) if (moment := made_at(message_id)) else ()


def _status(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The values of one message's status; its time is by China's clock, and does not say so."""
    for name, value in _scalars(row):
        yield name, f"{value} (UTC+8)" if name == "create_time" else value


def _rows(found: object) -> Iterator[Mapping[str, Any]]:
    """The status of one message is an object, that of several an array."""
    for row in found if isinstance(found, list) else [found]:
        if isinstance(row, dict) and row:
            yield row


def _remarks(rows: list[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the counters say of a message that did not arrive."""
    for row in rows:
        for name, (what, fix) in _LOSSES.items():
            if (count := _number(row.get(name))) > 0:
                yield RULES["trace-loss"].finding(name, name=name, count=count, what=what, fix=fix)
        if _number(row.get("resolved")) == 0 and "resolved" in row:
            what, fix = "no target was found.", "Check regid, AppSecret and package; or ask again in some seconds."
            yield RULES["trace-loss"].finding("resolved", name="resolved", count=0, what=what, fix=fix)
        elif _number(row.get("delivered")) == 0 and "delivered" in row:
            what, fix = "the device is offline, or the message not there yet.", "Bring it onto a network; ask again."
            yield RULES["trace-loss"].finding("delivered", name="delivered", count=0, what=what, fix=fix)


# --- what is left of the day -----------------------------------------------------------------------------------------


def quota(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """The day's quota of the app and what is delivered of it: one call a second. It also proves a secret."""
    reply = yield get("quota", account, grant, "/v1/trace/quota/get", ())
    data = _data(reply)
    inner = data.get("data")
    told = {**data, **(inner if isinstance(inner, dict) else {})}
    most, acked = _number(told.get("day_quota", -1)), _number(told.get("day_acked", -1))
    judged = says(reply)
    findings: tuple[Finding, ...] = ()
    if 0 < most <= acked:
        findings = (RULES["quota-used-up"].finding(acked=acked, quota=most),)
    elif judged.code in _OF_STATISTICS:
        findings = (RULES["secret-proved"].finding(code=judged.code),)
    facts = tuple(fact for row in (_rows(inner) if isinstance(inner, list) else [told]) for fact in _scalars(row))
    return Answer(judged, (*facts, *_trace_id(reply)), findings)


# --- one regid -------------------------------------------------------------------------------------------------------

_HELD = (("alias", "/v1/alias/all"), ("topic", "/v1/topic/all"), ("account", "/v1/account/all"))
_PRESENCE = "/v1/regid/presence"


def inspect_token(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """What Mi Push knows of a regid: its aliases, topics, accounts, and whether it is online. Target: one token.

    The aliases decide the verdict: a regid of another app is refused there. The others are told as far as they can be.
    """
    token = one_token(question)
    query = (
        ("restricted_package_name", first_package(account)),
        ("registration_id", token),
    )
    facts: list[tuple[str, str]] = []
    findings: list[Finding] = []
    first = None
    for name, path in (*_HELD, ("presence", _PRESENCE)):
        reply = yield get("token", account, grant, path, query)
        judged = says(reply)
        first = first or judged
        if first.outcome != "accepted":
            return Answer(first, _trace_id(reply))
        if judged.outcome != "accepted":
            findings.append(RULES["answer-part-missing"].finding(name, what=name, code=judged.code))
        elif name == "presence":
            facts += [(f"presence: {key}", value) for key, value in _scalars(_data(reply) or document(reply))]
        else:
            facts.append((name, ", ".join(_list(_data(reply).get("list"))) or "none"))
    return Answer(first or says(reply), tuple(facts), tuple(findings))


def list_topics(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """The topics of one regid. Target: a token."""
    query = (("restricted_package_name", first_package(account)), ("registration_id", one_token(question)))
    reply = yield get("topic.list", account, grant, "/v1/topic/all", query)
    judged = says(reply)
    topics = _list(_data(reply).get("list")) or (["none"] if judged.outcome == "accepted" else [])
    return Answer(judged, (*(("topic", name) for name in topics), *_trace_id(reply)))


# --- small readings --------------------------------------------------------------------------------------------------


def _data(reply: Reply) -> Mapping[str, Any]:
    data = document(reply).get("data")
    return data if isinstance(data, dict) else {}


def _scalars(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every value of an object that is none itself, in Xiaomi's words."""
    for name, value in row.items():
        if isinstance(value, str | int | float):
            yield one_line(str(name)), one_line(str(value), 200)


def _list(found: object) -> list[str]:
    return [one_line(str(item)) for item in found if isinstance(item, str | int)] if isinstance(found, list) else []


def _number(value: object) -> int:
    """A counter, which comes as a number or as text; -1 for anything else."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


def _trace_id(reply: Reply) -> Facts:
    value = document(reply).get("trace_id")
    return (("trace_id", one_line(value)),) if isinstance(value, str) and value else ()


ASKS: Mapping[str, Ask] = {
    "trace": trace,
    "quota": quota,
    "token": inspect_token,
    "topic.subscribe": asks_changes.subscribe,
    "topic.unsubscribe": asks_changes.unsubscribe,
    "topic.list": list_topics,
    "revoke": asks_changes.revoke,
}
