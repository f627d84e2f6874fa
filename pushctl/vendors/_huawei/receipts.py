"""Receipts: what Huawei reports of an accepted push later, to the address that AppGallery Connect has of the app.

V2 nests (``deliveryStatus.result``, or ``formStatus.result`` of a widget), V1 is flat (``status``); both list up to
100 under ``statuses`` (HMSCore-Guides/msg-receipt-guide-0000001050040176, harmonyos-guides/push-msg-receipt; the V1
fields have one source). ``pushctl explain --call receipt`` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import from_entry, json_object, one_line, somebody_else, unanswered, unlisted, utc_of
from pushctl.core.message import Target
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Response
from pushctl.vendors._huawei.statuses import NOT_HUAWEI

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue

HELD = frozenset({"receipt/22", "receipt/27", "receipt/51"})
"""Neither delivered nor lost: the device has the message, and shows it or hands it over when its user is back, the app
runs, or the device is unlocked."""
_NAMES = ("biTag", "pushType", "appPackageName", "appid")


def is_receipt(reply: Reply) -> bool:
    """Whether this is the body of a receipt call: it has ``statuses``, and no answer of the API has."""
    document = json_object(reply.body) if isinstance(reply, Response) else None
    return document is not None and isinstance(document.get("statuses"), list)


def judge(reply: Reply, targets: tuple[Target, ...] | None, catalogue: Catalogue) -> list[Verdict]:
    """One verdict per status, in order; with ``targets`` one per target, the last status of each.

    A result is looked up as ``receipt/<number>``. The message id is the ``requestId`` of the answer that accepted it.
    """
    if not isinstance(reply, Response):
        return [Verdict(target, unanswered(reply, catalogue)) for target in targets or (None,)]
    document = json_object(reply.body) or {}
    statuses = document.get("statuses")
    rows = [row for row in statuses if isinstance(row, dict)] if isinstance(statuses, list) else []
    verdicts = [_verdict(row, catalogue) for row in rows]
    if targets is None and verdicts:
        return verdicts
    if not verdicts:
        nothing = somebody_else(NOT_HUAWEI, reply.status, reply.body, catalogue)
        return [Verdict(target, nothing) for target in targets or (None,)]
    by_token = {verdict.target: verdict for verdict in verdicts}
    return [by_token.get(target, Verdict(target, _not_reported())) for target in targets or ()]


def _verdict(row: Mapping[str, Any], catalogue: Catalogue) -> Verdict:
    place = next((row[key] for key in ("deliveryStatus", "formStatus") if isinstance(row.get(key), dict)), row)
    result = place.get("result", place.get("status"))
    number = str(result).strip() if isinstance(result, int | str) and not isinstance(result, bool) else ""
    entry = catalogue.find(f"receipt/{number}")
    if entry is not None:
        says = from_entry(entry, None)
        says = held(says) if entry.code in HELD else says
    else:
        detail = f"The receipt has the result {one_line(number or repr(result))}, which is not in the catalogue."
        says = unlisted(f"receipt/{number or 'none'}", None, detail, "target")
    token, request_id = row.get("token"), row.get("requestId")
    facts = [(name, one_line(str(row[name]))) for name in _NAMES if isinstance(row.get(name), str | int)]
    if isinstance(place.get("formId"), str | int):
        facts.append(("formId", one_line(str(place["formId"]))))
    if when := utc_of(place.get("timestamp")):
        facts.append(("timestamp", when))
    return Verdict(
        Target("token", token) if isinstance(token, str) and token else None,
        says,
        str(request_id) if isinstance(request_id, str | int) and request_id else None,
        tuple(facts),
    )


def held(says: Judgement) -> Judgement:
    """What a receipt says of a message that the device keeps: nothing is decided, and no token is to blame."""
    return replace(says, outcome="unknown", category=None, token_dead=None)


def _not_reported() -> Judgement:
    return Judgement("unknown", "receipt/none", None, detail="The receipt does not speak of this token.")
