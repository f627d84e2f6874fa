"""Where a request may go, and by which way: hosts, proxy, trust, deadlines. Decided once, obeyed by every transport."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pushctl.core.errors import ProfileError, PushctlError, UsageError
from pushctl.core.secret import Secret, Text, revealed, shown
from pushctl.transport.address import Place, authority, is_loopback, place

CONNECT_S = 5.0
TOTAL_S = 15.0
LONGEST_S = 86400.0
"""The most that can be asked for; what the system waits for overflows at some tens of days."""

Address = tuple[str, int]
Way = Literal["sandbox", "proxy", "direct"]


@dataclass(frozen=True, slots=True)
class Route:
    """The way to the vendor.

    :ivar connect_s: seconds for DNS, TCP, proxy and TLS together.
    :ivar total_s: seconds for one request, from being written to its last byte.
    :ivar proxy: ``http://user:password@host:port``; a :class:`Secret` when it has a password.
    :ivar no_proxy: the environment's ``NO_PROXY`` list; it concerns a proxy from the environment only.
    :ivar ca_bundle: PEM file trusted instead of the system's store.
    :ivar via: host (or ``host:port``) of a URL to the loopback address that stands for it: the sandbox. Beats
        ``proxy``.
    :ivar sandbox_ca: PEM file trusted only for connections that ``via`` redirects, and then nothing else is.
    :ivar vendor_hosts: hosts, lower case, that may see credentials.
    :ivar allow_endpoint: whether any other host may see them, too.
    """

    connect_s: float = CONNECT_S
    total_s: float = TOTAL_S
    proxy: Text | None = None
    no_proxy: str = ""
    ca_bundle: Path | None = None
    via: Mapping[str, Address] = field(default_factory=dict)
    sandbox_ca: Path | None = None
    vendor_hosts: frozenset[str] = frozenset()
    allow_endpoint: bool = False

    def redirection(self, host: str, port: int) -> Address | None:
        """The loopback address that stands for ``host``, or None."""
        return self.via.get(f"{host}:{port}") or self.via.get(host)

    def way(self, host: str, port: int) -> Way:
        """How ``host`` is reached."""
        if self.redirection(host, port):
            return "sandbox"
        if self.proxy is None or is_loopback(host) or _bypassed(f"{host}:{port}", self.no_proxy):
            return "direct"
        return "proxy"

    def peer(self, target: Place) -> str:
        """``host:port`` as a sentence names it, with the sandbox's address where that stands for it."""
        name = authority(target.host, target.port)
        redirected = self.redirection(target.host, target.port)
        return f"{name} (the sandbox at {authority(*redirected)})" if redirected else name


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy's address, and the credentials that it wants."""

    host: str
    port: int
    user: str = ""
    password: Secret | None = None

    @property
    def peer(self) -> str:
        """``host:port``, as it is shown."""
        return authority(self.host, self.port)


def guard(url: str, route: Route) -> None:
    """Raise ``UsageError`` unless ``url`` may see credentials.

    That is: ``https`` to a vendor's host, to any host with ``allow_endpoint``, or loopback. Where the sandbox stands
    for the vendor, nothing but its hosts and loopback, whatever else is allowed: nothing leaves this machine.
    """
    target = place(url)
    if is_loopback(target.host):
        return
    if target.scheme != "https":
        raise UsageError(
            f"credentials are not sent over plain http to {target.authority}", "use an https address", rule="plain-http"
        )
    if route.via:
        if route.redirection(target.host, target.port) is None:
            raise UsageError(
                f"the sandbox does not stand for {target.authority}, and nothing else may be reached with --sandbox",
                "leave --sandbox out, or use one of the vendor's own hosts",
                rule="foreign-host",
            )
        return
    if not route.allow_endpoint and target.host not in route.vendor_hosts:
        raise UsageError(
            f"{target.authority} is none of the vendor's hosts, so it does not get the credentials",
            "add --allow-endpoint if you trust that host with them",
            rule="foreign-host",
        )


def route_from(
    network: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    base: Path | None = None,
    proxy: str | None = None,
    ca_bundle: Path | None = None,
    timeout: float | None = None,
    allow_endpoint: bool = False,
    vendor_hosts: Iterable[str] = (),
    via: Mapping[str, Address] | None = None,
    sandbox_ca: Path | None = None,
) -> Route:
    """Decide the way from flags, a profile's network table and the environment, in this order.

    :param network: ``proxy``, ``ca_bundle`` and ``timeout`` (seconds) of a profile's ``[network]``; other keys are
        left to the vendor.
    :param environ: ``os.environ`` when None.
    :param base: what a relative ``ca_bundle`` of the profile is relative to.
    :param timeout: seconds for a request as a whole; connecting gets at most five of them.
    :param vendor_hosts: hosts or base URLs.

    Raises ``UsageError`` (flags, environment) or ``ProfileError`` (network table).
    """
    network = network or {}
    for host, (ip, _) in (via or {}).items():
        if not is_loopback(ip):
            raise UsageError(f"the sandbox for {host} would not be on this machine but at {ip}", rule="sandbox")
    bundle = ca_bundle if ca_bundle is not None else _profile_bundle(network, base)
    if bundle is not None:
        _check_bundle(bundle, ProfileError if ca_bundle is None else UsageError)
    total = _seconds(timeout, "--timeout", UsageError) or _seconds(
        network.get("timeout"), "network.timeout", ProfileError
    )
    around: Mapping[str, str] = os.environ if environ is None else environ
    if via:  # the sandbox is on this machine and needs no proxy, nor one that could be used
        around = {}
    chosen, no_proxy = _choose_proxy(proxy, network.get("proxy"), around)
    return Route(
        connect_s=min(CONNECT_S, total or TOTAL_S),
        total_s=total or TOTAL_S,
        proxy=chosen,
        no_proxy=no_proxy,
        ca_bundle=bundle,
        via=dict(via or {}),
        sandbox_ca=sandbox_ca,
        vendor_hosts=frozenset(place(host).host if "://" in host else host.lower() for host in vendor_hosts),
        allow_endpoint=allow_endpoint,
    )


