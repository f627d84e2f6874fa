"""Profiles: one TOML file each, found by name or path, read strictly."""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pushctl.config import files, paths
from pushctl.config.tables import network_table, strings, toml_table, unknown_key
from pushctl.core.errors import ProfileError
from pushctl.core.finding import Finding
from pushctl.core.message import Message

if TYPE_CHECKING:
    from pushctl.core.vendor import Card

Origin = Literal["folder", "project", "user", "path", "sandbox"]
"""``folder``: $PUSHCTL_PROFILE_DIR · ``project``: a .pushctl folder, which may have come with a cloned repository ·
``user``: the user's config folder · ``path``: named by its path · ``sandbox``: the emulator's, no file at all."""

TABLES = ("credentials", "app", "defaults", "network")
PROJECT_FOLDER = ".pushctl"
# A message field and its flag differ in name here; None has no default in a profile.
_FLAG_OF: dict[str, str | None] = {
    "klass": "class",
    "assignments": "set",
    "headers": "header",
    "options": None,
    "raw": None,
    "validate_only": None,
}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile file as it stands, its tables plain and its secrets still references.

    :ivar name: the file's name without ``.toml``.
    :ivar environment: as written, or "" where it is missing; :func:`fit` checks it and makes it the vendor's own word.
    :ivar defaults: message flags, ``-`` in their names written as ``_``.
    :ivar network: ``ca_bundle`` is absolute; ``proxy`` may still be a reference.
    :ivar sha256: of the file's content; what ``profile trust`` remembers.
    """

    name: str
    path: Path
    origin: Origin
    vendor: str
    environment: str
    credentials: Mapping[str, Any] = field(default_factory=dict)
    app: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""

    @property
    def folder(self) -> Path:
        """What ``file:`` references are relative to."""
        return self.path.parent

    def where(self, *keys: str) -> str:
        """A place in this file for an error: ``/…/my-ios.toml: credentials.key``."""
        return f"{self.path}: {'.'.join(keys)}"


@dataclass(frozen=True, slots=True)
class Place:
    """A profile file that was found, unread.

    :ivar hidden_by: the file of the same name that is found first, or None.
    """

    name: str
    path: Path
    origin: Origin
    hidden_by: Path | None = None


def folders(environ: Mapping[str, str], cwd: Path) -> tuple[tuple[Path, Origin], ...]:
    """Where a profile's name is looked up, in order."""
    found: list[tuple[Path, Origin]] = []
    if own := environ.get("PUSHCTL_PROFILE_DIR"):
        found.append((cwd / paths.expanded(own), "folder"))
    found += [(cwd / PROJECT_FOLDER, "project"), (paths.profiles_dir(environ), "user")]
    return tuple(found)


def places(environ: Mapping[str, str], cwd: Path) -> Iterator[Place]:
    """Every profile that a name can reach, and those hidden behind one of the same name."""
    seen: dict[str, Path] = {}
    for folder, origin in folders(environ, cwd):
        try:
            files_here = sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))
        except OSError:
            continue  # a folder that may not be read holds no profile for us
        for path in files_here:
            yield Place(path.stem, path, origin, seen.get(path.stem))
            seen.setdefault(path.stem, path)


def is_path(name_or_path: str) -> bool:
    """Whether ``-p`` names a file rather than a profile: it has a separator or ends in ``.toml``."""
    return "/" in name_or_path or "\\" in name_or_path or name_or_path.lower().endswith(".toml")


def locate(name_or_path: str, environ: Mapping[str, str], cwd: Path) -> Place:
    """Find a profile without reading it. Raises ``ProfileError`` with close names and where it was looked for."""
    if is_path(name_or_path):
        path = cwd / paths.expanded(name_or_path)
        return Place(path.stem, path, _origin(path, environ, cwd))
    for place in places(environ, cwd):
        if place.name == name_or_path:
            return place
    raise _not_found(name_or_path, environ, cwd)


def load(name_or_path: str, environ: Mapping[str, str], cwd: Path) -> Profile:
    """Read the profile that ``-p`` names.

    :raises ProfileError: not found, not readable, not UTF-8, broken TOML (with line and column), an unknown key or a
        wrong type. Keys that only the vendor knows are checked by :func:`fit`.
    """
    return read(locate(name_or_path, environ, cwd))


def read(place: Place) -> Profile:
    """Read a profile that was found. Raises ``ProfileError`` like :func:`load`."""
    data = files.read_file(
        place.path, f"Profile {place.name!r}", rule="profile-unreadable", relative_to="the current folder"
    )
    return parse(data, place.path, place.origin)


def _origin(path: Path, environ: Mapping[str, str], cwd: Path) -> Origin:
    """Whose a file is, by whatever path it is reached: a project's folder stays one."""
    folder = path.parent.resolve()
    known = (origin for searched, origin in folders(environ, cwd) if searched.resolve() == folder)
    return next(known, "project" if folder.name == PROJECT_FOLDER else "path")


def parse(data: bytes, path: Path, origin: Origin = "path") -> Profile:
    """A profile from its file's content. Raises ``ProfileError`` like :func:`load`."""
    import hashlib

    sha256 = hashlib.sha256(data).hexdigest()
    return from_table(path.stem, toml_table(data, path), origin=origin, path=path, sha256=sha256)


