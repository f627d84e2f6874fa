"""URLs taken apart, with the mistrust that credentials deserve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pushctl.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """A URL taken apart. ``host`` is in lower case, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As ``:authority`` and ``Host`` say it: with the port where it is not the scheme's own."""
        default = 443 if self.scheme == "https" else 80
        return authority(self.host, self.port if self.port != default else None)


def authority(host: str, port: int | None) -> str:
    """``host:port``; an IPv6 address in brackets."""
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


@lru_cache(maxsize=256)
def _origin(scheme: str, netloc: str) -> tuple[str, int]:
    from urllib.parse import urlsplit

    parts = urlsplit(f"{scheme}://{netloc}")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in netloc:
        raise ValueError("no host")
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def place(url: str) -> Place:
    """Take an absolute URL without a query apart.

    Raises ``UsageError`` for what is no clean ``http`` or ``https`` URL: no host, user info, blanks, control or
    non-ASCII characters (``urllib`` drops some of those silently, so that it would check another URL than is sent).
    """
    scheme, mark, rest = url.partition("://")
    netloc, slash, path = rest.partition("/")
    clean = mark and url.isascii() and url.isprintable() and not any(char in url for char in ' "#<>?\\')
    try:
        host, port = _origin(scheme.lower(), netloc) if clean else ("", 0)
    except ValueError:
        host = ""
    if not host:
        raise UsageError(
            f"the request's address {url[:80]!r} is not a clean https URL",
            "remove blanks, control and non-ASCII characters, '?', '#' and user info from it",
            rule="bad-url",
        )
    return Place(scheme.lower(), host, port, slash + path or "/")


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine by its very name: ``localhost``, 127.0.0.0/8, ::1. No look-up is made."""
    if host == "localhost":
        return True
    if ":" not in host and not host.startswith("127."):
        return False
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
