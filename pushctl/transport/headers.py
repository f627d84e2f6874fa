"""Header fields as they go onto the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.secret import revealed

if TYPE_CHECKING:
    from pushctl.core.wire import Request

_PUNCTUATION = frozenset("!#$%&'*+-.^_`|~")
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}
)


def wire_headers(request: Request) -> tuple[tuple[str, str], ...]:
    """The request's headers with their secrets revealed, names in lower case, blanks around values cut off.

    Raises ``UsageError`` for what HTTP cannot carry (RFC 9110 section 5, RFC 9113 section 8.2); the text names the
    header and never holds its value.
    """
    return tuple((_name(name), _value(name, revealed(value))) for name, value in request.headers)


def _name(name: str) -> str:
    if not name or not name.isascii() or not all(char.isalnum() or char in _PUNCTUATION for char in name):
        raise UsageError(
            f"{name[:40]!r} is no HTTP header name", "use letters, digits and hyphens", rule="bad-header", where=name
        )
    if name.lower() in _OF_THE_CONNECTION:
        raise UsageError(
            f"the header {name} is about the connection and cannot be set",
            "leave it out",
            rule="bad-header",
            where=name,
        )
    return name.lower()


def _value(name: str, value: str) -> str:
    if any(char in value for char in "\r\n\0"):
        raise UsageError(
            f"the value of the header {name} holds a line break or NUL", "remove it", rule="bad-header", where=name
        )
    return value.strip(" \t")
