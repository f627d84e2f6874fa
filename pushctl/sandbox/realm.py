"""The emulated world behind the sockets: which listener a request belongs to, who answers it, what is noted down."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.core.emulated import Act, Emulator, Listener, Peer, Seen, World
from pushctl.core.masking import masked_body
from pushctl.sandbox.journal import Entry, Journal, masked, masked_path

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, slots=True)
class Place:
    """A listener with the vendor and the world that it belongs to."""

    vendor: str
    emulator: Emulator
    listener: Listener
    world: World


@dataclass(slots=True)
class Client:
    """One connection as the server knows it: a peer per place, for one port can serve all hosts."""

    home: Place
    number: int
    alpn: str | None = None
    sni: str | None = None
    certificate: bytes | None = None
    _peers: dict[str, Peer] = field(default_factory=dict)

    def peer(self, place: Place) -> Peer:
        """What this connection is to the emulator of ``place``."""
        key = f"{place.vendor} {place.listener.name}"
        if key not in self._peers:
            self._peers[key] = Peer(place.listener, self.number, self.alpn, self.sni, self.certificate)
        return self._peers[key]


class Realm:
    """Every emulated service of one run.

    :param folders: vendor id to the folder of its throw-away credentials.
    :param scenario: the scenario of the whole run, or None.
    :param app: app facts of the profile that runs against it.
    :param now: the clock, Unix seconds.
    """

    def __init__(
        self,
        emulators: Iterable[Emulator],
        folders: Mapping[str, Path],
        journal: Journal,
        *,
        scenario: str | None = None,
        app: Mapping[str, str] | None = None,
        strict: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.journal = journal
        self._now = now
        self._connections = 0
        self.places: list[Place] = []
        for emulator in emulators:
            known = scenario if scenario in emulator.scenarios else None
            world = World(now, secrets.token_bytes, folders[emulator.vendor], known, dict(app or {}), strict=strict)
            self.places += [Place(emulator.vendor, emulator, each, world) for each in emulator.listeners]
        self._by_host: dict[str, list[Place]] = {}
        # Of those that share a host, who says which paths are his comes before who takes the rest.
        for place in sorted(self.places, key=lambda place: not place.listener.paths):
            for host in place.listener.hosts:
                self._by_host.setdefault(host.casefold(), []).append(place)

    @property
    def asks_for_certificates(self) -> bool:
        """Whether any service wants to see a client certificate."""
        return any(place.listener.client_certificates for place in self.places)

    def place_of(self, authority: str | None, path: str = "") -> Place | None:
        """The service that a ``host`` or ``host:port`` names, or None for an unknown one (``localhost``).

        :param path: decides between the services that share a host; without one it is the first of them.
        """
        named = (authority or "").casefold()
        sharing = self._by_host.get(named) or self._by_host.get(named.rpartition(":")[0]) or []
        fitting = (place for place in sharing if re.match(place.listener.paths, path))
        return next(fitting, sharing[0] if sharing else None)

    def client(self, home: Place, alpn: str | None, sni: str | None, certificate: bytes | None) -> Client:
        """A new connection to the port of ``home``; its SNI may name another service."""
        self._connections += 1
        return Client(self.place_of(sni) or home, self._connections, alpn, sni, certificate)

    def greet(self, client: Client) -> Act | None:
        """What happens to a connection right after its handshake; a GOAWAY is noted down."""
        place = client.home
        act = place.emulator.greet(client.peer(place), place.world)
        if act is not None and act.goaway is not None:
            self._note(place, client, None, act)
        return act

    def serve(self, client: Client, seen: Seen) -> Act:
        """Answer one request, and note both down."""
        named = seen.authority, seen.header("host")
        place = next(filter(None, (self.place_of(each, seen.path) for each in named)), client.home)
        act = place.emulator.serve(seen, client.peer(place), place.world)
        self._note(place, client, seen, act)
        return act

    def refused_stream(self, client: Client, limit: int) -> None:
        """Note down a stream that was refused because ``limit`` others were open."""
        act = Act(wire="refuse-stream", rule="stream-limit", code="REFUSED_STREAM", note=f"limit {limit}")
        self._note(client.home, client, None, act)

    def failed_handshake(self, place: Place, error: ssl.SSLError) -> None:
        """Note down a client that TLS turned away (another CA's certificate, an expired one) or that turned away
        itself because it does not trust ours."""
        reason = getattr(error, "verify_message", "") or error.reason or str(error)
        act = Act(wire="drop", rule="tls-handshake", note=f"the TLS handshake failed: {reason}")
        client = self.client(place, None, None, None)
        self._note(place, client, None, act)

    def _note(self, place: Place, client: Client, seen: Seen | None, act: Act) -> None:
        response = act.response
        self.journal.write(
            Entry(
                time=round(self._now(), 3),
                vendor=place.vendor,
                listener=place.listener.name,
                environment=place.listener.environment,
                connection=client.number,
                method=seen.method if seen else "",
                path=masked_path(seen.path) if seen else "",
                headers=masked(seen.headers) if seen else (),
                body=masked_body(seen.body) if seen else "",
                status=response.status if response and act.goaway is None else None,
                code=act.code,
                rule=act.rule,
                note=act.note,
                wire="goaway" if act.goaway is not None else act.wire,
                answer=masked_body(response.body if response else act.goaway or b""),
                answer_headers=response.headers if response else (),
            )
        )
