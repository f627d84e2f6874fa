"""Secret references: where a secret is, never what it is.

``file:PATH`` · ``env:NAME`` · ``base64-env:NAME`` · ``keyring:SERVICE/NAME`` · ``-`` (standard input)

No error here quotes a value. A reference's own text is quoted only once it has been found to be one, for what stands
in its place may be the secret itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pushctl.config import files, paths, trust
from pushctl.config.profiles import Profile, fit
from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret

if TYPE_CHECKING:
    from pushctl.core.vendor import Card

Kind = Literal["file", "env", "base64-env", "keyring", "-"]
_KINDS: dict[str, Kind] = {"file": "file", "env": "env", "base64-env": "base64-env", "keyring": "keyring"}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FORMS = "file:PATH, env:NAME, base64-env:NAME, keyring:SERVICE/NAME or -"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a secret is.

    :ivar value: the path, the variable's name or ``service/name``; "" for standard input.
    """

    kind: Kind
    value: str = ""

    def __str__(self) -> str:
        return "-" if self.kind == "-" else f"{self.kind}:{self.value}"


def parse(text: str, name: str, where: str = "") -> Reference:
    """Read a reference.

    :param name: the field that holds it, for the error: ``credentials.key``.
    :raises ProfileError: it is none. What it is instead is not quoted.
    """
    if text == "-":
        return Reference("-")
    scheme, _, value = text.partition(":")
    kind = _KINDS.get(scheme)
    if kind is None:
        raise ProfileError(
            f"{name} holds a literal value where only a reference to a secret may stand.",
            f"Write {FORMS}; a file's name takes file: before it.",
            rule="secret-literal",
            where=where,
        )
    if kind in ("env", "base64-env") and not _VARIABLE.fullmatch(value):
        raise ProfileError(
            f"{name} has behind {kind}: something that is no name of a variable.",
            f"Write the name alone, without $ and braces: {kind}:APNS_KEY",
            rule="secret-reference",
            where=where,
        )
    if kind == "keyring" and not all(value.partition("/")):
        raise ProfileError(
            f"{name} has behind keyring: no SERVICE/NAME.",
            "Write keyring:pushctl/my-ios, for example.",
            rule="secret-reference",
            where=where,
        )
    if not value or "\0" in value or "\n" in value:
        raise ProfileError(
            f"{name} has no path behind {kind}:.", f"Write {FORMS}.", rule="secret-reference", where=where
        )
    return Reference(kind, value)


def is_reference(text: str) -> bool:
    """Whether this text begins like a reference."""
    return text == "-" or (":" in text and text.partition(":")[0] in _KINDS)


def references(profile: Profile, card: Card) -> dict[str, Reference]:
    """Every reference of a profile by its field (``credentials.key``). Raises ``ProfileError`` for a literal secret."""
    found: dict[str, Reference] = {}
    for table, values, fields in (
        ("credentials", profile.credentials, card.credentials),
        ("app", profile.app, card.app),
    ):
        secret = {one.name for one in fields if one.secret}
        for key, value in values.items():
            if key in secret or value.startswith("env:"):
                name = f"{table}.{key}"
                found[name] = parse(value, name, profile.where(name))
    proxy = profile.network.get("proxy", "")
    if is_reference(proxy):
        found["network.proxy"] = parse(proxy, "network.proxy", profile.where("network.proxy"))
    elif "@" in proxy:
        raise ProfileError(
            "network.proxy holds a password where only a reference to a secret may stand.",
            "Put the whole URL into a variable and write env:NAME.",
            rule="secret-literal",
            where=profile.where("network.proxy"),
        )
    return found


def secret_files(profile: Profile, card: Card) -> list[Path]:
    """The files that the profile's references name, whether they exist or not."""
    return [file_of(one, profile) for one in references(profile, card).values() if one.kind == "file"]


def file_of(reference: Reference, profile: Profile) -> Path:
    """The file that a ``file:`` reference names: relative to the profile's folder, ``~`` expanded."""
    return profile.folder / paths.expanded(reference.value)


