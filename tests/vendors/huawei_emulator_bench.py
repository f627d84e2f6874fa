"""One emulated Push Kit, a clock that the test turns, and credentials of every kind to ask it with."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt

from pushctl.core.emulated import Act, Emulator, Peer, Seen, World

AUDIENCE = "https://oauth-login.cloud.huawei.com/oauth2/v3/token"
FORM = ("content-type", "application/x-www-form-urlencoded")


class Bench:
    """A world of one vendor."""

    def __init__(self, emulator: Emulator, folder: Path, **settings: Any) -> None:
        self.emulator, self.folder = emulator, folder
        self.now = time.time()
        self.world = World(lambda: self.now, secrets.token_bytes, folder, **settings)
        self.peers = {listener.name: Peer(listener, 1) for listener in emulator.listeners}

    def serve(self, seen: Seen, listener: str = "push") -> Act:
        return self.emulator.serve(seen, self.peers[listener], self.world)

    def post(self, path: str, document: Any, authorization: str | None, **headers: str) -> Act:
        """A request to the push API; bytes go out as they are. Header names with ``_`` for ``-``."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        named += [("authorization", authorization)] if authorization is not None else []
        return self.serve(Seen("POST", path, tuple(named), body))

    # --- credentials

    def secret(self, name: str = "first") -> str:
        return (self.folder / f"client-secret-{name}.txt").read_text()

    def token_call(self, *, body: bytes | None = None, path: str = "/oauth2/v3/token", **fields: str | None) -> Act:
        """A call of the token endpoint; None leaves a field out."""
        form = {"grant_type": "client_credentials", "client_id": "100000001", "client_secret": self.secret(), **fields}
        encoded = urlencode({name: value for name, value in form.items() if value is not None}).encode()
        return self.serve(Seen("POST", path, (FORM,), encoded if body is None else body), "oauth")

    def access_token(self, **fields: str) -> str:
        act = self.token_call(**fields)
        assert act.response is not None
        assert act.response.status == 200
        return str(json.loads(act.response.body)["access_token"])

    def signed(
        self,
        account: str = "private",
        *,
        header: dict[str, Any] | None = None,
        algorithm: str = "PS256",
        key: str = "",
        **claims: Any,
    ) -> str:
        """A service account's JWT; ``header`` replaces kid, None in it leaves one out."""
        told = json.loads((self.folder / f"{account}.json").read_text())
        pem = told["private_key"] if not key else json.loads((self.folder / f"{key}.json").read_text())["private_key"]
        now = int(self.now)
        body = {"iss": told["sub_account"], "aud": AUDIENCE, "iat": now, "exp": now + 3600, **claims}
        return jwt.encode(
            {name: value for name, value in body.items() if value is not None},
            pem,
            algorithm,
            headers={"kid": told["key_id"], **(header or {})},
        )


def told(act: Act) -> dict[str, Any]:
    """The body of an answer; checks that it is one of the push API, and that the act names the same code."""
    assert act.response is not None
    document = json.loads(act.response.body)
    assert isinstance(document, dict)
    assert {"code", "msg", "requestId"} <= document.keys()
    assert document["requestId"].isdigit()
    if act.code is not None:
        assert act.code.partition("/")[0] in (document["code"], "80300007")
    return document


def code(act: Act) -> str:
    """The code of an answer; ``http/503`` for a status with an empty body."""
    assert act.response is not None
    return told(act)["code"] if act.response.body else f"http/{act.response.status}"


def listed(act: Act) -> Any:
    """What ``msg`` says in JSON."""
    return json.loads(told(act)["msg"])
