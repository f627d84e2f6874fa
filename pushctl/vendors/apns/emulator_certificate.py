"""What APNs reads in a client certificate: its environments and topics.

Source: jchambers/pushy:pushy/script/apns-extensions.cnf.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SANDBOX_OID = "1.2.840.113635.100.6.3.1"
PRODUCTION_OID = "1.2.840.113635.100.6.3.2"
VOIP_OID = "1.2.840.113635.100.6.3.4"
TOPICS_OID = "1.2.840.113635.100.6.3.6"
UTF8_STRING = 0x0C
SEQUENCE = 0x30


@dataclass(frozen=True, slots=True)
class Rights:
    """What a certificate may do.

    :ivar environments: empty for a certificate that is not for pushes at all.
    :ivar base: the subject's UID, which is the topic where the certificate lists none.
    """

    environments: frozenset[str]
    topics: tuple[str, ...]
    base: str


def rights(der: bytes) -> Rights:
    """Read a certificate. One whose list of topics is broken has none but its UID."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    certificate = x509.load_der_x509_certificate(der)
    extensions = {
        each.oid.dotted_string: each.value.value
        for each in certificate.extensions
        if isinstance(each.value, x509.UnrecognizedExtension)
    }
    environments = {
        name for oid, name in ((SANDBOX_OID, "sandbox"), (PRODUCTION_OID, "production")) if oid in extensions
    }
    listed: list[str] = []
    for oid in (TOPICS_OID, VOIP_OID):
        if oid in extensions:
            try:
                listed += [topic for topic, _ in read_topics(extensions[oid])]
            except ValueError:
                continue
    users = certificate.subject.get_attributes_for_oid(NameOID.USER_ID)
    base = str(users[0].value) if users else ""
    return Rights(frozenset(environments), tuple(listed) or ((base,) if base else ()), base)


def read_topics(value: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """Topics with their kinds out of SEQUENCE { UTF8String topic, SEQUENCE { UTF8String kind … } … }.

    Raises ``ValueError`` for anything else.
    """
    outer = list(_elements(value))
    if len(outer) != 1 or outer[0][0] != SEQUENCE:
        raise ValueError("the list of topics is no single SEQUENCE")
    items = list(_elements(outer[0][1]))
    if len(items) % 2:
        raise ValueError("a topic without its kinds")
    topics = []
    for (name_tag, name), (kinds_tag, kinds) in zip(items[::2], items[1::2], strict=True):
        if name_tag != UTF8_STRING or kinds_tag != SEQUENCE:
            raise ValueError("a topic is a UTF8String followed by a SEQUENCE")
        topics.append((name.decode(), tuple(_text(tag, kind) for tag, kind in _elements(kinds))))
    return topics


def _text(tag: int, content: bytes) -> str:
    if tag != UTF8_STRING:
        raise ValueError("a kind is a UTF8String")
    return content.decode()


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each DER element, one after the other; lengths must be in their shortest form."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("cut in an element's head")
        tag, size, at = data[at], data[at + 1], at + 2
        if size >= 0x80:
            count = size & 0x7F
            octets = data[at : at + count]
            size, at = int.from_bytes(octets, "big"), at + count
            if not 1 <= count <= 4 or len(octets) != count or size < 0x80 or octets[0] == 0:
                raise ValueError("a length that is not in its shortest form")
        if at + size > len(data):
            raise ValueError("cut in an element's content")
        yield tag, data[at : at + size]
        at += size