def from_table(
    name: str, table: Mapping[str, Any], *, origin: Origin, path: Path | None = None, sha256: str = ""
) -> Profile:
    """A profile from a table in the shape of its file. Raises ``ProfileError`` for an unknown key or a wrong type.

    :param path: its file; the emulator's profile has none, and its ``file:`` references are absolute.
    """
    path = path or Path(f"{name}.toml")
    unknown_key(table, ("vendor", "environment", *TABLES), path, "")
    for key in ("vendor", "environment"):
        if not isinstance(table.get(key, ""), str):
            raise ProfileError(
                f"{key} in {path} must be text.", f'Write {key} = "…".', rule="profile-type", where=f"{path}: {key}"
            )
    for key in TABLES:
        if not isinstance(table.get(key, {}), dict):
            raise ProfileError(
                f"{key} in {path} must be a table.", f"Begin it with [{key}].", rule="profile-type", where=str(path)
            )
    if not table.get("vendor"):
        raise ProfileError(
            f"{path} does not say which vendor it is for.",
            'Add a first line such as vendor = "apns".',
            rule="profile-vendor",
            where=str(path),
        )
    return Profile(
        name=name,
        path=path,
        origin=origin,
        vendor=table["vendor"],
        environment=table.get("environment", ""),
        credentials=strings(table.get("credentials", {}), path, "credentials"),
        app=strings(table.get("app", {}), path, "app"),
        defaults={key.replace("-", "_"): value for key, value in table.get("defaults", {}).items()},
        network=network_table(table.get("network", {}), path),
        sha256=sha256,
    )


def fit(profile: Profile, card: Card) -> Profile:
    """The profile checked against what its vendor knows, with the vendor's own word for the environment.

    :raises ProfileError: an unknown environment, or none where the vendor has several; an unknown key in
        ``[credentials]``, ``[app]`` or ``[defaults]``; a required field that is missing.
    """
    known = " or ".join(card.environments)
    only = card.environments[0] if len(card.environments) == 1 else ""
    if not profile.environment and not only:
        raise ProfileError(
            f"{profile.path} does not say which environment it is for.",
            f'Add environment = "…": {known}. It is never guessed.',
            rule="profile-environment",
            where=str(profile.path),
        )
    environment = (profile.environment or only).strip().casefold()
    environment = card.environment_aliases.get(environment, environment)
    if environment not in card.environments:
        raise ProfileError(
            f"{card.name} has no environment {profile.environment!r} (in {profile.path}).",
            f"Leave it out: there is only one, {known}. To push to an emulator, use --sandbox {card.id}."
            if only
            else f"Write {known}.",
            rule="profile-environment",
            where=profile.where("environment"),
        )
    for table, values, fields in (
        ("credentials", profile.credentials, card.credentials),
        ("app", profile.app, card.app),
    ):
        unknown_key(values, [one.name for one in fields], profile.path, table)
        for one in fields:
            if one.required and not values.get(one.name):
                raise ProfileError(
                    f"{table}.{one.name} is missing in {profile.path}.",
                    f"Add it: {one.about}.",
                    rule="profile-missing",
                    where=profile.where(table, one.name),
                )
    unknown_key(profile.defaults, default_keys(card), profile.path, "defaults")
    own = profile.defaults.get(card.id)
    if isinstance(own, Mapping):
        unknown_key(own, tuple(card.options), profile.path, f"defaults.{card.id}")
    if "port" in profile.network and not card.ports:
        raise ProfileError(
            f"network.port is set in {profile.path}, and {card.name} has no other port than 443.",
            "Leave it out; for another host there is network.endpoint.",
            rule="profile-port",
            where=profile.where("network.port"),
        )
    return dataclasses.replace(profile, environment=environment)


def default_keys(card: Card) -> tuple[str, ...]:
    """What ``[defaults]`` may hold for this vendor: every message flag, and the table of the vendor's own."""
    flags = (_FLAG_OF.get(one.name, one.name) for one in dataclasses.fields(Message))
    own = [name for name in card.options if name == "push_type"]  # the one that is a flag, too
    return (*(flag for flag in flags if flag), *own, *((card.id,) if card.options else ()))


def exposure(profile: Profile, secret_files: Iterable[Path] = ()) -> Iterator[Finding]:
    """A warning for each of these files that other users of this machine can reach."""
    own = (profile.path,) if profile.origin == "user" else ()  # a checked out one cannot be 0600, and holds no secret
    for path in (*own, *secret_files):
        if files.others_can_read(path):
            yield Finding(
                "profile-exposed" if path == profile.path else "secret-exposed",
                "warning",
                f"Other users of this machine can reach {path}.",
                f"chmod 600 {path}",
                str(path),
            )


def _not_found(name: str, environ: Mapping[str, str], cwd: Path) -> ProfileError:
    names = [place.name for place in places(environ, cwd) if place.hidden_by is None]
    looked = ", ".join(str(folder) for folder, _ in folders(environ, cwd))
    if not _NAME.fullmatch(name):
        return ProfileError(
            f"{name!r} is no name for a profile.",
            "Names have letters, digits, dots, - and _; a path has a slash.",
            rule="profile-not-found",
        )
    if os.path.isfile(cwd / f"{name}.toml"):  # noqa: PTH113 - of a name that is too long, Path raises
        fix = f"Name the file: -p {name}.toml"
    elif close := difflib.get_close_matches(name, names, n=3, cutoff=0.5):
        fix = f"Did you mean {' or '.join(close)}?"
    elif names:
        fix = f"There are: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}."
    else:
        fix = "Make one with 'pushctl profile add', or try without: pushctl send --sandbox apns --title Hi"
    return ProfileError(
        f"There is no profile {name!r} in {looked}.", fix, rule="profile-not-found", where=f"profile {name}"
    )
