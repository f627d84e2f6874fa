"""What both APIs need to write a request down: headers that HTTP can carry, a body that JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pushctl.core.errors import UsageError
from pushctl.core.secret import Pairs, Text, shown
from pushctl.core.wire import encode_json

_NAME_LETTERS = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def headers(made: Iterable[tuple[str, Text | None]], given: Pairs) -> Pairs:
    """The headers in the order they are sent: ``--header`` replaces in place or adds at the end, letter case ignored.

    :param made: the builder's own; one without a value is left out.
    :raises UsageError: for a header that HTTP cannot carry (RFC 9110 sections 5.1 and 5.5).
    """
    said = {name.casefold() for name, _ in given}
    own = [(name, value) for name, value in made if value is not None]
    known = {name.casefold() for name, _ in own}
    result: list[tuple[str, Text]] = []
    for name, value in own:
        mine = [pair for pair in given if pair[0].casefold() == name.casefold()]
        result += mine if name.casefold() in said else [(name, value)]
    result += [pair for pair in given if pair[0].casefold() not in known]
    for name, value in result:
        _check_header(name, value)
    return tuple(result)


def _check_header(name: str, value: Text) -> None:
    if not name or not _NAME_LETTERS.issuperset(name):
        raise UsageError(
            f"{name!r} is no name for a header.",
            "Use letters, digits and hyphens; the method and the path are not headers.",
            rule="header-name",
            where=f"--header {name}",
        )
    if any(not "\x20" <= letter <= "\U0010ffff" or letter == "\x7f" for letter in shown(value).replace("\t", " ")):
        raise UsageError(
            f"The value of the header {name} has a control character in it: {shown(value)!r}.",
            "Remove it; a line break often comes along when a value is pasted or read from a file.",
            rule="header-value",
            where=name,
        )


def check_json(body: Mapping[str, Any]) -> None:
    """Raises ``UsageError`` for a body that cannot be written as JSON in UTF-8."""
    try:
        encode_json(body).decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            "The message holds a broken letter (half of a surrogate pair), which UTF-8 cannot carry.",
            "Check the encoding of the text where it comes from.",
            rule="text-not-unicode",
        ) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The message cannot be written as JSON: {error}.",
            "NaN, infinity and nesting without end have no place in JSON; send another value.",
            rule="not-json",
        ) from error
