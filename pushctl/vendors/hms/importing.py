"""What a profile can learn from the files people have in hand.

``agconnect-services.json`` (ids; its client secret is AppGallery Connect's, not the push secret) ·
``private.json`` of a service account. Nothing is guessed: what no file says is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pushctl.core.importing import Draft, Piece, put_together
from pushctl.core.secret import Secret
from pushctl.vendors.hms.judge import RULES

KNOWN = "agconnect-services.json, private.json of a service account"

_FACTS: Mapping[str, str] = {
    "app_id": "app.app_id",
    "project_id": "app.project_id",
    "package_name": "app.package_name",
}
"""A fact's name and its place in a profile."""


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is nothing that Huawei knows.

    :raises ProfileError: it is a service account's and not usable (a broken key).
    """
    from pushctl.vendors._huawei import service_account

    document = service_account.parsed(data)
    if document is None:
        return None
    content = Secret(data, "$PUSHCTL_FILE", f"file:{name}")
    if service_account.is_key_file(document):
        account = service_account.read_key(content, name)
        facts = {"project_id": account.project_id} if account.project_id else {}
        return Piece(name, "service_account", content, facts)
    client = document.get("client")
    if isinstance(client, dict) and "app_id" in client and ("agcgw" in document or "package_name" in client):
        return _agconnect(name, content, client)
    return None


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other (another project, another app), or are of the same kind.
    """
    return put_together(
        pieces, _FACTS, "Import files of one app and one project: a key of another project is refused by Huawei."
    )


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    ids = draft.values.keys() & {"app.app_id", "app.project_id"}
    missing = () if ids else ("app.app_id",)
    return missing if draft.files else (*missing, "credentials.client_secret")


def _agconnect(name: str, content: Secret, client: Mapping[str, Any]) -> Piece:
    project = client.get("project_id") or client.get("product_id")
    said = {"app_id": client.get("app_id"), "project_id": project, "package_name": client.get("package_name")}
    facts = {fact: str(value) for fact, value in said.items() if isinstance(value, str | int) and value}
    findings = (RULES["agconnect-secret"].finding(name, name=name),) if client.get("client_secret") else ()
    return Piece(name, "facts", content, facts, findings)
