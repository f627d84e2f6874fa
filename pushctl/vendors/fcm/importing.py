"""What a profile can learn from the files people have in hand.

A service account's JSON · other Google credential JSON (``application_default_credentials.json``, workload identity) ·
``google-services.json`` · ``GoogleService-Info.plist``. Nothing is guessed: what no file says is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Draft, Piece, agreed, one_of_each
from pushctl.core.secret import Secret
from pushctl.vendors.fcm import strangers
from pushctl.vendors.fcm.strangers import NEW_KEY

FACTS: Mapping[str, str] = {
    "project_id": "app.project_id",
    "project_number": "app.sender_id",
    "app_id": "app.app_id",
    "package_name": "app.package_name",
    "bundle_id": "app.bundle_id",
}
"""A fact's name and its place in a profile."""

KNOWN = "a service account's JSON, other Google credential JSON, google-services.json, GoogleService-Info.plist"

_CREDENTIAL = "service_account"
_REMEDY = (
    "Take the service account and the app's file from one Firebase project: devices of one project cannot be reached "
    "with the credential of another (SENDER_ID_MISMATCH)."
)
_PLIST: Mapping[str, str] = {
    "PROJECT_ID": "project_id",
    "GCM_SENDER_ID": "project_number",
    "BUNDLE_ID": "bundle_id",
}
"""What GoogleService-Info.plist says that is of use here; its GOOGLE_APP_ID is an iOS app, of which no data is kept."""


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is nothing that FCM knows.

    :raises ProfileError: it is recognised and not usable (a broken key, a credential of an unsupported type).
    """
    content = Secret(data, "$PUSHCTL_FILE", f"file:{name}")
    table = _plist(data)
    if table is not None:
        facts = {fact: str(table[key]) for key, fact in _PLIST.items() if isinstance(table.get(key), str)}
        ours = "GCM_SENDER_ID" in table or "GOOGLE_APP_ID" in table
        return Piece(name, "facts", content, facts) if ours and facts else None
    found = _json(data)
    if found is None or "sub_account" in found:  # Huawei's private.json has a private_key, too
        return None
    if isinstance(found.get("project_info"), dict) and isinstance(found.get("client"), list):
        return Piece(name, "facts", content, _app_facts(found["project_info"], found["client"]))
    if not _is_credential(found):
        _refuse_client(name, found)
        return None
    return Piece(name, _CREDENTIAL, content, _credential_facts(name, content))


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them are of different projects, or credentials both, or none is a credential.
    """
    files = one_of_each(pieces)
    facts = agreed(pieces, _REMEDY)
    if not files:
        names = " and ".join(piece.name for piece in pieces)
        hold = "hold" if len(pieces) > 1 else "holds"
        raise ProfileError(
            f"{names} {hold} no credential that can send, only what the app needs to know of its project.",
            f"{NEW_KEY} Import it together with {names}.",
            rule="import-no-credential",
        )
    credential = files[_CREDENTIAL]
    values = {FACTS[fact]: value for fact, value in facts.items()}
    if "project_id" in credential.facts:
        values.pop("app.project_id")  # the file itself says it, in every run
    from pushctl.vendors.fcm.keyfile_subject import subject_file

    if path := subject_file(credential.content.reveal_bytes()):
        values["credentials.subject_token"] = f"file:{path}"
    return Draft(values, files, tuple(finding for piece in pieces for finding in piece.findings))


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    said = any("project_id" in piece.facts for piece in draft.files.values())
    return () if said or "app.project_id" in draft.values else ("app.project_id",)


def _is_credential(found: Mapping[str, Any]) -> bool:
    """Whether it is one of Google's, a supported one or not, be it whole or not; a ``type`` of its own could be
    anybody's."""
    from pushctl.vendors.fcm.keyfile import TYPES

    marks = ("client_email", "refresh_token", "subject_token_type", "source_credentials", "ca_cert_path")
    return found.get("type") in TYPES or any(key in found for key in marks)


def _refuse_client(name: str, found: Mapping[str, Any]) -> None:
    """Raises ``ProfileError`` for an OAuth client, which the same console gives out under a similar name."""
    client = found.get("installed", found.get("web"))
    if isinstance(client, dict) and "client_id" in client and (told := strangers.document(found)):
        raise strangers.refusal(name, told, name)


def _credential_facts(name: str, content: Secret) -> dict[str, str]:
    """The project, if the file says it. A credential that cannot work is told now; one that waits for its subject token
    is complete for what a file can be."""
    from pushctl.vendors.fcm.keyfile import opened

    try:
        facts = opened(content).facts
    except ProfileError as error:
        if error.rule == "subject-token-missing":
            return {}
        text = error.text.replace(f"credentials.{_CREDENTIAL} (file:{name})", name)
        raise ProfileError(text, error.fix, rule=error.rule, where=name) from None
    return {"project_id": facts["project_id"]} if "project_id" in facts else {}


def _app_facts(project: Mapping[str, Any], clients: Sequence[Any]) -> dict[str, str]:
    """What google-services.json says of the project, and of its app where it holds only one."""
    facts = {key: project[key] for key in ("project_id", "project_number") if isinstance(project.get(key), str)}
    for fact, keys in (("app_id", ("mobilesdk_app_id",)), ("package_name", ("android_client_info", "package_name"))):
        values = {value for client in clients if (value := _deep(client, ("client_info", *keys)))}
        if len(values) == 1:
            facts[fact] = values.pop()
    return facts


def _deep(found: Any, keys: tuple[str, ...]) -> str:
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _json(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data, strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plist(data: bytes) -> dict[str, Any] | None:
    import plistlib
    from xml.parsers.expat import ExpatError

    if not data.startswith(b"bplist00") and b"</plist>" not in data:
        return None
    try:
        table = plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
    return table if isinstance(table, dict) else None
