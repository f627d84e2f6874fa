"""Make profile files: add, import. Nothing is written before it has been checked."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.config import files, paths, profiles, secrets
from pushctl.config.profiles import Profile
from pushctl.core.errors import ProfileError, UsageError
from pushctl.core.secret import Secret
from pushctl.flows.profile_values import put
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.importing import Draft, Piece
    from pushctl.flows.profiles import Surroundings

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
# What another machine may have and this one lacks; no reason not to write a profile.
_ELSEWHERE = frozenset({"secret-env", "secret-keyring", "keyring-missing"})
_HEADER = "# {name}: made by pushctl. 'pushctl help profiles' tells what may stand here.\n\n"


@dataclass(slots=True)
class Plan:
    """A profile to be written.

    :ivar values: place (``app.bundle_id``) to value.
    :ivar copies: files to be put beside it, by name.
    :ivar missing: places that no file filled and that must be given.
    """

    vendor: str
    values: dict[str, Any] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the profile, files beside it, and what is still to be said about it."""

    path: Path
    copies: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()


def from_files(paths_: Sequence[Path], password: Secret | None, vendor: str | None = None) -> Plan:
    """Recognise files that people have in hand, check that they belong together, and plan a profile of them.

    :param password: of a ``.p12`` or an encrypted key among them.
    :param vendor: whose profile it is to be; else the one vendor that knows all of them and finds a credential there.
    :raises ProfileError: unreadable, not recognised, or not of one app, project, team and environment.
    :raises UsageError: several vendors could make a profile of them.
    """
    contents = [(path, _content(path)) for path in paths_]
    names = [registry.resolve(vendor)] if vendor else list(registry.VENDORS)
    readings = {name: _reading(name, contents, password) for name in names}
    whole = {name: read for name, read in readings.items() if None not in read.values()}
    fitting = [name for name, read in whole.items() if any(one and one.kind != "facts" for one in read.values())]
    if not whole:
        raise _not_recognised(contents, readings, names)
    if len(fitting or whole) > 1:
        raise _ambiguous(contents, fitting, list(whole))
    chosen = (fitting or list(whole))[0]
    importing = import_module(f"pushctl.vendors.{chosen}.importing")
    draft: Draft = importing.combine([one for one in whole[chosen].values() if one is not None])
    values = {**draft.values, **{f"credentials.{name}": f"file:{one.name}" for name, one in draft.files.items()}}
    copies = {one.name: one.content.reveal_bytes() for one in draft.files.values()}
    return Plan(chosen, values, copies, importing.wanted(draft), list(draft.findings))


_Contents = Sequence[tuple[Path, bytes]]


def _content(path: Path) -> bytes:
    return files.read_file(path, path.name, rule="import-unreadable", relative_to="the current folder")


def _reading(vendor: str, contents: _Contents, password: Secret | None) -> dict[Path, Piece | None]:
    """What this vendor makes of each file; None for one that it does not know. Files of one name go by their paths, so
    that a text can tell them apart."""
    importing = import_module(f"pushctl.vendors.{vendor}.importing")
    found: dict[Path, Piece | None] = {path: importing.read(path.name, data, password) for path, data in contents}
    names = [path.name for path in found]
    for path, piece in found.items():
        if piece is not None and piece.kind == "facts" and names.count(path.name) > 1:
            found[path] = dataclasses.replace(piece, name=str(path))
    return found


def _ambiguous(contents: _Contents, fitting: Sequence[str], whole: Sequence[str]) -> UsageError:
    """Several vendors know these files: with a credential among them, or not even that."""
    which = f"--vendor {' or --vendor '.join(fitting or whole)}."
    if fitting:
        text, fix = f"These files can make a profile of {' or '.join(fitting)}.", f"Say which: {which}"
    else:
        named = " and ".join(path.name for path, _ in contents)
        text = f"{named} could be for {' or '.join(whole)}, and no credential is among the files."
        fix = f"Import the credential's file with it, or say whose profile is wanted: {which}"
    return UsageError(text, fix, rule="import-ambiguous", where="--vendor")


