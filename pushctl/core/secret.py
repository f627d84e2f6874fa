"""Secrets, and text that may be one."""

from __future__ import annotations

from typing import NoReturn

SECRET_FIELDS = frozenset(
    {
        "access_token", "accesstoken", "assertion", "auth_token", "authtoken", "client_secret", "id_token",
        "private_key", "refresh_token", "sign", "subject_token",
    }
)  # fmt: skip
"""Fields of forms, JSON bodies and queries whose values are secrets, in lower case: to mask what others wrote."""


class Secret:
    """A value that must never be shown.

    It is not a ``str`` on purpose: ``"bearer " + secret`` and ``json.dumps(secret)`` raise ``TypeError``, and
    ``str(secret)`` gives the stand-in. Only the transport's encoder, the code that signs and ``pushctl auth`` call
    :meth:`reveal` or :meth:`reveal_bytes`.

    :param value: the secret, text or bytes (a ``.p12`` is binary).
    :param shown: what stands in its place wherever a request is shown, such as ``"$PUSHCTL_TOKEN"``.
    :param about: what may be told of it in public (a JWT's header and claims, a key's id), or "".
    :param digest: how it was made, where a person can do the same by hand: the name of a hash and the public text that
        it is of, which is followed by the provider token (``$PUSHCTL_TOKEN``).
    """

    __slots__ = ("_value", "about", "digest", "shown")

    def __init__(self, value: str | bytes, shown: str, about: str = "", digest: tuple[str, str] | None = None) -> None:
        self._value = value.encode() if isinstance(value, str) else value
        self.shown = shown
        self.about = about
        self.digest = digest

    def reveal(self) -> str:
        """The secret as text. Raises ``UnicodeDecodeError`` when it is binary."""
        return self._value.decode()

    def reveal_bytes(self) -> bytes:
        """The secret as bytes."""
        return self._value

    def within(self, before: str = "", after: str = "") -> Secret:
        """This secret inside public text: ``token.within("bearer ")`` is shown as ``bearer $PUSHCTL_TOKEN``."""
        return Secret(before.encode() + self._value + after.encode(), f"{before}{self.shown}{after}", self.about)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self.shown)

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"Secret({self.shown})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied into another process")


Text = str | Secret
Pairs = tuple[tuple[str, Text], ...]
"""Names and values in the order of the wire. Repeats are real (Mi form fields, APNs headers)."""


def shown(text: Text) -> str:
    """Text as it may be shown: a secret's stand-in, or the text itself."""
    return text.shown if isinstance(text, Secret) else text


def revealed(text: Text) -> str:
    """Text as it goes onto the wire. For encoders only."""
    return text.reveal() if isinstance(text, Secret) else text
