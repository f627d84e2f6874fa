"""From a host name to a TLS connection: DNS, TCP, a proxy's CONNECT, TLS. Every failure is one sentence."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from base64 import b64encode

from pushctl.core.secret import Secret
from pushctl.core.wire import Lost
from pushctl.transport.address import Place, authority
from pushctl.transport.route import Proxy, Route, proxy_of
from pushctl.transport.stream.tunnel import Tunnel
from pushctl.transport.tls import explain, lost_code

_MAX_PROXY_ANSWER = 65_536


class Unreachable(Exception):  # noqa: N818 - it carries its reply
    """No connection came about; :attr:`lost` says why. Nothing was sent."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.lost = Lost("no", why, code)


def dial(target: Place, route: Route, context: ssl.SSLContext, *, identity: bool) -> Tunnel:
    """Connect to ``target`` and shake hands within ``route.connect_s`` seconds.

    :param identity: whether ``context`` presents a client certificate; it changes what a refusal means.

    Raises :class:`Unreachable`.
    """
    deadline = time.monotonic() + route.connect_s
    peer = route.peer(target)
    early = b""
    if redirected := route.redirection(target.host, target.port):
        connected = _connect(*redirected, deadline, route.connect_s, peer)
    elif route.proxy is not None and route.way(target.host, target.port) == "proxy":
        connected, early = _through_proxy(proxy_of(route.proxy), target, deadline, route.connect_s)
    else:
        connected = _connect(target.host, target.port, deadline, route.connect_s, peer)
    return _secure(connected, early, target, context, deadline, peer, identity=identity)


def _secure(
    connected: socket.socket,
    early: bytes,
    target: Place,
    context: ssl.SSLContext,
    deadline: float,
    peer: str,
    *,
    identity: bool,
) -> Tunnel:
    try:
        tunnel = Tunnel(connected, context, target.host, early)
    except (ValueError, ssl.SSLError):  # a host name that TLS cannot carry
        connected.close()
        raise Unreachable("TLS", f"TLS cannot be spoken with {peer}: its name is malformed") from None
    try:
        tunnel.handshake(deadline)
    except TimeoutError:
        reason = Unreachable("TIMEOUT", f"{peer} did not finish the TLS handshake in time")
    except ssl.SSLError as error:
        reason = Unreachable(lost_code(error), explain(error, peer, identity=identity))
    except OSError:
        reason = Unreachable("TLS", f"{peer} closed the connection during the TLS handshake")
    except BaseException:
        tunnel.close()
        raise
    else:
        if tunnel.alpn in (None, "h2"):
            return tunnel
        reason = Unreachable("NO_HTTP2", f"{peer} speaks no HTTP/2: it negotiated {tunnel.alpn}")
    tunnel.close()
    raise reason


def _connect(host: str, port: int, deadline: float, budget: float, peer: str) -> socket.socket:
    """Try every address in turn, each with its share of the time that is left."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        words = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
        raise Unreachable("DNS", f"the name {host} cannot be resolved{words}") from None
    failure: OSError = TimeoutError()
    for position, (family, kind, protocol, _, address) in enumerate(addresses):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            attempt = socket.socket(family, kind, protocol)
        except OSError as error:  # a family that this machine does not have
            failure = error
            continue
        try:
            attempt.settimeout(left / (len(addresses) - position))
            attempt.connect(address)
            attempt.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            attempt.close()
            failure = error
        except BaseException:
            attempt.close()
            raise
        else:
            return attempt
    if isinstance(failure, TimeoutError):
        raise Unreachable("TIMEOUT", f"{peer} could not be reached within {budget:g} s")
    words = (failure.strerror or type(failure).__name__).lower()
    raise Unreachable("CONNECT", f"{peer} cannot be reached: {words}")


def _through_proxy(proxy: Proxy, target: Place, deadline: float, budget: float) -> tuple[socket.socket, bytes]:
    name = f"the proxy {proxy.peer}"
    try:
        connected = _connect(proxy.host, proxy.port, deadline, budget, name)
    except Unreachable as error:
        raise Unreachable("PROXY", error.lost.why.replace("the name", "the proxy's name")) from None
    try:
        head, early = _ask(connected, _connect_request(proxy, target), deadline)
        _judge(head, name, authority(target.host, target.port))
    except TimeoutError:
        connected.close()
        raise Unreachable("PROXY", f"{name} did not answer within {budget:g} s") from None
    except OSError as error:
        connected.close()
        words = (error.strerror or "closed the connection").lower()
        raise Unreachable("PROXY", f"{name} broke the connection off: {words}") from None
    except BaseException:
        connected.close()
        raise
    return connected, early


def _connect_request(proxy: Proxy, target: Place) -> Secret:
    """RFC 9110 section 9.3.6, with Basic credentials (RFC 7617) where the proxy's URL has them."""
    place = authority(target.host, target.port)
    head = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n".encode()
    if proxy.user or proxy.password is not None:
        password = proxy.password.reveal_bytes() if proxy.password is not None else b""
        head += b"Proxy-Authorization: Basic " + b64encode(proxy.user.encode() + b":" + password) + b"\r\n"
    return Secret(head + b"\r\n", "CONNECT")


def _ask(connected: socket.socket, request: Secret, deadline: float) -> tuple[bytes, bytes]:
    """Send the request and read the head of the answer; returns it and what came behind it."""
    connected.settimeout(max(deadline - time.monotonic(), 0.001))
    connected.sendall(request.reveal_bytes())
    answer = b""
    while b"\r\n\r\n" not in answer:
        connected.settimeout(max(deadline - time.monotonic(), 0.001))
        data = connected.recv(4096)
        answer += data
        if not data or len(answer) > _MAX_PROXY_ANSWER:
            return b"", b""
    head, _, early = answer.partition(b"\r\n\r\n")
    return head, early


def _judge(head: bytes, name: str, place: str) -> None:
    if not head:
        raise Unreachable("PROXY", f"{name} closed the connection without a whole answer")
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(None, 2)
    status = 0
    with contextlib.suppress(IndexError, ValueError):
        status = int(words[1]) if words[0].startswith("HTTP/1.") else 0
    if status == 407:
        raise Unreachable("PROXY", f"{name} demands a user name and password, or refuses those it got (407)")
    if not status:
        raise Unreachable("PROXY", f"{name} answered something that is no HTTP")
    if not 200 <= status < 300:
        reason = f" {words[2]}" if len(words) > 2 and words[2].isprintable() else ""
        raise Unreachable("PROXY", f"{name} refused to connect to {place}: {status}{reason[:80]}")
