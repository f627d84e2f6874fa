"""A client that sends nonsense in its form, or in the JSON within its form, gets an answer from every emulated service,
and breaks nothing. What is merely unusual is taken: headers that come twice, fields without a value."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hostile import (
    TEXTS,
    Pairs,
    Sign,
    answered,
    bodies,
    forms,
    pairs_of,
    queries,
    requests,
    unharmed,
    with_body,
    written,
)

from pushctl.core.message import Message
from pushctl.core.vendor import Grant, Question
from pushctl.core.wire import Request
from pushctl.flows.session import Opening, Session, default_target, open_session
from pushctl.vendors.meizu import auth as meizu

INTERFACES: list[tuple[str, int, dict[str, Any]]] = [  # a vendor, how many targets, what its own table says
    ("mi", 1, {}),
    ("mi", 2, {}),
    ("oppo", 1, {}),
    ("oppo", 2, {}),
    ("oppo", 1, {"broadcast": True}),
    ("meizu", 1, {}),
    ("meizu", 1, {"task": True}),
]
IDS = [f"{vendor} {count} {' '.join(options)}".strip() for vendor, count, options in INTERFACES]


@pytest.mark.parametrize(("vendor", "count", "options"), INTERFACES, ids=IDS)
def test_nonsense_is_answered(
    vendor: str, count: int, options: dict[str, Any], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with opened(vendor, tmp_path) as session:
        for request, grant in list(requests(session, count, **options)):
            for hostile in forms(request, partial(signed, vendor, grant=grant)):
                answered(session, hostile)
        unharmed(session)


QUESTIONS = [
    *(("mi", name) for name in ("trace", "quota", "token", "topic.subscribe", "topic.list", "revoke")),
    ("oppo", "token"),
    *(("vivo", name) for name in ("trace", "token", "revoke")),
    *(("meizu", name) for name in ("trace", "token")),
]


@pytest.mark.parametrize(("vendor", "name"), QUESTIONS, ids=[" ".join(row) for row in QUESTIONS])
def test_a_question_of_nonsense_is_answered(
    vendor: str, name: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with opened(vendor, tmp_path) as session:
        values = {"topic": "news"} if name.startswith("topic") else {} if name == "quota" else {"id": "48"}
        question = Question(values, (default_target(session, Message(**TEXTS)),))
        grant = session.grant(name)
        assert isinstance(grant, Grant)
        request = next(session.vendor.asks[name](session.account, question, grant, session.env()))
        sign = partial(signed, vendor, grant=grant)
        made = [] if request.json is None else bodies(json.loads(request.body(reveal=True)))
        for hostile in (
            *(queries(request, sign) if request.query else ()),
            *(forms(request, sign) if request.form else ()),
            *(replace(request, json=None, raw=body) for body in made),
        ):
            answered(session, hostile)
        unharmed(session)


UNUSUAL: dict[str, Callable[[Request, Sign], Request]] = {
    "headers that come twice": lambda made, _: replace(made, headers=(*made.headers, *made.headers)),
    "headers in another letter case": lambda made, _: replace(made, headers=swapped(made)),
    "empty headers": lambda made, _: replace(made, headers=(*made.headers, ("X-Empty", ""), ("X-Empty", ""))),
    "an empty field": lambda made, sign: with_body(made, written(sign([*pairs_of(made), ("unused", "")]))),
    "another order": lambda made, _: with_body(made, written(pairs_of(made)[::-1])),
    "an ampersand at the end": lambda made, _: with_body(made, written(pairs_of(made)) + "&"),
}


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=UNUSUAL)
@pytest.mark.parametrize(("vendor", "count", "options"), INTERFACES, ids=IDS)
def test_what_is_unusual_is_taken(
    vendor: str,
    count: int,
    options: dict[str, Any],
    change: Callable[[Request, Sign], Request],
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with opened(vendor, tmp_path) as session:
        for request, grant in requests(session, count, **options):
            unusual = change(request, partial(signed, vendor, grant=grant))
            judged = session.vendor.judge(request.call, answered(session, unusual), None)
            assert "accepted" in {verdict.says.outcome for verdict in judged}, judged
        unharmed(session)


def swapped(request: Request) -> tuple[tuple[str, Any], ...]:
    return tuple((name.swapcase(), value) for name, value in request.headers)


@contextmanager
def opened(vendor: str, folder: Path) -> Iterator[Session]:
    with open_session(Opening(os.environ, folder, bytes, sandbox=vendor)) as session:
        yield session


def signed(vendor: str, pairs: Pairs, grant: Grant | None) -> Pairs:
    """The fields with the signature that goes with them: Meizu's is of all fields, and so a client's that sends
    nonsense fits the nonsense."""
    if vendor != "meizu" or grant is None:
        return pairs
    bare = [(name, value) for name, value in pairs if name != "sign"]
    return [*bare, ("sign", meizu.sign(dict(bare), grant.value).reveal())]
