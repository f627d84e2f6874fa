"""Requests as clients make them, with nonsense in the place of their parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, quote_plus

from pushctl.core.message import Message, Target
from pushctl.core.secret import revealed
from pushctl.core.vendor import Grant
from pushctl.core.wire import Request, Response
from pushctl.flows.session import Session, default_target

TEXTS = {"title": "Order shipped", "body": "Your parcel is on its way"}
VALUES: list[Any] = [None, True, 10**30, "", "\ud800", [], [[]], {"": 1}, [1, "a", None], "x" * 5000]
NUMBERS = ("9" * 5000, "1e400", "NaN")
DEPTHS = (90, 450, 900)
HOLE = "@@"
FIELDS = [
    "",
    " ",
    "null",
    "true",
    "[]",
    "{}",
    "-1",
    "9" * 5000,
    "1e400",
    "NaN",
    "\0",
    "\u202e",
    "x" * 5000,
    "a,b;c",
    ",",
]
"""What stands in a form's field."""
RAW = ["%ED%A0%80", "%FF", "%", "%zz", "\udcff", "a=b", "&&=&"]
"""The same, as it stands in the form's text."""
LONGEST_QUERY = 8000
Pairs = list[tuple[str, str]]
Sign = Callable[[Pairs], Pairs]


# --- requests as they are made ----------------------------------------------------------------------------------------


def requests(session: Session, targets: int = 1, **options: Any) -> Iterator[tuple[Request, Grant | None]]:
    """Every request of a push to the live device and others of its kind: for a token, for what is deposited first, and
    the push; each with the grant that it is made with."""
    vendor, account = session.vendor, session.account
    message = Message(**TEXTS, data={"k": "v"}, ttl=3600, options={vendor.card.id: options})
    live = default_target(session, message)
    others = (Target(live.kind, live.value[:-2] + f"{number:02}") for number in range(1, targets))
    (job,) = vendor.plan((message, target) for target in (live, *others))
    spec = vendor.grant(account, job.call)
    if spec is not None and spec.kept != "given":
        minting = vendor.mint(account, spec, session.env())
        if (first := next(minting, None)) is not None:
            yield first, None
    grant = session.grant(job.call)
    assert isinstance(grant, Grant)
    prepared = None
    if job.preparation is not None:
        preparing = vendor.prepare(account, job, grant, session.env())
        request = next(preparing)
        yield request, grant
        try:
            preparing.send(session.transport().one(request))
        except StopIteration as end:
            prepared = end.value.value
        assert prepared
    yield vendor.request(account, job, grant, prepared, session.env()), grant


def answered(session: Session, request: Request) -> Response:
    """The answer, which is one of the service's own."""
    reply = session.transport().one(request)
    said = request.body(reveal=False)[:200], request.query
    assert isinstance(reply, Response), (reply, said)
    assert reply.status < 500, (reply, said)
    assert session.vendor.judge(request.call, reply, None)
    return reply


def unharmed(session: Session) -> None:
    """Nothing went wrong within the sandbox."""
    assert session.emulator is not None
    assert session.emulator._server is not None
    assert session.emulator._server.troubles == []


# --- JSON -------------------------------------------------------------------------------------------------------------


def bodies(sample: Any) -> list[bytes]:
    """The sample with nonsense in the place of each of its members, and what is no JSON at all."""
    holes = [json.dumps(put(sample, place, HOLE)) for place in places(sample)]
    inserts = [json.dumps(value) for value in VALUES] + list(NUMBERS)
    # Deep ones in the place of the whole and of its members only: where they stand makes no difference further in.
    deep = [part for depth in DEPTHS for part in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth)]
    made = [hole.replace(f'"{HOLE}"', insert) for hole in holes for insert in inserts]
    made += [hole.replace(f'"{HOLE}"', insert) for hole in holes[: len(sample) + 1] for insert in deep]
    whole = json.dumps(sample).encode()
    broken = [b"", b"\xff\xfe", whole[:40], b"[]", b"{" * 5000, whole + b"}", b"\xef\xbb\xbf" + whole, bytes(100)]
    return [one.encode() for one in made] + broken


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in it, outer ones first."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [places(item, (*at, key)) for key, item in items]
    return sorted([at, *(path for some in inner for path in some)], key=len)


def put(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    """A copy with the value at this path."""
    if not at:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[at[0]] = put(copy[at[0]], at[1:], value)
    return copy


# --- forms ------------------------------------------------------------------------------------------------------------


def forms(request: Request, sign: Sign) -> Iterator[Request]:
    """The request with nonsense in the place of each of its form's fields, in the JSON within them, and what is no form
    at all.

    :param sign: signs the fields anew, where a form is signed.
    """
    pairs = pairs_of(request)
    for place, (name, value) in enumerate(pairs):
        before, after = pairs[:place], pairs[place + 1 :]
        for text in FIELDS:
            yield with_body(request, written(sign([*before, (name, text), *after])))
        yield with_body(request, written(sign([*before, *after])))
        yield with_body(request, written(sign([*before, (name, value), (name, value), *after])))
        yield with_body(request, written(sign([*before, ("", value), *after])))
        for text in RAW:
            yield with_body(request, written(pairs).replace(quote_plus(value), text) if value else text)
        if value[:1] in ("{", "["):
            for body in bodies(json.loads(value)):
                try:
                    yield with_body(request, written(sign([*before, (name, body.decode()), *after])))
                except UnicodeDecodeError:
                    whole = written([*before, *after])
                    yield with_body(request, f"{whole}&{name}={quote_from_bytes(body)}")
    whole = written(pairs)
    for text in ("", "&", "&&&", "=", "%", "a", "{}", "[]", whole[:40], f"{whole}&{whole}", f"{whole}&", f"&{whole}"):
        yield with_body(request, text)
    yield with_body(request, "a=1&" * 5000 + whole)
    for raw in (b"\xff\xfe", bytes(100), b"\xef\xbb\xbf" + whole.encode(), json.dumps(dict(pairs)).encode()):
        yield replace(request, form=None, raw=raw)


def queries(request: Request, sign: Sign) -> Iterator[Request]:
    """The request with nonsense in the place of each part of its query, as :func:`forms` has it."""
    asked = replace(request, form=request.query, query=())
    for hostile in forms(asked, sign):
        pairs = parse_qsl((hostile.raw or b"").decode("latin-1"), keep_blank_values=True)
        if len(written(pairs)) < LONGEST_QUERY:
            yield replace(hostile, query=tuple(pairs), raw=None)


def pairs_of(request: Request) -> Pairs:
    """The form's fields as they go onto the wire."""
    return [(name, revealed(value)) for name, value in request.form or ()]


def written(pairs: Pairs) -> str:
    """The form's text."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)


def with_body(request: Request, text: str) -> Request:
    """The request with this text for a body."""
    return replace(request, form=None, raw=text.encode("utf-8", "surrogateescape"))
