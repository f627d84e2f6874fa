"""One emulated Flyme Push, a clock that the test turns, and requests signed as Meizu's documentation has it."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.vendors.meizu.emulator import EMULATOR
from pushctl.vendors.meizu.emulator_credentials import SETS, file_of
from pushctl.vendors.meizu.emulator_handsets import token_of

FORM = ("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
BASE = "/garcia/api/server/"
LIVE = token_of()


def sign(parameters: dict[str, str], secret: str) -> str:
    """The signature, written from the documentation and not from the emulator."""
    base = ""
    for name in sorted(parameters):
        base += name + "=" + parameters[name]
    return hashlib.md5((base + secret).encode()).hexdigest()


def notice(**bar: Any) -> dict[str, Any]:
    """The smallest notification; ``bar`` are fields of noticeBarInfo, None leaves one out."""
    fields = {"title": "Your order", "content": "It is on its way.", **bar}
    return {"noticeBarInfo": {name: value for name, value in fields.items() if value is not None}}


class Bench:
    """A world of the emulator."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.now = float(int(time.time()))
        self.world = World(lambda: self.now, secrets.token_bytes, folder, **settings)
        self.peers = {listener.name: Peer(listener, 1) for listener in EMULATOR.listeners}

    def serve(self, seen: Seen, listener: str = "push") -> Act:
        return EMULATOR.serve(seen, self.peers[listener], self.world)

    def call(
        self,
        path: str,
        *,
        credentials: str = "signed",
        listener: str = "",
        method: str = "POST",
        **parameters: str | None,
    ) -> Act:
        """A signed call; ``path`` behind /garcia/api/server/. ``sign`` replaces the signature, None leaves one out."""
        app, name = SETS[credentials]
        given = {"appId": app, **parameters}
        told = {key: value for key, value in given.items() if value is not None}
        secret = (self.folder / file_of(name)).read_text()
        if "sign" not in given:
            told["sign"] = sign(told, secret)
        encoded = urlencode(told)
        where = listener or ("push" if path.startswith("push/") else "subscription")
        if method == "GET":
            return self.serve(Seen("GET", f"{BASE}{path}?{encoded}", (), b""), where)
        return self.serve(Seen(method, BASE + path, (FORM,), encoded.encode()), where)

    def push(self, *targets: str, message: Any = None, **more: Any) -> Act:
        """A notification to these pushIds, the live one if there are none."""
        told = message if isinstance(message, str) else json.dumps(message if message is not None else notice())
        given = {"pushIds": ",".join(targets or (LIVE,)), "messageJson": told, **more}
        return self.call("push/varnished/pushByPushId", **given)

    def alias(self, *names: str, **more: Any) -> Act:
        """A notification to these aliases."""
        given = {"alias": ",".join(names), "messageJson": json.dumps(notice()), **more}
        return self.call("push/varnished/pushByAlias", **given)


def told(act: Act) -> dict[str, Any]:
    """The answer; checks that it has the shape that all have."""
    assert act.response is not None
    assert (act.response.status, act.response.header("content-type")) == (200, "application/json; charset=UTF-8")
    assert act.response.header("date")
    document = json.loads(act.response.body)
    assert isinstance(document["code"], str)
    assert isinstance(document["message"], str)
    assert "value" in document
    if document["code"] != "200":
        assert (document["value"], act.code) == ("", document["code"])
        assert document["redirect"] == "" or document["code"] == "300"
        assert "msgId" not in document
    return dict(document)


def said(act: Act) -> str:
    """The code that a client can read of one target's fate."""
    assert act.response is not None
    if not act.response.body:
        return f"http/{act.response.status}"
    document = told(act)
    value = document["value"]
    return f"target/{next(iter(value))}" if document["code"] == "200" and value else str(document["code"])
