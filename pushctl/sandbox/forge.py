"""Throw-away keys and certificates: made on first use, reused, remade as a whole.

One certificate authority signs the server's leaf and the client certificates of the vendors' throw-away credentials.
Its key is never written: it is gone as soon as everything is signed. It is name-constrained to loopback and to the
vendors' hosts, and only ``--sandbox`` trusts it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address, ip_network
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pushctl import __version__
from pushctl.core.errors import LocalError
from pushctl.vendors import registry

if TYPE_CHECKING:
    from pushctl.core.emulated import Emulator

MADE_BY = f"pushctl {__version__}"
"""A folder of another version is remade: its vendors may need other files."""
LIFE_DAYS = 365
RENEW_DAYS = 7
"""A folder with fewer days left is remade."""
LOCK_S = 60.0


@dataclass(frozen=True, slots=True)
class Forged:
    """What lies in the folder.

    :ivar ca: the authority's certificate, PEM.
    :ivar revoked: its revocation list, PEM.
    :ivar leaf: the server's certificate and ``leaf_key`` its key, PEM both.
    """

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def revoked(self) -> Path:
        return self.folder / "revoked.pem"

    @property
    def leaf(self) -> Path:
        return self.folder / "server.pem"

    @property
    def leaf_key(self) -> Path:
        return self.folder / "server.key"

    def credentials(self, vendor: str) -> Path:
        """The folder of a vendor's throw-away credentials."""
        return self.folder / vendor


