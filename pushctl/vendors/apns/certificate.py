"""Client certificates: what Apple writes into them, and whether it fits the profile.

Object identifiers and their meaning: jchambers/pushy pushy/script/apns-extensions.cnf and parse-community/node-apn
lib/credentials/certificate/oids.js; names of subjects: noodlewerk/NWPusher Classes/NWSecTools.m.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pushctl.core.finding import Finding

if TYPE_CHECKING:
    from cryptography import x509

    from pushctl.core.vendor import Account

_SANDBOX, _PRODUCTION = "1.2.840.113635.100.6.3.1", "1.2.840.113635.100.6.3.2"
_VOIP_TOPICS, _TOPICS = "1.2.840.113635.100.6.3.4", "1.2.840.113635.100.6.3.6"
_UID = "0.9.2342.19200300.100.1.1"
_FIELD = "credentials.certificate"
_BOTH = ("sandbox", "production")
# What a subject's name says of the environments, where the extensions are missing.
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Apple Development IOS Push Services: ", ("sandbox",)),
    ("Apple Development Mac Push Services: ", ("sandbox",)),
    ("Apple Production IOS Push Services: ", ("production",)),
    ("Apple Production Mac Push Services: ", ("production",)),
    ("Apple Push Services: ", _BOTH),
    ("VoIP Services: ", _BOTH),
    ("WatchKit Services: ", _BOTH),
)
_PAGE = "usernotifications/establishing-a-certificate-based-connection-to-apns"
_DAY = 86400
_SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Certificate authentication: what is public in the certificate.

    :ivar topics: topic and kind (``app``, ``voip``, ``complication``), the base topic first; empty when none is told.
    :ivar environments: where it is valid; empty when neither extensions nor name tell.
    :ivar told_by: ``extension``, or ``name`` for a guess from the subject's name, or ``""``.
    :ivar team: the subject's OU.
    :ivar not_before: Unix seconds, as is ``not_after``.
    """

    common_name: str
    topics: tuple[tuple[str, str], ...]
    environments: tuple[str, ...]
    told_by: Literal["extension", "name", ""]
    team: str
    issuer: str
    serial: str
    not_before: float
    not_after: float


def describe(certificate: x509.Certificate) -> ClientCertificate:
    """What Apple wrote into a certificate: extensions first, the subject's name where they are missing."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    def name(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
        values = subject.get_attributes_for_oid(oid)
        return str(values[0].value) if values else ""

    try:
        extensions = {one.oid.dotted_string: one.value for one in certificate.extensions}
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        extensions = {}
    common_name = name(certificate.subject, NameOID.COMMON_NAME)
    environments = tuple(
        environment for oid, environment in ((_SANDBOX, "sandbox"), (_PRODUCTION, "production")) if oid in extensions
    )
    named = next((where for prefix, where in _NAMES if common_name.startswith(prefix)), ())
    return ClientCertificate(
        common_name=common_name,
        topics=_topics(extensions, name(certificate.subject, x509.ObjectIdentifier(_UID))),
        environments=environments or named,
        told_by="extension" if environments else "name" if named else "",
        team=name(certificate.subject, NameOID.ORGANIZATIONAL_UNIT_NAME),
        issuer=name(certificate.issuer, NameOID.COMMON_NAME),
        serial=f"{certificate.serial_number:X}",
        not_before=certificate.not_valid_before_utc.timestamp(),
        not_after=certificate.not_valid_after_utc.timestamp(),
    )


def _topics(extensions: dict[str, x509.ExtensionType], uid: str) -> tuple[tuple[str, str], ...]:
    from cryptography import x509

    topics = {uid: "voip" if uid.endswith(".voip") else "app"} if uid else {}
    for oid in (_TOPICS, _VOIP_TOPICS):
        value = extensions.get(oid)
        if isinstance(value, x509.UnrecognizedExtension):
            topics.update(parse_topics(value.value, "voip" if oid == _VOIP_TOPICS else "app"))
    return tuple(topics.items())


def parse_topics(der: bytes, kind: str = "app") -> dict[str, str]:
    """Topic to kind from the value of extension ``.6.3.6``: a SEQUENCE of UTF8String and SEQUENCE { UTF8String kind }.

    :param kind: of a topic that no kind follows.
    :returns: what could be read; bytes of another structure give nothing, for a certificate is no less valid for it.
    """
    topics: dict[str, str] = {}
    topic = ""
    for tag, content in (item for _, body in _elements(der) for item in _elements(body)):
        if tag == 0x0C:
            topic = content.decode("utf-8", "replace")
            topics[topic] = kind
        elif tag == 0x30 and topic:
            kinds = [text.decode("utf-8", "replace") for inner, text in _elements(content) if inner == 0x0C]
            topics[topic] = kinds[0] if kinds else kind
    return topics


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The tags and contents of DER elements in a row; stops at the first that is not whole."""
    while len(der) >= 2:
        size, start = der[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[2:start], "big")
        if len(der) < start + size or start > 6:
            return
        yield der[0], der[start : start + size]
        der = der[start + size :]


