"""What the throw-away vendors share, and the loopback server that answers them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pushctl.config.grants import GrantCache
from pushctl.config.profiles import from_table
from pushctl.core.catalogue import Catalogue
from pushctl.core.finding import Finding
from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Ask, Card, Env
from pushctl.core.verdict import Judgement
from pushctl.flows.session import Session
from pushctl.transport.route import Route


class Toy:
    """A vendor without profile files, lint and catalogue: what the protocol asks for beside its own steps."""

    id = ""
    asks: Mapping[str, Ask] = {}

    @property
    def card(self) -> Card:
        return Card(self.id, self.id, "rest", ("production",), {"production": {}}, ("token",), (), ())

    @property
    def catalogue(self) -> Catalogue:
        raise AssertionError("a toy has no catalogue")

    def account(self, fields: Mapping[str, Any]) -> Account:
        raise AssertionError("a toy has no profile")

    def inspect(self, account: Account, now: float) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
        return (), ()

    def named(self, message: Message) -> tuple[Target, ...]:
        return ()

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        return iter(())

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:
        return iter(())

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return iter(())


@dataclass
class Seen:
    """A request as the toy server got it."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class ToyServer:
    """A loopback server that keeps what it got; ``answer`` makes a JSON document of each request."""

    url: str
    seen: list[Seen] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [request.path.partition("?")[0] for request in self.seen]


@contextmanager
def serving(answer: Callable[[Seen], dict[str, Any]]) -> Iterator[ToyServer]:
    """Run a toy server for a while."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            request = Seen(self.path, dict(self.headers.items()), self.rfile.read(length))
            with lock:
                toy.seen.append(request)
                body = json.dumps(answer(request)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name is the base class's

        def log_message(self, *_: Any) -> None:
            """Tests read ``seen``."""

    lock = threading.Lock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    toy = ToyServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield toy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def session(vendor: Toy, server: ToyServer, folder: Path, **app: str) -> Session:
    """A session of a toy vendor with its toy server."""
    account = Account("production", Secret("s3cret", "$SECRET"), app, {"api": server.url})
    profile = from_table("toy", {"vendor": vendor.id, "environment": "production"}, origin="sandbox")
    return Session(vendor, account, profile, Route(), GrantCache(folder / "grants"))
