"""What the other side sent back, without our secrets in it.

A request masks its own secrets. An answer can hold them all the same: the token endpoint returns one, and a proxy's
error page or a debugging server repeats the headers that it was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pushctl.core.secret import SECRET_FIELDS, Secret
from pushctl.core.wire import Goaway, Lost, Reply, Request

_SHORTEST = 6  # shorter pieces ("bearer") are no secrets, and would be found everywhere
_GRANT_LENGTH = 40  # a string of that length without a blank may be a token under any name; error codes are shorter


def safe_reply(request: Request | None, reply: Reply) -> Reply:
    """The reply as it may be shown: the request's secrets replaced by their stand-ins, and from the answer to an
    ``auth`` call every text that can be a token."""
    if request is None:
        return reply
    match reply:
        case Lost():
            return replace(reply, why=scrub(reply.why, request))
        case Goaway():
            return replace(reply, debug=_scrub_bytes(reply.debug, request))
    body = _scrub_bytes(reply.body, request)
    if request.call == "auth":
        body = _without_grants(body)
    headers = tuple((name, scrub(value, request)) for name, value in reply.headers)
    return replace(reply, headers=headers, body=body)


def scrub(text: str, request: Request | None) -> str:
    """``text`` with every secret of ``request`` replaced by its stand-in."""
    if request is None or not text:
        return text
    return _scrub_bytes(text.encode("utf-8", "surrogatepass"), request).decode("utf-8", "surrogatepass")


def _scrub_bytes(data: bytes, request: Request) -> bytes:
    for secret in _secrets(request):
        for piece in secret.reveal_bytes().split():  # "bearer TOKEN" may come back without its first word
            if len(piece) >= _SHORTEST and piece.lower() != b"bearer":
                data = data.replace(piece, secret.shown.split()[-1].encode())
    return data


def _secrets(request: Request) -> Iterator[Secret]:
    for _, value in (*request.headers, *request.query, *(request.form or ())):
        if isinstance(value, Secret):
            yield value
    yield from _within(request.json)


def _within(value: Any) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _within(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _within(item)


def _without_grants(body: bytes) -> bytes:
    def hide(value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            hidden = name.lower() in SECRET_FIELDS or (len(value) >= _GRANT_LENGTH and " " not in value)
            return "$HIDDEN" if hidden else value
        if isinstance(value, dict):
            return {key: hide(item, key) for key, item in value.items()}
        return [hide(item, name) for item in value] if isinstance(value, list) else value

    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return json.dumps(hide(document), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
