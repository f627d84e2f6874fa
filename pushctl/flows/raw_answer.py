"""What an answer means, wherever it was logged: as it was received, or with text around it. Offline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.report import Report, Result
from pushctl.core.wire import Goaway, Reply, Response
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.message import Target
    from pushctl.core.vendor import Vendor

Headers = Sequence[tuple[str, str]]
_Reading = Callable[[bytes], Reply]


def judge_raw(
    vendor: str,
    body: bytes,
    *,
    http_status: int | None = None,
    goaway: bool = False,
    headers: Headers = (),
    call: str = "send",
    target: Target | None = None,
) -> Report:
    """What ``send`` would have made of this answer.

    A whole HTTP message is taken apart (its status and headers give way to those that were said), and where the body
    as it stands tells nothing the first JSON object in it that the vendor can read is judged; a finding says so.

    :param body: the answer's body, or the debug data of a GOAWAY frame.
    :param http_status: None only with ``goaway``, or where the body starts with a status line.
    :param target: whom the push went to; without it there is one result per target that the body tells apart.
    :raises UsageError: for an unknown vendor, and when there is no status.
    """
    judge = registry.load(vendor)
    given = tuple((name.lower(), value) for name, value in headers)
    found: tuple[Finding, ...] = ()
    if not goaway:
        taken = _http_message(body)
        if taken is not None:
            status, logged, body = taken
            http_status = status if http_status is None else http_status
            given += tuple(pair for pair in logged if pair[0] not in {name for name, _ in given})
            text = "A whole HTTP message was given; its status, headers and body are used."
            found += (_finding("http-message", text),)
        if http_status is None:
            raise UsageError(
                "The status of the answer is missing.",
                "Add --http-status N (or --goaway for what stood in a GOAWAY frame).",
                rule="no-http-status",
            )
    reply, extracted = _readable(judge, call, lambda content: _reply(http_status, given, content, goaway), body)
    if isinstance(reply, Goaway):
        reply = replace(reply, sent="maybe")  # a log does not say which stream was the last one processed
    verdicts = judge.judge(call, reply, (target,) if target else None)
    results = [Result(judge.card.id, verdict, "raw", reply, id_name=judge.card.id_name) for verdict in verdicts]
    return Report(results, [*found, *extracted])


def _reply(http_status: int | None, headers: tuple[tuple[str, str], ...], body: bytes, goaway: bool) -> Reply:
    return Goaway(body) if goaway or http_status is None else Response(http_status, headers, body)


def _readable(judge: Vendor, call: str, reply_of: _Reading, body: bytes) -> tuple[Reply, list[Finding]]:
    """The answer as given; or, when the vendor cannot read it, with the JSON object inside the text that it can."""
    whole = reply_of(body)
    if _is_known(judge, call, whole) or (_is_refusal(judge, call, whole) and _is_object(body)):
        return whole, []
    for place, candidate in _objects(body):
        reply = reply_of(candidate)
        if candidate != body and _is_known(judge, call, reply):
            text = f"The JSON object at character {place + 1} is judged; the text around it is left out."
            return reply, [_finding("body-extracted", text)]
    return whole, []


def _is_known(judge: Vendor, call: str, reply: Reply) -> bool:
    """Whether the vendor reads a success in the answer, or a code of its catalogue."""
    says = [verdict.says for verdict in judge.judge(call, reply, None)]
    return any(one.outcome == "accepted" or (one.outcome == "refused" and one.entry is not None) for one in says)


def _is_refusal(judge: Vendor, call: str, reply: Reply) -> bool:
    return any(verdict.says.outcome == "refused" for verdict in judge.judge(call, reply, None))


def _is_object(body: bytes) -> bool:
    """A JSON object that refuses with a code of no catalogue is still the whole answer."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _objects(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Every JSON object in a text, with its place; outer ones before the ones inside."""
    text = body.decode("utf-8", "replace")
    decoder = json.JSONDecoder()
    for match in list(re.finditer(r"\{", text))[:200]:
        try:
            _, end = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        yield match.start(), text[match.start() : end].encode("utf-8", "surrogatepass")


_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})\b[^\r\n]*(?:\r?\n|$)")


def _http_message(body: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes] | None:
    """Status, headers and body of what ``curl -i`` prints; None when the text does not start with a status line."""
    start = body.lstrip()
    line = _STATUS_LINE.match(start)
    if line is None:
        return None
    head, _, rest = start[line.end() :].replace(b"\r\n", b"\n").partition(b"\n\n")
    if not start[line.end() :].strip(b"\r\n"):
        return int(line[1]), (), b""
    pairs = (row.partition(":") for row in head.decode("utf-8", "replace").split("\n"))
    return int(line[1]), tuple((name.strip().lower(), value.strip()) for name, _, value in pairs if name.strip()), rest


def _finding(rule: str, text: str) -> Finding:
    return Finding(rule, "info", text)
