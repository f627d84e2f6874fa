"""The throw-away credentials of the APNs sandbox: what is made, and which profile uses what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from pushctl.core.emulated import Forge

TEAM = "SBXTEAM001"
OTHER_TEAM = "SBXTEAM002"
BUNDLE = "com.example.app"
PASSWORD = "sandbox"

State = Literal["active", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key as the developer portal knows it.

    :ivar environment: the only environment that it serves; None for both.
    :ivar topics: the only bundle ids that it serves; None for all of the team.
    :ivar related: the id of the key that may share a connection with it.
    :ivar state: ``unknown`` keys sign, but the portal has never heard of them.
    """

    key_id: str
    team: str = TEAM
    environment: str | None = None
    topics: tuple[str, ...] | None = None
    related: str = ""
    state: State = "active"

    @property
    def file(self) -> str:
        """The name under which Apple lets one download it."""
        return f"AuthKey_{self.key_id}.p8"


KEYS: Mapping[str, SigningKey] = {
    "token": SigningKey("SBXKEYALL1"),
    "token-second": SigningKey("SBXKEYALL2"),
    "token-sandbox": SigningKey("SBXKEYDEV1", environment="sandbox"),
    "token-production": SigningKey("SBXKEYPRD1", environment="production"),
    "token-topic-sandbox": SigningKey("SBXKEYTPD1", environment="sandbox", topics=(BUNDLE,), related="SBXKEYTPD2"),
    "token-topic-related": SigningKey("SBXKEYTPD2", environment="sandbox", topics=(BUNDLE,), related="SBXKEYTPD1"),
    "token-topic-production": SigningKey("SBXKEYTPP1", environment="production", topics=(BUNDLE,)),
    "token-other-topic": SigningKey("SBXKEYTPX1", topics=("com.example.another-app",)),
    "token-revoked": SigningKey("SBXKEYREV1", state="revoked"),
    "token-unknown": SigningKey("SBXKEYUNK1", state="unknown"),
    "token-other-team": SigningKey("SBXKEYTWO1", team=OTHER_TEAM),
}

