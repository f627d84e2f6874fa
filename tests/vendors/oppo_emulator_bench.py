"""One emulated OPPO Push and a client of it that is written from the documents: no socket, a clock that tests turn."""

from __future__ import annotations

import json
import secrets
import time
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.vendors.oppo.emulator import EMULATOR
from pushctl.vendors.oppo.emulator_credentials import APP
from pushctl.vendors.oppo.emulator_handsets import token_of

FORM = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
MESSAGES = "/server/v1/message/notification/"
LIVE = token_of()


class Bench:
    """A world of OPPO Push."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.now = time.time()
        self.world = World(lambda: self.now, secrets.token_bytes, folder, **settings)
        self.peers = {listener.name: Peer(listener, 1) for listener in EMULATOR.listeners}

    def serve(self, seen: Seen, listener: str = "push") -> Act:
        return EMULATOR.serve(seen, self.peers[listener], self.world)

    def post(self, path: str, *fields: tuple[str, str], listener: str = "push", headers: Any = (FORM,)) -> Act:
        """A form; fields in their order, repeats and empty ones included."""
        return self.serve(Seen("POST", path, tuple(headers), urlencode(fields).encode()), listener)

    def secret(self, name: str = "first") -> str:
        return (self.folder / f"master-secret-{name}.txt").read_text()

    def auth(self, *, listener: str = "push", secret: str | None = None, **changed: str | None) -> Act:
        """A request for a token with the right sign; None leaves a field out."""
        app = changed.get("app_key") or APP
        stamp = changed.get("timestamp") or str(int(self.now * 1000))
        sign = sha256(f"{app}{stamp}{self.secret() if secret is None else secret}".encode()).hexdigest()
        fields = {"app_key": app, "timestamp": stamp, "sign": sign, **changed}
        told = [(name, value) for name, value in fields.items() if value is not None]
        return self.post("/server/v1/auth", *told, listener=listener)

    def token(self, **how: Any) -> str:
        return str(told(self.auth(**how))["data"]["auth_token"])

    def call(self, interface: str, *, listener: str = "push", token: str | None = None, **fields: Any) -> Act:
        """A call of the push API; objects and arrays go as JSON text, None leaves a field out."""
        given = self.token(listener=listener) if token is None else token
        flat = [("auth_token", given), *((name, text_of(value)) for name, value in fields.items() if value is not None)]
        return self.post(f"{MESSAGES}{interface}", *flat, listener=listener)

    def unicast(self, target: str = LIVE, /, *, to: str = "push", **notification: Any) -> Act:
        """A notification to a registration id; None leaves a field out."""
        return self.call("unicast", listener=to, message=message(target, **notification))

    def save(self, **notification: Any) -> str:
        return str(told(self.call("save_message_content", **shown(**notification)))["data"]["message_id"])

    def broadcast(self, *targets: str, kind: int = 2, **notification: Any) -> Act:
        """Save a notification, and send it to these targets."""
        stored = self.save(**notification)
        return self.call("broadcast", message_id=stored, target_type=kind, target_value=";".join(targets) or None)


def shown(**fields: Any) -> dict[str, Any]:
    """The smallest notification, changed."""
    told = {"title": "Hi", "content": "There", **fields}
    return {name: value for name, value in told.items() if value is not None}


def message(target: str = LIVE, /, kind: int = 2, **notification: Any) -> dict[str, Any]:
    """A ``message`` object."""
    return {"target_type": kind, "target_value": target, "notification": shown(**notification)}


def text_of(value: Any) -> str:
    """A value as a form field."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def told(act: Act) -> dict[str, Any]:
    """The body of an answer; checks that it is one of OPPO's, and that the journal says the same code."""
    assert act.response is not None
    assert act.response.status == 200
    assert act.response.header("date")
    document = json.loads(act.response.body)
    assert isinstance(document["code"], int)
    assert isinstance(document["message"], str)
    if document["code"]:
        assert act.code == str(document["code"])
        assert "data" not in document
    return dict(document)


def code(act: Act) -> int:
    return int(told(act)["code"])
