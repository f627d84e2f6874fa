"""Receipts: what OPPO posts to the ``call_back_url`` of a message: an array of events (open.oppomobile.com, document
11239). ``pushctl explain --call receipt`` reads them.

One event can speak of several registration ids, joined by commas; messages with the same address can share a call.
Receipts are not signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import from_entry, one_line, somebody_else, utc_of
from pushctl.core.message import Target
from pushctl.core.verdict import Judgement, Verdict
from pushctl.vendors.oppo.judge import CATALOGUE, NOT_OPPO

if TYPE_CHECKING:
    from pushctl.core.wire import Response

_OTHER = "receipt/other"


def is_receipt(body: bytes) -> bool:
    """Whether this is the body of a receipt call: an array of events, or one event; no answer of the API is."""
    return bool(_events(body))


def judge(reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per event and id, in order; with ``targets`` one per target, the last event of each."""
    told = [verdict for event in _events(reply.body) for verdict in _verdicts(event)]
    if not told:
        nothing = somebody_else(NOT_OPPO, reply.status, reply.body, CATALOGUE)
        return [Verdict(target, nothing) for target in targets or (None,)]
    if targets is None:
        return told
    by_target = {verdict.target: verdict for verdict in told}
    silent = Judgement("unknown", "receipt/none", None, detail="The receipt does not speak of this target.")
    return [by_target.get(target, Verdict(target, silent)) for target in targets]


def _events(body: bytes) -> list[Mapping[str, Any]]:
    """The events of a body; an array that is wrapped in a JSON string, as some gateways have it, is opened once."""
    try:
        document = json.loads(body)
        if isinstance(document, str):
            document = json.loads(document)
    except (ValueError, RecursionError):
        return []
    rows = document if isinstance(document, list) else [document]
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("eventType"), str)]


def _verdicts(event: Mapping[str, Any]) -> Iterator[Verdict]:
    says, facts = _says(event["eventType"].strip()), tuple(_facts(event))
    message_id = _text(event.get("messageId")) or None
    listed = event.get("registrationIds")
    values = [value.strip() for value in listed.split(",")] if isinstance(listed, str) else []
    for value in [value for value in values if value] or [""]:
        yield Verdict(Target("token", value) if value else None, says, message_id, facts)


def _says(event: str) -> Judgement:
    entry = CATALOGUE.find(f"receipt/{event}")
    if entry is not None and entry.code != _OTHER:
        return from_entry(entry, None)
    other = CATALOGUE.find(_OTHER)
    detail = f"The event is {one_line(event)!r}."
    return Judgement("unknown", f"receipt/{one_line(event)}", None, detail=detail, entry=other)


def _facts(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What else an event says, in OPPO's names; ``appId`` is also seen as ``appid``."""
    for name in ("taskId", "param", "appId", "appid"):
        if text := _text(event.get(name)):
            yield name, one_line(text)
    if when := utc_of(event.get("eventTime")):
        yield "eventTime", when


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
