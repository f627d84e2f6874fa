"""Questions to APNs that are no push: broadcast channels, and which environment a token belongs to.

Apple: usernotifications/sending-channel-management-requests-to-apns; parse-community/node-apn:lib/client.js.
(APNSwift's broadcast client puts the id into the path and is no model.) There is no API for delivery status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from pushctl.core.errors import UsageError
from pushctl.core.message import Message, Target
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Job, Question
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Reply, Request, Response
from pushctl.core.writing import check_header
from pushctl.vendors.apns import judge, request
from pushctl.vendors.apns.hosts import HOSTS, other_environment
from pushctl.vendors.apns.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.secret import Text


# --- channels --------------------------------------------------------------------------------------------------------


def create_channel(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:
    """Create a channel. Value ``storage``: ``1`` keeps the latest message for at most 8 hours, ``0`` nothing."""
    storage = question.values.get("storage", "0")
    if storage not in ("0", "1"):
        raise UsageError(f"A channel's storage policy is 0 or 1, not {storage!r}.", "1 keeps the latest message.")
    body = {"message-storage-policy": int(storage), "push-type": "LiveActivity"}
    reply = yield _channels("channel.create", "POST", account, grant, env, body=body)
    says, channel_id = _says(reply), _header(reply, "apns-channel-id")
    if says.outcome != "accepted":
        return Answer(says, _request_id(reply))
    if not channel_id:
        return Answer(says, _request_id(reply), (RULES["channel-id-missing"].finding("apns-channel-id"),))
    return Answer(says, (("apns-channel-id", channel_id), ("message-storage-policy", storage)))


def show_channel(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:
    """Read a channel's storage policy and push type. Value ``id``."""
    channel_id = _id(question)
    reply = yield _channels("channel.show", "GET", account, grant, env, channel_id=channel_id)
    says, document = _document(reply)
    if document is None:
        return Answer(says, _request_id(reply))
    facts = ((name, str(document[name])) for name in ("message-storage-policy", "push-type") if name in document)
    return Answer(says, (("apns-channel-id", channel_id), *facts))


