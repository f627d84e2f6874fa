"""Machine output: what ``pushctl help output`` promises, as plain dicts in a fixed key order.

Values are the vendor's own, whole and unshortened. A document says what a view says, and never less.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pushctl.core.secret import Pairs, shown
from pushctl.core.verdict import ExitCode
from pushctl.core.wire import Goaway, Lost, Reply, Request, Response
from pushctl.output.advice import advise, advise_on
from pushctl.output.masking import safe_reply

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.errors import PushctlError
    from pushctl.core.finding import Finding
    from pushctl.core.report import Report, Result
    from pushctl.core.vendor import Answer
    from pushctl.core.verdict import Verdict

Document = dict[str, Any]

_ANSWERED = "The vendor did what it was asked."
_LONG = 4096  # bytes of a body that several rows can have without harm
_DEEPEST = 100  # levels of nesting; json.dumps recurses


def document(name: str, fields: Mapping[str, Any]) -> Document:
    """A document with its schema: ``{"schema": "pushctl/NAME/1", …}``."""
    return {"schema": f"pushctl/{name}/1", **fields}


def report_document(report: Report) -> Document:
    """``pushctl/result/1``."""
    rows = Rows()
    return document(
        "result",
        {
            "ok": report.exit_code is ExitCode.ACCEPTED,
            "exit_code": int(report.exit_code),
            "results": [rows.row(result) for result in report.results],
            "findings": [finding_row(finding) for finding in report.findings],
        },
    )


def error_document(error: PushctlError) -> Document:
    """Our own failure, as ``pushctl/result/1`` without results."""
    return document(
        "result",
        {"ok": False, "exit_code": int(error.exit_code), "results": [], "findings": [finding_row(error.finding())]},
    )


def summary_document(report: Report, counts: Mapping[str, int] | None = None) -> Document:
    """``pushctl/summary/1``, the last line of JSONL. ``counts`` by outcome, where the results were not kept."""
    if counts is None:
        counts = Counter(result.verdict.says.outcome for result in report.results)
    return document(
        "summary",
        {
            "ok": report.exit_code is ExitCode.ACCEPTED,
            "exit_code": int(report.exit_code),
            "interrupted": report.interrupted,
            "counts": {outcome: counts.get(outcome, 0) for outcome in ("accepted", "refused", "unknown")},
            "findings": [finding_row(finding) for finding in report.findings],
        },
    )


class Rows:
    """The rows of one document, or of one stream of lines. A long answer that decides many fates (a batch of a thousand
    has 100 kB) is written once: the rows behind the first have ``{"same_as": its place}``, counted from 0."""

    def __init__(self) -> None:
        self._first: dict[int, tuple[int, Reply]] = {}
        self._count = 0

    def row(self, result: Result) -> Document:
        """The next R."""
        place, self._count = self._count, self._count + 1
        if not isinstance(result.reply, Response) or len(result.reply.body) <= _LONG:
            return result_row(result)
        first, _ = self._first.setdefault(id(result.reply), (place, result.reply))
        return result_row(result, None if first == place else first)


def result_row(result: Result, same_as: int | None = None) -> Document:
    """One R of ``pushctl/result/1``.

    :param same_as: the place of the row that has the same answer; None writes it here.
    """
    verdict, says = result.verdict, result.verdict.says
    advice = advise(result)
    return {
        "vendor": result.vendor,
        "profile": result.profile,
        "environment": result.environment,
        "emulated": result.emulated,
        "kind": result.kind,
        "target": {"type": verdict.target.kind, "value": verdict.target.value} if verdict.target else None,
        "outcome": says.outcome,
        "sent": says.sent,
        "code": says.code or None,
        "http_status": says.http_status,
        "category": says.category,
        "token_dead": says.token_dead,
        "retryable": says.retryable,
        "retry_hint": advice.retry_hint,
        "message_id": verdict.message_id or (result.request.message_id if result.request else None),
        "summary": result.validated if result.validated and says.outcome == "accepted" else advice.sentence,
        "term": _term(says.entry),
        "causes": list(advice.causes),
        "fixes": list(advice.fixes),
        "explain": advice.explain,
        "confidence": says.entry.confidence if says.entry else None,
        "elapsed_ms": verdict.ms,
        "response": reply_object(safe_reply(result.request, result.reply)) if same_as is None else {"same_as": same_as},
    }


def finding_row(finding: Finding) -> Document:
    """One F."""
    return {
        "rule": finding.rule,
        "level": finding.level,
        "text": finding.text,
        "fix": finding.fix,
        "where": finding.where,
        "source": finding.source,
        "confidence": finding.confidence,
    }


def findings_document(findings: Sequence[Finding], exit_code: ExitCode = ExitCode.ACCEPTED) -> Document:
    """``pushctl/findings/1``: ``lint``, ``profile check``. An error among the findings makes the exit code 2."""
    if exit_code is ExitCode.ACCEPTED and any(finding.level == "error" for finding in findings):
        exit_code = ExitCode.USAGE
    return document(
        "findings",
        {
            "ok": exit_code is ExitCode.ACCEPTED,
            "exit_code": int(exit_code),
            "findings": [finding_row(finding) for finding in findings],
        },
    )


def requests_document(
    requests: Iterable[Request], findings: Iterable[Finding] = (), http_version: str | None = "2"
) -> Document:
    """``pushctl/request/1``: what a dry run would have sent, in order."""
    return document(
        "request",
        {
            "requests": [request_object(request, http_version) for request in requests],
            "findings": [finding_row(finding) for finding in findings],
        },
    )


def request_object(request: Request, http_version: str | None = "2") -> Document:
    """A request with its secrets as ``$NAME``. A JSON body as JSON, a form as its encoded text, none as null.

    :param http_version: None where the connection decides.
    """
    shown_body = request.body(reveal=False)
    return {
        "method": request.method,
        "url": request.target(reveal=False),
        "http_version": http_version,
        "headers": header_object(request.headers),
        "body": body_value(shown_body) if request.json is None else json.loads(shown_body),
    }


def reply_object(reply: Reply) -> Document | None:
    """``{"headers", "body"}``; for a GOAWAY its debug data is the body; None where nothing arrived."""
    match reply:
        case Lost():
            return None
        case Goaway():
            return {"headers": {}, "body": body_value(reply.debug)}
    return {"headers": header_object(reply.headers), "body": body_value(reply.body)}


def header_object(pairs: Pairs | tuple[tuple[str, str], ...]) -> Document:
    """Headers as an object in the order of the wire; a name that comes again holds a list."""
    headers: Document = {}
    for name, value in pairs:
        if name not in headers:
            headers[name] = shown(value)
        elif isinstance(headers[name], list):
            headers[name].append(shown(value))
        else:
            headers[name] = [headers[name], shown(value)]
    return headers


def body_value(data: bytes) -> Any:
    """A body as JSON carries it: parsed when it is JSON, else its text, ``{"base64": …}`` when it is no UTF-8 text,
    None when it is empty. What cannot be written back (NaN, 1e999, absurd nesting) stays text."""
    if not data:
        return None
    try:
        value = json.loads(data, parse_constant=_no_number, parse_float=_finite)
        if _is_shallow(value, _DEEPEST):
            return value
    except (ValueError, RecursionError):
        pass
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def answer_document(vendor: str, answer: Answer, *, environment: str | None = None, emulated: bool = False) -> Document:
    """``pushctl/answer/1``: what a question to the vendor (channel, topic, trace …) found out.

    ``facts`` is a list of names and values, in order: a name may come not at all, once, or often (``channel list``).
    ``results`` has a row for each target of a question about several (``topic subscribe``).
    """
    says, advice = answer.says, advise_on(answer.says)
    code = answer.exit_code
    summary = _ANSWERED if says.outcome == "accepted" else advice.sentence
    return document(
        "answer",
        {
            "ok": code is ExitCode.ACCEPTED,
            "exit_code": int(code),
            "vendor": vendor,
            "environment": environment,
            "emulated": emulated,
            "outcome": says.outcome,
            "sent": says.sent,
            "code": says.code or None,
            "http_status": says.http_status,
            "category": says.category,
            "retryable": says.retryable,
            "retry_hint": advice.retry_hint,
            "summary": summary,
            "term": _term(says.entry),
            "causes": list(advice.causes),
            "fixes": list(advice.fixes),
            "explain": advice.explain,
            "confidence": says.entry.confidence if says.entry else None,
            "facts": [{"name": name, "value": value} for name, value in answer.facts],
            "results": [verdict_row(verdict) for verdict in answer.verdicts],
            "findings": [finding_row(finding) for finding in answer.findings],
        },
    )


def verdict_row(verdict: Verdict) -> Document:
    """One target of a question about several."""
    says, advice = verdict.says, advise_on(verdict.says)
    return {
        "target": {"type": verdict.target.kind, "value": verdict.target.value} if verdict.target else None,
        "outcome": says.outcome,
        "code": says.code or None,
        "http_status": says.http_status,
        "category": says.category,
        "token_dead": says.token_dead,
        "retryable": says.retryable,
        "summary": _ANSWERED if says.outcome == "accepted" and says.entry is None else advice.sentence,
        "term": _term(says.entry),
        "explain": advice.explain,
        "confidence": says.entry.confidence if says.entry else None,
    }


def explain_document(
    entries: Iterable[Entry] = (),
    rules: Iterable[Mapping[str, Any]] = (),
    fields: Iterable[Mapping[str, Any]] = (),
    narrower: Iterable[Entry] = (),
) -> Document:
    """``pushctl/explain/1``: catalogue entries, lint rules and payload fields, the latter two as their files have
    them; ``narrower`` names the entries that a code is refined to."""
    return document(
        "explain",
        {
            "ok": True,
            "exit_code": 0,
            "entries": [entry_object(entry) for entry in entries],
            "rules": [dict(rule) for rule in rules],
            "fields": [dict(field) for field in fields],
            "narrower": [entry.id for entry in narrower],
        },
    )


def entry_object(entry: Entry) -> Document:
    """A catalogue entry."""
    return {
        "explain": entry.id,
        "vendor": entry.vendor,
        "code": entry.code,
        "name": entry.name,
        "http_status": entry.http_status,
        "outcome": entry.outcome,
        "category": entry.category,
        "token_dead": entry.token_dead,
        "retryable": entry.retryable,
        "retry_hint": entry.retry_hint,
        "summary": entry.summary,
        "term": _term(entry),
        "causes": list(entry.causes),
        "fixes": list(entry.fixes),
        "origin": entry.origin,
        "confidence": entry.confidence,
        "sources": list(entry.sources),
    }


def _term(entry: Entry | None) -> str | None:
    return entry.term or None if entry else None


def _finite(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(digits)
    return number


def _is_shallow(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    return levels > 0 and all(
        _is_shallow(item, levels - 1) for item in (value.values() if isinstance(value, dict) else value)
    )


def _no_number(name: str) -> Any:
    raise ValueError(name)
