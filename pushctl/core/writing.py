"""What every vendor needs to write a request down: headers that HTTP can carry, a body that JSON can hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import UsageError
from pushctl.core.secret import Pairs, Secret, Text, shown
from pushctl.core.wire import encode_json

if TYPE_CHECKING:
    from pushctl.core.message import Message

_NAME_LETTERS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


def header_pairs(made: Iterable[tuple[str, Text | None]], given: Pairs) -> Pairs:
    """Every header in the order it is sent: ``--header`` replaces in place or adds at the end, letter case ignored. One
    that is given twice is sent twice.

    :param made: the builder's own; one without a value is left out.
    :raises UsageError: for a header that HTTP cannot carry.
    """
    own = [(name, value) for name, value in made if value is not None]
    result: list[tuple[str, Text]] = []
    for name, value in own:
        mine = [pair for pair in given if pair[0].casefold() == name.casefold()]
        result += mine or [(name, value)]
    known = {name.casefold() for name, _ in own}
    result += [pair for pair in given if pair[0].casefold() not in known]
    for name, value in result:
        check_header(name, value)
    return tuple(result)


def check_header(name: str, value: Text) -> None:
    """Refuse what RFC 9110 (5.1, 5.5) does not let into a header: a line break would be a header of its own."""
    if not name or not _NAME_LETTERS.issuperset(name.lower()):
        raise UsageError(
            f"{name!r} is no name for a header.",
            "Use letters, digits and hyphens; the method and the path are not headers.",
            rule="header-name",
            where=f"--header {name}",
        )
    if any(
        (ord(letter) < 0x20 and letter != "\t") or letter == "\x7f" or "\ud800" <= letter <= "\udfff"
        for letter in shown(value)
    ):
        raise UsageError(
            f"The value of the header {name} has a control character or a broken letter in it: {shown(value)!r}.",
            "Remove it; a line break often comes along when a value is pasted or read from a file.",
            rule="header-value",
            where=name,
        )


def refuse_changes_to_raw(message: Message) -> None:
    """Raises ``UsageError`` when ``--set`` stands beside a body that is sent as it is."""
    if message.raw is not None and message.assignments:
        raise UsageError(
            f"--set {message.assignments[0].path} cannot change a payload that is sent as it is.",
            "Change the payload itself, or build the message from flags or --message.",
            rule="set-on-raw",
            where=f"--set {message.assignments[0].path}",
        )


def own_options(message: Message, vendor: str, known: Collection[str]) -> Mapping[str, Any]:
    """The ``[vendor]`` table of a message file. Raises ``UsageError`` for a key that is not known."""
    options = message.options.get(vendor, {})
    for key in options:
        if key not in known:
            from pushctl.core.payloads import close_name

            close = close_name(key, tuple(known))
            raise UsageError(
                f"[{vendor}] has no field {key!r}.",
                f"Did you mean {close}?" if close else f"Known: {', '.join(known)}; --set reaches any other.",
                rule="unknown-option",
                where=f"{vendor}.{key}",
            )
    return options


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value: what nobody said is left out of a body. Values are not looked into."""
    return {key: value for key, value in fields.items() if value is not None}


def json_text(data: Mapping[str, Any]) -> str:
    """Custom data as Huawei's family takes it: a JSON object inside a string. Raises ``UsageError`` as
    :func:`check_json`."""
    check_json(data)
    return encode_json(dict(data)).decode()


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
    except (TypeError, ValueError) as error:
        place, what = next(_not_json(body, ""), ("the message", str(error)))
        raise UsageError(
            f"{place} is {what}, which JSON does not have.",
            "Write it as text, in quotes, or send another value.",
            rule="not-json",
            where=place,
        ) from error
    except RecursionError as error:
        raise UsageError("The message is nested too deeply for JSON.", "Flatten it.", rule="not-json") from error


def _not_json(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every value that JSON has not, with its place: a date of TOML, NaN, infinity."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_json(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _not_json(item, f"{place}[{number}]")
    elif isinstance(value, float) and not isfinite(value):
        yield place, str(value)
    elif not isinstance(value, str | int | float | Secret | None):
        yield place, f"a {type(value).__name__} ({value})"
