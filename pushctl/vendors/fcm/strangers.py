"""What people put in place of a Google credential, told in words: what it is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pushctl.core.errors import ProfileError

NEW_KEY = (
    "Firebase console > Project settings > Service accounts > Generate new private key gives the service account's "
    "JSON file."
)
OWN_TOKEN = (
    "Make an access token yourself: export TOKEN=$(gcloud auth print-access-token), and write "
    'access_token = "env:TOKEN".'
)
Told = tuple[str, str]

_LEGACY_KEY = re.compile(r"AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{100,}")
_API_KEY = re.compile(r"AIza[A-Za-z0-9_-]{35}")
_DEVICE_TOKEN = re.compile(r"[A-Za-z0-9_-]{11,22}:APA91[A-Za-z0-9_-]+")
_PATH = re.compile(r"[^\n{}\"]{1,400}\.json")
_TYPE = re.compile(r"[a-z_]{1,40}")


def refusal(subject: str, told: Told, where: str, rule: str = "credential-wrong-file") -> ProfileError:
    """The error for ``subject``: what it is instead, what to do."""
    what, fix = told
    return ProfileError(f"{subject} {what}.", fix, rule=rule, where=where)


def text(data: bytes, reference: str) -> Told | None:
    """What bytes are that hold no JSON object; None for what may be damaged JSON.

    :param reference: where they are from (``env:NAME``), for the remedy; or "".
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        return "is empty", NEW_KEY
    if b"-----BEGIN" in data and b"{" not in data:
        return _pem(data)
    if data[:1] == b"\x30" and b"\x02\x01\x03\x30" in data[:12]:
        return "is a .p12 file; FCM takes the JSON form of a key only", NEW_KEY
    if data.startswith(b"bplist00") or b"</plist>" in data:
        return "is a property list (GoogleService-Info.plist?), which holds no credential that can send", NEW_KEY
    words = data.decode("utf-8", "replace").strip("\ufeff \t\r\n")
    if words[:200].lower().startswith(("<!doctype html", "<html")):
        return "is a web page (a login page is often saved in the file's place)", NEW_KEY
    if re.match(r'\{\s*\\"', words):
        return (
            'is JSON whose quotes are escaped (\\")',
            "Give the file as it was downloaded; in CI, as base64-env:NAME.",
        )
    return key(words) or _packed(words, reference)


def key(words: str) -> Told | None:
    """What a bare string is: keys of other kinds, a token, a path; None for anything else."""
    if words.startswith("ya29."):
        return "is an access token", "Write it as credentials.access_token."
    if _LEGACY_KEY.fullmatch(words):
        return "is a legacy server key; the API that took those was shut down in 2024", NEW_KEY
    if _API_KEY.fullmatch(words):
        return "is an API key (AIza…), which identifies an app and lets nobody send", NEW_KEY
    if _DEVICE_TOKEN.fullmatch(words):
        return (
            "is a device's registration token: to whom a push goes, not who sends it",
            f"Give it as --token. {NEW_KEY}",
        )
    if _PATH.fullmatch(words):
        return "holds the path of a file in place of its content", 'Write service_account = "file:PATH".'
    return None


def document(found: Any) -> Told | None:
    """What a JSON document is that is no Google credential; None for one that says it is."""
    if isinstance(found, str):
        return "is JSON within quotes: it was encoded twice", "Take the outer quotes off."
    if not isinstance(found, dict):
        return "is JSON and no object", NEW_KEY
    if "sub_account" in found:
        return "is Huawei's private.json", "Put it into a profile of vendor hms or harmony."
    if "project_info" in found and "client" in found:
        return "is google-services.json, which says which app it is for and holds no credential that can send", NEW_KEY
    if "agcgw" in found or ("configuration_version" in found and "service" in found):
        return "is Huawei's agconnect-services.json", NEW_KEY
    if "apiKey" in found or "messagingSenderId" in found:
        return "is the configuration of a web app, which holds no credential that can send", NEW_KEY
    if isinstance(found.get("installed", found.get("web")), Mapping):
        return "is an OAuth client (client_secret_….json), which needs a person to log in", NEW_KEY
    if not isinstance(found.get("type"), str):
        return 'has no "type", which every Google credential file has', NEW_KEY
    return None


def unsupported(kind: str) -> Told:
    """The sentence for a credential type that is not taken."""
    if kind == "gdch_service_account":
        return "is of type gdch_service_account, for Google Distributed Cloud, which has no FCM", NEW_KEY
    if kind == "external_account_authorized_user":
        return "is of type external_account_authorized_user, a workforce login, which pushctl cannot use", OWN_TOKEN
    named = f'has the type "{kind}"' if _TYPE.fullmatch(kind) else "has a type"
    return (
        f"{named} that pushctl does not know",
        "Known: service_account, authorized_user, external_account, impersonated_service_account.",
    )


def _pem(data: bytes) -> Told:
    if b"PRIVATE KEY-----" not in data:
        label = "a certificate" if b"-----BEGIN CERTIFICATE-----" in data else "a PEM file without a private key"
        return f"is {label}, no Google credential", NEW_KEY
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        elliptic = isinstance(load_pem_private_key(data[data.index(b"-----BEGIN") :], None), EllipticCurvePrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        elliptic = False
    if elliptic:
        return (
            "is an APNs key (.p8)",
            f"It belongs into the Firebase console, or into a profile of vendor apns. {NEW_KEY}",
        )
    return "is a private key alone; FCM needs the whole JSON file around it", NEW_KEY


def _packed(words: str, reference: str) -> Told | None:
    """Base64 of a JSON object, given as it is."""
    import base64
    import binascii

    try:
        plain = base64.b64decode("".join(words.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not plain.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    if reference.startswith("env:"):
        return "holds base64, not JSON", f"Write base64-env:{reference.removeprefix('env:')}."
    return "holds base64, not JSON", "Decode it (base64 -d), or put it into a variable and write base64-env:NAME."