def proxy_of(url: Text, where: str = "") -> Proxy:
    """Take a proxy's URL apart; ``host:port`` without a scheme means ``http``.

    :param where: the flag, field or variable that the URL is from.

    Raises ``UsageError`` for another scheme or a URL that is none; its text never holds the password.
    """
    from urllib.parse import unquote, urlsplit

    text = revealed(url).strip()
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "http", text
    named = f"the proxy{f' of {where}' if where else ''}"
    if scheme.lower() != "http":
        raise UsageError(
            f"{named} has the unsupported scheme {scheme[:20]!r}",
            "use an HTTP proxy that allows CONNECT: http://user:password@host:port",
            rule="bad-proxy",
            where=where,
        )
    try:
        parts = urlsplit(f"http://{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    extra = parts.path.strip("/") or parts.query or parts.fragment
    if not host or extra or " " in rest or not rest.isprintable():
        raise UsageError(
            f"{named} is not a URL of the form http://user:password@host:port",
            "correct it; '@', ':' and '/' in a password are written %40, %3A and %2F",
            rule="bad-proxy",
            where=where,
        )
    password = Secret(unquote(parts.password), "$PUSHCTL_PROXY_PASSWORD") if parts.password is not None else None
    return Proxy(host, port or 80, unquote(parts.username or ""), password)


def _choose_proxy(flag: str | None, profile: Any, environ: Mapping[str, str]) -> tuple[Text | None, str]:
    if flag is not None:
        return (_masked(flag, "--proxy") if flag else None), ""
    if profile is not None and not isinstance(profile, (str, Secret)):
        raise ProfileError("network.proxy is not text", 'write proxy = "http://host:port"', where="network.proxy")
    if profile is not None:
        return (_masked(profile, "network.proxy") if profile else None), ""
    name, url = _environment_proxy(environ)
    if not url:
        return None, ""
    return _masked(url, name), environ.get("no_proxy", environ.get("NO_PROXY", ""))


def _environment_proxy(environ: Mapping[str, str]) -> tuple[str, str]:
    """Name and value, by the rules of ``urllib.request.getproxies_environment`` (which reads ``os.environ`` only): a
    lower-case variable beats its upper-case twin, even when it is empty."""
    for names in (("https_proxy", "HTTPS_PROXY"), ("all_proxy", "ALL_PROXY")):
        name = next((name for name in names if name in environ), "")
        if name and environ[name]:
            return name, environ[name]
    return "", ""


def _masked(url: Text, where: str) -> Text:
    proxy = proxy_of(url, where)
    if proxy.password is None:
        return url
    user = f"{proxy.user}:" if proxy.user else ""
    return Secret(revealed(url), f"http://{user}{shown(proxy.password)}@{proxy.peer}")


def _bypassed(host: str, no_proxy: str) -> bool:
    if not no_proxy:
        return False
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

    return bool(proxy_bypass_environment(host, {"no": no_proxy}))


def _profile_bundle(network: Mapping[str, Any], base: Path | None) -> Path | None:
    value = network.get("ca_bundle")
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise ProfileError("network.ca_bundle is not a path", 'write ca_bundle = "corporate.pem"', rule="bad-ca-bundle")
    path = Path(value.removeprefix("file:")).expanduser()
    return path if base is None else base / path


def _check_bundle(path: Path, error: type[PushctlError]) -> None:
    """That it can be read; what is inside is checked when it is loaded."""
    try:
        with path.open("rb"):
            pass
    except (OSError, ValueError) as reason:  # ValueError: a NUL in the path
        why = reason.strerror or reason if isinstance(reason, OSError) else "no file can be called so"
        raise error(
            f"the CA bundle {path} cannot be read: {why}",
            "give the path of a PEM file with CA certificates",
            rule="bad-ca-bundle",
            where=str(path),
        ) from None


def _seconds(value: Any, where: str, error: type[PushctlError]) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
        raise error(f"{where} is not a positive number of seconds: {value!r}", "write 15 or 2.5", where=where)
    if value > LONGEST_S:
        raise error(f"{where} of {value:.0f} seconds is longer than a day", "write 15s or 1m", where=where)
    return float(value)
