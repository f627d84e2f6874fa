"""Checks of what every message has: its texts, its own data, its receipts, the packages that get it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import described, short
from pushctl.core.texts import measure, trivial
from pushctl.vendors.meizu.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.meizu.lint_subject import Subject

_TEXTS = (
    ("noticeBarInfo", "title", "title", 32),
    ("noticeBarInfo", "content", "body", 100),
    ("vipInfo", "subtitle", "subtitle", 16),
)
_RECEIPT_BYTES = (("callback", 128), ("callback.param", 64))
_MOST_PACKAGES = 50


def _texts(pushed: Subject) -> Iterator[Finding]:
    """Title and body must be there and fit; what Meizu calls a character is not said, so emoji are in doubt."""
    if pushed.document is None or pushed.is_flat:
        return
    bar = pushed.group("noticeBarInfo")
    missing = [(name, flag) for _, name, flag, _ in _TEXTS[:2] if _is_blank(bar.get(name))]
    if missing:
        flagged = pushed.message.raw is None  # a raw payload has no flags
        flags = " and ".join(f"--{flag}" if flagged else f"noticeBarInfo.{name}" for name, flag in missing)
        what = " and no ".join(name for name, _ in missing)
        yield RULES["text-missing"].finding("noticeBarInfo", what=what, flags=flags)
    for group, name, flag, most in _TEXTS:
        text, path = pushed.group(group).get(name), f"{group}.{name}"
        if not isinstance(text, str) or not text:
            continue
        told = {"word": flag.capitalize(), "most": most}
        if (size := measure(text, "characters")) > most:
            yield RULES["text-too-long"].finding(path, size=size, **told)
        elif (size := measure(text, "utf16")) > most:
            yield RULES["text-maybe-too-long"].finding(path, size=size, **told)
        if group == "noticeBarInfo" and text.strip() and (why := trivial(text)):
            yield RULES["trivial-text"].finding(path, word=flag, why=why)


def _is_blank(text: object) -> bool:
    return text is None or (isinstance(text, str) and not text.strip())


def _data(pushed: Subject) -> Iterator[Finding]:
    """The app gets texts, whatever was sent."""
    parameters = pushed.group("clickTypeInfo").get("parameters")
    for key, value in parameters.items() if isinstance(parameters, dict) else ():
        if not isinstance(value, str):
            path = f"clickTypeInfo.parameters.{key}"
            yield RULES["data-not-string"].finding(path, path=path, found=described(value))


def _receipts(pushed: Subject) -> Iterator[Finding]:
    extra = pushed.group("extra")
    callback = extra.get("callback")
    for key, most in _RECEIPT_BYTES:
        text = extra.get(key)
        if isinstance(text, str) and (size := measure(text, "bytes")) > most:
            yield RULES["receipt-too-long"].finding(f"extra.{key}", path=f"extra.{key}", size=size, most=most)
    if not callback:
        for key in ("callback.param", "callback.type"):
            if key in extra:
                yield RULES["receipt-needs-callback"].finding(f"extra.{key}", path=f"extra.{key}")
        return
    if isinstance(callback, str) and not callback.lower().startswith(("http://", "https://")):
        yield RULES["receipt-address"].finding("extra.callback", value=short(callback))
    if pushed.task:
        yield RULES["receipt-with-task"].finding("extra.callback")
    else:
        yield RULES["receipt-registered"].finding("extra.callback")


def _packages(pushed: Subject) -> Iterator[Finding]:
    """The SDK's field for apps of several packages."""
    named = pushed.packages.split(",") if pushed.packages else []
    if len(named) > _MOST_PACKAGES:
        yield RULES["packages-limit"].finding("restrictedPackageNames", count=len(named))
    for name in named:
        if not name or name != name.strip() or "." not in name:
            yield RULES["package-name"].finding("restrictedPackageNames", value=short(name))


CHECKS = (_texts, _data, _receipts, _packages)
