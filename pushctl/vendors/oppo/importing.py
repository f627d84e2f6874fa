"""What a profile can learn from the files people have in hand: the AndroidManifest.xml of an app's sources.

OPPO has no configuration file. Many projects keep AppKey and AppSecret as meta-data of the manifest, under names of
their own (``OPPO_APP_KEY``; JPush puts ``OP-`` before the value, MixPush ``UNIFIEDPUSH-``). The MasterSecret is in no
app: it is copied from the console.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pushctl.core.importing import Draft, Piece, put_together
from pushctl.core.secret import Secret
from pushctl.vendors.oppo.judge import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN = "AndroidManifest.xml with OPPO's AppKey"

_FACTS: Mapping[str, str] = {"app_key": "credentials.app_key", "package_name": "app.package_name"}
"""A fact's name and its place in a profile."""
_TAG = re.compile(r"<meta-data\b[^>]*>", re.DOTALL)
_PACKAGE = re.compile(r"<manifest\b[^>]*?\bpackage\s*=\s*[\"']([\w.]+)[\"']", re.DOTALL)
_ATTRIBUTE = re.compile(r"android:(name|value)\s*=\s*[\"']([^\"']*)[\"']")
_NAME = re.compile(r"(?:oppo|heytap|opush|coloros).*app_?key", re.IGNORECASE)
_BEFORE = ("OP-", "UNIFIEDPUSH-")
_VALUE = re.compile(r"[0-9A-Za-z]{16,64}")
_MOST = 1 << 20  # bytes of a manifest


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is nothing that OPPO knows."""
    text = data[:_MOST].decode("utf-8", "replace")
    keys = list(dict.fromkeys(_app_keys(text))) if "<manifest" in text else []
    if len(keys) != 1:
        return None
    package = _PACKAGE.search(text)
    facts = {"app_key": keys[0], **({"package_name": package[1]} if package else {})}
    findings = (RULES["import-no-credential"].finding(name, name=name),)
    return Piece(name, "facts", Secret(data, "$PUSHCTL_FILE", f"file:{name}"), facts, findings)


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other (another app).
    """
    return put_together(pieces, _FACTS, "Import the file of one app only.")


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    missing = () if "credentials.app_key" in draft.values else ("credentials.app_key",)
    return (*missing, "credentials.master_secret")


def _app_keys(text: str) -> Iterator[str]:
    """Values of meta-data whose name speaks of OPPO's AppKey; a placeholder of Gradle (``${…}``) is none."""
    for tag in _TAG.findall(text):
        said = dict(_ATTRIBUTE.findall(tag))
        if not _NAME.search(said.get("name", "")):
            continue
        value = said.get("value", "").strip()
        for before in _BEFORE:
            value = value.removeprefix(before)
        if _VALUE.fullmatch(value):
            yield value
