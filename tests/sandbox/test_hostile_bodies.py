"""A client that sends nonsense gets an answer from every emulated service, and breaks nothing."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pushctl.core.message import Message
from pushctl.core.vendor import Grant, Job
from pushctl.core.wire import Response
from pushctl.flows.session import Opening, default_target, open_session

VALUES: list[Any] = [None, True, 10**30, "", "\ud800", [], [[]], {"": 1}, [1, "a", None], "x" * 5000]
NUMBERS = ("9" * 5000, "1e400", "NaN")
DEPTHS = (90, 450, 900)
HOLE = "@@"


@pytest.mark.parametrize("vendor", ["fcm", "hms", "harmony", "honor"])
def test_nonsense_is_answered(vendor: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with open_session(Opening(os.environ, tmp_path, bytes, sandbox=vendor)) as session:
        message = Message(title="Hi", body="There", data={"k": "v"}, badge=1, ttl=60)
        job = Job("send", message, (default_target(session, message),))
        grant = session.grant("send")
        assert isinstance(grant, Grant)
        request = session.vendor.request(session.account, job, grant, None, session.env())
        for body in bodies(json.loads(request.body(reveal=True))):
            reply = session.transport().one(replace(request, json=None, raw=body))
            assert isinstance(reply, Response), (reply, body[:200])
            assert reply.status < 500, (reply, body[:200])
            assert session.vendor.judge("send", reply, job.targets)
        assert session.emulator is not None
        assert session.emulator._server is not None
        assert session.emulator._server.troubles == []


def bodies(sample: dict[str, Any]) -> list[bytes]:
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
