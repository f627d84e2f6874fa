"""One emulated vivo Push, a clock that the test turns, and the calls of a client that knows the sheet and no code."""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.vendors.vivo.emulator import EMULATOR
from pushctl.vendors.vivo.emulator_handsets import token_of

NOON = 1_700_020_800.0
"""12:00 in China, 2023-11-15."""
LIVE = token_of()
APP_ID = 105500000
APP_KEY = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


class Bench:
    """A world."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.now = NOON
        self.world = World(lambda: self.now, secrets.token_bytes, folder, **settings)
        self.peer = Peer(EMULATOR.listeners[0], 1)
        self.numbers = itertools.count(1)

    def serve(self, method: str, path: str, body: bytes, *headers: tuple[str, str]) -> Act:
        return EMULATOR.serve(Seen(method, path, headers, body), self.peer, self.world)

    def post(self, path: str, document: Any, token: str | None) -> Act:
        """A call with this authToken; bytes go out as they are."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.serve("POST", path, body, *([] if token is None else [("authtoken", token)]))

    def secret(self, app: str = str(APP_ID)) -> str:
        return (self.folder / f"app-secret-{app}.txt").read_text()

    def auth(self, app: Any = APP_ID, key: Any = APP_KEY, secret: str | None = None, **changed: Any) -> Act:
        """A call of /message/auth with a right sign; None leaves a part out."""
        timestamp = changed.pop("timestamp", int(self.now * 1000))
        base = f"{app}{key}{timestamp}{self.secret() if secret is None else secret}"
        parts = {"appId": app, "appKey": key, "timestamp": timestamp, "sign": hashlib.md5(base.encode()).hexdigest()}
        document = {name: value for name, value in {**parts, **changed}.items() if value is not None}
        return self.post("/message/auth", document, None)

    def token(self, **fields: Any) -> str:
        return str(told(self.auth(**fields))["authToken"])

    def message(self, **changed: Any) -> dict[str, Any]:
        """The fields of a system message that is right; ``changed`` replaces some, None leaves one out."""
        fields = {
            "appId": APP_ID, "notifyType": 4, "title": "订单更新", "content": "您的包裹正在路上", "skipType": 1,
            "timeToLive": 86400, "networkType": -1, "classification": 1, "category": "ORDER",
            "requestId": f"request-{next(self.numbers)}", "pushMode": 0, **changed,
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value is not None}

    def operational(self, **changed: Any) -> dict[str, Any]:
        """The fields of an operational message, with a text of its own."""
        number = next(self.numbers)
        return self.message(
            **{"classification": 0, "category": "MARKETING", "title": f"本周新品第{number}批"} | changed
        )

    def send(self, token: str | None = "", **changed: Any) -> Act:
        """A single push to the live phone, unless something else is given; "" stands for a fresh authToken."""
        target = {} if {"regId", "alias"} & changed.keys() else {"regId": LIVE}
        return self.post("/message/send", self.message(**target, **changed), self._fresh(token))

    def sell(self, **changed: Any) -> Act:
        """An operational single push to the live phone."""
        return self.post("/message/send", self.operational(**{"regId": LIVE, **changed}), self._fresh(""))

    def save(self, **changed: Any) -> Act:
        return self.post("/message/saveListPayload", self.message(**changed), self._fresh(""))

    def push_list(self, *ids: Any, task: Any = "", **changed: Any) -> Act:
        """A push to a list; of a body that is saved first, unless there is one."""
        if task == "":
            task = told(self.save())["taskId"]
        fields = {"appId": APP_ID, "regIds": list(ids), "taskId": task, "requestId": f"list-{next(self.numbers)}"}
        document = {name: value for name, value in {**fields, **changed}.items() if value is not None}
        return self.post("/message/pushToList", document, self._fresh(""))

    def ask(self, path: str, **fields: Any) -> Act:
        return self.post(path, {"appId": APP_ID, **fields}, self._fresh(""))

    def statistics(self, *ids: str) -> Act:
        path = f"/report/getStatistics?taskIds={quote(','.join(ids), safe='')}"
        return self.serve("GET", path, b"", ("authtoken", self._fresh("")))

    def _fresh(self, token: str | None) -> Any:
        if token != "":
            return token
        if "token" not in self.peer.memory or self.peer.memory["until"] < self.now:
            self.peer.memory.update(token=self.token(), until=self.now + 3600)
        return self.peer.memory["token"]


def told(act: Act) -> dict[str, Any]:
    """The body of an answer; checks that it is one of vivo's, and that the act names the same code."""
    assert act.response is not None
    assert act.response.status == 200
    assert act.response.header("date")
    document = json.loads(act.response.body)
    assert isinstance(document, dict)
    assert isinstance(document["result"], int)
    assert document["desc"]
    if act.code is not None and act.code.isdecimal():
        assert act.code == str(document["result"])
    return document


def code(act: Act) -> str:
    """The code of an answer; ``http/500`` for a status without one."""
    assert act.response is not None
    return str(told(act)["result"]) if act.response.status == 200 else f"http/{act.response.status}"
