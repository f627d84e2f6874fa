"""What a profile can learn from the files people have in hand: App ID and App Key, which an app is built with.

Meizu has no file of its own. Push aggregators keep the two under names of theirs: ``MEIZU_APPID`` and ``MEIZU_APPKEY``
among the manifest placeholders of JPush (with ``MZ-`` before the values) and others, ``meizuPushAppId`` in the
configuration of Tencent's TUIOfflinePush and TIMPush. The App Secret is in no file of an app.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pushctl.core.importing import Draft, Piece, put_together
from pushctl.core.secret import Secret
from pushctl.vendors.meizu.judge import RULES

KNOWN = "build.gradle, AndroidManifest.xml or a JSON file with MEIZU_APPID or meizuPushAppId (timpush-configs.json)"

_FACTS: Mapping[str, str] = {"app_id": "app.app_id", "app_key": "app.app_key", "package_name": "app.package_name"}
"""A fact's name and its place in a profile."""
_VALUE = re.compile(
    r"""\b(meizu_?(?:push_?)?app_?(id|key|secret))\b["'\])]*\s*"""  # "MEIZU_APPID", manifestPlaceholders["MEIZU_APPID"]
    r"""(?:[:=,]|\bto\b|android:value\s*=)\s*["']?([A-Za-z0-9-]+)""",
    re.IGNORECASE,
)
_PACKAGE = re.compile(
    r"""(?:\bapplicationId["']?\s*[:=]?|<manifest\b[^>]*?\bpackage\s*=)\s*["']([A-Za-z][\w.]+)["']""", re.ASCII
)
_MARK = re.compile(r"^MZ-", re.IGNORECASE)


def read(name: str, data: bytes, password: Secret | None = None) -> Piece | None:  # noqa: ARG001 - no file has one
    """Recognise one file; None when it names no App ID of Meizu's."""
    text = data.decode("utf-8", "replace")
    found = [(match[1], match[2].lower(), _MARK.sub("", match[3])) for match in _VALUE.finditer(text)]
    facts = {f"app_{what}": value for _, what, value in found if what != "secret"}
    if not facts.get("app_id", "").isdecimal():
        return None
    package = _PACKAGE.search(text)
    if package is not None:
        facts["package_name"] = package[1]
    findings = [RULES["import-no-credential"].finding(name, name=name)]
    findings += [
        RULES["import-secret-left"].finding(name, name=name, key=key) for key, what, _ in found if what == "secret"
    ]
    return Piece(name, "facts", Secret(data, "$PUSHCTL_FILE", f"file:{name}"), facts, tuple(findings))


def combine(pieces: Sequence[Piece]) -> Draft:
    """Put the files together.

    :raises ProfileError: two of them contradict each other (another app).
    """
    return put_together(pieces, _FACTS, "Import the files of one app only.")


def wanted(draft: Draft) -> tuple[str, ...]:
    """The places that a profile with these files needs and no file fills: they must be asked for."""
    missing = () if "app.app_id" in draft.values else ("app.app_id",)
    return (*missing, "credentials.app_secret")
