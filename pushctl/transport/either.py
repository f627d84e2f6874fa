"""HTTP/2 where the way to the vendor has it, else HTTP/1.1: for services that speak both.

Many requests share one HTTP/2 connection. A proxy that opens TLS, a test server on loopback and plain http often have
HTTP/1.1 only; then the ordinary transport takes over, for this request and all that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from pushctl.core.wire import Exchange, Lost, Reply, Request
from pushctl.transport.stream.client import StreamTransport

if TYPE_CHECKING:
    from pushctl.core.vendor import TlsIdentity
    from pushctl.transport.rest import RestTransport
    from pushctl.transport.route import Route

K = TypeVar("K")


class EitherTransport:
    """Begins as a :class:`StreamTransport` and goes on as a :class:`RestTransport` where that does not get through.

    Failures and exceptions are those of the two.

    :param watch: told of every exchange, in the order of completion.
    """

    def __init__(
        self,
        route: Route,
        identity: TlsIdentity | None = None,
        watch: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._route, self._identity, self._watch = route, identity, watch
        self._stream = StreamTransport(route, identity, alpn_required=True)
        self._rest: RestTransport | None = None

    def exchange(self, requests: Iterable[tuple[K, Request]]) -> Iterator[tuple[K, Request, Reply]]:
        """Send requests, pulled lazily, and yield replies in order of completion."""
        source = iter(requests)
        behind: list[tuple[K, Request]] = []
        if self._rest is None:
            for key, request, reply in self._stream.exchange(self._for_http2(source, behind)):
                if isinstance(reply, Lost) and reply.code == "NO_HTTP2":
                    behind.append((key, request))
                    self._fall_back()
                    continue
                if self._watch is not None:
                    self._watch(Exchange(request, reply))
                yield key, request, reply
        if self._rest is not None:
            yield from self._rest.exchange(chain(behind, source))

    def one(self, request: Request) -> Reply:
        """Send a single request."""
        ((_, _, reply),) = self.exchange([(None, request)])
        return reply

    def renew(self) -> None:
        """The next request goes over a new connection."""
        self._stream.renew()
        if self._rest is not None:
            self._rest.renew()

    def close(self) -> None:
        """Close every connection. Never raises."""
        self._stream.close()
        if self._rest is not None:
            self._rest.close()

    @property
    def in_flight(self) -> tuple[tuple[Any, Request], ...]:
        """What was written and not answered; to be read after an interruption."""
        return (*self._stream.in_flight, *(self._rest.in_flight if self._rest is not None else ()))

    def _for_http2(
        self, source: Iterator[tuple[K, Request]], behind: list[tuple[K, Request]]
    ) -> Iterator[tuple[K, Request]]:
        """The requests until one of them cannot go over HTTP/2; plain http goes into ``behind`` at once."""
        while self._rest is None and (item := next(source, None)) is not None:
            if item[1].url.startswith("http://"):
                behind.append(item)
                self._fall_back()
                return
            yield item

    def _fall_back(self) -> None:
        if self._rest is None:
            from pushctl.transport.rest import RestTransport

            self._rest = RestTransport(self._route, self._identity, self._watch)
