"""A secret that is one word of text, as consoles give it: what came along when it was copied, and what was copied in
its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret

Fault = tuple[str, str, str]
"""A rule's id, the end of a sentence that begins with the field's name, and what to do."""


@dataclass(frozen=True, slots=True)
class SecretField:
    """What a vendor's profile says of such a secret.

    :ivar where: ``credentials.app_secret``. :ivar what: "an AppSecret".
    :ivar missing: what to do where there is none, one sentence.
    :ivar again: where to copy it from once more, one sentence.
    :ivar shown: what stands for it, ``$PUSHCTL_APP_SECRET``.
    """

    where: str
    what: str
    missing: str
    again: str
    shown: str


def word(secret: Secret | None, field: SecretField, other: Callable[[str], Fault | None] | None = None) -> Secret:
    """The secret without the byte order mark and the line break of a file.

    :param other: what else a vendor can tell by shape: another value that stands in its place.
    :raises ProfileError: there is none, or it cannot be one.
    """
    if not secret:
        raise ProfileError(
            f"The profile has no {field.where}.", field.missing, rule="credential-missing", where=field.where
        )
    try:
        text = secret.reveal().strip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        text = ""
    fault = _fault(text, field) or (other(text) if other else None)
    if fault is not None:
        rule, what, fix = fault
        raise ProfileError(f"{field.where} {what}.", fix, rule=rule, where=field.where)
    return Secret(text, field.shown, secret.about)


def _fault(text: str, field: SecretField) -> Fault | None:
    if text.startswith("{"):
        return "credential-kind", f"holds a JSON document, not {field.what}", field.again
    if text[:1] in ("'", '"') and text[:1] == text[-1:]:
        return "credential-secret", "has quotation marks around it", "Leave them out where the secret is stored."
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        return "credential-secret", "is empty, or has blanks, control characters or foreign letters in it", field.again
    return None
