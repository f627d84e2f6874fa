"""Receipts: what Mi Push posts later to the address that a message named in ``extra.callback``.

A form with one field, ``data``: JSON with the message's id as key (dev.mi.com pId=1656 has one, of type 128)::

    {"axo00546585203029498oV": {"param": "…", "type": 128, "targets": "alias1,alias2", "jobkey": "…",
     "barStatus": "Enable", "timestamp": 1585203103625, "extra": {"ack": "…", "quota": "…"}}}

Read are the form, its ``data`` alone (one production receiver decodes it twice, so it may be percent-encoded still),
and an object with ``data`` in it, as loggers write a form down. Types and fields also:
masastack/MASA.MC: MiReceiptStatusDto.cs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus

from pushctl.core.answers import from_entry, json_object, one_line, somebody_else, unlisted, utc_of
from pushctl.core.message import Target
from pushctl.core.verdict import Judgement, Verdict
from pushctl.vendors.mi.judge import CATALOGUE, NOT_MI
from pushctl.vendors.mi.message_ids import addressed

if TYPE_CHECKING:
    from pushctl.core.wire import Response

Facts = tuple[tuple[str, str], ...]
_NAMES = ("param", "jobkey", "barStatus", "errorCode")
_DELIVERED, _OVER_QUOTA = "receipt/1", "receipt/128"


def is_receipt(document: Mapping[str, Any] | None) -> bool:
    """Whether this is what a receipt posts: message ids, each with a type and targets, perhaps inside ``data``."""
    return bool(rows_of(document))


def rows_of(document: Mapping[str, Any] | None) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Message id and receipt, for each message; () for anything else."""
    if document is None:
        return ()
    inner = document.get("data")
    if len(document) == 1 and inner is not None:
        document = inner if isinstance(inner, dict) else (json_object(inner) or {}) if isinstance(inner, str) else {}
    rows = tuple((key, row) for key, row in document.items() if isinstance(row, dict) and "type" in row)
    whole = rows and len(rows) == len(document)
    return rows if whole and all("targets" in row and not _is_of_meizu(key, row) for key, row in rows) else ()


def _is_of_meizu(key: str, row: Mapping[str, Any]) -> bool:
    """Meizu's receipts are much alike: ``{"<msgId>-<type>": {"type": 1, "targets": ["…"]}}``."""
    return isinstance(row["targets"], list) and key.endswith(f"-{row['type']}")


def judge(reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per message and target, in order; with ``targets`` one per target, the last receipt of each.

    A type is looked up as ``receipt/<number>``.
    """
    verdicts = [one for key, row in rows_of(_document(reply.body)) for one in _of_row(key, row)]
    if targets is None and verdicts:
        return verdicts
    if not verdicts:
        nothing = somebody_else(NOT_MI, reply.status, reply.body, CATALOGUE)
        return [Verdict(target, nothing) for target in targets or (None,)]
    by_target = {verdict.target.value: verdict for verdict in verdicts if verdict.target}
    return [
        replace(by_target[target.value], target=target) if target.value in by_target else Verdict(target, _NOT_REPORTED)
        for target in targets or ()
    ]


_NOT_REPORTED = Judgement("unknown", "receipt/none", None, detail="The receipt does not speak of this target.")


def _document(body: bytes) -> Mapping[str, Any] | None:
    """The JSON in a body: as it is, in a form's ``data``, or percent-encoded."""
    if (found := json_object(body)) is not None:
        return found
    text = body.decode("utf-8", "replace").strip()
    data = next((value for name, value in parse_qsl(text, keep_blank_values=True) if name == "data"), text)
    for candidate in (data, unquote_plus(data), unquote_plus(unquote_plus(data))):
        if (found := json_object(candidate)) is not None:
            return found
    return None


def _of_row(message_id: str, row: Mapping[str, Any]) -> list[Verdict]:
    says = _says(row)
    facts = _facts(row)
    replaced = row.get("replaceTarget")
    news: Mapping[str, Any] = replaced if isinstance(replaced, dict) else {}
    targets = row.get("targets")
    values = targets.split(",") if isinstance(targets, str) else targets if isinstance(targets, list) else []
    found = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    return [
        Verdict(
            Target(addressed(message_id), value) if value else None,
            says,
            message_id,
            (*facts, *((("replaceTarget", one_line(str(news[value]), 200)),) if value in news else ())),
        )
        for value in found or [""]
    ]


def _says(row: Mapping[str, Any]) -> Judgement:
    kind = row.get("type")
    number = str(kind).strip() if isinstance(kind, int | str) and not isinstance(kind, bool) else ""
    entry = CATALOGUE.find(f"receipt/{number}")
    if entry is None:
        detail = f"The receipt has the type {one_line(number or repr(kind))}, which is not in the catalogue."
        return unlisted(f"receipt/{number or 'none'}", None, detail, "target")
    return from_entry(entry, None, _detail(entry.code, row))


def _detail(code: str, row: Mapping[str, Any]) -> str:
    """What this receipt adds: that notifications are off on the device, or how much of the quota is used."""
    if code == _DELIVERED and row.get("barStatus") == "Disable":
        return "Nothing was shown: the app's notifications are off (barStatus Disable, medium confidence)."
    extra = row.get("extra")
    if code == _OVER_QUOTA and isinstance(extra, dict) and {"ack", "quota"} <= extra.keys():
        return f"{one_line(str(extra['ack']))} of {one_line(str(extra['quota']))} are delivered today."
    return ""


def _facts(row: Mapping[str, Any]) -> Facts:
    facts = [(name, one_line(str(row[name]))) for name in _NAMES if isinstance(row.get(name), str | int)]
    if when := utc_of(row.get("timestamp")):
        facts.append(("timestamp", when))
    return tuple((name, value) for name, value in facts if value)
