"""What goes over the wire and what comes back, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from pushctl.core.secret import Pairs, Secret, revealed, shown

Sent = Literal["yes", "no", "maybe"]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, structured until it is written: masking, curl export and tests read it.

    :ivar call: the vendor's interface by name: ``auth``, ``send``, ``save``, ``list``, ``trace`` …
    :ivar url: absolute, without the query; always ``https`` except for loopback.
    :ivar headers: in the order they are sent; names in the vendor's own spelling.
    :ivar query: appended to the URL, percent-encoded.
    :ivar form: body as ``application/x-www-form-urlencoded``; at most one of ``form``, ``json`` and ``raw`` is given.
    :ivar json: body as compact UTF-8 JSON; a :class:`Secret` may stand anywhere in it.
    :ivar raw: body as these bytes.
    :ivar message_id: the id that *we* chose for this push, so that a lost answer can still be looked up.
    :ivar id_name: what the vendor calls that id, where it is another one than that of its answers (OPPO's
        ``app_message_id``), or "".
    """

    call: str
    method: str
    url: str
    headers: Pairs = ()
    query: Pairs = ()
    form: Pairs | None = None
    json: Any = None
    raw: bytes | None = None
    message_id: str | None = None
    id_name: str = ""

    def target(self, *, reveal: bool) -> str:
        """The URL with its query. Secrets stand as ``$NAME`` unless ``reveal``; only a transport reveals."""
        if not self.query:
            return self.url
        return f"{self.url}?{_urlencode(self.query, reveal=reveal)}"

    def body(self, *, reveal: bool) -> bytes:
        """The body's bytes as sent (``reveal``), or as shown with secrets masked."""
        if self.raw is not None:
            return self.raw
        if self.form is not None:
            return _urlencode(self.form, reveal=reveal).encode()
        if self.json is not None:
            return encode_json(self.json, reveal=reveal)
        return b""


def _urlencode(pairs: Pairs, *, reveal: bool) -> str:
    from urllib.parse import quote_plus

    text, safe = (revealed, "") if reveal else (shown, "$")  # what is shown keeps "$NAME" readable
    return "&".join(f"{quote_plus(name)}={quote_plus(text(value), safe=safe)}" for name, value in pairs)


def encode_json(value: Any, *, reveal: bool = False) -> bytes:
    """JSON as every vendor's body is written: compact, UTF-8, nothing escaped that need not be.

    Raises ``TypeError`` for what JSON cannot hold and ``ValueError`` for NaN and infinity.
    """

    def secret(item: object) -> str:
        if isinstance(item, Secret):
            return item.reveal() if reveal else item.shown
        raise TypeError(f"{type(item).__name__} cannot be written as JSON")

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=secret).encode(
        "utf-8", "surrogatepass"
    )


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer that arrived whole.

    :ivar headers: as received, names in lower case.
    :ivar ms: from the first byte written to the last one read, in milliseconds.
    :ivar http_version: ``2`` or ``1.1``.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    ms: int = 0
    http_version: str = "2"

    def header(self, name: str) -> str | None:
        """The first header of this name (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Goaway:
    """The peer ended the HTTP/2 connection with a GOAWAY frame before it answered this request.

    :ivar debug: the frame's debug data; APNs puts ``{"reason": …}`` there.
    :ivar error_code: the frame's error code (RFC 9113 section 7).
    :ivar sent: ``no`` when the request's stream is above ``last-stream-id`` and was therefore not processed
        (RFC 9113 section 6.8), else ``maybe``.
    """

    debug: bytes
    error_code: int = 0
    sent: Literal["no", "maybe"] = "no"
    ms: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer at all.

    :ivar sent: ``no`` when the request certainly did not reach the vendor (DNS, TLS, proxy), else ``maybe``.
    :ivar why: one sentence for a person, naming host and port.
    :ivar code: ``DNS``, ``CONNECT``, ``TLS``, ``CLIENT_CERTIFICATE`` (the peer's alert says that it does not take
        ours), ``PROXY``, ``TIMEOUT``, ``CLOSED``, ``PROTOCOL``, ``NO_HTTP2``, ``REFUSED_STREAM`` or ``INTERRUPTED``.
    """

    sent: Literal["no", "maybe"]
    why: str
    code: str = "CLOSED"
    ms: int = 0


Reply = Response | Goaway | Lost


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what became of it, for ``-v`` and reports."""

    request: Request
    reply: Reply
