"""Receipts: what Meizu posts of a push later, about once a second, to the address in ``extra.callback``.

A form with ``cb``, the JSON ``{"<msgId>-<type>": {"param", "type", "targets"}}``, and ``access_token``, the token that
was set in the console (MEIZUPUSH/PushAPI:README.md, 消息送达与回执). ``pushctl explain --call receipt`` reads them. The
token is a secret: nothing here repeats it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pushctl.core.answers import from_entry, json_object, one_line, somebody_else, unlisted
from pushctl.core.message import Target
from pushctl.core.verdict import Judgement, Verdict
from pushctl.vendors import _tokens

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.wire import Response

_ROW = re.compile(r"(.+)-(\d+)", re.ASCII | re.DOTALL)
_CB = re.compile(r"(?:^|[&?\s])cb=\s*(?=\{)")
_REQUEST = re.compile(r"POST \S+ HTTP/")
_TOKEN = re.compile(rb"(access_?token\W{0,3}[=:]\W{0,3})[^&\s\"']+", re.IGNORECASE)


def callback(body: bytes) -> Mapping[str, Any] | None:
    """What is under ``cb``: of a form as it is posted, of one that a log decoded, of JSON that keeps the two fields, or
    the object alone. None for anything else."""
    text = body.decode("utf-8", "replace").strip()
    if _REQUEST.match(text):  # a whole HTTP request, as a receiver logs it
        text = re.split(r"\r?\n\r?\n", text, maxsplit=1)[-1]
    found = json_object(text)
    if found is not None:
        inner = found.get("cb", found)
        found = json_object(inner) if isinstance(inner, str) else inner
    else:
        found = json_object(dict(parse_qsl(text)).get("cb", "")) or _decoded(text)
    return found if isinstance(found, dict) and any(True for _ in _rows(found)) else None


def _decoded(text: str) -> Any:
    """``cb={…}&access_token=…`` whose JSON is not percent-encoded; None where there is none."""
    start = _CB.search(text)
    try:
        return json.JSONDecoder().raw_decode(text, start.end())[0] if start else None
    except (ValueError, RecursionError):
        return None


def judge(reply: Response, targets: tuple[Target, ...] | None, catalogue: Catalogue, stranger: str) -> list[Verdict]:
    """One verdict per message, type and target, in order; with ``targets`` one per target, the last word on each.

    :param stranger: the code for a body that is none of Meizu's.
    """
    told = callback(reply.body)
    if told is None:
        nothing = somebody_else(stranger, reply.status, _TOKEN.sub(rb"\1$HIDDEN", reply.body), catalogue)
        return [Verdict(target, nothing) for target in targets or (None,)]
    verdicts = [one for key, row in _rows(told) for one in _verdicts(key, row, catalogue)]
    if targets is None:
        return verdicts
    by_value = {verdict.target.value: verdict for verdict in verdicts if verdict.target}
    missing = Judgement("unknown", "receipt/none", None, detail="The receipt does not speak of this target.")
    return [
        Verdict(target, known.says, known.message_id, known.facts)
        if (known := by_value.get(target.value))
        else Verdict(target, missing)
        for target in targets
    ]


def _rows(told: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries that are receipts: ``<msgId>-<type>`` with targets."""
    for key, row in told.items():
        if _ROW.fullmatch(key) and isinstance(row, dict) and isinstance(row.get("targets"), list):
            yield key, row


def _verdicts(key: str, row: Mapping[str, Any], catalogue: Catalogue) -> list[Verdict]:
    matched = _ROW.fullmatch(key)
    message_id, kind = (matched[1], matched[2]) if matched else (key, "")
    if isinstance(row.get("type"), int | str) and not isinstance(row["type"], bool) and str(row["type"]).strip():
        kind = str(row["type"]).strip()
    entry = catalogue.find(f"receipt/{kind}")
    if entry is not None:
        says = from_entry(entry, None)
    else:
        says = unlisted(f"receipt/{kind}", None, f"The receipt has the type {one_line(kind)!r}.", "target")
    param = row.get("param")
    facts = (("param", one_line(str(param))),) if isinstance(param, str | int) and param != "" else ()
    named = [item for item in row["targets"] if isinstance(item, str) and item]
    return [Verdict(target_of(value), says, message_id, facts) for value in named] or [
        Verdict(None, says, message_id, facts)
    ]


def target_of(value: str, code: str = "") -> Target:
    """A target that an answer or a receipt names: they say neither pushId nor alias, so the code and the shape tell."""
    is_token = _tokens.own(value, "meizu") or re.fullmatch(r"[0-9a-f]{32}", value)
    return Target("token" if is_token or code in _OF_PUSH_IDS else "alias", value)


_OF_PUSH_IDS = frozenset({"110002", "110003", "110010"})
