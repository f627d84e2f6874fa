"""What a profile can learn from the files people have in hand.

``mcs-services.json``, which lies in an app's ``app/`` folder: the push service's app id. There is no file with the
client id and the client secret; they are copied from the console (the file is shown by
HONORDevelopers/Honor-Push-Client-Demo-demo).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pushctl.core.answers import json_object
from pushctl.core.importing import Draft, Piece, put_together
from pushctl.core.secret import Secret
from pushctl.vendors.honor.judge import RULES

KNOWN = "mcs-services.json"

_FACTS: Mapping[str, str] = {"app_id": "app.app_id", "package_name": "app.package_name"}
"""A fact's name and its place in a profile."""
_OTHERS = frozenset({"client", "project_info", "private_key", "agcgw"})  # of agconnect-services.json and the like


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is nothing that Honor knows."""
    document = json_object(data.removeprefix(b"\xef\xbb\xbf"))
    if document is None or not _is_services(name, document):
        return None
    facts = {
        fact: str(value)
        for fact in ("app_id", "package_name", "developer_id")
        if isinstance(value := document.get(fact), str | int) and not isinstance(value, bool) and value
    }
    findings = (RULES["import-no-credential"].finding(name, name=name),)
    return Piece(name, "facts", Secret(data, "$PUSHCTL_FILE", f"file:{name}"), facts, findings)


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other (another app, another developer).
    """
    return put_together(pieces, _FACTS, "Import the file of one app only.")


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    missing = () if "app.app_id" in draft.values else ("app.app_id",)
    return (*missing, "credentials.client_id", "credentials.client_secret")


def _is_services(name: str, document: Mapping[str, Any]) -> bool:
    if _OTHERS & document.keys() or "app_id" not in document:
        return False
    return "developer_id" in document or name.lower().startswith("mcs-services")
