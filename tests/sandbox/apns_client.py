"""A small blocking HTTP/2 client for the tests: ssl, h2 and PyJWT, and nothing of pushctl's own transport."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import jwt

from pushctl.sandbox import Running

BODY = b'{"aps":{"alert":"Hi"}}'


@dataclass
class Reply:
    """What came back on one stream."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    reset: int | None = None
    ended_with_headers: bool = False
    frames_of_data: int = 0

    @property
    def status(self) -> int:
        return int(self.headers[":status"])


def token_of(profile: dict[str, Any], **claims: Any) -> str:
    """A provider token of a throw-away profile."""
    credentials = profile["credentials"]
    key = Path(credentials["key"].removeprefix("file:")).read_bytes()
    body = {"iss": credentials["team_id"], "iat": int(time.time()), **claims}
    return jwt.encode(body, key, "ES256", headers={"kid": credentials["key_id"]})


class Client:
    """One connection to an emulated host."""

    def __init__(
        self,
        running: Running,
        host: str = "api.sandbox.push.apple.com",
        *,
        alpn: list[str] | None = ["h2"],  # noqa: B006 - never changed
        certificate: Path | None = None,
        port_of: str | None = None,
        sni: str | None = None,
        ca: Path | None = None,
    ) -> None:
        self.context = ssl.create_default_context(cafile=ca or running.ca)
        if alpn is not None:
            self.context.set_alpn_protocols(alpn)
        if certificate is not None:
            self.context.load_cert_chain(certificate)
        self.profile = running.profile("apns", "production" if host.startswith("api.push") else "sandbox")
        self.jwt = token_of(self.profile) if "key" in self.profile["credentials"] else ""
        raw = socket.create_connection(running.via[port_of or host], timeout=10)
        try:
            self.socket = self.context.wrap_socket(raw, server_hostname=sni or host)
        except BaseException:
            raw.close()
            raise
        self.host = host
        self.conn = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.replies: dict[int, Reply] = {}
        self.settings: list[dict[int, int]] = []
        self.goaway: h2.events.ConnectionTerminated | None = None
        self.closed = False
        self.order: list[str] = []
        self.conn.initiate_connection()
        try:
            self.flush()
        except OSError:
            self.socket.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def flush(self) -> None:
        self.socket.sendall(self.conn.data_to_send())

    def open(
        self,
        path: str,
        body: bytes = BODY,
        *,
        method: str = "POST",
        authority: bool = True,
        token: str | None = None,
        extra: tuple[tuple[str, str], ...] = (),
        **headers: str | None,
    ) -> int:
        """Start a stream; header names with ``_`` for ``-``; None leaves one out."""
        fields: dict[str, str | None] = {
            "authorization": f"bearer {token or self.jwt}",
            "apns-topic": "com.example.app",
            "apns-push-type": "alert",
        }
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        pseudo = [(":method", method), (":scheme", "https"), (":path", path)]
        pseudo.append((":authority", self.host) if authority else ("host", self.host))
        stream = self.conn.get_next_available_stream_id()
        chosen = [*pseudo, *((name, value) for name, value in fields.items() if value is not None), *extra]
        self.conn.send_headers(stream, chosen, end_stream=not body)
        if body:
            self.conn.send_data(stream, body, end_stream=True)
        self.replies[stream] = Reply()
        return stream

    def read(self) -> None:
        """Take in what has arrived; waits for something."""
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError):
            data = b""
        if not data:
            self.closed = True
            return
        for event in self.conn.receive_data(data):
            self.order.append(type(event).__name__)
            if isinstance(event, h2.events.RemoteSettingsChanged):
                self.settings.append({int(key): each.new_value for key, each in event.changed_settings.items()})
            elif isinstance(event, h2.events.ResponseReceived):
                self.replies[event.stream_id].headers = dict(event.headers)
                self.replies[event.stream_id].ended_with_headers = event.stream_ended is not None
            elif isinstance(event, h2.events.DataReceived):
                self.replies[event.stream_id].body += event.data
                self.replies[event.stream_id].frames_of_data += 1
                self.conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                self.replies[event.stream_id].ended = True
            elif isinstance(event, h2.events.StreamReset):
                self.replies[event.stream_id].reset = int(event.error_code)
            elif isinstance(event, h2.events.ConnectionTerminated):
                self.goaway = event
        if self.goaway is None:
            with contextlib.suppress(OSError):  # a server that has closed may still have said why
                self.flush()

    def wait(self, *streams: int) -> None:
        """Until these streams have an end, or the connection has."""
        while not self.closed and self.goaway is None:
            if all(self.replies[each].ended or self.replies[each].reset is not None for each in streams):
                return
            self.read()

    def wait_for_data(self, stream: int) -> None:
        """Until a part of the body has come."""
        while not self.closed and not self.replies[stream].body:
            self.read()

    def push(self, token: str, body: bytes = BODY, **settings: Any) -> Reply:
        """One push and its answer."""
        stream = self.open(f"/3/device/{token}", body, token=settings.pop("jwt", None), **settings)
        self.flush()
        self.wait(stream)
        return self.replies[stream]