def resolve_all(profile: Profile, card: Card, environ: Mapping[str, str], stdin: Callable[[], bytes]) -> dict[str, Any]:
    """A profile as ``Vendor.account`` takes it: checked against the card, secrets read.

    Secret fields and the proxy's reference become :class:`Secret`, whose ``about`` is the reference; other fields may
    be given as ``env:NAME`` and become text.

    :param stdin: reads standard input to its end; called at most once, and only for ``-``.
    :raises ProfileError: as :func:`~pushctl.config.profiles.fit`; a literal secret; a reference that leads nowhere;
        what a project's profile may not do before it is trusted.
    """
    profile = fit(profile, card)
    found = references(profile, card)
    if profile.origin == "project":
        trust.require(profile, reach(found, profile), environ)
    piped = [name for name, one in found.items() if one.kind == "-"]
    if len(piped) > 1:
        raise ProfileError(
            f"Two fields want standard input: {' and '.join(piped)}.",
            "Only one of them can be '-'.",
            rule="secret-stdin-twice",
            where=str(profile.path),
        )
    secret = {f"credentials.{one.name}" for one in card.credentials if one.secret}
    secret |= {f"app.{one.name}" for one in card.app if one.secret} | {"network.proxy"}
    tables: dict[str, dict[str, Any]] = {
        "credentials": dict(profile.credentials),
        "app": dict(profile.app),
        "network": dict(profile.network),
    }
    for name, reference in found.items():
        value = read(reference, name, profile, environ, stdin)
        table, _, key = name.partition(".")
        tables[table][key] = value if name in secret else _text(value, name, profile)
    return {"environment": profile.environment, **tables}


def read(
    reference: Reference, name: str, profile: Profile, environ: Mapping[str, str], stdin: Callable[[], bytes]
) -> Secret:
    """What a reference leads to. One line of text loses its line end, as editors and ``echo`` add one.

    :raises ProfileError: nothing there, empty, not readable, larger than 1 MiB, not base64. Names the field only.
    """
    where, subject = profile.where(name), f"{name} ({reference})"
    if reference.kind == "file":
        data = files.read_file(file_of(reference, profile), subject, rule="secret-file", where=where)
    elif reference.kind == "-":
        subject, data = f"{name} (standard input)", stdin()
    elif reference.kind == "keyring":
        data = _from_keyring(reference, subject, where).encode()
    else:
        data = _from_environment(reference, subject, where, environ)
    if not data.strip():
        raise ProfileError(f"{subject} is empty.", "Put the secret there.", rule="secret-empty", where=where)
    if len(data) > files.LIMIT:
        raise ProfileError(f"{subject} is larger than 1 MiB.", "Give the right one.", rule="secret-file", where=where)
    stand_in = (
        reference.value if reference.kind in ("env", "base64-env") else f"PUSHCTL_{name.partition('.')[2].upper()}"
    )
    return Secret(_one_line(data), f"${stand_in}", str(reference))


def _from_environment(reference: Reference, subject: str, where: str, environ: Mapping[str, str]) -> bytes:
    value = environ.get(reference.value)
    if value is None:
        raise ProfileError(
            f"{subject}: the variable {reference.value} is not set.",
            "Export it; in CI, pass the secret on to this step.",
            rule="secret-env",
            where=where,
        )
    if reference.kind == "env":
        return value.encode("utf-8", "surrogateescape")
    import base64
    import binascii

    packed = "".join(value.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ProfileError(
            f"{subject}: the variable {reference.value} does not hold base64.",
            f"Make it with: base64 < FILE. If it is the text itself, write env:{reference.value}.",
            rule="secret-base64",
            where=where,
        ) from None


def _from_keyring(reference: Reference, subject: str, where: str) -> str:
    try:
        keyring, errors = import_module("keyring"), import_module("keyring.errors")
    except ImportError:
        raise ProfileError(
            f"{subject}: the keyring package is not installed.",
            "Install it with: pip install 'pushctl[keyring]', or use file: or env:.",
            rule="keyring-missing",
            where=where,
        ) from None
    service, _, name = reference.value.partition("/")
    try:
        value = keyring.get_password(service, name)
    except errors.KeyringError as error:
        raise ProfileError(
            f"{subject}: the keyring cannot be read ({type(error).__name__}).",
            "Unlock it, or use file: or env:.",
            rule="secret-keyring",
            where=where,
        ) from None
    if value is None:
        raise ProfileError(
            f"{subject}: the keyring has no such entry.",
            f"Make it with: keyring set {service} {name}",
            rule="secret-keyring",
            where=where,
        )
    return str(value)


def _one_line(data: bytes) -> bytes:
    stripped = data.rstrip(b"\r\n")
    try:
        stripped.decode()
    except UnicodeDecodeError:
        return data
    return data if b"\n" in stripped else stripped


def _text(value: Secret, name: str, profile: Profile) -> str:
    try:
        return value.reveal().strip()
    except UnicodeDecodeError:
        raise ProfileError(
            f"{name} ({value.about}) is not text.",
            "Give it as plain text.",
            rule="profile-type",
            where=profile.where(name),
        ) from None


def reach(found: Mapping[str, Reference], profile: Profile) -> list[str]:
    """What the references touch outside the profile's own folder, as ``profile trust`` shows it."""
    own = profile.folder.resolve()
    outside = []
    for name, reference in found.items():
        if reference.kind == "file" and not file_of(reference, profile).resolve().is_relative_to(own):
            outside.append(f"{name} reads a file outside its folder")
        elif reference.kind in ("env", "base64-env", "keyring"):
            outside.append(f"{name} reads {reference}")
    return outside
