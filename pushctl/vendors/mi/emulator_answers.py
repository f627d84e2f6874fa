"""What the emulated Mi Push answers, as values: envelopes with their ids, and the acts that carry them.

Every answer with a body has HTTP 200 and one of two shapes (bodies in isayme/xiaomi-push:test/xiaomi-mocker.js, an
answer dumped by a PHP client, and reports in issues). ``description`` is the fixed Chinese text of the code, as far as
the catalogue has it; ``reason`` is Xiaomi's own where one was seen, else the emulator's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act
from pushctl.core.emulated_http import date, json_response
from pushctl.core.wire import Response
from pushctl.vendors.mi.emulator_credentials import OWN
from pushctl.vendors.mi.emulator_ids import trace_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.emulated_calls import Call, Refusal

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
ACCEPTED = "0"
BAD_REGIDS = "data.bad_regids"
BLANK, VALUE, MIME, NO_PATH, NO_METHOD = "10016", "10017", "10007", "10020", "10021"
NO_TARGETS = "20301"
QUOTA, RATE = "200001", "200002"
CHANNEL = "27001"

_PLACES = {"<AppId>": OWN.app_id, "<N>": "20000", "<M>": "20000"}
"""What stands in a reason that the catalogue knows as a pattern."""


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal: an envelope, or a status with an empty body."""
    note = " ".join(filter(None, (refusal.note, *call.notes)))
    if refusal.code.startswith("http/"):
        entry = CATALOGUE.find(refusal.code)
        status = (entry.http_status if entry is not None else None) or 500
        response = Response(status, (date(call.world),))
    else:
        response = json_response(call.world, 200, _error(call, refusal))
    return Act(response, rule=refusal.rule, code=refusal.code, note=note)


def accepted(
    call: Call,
    data: Mapping[str, Any] | None = None,
    *,
    info: str = "",
    reason: str = "",
    rule: str = "accepted",
    code: str | None = None,
) -> Act:
    """The answer ``ok``.

    :param code: the catalogue's code that the answer says all the same (:data:`BAD_REGIDS`).
    """
    document: dict[str, Any] = {"result": "ok"}
    document |= {"reason": reason} if reason else {}
    document |= {"trace_id": trace_id(call), "code": 0}
    document |= {"data": data} if data is not None else {}
    document |= {"description": "成功"}
    document |= {"info": info} if info else {}
    return Act(json_response(call.world, 200, document), rule=rule, code=code, note=" ".join(call.notes))


def _error(call: Call, refusal: Refusal) -> dict[str, Any]:
    entry = CATALOGUE.find(refusal.code)
    reason = refusal.msg or (_known(entry.match[0]) if entry is not None and entry.match else "")
    reason = reason or (entry.name if entry is not None else "")
    document = {"result": "error", "reason": reason, "trace_id": trace_id(call), "code": int(refusal.code)}
    return document | ({"description": entry.term} if entry is not None and entry.term else {})


def _known(pattern: str) -> str:
    for place, value in _PLACES.items():
        pattern = pattern.replace(place, value)
    return pattern
