"""How an answer is read, whoever gave it: what the ``judge`` of every vendor shares. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pushctl.core.verdict import Judgement, Renew
from pushctl.core.wire import Goaway, Lost, Reply, Response

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue, Category, Entry
    from pushctl.core.wire import Sent

_CATEGORY_BY_STATUS: dict[int, Category] = {
    400: "payload",
    401: "credential",
    403: "credential",
    404: "config",
    405: "config",
    410: "token",
    413: "payload",
    429: "quota",
}
_LONGEST_PAUSE_S = 7 * 86400.0
_HEADING = re.compile(r"<(title|h1)[^>]*>([^<]+)", re.IGNORECASE)


def from_entry(
    entry: Entry, http_status: int | None, detail: str = "", *, wait_s: float | None = None, renew: Renew = "no"
) -> Judgement:
    """What the catalogue says of a code, as the judgement of an answer.

    :param detail: what this very answer adds; it may quote the vendor.
    :param wait_s: seconds to wait before a retry, where the answer or the vendor says so.
    """
    accepted = entry.outcome == "accepted"
    return Judgement(
        entry.outcome,
        entry.code,
        entry.category,
        token_dead=None if accepted else entry.token_dead,
        retryable=entry.retryable,
        wait_s=wait_s,
        renew=renew,
        http_status=http_status,
        detail=detail,
        entry=entry,
    )


def unlisted(code: str, http_status: int | None, detail: str = "", category: Category | None = None) -> Judgement:
    """A refusal with a code that is in no catalogue; its category follows from the HTTP status unless it is given."""
    known = category or category_of(http_status)
    return Judgement(
        "refused",
        one_line(code),
        known,
        retryable=known in ("quota", "server"),
        http_status=http_status,
        detail=detail,
    )


def category_of(http_status: int | None) -> Category:
    """The category that an HTTP status speaks for when nothing better is known."""
    if http_status is None:
        return "network"
    return "server" if http_status >= 500 else _CATEGORY_BY_STATUS.get(http_status, "config")


def unanswered(reply: Lost | Goaway, catalogue: Catalogue) -> Judgement:
    """No answer, or an HTTP/2 connection that ended first: nobody knows what became of the push."""
    if isinstance(reply, Lost):
        return unknown(reply.code, reply.sent, reply.why, catalogue)
    said = f"{excerpt(reply.debug)} in place of a reason" if reply.debug else "no reason"
    return unknown("GOAWAY", reply.sent, f"Here: error code {reply.error_code}, {said}.", catalogue)


def unknown(code: str, sent: Sent, detail: str, catalogue: Catalogue) -> Judgement:
    """An outcome that is not known. A repeat is safe only where the request certainly did not arrive."""
    return Judgement(
        "unknown", code, "network", sent=sent, retryable=sent == "no", detail=detail, entry=catalogue.find(code)
    )


def somebody_else(code: str, status: int, body: bytes, catalogue: Catalogue, location: str = "") -> Judgement:
    """Not the vendor answered, or something that cannot be what the vendor says here.

    :param code: the catalogue's own word for that: ``NOT_APNS``.
    :param location: where a redirect leads, as the answer says.
    """
    detail = f"It said {status} with {excerpt(body)}."
    if 300 <= status < 400:
        to = f" to {one_line(location)!r}" if location else ""
        detail = f"It said {status}: a redirect{to}, which is not followed, since the credentials would go along."
    return Judgement(
        "unknown",
        code,
        "network",
        sent="maybe",
        http_status=status,
        detail=detail,
        entry=catalogue.find(code),
    )


def json_object(body: bytes | str) -> dict[str, Any] | None:
    """The body as a JSON object, or None. One that is wrapped in a JSON string, as some gateways and clients of the
    Chinese services have it, is opened once."""
    try:
        document = json.loads(body)
        if isinstance(document, str):
            document = json.loads(document)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def excerpt(body: bytes) -> str:
    """A body in a few words; what it quotes is untrusted."""
    if not body:
        return "an empty body"
    text = body[:4000].decode("utf-8", "replace")
    if "<html" in text.casefold() or "<!doctype" in text.casefold():
        heading = _HEADING.search(text)
        return f"an HTML page headed {one_line(heading[2])!r}" if heading else "an HTML page"
    line = one_line(text)
    return f"the body {line!r}" if line else f"{len(body)} blank bytes"


def one_line(text: str, most: int = 80) -> str:
    """Text without line breaks, cut at ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def retry_after(reply: Response) -> float | None:
    """Seconds of the ``Retry-After`` header, whose date form counts from the answer's own ``Date``; None without one
    (RFC 9110 section 10.2.3), and for one that cannot be meant (:func:`pause`)."""
    after = (reply.header("retry-after") or "").strip()
    if after.isascii() and after.isdecimal():
        return pause(float(after))
    until, now = _http_date(after), _http_date(reply.header("date") or "")
    return pause(until - now) if until is not None and now is not None else None


def pause(seconds: float) -> float | None:
    """A pause that an answer asks for, not below 0; None for more than a week, which nobody can mean."""
    return max(0.0, seconds) if seconds <= _LONGEST_PAUSE_S else None


def utc_of(milliseconds: object) -> str:
    """A moment as a date in UTC, from milliseconds since 1970 as number or text; "" for what is none."""
    from datetime import UTC, datetime

    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float | str):
        return ""
    try:
        moment = datetime.fromtimestamp(float(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def date_of(reply: Reply) -> str:
    """The answer's ``Date`` header, or ""."""
    return (reply.header("date") or "") if isinstance(reply, Response) else ""


def clock_ahead(reply: Reply, now: float) -> float | None:
    """By how many seconds this machine's clock (``now``, Unix seconds) is ahead of the server's ``Date`` header;
    None where there is none."""
    there = _http_date(date_of(reply))
    return None if there is None else now - there


def _http_date(text: str) -> float | None:
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
