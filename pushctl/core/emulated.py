"""The protocol of the emulated world: what a vendor's ``emulator.py`` sees and says.

The server in ``pushctl/sandbox`` owns sockets, TLS and HTTP; an emulator is as pure as the client side of its vendor:
a request and the state of the world in, an :class:`Act` out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.core.wire import Response


@dataclass(frozen=True, slots=True)
class Listener:
    """One port of an emulated service.

    :ivar name: ``sandbox``, ``production``, ``manage-sandbox`` …
    :ivar hosts: the vendor's hosts that this listener stands for; requests are routed here by SNI and Host, too.
    :ivar environment: the environment that its requests belong to.
    :ivar http: what it speaks: ``h2`` only (with or without ALPN), or ``any``.
    :ivar client_certificates: whether the handshake asks for one.
    :ivar max_streams: SETTINGS_MAX_CONCURRENT_STREAMS of a new connection.
    :ivar paths: a regular expression for the beginning of its paths, where another vendor's service has the same host
        (Huawei's v1/v2 and v3); "" for all.
    """

    name: str
    hosts: tuple[str, ...]
    environment: str
    http: Literal["h2", "any"] = "any"
    client_certificates: bool = False
    max_streams: int = 100
    paths: str = ""


@dataclass(slots=True)
class Peer:
    """One client connection. ``memory`` is the emulator's to keep what a connection remembers.

    :ivar certificate: the client certificate, DER, already verified against the sandbox's CA; None without one.
    """

    listener: Listener
    number: int
    alpn: str | None = None
    sni: str | None = None
    certificate: bytes | None = None
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived: header names in lower case and in order, repeats kept; ``:authority`` given as ``host``
    only where the client sent ``host``."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    authority: str = ""

    def header(self, name: str) -> str | None:
        """The first header of this name, or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Act:
    """What the server does with a request, or right after the handshake.

    :ivar response: the HTTP answer, or None when something else happens.
    :ivar goaway: debug data of a GOAWAY frame (last stream 0, error code 0), then the end of the connection.
    :ivar goaway_close: ``at-once`` closes the socket behind the frame, ``linger`` keeps it open a moment.
    :ivar wire: what else can happen to an answer: the connection is dropped, the stream is reset, bytes that are no
        HTTP, a body cut in half, an answer that never comes.
    :ivar max_streams: a new SETTINGS_MAX_CONCURRENT_STREAMS, announced with the answer.
    :ivar delay_s: seconds before the answer.
    :ivar rule: the emulator's own rule that decided, for the journal.
    :ivar code: the catalogue's code that this act says, or None for an acceptance.
    :ivar note: one sentence for the journal (what a device would have done).
    """

    response: Response | None = None
    goaway: bytes | None = None
    goaway_close: Literal["at-once", "linger"] = "linger"
    wire: Literal["", "drop", "reset-after-answer", "refuse-stream", "garbage", "half-frame", "hang"] = ""
    max_streams: int | None = None
    delay_s: float = 0.0
    rule: str = ""
    code: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named situation. A file in the vendor's folder, a row of ``sandbox scenarios``, and a test.

    :ivar act: what is forced, in the vendor's own terms (``{"reason": "Unregistered", "status": 410}``); empty where
        the situation comes about by the emulator's ordinary rules (credentials, tokens).
    :ivar credentials: replaces the throw-away profile's credentials by this named set.
    :ivar expect: what the client must make of it: ``{"outcome", "code", "exit_code"}``.
    """

    name: str
    about: str
    act: Mapping[str, Any] = field(default_factory=dict)
    credentials: str = ""
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handset:
    """An emulated device's token.

    :ivar kind: what it is for, in the vendor's words (``app``, ``voip``, ``liveactivity`` …).
    :ivar scenario: the scenario that a push to it triggers, or "" for a live one.
    """

    token: str
    environment: str
    kind: str
    about: str
    scenario: str = ""


class Forge(Protocol):
    """Makes throw-away keys and certificates, signed by the sandbox's CA while it still has its key."""

    def p256_key(self) -> bytes:
        """A fresh EC P-256 key as PKCS#8 PEM."""
        ...

    def rsa_key(self) -> bytes:
        """A fresh RSA 2048 key as PKCS#8 PEM."""
        ...

    def random_bytes(self, size: int) -> bytes:
        """Fresh random bytes: a throw-away secret."""
        ...

    def client_certificate(
        self,
        key: bytes,
        common_name: str,
        *,
        uid: str = "",
        unit: str = "",
        extensions: Mapping[str, bytes] | None = None,
        days: int = 365,
        starts_days_ago: int = 1,
        revoked: bool = False,
    ) -> bytes:
        """A client certificate as PEM. ``extensions``: OID to DER value. ``days`` counts from its start, so an
        expired one is made with ``starts_days_ago`` above ``days``. A ``revoked`` one is on the CA's list."""
        ...


@dataclass(slots=True)
class World:
    """What an emulator can know and change.

    :ivar now: the clock, Unix seconds.
    :ivar nonce: random bytes.
    :ivar folder: where the throw-away credentials of this vendor lie.
    :ivar scenario: the scenario of the whole run, or None.
    :ivar app: app facts of the profile that runs against it (``--sandbox`` with ``-p``); empty for its own.
    :ivar state: the emulator's own memory: tokens, channels, quotas.
    :ivar strict: refuse where the sources disagree whether the vendor refuses or lets it pass.
    """

    now: Callable[[], float]
    nonce: Callable[[int], bytes]
    folder: Path
    scenario: str | None = None
    app: Mapping[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    strict: bool = True


class Emulator(Protocol):
    """One vendor's server side. It reads ``errors.json`` and its own data files, and imports nothing but ``core``."""

    @property
    def vendor(self) -> str: ...

    @property
    def listeners(self) -> tuple[Listener, ...]: ...

    @property
    def scenarios(self) -> Mapping[str, Scenario]: ...

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """The files of the throw-away credentials, name to content; made once and reused."""
        ...

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile in the shape of a profile file; ``credentials`` names a set ("" is the default)."""
        ...

    def handsets(self, environment: str) -> tuple[Handset, ...]:
        """Every device token that this world knows; the first of a kind without a scenario is the live one."""
        ...

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:
        """The token that a push without ``-t`` goes to: of the kind that the message needs, and of the scenario."""
        ...

    def greet(self, peer: Peer, world: World) -> Act | None:
        """What happens right after the handshake: None, a GOAWAY for a certificate of the other environment, or only
        another ``max_streams`` to start with. HTTP/2 only."""
        ...

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request."""
        ...
