"""One emulated world of Google's services for the tests: a clock that the test turns, credentials, requests."""

from __future__ import annotations

import json
import secrets
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import PROJECT
from pushctl.vendors.fcm.emulator_credentials import ACCOUNTS, CLOUD, MESSAGING, TOKEN_URL
from pushctl.vendors.fcm.emulator_handsets import live

SEND = f"/v1/projects/{PROJECT}/messages:send"
LISTENERS = {host: listener for listener in EMULATOR.listeners for host in listener.hosts}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FORM = ("content-type", "application/x-www-form-urlencoded")


@cache
def foreign_key() -> rsa.RSAPrivateKey:
    """A key that no account has."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def code_of(act: Act) -> str | None:
    """The catalogue's code that an act says; None for an acceptance, whose status and code must fit."""
    assert act.response is not None
    assert (act.response.status < 300) is (act.code is None)
    return act.code


def document(act: Act) -> Any:
    assert act.response is not None
    return json.loads(act.response.body)


def error(act: Act) -> dict[str, Any]:
    found = document(act)["error"]
    assert isinstance(found, dict)
    assert act.response is not None
    assert found["code"] == act.response.status
    return found


def detail(act: Act, name: str) -> dict[str, Any]:
    """The entry of ``details`` whose type ends so."""
    return next(each for each in error(act)["details"] if each["@type"].rpartition(".")[2] == name)


class Bench:
    """A world, and whoever asks in it."""

    def __init__(self, folder: Path, scenario: str | None = None, **settings: Any) -> None:
        self.folder = folder
        self.now = time.time()
        self.world = World(lambda: self.now, secrets.token_bytes, folder, scenario, **settings)
        self._access: dict[tuple[str, str], tuple[str, float]] = {}

    def ask(
        self, method: str, path: str, body: bytes = b"", *headers: tuple[str, str], host: str = "fcm.googleapis.com"
    ) -> Act:
        """One request as it arrives."""
        peer = Peer(LISTENERS[host], 1)
        return EMULATOR.serve(Seen(method, path, headers, body, host), peer, self.world)

    def account(self, name: str = "service-account") -> dict[str, str]:
        found: dict[str, str] = json.loads((self.folder / ACCOUNTS[name].file).read_bytes())
        return found

    def assertion(self, name: str = "service-account", key: Any = None, header: Any = None, **claims: Any) -> str:
        """A signed assertion; a claim or header that is None is left out."""
        account = self.account(name)
        told = {
            "iss": account["client_email"],
            "scope": MESSAGING,
            "aud": TOKEN_URL,
            "iat": int(self.now),
            "exp": int(self.now) + 3600,
            **claims,
        }
        said = {"kid": account["private_key_id"]} if header is None else header
        kept = {claim: value for claim, value in told.items() if value is not None}
        return jwt.encode(kept, key or account["private_key"], "RS256", headers=said)

    def form(self, path: str, fields: dict[str, str], *, host: str = "oauth2.googleapis.com") -> Act:
        return self.ask("POST", path, urlencode(fields).encode(), FORM, host=host)

    def mint(self, assertion: str, *, path: str = "/token", host: str = "oauth2.googleapis.com") -> Act:
        return self.form(path, {"grant_type": JWT_BEARER, "assertion": assertion}, host=host)

    def access(self, name: str = "service-account", scope: str = MESSAGING) -> str:
        """An access token of an account, kept while it lives."""
        kept, expires = self._access.get((name, scope), ("", 0.0))
        if expires <= self.now:
            kept = document(self.mint(self.assertion(name, scope=scope)))["access_token"]
            self._access[name, scope] = kept, self.now + 3600
        return kept

    def call(
        self, method: str, path: str, body: bytes = b"", *headers: tuple[str, str], access: str = "", **more: Any
    ) -> Act:
        """A call with an access token and the newer error format."""
        own = (("authorization", f"Bearer {access or self.access()}"), ("x-goog-api-format-version", "2"))
        return self.ask(method, path, body, *own, *headers, **more)

    def post(self, body: Any, *headers: tuple[str, str], path: str = SEND, access: str = "") -> Act:
        """messages:send with this body."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, raw, ("content-type", "application/json"), *headers, access=access)

    def send(self, message: dict[str, Any] | None = None, **fields: Any) -> Act:
        """A message to the live Android phone, unless it names a target itself."""
        told = {**(message or {}), **fields}
        if not told.keys() & {"token", "fid", "topic", "condition"}:
            told = {"token": live("android").token, **told}
        return self.post({"message": told})

    def topics(self, method: str, registration: str, rest: str = "", body: bytes = b"") -> Act:
        """The topic API for one registration."""
        path = f"/v1/projects/{PROJECT}/registrations/{quote(registration, safe='')}/topicSubscriptions{rest}"
        return self.call(method, path, body)

    def iid(self, method: str, path: str, body: Any = None, *, access: str = "") -> Act:
        raw = b"" if body is None else json.dumps(body).encode()
        headers = (("access_token_auth", "true"),)
        return self.call(method, path, raw, *headers, access=access, host="iid.googleapis.com")

    def cloud(self) -> str:
        """An access token with the scope of everything."""
        return self.access(scope=CLOUD)
