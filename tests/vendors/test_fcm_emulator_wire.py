"""The emulated FCM behind real sockets: any port, both versions of HTTP, clients that are not quite right."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import jwt
import pytest

import pushctl.sandbox
from pushctl.sandbox import Running
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import PROJECT
from pushctl.vendors.fcm.emulator_credentials import ACCOUNTS, CLOUD, MESSAGING, OTHERS, TOKEN_URL
from pushctl.vendors.fcm.emulator_handsets import live

SEND = f"/v1/projects/{PROJECT}/messages:send"
MESSAGE = {"message": {"token": live("android").token, "data": {"op": "sync"}}}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = pushctl.sandbox.start(["fcm"], home=tmp_path_factory.mktemp("fcm-wire"))
    server = started._server
    yield started
    started.close()
    assert server is not None
    assert server.troubles == []


def account(running: Running) -> dict[str, str]:
    found: dict[str, str] = json.loads((running.folders["fcm"] / ACCOUNTS["service-account"].file).read_bytes())
    return found


def assertion(running: Running, scope: str = MESSAGING) -> str:
    key, now = account(running), int(time.time())
    claims = {"iss": key["client_email"], "scope": scope, "aud": TOKEN_URL, "iat": now, "exp": now + 3600}
    return jwt.encode(claims, key["private_key"], "RS256")


def client(running: Running, host: str, *, http2: bool = False) -> httpx.Client:
    ip, port = running.via[host]
    context = ssl.create_default_context(cafile=running.ca)
    return httpx.Client(base_url=f"https://{ip}:{port}", verify=context, http2=http2, timeout=10, trust_env=False)


def access_token(running: Running, host: str = "oauth2.googleapis.com", **headers: str) -> str:
    with client(running, host) as asking:
        form = {"grant_type": JWT_BEARER, "assertion": assertion(running)}
        told = asking.post("/token", data=form, headers=headers)
    assert told.status_code == 200
    return str(told.json()["access_token"])


@pytest.mark.parametrize("http2", [True, False])
def test_a_push_over_both_versions_of_http(running: Running, http2: bool) -> None:
    with client(running, "fcm.googleapis.com", http2=http2) as asking:
        told = asking.post(SEND, json=MESSAGE, headers={"Authorization": f"Bearer {access_token(running)}"})
    assert (told.status_code, told.http_version) == (200, "HTTP/2" if http2 else "HTTP/1.1")
    assert told.json()["name"].startswith(f"projects/{PROJECT}/messages/0:")
    assert "date" in told.headers


@pytest.mark.parametrize("port_of", sorted({hosts[0] for hosts in (each.hosts for each in EMULATOR.listeners)}))
@pytest.mark.parametrize("host", ["localhost", "fcm.googleapis.com", ""])
def test_one_port_serves_all_paths(running: Running, port_of: str, host: str) -> None:
    headers = {"Host": host} if host else {}
    token = access_token(running, port_of, **headers)
    with client(running, port_of) as asking:
        told = asking.post(SEND, json=MESSAGE, headers={"Authorization": f"Bearer {token}", **headers})
    assert told.status_code == 200


def test_every_host_is_served_by_its_name(running: Running) -> None:
    for listener in EMULATOR.listeners:
        for host in listener.hosts:
            with socket.create_connection(running.via[host], timeout=10) as raw:
                context = ssl.create_default_context(cafile=running.ca)
                with context.wrap_socket(raw, server_hostname=host) as secured:
                    assert secured.version()


class Strange:
    """An HTTP/2 client that sends headers as they are, right or wrong."""

    def __init__(self, running: Running) -> None:
        context = ssl.create_default_context(cafile=running.ca)
        context.set_alpn_protocols(["h2"])
        raw = socket.create_connection(running.via["fcm.googleapis.com"], timeout=10)
        self.socket = context.wrap_socket(raw, server_hostname="fcm.googleapis.com")
        settings = h2.config.H2Configuration(
            header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False
        )
        self.conn = h2.connection.H2Connection(settings)
        self.conn.initiate_connection()

    def post(self, pseudo: list[tuple[str, str]], headers: list[tuple[str, str]], body: bytes) -> tuple[str, Any]:
        stream = self.conn.get_next_available_stream_id()
        self.conn.send_headers(stream, [*pseudo, *headers])
        self.conn.send_data(stream, body, end_stream=True)
        self.socket.sendall(self.conn.data_to_send())
        status, told = "", b""
        while data := self.socket.recv(65536):
            for event in self.conn.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    status = dict(event.headers)[":status"]
                elif isinstance(event, h2.events.DataReceived):
                    told += event.data
                elif isinstance(event, (h2.events.StreamEnded, h2.events.ConnectionTerminated)):
                    return status, json.loads(told or b"null")
        return status, json.loads(told or b"null")

    def close(self) -> None:
        self.socket.close()


@pytest.mark.parametrize("scheme", ["https", "https:", "https://"])
def test_a_scheme_with_a_colon_is_survived(running: Running, scheme: str) -> None:
    """A published client writes ``:scheme: https:``."""
    strange = Strange(running)
    pseudo = [(":method", "POST"), (":scheme", scheme), (":path", SEND), (":authority", "fcm.googleapis.com")]
    try:
        for _ in range(2):
            status, told = strange.post(
                pseudo, [("authorization", f"Bearer {access_token(running)}")], json.dumps(MESSAGE).encode()
            )
            assert status == "200"
            assert told["name"]
    finally:
        strange.close()


def test_a_collapse_key_that_is_a_number_is_refused_and_the_connection_goes_on(running: Running) -> None:
    headers = {"Authorization": f"Bearer {access_token(running)}", "X-GOOG-API-FORMAT-VERSION": "2"}
    wrong = {"message": {**MESSAGE["message"], "android": {"collapse_key": -1}}}
    with client(running, "fcm.googleapis.com", http2=True) as asking:
        told = asking.post(SEND, json=wrong, headers=headers)
        assert told.status_code == 400
        assert "Invalid value at 'message.android.collapse_key' (TYPE_STRING), -1" in told.json()["error"]["message"]
        assert asking.post(SEND, json=MESSAGE, headers=headers).status_code == 200


def test_no_secret_gets_into_the_journal(running: Running) -> None:
    folder = running.folders["fcm"]
    login = json.loads((folder / OTHERS["authorized-user"]).read_bytes())
    signed, subject = assertion(running, CLOUD), (folder / "subject-token.txt").read_text().strip()
    fields = {name: login[name] for name in ("client_id", "client_secret", "refresh_token")}
    secrets = [signed.rpartition(".")[2], subject, login["client_secret"], login["refresh_token"]]
    with client(running, "oauth2.googleapis.com") as asking:
        forms = ({"grant_type": JWT_BEARER, "assertion": signed}, {"grant_type": "refresh_token", **fields})
        secrets += [asking.post("/token", data=form).json()["access_token"] for form in forms]
        asking.get("/sandbox/subject-token")
        asking.post("/v1/token", data={"subject_token": subject})
        asking.post(f"{SEND}?access_token={secrets[-1]}", json=MESSAGE)
        asking.post(SEND, json=MESSAGE, headers={"Authorization": f"Bearer {secrets[-2]}"})
    assert running.journal is not None
    written = repr(running.journal.entries)
    assert "jwt-bearer" in written
    assert [secret for secret in secrets if secret in written] == []


def test_the_folder_is_this_users_alone(running: Running) -> None:
    modes = {path.stat().st_mode & 0o077 for path in Path(running.folders["fcm"]).iterdir()}
    assert modes == {0}
