"""Look at profiles: which there are, what is inside one, whether it can be used."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.config import profiles, secrets, trust
from pushctl.core.errors import LocalError, ProfileError, PushctlError
from pushctl.core.finding import Finding
from pushctl.core.verdict import ExitCode
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.config.profiles import Place, Profile
    from pushctl.core.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a profile is looked for and its secrets come from.

    :ivar stdin: reads all of it, once; None where nothing shall wait for it.
    """

    environ: Mapping[str, str]
    cwd: Path
    stdin: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A profile, opened and looked into.

    :ivar profile: with nothing in it that may not be shown: a secret field holds its reference, and a field that is
        not understood is left out.
    :ivar facts: what is inside the credential; empty when it could not be opened.
    :ivar findings: what is wrong, worst first.
    """

    profile: Profile
    trusted: bool
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """``USAGE`` when an error is among the findings."""
        return ExitCode.USAGE if any(one.level == "error" for one in self.findings) else ExitCode.ACCEPTED


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of ``profile list``.

    :ivar problem: why the file is no profile, or "".
    """

    place: Place
    vendor: str = ""
    environment: str = ""
    trusted: bool = True
    problem: str = ""


def listing(environ: Mapping[str, str], cwd: Path) -> Iterator[Listed]:
    """Every profile file that a name can reach, in the order of the search; broken ones with their problem."""
    for place in profiles.places(environ, cwd):
        try:
            profile = profiles.read(place)
        except ProfileError as error:
            yield Listed(place, problem=error.text)
        else:
            known = profile.environment or _needs_none(profile.vendor)
            yield Listed(place, profile.vendor, known, trust.is_trusted(profile, environ))


def _needs_none(vendor: str) -> str:
    """ "-" for a vendor of one environment, which a profile need not name; "" for any other."""
    try:
        return "-" if len(registry.load(vendor).card.environments) == 1 else ""
    except PushctlError:
        return ""


def inspect(name: str, around: Surroundings, now: float) -> Inspection:
    """Open a profile as ``send`` would, and look into its credential; nothing is sent.

    :param now: Unix seconds.
    :raises ProfileError: no such profile, or a file that is none. Whatever else is wrong is a finding.
    """
    return look_into(profiles.load(name, around.environ, around.cwd), around, now)


def look_into(profile: Profile, around: Surroundings, now: float) -> Inspection:
    """As :func:`inspect`, for a profile that is loaded already."""
    trusted = trust.is_trusted(profile, around.environ)
    try:
        vendor = registry.load(profile.vendor)
        fitted = profiles.fit(profile, vendor.card)
        secrets.references(fitted, vendor.card)
    except PushctlError as error:
        # Somewhere in it may stand a literal secret, under whatever key.
        return Inspection(dataclasses.replace(profile, credentials={}, network={}), trusted, (), (error.finding(),))
    facts, findings = _credential(fitted, vendor, around, now)
    exposed = profiles.exposure(fitted, secrets.secret_files(fitted, vendor.card))
    order = ("error", "warning", "info")
    worst_first = sorted((*findings, *exposed, *_network(fitted)), key=lambda one: order.index(one.level))
    return Inspection(fitted, trusted, facts, tuple(worst_first))


def _credential(
    profile: Profile, vendor: Vendor, around: Surroundings, now: float
) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
    piped = [name for name, one in secrets.references(profile, vendor.card).items() if one.kind == "-"]
    if piped and around.stdin is None:
        said = f"{piped[0]} comes from standard input and was not looked at."
        return (), (Finding("secret-unread", "info", said, "'pushctl profile check' reads it.", piped[0]),)
    try:
        account = vendor.account(secrets.resolve_all(profile, vendor.card, around.environ, around.stdin or bytes))
    except PushctlError as error:
        return (), (error.finding(),)
    return vendor.inspect(account, now)


def _network(profile: Profile) -> Iterator[Finding]:
    """What sending would find out about ``[network]`` before it connects."""
    from pushctl.flows.session import endpoint_of
    from pushctl.transport.route import route_from

    plain = {key: value for key, value in profile.network.items() if not secrets.is_reference(str(value))}
    try:
        route_from(plain, environ={}, base=profile.folder)
        if "endpoint" in plain:
            endpoint_of(str(plain["endpoint"]), "network.endpoint")
    except PushctlError as error:
        yield error.finding()


def demands(profile: Profile) -> list[str]:
    """What a project's profile wants that needs trust, one phrase each. Raises ``PushctlError`` for a broken one."""
    vendor = registry.load(profile.vendor)
    return trust.demands(profile, secrets.reach(secrets.references(profile, vendor.card), profile))


def files_to_remove(name: str, environ: Mapping[str, str], cwd: Path) -> list[Path]:
    """A profile's file, and the secret files beside it that no other profile there names; also for a broken one.

    Raises ``ProfileError`` when there is no such profile.
    """
    path = profiles.locate(name, environ, cwd).path
    try:
        mine = _files_beside(profiles.load(str(path), environ, cwd))
    except ProfileError:
        if not path.is_file():
            raise
        return [path]  # what it named cannot be known
    for other in sorted(path.parent.glob("*.toml")):
        if other == path:
            continue
        try:
            mine -= _files_beside(profiles.load(str(other), environ, cwd))
        except ProfileError:
            return [path]  # it may name any of them
    return [path, *sorted(mine)]


def remove_files(paths: Iterable[Path]) -> None:
    """Delete files. Raises ``LocalError``."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise LocalError(
                f"{path} cannot be deleted: {error.strerror}.", "Delete it yourself.", rule="cannot-delete"
            ) from None


def _files_beside(profile: Profile) -> set[Path]:
    named = (value.removeprefix("file:") for value in profile.credentials.values() if value.startswith("file:"))
    paths = {(profile.folder / name).resolve() for name in named}
    return {path for path in paths if path.parent == profile.folder.resolve() and path.is_file()}
