"""What can be asked: status of messages, the day's amount, counters, what a regid has, whether it is online or valid.

Seen: the status of a message and the counters (isayme/xiaomi-push:test/xiaomi-mocker.js). Not seen, and unproved here:
the fields of the amount, of presence and of validation; what a call says of a regid that is none (a push's code).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import CHINA_S, Refusal, counted
from pushctl.vendors.mi import emulator_classes as classes
from pushctl.vendors.mi import emulator_handsets as handsets
from pushctl.vendors.mi import emulator_ids as ids
from pushctl.vendors.mi import emulator_scenarios as scenarios
from pushctl.vendors.mi.emulator_access import often, packages
from pushctl.vendors.mi.emulator_answers import NO_TARGETS, QUOTA, accepted, refused
from pushctl.vendors.mi.emulator_checks import blank, number, wrong
from pushctl.vendors.mi.emulator_form import Fields, fields_of

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_credentials import App

Answer = Callable[["Call", "App", Fields], "Act | Refusal"]

NOT_FOUND, TOO_OFTEN = "65028", "10039"
SETTLE_S = 3
"""Right after sending there is nothing to read; how long that lasts is unproved."""
SPAN_DAYS = 30


def ask(call: Call, app: App, answer: Answer) -> Act:
    """Answer a question."""
    fields = fields_of(call)
    if isinstance(fields, Refusal):
        return refused(call, fields)
    forced = scenarios.forced_ask(call)
    act = forced or answer(call, app, fields)
    return refused(call, act) if isinstance(act, Refusal) else act


def message_status(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v1/trace/message/status``: of one message, or of those of a jobkey (that this is a list is unproved)."""
    name, jobkey = fields.one("msg_id"), fields.one("job_key")
    if jobkey:
        rows = [each for each, row in _sent(call).items() if (row["app"], row["jobkey"]) == (app.app_id, jobkey)]
        if not rows:
            return Refusal(NOT_FOUND, "jobkey-known", "no message of this jobkey; the code is likely, unproved")
        return accepted(call, {"data": [_status(call, each) for each in rows]}, rule="status")
    if not name:
        return blank("msg_id")
    if ids.told(name) is None:
        return Refusal(NOT_FOUND, "message-known", "no message of the sandbox; the code is likely, unproved")
    return accepted(call, {"data": _status(call, name)}, rule="status")


