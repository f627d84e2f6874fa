"""A session: a profile, opened. Everything that send, ask and auth need to talk to a vendor."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pushctl.config import paths, profiles, secrets
from pushctl.config.grants import GrantCache
from pushctl.core.answers import clock_ahead, date_of
from pushctl.core.errors import UsageError
from pushctl.core.finding import Finding
from pushctl.core.vendor import Account, Env, Grant, Refused, Vendor
from pushctl.core.wire import Response
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.config.profiles import Profile
    from pushctl.core.message import Message, Target
    from pushctl.core.wire import Exchange, Reply, Request
    from pushctl.sandbox import Running
    from pushctl.transport import Transport
    from pushctl.transport.route import Route

T = TypeVar("T")
_CLOCK_S = 120.0
"""Seconds that a clock may be off before it is remarked on; vendors tolerate a few minutes at most."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a person said about whom to push as, and over which way.

    :ivar profile: name or path, or None.
    :ivar sandbox: vendor id for ``--sandbox``, or None for the real service.
    :ivar scenario: the sandbox's situation, or None.
    :ivar endpoint: replaces the vendor's host (loopback, or anything with ``allow_endpoint``).
    :ivar timeout: seconds for one answer, or None for the default.
    :ivar environ: the process's environment; :ivar cwd: its folder; :ivar stdin: reads all of it, once.
    """

    environ: Mapping[str, str]
    cwd: Path
    stdin: Callable[[], bytes]
    profile: str | None = None
    sandbox: str | None = None
    scenario: str | None = None
    endpoint: str | None = None
    proxy: str | None = None
    ca_bundle: str | None = None
    timeout: float | None = None
    allow_endpoint: bool = False
    watch: Callable[[Exchange], None] | None = None


@dataclass(slots=True)
class Session:
    """An opened profile. Use it as a context manager: it closes its connections and its emulator."""

    vendor: Vendor
    account: Account
    profile: Profile
    route: Route
    grants: GrantCache
    emulator: Running | None = None
    watch: Callable[[Exchange], None] | None = None
    findings: list[Finding] = field(default_factory=list)
    _transport: Transport | None = None
    _granted: dict[str, Grant | Refused] = field(default_factory=dict)

    @property
    def emulated(self) -> bool:
        """Whether nothing leaves this machine."""
        return self.emulator is not None

    @property
    def environment(self) -> str | None:
        """The environment where the vendor has several; None where there is nothing to tell apart."""
        return self.account.environment if len(self.vendor.card.environments) > 1 else None

    def env(self) -> Env:
        """Now, and randomness."""
        return Env(time.time(), os.urandom)

    def transport(self) -> Transport:
        """The vendor's transport; opened on first use."""
        if self._transport is None:
            from pushctl.transport import open_transport

            self._transport = open_transport(self.vendor.card.wire, self.route, self.account.identity, self.watch)
        return self._transport

    def drive(self, steps: Generator[Request, Reply, T]) -> T:
        """Run a vendor's generator to its end; one without a request opens no connection."""
        reply: Reply | None = None
        try:
            request = next(steps)
            while True:
                reply = self.transport().one(request)
                if isinstance(reply, Response) and reply.status >= 400:
                    self.look_at_clock(reply)
                request = steps.send(reply)
        except StopIteration as end:
            result: T = end.value
            if isinstance(result, Refused) and reply is not None:  # which some services say with HTTP 200
                self.look_at_clock(reply)
            return result

    def renewable(self, call: str) -> bool:
        """Whether another grant can be had for ``call``; a bare access token is all there is."""
        spec = self.vendor.grant(self.account, call)
        return spec is None or spec.kept != "given"

    def look_at_clock(self, reply: Reply) -> None:
        """Compare this machine's clock with the ``Date`` of a refusal; signed tokens of a wrong clock are refused with
        other words. Adds one finding at most."""
        ahead = clock_ahead(reply, time.time())
        if ahead is None or abs(ahead) < _CLOCK_S or any(one.rule == "clock-wrong" for one in self.findings):
            return
        off = f"{abs(ahead) / 60:.0f} minutes" if abs(ahead) < 2 * 86400 else f"{abs(ahead) / 86400:.0f} days"
        off += " ahead of" if ahead > 0 else " behind"
        self.findings.append(
            Finding(
                "clock-wrong",
                "warning",
                f"This machine's clock is {off} the server's: its answer has the Date {date_of(reply)}.",
                "Set the clock (NTP): provider tokens that are signed with a wrong time are refused.",
            )
        )

    def grant(self, call: str, *, refused: Grant | None = None) -> Grant | Refused | None:
        """The provider token for ``call``: from this run, from the disk, or minted; None where there is none.

        :param refused: the grant that the vendor has just refused; it is not given again.
        """
        spec = self.vendor.grant(self.account, call)
        if spec is None:
            return None
        if refused is not None or spec.key not in self._granted:
            wanted = spec
            self._granted[spec.key], findings = self.grants.obtain(
                wanted,
                time.time(),
                lambda: unsent(self.drive(self.vendor.mint(self.account, wanted, self.env()))),
                refused=refused,
            )
            self.findings += [finding for finding in findings if finding not in self.findings]
        return self._granted[spec.key]

    def close(self) -> None:
        """Close the connections and the emulator."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        if self.emulator is not None:
            self.emulator.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def unsent(made: T | Refused) -> T | Refused:
    """Whatever became of a token request, or of what is kept at the vendor's before a push: it was no push, and so it
    can be made again."""
    if isinstance(made, Refused) and made.says.outcome == "unknown":
        return Refused(replace(made.says, sent="no", retryable=True))
    return made


def open_session(opening: Opening) -> Session:
    """Load the profile, resolve its secrets, validate the account, choose the route.

    Raises ``UsageError`` when neither profile nor sandbox is named, ``ProfileError`` for anything wrong in the
    profile or its files, ``LocalError`` when the emulator cannot start.
    """
    name = opening.profile or (None if opening.sandbox else opening.environ.get("PUSHCTL_PROFILE"))
    profile = profiles.load(name, opening.environ, opening.cwd) if name else None
    if opening.sandbox:
        return _open_emulated(opening, profile)
    if opening.scenario:
        raise UsageError("--scenario only means something in the sandbox.", "Add --sandbox apns, or leave it out.")
    if profile is None:
        raise UsageError(
            "No profile is given, so there is no credential to push with.",
            "Name one with -p/--profile or PUSHCTL_PROFILE ('pushctl profile list' shows yours), "
            "or try --sandbox apns, which needs none.",
            rule="no-profile",
        )
    card = registry.load(profile.vendor).card
    findings = profiles.exposure(profile, secrets.secret_files(profile, card))
    return _assemble(opening, profile, None, list(findings))


def _open_emulated(opening: Opening, profile: Profile | None) -> Session:
    from pushctl import sandbox

    card = registry.load(opening.sandbox or "").card
    if profile is not None:
        if registry.resolve(profile.vendor) != card.id:
            raise UsageError(
                f"Profile {profile.name!r} is for {profile.vendor}, and --sandbox names {card.id}.",
                f"Use --sandbox {profile.vendor}, or another profile.",
                rule="profile-vendor",
            )
        profile = profiles.fit(profile, card)
    environment = profile.environment if profile else card.environments[0]
    app = {key: str(value) for key, value in profile.app.items()} if profile else {}
    attached = opening.environ.get("PUSHCTL_SANDBOX")
    if attached:
        running = sandbox.attach(opening.cwd / paths.expanded(attached))
        running.scenario = opening.scenario or running.scenario
    else:
        home = paths.state_dir(opening.environ) / "sandbox"
        running = sandbox.start([card.id], home=home, scenario=opening.scenario, app=app)
    try:
        table = running.profile(card.id, environment, app)
        if profile is not None:
            table["defaults"] = dict(profile.defaults)
        name = profile.name if profile else "sandbox"
        return _assemble(opening, profiles.from_table(name, table, origin="sandbox"), running, [])
    except BaseException:
        running.close()
        raise


def _assemble(opening: Opening, profile: Profile, emulator: Running | None, findings: list[Finding]) -> Session:
    from pushctl.transport.route import route_from

    vendor = registry.load(profile.vendor)
    fields = secrets.resolve_all(profile, vendor.card, opening.environ, opening.stdin)
    account = vendor.account(fields)
    endpoint = opening.endpoint or profile.network.get("endpoint")
    if endpoint:
        base = endpoint_of(str(endpoint), "--endpoint" if opening.endpoint else "network.endpoint")
        account = replace(account, hosts=dict.fromkeys(account.hosts, base))  # the route's guard decides of credentials
    route = route_from(
        fields["network"],
        environ=opening.environ,
        base=profile.folder,
        proxy=opening.proxy,
        ca_bundle=opening.cwd / paths.expanded(opening.ca_bundle) if opening.ca_bundle else None,
        timeout=opening.timeout,
        allow_endpoint=opening.allow_endpoint,
        vendor_hosts=[url for roles in vendor.card.hosts.values() for url in roles.values()],
        via=emulator.via if emulator else None,
        sandbox_ca=emulator.ca if emulator else None,
    )
    grants = GrantCache(paths.grants_dir(opening.environ, emulator.ca if emulator else None))
    return Session(vendor, account, profile, route, grants, emulator, opening.watch, findings)


def endpoint_of(endpoint: str, where: str) -> str:
    """The base URL that an ``--endpoint`` means. Raises ``UsageError`` for what is no address."""
    from pushctl.transport.address import place

    base = endpoint if "://" in endpoint else f"https://{endpoint}"
    try:
        place(base)
    except UsageError:
        raise UsageError(
            f"{where} {endpoint!r} is no address.", "Write https://HOST:PORT.", rule="bad-url", where=where
        ) from None
    return base.rstrip("/")


def default_target(session: Session, message: Message) -> Target:
    """Who gets a push without a target: the emulator's live device. Raises ``UsageError`` outside the sandbox."""
    card = session.vendor.card
    if session.emulator is not None:
        return session.emulator.target(card.id, message, session.account.environment)
    kinds = ", ".join("--" + kind.replace("channel", "channel-id") for kind in card.targets)
    raise UsageError("No target is given.", f"Name one with -t/--token ({card.name} has: {kinds}).", rule="no-target")


def default_token(session: Session) -> Target:
    """The emulator's live device, for a question about one. Raises ``UsageError`` outside the sandbox."""
    from pushctl.core.message import Message

    if session.emulator is None:
        raise UsageError("No device is given.", "Name it with -t/--token.", rule="no-target", where="--token")
    return default_target(session, Message())


def certificate_file(session: Session) -> str | None:
    """The file of the client certificate, for tools that read it themselves; None where there is none."""
    reference = secrets.references(session.profile, session.vendor.card).get("credentials.certificate")
    if reference is None or reference.kind != "file":
        return None
    return str(secrets.file_of(reference, session.profile))
