"""Certificates, and a TLS server that does what a script says: every misbehaviour over a real socket."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import queue
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pushctl.core.secret import Secret
from pushctl.core.vendor import TlsIdentity
from pushctl.core.wire import Request

HOST = "api.push.example"
"""The vendor's host in these tests; it is redirected to loopback and never looked up."""


@dataclass
class Pair:
    """A certificate and its key, as PEM."""

    certificate: bytes
    key: bytes
    path: Path = Path()

    @property
    def identity(self) -> TlsIdentity:
        return TlsIdentity(self.certificate, Secret(self.key, "$KEY"))


class Authority:
    """A CA that signs what the tests need."""

    def __init__(self, folder: Path, name: str = "test CA") -> None:
        self.folder = folder
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = (
            self._builder(self.name, self.key.public_key(), -1, 1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    key_cert_sign=True,
                    crl_sign=True,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        self.path = folder / f"{name.replace(' ', '-')}.pem"
        self.path.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def _builder(self, subject, public_key, start: int, end: int) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=start))
            .not_valid_after(now + datetime.timedelta(days=end))
        )

    def issue(self, name: str, *hosts: str, start: int = -1, end: int = 1) -> Pair:
        """A leaf for these host names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        names: list[x509.GeneralName] = []
        for host in hosts or (name,):
            try:
                names.append(x509.IPAddress(ipaddress.ip_address(host)))
            except ValueError:
                names.append(x509.DNSName(host))
        certificate = (
            self._builder(subject, key.public_key(), start, end)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        pair = Pair(
            certificate.public_bytes(Encoding.PEM),
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            self.folder / f"{x509.random_serial_number()}.pem",
        )
        pair.path.write_bytes(pair.certificate + pair.key)
        return pair


@dataclass
class Certificates:
    ca: Authority
    other_ca: Authority
    server: Pair
    client: Pair


@dataclass
class Arrived:
    """A request as the server saw it."""

    stream: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


class Peer:
    """One accepted connection, the server's side of HTTP/2."""

    def __init__(self, server: Server, sock: ssl.SSLSocket) -> None:
        self.server = server
        self.socket = sock
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self._arriving: dict[int, Arrived] = {}
        self._ready: deque[Arrived] = deque()
        self.events: list[h2.events.Event] = []

    def greet(self, **settings: int) -> Peer:
        """Send the SETTINGS frame that opens a connection: ``max_concurrent_streams=1`` …"""
        codes = {h2.settings.SettingCodes[name.upper()]: value for name, value in settings.items()}
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values=codes)
        self.h2.initiate_connection()
        return self.flush()

    def settings(self, **settings: int) -> Peer:
        self.h2.update_settings({h2.settings.SettingCodes[name.upper()]: value for name, value in settings.items()})
        return self.flush()

    def flush(self) -> Peer:
        if data := self.h2.data_to_send():
            self.socket.sendall(data)
        return self

    def request(self) -> Arrived | None:
        """The next whole request, or None when the client has closed the connection."""
        while not self._ready:
            try:
                data = self.socket.recv(65536)
            except OSError:
                data = b""
            if not data:
                return None
            self._read(data)
        return self._ready.popleft()

    def _read(self, data: bytes) -> None:
        for event in self.h2.receive_data(data):
            self.events.append(event)
            match event:
                case h2.events.RequestReceived():
                    self._arriving[event.stream_id] = Arrived(event.stream_id, list(event.headers))
                    peak = len(self._arriving) + len(self._ready)
                    self.server.peak = max(self.server.peak, peak)
                case h2.events.DataReceived():
                    self._arriving[event.stream_id].body += event.data
                    if event.flow_controlled_length:
                        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                case h2.events.StreamEnded():
                    self._ready.append(self._arriving.pop(event.stream_id))
                    self.server.requests.append(self._ready[-1])
                case _:
                    pass
        self.flush()

    def respond(self, arrived: Arrived, status: int = 200, body: bytes = b"", **headers: str) -> Peer:
        pairs = [(":status", str(status)), *((name.replace("_", "-"), value) for name, value in headers.items())]
        self.h2.send_headers(arrived.stream, pairs, end_stream=not body)
        while body:
            room = min(self.h2.local_flow_control_window(arrived.stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                self.flush()._read(self.socket.recv(65536))
                continue
            chunk, body = body[:room], body[room:]
            self.h2.send_data(arrived.stream, chunk, end_stream=not body)
        return self.flush()

    def reset(self, arrived: Arrived, code: int) -> Peer:
        """RST_STREAM; past ``h2`` where the stream is closed already."""
        try:
            self.h2.reset_stream(arrived.stream, code)
        except h2.exceptions.StreamClosedError:
            return self.raw(frame(3, 0, arrived.stream, code.to_bytes(4, "big")))
        return self.flush()

    def goaway(self, last: int = 0, code: int = 0, debug: bytes = b"") -> Peer:
        return self.raw(frame(7, 0, 0, last.to_bytes(4, "big") + code.to_bytes(4, "big") + debug))

    def raw(self, data: bytes) -> Peer:
        self.socket.sendall(data)
        return self

    def linger(self) -> None:
        """Read until the client has gone."""
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass

    def abort(self) -> None:
        """End the connection with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def serve(self, answer: Callable[[Peer, Arrived], object] | None = None) -> None:
        """Answer every request until the client has gone."""
        while (arrived := self.request()) is not None:
            if answer is None:
                self.respond(arrived)
            else:
                answer(self, arrived)


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


Script = Callable[[Peer], object]


class Server:
    """A listener on loopback. Connection after connection goes through the scripts; the last one is repeated."""

    def __init__(self, scripts: tuple[Script, ...], context: ssl.SSLContext | None) -> None:
        self.scripts = scripts
        self.requests: list[Arrived] = []
        self.peak = 0
        self.connections = 0
        self.handshakes: queue.Queue[Exception | None] = queue.Queue()
        self.snis: list[str | None] = []
        self._context = context
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.snis.append(name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._closing = False
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            raw, _ = self._listener.accept()
            if self._closing:
                raw.close()
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            thread = threading.Thread(target=self._talk, args=(raw, script))
            self._threads.append(thread)
            thread.start()

    def _talk(self, raw: socket.socket, script: Script) -> None:
        raw.settimeout(10)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or a close at once takes back what Nagle holds
        connection = raw
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(raw, server_side=True)
                self.handshakes.put(None)
            script(Peer(self, connection))
        except (OSError, h2.exceptions.ProtocolError) as error:
            self.handshakes.put(error)
        finally:
            connection.close()
            raw.close()

    def close(self) -> None:
        self._closing = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._accepting.join(10)
        for thread in self._threads:
            thread.join(15)
        self._listener.close()


def push(number: int = 0, **changes: object) -> Request:
    """A request to the vendor's host."""
    settings: dict[str, object] = {
        "call": "send",
        "method": "POST",
        "url": f"https://{HOST}/3/device/{number:04d}",
        "headers": (("Authorization", Secret("bearer s3cret", "bearer $PUSHCTL_TOKEN")), ("apns-topic", "com.example")),
        "json": {"aps": {"alert": "Hi"}},
    }
    return Request(**{**settings, **changes})  # type: ignore[arg-type]


def read_http1(peer) -> bytes:
    """One HTTP/1.1 request with a content-length, as bytes; b"" when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = peer.socket.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += peer.socket.recv(65536)
    return head + b"\r\n\r\n" + body


def http1(*answers: bytes):
    """A script that gives these answers, one per request; the last one again and again."""

    def script(peer):
        number = 0
        while request := read_http1(peer):
            peer.server.requests.append(request)
            peer.raw(answers[min(number, len(answers) - 1)])
            number += 1

    return script


OK = b"HTTP/1.1 200 OK\r\nX-Id: 7\r\nx-id: 8\r\ncontent-length: 2\r\n\r\n{}"
