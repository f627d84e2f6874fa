"""Answers as logs hold them: a whole HTTP message, text around them, escaped inside a JSON line, percent-encoded in a
form, printed by Python, cut off in the middle. Pure; what an answer means is the vendor's business."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

Headers = tuple[tuple[str, str], ...]
How = Literal["json", "escaped", "python"]

_DEEPEST = 4  # a JSON line in a JSON line in …
_MOST = 200  # places that are tried
_LOOKED_AT = 1 << 20  # characters, over all of them
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})\b[^\r\n]*(?:\r?\n|$)")
_VERBOSE = re.compile(rb"^< HTTP/[0-9.]+ [0-9]{3}\b", re.MULTILINE)  # what curl -v writes
_REQUEST = re.compile(rb"\s*(?:POST|PUT) \S+ HTTP/[0-9.]+\r?\n")
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ENCODED = re.compile(r"%(?:25)*7[bB](?:%(?:25)*[0-9a-fA-F]{2}|\+|\s)*%(?:25)*22")  # {" in a form, also encoded twice
_BYTES = re.compile(r"""\bb(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)  # as Python prints them
_START = re.compile(r"(?:\[\s*)?\{\s*[\"']")
_OPENED = re.compile(r"\{\s*\\*[\"']")
_OPENING = re.compile(r"\{|\[(?=\s*\{)")
_PYTHON = re.compile(r"(?:\[\s*)?\{\s*'")


@dataclass(frozen=True, slots=True)
class Found:
    """An object within a text, or an array of objects.

    :ivar start: its first character, counted from 0, or that of the outermost object around it.
    :ivar end: the one behind the last.
    :ivar body: the object as JSON.
    :ivar how: as it is, out of escaped text or a JSON string, or converted from what Python prints.
    """

    start: int
    end: int
    body: bytes
    how: How = "json"


def as_utf8(body: bytes) -> bytes:
    """The body without a byte order mark, and in UTF-8 where a shell wrote UTF-16."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace").encode("utf-8", "surrogatepass")
    return body


def http_message(body: bytes) -> tuple[int, Headers, bytes] | None:
    """Status, headers and body of what ``curl -i`` or ``curl -v`` prints; None when there is no status line. Of several
    (a proxy's "Connection established", 100 Continue, redirects) the last one counts."""
    rest = _verbose(body).lstrip()
    found: tuple[int, Headers, bytes] | None = None
    while line := _STATUS_LINE.match(rest):
        after = rest[line.end() :]
        if after.strip(b"\r\n"):
            head, _, rest = after.replace(b"\r\n", b"\n").partition(b"\n\n")
        else:
            head, rest = b"", b""
        if after.startswith((b"\n", b"\r\n")):  # no header at all
            head, rest = b"", after.lstrip(b"\r\n")
        pairs = (row.partition(":") for row in head.decode("utf-8", "replace").split("\n"))
        headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs if name.strip())
        found = int(line[1]), headers, rest
        rest = rest.lstrip() if _STATUS_LINE.match(rest.lstrip()) else b""
    return found


def http_request(body: bytes) -> bytes | None:
    """The body of a whole HTTP request, as a receiver of receipts logs it; None for anything else."""
    if _REQUEST.match(body) is None:
        return None
    return body.lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")[2]


def _verbose(body: bytes) -> bytes:
    """What ``curl -v`` received, as ``curl -i`` would have written it."""
    starts = [match.start() for match in _VERBOSE.finditer(body)]
    if not starts:
        return body
    head, content = [], []
    for line in body[starts[-1] :].splitlines():
        if line.startswith(b"< ") or line == b"<":
            head.append(line[2:])
        elif not line.startswith((b"* ", b"> ", b"{ [", b"} [")):
            content.append(line)
    return b"\n".join([*(line for line in head if line), b"", *content])


# --- objects within a text -------------------------------------------------------------------------------------------


def objects(text: str, depth: int = 0) -> Iterator[Found]:
    """Every object that a text holds: JSON as it stands first, outer before inner; then what strings of it hold, what
    Python printed, and what is there once the text is unescaped."""
    plain = list(_json_objects(text))
    yield from (found for found, _ in plain)
    if depth < _DEEPEST:
        end = 0
        for found, value in plain:
            if found.start >= end:  # the strings of an inner object are the outer one's, too
                end = found.end
                yield from _within(value, found, "escaped", depth)
        for found, value in _python_objects(text):
            yield found
            yield from _within(value, found, "python", depth)
        opened = unescaped(text)
        if opened != text:
            first = _ENCODED.search(text)
            place = max(text.find("{"), 0) or (first.start() if first else 0)
            for inner in objects(opened, depth + 1):
                yield replace(inner, start=place, end=len(text), how="escaped" if inner.how == "json" else inner.how)


