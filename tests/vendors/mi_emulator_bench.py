"""One emulated Mi Push and a clock that the test turns."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.vendors.mi.emulator import EMULATOR
from pushctl.vendors.mi.emulator_credentials import OWN, PUBLIC_CHANNEL
from pushctl.vendors.mi.emulator_handsets import token_of

FORM = ("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
NOW = 1_795_714_621.308  # 2026-11-27 in China
SEND = "/v3/message/regid"
LIVE = token_of()
PACKAGE = OWN.packages[0]
Value = str | int | list[str] | None


def order(**fields: Value) -> dict[str, Value]:
    """The form of a public notification to the live phone; None leaves a field out. ``__`` in a name is a dot."""
    told: dict[str, Value] = {
        "registration_id": LIVE,
        "restricted_package_name": PACKAGE,
        "title": "订单已发货",
        "description": "SF123 & more=1",
        "extra.notify_effect": "1",
        "extra.channel_id": PUBLIC_CHANNEL,
    }
    return told | {name.replace("__", "."): value for name, value in fields.items()}


def encoded(fields: Mapping[str, Value]) -> str:
    """A form; a list is a repeated field."""
    return urlencode({name: value for name, value in fields.items() if value is not None}, doseq=True)


class Bench:
    """A world of Mi Push, in the last days of the older recalls and of private messages without a template."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder, self.now = folder, NOW
        self.world = World(lambda: self.now, secrets.token_bytes, folder, **settings)
        self.peers = {listener.name: Peer(listener, 1) for listener in EMULATOR.listeners}

    def secret(self, name: str = "first") -> str:
        return (self.folder / f"app-secret-{name}.txt").read_text()

    def serve(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        authorization: str | None = "own",
        kind: tuple[str, str] | None = FORM,
        listener: str = "api",
    ) -> Act:
        given = f"key={self.secret()}" if authorization == "own" else authorization
        headers: tuple[tuple[str, str], ...] = () if given is None else (("authorization", given),)
        headers += (kind,) if kind is not None and body else ()
        return EMULATOR.serve(Seen(method, path, headers, body), self.peers[listener], self.world)

    def send(self, fields: Mapping[str, Value] | None = None, path: str = SEND, **more: Any) -> Act:
        return self.serve("POST", path, encoded(order() if fields is None else fields).encode(), **more)

    def post(self, path: str, **fields: Value) -> Act:
        return self.send(fields, path)

    def get(self, path: str, **query: Value) -> Act:
        return self.serve("GET", f"{path}?{encoded(query)}" if query else path)


def told(act: Act) -> dict[str, Any]:
    """The body of an answer, which has HTTP 200 and is of one of the two shapes."""
    assert act.response is not None
    assert act.response.status == 200
    assert act.response.header("date")
    document: dict[str, Any] = json.loads(act.response.body)
    assert len(document["trace_id"]) == 22
    assert document["trace_id"].startswith("X")
    if document["result"] == "ok":
        assert (document["code"], document["description"]) == (0, "成功")
        assert document.keys() <= {"result", "reason", "trace_id", "code", "data", "description", "info"}
    else:
        assert document["result"] == "error"
        assert document["reason"]
        assert document["code"] == int(act.code or "")
        assert document.keys() <= {"result", "reason", "trace_id", "code", "description"}
    return document
