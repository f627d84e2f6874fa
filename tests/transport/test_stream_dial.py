"""From a name to a connection: TLS, client certificates, proxies, name look-up."""

from __future__ import annotations

import base64
import os
import socket
import tempfile
import threading
from pathlib import Path

import pytest
from scripted_server import HOST, OK, http1, push

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.core.vendor import TlsIdentity
from pushctl.core.wire import Lost, Response
from pushctl.transport import open_transport
from pushctl.transport.route import Route, route_from


def fine(peer):
    """Whatever the client speaks."""
    negotiated = getattr(peer.socket, "selected_alpn_protocol", lambda: None)()
    if negotiated == "h2":
        peer.greet().serve()
    else:
        http1(OK)(peer)


WIRES = pytest.mark.parametrize("wire", ["stream", "rest"])


@pytest.fixture
def opened():
    transports = []

    def start(wire, route, identity=None):
        transports.append(open_transport(wire, route, identity))
        return transports[-1]

    yield start
    for transport in transports:
        transport.close()


# --- TLS ------------------------------------------------------------------------------------------------------------


@WIRES
@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (lambda c: c.ca.issue(HOST, start=-3, end=-2), "expired"),
        (lambda c: c.ca.issue(HOST, start=1, end=2), "not valid yet"),
        (lambda c: c.ca.issue("other.example"), "another host name"),
        (lambda c: c.other_ca.issue(HOST), "does not trust"),
    ],
)
def test_a_certificate_that_does_not_verify(serve, route_to, opened, certificates, wire, leaf, words):
    server = serve(fine, pair=leaf(certificates))
    reply = opened(wire, route_to(server)).one(push())
    assert (type(reply), reply.sent, reply.code) == (Lost, "no", "TLS")
    assert f"{HOST}:443" in reply.why
    assert words in reply.why
    assert server.requests == []


@WIRES
def test_the_sandboxs_ca_is_not_trusted_elsewhere(serve, route_to, opened, wire):
    server = serve(fine)
    route = route_to(server, via={})
    reply = opened(wire, route).one(push(url=f"https://127.0.0.1:{server.port}/x"))
    assert (reply.code, reply.sent) == ("TLS", "no")


@WIRES
def test_a_server_without_tls(serve, route_to, opened, wire):
    server = serve(lambda peer: peer.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), tls="none")
    reply = opened(wire, route_to(server)).one(push())
    assert (reply.code, reply.sent) == ("TLS", "no")
    assert "does not speak TLS" in reply.why


@WIRES
def test_a_server_that_closes_in_the_handshake(serve, route_to, opened, wire):
    server = serve(lambda peer: peer.socket.recv(1), tls="none")
    reply = opened(wire, route_to(server)).one(push())
    assert (reply.code, reply.sent) == ("TLS", "no")


@WIRES
def test_a_server_that_never_shakes_hands(serve, route_to, opened, wire):
    server = serve(lambda peer: peer.linger(), tls="none")
    reply = opened(wire, route_to(server, connect_s=0.2)).one(push())
    assert (reply.code, reply.sent) == ("TIMEOUT", "no")


@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_both_tls_versions_work(serve, stream, tls):
    assert isinstance(stream(serve(fine, tls=tls)).one(push()), Response)


# --- client certificates --------------------------------------------------------------------------------------------


@WIRES
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_a_client_certificate_is_presented(serve, route_to, opened, certificates, tmp_path, monkeypatch, wire, tls):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen = []

    def script(peer):
        seen.append(peer.socket.getpeercert()["subject"])
        fine(peer)

    server = serve(script, client_ca=certificates.ca.path, tls=tls)
    assert isinstance(opened(wire, route_to(server), certificates.client.identity).one(push()), Response)
    assert seen == [((("commonName", "client"),),)]
    assert list(tmp_path.iterdir()) == []


@WIRES
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_a_refused_client_certificate_is_named(serve, route_to, opened, certificates, wire, tls):
    server = serve(fine, client_ca=certificates.ca.path, tls=tls)
    stranger = certificates.other_ca.issue("stranger").identity
    for _ in range(10):
        reply = opened(wire, route_to(server), stranger).one(push())
        if (wire, tls) == ("rest", "1.3") and reply.code == "CLOSED":
            continue  # httpx gives up reading when its write fails, and the alert is lost
        assert (type(reply), reply.sent, reply.code) == (Lost, "no", "CLIENT_CERTIFICATE"), reply
        assert "refused the client certificate" in reply.why
    assert server.requests == []


def test_a_missing_client_certificate_is_named(serve, stream, certificates):
    server = serve(fine, client_ca=certificates.ca.path)
    reply = stream(server).one(push())
    assert (reply.sent, reply.code) == ("no", "CLIENT_CERTIFICATE")
    assert "demands a client certificate" in reply.why