def ensure(home: Path, emulators: Iterable[Emulator], now: float | None = None) -> Forged:
    """The throw-away certificates and credentials of these vendors under ``home``, made when they are missing, broken,
    of an older pushctl or about to expire. Safe against two processes at once.

    :param now: Unix seconds; the clock's when None.
    :raises LocalError: when the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    wanted = {emulator.vendor: emulator for emulator in emulators}
    moment = time.time() if now is None else now
    target = home / "forged"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(home / "forged.lock", timeout=LOCK_S, mode=0o600):
            known = _inspect(target, moment)
            if known is None or not wanted.keys() <= known:
                others = [name for name in registry.VENDORS if name in (known or ()) and name not in wanted]
                _remake(target, (*wanted.values(), *map(registry.emulator, others)), moment)
    except Timeout:
        raise LocalError(
            f"Another pushctl has been making the sandbox's certificates in {home} for more than {LOCK_S:.0f} seconds.",
            "Wait for it, or end it.",
            rule="sandbox-locked",
            where=str(home),
        ) from None
    except OSError as error:
        raise LocalError(
            f"The sandbox's certificates cannot be written to {home}: {error.strerror or error}.",
            "Make the folder writable, free space on its disk, or set XDG_STATE_HOME to another one.",
            rule="sandbox-home",
            where=str(home),
        ) from None
    return Forged(target)


def _inspect(folder: Path, now: float) -> set[str] | None:
    """The vendors that a whole, fresh folder holds credentials of; None when it must be remade."""
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_bytes())
        if meta["made_by"] != MADE_BY or now > meta["renew"] or now < meta["made"]:
            return None
        for name, digest in meta["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                return None
        return set(meta["vendors"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _remake(target: Path, emulators: tuple[Emulator, ...], now: float) -> None:
    """Build everything in a folder beside ``target``, then put it in its place."""
    suffix = token_hex(4)
    fresh, old = target.with_name(f"forged.{suffix}.new"), target.with_name(f"forged.{suffix}.old")
    try:
        fresh.mkdir(mode=0o700)
        _build(fresh, emulators, now)
        with suppress(FileNotFoundError):
            target.rename(old)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _build(folder: Path, emulators: tuple[Emulator, ...], now: float) -> None:
    hosts = [host for emulator in emulators for listener in emulator.listeners for host in listener.hosts]
    authority = Authority(hosts, now)
    leaf, leaf_key = authority.server_leaf()
    files: dict[str, bytes] = {"ca.pem": authority.pem, "server.pem": leaf, "server.key": leaf_key}
    for emulator in emulators:
        for name, content in emulator.provision(authority).items():
            files[f"{emulator.vendor}/{name}"] = content
    files["revoked.pem"] = authority.revocation_list()  # last: it lists what was signed before
    for emulator in emulators:
        (folder / emulator.vendor).mkdir(mode=0o700)
    for name, content in files.items():
        _write(folder / name, content)
    meta = {
        "made_by": MADE_BY,
        "vendors": [emulator.vendor for emulator in emulators],
        "made": now - 1,
        "renew": now + (LIFE_DAYS - RENEW_DAYS) * 86400,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    _write(folder / "meta.json", json.dumps(meta, indent=1).encode())


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


class Authority:
    """A certificate authority that lives as long as this object; implements :class:`~pushctl.core.emulated.Forge`.

    :param hosts: the vendors' hosts that it may sign for, besides loopback.
    :param now: Unix seconds.
    """

    def __init__(self, hosts: Iterable[str], now: float) -> None:
        self._hosts = tuple(dict.fromkeys(host.partition(":")[0] for host in hosts))
        self._now = datetime.fromtimestamp(int(now), UTC)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("pushctl sandbox (throw-away)")
        self._revoked: list[int] = []

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate."""
        allowed: list[x509.GeneralName] = [x509.DNSName("localhost"), *map(x509.DNSName, self._hosts)]
        allowed += [x509.IPAddress(ip_network("127.0.0.0/8")), x509.IPAddress(ip_network("::1/128"))]
        public = self._key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - timedelta(days=1))
            .not_valid_after(self._now + timedelta(days=LIFE_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(ca=True), critical=True)
            .add_extension(x509.NameConstraints(allowed, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        """The authority's certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    def server_leaf(self) -> tuple[bytes, bytes]:
        """The server's certificate for loopback and every vendor host, and its key; PEM both."""
        key = self.p256_key()
        names: list[x509.GeneralName] = [x509.DNSName("localhost"), *map(x509.DNSName, self._hosts)]
        names += [x509.IPAddress(ip_address("127.0.0.1")), x509.IPAddress(ip_address("::1"))]
        extensions: list[tuple[x509.ExtensionType, bool]] = [(x509.SubjectAlternativeName(names), False)]
        leaf = self._sign(
            key,
            _name("localhost"),
            ExtendedKeyUsageOID.SERVER_AUTH,
            extensions,
            self._now - timedelta(days=1),
            self._now + timedelta(days=LIFE_DAYS),
        )
        return leaf.public_bytes(Encoding.PEM), key

    def p256_key(self) -> bytes:
        """A fresh EC P-256 key as PKCS#8 PEM."""
        return _pem(ec.generate_private_key(ec.SECP256R1()))

    def rsa_key(self) -> bytes:
        """A fresh RSA 2048 key as PKCS#8 PEM."""
        return _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    def random_bytes(self, size: int) -> bytes:
        """Fresh random bytes."""
        return token_bytes(size)

    def client_certificate(
        self,
        key: bytes,
        common_name: str,
        *,
        uid: str = "",
        unit: str = "",
        extensions: Mapping[str, bytes] | None = None,
        days: int = LIFE_DAYS,
        starts_days_ago: int = 1,
        revoked: bool = False,
    ) -> bytes:
        """A client certificate as PEM; see :class:`~pushctl.core.emulated.Forge`."""
        start = self._now - timedelta(days=starts_days_ago)
        made = self._sign(
            key,
            _name(common_name, uid=uid, unit=unit),
            ExtendedKeyUsageOID.CLIENT_AUTH,
            [
                (x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False)
                for oid, value in (extensions or {}).items()
            ],
            start,
            start + timedelta(days=days),
        )
        if revoked:
            self._revoked.append(made.serial_number)
        return made.public_bytes(Encoding.PEM)

    def revocation_list(self) -> bytes:
        """The list of the revoked client certificates as PEM."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(self._now - timedelta(days=1))
            .next_update(self._now + timedelta(days=LIFE_DAYS))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        for serial in self._revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(self._now - timedelta(days=1))
                .build()
            )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def _sign(
        self,
        key: bytes,
        name: x509.Name,
        purpose: x509.ObjectIdentifier,
        extensions: Iterable[tuple[x509.ExtensionType, bool]],
        start: datetime,
        end: datetime,
    ) -> x509.Certificate:
        private = load_pem_private_key(key, None)
        if not isinstance(private, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
            raise TypeError(f"{type(private).__name__} is no key that the sandbox signs for")
        public = private.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self._key, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(common_name: str, *, uid: str = "", unit: str = "") -> x509.Name:
    rows = [(NameOID.USER_ID, uid), (NameOID.COMMON_NAME, common_name), (NameOID.ORGANIZATIONAL_UNIT_NAME, unit)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in rows if value])


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
