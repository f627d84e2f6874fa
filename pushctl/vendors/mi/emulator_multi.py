"""A message of its own for each target: ``POST /v2/multi_messages/regids|aliases|user_accounts``.

``messages`` is a JSON array of ``{"target": …, "message": {…}}`` (the SDK's ``TargetedMessage``). Over the day's amount
there is no 200001: the answer is ok, and ``channel_exceed_quota`` counts what was dropped, by channel. That the first
wrong message refuses the call, and which code broken JSON has, is unproved.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi import emulator_classes as classes
from pushctl.vendors.mi import emulator_message as message
from pushctl.vendors.mi import emulator_scenarios as scenarios
from pushctl.vendors.mi.emulator_access import packages, too_fast
from pushctl.vendors.mi.emulator_answers import BAD_REGIDS, NO_TARGETS, QUOTA, accepted, refused
from pushctl.vendors.mi.emulator_checks import blank, wrong
from pushctl.vendors.mi.emulator_form import Fields, fields_of, fields_of_message
from pushctl.vendors.mi.emulator_ids import DELIVERED
from pushctl.vendors.mi.emulator_send import (
    KINDS,
    MOST_TARGETS,
    Delivery,
    acting,
    fate_of,
    phone_of,
    remember,
    sort_out,
)

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_classes import Klass
    from pushctl.vendors.mi.emulator_credentials import App

FORM = "22100"
NO_CHANNEL = "no_channel"
OF_PATH: Mapping[str, str] = {"regids": "regid", "aliases": "alias", "user_accounts": "user_account"}
Entry = tuple[str, Fields]


def send_each(call: Call, app: App, name: str) -> Act:
    """Answer a call with a message for each target; ``name`` is the last part of its path."""
    fields = fields_of(call)
    if isinstance(fields, Refusal):
        return refused(call, fields)
    entries = too_fast(call, app) or _entries(fields)
    checked = entries if isinstance(entries, Refusal) else _checked(call, app, entries)
    if isinstance(checked, Refusal):
        return refused(call, checked)
    run = scenarios.BOOK.of(call.world)
    used_up = run is not None and run.act.get("answer") == QUOTA
    forced = None if used_up else scenarios.forced(call, "checked")
    return forced or _deliver(call, app, OF_PATH[name], checked, used_up=used_up)


def _entries(fields: Fields) -> list[Entry] | Refusal:
    text = fields.one("messages")
    if not text:
        return blank("messages")
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list) or not rows:
        return wrong("messages", "must be a JSON array", FORM)
    if len(rows) > MOST_TARGETS:
        return wrong("messages", f"has {len(rows)} messages and may have {MOST_TARGETS}")
    later = tuple(pair for pair in fields.pairs if pair[0] == "time_to_send")
    entries = [_entry(row, later) for row in rows]
    found = [entry for entry in entries if entry is not None]
    return found if len(found) == len(rows) else wrong("messages", "must have a target and a message in each", FORM)


def _entry(row: Any, later: tuple[tuple[str, str], ...]) -> Entry | None:
    if not isinstance(row, dict) or not isinstance(row.get("target"), str) or not row["target"].strip():
        return None
    fields = fields_of_message(row.get("message"))
    return None if fields is None else (row["target"], Fields((*fields.pairs, *later)))


def _checked(call: Call, app: App, entries: list[Entry]) -> list[tuple[str, Fields, Klass]] | Refusal:
    checked = []
    for target, fields in entries:
        refusal = packages(call, app, fields, several=False) or message.check(call, fields)
        klass = refusal or classes.class_of(call, app, fields)
        if isinstance(klass, Refusal):
            return klass
        checked.append((target, fields, klass))
    return checked


def _deliver(call: Call, app: App, name: str, entries: list[tuple[str, Fields, Klass]], *, used_up: bool) -> Act:
    kind, targets = KINDS[name], [target for target, _, _ in entries]
    one = acting(kind.field, targets)
    quota_phone = one is not None and one.act.get("answer") == QUOTA
    performed = scenarios.enact(call, one) if one is not None and not quota_phone else None
    if performed is not None:
        return scenes.flavoured(performed, one)
    listing = kind.field == "registration_id"
    partial = listing and scenarios.is_partial(scenarios.BOOK.of(call.world), one)
    bad, _ = sort_out(call, app, kind.field, targets, partial)
    good = [entry for entry in entries if entry[0] not in bad]
    if not good and not partial:
        return refused(call, Refusal(NO_TARGETS, "targets", f"{len(bad)} of {len(bad)} targets are none."))
    result, over = _sent(call, app, kind.field, good, used_up=used_up or quota_phone)
    last = (good or entries)[-1]
    data: dict[str, Any] = {"id": remember(call, app, kind.letter, last[2], last[1], Delivery(bad, result))}
    data |= {"channel_exceed_quota": " ".join(f"{each}:{count}" for each, count in over.items())} if over else {}
    data |= {"bad_regids": ",".join(bad)} if bad and listing else {}
    code = BAD_REGIDS if bad and listing else None
    info = f"Received push messages for {max(len(good), 1)} {kind.word}"
    return scenes.flavoured(accepted(call, data, info=info, rule="targets" if bad else "accepted", code=code), one)


def _sent(
    call: Call, app: App, field: str, entries: list[tuple[str, Fields, Klass]], *, used_up: bool
) -> tuple[list[str], Counter[str]]:
    """Every message's fate, and how many were dropped for the day's amount, by channel."""
    fates, over = [], Counter[str]()
    for target, fields, klass in entries:
        if klass.a_day is not None and (used_up or classes.exhausted(call, app, klass)):
            over[fields.extra_of("channel_id") or NO_CHANNEL] += 1
            continue
        phone = phone_of(field, target) or ""
        fates.append(fate_of(call, app, klass, fields, phone))
        classes.acked(call.world, app, klass, int(fates[-1] == DELIVERED))
    if over:
        call.note(f"{sum(over.values())} messages are over the day's amount and dropped; the code is 0 all the same.")
    return fates, over
