"""The one question that OPPO answers: which registration ids are dead.

No API tells of a single id, of a message or of a quota (open.oppomobile.com, documents 11235 to 11239); the list of
dead ids, on a host of its own for mainland China, is looked through for the id in question. Its answer,
``{"registration_ids": […], "totalCount": n}``, has one source: the server API document 1.6, as 316014408/oppo-push
reads it. ``/server/v1/feedback/fetch_push_permit`` is left alone: two public clients call it for what is left of the
day's number, and none shows what it answers (one expects ``remain_count``, and says that its call never got through:
jinpengqiong/umi_web:src/services/otherRequest.js).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl.core.answers import from_entry, json_object
from pushctl.core.errors import UsageError
from pushctl.core.payloads import texts
from pushctl.core.vendor import Account, Answer, Ask, AskSteps, Env, Grant, Question
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.oppo import judge
from pushctl.vendors.oppo.hosts import CN, INVALID_IDS, region_of

if TYPE_CHECKING:
    from pushctl.core.message import Target
    from pushctl.core.verdict import Judgement


def query_token(account: Account, question: Question, grant: Grant | None, env: Env) -> AskSteps:  # noqa: ARG001
    """Whether OPPO lists an id as dead. Target: a registration id of mainland China."""
    target = _one(question)
    query = (("auth_token", grant.value),) if grant else ()
    headers = (("Accept", "application/json"),)
    reply = yield Request("token", "GET", account.hosts["feedback"] + INVALID_IDS, headers, query=query)
    says = _says(reply)
    answer = judge.said(json_object(reply.body)) if isinstance(reply, Response) else None
    if says.outcome != "accepted" or answer is None:
        return Answer(says)
    listed = texts(answer.fields, "registration_ids")
    total = answer.fields.get("totalCount")
    facts = [("registration_ids", f"{len(listed)} dead ids listed")]
    facts += [("totalCount", str(total))] if isinstance(total, int | str) and not isinstance(total, bool) else []
    if target.value in listed:
        return Answer(_dead(says), (*facts, ("this id", "listed as dead")))
    return Answer(says, (*facts, ("this id", "not listed")), (judge.RULES["dead-list"].finding(),))


def _dead(says: Judgement) -> Judgement:
    """What a listed id is: the refusal that a push to it gets."""
    entry = judge.CATALOGUE.find("10000")
    return replace(from_entry(entry, says.http_status), detail="OPPO lists it as dead.") if entry else says


def _says(reply: Reply) -> Judgement:
    return judge.judge("token", reply, None)[0].says


def _one(question: Question) -> Target:
    target = next((one for one in question.targets if one.kind == "token"), None)
    if target is None or not target.value:
        raise UsageError("No registration id is named.", "Name one with --token.", rule="no-target", where="--token")
    if region_of(target.value) != CN:
        raise UsageError(
            "OPPO lists dead ids of mainland China alone, and this id is of another region.",
            "Send a push to it: code 10000 tells that it is dead.",
            rule="no-such-api",
            where="--token",
        )
    return target


ASKS: Mapping[str, Ask] = {"token": query_token}