def statuses(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v1/trace/messages/status``: of a span of time; what this process of the sandbox has sent."""
    begin, end = (number(fields.one(name), 0, 10**14) for name in ("begin_time", "end_time"))
    if begin is None or end is None or begin > end:
        return wrong("begin_time", "and end_time must be times in ms, one after the other")
    found = [name for name, row in _sent(call).items() if row["app"] == app.app_id and begin <= _made(name) <= end]
    return accepted(call, {"data": [_status(call, name) for name in found]}, rule="status")


def quota(call: Call, app: App, fields: Fields) -> Act | Refusal:  # noqa: ARG001 - it has no parameter
    """``/v1/trace/quota/get``: the amount of public messages, one call a second."""
    if often(call, f"quota of {app.app_id}") > 1 and call.world.strict:
        return Refusal(TOO_OFTEN, "quota-rate", "more than one call a second; the code is likely, unproved")
    most, run = classes.PUBLIC.a_day or 0, scenarios.BOOK.of(call.world)
    used_up = run is not None and run.act.get("answer") == QUOTA
    done = most if used_up else classes.acked(call.world, app, classes.PUBLIC)
    return accepted(call, {"day_quota": str(most), "day_acked": str(done)}, rule="quota")


def counters(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v1/stats/message/counters``: a row per day, both ends included; fewer than 30 days."""
    refusal = packages(call, app, fields, several=False)
    if refusal is not None:
        return refusal
    start, end = _day(fields.one("start_date")), _day(fields.one("end_date"))
    if start is None or end is None:
        return wrong("start_date", "and end_date must be days as yyyyMMdd")
    span = (end - start).days + 1
    if not 0 < span < SPAN_DAYS:
        return wrong("start_date", f"and end_date must be fewer than {SPAN_DAYS} days")
    days = (start + timedelta(days=each) for each in range(span))
    return accepted(call, {"data": [_counted(call, app, day) for day in days]}, rule="counters")


def aliases(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v1/alias/all`` and ``/v1/account/all``: each phone has the name of its scenario."""
    refusal = _one_regid(call, app, fields)
    return refusal or accepted(call, {"list": [handsets.alias_of(fields.one("registration_id"))]}, rule="list")


def topics(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v1/topic/all``: those that this process of the sandbox knows."""
    refusal = _one_regid(call, app, fields)
    subscribed: dict[str, list[str]] = call.world.state.get("topics", {})
    return refusal or accepted(call, {"list": subscribed.get(fields.one("registration_id"), [])}, rule="list")


def presence(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v1/regid/presence``: of one."""
    refusal = _one_regid(call, app, fields)
    return refusal or accepted(call, {"status": _online(fields.one("registration_id"))}, rule="presence")


def presences(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``/v2/regid/presence``, and v3: of several."""
    refusal = packages(call, app, fields, several=True)
    regids = fields.many("registration_id")
    if refusal is not None or not regids:
        return refusal or blank("registration_id")
    good, bad = _sorted(app, regids)
    if not good:
        return Refusal(NO_TARGETS, "targets")
    rows = [{"registration_id": regid, "status": _online(regid)} for regid in good]
    return accepted(call, {"list": rows, **_listed(bad)}, rule="presence")


def validation(call: Call, app: App, fields: Fields) -> Act | Refusal:
    """``POST /v1/validation/regids``; the SDK repeats the field."""
    regids = fields.many("registration_ids")
    if not regids:
        return blank("registration_ids")
    good, bad = _sorted(app, regids)
    return accepted(call, {"list": good, **_listed(bad)}, rule="validation")


def _sent(call: Call) -> dict[str, dict[str, Any]]:
    sent: dict[str, dict[str, Any]] = call.world.state.get("sent", {})
    return sent


def _made(name: str) -> int:
    told = ids.told(name)
    return told.created_ms if told is not None else 0


def _status(call: Call, name: str) -> dict[str, Any]:
    told = ids.told(name) or ids.Told("s", ids.DELIVERED, 0, 0, 0)
    readable = told.fate != ids.SCHEDULED and call.now * 1000 - told.created_ms >= SETTLE_S * 1000
    resolved = told.resolved if readable else 0
    delivered = told.resolved - told.lost if readable else 0
    kept = _sent(call).get(name, {}).get("ttl_s", classes.PUBLIC.ttl_ms // 1000)
    made = datetime.fromtimestamp(told.created_ms / 1000 + CHINA_S, UTC)
    lost = {"bar_closed": ids.BAR_CLOSED, "device_condition_unmatch": ids.UNMATCHED}
    return {
        "create_time": f"{made:%Y-%m-%d %H:%M:%S}",
        "create_timestamp": told.created_ms,
        "time_to_live": f"{kept}s",
        "msg_type": "Common",
        "id": name,
        "resolved": resolved,
        "delivered": delivered,
        "delivery_rate": f"{100 * delivered // resolved if resolved else 0}%",
        "click": 0,
        "click_rate": "0%",
        "invalid_target": 0,
        "app_not_register": 0,
        "raw_counter": 0,
        **{field: told.lost if readable and told.fate == fate else 0 for field, fate in lost.items()},
    }


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _counted(call: Call, app: App, day: date) -> dict[str, Any]:
    """Of today what this process of the sandbox has delivered, of any other day nothing."""
    today = (datetime.fromtimestamp(call.now + CHINA_S, UTC)).date()
    done = 0
    if day == today:
        done = sum(counted(call.world, f"acked {name} {app.app_id}", 0) for name in ("private", "public", "default"))
    names = ("alias_recipients", "useraccount_recipients", "broadcast_recipients", "click")
    row = {"date": f"{day:%Y%m%d}", "regid_recipients": done, "single_recipients": done, "received": done}
    return row | dict.fromkeys(names, 0)


def _one_regid(call: Call, app: App, fields: Fields) -> Refusal | None:
    refusal = packages(call, app, fields, several=False)
    regid = fields.one("registration_id")
    if refusal is not None or not regid:
        return refusal or blank("registration_id")
    known = handsets.reason_of(regid, app) != "dead"
    return None if known else Refusal(NO_TARGETS, "targets", "no regid of this app; the code is likely, unproved")


def _sorted(app: App, regids: list[str]) -> tuple[list[str], list[str]]:
    dead = [regid for regid in regids if handsets.reason_of(regid, app) == "dead"]
    return [regid for regid in regids if regid not in dead], dead


def _listed(bad: list[str]) -> dict[str, str]:
    return {"bad_regids": ",".join(bad)} if bad else {}


def _online(regid: str) -> str:
    scenario = handsets.PHONES.scenario_of(regid)
    return "offline" if scenario is not None and scenario.act.get("reason") == "offline" else "online"