SANDBOX_OID = "1.2.840.113635.100.6.3.1"
PRODUCTION_OID = "1.2.840.113635.100.6.3.2"
VOIP_OID = "1.2.840.113635.100.6.3.4"
TOPICS_OID = "1.2.840.113635.100.6.3.6"
NULL = b"\x05\x00"
APP_TOPICS = ((BUNDLE, "app"), (f"{BUNDLE}.voip", "voip"), (f"{BUNDLE}.complication", "complication"))


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate to be made, and the file that it is handed out in.

    :ivar form: ``p12`` (AES, as openssl 3 writes it), ``p12-legacy`` (SHA-1 and 3DES, as older tools do), ``pem``.
    """

    prefix: str = "Apple Push Services"
    environments: tuple[str, ...] = ("sandbox", "production")
    topics: tuple[tuple[str, str], ...] = APP_TOPICS
    form: Literal["p12", "p12-legacy", "pem"] = "p12"
    password: str = PASSWORD
    expired: bool = False
    revoked: bool = False
    voip: bool = False


CERTIFICATES: Mapping[str, ClientCertificate] = {
    "certificate": ClientCertificate(),
    "certificate-legacy": ClientCertificate(form="p12-legacy"),
    "certificate-no-password": ClientCertificate(form="p12", password=""),
    "certificate-pem": ClientCertificate(form="pem"),
    "certificate-sandbox": ClientCertificate("Apple Development IOS Push Services", ("sandbox",), (), "pem"),
    "certificate-production": ClientCertificate("Apple Production IOS Push Services", ("production",), (), "pem"),
    "certificate-single-topic": ClientCertificate(topics=((BUNDLE, "app"),), form="pem"),
    "certificate-other-app": ClientCertificate(topics=(("com.example.another-app", "app"),), form="pem"),
    "certificate-voip": ClientCertificate("VoIP Services", topics=((f"{BUNDLE}.voip", "voip"),), form="pem", voip=True),
    "certificate-expired": ClientCertificate(form="pem", expired=True),
    "certificate-revoked": ClientCertificate(form="pem", revoked=True),
    "certificate-no-push": ClientCertificate("Some Other Certificate", (), (), "pem"),
}

# Sets that are another one in each environment.
BY_ENVIRONMENT: Mapping[str, Mapping[str, str]] = {
    "token-topic": {"sandbox": "token-topic-sandbox", "production": "token-topic-production"},
    "token-wrong-environment": {"sandbox": "token-production", "production": "token-sandbox"},
    "certificate-wrong-environment": {"sandbox": "certificate-production", "production": "certificate-sandbox"},
}


def provision(forge: Forge) -> dict[str, bytes]:
    """Every file of the throw-away credentials, name to content."""
    files = {key.file: forge.p256_key() for key in KEYS.values()}
    files["certificate-password.txt"] = PASSWORD.encode()
    private = forge.rsa_key()  # one for all: two thousand bits take their time
    for name, wanted in CERTIFICATES.items():
        base = wanted.topics[0][0] if wanted.topics else BUNDLE
        sign = partial(forge.client_certificate, private, f"{wanted.prefix}: {base}", uid=base, unit=TEAM)
        if wanted.expired:
            pem = sign(extensions=_extensions(wanted), days=30, starts_days_ago=60)
        else:
            pem = sign(extensions=_extensions(wanted), revoked=wanted.revoked)
        files[_file(name, wanted)] = _packed(wanted, private, pem)
    return files


def profile(folder: Path, environment: str, credentials: str) -> dict[str, Any]:
    """A profile with the credentials of this name; "" stands for ``token``. Raises ``KeyError`` for an unknown one."""
    name = credentials or "token"
    name = BY_ENVIRONMENT.get(name, {}).get(environment, name)
    if name in KEYS:
        key = KEYS[name]
        chosen = {"key": f"file:{folder / key.file}", "key_id": key.key_id, "team_id": key.team}
    else:
        wanted = CERTIFICATES[name]
        chosen = {"certificate": f"file:{folder / _file(name, wanted)}"}
        if wanted.password and wanted.form != "pem":
            chosen["password"] = f"file:{folder / 'certificate-password.txt'}"
    return {"vendor": "apns", "environment": environment, "credentials": chosen, "app": {"bundle_id": BUNDLE}}


def _file(name: str, wanted: ClientCertificate) -> str:
    return f"{name}.pem" if wanted.form == "pem" else f"{name}.p12"


def _extensions(wanted: ClientCertificate) -> dict[str, bytes]:
    """Apple's extensions, as parse-community/node-apn:lib/credentials/certificate/oids.js names them."""
    made = {}
    if "sandbox" in wanted.environments:
        made[SANDBOX_OID] = NULL
    if "production" in wanted.environments:
        made[PRODUCTION_OID] = NULL
    if wanted.topics:
        made[VOIP_OID if wanted.voip else TOPICS_OID] = write_topics(wanted.topics)
    return made


def write_topics(topics: tuple[tuple[str, str], ...]) -> bytes:
    """The extension's value: SEQUENCE { UTF8String topic, SEQUENCE { UTF8String kind }, … }."""
    return _der(0x30, b"".join(_utf8(topic) + _der(0x30, _utf8(kind)) for topic, kind in topics))


def _utf8(text: str) -> bytes:
    return _der(0x0C, text.encode())


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _packed(wanted: ClientCertificate, private: bytes, pem: bytes) -> bytes:
    if wanted.form == "pem":
        return pem + private
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        KeySerializationEncryption,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
        pkcs12,
    )
    from cryptography.x509 import load_pem_x509_certificate

    encryption: KeySerializationEncryption = NoEncryption()
    if wanted.form == "p12-legacy":
        builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).hmac_hash(SHA1())  # noqa: S303 - as Keychain
        encryption = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(
            wanted.password.encode()
        )
    elif wanted.password:
        encryption = BestAvailableEncryption(wanted.password.encode())
    key = cast("pkcs12.PKCS12PrivateKeyTypes", load_pem_private_key(private, None))
    return pkcs12.serialize_key_and_certificates(b"sandbox", key, load_pem_x509_certificate(pem), None, encryption)