def _json_objects(text: str) -> Iterator[tuple[Found, Any]]:
    """The JSON objects of a text, and arrays of them, each with those inside it. What stands within an object that is
    no JSON (it is cut off, escaped, Python's) is a part of something else, and never an answer of its own."""
    decoder = json.JSONDecoder()
    place = 0
    for _ in range(_MOST):
        opening = _OPENING.search(text, place)
        if opening is None:
            return
        start = opening.start()
        try:
            value, place = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            opaque = _OPENED.match(text, start)
            closed = _closing(text, start) if opaque or text[start] == "[" else start + 1
            if closed is None:
                return
            place = closed if opaque else start + 1
            continue
        yield Found(start, place, text[start:place].encode("utf-8", "surrogatepass")), value
        for inner in _parts(value):
            yield Found(start, place, json.dumps(inner, ensure_ascii=False).encode("utf-8", "surrogatepass")), inner


def _parts(value: Any) -> Iterator[dict[str, Any] | list[Any]]:
    """The objects inside a value, and arrays of several, outer before inner; not the value itself."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        several = isinstance(item, list) and len(item) > 1 and all(isinstance(one, dict) for one in item)
        if several or isinstance(item, dict):
            yield item
        yield from _parts(item)


def _within(value: Any, outer: Found, how: How, depth: int) -> Iterator[Found]:
    """The objects inside the strings of a value; their place is the outer one's."""
    for string in _strings(value):
        if holds_objects(string):
            for inner in objects(string, depth + 1):
                kind = how if inner.how == "json" else inner.how
                yield Found(outer.start, outer.end, inner.body, kind)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _python_objects(text: str) -> Iterator[tuple[Found, Any]]:
    """Dicts as ``print()`` writes them: 'single quotes', None, True. They are no JSON, and are made JSON here."""
    end, left = 0, _LOOKED_AT
    for match in list(_PYTHON.finditer(text))[:_MOST]:
        if match.start() < end or left < 0:
            continue
        end_of = _closing(text, match.start())
        left -= (end_of or len(text)) - match.start()
        if end_of is None:
            continue
        try:
            value = _literal(text[match.start() : end_of])
            body = json.dumps(value, ensure_ascii=False, default=_decoded).encode("utf-8", "surrogatepass")
        except (ValueError, TypeError, RecursionError):
            continue
        end = end_of
        yield Found(match.start(), end_of, body, "python"), json.loads(body)


def _literal(text: str) -> Any:
    """What Python reads in its own notation. Raises ``ValueError``."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in somebody's log is no fault of this program
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise ValueError("no literal") from None


def _decoded(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _closing(text: str, start: int) -> int | None:
    """The place behind the brace that closes the one at ``start``; None when it is never closed."""
    depth, quote, place = 0, "", start
    while place < len(text):
        char = text[place]
        if quote:
            if char == "\\":
                place += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return place + 1
        place += 1
    return None


def unescaped(text: str) -> str:
    r"""The text with one level of escaping taken off, ``{\"error\"``, ``{&quot;error&quot;``, a form's
    ``%7B%22error%22`` or Python's ``b'…'``; itself where there is none."""
    if _ENCODED.search(text):
        from urllib.parse import unquote_plus

        return unquote_plus(text)
    if (plain := _BYTES.sub(_of_bytes, text, count=_MOST)) != text:
        return plain
    if "&quot;" in text or "&#34;" in text:
        from html import unescape

        return unescape(text)
    if '\\"' not in text and "\\n" not in text:
        return text
    return _ESCAPED.sub(_character, text)


def _of_bytes(match: re.Match[str]) -> str:
    """What a bytes literal says, where it may be an answer."""
    if "{" not in match[0]:
        return match[0]
    try:
        value = _literal(match[0])
    except ValueError:
        return match[0]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else match[0]


def _character(match: re.Match[str]) -> str:
    named = {"n": "\n", "r": "\r", "t": "\t"}
    return match[0] if len(match[1]) > 1 else named.get(match[1], match[1])


# --- what can be said of a text that holds no answer -----------------------------------------------------------------


def holds_objects(text: str) -> bool:
    """Whether an object may begin in the text, as it is or percent-encoded."""
    return "{" in text or _ENCODED.search(text) is not None


def is_cut(text: str, depth: int = 0) -> bool:
    """Whether an object begins in the text, or in a string of the JSON that it is, and its end is missing."""
    begin = _START.search(text)
    if begin is None:
        opened = unescaped(text)
        return opened != text and depth < _DEEPEST and is_cut(opened, depth + 1)
    if _closing(text, begin.start()) is None:
        return True
    strings = (string for _, value in _json_objects(text) for string in _strings(value) if "{" in string)
    return depth < _DEEPEST and any(is_cut(string, depth + 1) for string in strings)
