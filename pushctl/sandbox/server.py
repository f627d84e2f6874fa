"""The sandbox's sockets: loopback, TLS from the throw-away CA, one port per listener, HTTP/2 and HTTP/1.1."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from pushctl.core.emulated import Act, Seen
from pushctl.core.errors import LocalError
from pushctl.sandbox.http1 import Http1
from pushctl.sandbox.http2 import Http2
from pushctl.sandbox.tls import Tls

if TYPE_CHECKING:
    from pushctl.sandbox.forge import Forged
    from pushctl.sandbox.realm import Client, Place, Realm

LOOPBACK = "127.0.0.1"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HANDSHAKE_S = 10.0


class Connection(asyncio.Protocol):
    """One socket: its TLS, what the client speaks, and what both sides of HTTP write to."""

    def __init__(self, server: Server, place: Place) -> None:
        self._server = server
        self._place = place
        self._tls = Tls(server.context_of(place))
        self._timers: set[asyncio.TimerHandle] = set()
        self._side: Http1 | Http2 | None = None
        self._early = b""
        self._transport: asyncio.Transport
        self._client: Client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come; it has some seconds for its handshake."""
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)
        self._handshake = asyncio.get_running_loop().call_later(HANDSHAKE_S, self.abort)
        self._timers.add(self._handshake)

    def data_received(self, data: bytes) -> None:
        """Take TLS off, finish the handshake, hand on what is left."""
        met = self._tls.established
        try:
            plain = self._tls.receive(data)
        except ssl.SSLError as error:
            if not met:
                self._server.realm.failed_handshake(self._place, error)
            self._transport.write(self._tls.pending())
            self._transport.close()
            return
        if self._tls.established and not met:
            self._meet()
        self._send_pending()
        if plain:
            self._hear(plain)
        if self._tls.ended:
            self.end()

    def _meet(self) -> None:
        """The handshake is over: as the service of this port, or of the SNI's host, wait for what the client speaks."""
        self._handshake.cancel()
        self._timers.discard(self._handshake)
        tls = self._tls.peer
        alpn = tls.selected_alpn_protocol()
        self._client = self._server.realm.client(
            self._place, alpn, self._server.sni_of(tls), tls.getpeercert(binary_form=True)
        )
        if alpn == "h2" or self._client.home.listener.http == "h2":
            self._speak_http2()
        elif alpn == "http/1.1":
            self._side = Http1(self)

    def _speak_http2(self) -> None:
        act = self._server.realm.greet(self._client) or Act()
        side = Http2(self, act.max_streams or self._client.home.listener.max_streams)
        self._side = side
        side.start()
        if act.goaway is not None:
            side.goaway(act)

    def _hear(self, data: bytes) -> None:
        """Hand on what was said. A client without ALPN tells by its first bytes what it speaks."""
        if self._side is None:
            self._early += data
            if self._early.startswith(PREFACE):
                self._speak_http2()
            elif PREFACE.startswith(self._early):
                return
            else:
                self._side = Http1(self)
            data, self._early = self._early, b""
        if self._side is not None:
            self._side.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how it ended makes no difference
        """Forget the connection and what was still to happen on it."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._server.connections.discard(self)

    def serve(self, seen: Seen) -> Act:
        """Have one request answered."""
        return self._server.realm.serve(self._client, seen)

    def refused_stream(self, limit: int) -> None:
        """Note down a stream beyond the limit."""
        self._server.realm.refused_stream(self._client, limit)

    def write(self, data: bytes) -> None:
        """Send bytes, unless the connection is over."""
        if not self._transport.is_closing():
            self._tls.send(data)
            self._send_pending()

    def end(self) -> None:
        """Close once everything is written."""
        if not self._transport.is_closing():
            self._tls.farewell()
            self._send_pending()
            self._transport.close()

    def abort(self) -> None:
        """Close now, in the middle of whatever was being said."""
        self._transport.abort()

    def _send_pending(self) -> None:
        self._transport.write(self._tls.pending())

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call after a delay, unless the connection ends before; at once for a delay of 0."""
        if seconds <= 0:
            call()
            return

        def run() -> None:
            self._timers.discard(timer)
            call()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)


