"""Fixtures of the transport's tests."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted_server import HOST, Authority, Certificates, Pair, Script, Server

from pushctl.transport import open_transport
from pushctl.transport.route import Route


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    ca, other = Authority(folder), Authority(folder, "other CA")
    return Certificates(ca, other, ca.issue(HOST, HOST, "127.0.0.1", "localhost"), ca.issue("client"))


@pytest.fixture
def serve(certificates: Certificates) -> Iterator[Callable[..., Server]]:
    """Start servers: ``serve(script, …, alpn=…, pair=…, client_ca=…, tls=…)``."""
    running: list[Server] = []

    def start(
        *scripts: Script,
        alpn: tuple[str, ...] = ("h2",),
        pair: Pair | None = None,
        client_ca: Path | None = None,
        tls: str = "1.3",
    ) -> Server:
        context = None
        if tls != "none":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain((pair or certificates.server).path)
            context.maximum_version = ssl.TLSVersion.TLSv1_2 if tls == "1.2" else ssl.TLSVersion.TLSv1_3
            if alpn:
                context.set_alpn_protocols(list(alpn))
            if client_ca is not None:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(client_ca)
        server = Server(scripts, context)
        running.append(server)
        return server

    yield start
    for server in running:
        server.close()


@pytest.fixture
def route_to(certificates: Certificates) -> Callable[..., Route]:
    """The route to a server: by redirection of the vendor's host, as the sandbox does it."""

    def build(server: Server, **changes: object) -> Route:
        settings: dict[str, object] = {
            "connect_s": 5.0,
            "total_s": 5.0,
            "via": {HOST: ("127.0.0.1", server.port)},
            "sandbox_ca": certificates.ca.path,
            "vendor_hosts": frozenset({HOST}),
        }
        return Route(**{**settings, **changes})  # type: ignore[arg-type]

    return build


@pytest.fixture
def stream(route_to) -> Iterator[Callable[..., object]]:
    """Open streaming transports that are closed at the end."""
    opened = []

    def start(server, identity=None, watch=None, **changes):
        transport = open_transport("stream", route_to(server, **changes), identity, watch)
        opened.append(transport)
        return transport

    yield start
    for transport in opened:
        transport.close()
