"""What vivo posts back to an app's server: what became of a push on its way, an object keyed by the task::

    {"<taskId>": {"targets": "<regId>[,<regId>…]", "param": "…", "ackTime": 1700000000123, "ackType": "0",
                  "subAckType": "…"}}

Without an ``ackType``, as in the old form, and with 0 it is delivered; any other was not, and ``subAckType`` says why
(masastack/MASA.MC: MessageReceiptCommandHandler.cs; the old form: doit05/push_sdks:vivopush/client.go). There are no
receipts of clicks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

from pushctl.core.answers import from_entry, json_object, one_line, somebody_else, unlisted
from pushctl.core.message import Target
from pushctl.core.verdict import Judgement, Verdict
from pushctl.vendors.vivo.judge import CATALOGUE, NOT_VIVO

if TYPE_CHECKING:
    from pushctl.core.wire import Response

_PREFIX = "receipt/"
_DELIVERED = ("", "0")
_OTHER = f"{_PREFIX}other"


def is_receipt(document: Mapping[str, Any] | None) -> TypeGuard[Mapping[str, Any]]:
    """Whether a body has the form: objects with targets, and nothing that an answer has. Mi's and Meizu's receipts are
    much alike, and have a ``type``."""
    if not document or "result" in document:
        return False
    return all(isinstance(row, dict) and "targets" in row and "type" not in row for row in document.values())


def judge(reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per device of each task; with ``targets`` those of theirs, one each, in their order."""
    document = json_object(reply.body)
    if not is_receipt(document):
        says = somebody_else(NOT_VIVO, reply.status, reply.body, CATALOGUE)
        return [Verdict(target, says, None, (), reply.ms) for target in targets or (None,)]
    found = [verdict for task, row in document.items() for verdict in _of_task(task, row, reply)]
    if targets is None:
        return found
    known = {verdict.target.value: verdict for verdict in found if verdict.target}
    silent = Judgement("unknown", "receipt/none", None, detail="The receipt does not speak of this target.")
    return [
        Verdict(one, known[one.value].says, known[one.value].message_id, known[one.value].facts, reply.ms)
        if one.value in known
        else Verdict(one, silent, None, (), reply.ms)
        for one in targets
    ]


def _of_task(task: str, row: Mapping[str, Any], reply: Response) -> Iterator[Verdict]:
    says, facts = _says(row, reply.status), tuple(_facts(row))
    ids = row.get("targets")
    listed = ids if isinstance(ids, list) else str(ids).split(",")
    named = [str(one).strip() for one in listed if isinstance(one, str | int) and str(one).strip()]
    for one in named or [""]:
        yield Verdict(Target("token", one) if one else None, says, task, facts, reply.ms)


def _says(row: Mapping[str, Any], status: int) -> Judgement:
    """The finer reason where it is known, else the kind."""
    kind, reason = _plain(row.get("ackType")), _plain(row.get("subAckType"))
    if kind in _DELIVERED:
        return _of(f"{_PREFIX}0", status)
    told = f"It has ackType {one_line(kind)}{f', subAckType {one_line(reason)}' if reason else ''}."
    for code in (reason, kind):
        if code and code != "0" and CATALOGUE.find(_PREFIX + code):
            return _of(_PREFIX + code, status, told)
    return _of(_OTHER, status, told)


def _of(code: str, status: int, detail: str = "") -> Judgement:
    entry = CATALOGUE.find(code)
    return from_entry(entry, status, detail) if entry else unlisted(code, status, detail, "target")


def _facts(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("ackTime", "param"):
        if value := _plain(row.get(name)):
            yield name, one_line(value, 200)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return ""
    return str(value).strip() if isinstance(value, str | int) else ""
