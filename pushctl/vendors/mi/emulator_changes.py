"""What can be changed besides sending: topics of a phone, scheduled messages, messages that are shown (recall).

Source: Xiaomi's SDK (paths and fields), its notice of 2026-10-22 (recall V3, and until when V1 and V2 answer). That a
subscription passes whatever the regid is, says a test of isayme/xiaomi-push.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import CHINA_S, Refusal
from pushctl.vendors.mi import emulator_handsets as handsets
from pushctl.vendors.mi import emulator_ids as ids
from pushctl.vendors.mi.emulator_access import packages
from pushctl.vendors.mi.emulator_answers import NO_PATH, accepted
from pushctl.vendors.mi.emulator_asks import NOT_FOUND, Answer
from pushctl.vendors.mi.emulator_checks import blank, in_range
from pushctl.vendors.mi.emulator_send import KINDS, TOO_MANY_TOPICS

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_credentials import App
    from pushctl.vendors.mi.emulator_form import Fields

MOST_TOPICS = 30
RECALL_ENDS = datetime(2026, 12, 1, tzinfo=UTC).timestamp() - CHINA_S
"""When V1 and V2 of the recall are switched off."""
_RECALLED = {"regid": "registration_ids", "alias": "aliases", "user_account": "user_accounts"}


def topic(change: str, by: str) -> Answer:
    """``/v2/topic/subscribe|unsubscribe`` of regids, or with ``/alias`` of aliases."""

    def answer(call: Call, app: App, fields: Fields) -> Act | Refusal:
        name, targets = fields.one("topic"), fields.many(by)
        if not name.strip():
            return blank("topic", KINDS["topic"].empty)
        if not targets:
            return blank(by, KINDS["alias"].empty if by == "aliases" else KINDS["regid"].empty)
        if fields.one("restricted_package_name"):
            refusal = packages(call, app, fields, several=False)
            if refusal is not None:
                return refusal
        found = [handsets.regid_of(target) if by == "aliases" else target for target in targets]
        return _subscribed(call, app, name, [regid for regid in found if regid], change)

    return answer


def _subscribed(call: Call, app: App, name: str, regids: list[str], change: str) -> Act | Refusal:
    kept: dict[str, list[str]] = call.world.state.setdefault("topics", {})
    if any(handsets.reason_of(regid, app) == "dead" for regid in regids):
        call.note("A regid is not one of this app; the answer does not tell.")
    for regid in regids:
        topics = kept.setdefault(regid, [])
        if change == "unsubscribe":
            kept[regid] = [each for each in topics if each != name]
        elif name not in topics and len(topics) >= MOST_TOPICS:
            return Refusal(TOO_MANY_TOPICS, "topics", f"a phone has {MOST_TOPICS} topics; the code is unproved")
        elif name not in topics:
            topics.append(name)
    return accepted(call, reason="Success", rule=f"{change}d")


def job_exists(call: Call, app: App, fields: Fields) -> Act | Refusal:  # noqa: ARG001 - jobs are the sandbox's
    """``/v2/schedule_job/exist``: code 0 says that it does. What else comes is unproved."""
    refusal = _job(call, fields)
    return refusal or accepted(call, reason="Success", rule="job-exists")


def job_deleted(call: Call, app: App, fields: Fields) -> Act | Refusal:  # noqa: ARG001
    """``/v2/schedule_job/delete``, by id."""
    refusal = _job(call, fields)
    if refusal is not None:
        return refusal
    call.world.state.setdefault("deleted jobs", set()).add(fields.one("job_id"))
    return accepted(call, reason="Success", rule="job-deleted")


def jobs_deleted(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v3/schedule_job/delete``, by jobkey: the Java SDK calls the field ``jobkey``, a Go SDK ``job_key``."""
    jobkey = fields.one("jobkey") or fields.one("job_key")
    if not jobkey:
        return blank("jobkey")
    sent: dict[str, dict[str, str]] = call.world.state.get("sent", {})
    found = [name for name, row in sent.items() if (row["app"], row["jobkey"]) == (app.app_id, jobkey)]
    if not any(_is_scheduled(call, name) for name in found):
        return Refusal(NOT_FOUND, "job-known", "no scheduled message of this jobkey; the code is unproved")
    call.world.state.setdefault("deleted jobs", set()).update(found)
    return accepted(call, reason="Success", rule="job-deleted")


def recall(kind: str, *, several: bool = True) -> Answer:
    """``/v3/message/…/revoke``. That it takes the fields of V1, and several packages as all of v3, is expected, not
    verified."""

    def answer(call: Call, app: App, fields: Fields) -> Act | Refusal:
        refusal = packages(call, app, fields, several=several) or in_range(fields, "notify_id", -(2**31), 2**31 - 1)
        if refusal is not None:
            return refusal
        name = _RECALLED.get(kind, "")
        if name and not fields.many(name):
            return blank(name, KINDS[kind].empty)
        return accepted(call, reason="Success", rule="recalled")

    return answer


def old_recall(kind: str) -> Answer:
    """V1 and V2, until the end of November 2026; what they answer afterwards is unproved."""
    current = recall(kind, several=False)

    def answer(call: Call, app: App, fields: Fields) -> Act | Refusal:
        if call.now >= RECALL_ENDS:
            return Refusal(NO_PATH, "retired", "switched off on 2026-12-01; what it answers now is unproved")
        call.note("This version of the recall is switched off on 2026-12-01.")
        return current(call, app, fields)

    return answer


def _job(call: Call, fields: Fields) -> Refusal | None:
    if not fields.one("job_id"):
        return blank("job_id")
    if _is_scheduled(call, fields.one("job_id")):
        return None
    return Refusal(NOT_FOUND, "job-known", "no scheduled message has this id; the code is unproved")


def _is_scheduled(call: Call, name: str) -> bool:
    told = ids.told(name)
    deleted: set[str] = call.world.state.get("deleted jobs", set())
    return told is not None and told.fate == ids.SCHEDULED and name not in deleted