@WIRES
@pytest.mark.parametrize("fault", ["foreign key", "no key", "no certificate"])
def test_an_unusable_client_certificate(route_to, serve, certificates, tmp_path, monkeypatch, wire, fault):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client, other = certificates.client, certificates.server
    identity = {
        "foreign key": TlsIdentity(client.certificate, Secret(other.key, "$KEY")),
        "no key": TlsIdentity(client.certificate, Secret(b"canary", "$KEY")),
        "no certificate": TlsIdentity(b"nothing", Secret(client.key, "$KEY")),
    }[fault]
    with pytest.raises(ProfileError) as caught:
        open_transport(wire, Route(), identity)
    assert "certificate" in caught.value.text
    assert "canary" not in caught.value.text
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_never_on_disk_in_the_clear(certificates, tmp_path, monkeypatch):
    import ssl

    from pushctl.transport.tls import context_for

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen = []
    original = ssl.SSLContext.load_cert_chain

    def spy(self, certfile, *args, **kwargs):
        path = Path(certfile)
        seen.append((path.read_bytes(), path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777))
        return original(self, certfile, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", spy)
    context_for(Route(), certificates.client.identity, sandbox=False)
    content, mode, folder = seen[0]
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in content
    assert b"BEGIN PRIVATE KEY" not in content
    if os.name == "posix":
        assert (mode, folder) == (0o600, 0o700)


# --- names and addresses --------------------------------------------------------------------------------------------


@WIRES
def test_a_name_that_does_not_resolve(opened, monkeypatch, wire):
    def nowhere(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    reply = opened(wire, Route(vendor_hosts=frozenset({HOST}))).one(push())
    assert (reply.code, reply.sent) == ("DNS", "no")
    assert HOST in reply.why


def test_every_address_is_tried(serve, opened, certificates, monkeypatch):
    server = serve(fine)
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    addresses = [(*kind, ("127.0.0.1", 1)), (*kind, ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: addresses)
    route = Route(vendor_hosts=frozenset({HOST}), ca_bundle=certificates.ca.path)
    assert isinstance(opened("stream", route).one(push()), Response)


@WIRES
def test_nobody_listens(opened, wire):
    reply = opened(wire, Route()).one(push(url="https://127.0.0.1:1/x"))
    assert (reply.code, reply.sent) == ("CONNECT", "no")
    assert "127.0.0.1:1" in reply.why


# --- proxies --------------------------------------------------------------------------------------------------------


class HttpProxy:
    """Answers CONNECT as it is told; with an upstream it tunnels there, whatever was asked for."""

    def __init__(self, answer: bytes, upstream: int | None = None) -> None:
        self.answer, self.upstream = answer, upstream
        self.heads: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            with client:
                head = client.recv(65536)
                if not head:
                    return
                self.heads.append(head)
                client.sendall(self.answer)
                if self.upstream is not None:
                    self._tunnel(client)

    def _tunnel(self, client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.upstream)) as server:
            back = threading.Thread(target=self._pump, args=(server, client))
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._threads[0].join(10)
        self._listener.close()


@pytest.fixture
def proxies():
    running = []

    def start(answer=b"HTTP/1.1 200 Connection established\r\n\r\n", upstream=None):
        running.append(HttpProxy(answer, upstream))
        return running[-1]

    yield start
    for proxy in running:
        proxy.close()


def proxied(proxy, certificates, user=""):
    url = f"http://{user}127.0.0.1:{proxy.port}"
    return route_from(environ={"HTTPS_PROXY": url}, vendor_hosts=[HOST], ca_bundle=certificates.ca.path)


@WIRES
@pytest.mark.parametrize("user", ["", "me:p%40ss@"])
def test_a_proxy_connects(serve, opened, proxies, certificates, wire, user):
    server = serve(fine)
    proxy = proxies(upstream=server.port)
    transport = opened(wire, proxied(proxy, certificates, user))
    assert isinstance(transport.one(push()), Response)
    transport.close()
    head = proxy.heads[0].lower()
    assert head.startswith(f"connect {HOST}:443 http/1.1\r\n".encode())
    credentials = base64.b64encode(b"me:p@ss").lower()
    assert (b"proxy-authorization: basic " + credentials in head) == bool(user)
    assert b"s3cret" not in head
    assert server.snis == [HOST]


@WIRES
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", "user name and password"),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", "403 Forbidden"),
        (b"HTTP/1.0 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", "502 Bad Gateway"),
        (b"", "closed the connection"),
        (b"HTTP/1.1 2", "closed the connection"),
    ],
)
def test_a_proxy_refuses(opened, proxies, certificates, wire, answer, words):
    proxy = proxies(answer)
    reply = opened(wire, proxied(proxy, certificates, "me:canary@")).one(push())
    assert (type(reply), reply.code, reply.sent) == (Lost, "PROXY", "no"), reply
    assert f"127.0.0.1:{proxy.port}" in reply.why
    assert words in reply.why
    assert "canary" not in reply.why


@WIRES
def test_a_proxy_that_speaks_no_http(opened, proxies, certificates, wire):
    reply = opened(wire, proxied(proxies(b"SSH-2.0-OpenSSH\r\n\r\n"), certificates)).one(push())
    assert (reply.code, reply.sent) == ("PROXY", "no")


@WIRES
def test_a_proxy_that_closes_after_connecting_is_a_tls_failure(opened, proxies, certificates, wire):
    reply = opened(wire, proxied(proxies(), certificates)).one(push())
    assert reply.sent == "no"
    assert reply.code in ("TLS", "PROXY")


@WIRES
def test_a_proxy_that_is_not_there(opened, certificates, wire):
    route = route_from(environ={}, proxy="http://127.0.0.1:1", vendor_hosts=[HOST], ca_bundle=certificates.ca.path)
    reply = opened(wire, route).one(push())
    assert (reply.code, reply.sent) == ("PROXY", "no")
    assert "127.0.0.1:1" in reply.why
