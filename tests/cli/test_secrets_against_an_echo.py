"""Canaries, second part: a server that grants a secret and repeats in its errors whatever it was sent, as debugging
servers and careless proxies do. Nothing of it may be shown, cached under its name, or kept in the sandbox's journal."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pushctl import sandbox
from pushctl.sandbox.journal import Journal
from pushctl.vendors import registry

CLIENT_SECRET = "canary-client+secret/="
REFRESH_TOKEN = "canary-refresh-token-0123456789"
BARE_TOKEN = "ya29.canary-bare-access-token-0123456789"
GRANTED = "ya29.canary-granted-access-token-0123456789"
TOKENS = {
    "fcm": "d" * 22 + ":APA91b" + "x" * 134,
    "hms": "IQAAAA" + "x" * 124,
    "honor": "BAEAAAAAB.j" + "x" * 117,
    "harmony": "MAMz" + "x" * 108,
    "mi": "d/+" + "x" * 61,
    "oppo": "CN_" + "a" * 32,
    "vivo": "v2-" + "x" * 56,
    "meizu": "TST" + "a" * 42,
}
GRANTS = {  # how each service grants a token, by the last part of the path that it is asked for at
    "token": {"access_token": GRANTED, "expires_in": 3600, "token_type": "Bearer"},
    "auth": {"code": 0, "data": {"auth_token": GRANTED}, "result": 0, "authToken": GRANTED},
}
SENTENCES = ("message", "msg", "reason", "description", "desc")
"""Where the services write a sentence, which pushctl may quote."""


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


@pytest.fixture
def profiles(tmp_path: Path, private_key: str) -> dict[str, str]:
    """Profiles by name, each with a canary for a secret; the value is the vendor."""
    service = {
        "type": "service_account",
        "project_id": "demo-project",
        "private_key_id": "0123",
        "private_key": private_key,
        "client_email": "me@demo-project.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    user = {
        "type": "authorized_user",
        "client_id": "me",
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
    }
    huawei = {
        "project_id": "388421841221199046",
        "key_id": "0123",
        "private_key": private_key,
        "sub_account": "100000000",
    }
    for name, content in (("service", service), ("user", user), ("private", huawei)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    (tmp_path / "secret").write_text(CLIENT_SECRET)
    (tmp_path / "bare").write_text(BARE_TOKEN)
    tables = {
        "fcm-service": ("fcm", 'service_account = "file:service.json"', ""),
        "fcm-user": ("fcm", 'service_account = "file:user.json"', 'project_id = "demo-project"'),
        "fcm-bare": ("fcm", 'access_token = "file:bare"', 'project_id = "demo-project"'),
        "hms": ("hms", 'client_secret = "file:secret"', 'app_id = "100000001"'),
        "hms-service": ("hms", 'service_account = "file:private.json"', 'app_id = "100000001"'),
        "harmony": ("harmony", 'service_account = "file:private.json"', ""),
        "honor": ("honor", 'client_id = "hon-client-1"\nclient_secret = "file:secret"', 'app_id = "104000001"'),
        "mi": ("mi", 'app_secret = "file:secret"', 'package_name = "com.example.app"'),
        "oppo": ("oppo", 'app_key = "0123456789abcdef0123456789abcdef"\nmaster_secret = "file:secret"', ""),
        "vivo": ("vivo", 'app_key = "hon-client-1"\napp_secret = "file:secret"', 'app_id = "105500000"'),
        "meizu": ("meizu", 'app_secret = "file:secret"', 'app_id = "100999"'),
    }
    for name, (vendor, credentials, app) in tables.items():
        text = f'vendor = "{vendor}"\n[credentials]\n{credentials}\n[app]\n{app}\n'
        (tmp_path / f"{name}.toml").write_text(text)
    return {name: vendor for name, (vendor, _, _) in tables.items()}


PROFILES = (
    *("fcm-service", "fcm-user", "fcm-bare", "hms", "hms-service", "harmony", "honor"),
    *("mi", "oppo", "vivo", "meizu"),
)


@dataclass
class Echo:
    """The server.

    :ivar signed: every signature that a request had in a field ``sign``.
    """

    url: str
    signed: set[str] = field(default_factory=set)


@pytest.fixture(params=[("grants", 400), ("refuses", 400), ("grants", 200), ("refuses", 200)], ids=str)
def echo(request: pytest.FixtureRequest) -> Iterator[Echo]:
    """A loopback server whose token endpoint grants or refuses; every error, with its status, repeats headers and
    body."""
    does, status_of_errors = request.param
    signed: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            signed.update(re.findall(r'\bsign"?[=:]"?([0-9a-f]{16,})', self.path + " " + body))
            bare = [value.partition("=")[2] for value in self.headers.values()]
            told = {"headers": dict(self.headers.items()), "body": body, "line": self.requestline, "bare": bare}
            granted = GRANTS.get(self.path.rpartition("/")[2]) if does == "grants" else None
            said = dict.fromkeys(SENTENCES, json.dumps(told))
            error = {"error": {"code": 400, "message": json.dumps(told)}, "code": "80100003", "result": 10999}
            status, answer = (200, granted) if granted else (status_of_errors, {**said, **error, "value": "", **told})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Echo(f"http://127.0.0.1:{server.server_address[1]}", signed)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def canaries(private_key: str) -> list[str]:
    words = [CLIENT_SECRET, quote_plus(CLIENT_SECRET), REFRESH_TOKEN, BARE_TOKEN, GRANTED]
    return [*words, private_key.splitlines()[1][:40], private_key.splitlines()[5][:40]]


ASKED = {
    "mi": [("quota",), ("trace", "scm01b17502941312345"), ("topic", "subscribe", "news", "-t", TOKENS["mi"])],
    "oppo": [("token", "inspect", TOKENS["oppo"])],
    "vivo": [("trace", "542600000000000001"), ("token", "inspect", TOKENS["vivo"])],
    "meizu": [("trace",), ("trace", "48"), ("token", "inspect", TOKENS["meizu"])],
}
DEPOSITED = {"oppo": "broadcast = true", "meizu": "task = true"}


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_that_an_echo_repeats_is_shown(
    pushctl: Any, profiles: dict[str, str], echo: Echo, private_key: str, profile: str, tmp_path: Path
) -> None:
    vendor = profiles[profile]
    whose = ("-p", f"./{profile}.toml", "--endpoint", echo.url)
    text = ("--title", "Order shipped", "--body", "Your parcel is on its way")
    push = ("send", "-p", f"./{profile}.toml", "-t", TOKENS[vendor], *text)
    (tmp_path / "it.toml").write_text(f"[{vendor}]\n{DEPOSITED.get(vendor, '')}\n")
    for argv in (
        (*push, "--endpoint", echo.url),
        (*push, "--endpoint", echo.url, "-v", "--debug"),
        (*push, "--endpoint", echo.url, "--json"),
        (*push, "--endpoint", echo.url, "-o", "jsonl", "-v"),
        (*push, "--endpoint", echo.url, "-t", TOKENS[vendor][:-1] + "b", "-v"),
        (*push, "--endpoint", echo.url, "--message", "it.toml", "-v"),
        *((*question, *whose, "-v", "--debug") for question in ASKED.get(vendor, ())),
        (*push, "--dry-run", "-v"),
        (*push, "--dry-run", "--json"),
        (*push, "--as", "curl"),
        ("profile", "show", f"./{profile}.toml"),
        ("profile", "check", f"./{profile}.toml", "--json"),
    ):
        ran = pushctl(*argv)
        said = ran.out + ran.err
        assert said, argv
        assert "internal error" not in said, argv
        for canary in (*canaries(private_key), *echo.signed):
            assert canary not in said, (argv, said)
    if vendor in ("oppo", "vivo", "meizu"):
        assert echo.signed, "there was nothing to be repeated"
    for path in (tmp_path / "cache").rglob("*"):
        assert "canary" not in str(path)


@pytest.mark.parametrize("vendor", ["fcm", "hms", "harmony", "honor", "mi", "oppo", "vivo", "meizu"])
def test_the_journal_of_the_sandbox_keeps_no_secret(
    pushctl: Any, vendor: str, sandbox_home: Path, tmp_path: Path
) -> None:
    home, path = sandbox_home / "pushctl" / "sandbox", tmp_path / "journal.jsonl"
    running = sandbox.start([vendor], home=home, journal=Journal(path))
    try:
        sandbox.announce(running, tmp_path)
        env = {"PUSHCTL_SANDBOX": str(tmp_path)}
        text = ("--title", "Order shipped", "--body", "Your parcel is on its way")
        assert pushctl("send", "--sandbox", vendor, *text, env=env).code == 0
        token = pushctl("auth", "--sandbox", vendor, env=env).out.strip()
        files = [one.read_text("utf-8") for one in running.folders[vendor].iterdir() if one.suffix in (".txt", "")]
        kept = path.read_text("utf-8")
    finally:
        running.close()
    assert kept.count("\n") >= 1
    public = registry.emulator(vendor).profile(running.folders[vendor], "production", "")["credentials"].values()
    secrets = [token.rpartition(".")[2] if token.count(".") == 2 else token, *(one.strip() for one in files)]
    secrets = [one for one in secrets if one not in public]  # an AppKey also lies there as somebody's wrong secret
    for secret in filter(None, secrets):
        assert secret not in kept
        assert quote_plus(secret) not in kept
    assert not re.search(r"\bsign\W{1,6}[0-9a-f]{16}", kept)
