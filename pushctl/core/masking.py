"""What the other side sent back, without our secrets in it.

A request masks its own secrets. An answer can hold them all the same: a proxy's error page or a debugging server
repeats what it was sent. The transports clean every reply with this, before anybody reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pushctl.core.secret import Secret
from pushctl.core.wire import Goaway, Lost, Reply, Request

_SHORTEST = 6  # shorter pieces ("bearer") are no secrets, and would be found everywhere


def without_secrets(request: Request, reply: Reply) -> Reply:
    """The reply with the request's secrets replaced by their stand-ins, also where they are written as a form, a URL
    or a JSON string writes them."""
    secrets = tuple(secrets_of(request))
    if not secrets:
        return reply
    match reply:
        case Lost():
            return replace(reply, why=_clean(reply.why, secrets))
        case Goaway():
            return replace(reply, debug=_clean_bytes(reply.debug, secrets)) if reply.debug else reply
    body = _clean_bytes(reply.body, secrets)
    headers = tuple((name, _clean(value, secrets)) for name, value in reply.headers)
    if body == reply.body and headers == reply.headers:
        return reply
    return replace(reply, headers=headers, body=body)


def scrub(text: str, request: Request | None) -> str:
    """``text`` with every secret of ``request`` replaced by its stand-in."""
    return _clean(text, tuple(secrets_of(request))) if request is not None and text else text


def secrets_of(request: Request) -> Iterator[Secret]:
    """Every secret that a request carries."""
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


def _clean(text: str, secrets: tuple[Secret, ...]) -> str:
    return _clean_bytes(text.encode("utf-8", "surrogatepass"), secrets).decode("utf-8", "surrogatepass")


def _clean_bytes(data: bytes, secrets: tuple[Secret, ...]) -> bytes:
    for secret in secrets:
        for written, stand_in in _spellings(secret):
            if written in data:
                data = data.replace(written, stand_in)
    return data


@lru_cache(maxsize=64)
def _spellings(secret: Secret) -> tuple[tuple[bytes, bytes], ...]:
    """How a secret may be written, longest first, and what stands for it."""
    from json import dumps
    from urllib.parse import quote, quote_plus

    stand_in = secret.shown.split()[-1].encode()
    found: set[bytes] = set()
    for piece in secret.reveal_bytes().split():  # "bearer TOKEN" may come back without its first word
        if len(piece) < _SHORTEST or piece.lower() == b"bearer":
            continue
        found |= {piece, quote_plus(piece).encode(), quote(piece).encode(), piece.replace(b"/", b"\\/")}
        found.add(dumps(piece.decode("utf-8", "replace"))[1:-1].encode())
    return tuple((written, stand_in) for written in sorted(found, key=len, reverse=True))