def _not_recognised(
    contents: _Contents, readings: Mapping[str, Mapping[Path, Piece | None]], names: Sequence[str]
) -> ProfileError:
    from pushctl.core.importing import damage

    known = "; ".join(f"{name}: {import_module(f'pushctl.vendors.{name}.importing').KNOWN}" for name in names)
    for path, data in contents:
        if any(read[path] for read in readings.values()):
            continue
        if what := damage(data):
            fix = f"Take the file as it was downloaded. Known: {known}."
            return ProfileError(f"{path} {what}.", fix, rule="import-unknown", where=str(path))
        others = [name for name in registry.VENDORS if name not in names and _is_of(name, path, data)]
        if others:
            text = f"{path} is a file for {' or '.join(others)}, not for {' or '.join(names)}."
            return ProfileError(
                text, f"Leave --vendor out, or take one of {known}.", rule="import-unknown", where=str(path)
            )
        text = f"{path} is no file that a profile can be made of."
        return ProfileError(text, f"Known: {known}.", rule="import-unknown", where=str(path))
    whose = ", ".join(
        f"{path.name} is for {' or '.join(name for name, read in readings.items() if read[path])}"
        for path, _ in contents
    )
    return ProfileError(
        f"These files are for different vendors: {whose}.", "Import them one by one.", rule="import-mismatch"
    )


def _is_of(vendor: str, path: Path, data: bytes) -> bool:
    """Whether this vendor knows the file, be it usable or not."""
    try:
        return _reading(vendor, [(path, data)], None)[path] is not None
    except ProfileError:
        return True


def complete(plan: Plan, values: Mapping[str, Any]) -> None:
    """Add what a person said. Raises ``ProfileError`` where a file says something else."""
    for place, value in values.items():
        said = plan.values.get(place, value)
        if (place == "environment" or place.startswith("app.")) and _canonical(plan, place, value) != said:
            raise ProfileError(
                f"{place} is given as {value}, and the files say {said}.",
                "Leave it out, or import the files of the other one.",
                rule="import-mismatch",
            )
        plan.values[place] = value


def _canonical(plan: Plan, place: str, value: str) -> str:
    aliases = registry.load(plan.vendor).card.environment_aliases
    return aliases.get(value, value) if place == "environment" else value


def password_from(reference: str, around: Surroundings) -> Secret:
    """The secret that ``--password`` refers to; a file is looked for in the current folder. Raises ``ProfileError``."""
    here = Profile("--password", around.cwd / "profile.toml", "user", "", "")
    try:
        return secrets.read(secrets.parse(reference, "--password"), "--password", here, around.environ, bytes)
    except ProfileError as error:
        raise ProfileError(error.text, error.fix, rule=error.rule, where="--password") from None


def home_of(environ: Mapping[str, str], cwd: Path) -> Path:
    """The folder into which new profiles go: $PUSHCTL_PROFILE_DIR, or the user's."""
    own = environ.get("PUSHCTL_PROFILE_DIR")
    return cwd / paths.expanded(own) if own else paths.profiles_dir(environ)


