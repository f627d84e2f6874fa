"""What a profile can learn from the files people have in hand.

There is no file of vivo's. An app's ``AndroidManifest.xml`` has AppID and AppKey as meta-data (com.vivo.push.app_id,
com.vivo.push.api_key), and Easemob's certificates are named ``appId#appKey``. AppSecret stands in the console only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pushctl.core.importing import Draft, Piece, put_together
from pushctl.core.secret import Secret
from pushctl.vendors.vivo.judge import RULES

KNOWN = "AndroidManifest.xml with com.vivo.push.app_id"

_FACTS: Mapping[str, str] = {
    "app_id": "app.app_id",
    "app_key": "credentials.app_key",
    "package_name": "app.package_name",
}
"""A fact's name and its place in a profile."""
_META: Mapping[str, str] = {"com.vivo.push.app_id": "app_id", "com.vivo.push.api_key": "app_key"}
_TAG = re.compile(r"<meta-data\b[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""android:(name|value)\s*=\s*(["'])(.*?)\2""", re.DOTALL)
_PACKAGE = re.compile(r"""<manifest\b[^>]*?\spackage\s*=\s*(["'])([\w.]+)\1""", re.DOTALL)
_NAMED_BY_EASEMOB = re.compile(r"(\d{4,10})#([0-9a-fA-F-]{36})")
_MOST_BYTES = 1_000_000


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is nothing that vivo knows."""
    text = data[:_MOST_BYTES].decode("utf-8", "replace").strip("\ufeff \t\r\n")
    if named := _NAMED_BY_EASEMOB.fullmatch(text):
        found = {"app_id": named[1], "app_key": named[2]}
    else:
        found = _meta_data(text)
    if not found:
        return None
    facts = {fact: value for fact, value in found.items() if "${" not in value and not value.startswith("@")}
    open_ones = [
        RULES["import-placeholder"].finding(name, name=name, value=value, field=fact)
        for fact, value in found.items()
        if fact not in facts
    ]
    if (package := _PACKAGE.search(text)) is not None:
        facts["package_name"] = package[2]
    findings = (*open_ones, RULES["import-no-credential"].finding(name, name=name))
    return Piece(name, "facts", Secret(data, "$PUSHCTL_FILE", f"file:{name}"), facts, findings)


def _meta_data(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in _TAG.findall(text):
        said = {name: value for name, _, value in _ATTRIBUTE.findall(tag)}
        fact = _META.get(said.get("name", "").strip())
        if fact and said.get("value", "").strip():
            found[fact] = said["value"].strip()
    return found


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other (another app).
    """
    return put_together(pieces, _FACTS, "Import the files of one app only.")


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    asked = ("app.app_id", "credentials.app_key")
    return (*(place for place in asked if place not in draft.values), "credentials.app_secret")