def inspect_certificate(account: Account, now: float) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
    """Facts and findings about ``account``'s certificate. An error among them means that no push can work."""
    certificate: ClientCertificate = account.credential
    facts = (
        ("credential", "client certificate"),
        ("subject", certificate.common_name),
        ("topics", ", ".join(f"{topic} ({kind})" for topic, kind in certificate.topics) or "none told"),
        ("environments", ", ".join(certificate.environments) or "none told"),
        ("team", certificate.team or "none told"),
        ("issuer", certificate.issuer),
        ("serial", certificate.serial),
        ("not after", f"{_day(certificate.not_after)} ({_left(certificate.not_after, now)})"),
    )
    return facts, (*_of_time(certificate, now), *_of_use(certificate, account))


def _of_time(certificate: ClientCertificate, now: float) -> Iterator[Finding]:
    renew = "Make a new one on developer.apple.com > Certificates, or change to a .p8 key, which does not expire."
    if now >= certificate.not_after:
        yield Finding(
            "certificate-expired",
            "error",
            f"The certificate expired on {_day(certificate.not_after)}.",
            renew,
            _FIELD,
            _PAGE,
        )
    elif certificate.not_after - now < _SOON_DAYS * _DAY:
        yield Finding(
            "certificate-expires-soon",
            "warning",
            f"The certificate expires on {_day(certificate.not_after)} ({_left(certificate.not_after, now)}).",
            renew,
            _FIELD,
            _PAGE,
        )
    if now < certificate.not_before:
        yield Finding(
            "certificate-not-yet-valid",
            "error",
            f"The certificate is valid from {_day(certificate.not_before)} on; here it is {_day(now)}.",
            "Set this machine's clock, or wait.",
            _FIELD,
            _PAGE,
        )


def _of_use(certificate: ClientCertificate, account: Account) -> Iterator[Finding]:
    bundle_id, topics = account.app.get("bundle_id", ""), [topic for topic, _ in certificate.topics]
    if not certificate.told_by:
        yield Finding(
            "certificate-not-push",
            "warning",
            f"Nothing in the certificate {certificate.common_name!r} says that it is for push.",
            "Use the Apple Push Services certificate of the app; certificates for signing apps cannot push.",
            _FIELD,
            _PAGE,
            "medium",
        )
    elif account.environment not in certificate.environments:
        yield Finding(
            "certificate-environment",
            "error",
            f"The certificate is for {' and '.join(certificate.environments)} only; the profile's environment is "
            f"{account.environment}.",
            "Change the environment, or use a certificate for Sandbox & Production.",
            "environment",
            _PAGE,
            "high" if certificate.told_by == "extension" else "low",
        )
    own = {bundle_id, f"{bundle_id}.voip", f"{bundle_id}.complication", account.app.get("mdm_topic", bundle_id)}
    if bundle_id and topics and own.isdisjoint(topics):
        yield Finding(
            "certificate-topic",
            "error",
            f"The certificate is for {', '.join(topics)}; app.bundle_id is {bundle_id}.",
            "Correct app.bundle_id, or use the certificate of this app.",
            "app.bundle_id",
            _PAGE,
        )


def _day(moment: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _left(moment: float, now: float) -> str:
    days = int(abs(moment - now) // _DAY)
    return f"{days} day{'' if days == 1 else 's'} {'left' if moment > now else 'ago'}"
