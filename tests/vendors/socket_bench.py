"""Emulated services behind real sockets: a sandbox of one vendor, and a client of it that knows nothing of pushctl."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

import pushctl.sandbox
from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.sandbox.journal import Entry

HTTP2 = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
NO_ANSWER = pytest.mark.parametrize("scenario", ["drop-connection", "garbage", "half-frame"])


class Client:
    """What every client has; how it authenticates and what it posts is each vendor's own.

    :cvar vendor: whose service it is a client of. :cvar secret_in: the credential that is a secret in a file.
    :ivar live: the token of a handset that takes a push.
    """

    vendor: ClassVar[str]
    secret_in: ClassVar[str] = "client_secret"

    def __init__(self, running: Running, *, http2: bool = False) -> None:
        self.running = running
        self.profile = running.profile(self.vendor, "production")
        self.live = running.target(self.vendor, Message(title="订单"), "production").value
        self.trust = ssl.create_default_context(cafile=running.ca)
        self.http = httpx.Client(verify=self.trust, http2=http2, timeout=5, trust_env=False)

    @property
    def journal(self) -> list[Entry]:
        assert self.running.journal is not None
        return self.running.journal.entries

    @property
    def secret(self) -> str:
        return Path(self.profile["credentials"][self.secret_in].removeprefix("file:")).read_text()

    def ask(self, method: str, host: str, path: str, *, headers: Any = None, **content: Any) -> httpx.Response:
        """A request over TLS that names ``host``; header names keep their letter case, and may come twice."""
        ip, port = self.running.via[host]
        pairs = [(b"host", host.encode()), *httpx.Headers(headers).raw]
        extensions = {"sni_hostname": host}
        return self.http.request(method, f"https://{ip}:{port}{path}", headers=pairs, extensions=extensions, **content)

    def push(self) -> httpx.Response:
        """Authenticate, and send a message to the live handset."""
        raise NotImplementedError

    def pushes_in_vain(self, *, before: int) -> None:
        """A push gets no HTTP answer, after ``before`` requests that got theirs."""
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            self.push()
        assert [entry.status for entry in self.journal[:-1]] == [200] * before
        assert self.journal[-1].rule == f"scenario {self.running.scenario}"

    def close(self) -> None:
        """Close both sides. There were no internal errors."""
        self.http.close()
        server = self.running._server
        self.running.close()
        assert server is None or server.troubles == []


def fixtures(client: type[Client]) -> tuple[Any, Any]:
    """A module's two fixtures, ``home, connect = fixtures(Client)``: a folder of credentials, since making keys is
    slow, and a function that starts a sandbox with a client, both closed at the end of the test."""

    @pytest.fixture(scope="module")
    def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp(f"{client.vendor}-sockets")

    @pytest.fixture
    def connect(home: Path) -> Iterator[Callable[..., Client]]:
        made: list[Client] = []

        def run(*, http2: bool = False, **settings: Any) -> Client:
            made.append(client(pushctl.sandbox.start([client.vendor], home=home, **settings), http2=http2))
            return made[-1]

        yield run
        for one in made:
            one.close()

    return home, connect
