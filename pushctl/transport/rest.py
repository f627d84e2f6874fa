"""The ordinary transport: httpx over HTTP/1.1, a few threads and connections for many requests.

HTTP/2 is left to ``stream``: under several threads httpcore (1.0) can hand a WINDOW_UPDATE to one of them while another
waits for it for ever, and a large body then never leaves.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import httpx

from pushctl.core.masking import without_secrets
from pushctl.core.wire import Exchange, Lost, Reply, Request, Response
from pushctl.transport.address import Place, authority, place
from pushctl.transport.headers import wire_headers
from pushctl.transport.route import Proxy, Route, guard, proxy_of
from pushctl.transport.tls import context_for, explain, lost_code, refuses_client_certificate

if TYPE_CHECKING:
    from pushctl.core.vendor import TlsIdentity

WORKERS = 8
"""Requests in flight at the same time, each on a connection of its own."""
MAX_BODY = 8 * 1024 * 1024
"""Bytes of one answer's body."""

K = TypeVar("K")


class RestTransport:
    """A blocking client over ``httpx``. It never follows a redirect, which would take the credentials along.

    Failures of the network are replies. What raises is ``UsageError`` (a request to a foreign host, a header that
    cannot be sent), and whatever the caller's own iterable raises.

    :param watch: told of every exchange, in the order of completion.
    """

    def __init__(
        self,
        route: Route,
        identity: TlsIdentity | None = None,
        watch: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._route = route
        self._identity = identity
        self._watch = watch
        self._lock = threading.Lock()
        self._clients: dict[str, httpx.Client] = {}
        self._retired: list[httpx.Client] = []
        self._flights: list[dict[int, tuple[Any, Request]]] = []
        self._running = 0
        if route.ca_bundle is not None or identity is not None:
            context_for(route, identity, sandbox=bool(route.via))  # what is wrong with them is said before all else

    def exchange(self, requests: Iterable[tuple[K, Request]]) -> Iterator[tuple[K, Request, Reply]]:
        """Send requests, :data:`WORKERS` at a time, and yield replies in order of completion. Pulled lazily."""
        if not self._running:
            self._flights.clear()
        flight: dict[int, tuple[K, Request]] = {}
        self._flights.append(flight)
        self._running += 1
        crew = _Crew(self._send)
        numbered = enumerate(requests)
        try:
            while True:
                while len(flight) < WORKERS and (item := next(numbered, None)) is not None:
                    number, (key, request) = item
                    guard(request.url, self._route)
                    flight[number] = (key, request)
                    crew.give(number, request)
                if not flight:
                    return
                number, outcome = crew.take()
                key, request = flight.pop(number)
                if isinstance(outcome, BaseException):
                    raise outcome
                yield self._report(key, request, outcome)
        finally:
            self._running -= 1
            crew.dismiss(wait=not flight)

    def one(self, request: Request) -> Reply:
        """Send a single request, in this thread."""
        guard(request.url, self._route)
        return self._report(None, request, self._send(request))[2]

    def renew(self) -> None:
        """The next request goes over a new connection; what is in flight finishes on the old one."""
        with self._lock:
            self._retired += self._clients.values()
            self._clients.clear()

    def close(self) -> None:
        """Close every connection. Never raises."""
        self.renew()
        with self._lock:
            retired, self._retired = self._retired, []
        for client in retired:
            with contextlib.suppress(Exception):
                client.close()

    @property
    def in_flight(self) -> tuple[tuple[Any, Request], ...]:
        """What a worker has and what is not answered; to be read after an interruption, before the next exchange."""
        return tuple(item for flight in self._flights for item in flight.values())

    def _report(self, key: K, request: Request, reply: Reply) -> tuple[K, Request, Reply]:
        reply = without_secrets(request, reply)
        if self._watch is not None:
            self._watch(Exchange(request, reply))
        return key, request, reply

    def _send(self, request: Request) -> Reply:
        target = place(request.url)
        trail = _Trail(plain=target.scheme == "http")
        start = time.monotonic()
        try:
            return self._receive(self._client(target), self._build(request, target, trail), start, target)
        except httpx.HTTPError as error:
            return self._lost(error, target, trail, _since(start))

    def _build(self, request: Request, target: Place, trail: _Trail) -> httpx.Request:
        """Exactly the request's headers, ``host`` and ``content-length``: only httpx's client would add others."""
        extensions: dict[str, Any] = {"timeout": self._timeout().as_dict(), "trace": trail}
        headers = [(name.encode(), value.encode()) for name, value in wire_headers(request)]
        origin = f"{target.scheme}://{target.authority}"
        if redirected := self._route.redirection(target.host, target.port):
            origin = f"https://{authority(*redirected)}"
            extensions["sni_hostname"] = target.host
            if not any(name == b"host" for name, _ in headers):
                headers.insert(0, (b"host", target.authority.encode()))
        url = origin + target.path + request.target(reveal=True)[len(request.url) :]
        body = request.body(reveal=True) or None
        return httpx.Request(request.method, url, headers=headers, content=body, extensions=extensions)

    def _receive(self, client: httpx.Client, request: httpx.Request, start: float, target: Place) -> Reply:
        """Read the answer under a deadline for the whole: httpx has one per read only."""
        answer = client.send(request, stream=True)
        body = bytearray()
        latest = start + self._route.connect_s + self._route.total_s
        with contextlib.closing(answer):
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    why = f"{self._route.peer(target)} answered with more than {MAX_BODY // 1024 // 1024} MiB"
                    return Lost("maybe", why, "PROTOCOL", _since(start))
                if time.monotonic() > latest:
                    why = f"{self._route.peer(target)} did not finish its answer within {self._route.total_s:g} s"
                    return Lost("maybe", why, "TIMEOUT", _since(start))
        headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers.raw)
        version = answer.http_version.removeprefix("HTTP/")
        return Response(answer.status_code, headers, bytes(body), _since(start), version)

    def _timeout(self) -> httpx.Timeout:
        return httpx.Timeout(self._route.total_s, connect=self._route.connect_s)

    def _client(self, target: Place) -> httpx.Client:
        """One client per way; in the sandbox one per host, as one loopback address may stand for several."""
        way = self._route.way(target.host, target.port)
        name = target.host if way == "sandbox" else way
        with self._lock:
            if name not in self._clients:
                self._clients[name] = httpx.Client(
                    verify=context_for(self._route, self._identity, sandbox=way == "sandbox"),
                    proxy=self._proxy() if way == "proxy" else None,
                    timeout=self._timeout(),
                    follow_redirects=False,
                    trust_env=False,
                    limits=httpx.Limits(max_connections=WORKERS, max_keepalive_connections=WORKERS),
                )
            return self._clients[name]

    def _proxy(self) -> httpx.Proxy | None:
        if self._route.proxy is None:
            return None
        proxy: Proxy = proxy_of(self._route.proxy)
        password = proxy.password.reveal() if proxy.password is not None else ""
        credentials = (proxy.user, password) if proxy.user or password else None
        return httpx.Proxy(f"http://{proxy.peer}", auth=credentials)

    def _lost(self, error: httpx.HTTPError, target: Place, trail: _Trail, ms: int) -> Lost:
        """A reply for an exception. What was written is known from the trail, what happened from the causes."""
        sent, peer, cause = trail.sent, self._route.peer(target), _root(error)
        if isinstance(cause, ssl.SSLError) and not (trail.connected and isinstance(cause, ssl.SSLEOFError)):
            if refuses_client_certificate(cause) and trail.connecting:
                sent = "no"
            why = explain(cause, peer, identity=self._identity is not None)
            return Lost(sent, why, lost_code(cause), ms)
        if self._route.way(target.host, target.port) == "proxy" and not trail.connected:
            return Lost("no", self._proxy_words(error, target), "PROXY", ms)
        if isinstance(cause, socket.gaierror):
            return Lost("no", f"the name {target.host} cannot be resolved: {cause.strerror}", "DNS", ms)
        if isinstance(error, httpx.TimeoutException):
            if trail.connected:
                return Lost(sent, f"{peer} did not answer within {self._route.total_s:g} s", "TIMEOUT", ms)
            return Lost("no", f"{peer} could not be reached within {self._route.connect_s:g} s", "TIMEOUT", ms)
        if isinstance(error, httpx.ConnectError):
            if trail.dialled:
                return Lost("no", f"{peer} closed the connection during the TLS handshake", "TLS", ms)
            words = (getattr(cause, "strerror", None) or "no connection").lower()
            return Lost("no", f"{peer} cannot be reached: {words}", "CONNECT", ms)
        if isinstance(error, httpx.ProtocolError):
            return _broken(error, peer, sent, ms)
        if isinstance(error, httpx.DecodingError):
            return Lost(sent, f"{peer} answered with a body that cannot be unpacked", "PROTOCOL", ms)
        return Lost(sent, f"{peer} closed the connection without an answer", "CLOSED", ms)

    def _proxy_words(self, error: httpx.HTTPError, target: Place) -> str:
        name = f"the proxy {proxy_of(self._route.proxy).peer}" if self._route.proxy is not None else "the proxy"
        if isinstance(error, httpx.ProxyError):
            status = str(error) if str(error).isprintable() else ""
            if status.startswith("407"):
                return f"{name} demands a user name and password, or refuses those it got (407)"
            return f"{name} refused to connect to {self._route.peer(target)}: {status[:80]}"
        if isinstance(error, httpx.TimeoutException):
            return f"{name} did not answer within {self._route.connect_s:g} s"
        if isinstance(error, httpx.ConnectError):
            return f"{name} cannot be reached: {(getattr(_root(error), 'strerror', None) or 'no connection').lower()}"
        return f"{name} closed the connection without a whole answer"


