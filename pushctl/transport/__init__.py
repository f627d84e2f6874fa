"""The only sockets of the client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from pushctl.core.vendor import TlsIdentity
    from pushctl.core.wire import Exchange, Reply, Request
    from pushctl.transport.route import Route

K = TypeVar("K")


class Transport(Protocol):
    """Sends requests. Failures of the network are replies (:class:`~pushctl.core.wire.Lost`), never exceptions."""

    def exchange(self, requests: Iterable[tuple[K, Request]]) -> Iterator[tuple[K, Request, Reply]]:
        """Send requests, pulled lazily, and yield each with its key and reply in order of completion.

        Raises ``UsageError`` for a request to a host that may not see credentials, before that request is sent.
        """
        ...

    def one(self, request: Request) -> Reply:
        """Send a single request."""
        ...

    def renew(self) -> None:
        """Let the next request go over a new connection."""
        ...

    def close(self) -> None:
        """Close what is open. Never raises."""
        ...

    @property
    def in_flight(self) -> tuple[tuple[Any, Request], ...]:
        """What was written and not answered; to be read after an interruption."""
        ...


def open_transport(
    wire: Literal["stream", "rest", "either"],
    route: Route,
    identity: TlsIdentity | None = None,
    watch: Callable[[Exchange], None] | None = None,
) -> Transport:
    """A transport for a vendor's ``card.wire``; nothing is connected before the first request.

    Raises ``UsageError`` for a CA bundle that is none, ``ProfileError`` for an unusable client certificate.
    """
    if wire == "stream":
        from pushctl.transport.stream.client import StreamTransport

        return StreamTransport(route, identity, watch)
    if wire == "either":
        from pushctl.transport.either import EitherTransport

        return EitherTransport(route, identity, watch)
    from pushctl.transport.rest import RestTransport

    return RestTransport(route, identity, watch)