class Server:
    """Every listener of a realm, served from a thread of its own.

    :param forged: the certificates.
    :param port: the first listener's port, the next ones following; 0 lets the system choose.
    """

    def __init__(self, realm: Realm, forged: Forged, port: int = 0) -> None:
        self.realm = realm
        self.connections: set[Connection] = set()
        self.ports: dict[str, int] = {}
        self.troubles: list[str] = []
        self._forged = forged
        self._port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="pushctl-sandbox", daemon=True)
        self._names: WeakKeyDictionary[ssl.SSLObject, str] = WeakKeyDictionary()
        self._arriving: set[asyncio.Task[Any]] = set()
        self._contexts = {http: self._context(http) for http in ("h2", "any")}

    def start(self) -> None:
        """Open the ports and serve in the background. Raises ``LocalError`` for a port that is taken."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def close(self) -> None:
        """End every connection and stop. Returns when the thread is over."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def via(self) -> Mapping[str, tuple[str, int]]:
        """Vendor host to loopback address, for every listener."""
        return {
            host: (LOOPBACK, self.ports[_key(place)]) for place in self.realm.places for host in place.listener.hosts
        }

    def context_of(self, place: Place) -> ssl.SSLContext:
        """The TLS settings of a service's port."""
        return self._contexts[place.listener.http]

    def sni_of(self, tls: ssl.SSLObject) -> str | None:
        """The name that the client asked for in its handshake."""
        return self._names.get(tls)

    def _run(self) -> None:
        try:
            # Windows' own kind of loop cannot watch a listening socket.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        except OSError as error:
            self._failure = LocalError(
                f"The sandbox cannot listen on {LOOPBACK}: {error.strerror or error}.",
                "Choose another --port, or leave it out.",
                rule="sandbox-port",
            )
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._trouble)
        self._stop = asyncio.Event()
        listening: list[socket.socket] = []
        try:
            for index, place in enumerate(self.realm.places):
                opened = socket.create_server((LOOPBACK, self._port + index if self._port else 0), backlog=512)
                opened.setblocking(False)
                listening.append(opened)
                self.ports[_key(place)] = opened.getsockname()[1]
                self._loop.add_reader(opened, self._accept, opened, place)
            self._ready.set()
            await self._stop.wait()
        finally:
            for each in listening:
                self._loop.remove_reader(each)
                each.close()
            await asyncio.gather(*self._arriving, return_exceptions=True)
            for connection in tuple(self.connections):
                connection.abort()
            while self.connections:
                await asyncio.sleep(0)

    def _accept(self, listening: socket.socket, place: Place) -> None:
        """Take the connections that wait.

        asyncio's own servers lose a socket that they have accepted in the very moment in which they are closed.
        """
        loop = asyncio.get_running_loop()
        try:
            while True:
                accepted, _ = listening.accept()
                # Without it the last words of a connection that is closed at once stay in the kernel and are lost.
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                task = loop.create_task(loop.connect_accepted_socket(partial(Connection, self, place), accepted))
                self._arriving.add(task)
                task.add_done_callback(self._arriving.discard)
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:  # no file descriptor left: look again in a moment
            self.troubles.append(f"accept: {error}")
            loop.remove_reader(listening)
            loop.call_later(0.1, self._look_again, listening, place)

    def _look_again(self, listening: socket.socket, place: Place) -> None:
        if listening.fileno() >= 0 and self._loop is not None:
            self._loop.add_reader(listening, self._accept, listening, place)

    def _trouble(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What went wrong in a connection is kept for whoever looks; the server goes on."""
        self.troubles.append(f"{context.get('message')}: {context.get('exception')!r}")

    def _context(self, http: str) -> ssl.SSLContext:
        """TLS as a vendor's front server has it. Where a client certificate is wanted it must be one of our CA."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._forged.leaf, self._forged.leaf_key)
        context.set_alpn_protocols(["h2"] if http == "h2" else ["h2", "http/1.1"])
        context.sni_callback = self._named
        if self.realm.asks_for_certificates:
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(self._forged.ca)
            context.load_verify_locations(self._forged.revoked)
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        return context

    def _named(self, tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        if not name:
            return
        place = self.realm.place_of(name)
        if place is not None:
            tls.context = self._contexts[place.listener.http]
        self._names[tls] = name


def _key(place: Place) -> str:
    return f"{place.vendor} {place.listener.name}"