def list_channels(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """List every channel of the app in this environment. An answer without a body lists none."""
    reply = yield _channels("channel.list", "GET", account, grant, env, collection="all-channels")
    says, document = _document(reply)
    if document is None:
        return Answer(says, _request_id(reply))
    channels = document.get("channels", [] if not document else None)
    if not isinstance(channels, list) or not isinstance(reply, Response):
        return Answer(judge.not_apns(200, reply.body if isinstance(reply, Response) else b""), _request_id(reply))
    return Answer(says, (("channels", str(len(channels))), *(("apns-channel-id", str(one)) for one in channels)))


def delete_channel(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:
    """Delete a channel. Value ``id``."""
    channel_id = _id(question)
    reply = yield _channels("channel.delete", "DELETE", account, grant, env, channel_id=channel_id)
    return Answer(_says(reply), (("apns-channel-id", channel_id), *_request_id(reply)))


def _channels(
    call: str,
    method: str,
    account: Account,
    grant: Grant | None,
    env: Env,
    *,
    collection: str = "channels",
    channel_id: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> Request:
    """A channel management request: the bare bundle id in the path, ids in headers only."""
    bundle_id = account.app.get("bundle_id")
    if not bundle_id:
        raise UsageError(
            "Channels belong to an app, and the profile has no bundle_id.",
            "Add bundle_id to the profile's [app] table.",
            rule="topic-missing",
            where="app.bundle_id",
        )
    message_id = request.new_uuid(env)
    made: tuple[tuple[str, Text | None], ...] = (
        ("authorization", grant.value.within("bearer ") if grant else None),
        ("apns-channel-id", channel_id),
        ("apns-request-id", message_id),
    )
    headers = tuple((name, value) for name, value in made if value is not None)
    for name, value in headers:
        check_header(name, value)
    url = f"{account.hosts['manage']}/1/apps/{quote(bundle_id, safe='')}/{collection}"
    return Request(call, method, url, headers, json=body, message_id=message_id)


def _id(question: Question) -> str:
    channel_id = question.values.get("id", "").strip()
    if not channel_id:
        raise UsageError("The channel id is missing.", "'pushctl channel list' shows the ids.", where="CHANNEL_ID")
    return channel_id


def _says(reply: Reply) -> Judgement:
    return judge.judge(reply, None)[0].says


def _header(reply: Reply, name: str) -> str | None:
    return reply.header(name) if isinstance(reply, Response) else None


def _request_id(reply: Reply) -> tuple[tuple[str, str], ...]:
    value = _header(reply, "apns-request-id")
    return (("apns-request-id", value),) if value else ()


def _document(reply: Reply) -> tuple[Judgement, dict[str, Any] | None]:
    """The verdict, and the JSON object of an accepted answer; {} for one without a body."""
    says = _says(reply)
    if says.outcome != "accepted" or not isinstance(reply, Response):
        return says, None
    # An accepted answer has no body or a JSON object: judge calls nothing else accepted.
    return says, json.loads(reply.body) if reply.body.strip() else {}


# --- environment probe -----------------------------------------------------------------------------------------------

_BUILD = {
    "sandbox": "development (run from Xcode)",
    "production": "distribution (TestFlight, Ad Hoc, App Store, Enterprise)",
}


def probe_environment(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:
    """Send one background push with this token to the other environment, and say what its answer proves.

    The push shows nothing, has priority 5 and is not stored. Values: ``token``; ``topic`` in place of the bundle
    id for a token of another kind (``….voip``). The answer holds exactly one finding.
    """
    other = other_environment(account.environment)
    hosts = _other_hosts(account, other)
    if hosts is None:
        host = urlsplit(account.hosts["push"]).hostname
        detail = f"pushes go to {host}, which is not Apple's host, so it has no other environment"
        says = Judgement("unknown", "NOT_APNS", "network", sent="no", detail=detail)
        fix = "Probe with a profile that has no endpoint."
        return Answer(says, (), (RULES["probe-inconclusive"].finding("token", other=other, why=f"{detail}.", fix=fix),))
    topic = question.values.get("topic") or account.app.get("bundle_id", "")
    message = Message(silent=True, ttl=0, headers=(("apns-topic", topic),) if topic else ())
    job = Job("send", message, (Target("token", question.values.get("token", "")),))
    reply = yield request.request(replace(account, environment=other, hosts=hosts), job, grant, env)
    verdict = judge.judge(reply, None)[0]
    ids = (("apns-id", verdict.message_id),) if verdict.message_id else ()
    return Answer(verdict.says, (("probed", other), *ids), (_proved(verdict.says, other, topic),))


def _other_hosts(account: Account, other: str) -> Mapping[str, str] | None:
    """The other environment's hosts with this account's port; None when the account does not push to Apple."""
    mine, ours = urlsplit(account.hosts["push"]), HOSTS[account.environment]["push"]
    if mine.hostname != urlsplit(ours).hostname:
        return None
    port = f":{mine.port}" if mine.port else ""
    return {**HOSTS[other], "push": HOSTS[other]["push"] + port}


def _proved(says: Judgement, other: str, topic: str) -> Finding:
    """The one thing that the other environment's answer proves about the token, or why it proves nothing."""
    if says.outcome == "accepted":
        return RULES["token-other-environment"].finding("token", other=other, build=_BUILD[other])
    if says.outcome == "refused" and says.code in ("BadDeviceToken", "Unregistered", "ExpiredToken"):
        return RULES["token-nowhere"].finding("token", other=other, code=says.code)
    if says.outcome == "refused" and says.code == "DeviceTokenNotForTopic":
        return RULES["token-other-topic"].finding("token", other=other, topic=topic)
    why = says.detail or (says.entry.summary if says.entry else "")
    if says.category in ("credential", "permission"):
        fix = f"Probe with a credential that serves {other} and this app."
    elif says.category == "network":
        fix = "Repair the way to that host and probe again."
    else:
        fix = "Probe again later, or try a profile of that environment."
    return RULES["probe-inconclusive"].finding("token", other=other, why=f"{says.code}: {why}".rstrip(": "), fix=fix)


ASKS: Mapping[str, Ask] = {
    "channel.create": create_channel,
    "channel.show": show_channel,
    "channel.list": list_channels,
    "channel.delete": delete_channel,
    "probe-env": probe_environment,
}
