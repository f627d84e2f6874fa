"""What a profile can learn from the files people have in hand: ``AndroidManifest.xml``, in whose ``meta-data``
integrators keep AppID and AppKey.

Xiaomi hands out no file. The AppSecret is never in an app; it is copied from the console. In the manifest a backslash
and a blank, or letters, stand before the digits, so that Android does not read a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pushctl.core.importing import Draft, Piece, put_together
from pushctl.core.secret import Secret
from pushctl.vendors.mi.judge import RULES

KNOWN = "AndroidManifest.xml"

_FACTS: Mapping[str, str] = {"app_id": "app.app_id", "app_key": "app.app_key", "package_name": "app.package_name"}
"""A fact's name and its place in a profile."""
_ELEMENT = re.compile(r"<meta-data\b([^>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_PACKAGE = re.compile(r"<manifest\b[^>]*?\bpackage\s*=\s*[\"']([\w.]+)[\"']", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OURS = re.compile(r"xiaomi|mipush|xmpush|^mi(?=app)|^xm(?=app)")


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it is no manifest with anything of Mi Push in it."""
    text = _COMMENT.sub("", data.decode("utf-8", "replace"))
    if "<manifest" not in text:
        return None
    facts = dict(_values(text))
    if not facts:
        return None
    if package := _PACKAGE.search(text):
        facts["package_name"] = package[1]
    findings = (RULES["import-no-credential"].finding(name, name=name),)
    return Piece(name, "facts", Secret(data, "$PUSHCTL_FILE", f"file:{name}"), facts, findings)


def _values(text: str) -> list[tuple[str, str]]:
    """AppID and AppKey by the names that integrators give them (``xiaomi_appid``, ``MIPUSH_APPKEY`` …). A placeholder
    of Gradle's is no value."""
    found = []
    for element in _ELEMENT.findall(text):
        attributes = {key.rpartition(":")[2]: value[1:-1] for key, value in _ATTRIBUTE.findall(element)}
        bare = re.sub(r"[^a-z]", "", attributes.get("name", "").casefold())
        value = attributes.get("value", "").strip().removeprefix("\\").strip().removeprefix("MI-")
        fact = "app_id" if bare.endswith("appid") else "app_key" if bare.endswith("appkey") else ""
        if fact and _OURS.search(bare) and re.fullmatch(r"\d{8,24}", value, re.ASCII):
            found.append((fact, value))
    return found


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other (another app).
    """
    return put_together(pieces, _FACTS, "Import the manifest of one app only.")


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    missing = () if "app.package_name" in draft.values else ("app.package_name",)
    return (*missing, "credentials.app_secret")
