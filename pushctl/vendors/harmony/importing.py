"""What a profile can learn from the files people have in hand.

``private.json`` of a service account · ``agconnect-services.json`` (ids) · the app's ``module.json5`` (its client id).
Nothing is guessed: what no file says is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pushctl.core.importing import Draft, Piece, agreed, one_of_each
from pushctl.core.secret import Secret
from pushctl.vendors._huawei import service_account

KNOWN = "private.json of a service account, agconnect-services.json, module.json5"

_FACTS: Mapping[str, str] = {"project_id": "app.project_id", "client_id": "app.client_id"}
"""A fact's name and its place in a profile."""
# {"name": "client_id", "value": "123"} in the metadata of a module; JSON5 needs no quotes around keys.
_CLIENT_ID = re.compile(r"""["']?name["']?\s*:\s*["']client_id["']\s*,\s*["']?value["']?\s*:\s*["'](\d{1,64})["']""")


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is nothing that Huawei knows.

    :raises ProfileError: it is a service account's and not usable (a broken key).
    """
    content = Secret(data, "$PUSHCTL_FILE", f"file:{name}")
    if name.lower().endswith(".json5"):
        return _module(name, content, data)
    document = service_account.parsed(data)
    if document is None:
        return None
    if service_account.is_key_file(document):
        account = service_account.read_key(content, name)
        facts = {"project_id": account.project_id} if account.project_id else {}
        return Piece(name, "service_account", content, facts)
    client = document.get("client")
    if isinstance(client, dict) and ("agcgw" in document or "project_id" in client):
        return _agconnect(name, content, document, client)
    return None


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together. The key file's project id is left where it is: a profile need not repeat it.

    :raises ProfileError: two of them contradict each other (another project), or are of the same kind.
    """
    files = one_of_each(pieces)
    facts = agreed(pieces, "Import files of one project: a key of another one is refused by Huawei with 80200001.")
    told = files["service_account"].facts if "service_account" in files else {}
    return Draft(
        values={place: facts[fact] for fact, place in _FACTS.items() if fact in facts and fact not in told},
        files=files,
        findings=tuple(finding for piece in pieces for finding in piece.findings),
    )


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    key = draft.files.get("service_account")
    if key is None:
        return ("credentials.service_account",)
    return () if key.facts or "app.project_id" in draft.values else ("app.project_id",)


def _agconnect(name: str, content: Secret, document: Mapping[str, Any], client: Mapping[str, Any]) -> Piece:
    """Ids only. Its ``client.client_id`` is a client of AppGallery Connect's own API; the app's Client ID stands in
    ``oauth_client`` (seen in files of apps; no page describes it)."""
    oauth = document.get("oauth_client")
    said = {
        "project_id": client.get("project_id") or client.get("product_id"),
        "client_id": oauth.get("client_id") if isinstance(oauth, dict) else None,
    }
    facts = {fact: str(value) for fact, value in said.items() if isinstance(value, str | int) and value}
    return Piece(name, "facts", content, facts)


def _module(name: str, content: Secret, data: bytes) -> Piece | None:
    found = _CLIENT_ID.search(data.decode("utf-8", "replace"))
    return Piece(name, "facts", content, {"client_id": found[1]}) if found else None
