"""What an answer means, wherever it was logged: as it was received, or with text around it. Offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl.core.finding import Finding
from pushctl.core.report import Report, Result
from pushctl.core.wire import Goaway
from pushctl.flows import logged
from pushctl.flows.answer_case import Case, is_unread, refuse_unknown_call
from pushctl.flows.answer_doubts import doubts, status_missing
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.message import Target

Headers = Sequence[tuple[str, str]]


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

    A whole HTTP message is taken apart (its status and headers give way to those that were said). Where the body as it
    stands tells nothing, the first object in it that the vendor can read is judged, also one that is escaped or that
    Python printed; a finding says so. A body that is cut off, that only names codes, or that another vendor would read
    is told as such.

    :param body: the answer's body, or the debug data of a GOAWAY frame.
    :param http_status: None with ``goaway``, where the body starts with a status line, and where it says all there is
        to know (receipts, and every answer with a code that the catalogue has).
    :param call: which interface answered: one of :func:`~pushctl.flows.answer_case.calls_of`.
    :param target: whom the push went to; without it there is one result per target that the body tells apart.
    :raises UsageError: for an unknown vendor or call, and when a status is needed.
    """
    machine = registry.load(vendor)
    refuse_unknown_call(machine, call)
    given = tuple((name.lower(), value) for name, value in headers)
    findings: list[Finding] = []
    if not goaway:
        body = logged.as_utf8(body)
        taken = logged.http_message(body)
        if taken is not None:
            status, received, body = taken
            http_status = status if http_status is None else http_status
            given += tuple(pair for pair in received if pair[0] not in {name for name, _ in given})
            text = "A whole HTTP message was given; its status, headers and body are used."
            findings.append(Finding("http-message", "info", text))
        elif (posted := logged.http_request(body)) is not None:
            body = posted
            findings.append(Finding("http-message", "info", "A whole HTTP request was given; its body is used."))
    case = Case(machine, call, given, http_status, goaway)
    reply, found = case.readable(body)
    if isinstance(reply, Goaway):
        reply = replace(reply, sent="maybe")  # a log does not say which stream was the last one processed
    findings += found
    if case.needs_status(reply, body):
        raise status_missing(case, reply, body)
    verdicts = [case.told(verdict, body) for verdict in machine.judge(call, reply, (target,) if target else None)]
    if http_status is None and not (goaway or call == "receipt" or all(is_unread(one.says) for one in verdicts)):
        findings.append(Finding("no-status", "info", "No HTTP status was given; the body decides without it."))
    findings += doubts(case, reply, body, verdicts)
    results = [Result(machine.card.id, verdict, "raw", reply, id_name=machine.card.id_name) for verdict in verdicts]
    return Report(results, findings)
