"""What a profile can learn from the files people have in hand.

``AuthKey_*.p8`` · ``.p12`` · ``.pem`` · ``.cer`` with its key · ``embedded.mobileprovision`` · ``.entitlements`` ·
``Info.plist`` · ``GoogleService-Info.plist`` (its bundle id). Nothing is guessed: what no file says is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pushctl.core.finding import Finding
from pushctl.core.importing import Draft, Piece, agreed, one_of_each
from pushctl.core.secret import Secret
from pushctl.vendors.apns.account import key_id_in_name
from pushctl.vendors.apns.hosts import ENVIRONMENT_ALIASES
from pushctl.vendors.apns.keyfile import is_key, is_pkcs12, pem_blocks

FACTS: Mapping[str, str] = {
    "environment": "environment",
    "bundle_id": "app.bundle_id",
    "team_id": "credentials.team_id",
    "key_id": "credentials.key_id",
}
"""A fact's name and its place in a profile."""


KNOWN = "AuthKey_*.p8, .p12, .pem, .cer with its key, .mobileprovision, .entitlements, Info.plist"


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:
    """Recognise one file; None when it is nothing that APNs knows.

    :param name: the file's name; the key id stands nowhere else.
    :raises ProfileError: it is recognised and not usable (wrong password, cut short).
    """
    content = Secret(data, "$PUSHCTL_FILE", f"file:{name}")
    table = _plist(data)
    if table is not None:
        facts, findings = _facts_of(table, name)
        return Piece(name, "facts", content, facts, findings) if facts or findings else None
    in_json = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b'"'))  # the keys of Google and Huawei come so
    labels = [] if in_json else [label for label, _ in pem_blocks(data)]
    if is_pkcs12(data) or "CERTIFICATE" in labels or name.lower().endswith((".cer", ".crt")):
        return Piece(name, "certificate", content, _certificate_facts(content, password))
    if any(is_key(label) for label in labels) or name.lower().endswith((".p8", ".key")):
        key_id = key_id_in_name(content)
        return Piece(name, "key", content, {"key_id": key_id} if key_id else {})
    return None


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other, or are of the same kind.
    """
    files = one_of_each(pieces)
    facts = agreed(pieces, "Import files of one app, one team and one environment.")
    if "certificate" in files:  # its own subject has the team, and a key id would mean the other way of authentication
        facts = {fact: value for fact, value in facts.items() if fact not in ("team_id", "key_id")}
    return Draft(
        values={FACTS[fact]: value for fact, value in facts.items()},
        files=files,
        findings=tuple(finding for piece in pieces for finding in piece.findings),
    )


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    token = draft.files and "certificate" not in draft.files
    needed = ("environment", "app.bundle_id", *(("credentials.key_id", "credentials.team_id") if token else ()))
    return tuple(place for place in needed if place not in draft.values)


def _plist(data: bytes) -> dict[str, Any] | None:
    """A property list, alone or inside the CMS envelope of a provisioning profile, whose payload is one plain block."""
    import plistlib
    from xml.parsers.expat import ExpatError

    if not data.startswith(b"bplist00"):
        start, end = data.find(b"<?xml"), data.rfind(b"</plist>")
        if start < 0 or end < start:
            return None
        data = data[start : end + len(b"</plist>")]
    try:
        table = plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
    return table if isinstance(table, dict) else None


def _facts_of(table: Mapping[str, Any], name: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
    entitlements = table.get("Entitlements", table)
    if not isinstance(entitlements, dict):
        entitlements = {}
    facts: dict[str, str] = {}
    teams = table.get("TeamIdentifier")
    if isinstance(teams, list) and teams:
        facts["team_id"] = str(teams[0])
    # On the Mac the two entitlements have longer names.
    identifier = entitlements.get("application-identifier") or entitlements.get("com.apple.application-identifier")
    bundle_id = (
        str(identifier).partition(".")[2]
        if identifier
        else str(table.get("CFBundleIdentifier") or table.get("BUNDLE_ID") or "")
    )
    if bundle_id and "*" not in bundle_id and "$" not in bundle_id:  # a wildcard, a build setting: no bundle id yet
        facts["bundle_id"] = bundle_id
    environment = entitlements.get("aps-environment") or entitlements.get("com.apple.developer.aps-environment")
    if environment:
        facts["environment"] = ENVIRONMENT_ALIASES.get(str(environment), str(environment))
    elif "Entitlements" in table:
        missing = Finding(
            "no-push-entitlement",
            "warning",
            f"{name} has no aps-environment: an app that is signed with it gets no device token.",
            "Switch on Push Notifications for the App ID, and make a new provisioning profile.",
            name,
            "usernotifications/registering-your-app-with-apns",
        )
        return facts, (missing,)
    return facts, ()


def _certificate_facts(content: Secret, password: Secret | None) -> dict[str, str]:
    from pushctl.vendors.apns.certfile import read as certificates_of
    from pushctl.vendors.apns.certificate import describe

    # The leaf is the one that names an app; an issuer in the same file has no UID.
    described = [describe(one) for one in certificates_of(content, password)[0]]
    certificate = next((one for one in described if one.topics), described[0])
    facts = {"team_id": certificate.team} if certificate.team else {}
    if certificate.topics:
        facts["bundle_id"] = certificate.topics[0][0].removesuffix(".voip")
    if len(certificate.environments) == 1 and certificate.told_by == "extension":
        facts["environment"] = certificate.environments[0]
    return facts