def write(name: str, plan: Plan, around: Surroundings, *, replace: bool = False) -> Written:
    """Write a new profile and its files, 0600.

    A relative ``file:`` that exists in the current folder becomes absolute.

    :raises UsageError: a name that is none, a profile that exists already.
    :raises ProfileError: what is to be written is not valid; a secret that only another machine has is a warning.
    :raises LocalError: it cannot be written.
    """
    import tomli_w

    if not _NAME.fullmatch(name) or name.lower().endswith(".toml"):
        raise UsageError(
            f"{name!r} is no name for a profile.",
            "Use letters, digits, dots, - and _, without .toml.",
            rule="profile-name",
        )
    if "vendor" in plan.values:
        raise UsageError(
            "The vendor of a profile is not given with --set.", "Write --vendor NAME.", rule="bad-set", where="--set"
        )
    path = home_of(around.environ, around.cwd) / f"{name}.toml"
    if path.exists() and not replace:
        raise UsageError(
            f"There is a profile {name!r} already: {path}.",
            f"Choose another name, change it with 'pushctl profile edit {name}', or add --replace.",
            rule="profile-exists",
        )
    table: dict[str, Any] = {"vendor": plan.vendor}
    for place, value in plan.values.items():
        put(table, place, _kept(value, plan, path.parent, around.cwd))
    copies = {_free_name(path.parent, name, file, data): data for file, data in plan.copies.items()}
    for file, target in zip(plan.copies, copies, strict=True):
        for credential, value in table.get("credentials", {}).items():
            if value == f"file:{file}":
                table["credentials"][credential] = f"file:{target}"
    first = ("vendor", "environment", *profiles.TABLES)
    ordered = {key: table[key] for key in (*first, *table) if key in table}  # what is not known is told by "parse"
    content = (_HEADER.format(name=name) + tomli_w.dumps(ordered)).encode()
    profile = profiles.parse(content, path, "user")
    findings = validated(profile, around, copies)
    for file, data in copies.items():
        files.write_private(path.parent / file, data)
    files.write_private(path, content)
    return Written(path, tuple(path.parent / file for file in copies), (*plan.findings, *findings))


def validated(profile: Profile, around: Surroundings, unwritten: Mapping[str, bytes] = {}) -> list[Finding]:
    """Check a profile as ``send`` would, before it is written; ``-`` is left alone.

    :param unwritten: files that will lie beside it.
    :returns: what only this machine lacks, as warnings.
    :raises ProfileError: everything else.
    """
    vendor = registry.load(profile.vendor)
    profile = profiles.fit(profile, vendor.card)
    fields: dict[str, Any] = {
        "environment": profile.environment, "credentials": dict(profile.credentials),
        "app": dict(profile.app), "network": dict(profile.network),
    }  # fmt: skip
    secret = {f"credentials.{one.name}" for one in vendor.card.credentials if one.secret}
    for name, reference in secrets.references(profile, vendor.card).items():
        if reference.kind == "-":
            return []
        table, _, key = name.partition(".")
        try:
            if reference.kind == "file" and reference.value in unwritten:
                value = Secret(unwritten[reference.value], f"${key.upper()}", str(reference))
            else:
                value = secrets.read(reference, name, profile, around.environ, around.stdin or bytes)
        except ProfileError as error:
            if error.rule not in _ELSEWHERE:
                raise
            return [dataclasses.replace(error.finding(), level="warning")]
        fields[table][key] = value if name in secret or table == "network" else value.reveal().strip()
    vendor.account(fields)
    return []


def _kept(value: Any, plan: Plan, folder: Path, cwd: Path) -> Any:
    """A value as it is written: a ``file:`` meant from the current folder is made absolute."""
    if not isinstance(value, str) or not value.startswith("file:"):
        return value
    name = value.removeprefix("file:")
    here = cwd / Path(name)
    if name in plan.copies or name.startswith("~") or (folder / name).exists() or not here.exists():
        return value
    return f"file:{here.resolve()}"


def _free_name(folder: Path, profile: str, file: str, data: bytes) -> str:
    """The name under which a file goes beside the profile: its own, unless another file has it."""
    try:
        taken = (folder / file).read_bytes() != data
    except OSError:
        taken = False
    return f"{profile}-{file}" if taken else file


def refuse_missing(plan: Plan) -> None:
    """Raise ``UsageError`` for what no file says and nobody gave."""
    missing = [place for place in plan.missing if place not in plan.values]
    if missing:
        flags = " ".join(_flag_for(place, plan) for place in missing)
        raise UsageError(
            f"The files do not say {' nor '.join(missing)}.",
            f"Add {flags}. It is never guessed.",
            rule="import-missing",
        )


def _flag_for(place: str, plan: Plan) -> str:
    """What to add to the command line; a secret is referred to, never written there."""
    card = registry.load(plan.vendor).card
    if place == "environment":
        return f"--environment {'|'.join(card.environments)}"
    secret = any(f"credentials.{one.name}" == place and one.secret for one in card.credentials)
    return f"--set {place}={'env:NAME' if secret else '…'}"
