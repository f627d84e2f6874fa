"""Bodies and headers without the secrets in them.

A request masks its own secrets. An answer can hold them all the same: a proxy's error page or a debugging server
repeats what it was sent. The transports clean every reply with this, before anybody reads it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pushctl.core.secret import SECRET_FIELDS, Secret
from pushctl.core.wire import Goaway, Lost, Reply, Request

_MOST_MASKED = 1 << 20  # bytes of a body that are searched: token answers, forms and receipts are small
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
    before = stand_in[: max(stand_in.find(b"$"), 0)]
    stand_in = stand_in.removeprefix(before)
    found: set[bytes] = set()
    for word in secret.reveal_bytes().split():  # "bearer TOKEN", "key=SECRET" may come back without what is before them
        piece = word.removeprefix(before)
        if len(piece) < _SHORTEST or piece.lower() == b"bearer":
            continue
        found |= {piece, quote_plus(piece).encode(), quote(piece).encode(), piece.replace(b"/", b"\\/")}
        found.add(dumps(piece.decode("utf-8", "replace"))[1:-1].encode())
    return tuple((written, stand_in) for written in sorted(found, key=len, reverse=True))


# --- secrets that others wrote: what a field is called tells ---------------------------------------------------------


def masked_body(body: bytes) -> str:
    """A body as it may be kept: a form's and a JSON document's secrets masked; any other as :func:`as_text`."""
    lowered = body[:_MOST_MASKED].lower()
    if not any(name.encode() in lowered for name in SECRET_FIELDS):
        return as_text(body)
    try:
        document = json.loads(body)
        masked = _masked_json(document)
        return as_text(body) if masked == document else json.dumps(masked, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:  # who knows what is in there
        return f"{len(body)} bytes of JSON, nested too deeply to be kept"
    except ValueError:
        return masked_form(as_text(body))


def _masked_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: mask(item) if isinstance(item, str) and key.lower() in SECRET_FIELDS else _masked_json(item)
            for key, item in value.items()
        }
    return [_masked_json(item) for item in value] if isinstance(value, list) else value


def masked_form(text: str) -> str:
    """A form's text, or a query's, with its secrets masked."""
    pairs = (pair.partition("=") for pair in text.split("&"))
    return "&".join(
        f"{name}{sign}{mask(value) if name.strip().lower() in SECRET_FIELDS else value}" for name, sign, value in pairs
    )


def mask(value: str) -> str:
    """A secret as it may be kept: of a JWT its header and claims, of any other its place only."""
    scheme, blank, token = value.rpartition(" ")
    claims = _claims(token)
    return f"{scheme}{blank}{claims}" if claims else f"{scheme}{blank}$SECRET"


def _claims(token: str) -> str:
    """``{"alg":…} {"iss":…}`` of a JWT, or "" for what is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    shown = []
    for part in parts[:2]:
        try:
            decoded = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), b"-_"))
        except (ValueError, binascii.Error):
            return ""
        if not isinstance(decoded, dict):
            return ""
        shown.append(json.dumps(decoded, separators=(",", ":")))
    return " ".join(shown)


_QUOTES = r"(?:\\*[\"'\[\]()<>{]|&quot;|%22|\s)*"
_SAID = re.compile(  # access_token=…, "authToken":"…", [auth_token] => …, Authorization: key=…
    rf"(?<![a-z])(?:{'|'.join(sorted(SECRET_FIELDS - {'sign'}))}|app_?secret|master_?secret|authorization)"
    rf"{_QUOTES}(?:=>|:=|[:=]|%3a|%3d|(?<=['\"]),){_QUOTES}(?:key=|bearer\s+)?"
    r"([^\s\"'\\&,;(){}\[\]<>%]{6,})",
    re.IGNORECASE,
)
_WORDS = frozenset({"missing", "invalid", "expired", "undefined"})  # an answer says so of a token


def secrets_said(text: str) -> frozenset[str]:
    """What a text of any form calls a secret: values of fields with such names, wherever they stand."""
    return frozenset(value for value in _SAID.findall(text) if value.strip(".:").casefold() not in _WORDS)


def as_text(body: bytes) -> str:
    """A body as a journal keeps it."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(body).decode()