@dataclass(slots=True)
class _Trail:
    """How far a request got, told by httpcore's trace events.

    :ivar plain: no TLS is spoken (loopback).
    """

    plain: bool
    connecting: bool = False
    dialled: bool = False
    arrived: bool = False
    sent: Literal["no", "maybe"] = "no"

    def __call__(self, event: str, _info: Any) -> None:
        if event.endswith("connect_tcp.started"):
            self.connecting, self.dialled, self.arrived = True, False, False
        elif event.endswith("connect_tcp.complete"):
            self.dialled, self.arrived = True, self.plain
        elif event.endswith("start_tls.complete"):
            self.arrived = True
        elif event.endswith("send_request_headers.started") and self.connected:
            self.sent = "maybe"

    @property
    def connected(self) -> bool:
        """Whether the vendor itself has been reached, and not merely a proxy."""
        return self.arrived or not self.connecting


class _Crew:
    """Daemon threads: an interrupted program does not wait for answers that nobody will read."""

    def __init__(self, work: Callable[[Request], Reply]) -> None:
        self._work = work
        self._tasks: queue.SimpleQueue[tuple[int, Request] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, Reply | BaseException]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._busy = 0

    def give(self, number: int, request: Request) -> None:
        """Hand over a request; another thread is started where all are busy."""
        self._busy += 1
        if self._busy > len(self._threads):
            thread = threading.Thread(target=self._loop, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._tasks.put((number, request))

    def take(self) -> tuple[int, Reply | BaseException]:
        """The next outcome; an exception is the caller's to raise."""
        outcome = self._done.get()
        self._busy -= 1
        return outcome

    def dismiss(self, *, wait: bool) -> None:
        """Let the threads end, and wait for that when nothing is in flight."""
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _loop(self) -> None:
        while (task := self._tasks.get()) is not None:
            number, request = task
            try:
                self._done.put((number, self._work(request)))
            except BaseException as error:  # noqa: BLE001 - it is raised where the replies are read
                self._done.put((number, error))


def _broken(error: httpx.ProtocolError, peer: str, sent: Literal["no", "maybe"], ms: int) -> Lost:
    """The rules of HTTP were broken, or the connection ended early."""
    if "disconnected" in str(error).lower():
        return Lost(sent, f"{peer} closed the connection without an answer", "CLOSED", ms)
    if "incomplete" in str(error).lower() or "closed connection" in str(error).lower():
        return Lost(sent, f"{peer} closed the connection in the middle of its answer", "CLOSED", ms)
    return Lost(sent, f"{peer} answered something that is no HTTP", "PROTOCOL", ms)


def _root(error: BaseException) -> BaseException:
    """The deepest cause."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def _since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
