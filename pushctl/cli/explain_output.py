"""How a response that was found in a log is shown: a push's as ``send`` shows it, receipts as a table, any other by
what it says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl.core.vendor import Answer
from pushctl.core.wire import Request, Response

if TYPE_CHECKING:
    from pushctl.core.report import Report, Result
    from pushctl.core.verdict import Judgement
    from pushctl.core.wire import Reply
    from pushctl.output.console import Console
    from pushctl.output.view import Tone, View

_MOST = 8  # values of an answer that are shown
_ROWS = 20  # receipts that are shown
_DEEPEST = 4  # levels of escaping
_GRANTED = (b'"access_token"', b'"accessToken"', b'"auth_token"', b'"authToken"')
_GRANT = Request("auth", "POST", "https://token.invalid")


def without_grants(report: Report, call: str | None, given: bytes) -> Report:
    """The report with its secrets masked, since it goes to a screen or into a ticket: what a token endpoint granted,
    and what the text that was given names so anywhere (Meizu's receipts carry an ``access_token``)."""
    results = [
        replace(one, reply=_masked(one.reply) if call == "auth" or _grants(one) else _without_named(one.reply))
        for one in report.results
    ]
    if secrets := _said(given):
        results = [_hidden(one, secrets) for one in results]
    return replace(report, results=results)


def show(console: Console, report: Report, call: str | None) -> None:
    """Write the report. What a question was answered (``--call token``), or a token endpoint, is no push: it is told
    without a word about deliveries, and with the values that it holds."""
    if console.format in ("json", "jsonl"):
        console.finish(report)
    elif len(report.results) > 1 and all(one.verdict.says.of_receipt for one in report.results):
        console.show(_receipts(report), {})
    elif _is_question(report, call):
        console.show(_answer(report), {})
    else:
        console.finish(report)


# --- receipts --------------------------------------------------------------------------------------------------------


def _receipts(report: Report) -> View:
    """Several receipts on one screen: what became of each push and why, what it comes to, what to do."""
    from pushctl.output import screens
    from pushctl.output.screens.outcome import receipt_word
    from pushctl.output.text import plural
    from pushctl.output.view import Blank, Facts, Headline, Table

    told = report.results
    if len(told) > _ROWS:  # what did not arrive is what the reader looks for
        told = sorted(told, key=lambda one: one.verdict.says.outcome == "accepted")[:_ROWS]
    words = Counter(receipt_word(one.verdict.says) for one in report.results)
    numbers = ", ".join(f"{number:,} {word}" for word, number in words.items())
    tone: Tone = "good" if set(words) <= {"delivered", "clicked"} else "bad" if "not delivered" in words else "doubt"
    fixes = {one.verdict.says.code: _fix(one.verdict.says) for one in report.results if not _arrived(one)}
    rows = [(code.rpartition("/")[2], fix) for code, fix in fixes.items() if fix]
    dead = sum(one.verdict.says.token_dead is True for one in report.results)
    if dead:
        rows.append(("dead", f"{plural(dead, 'token')}: stop sending to {'it' if dead == 1 else 'them'}"))
    vendor = report.results[0].vendor
    rows.append(("more", f"pushctl explain {vendor} receipt"))
    return (
        Table(("receipt", "token", "code", "what became of it"), tuple(_row(one) for one in told)),
        *(screens.untold_view(len(report.results) - len(told)) if len(told) < len(report.results) else ()),
        Blank(),
        Headline(tone, f"{len(report.results):,} receipts:", numbers),
        Facts(tuple(rows)),
        *(block for finding in report.findings for block in screens.finding_view(finding)),
    )


def _row(result: Result) -> tuple[str, str, str, str]:
    from pushctl.output.screens.outcome import receipt_word
    from pushctl.output.text import clip, shorten

    says, target = result.verdict.says, result.verdict.target
    meaning = says.entry.summary if says.entry else says.detail
    if says.outcome == "accepted" and says.detail:  # what spoils it: the notifications are off, so nothing was shown
        meaning = says.detail
    meaning = meaning.removeprefix("Receipt: ").rstrip(".")
    return receipt_word(says), shorten(target.value) if target else "-", says.code.rpartition("/")[2], clip(meaning, 72)


def _arrived(result: Result) -> bool:
    return result.verdict.says.outcome == "accepted"


def _fix(says: Judgement) -> str:
    return says.entry.fixes[0] if says.entry and says.entry.fixes else ""


# --- answers to questions, and of token endpoints --------------------------------------------------------------------


def _is_question(report: Report, call: str | None) -> bool:
    """Whether an accepted answer is another's than a push's. A refusal means the same whatever was asked."""
    if call in ("send", "receipt") or not any(one.verdict.says.outcome == "accepted" for one in report.results):
        return False
    if any(one.verdict.says.of_receipt for one in report.results):
        return False
    first = report.results[0].verdict
    return call is not None or (not first.says.code and first.message_id is None and _grants(report.results[0]))


def _answer(report: Report) -> View:
    from pushctl.output import screens

    first = report.results[0]
    verdicts = tuple(one.verdict for one in report.results)
    if len(verdicts) == 1:
        detail = first.verdict.says.detail
        facts = [*([("answer", detail)] if detail else []), *first.verdict.facts]
    else:
        facts = [
            (f"{name} {value}", verdict.says.detail)
            for verdict in verdicts
            for name, value in verdict.facts
            if name == "index"
        ]
    facts += _values(first)
    answer = Answer(first.verdict.says, tuple(facts[:_MOST]), tuple(report.findings), verdicts)
    return screens.answer_view(answer, first.vendor)


def _values(result: Result) -> list[tuple[str, str]]:
    """The plain values of the answer's outermost object, in its own words."""
    try:
        document = json.loads(result.reply.body) if isinstance(result.reply, Response) else None
    except (ValueError, RecursionError):
        return []
    if not isinstance(document, dict):
        return []
    return [(name, str(value)) for name, value in document.items() if isinstance(value, str | int | float) and value]


# --- secrets ---------------------------------------------------------------------------------------------------------


def _grants(result: Result) -> bool:
    body = result.reply.body if isinstance(result.reply, Response) else b""
    return any(name in body for name in _GRANTED)


def _masked(reply: Reply) -> Reply:
    from pushctl.output.masking import safe_reply

    return safe_reply(_GRANT, reply)


def _said(given: bytes) -> tuple[str, ...]:
    """What the text calls a secret, also where it stands in escaped or percent-encoded parts of it; longest first."""
    from pushctl.core.masking import secrets_said
    from pushctl.flows.logged import unescaped

    text, found = given.decode("utf-8", "replace"), set[str]()
    for _ in range(_DEEPEST):
        found |= secrets_said(text)
        text = unescaped(text)
    return tuple(sorted(found, key=len, reverse=True))


def _hidden(result: Result, secrets: tuple[str, ...]) -> Result:
    def clean(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, "$SECRET")
        return text

    verdict, reply = result.verdict, result.reply
    says = replace(verdict.says, detail=clean(verdict.says.detail))
    facts = tuple((name, clean(value)) for name, value in verdict.facts)
    if isinstance(reply, Response):
        body = reply.body
        for secret in secrets:
            body = body.replace(secret.encode(), b"$SECRET")
        reply = replace(reply, headers=tuple((name, clean(value)) for name, value in reply.headers), body=body)
    return replace(result, verdict=replace(verdict, says=says, facts=facts), reply=reply)


def _without_named(reply: Reply) -> Reply:
    from pushctl.core.masking import as_text, masked_body

    if not isinstance(reply, Response):
        return reply
    masked = masked_body(reply.body)
    return reply if masked == as_text(reply.body) else replace(reply, body=masked.encode())
