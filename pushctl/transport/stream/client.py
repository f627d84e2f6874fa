"""The streaming transport: requests in, replies out as they come, over one HTTP/2 connection at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from pushctl.core.errors import UsageError
from pushctl.core.masking import without_secrets
from pushctl.core.wire import Exchange, Goaway, Lost, Reply, Request
from pushctl.transport.address import place
from pushctl.transport.headers import wire_headers
from pushctl.transport.route import Route, guard
from pushctl.transport.stream.connection import Again, Connection, Ticket
from pushctl.transport.stream.dial import Unreachable, dial
from pushctl.transport.tls import context_for

if TYPE_CHECKING:
    import ssl

    from pushctl.core.vendor import TlsIdentity

REFUSALS = 3
"""How often a request is tried whose stream the peer refuses."""
RESENDS = 2
"""How often a request goes over another connection because the peer wanted one."""

K = TypeVar("K")


class StreamTransport:
    """A blocking, single-threaded HTTP/2 client.

    Failures of the network are replies. What raises is ``UsageError`` (a request to a foreign host, a header that
    cannot be sent), ``ProfileError`` (a client certificate that cannot be used), ``LocalError``, and whatever the
    caller's own iterable raises.

    :param watch: told of every exchange, in the order of completion.
    :param alpn_required: whether a peer that negotiates nothing is one without HTTP/2; else it is taken at its word.
    """

    def __init__(
        self,
        route: Route,
        identity: TlsIdentity | None = None,
        watch: Callable[[Exchange], None] | None = None,
        *,
        alpn_required: bool = False,
    ) -> None:
        self._route = route
        self._alpn_required = alpn_required
        self._identity = identity
        self._watch = watch
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._connection: Connection | None = None
        self._running = False
        if route.ca_bundle is not None or identity is not None:
            self._context(sandbox=bool(route.via))  # what is wrong with them is said before anything is sent

    def exchange(self, requests: Iterable[tuple[K, Request]]) -> Iterator[tuple[K, Request, Reply]]:
        """Send requests and yield replies in order of completion.

        Requests are pulled when there is room for them: as many are in flight as the peer allows. An exchange that is
        begun while another one runs gets a connection of its own.
        """
        if self._running:
            inner = StreamTransport(self._route, self._identity, self._watch, alpn_required=self._alpn_required)
            try:
                yield from inner.exchange(requests)
            finally:
                inner.close()
            return
        self._running = True
        try:
            self._forget()
            yield from self._run(iter(requests))
        finally:
            self._running = False

    def one(self, request: Request) -> Reply:
        """Send a single request."""
        ((_, _, reply),) = self.exchange([(None, request)])
        return reply

    def renew(self) -> None:
        """The next request goes over a new connection; what is in flight may finish on the old one."""
        if self._connection is not None:
            self._connection.draining = True

    def close(self) -> None:
        """Say goodbye and close. Never raises."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def in_flight(self) -> tuple[tuple[Any, Request], ...]:
        """What was written and not answered; to be read after an interruption, before the next exchange."""
        if self._connection is None:
            return ()
        return tuple((ticket.key, ticket.request) for ticket in self._connection.in_flight)

    def _run(self, source: Iterator[tuple[K, Request]]) -> Iterator[tuple[K, Request, Reply]]:
        waiting: deque[Ticket] = deque()
        more = True
        while True:
            while True:  # fill the connection
                if not waiting and more and self._hungry():
                    more = self._pull(source, waiting)
                if not waiting:
                    break
                placed = self._place(waiting[0])
                if placed is False:
                    break
                ticket = waiting.popleft()
                if isinstance(placed, Lost):
                    yield self._report(ticket, placed)
            connection = self._connection
            if connection is None or not connection.busy:
                if not waiting and not more:
                    return
                continue
            for ticket, outcome in connection.turn():
                reply = self._settle(ticket, outcome, connection)
                if reply is None:
                    waiting.append(ticket)
                else:
                    yield self._report(ticket, reply)

    def _pull(self, source: Iterator[tuple[K, Request]], waiting: deque[Ticket]) -> bool:
        for key, request in source:
            waiting.append(self._ticket(key, request))
            return True
        return False

    def _hungry(self) -> bool:
        connection = self._connection
        return connection is None or connection.room or not connection.busy

    def _place(self, ticket: Ticket) -> Lost | bool:
        """Start a request: True; False when it must wait; :class:`Lost` when there is no connection to be had."""
        connection = self._connection
        if connection is not None and not connection.busy:
            connection.turn(0)  # has the peer closed it meanwhile?
        if connection is not None and connection.origin == ticket.origin and connection.room:
            connection.start(ticket)
            return True
        if connection is not None and connection.busy:
            return False
        self.close()
        try:
            self._connection = self._connect(ticket)
        except Unreachable as error:
            return error.lost
        self._connection.start(ticket)
        return True

    def _connect(self, ticket: Ticket) -> Connection:
        target, route = place(ticket.request.url), self._route
        context = self._context(sandbox=route.way(target.host, target.port) == "sandbox")
        identity = self._identity is not None
        tunnel = dial(target, route, context, identity=identity)
        if tunnel.alpn is None and self._alpn_required:
            tunnel.close()
            raise Unreachable("NO_HTTP2", f"{route.peer(target)} speaks no HTTP/2: it negotiated nothing")
        return Connection(tunnel, ticket.origin, route.peer(target), route.total_s, identity=identity)

    def _context(self, *, sandbox: bool) -> ssl.SSLContext:
        if sandbox not in self._contexts:
            self._contexts[sandbox] = context_for(self._route, self._identity, sandbox=sandbox)
        return self._contexts[sandbox]

    def _ticket(self, key: Any, request: Request) -> Ticket:
        guard(request.url, self._route)
        target = place(request.url)
        query = request.target(reveal=True)[len(request.url) :]
        if target.scheme != "https":
            raise UsageError(
                f"{target.authority} is only spoken to over TLS", "use an https address", rule="plain-http"
            )
        headers = (
            (":method", request.method),
            (":scheme", "https"),
            (":authority", target.authority),
            (":path", target.path + query),
            *wire_headers(request),
        )
        return Ticket(key, request, (target.host, target.port), headers, request.body(reveal=True))

    def _settle(self, ticket: Ticket, outcome: Reply | Again, connection: Connection) -> Reply | None:
        """The reply to report, or None when the request is to be sent again."""
        if outcome == "refused":
            ticket.refused += 1
            if ticket.refused < REFUSALS:
                return None
            return Lost("no", f"{connection.peer} refused the request's stream {REFUSALS} times", "REFUSED_STREAM")
        if outcome == "goaway":
            ticket.resent += 1
            return None if ticket.resent <= RESENDS else Goaway(b"")
        return outcome

    def _report(self, ticket: Ticket, reply: Reply) -> tuple[Any, Request, Reply]:
        reply = without_secrets(ticket.request, reply)
        if self._watch is not None:
            self._watch(Exchange(ticket.request, reply))
        return ticket.key, ticket.request, reply

    def _forget(self) -> None:
        """Answers to an exchange that was broken off would come in the middle of the next one."""
        if self._connection is not None and self._connection.busy:
            self.close()
