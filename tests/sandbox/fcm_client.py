"""Takes the network away from a published client: Google's hosts are the sandbox, and nothing else is anywhere."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pushctl.sandbox import Running

HTTPS = 443


@contextmanager
def google_is(running: Running) -> Iterator[None]:
    """For the whole of this process: every host of Google's that the sandbox serves is on loopback, at an address of
    its own, and a connection to it goes to the sandbox's port. Every other name is unknown, every other address
    unreachable; no packet leaves the machine."""
    hosts = {host: f"127.77.0.{number}" for number, host in enumerate(sorted(running.via), 1)}
    ports = {(hosts[host], HTTPS): address for host, address in running.via.items()}
    connect = socket.socket.connect

    def getaddrinfo(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        address = name if str(name).startswith("127.77.0.") else hosts.get(name)
        if address is None:
            raise socket.gaierror(socket.EAI_NONAME, f"{name} is not to be asked for")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, int(port)))]

    def to_sandbox(self: socket.socket, address: Any) -> None:
        if tuple(address) not in ports:
            raise OSError(f"{address} is not to be connected to")
        connect(self, ports[tuple(address)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        patch.setattr(socket.socket, "connect", to_sandbox)
        patch.setattr(socket.socket, "connect_ex", to_sandbox)
        patch.setenv("REQUESTS_CA_BUNDLE", str(running.ca))
        patch.setenv("SSL_CERT_FILE", str(running.ca))
        yield
