"""Text that may come from anywhere, made fit for a screen.

Widths are counted in terminal cells: an East Asian wide character takes two, a combining mark none.
"""

from __future__ import annotations

import re
import unicodedata

# ECMA-48 control sequences with their parameters, and OSC/DCS/APC strings up to their terminator.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
)
_SPACE = re.compile(r"\s+")
# Shortened wherever a device token may stand in a longer text; the shortest APNs token has 64 characters.
_LONG_RUN = re.compile(r"[0-9A-Za-z_:-]{64,}")
_CLOSING = frozenset("，。、；：！？）】》」』”’…,.;:!?)]")
_ASCII_FORMS = str.maketrans(
    {"…": "...", "×": "x", "·": "-", "✓": "+", "✗": "x", "→": "->", "–": "-", "—": "-", "’": "'", "“": '"', "”": '"'}
)


def is_unsafe(character: str) -> bool:
    """Whether a character can move the cursor, reverse the reading order, hide text, or not be written at all.

    Control (Cc), format (Cf: bidi, zero width, tags, soft hyphen), surrogate (Cs), line and paragraph separators.
    """
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clean(text: str) -> str:
    """Untrusted text on one line: escape sequences and unsafe characters are gone, white space is one blank."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _SPACE.sub(" ", _SEQUENCE.sub("", text))
    return " ".join("".join(c for c in text if not is_unsafe(c)).split())


def clean_code(text: str) -> str:
    r"""Text whose lines and blanks matter: unsafe characters but the newline become ``\u202e``, as in JSON."""
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(escape(c) if c != "\n" and is_unsafe(c) else c for c in text)


def escape(character: str) -> str:
    r"""A character as JSON writes it: ``\u202e``, or a surrogate pair beyond U+FFFF."""
    number = ord(character)
    if number <= 0xFFFF:
        return f"\\u{number:04x}"
    number -= 0x10000
    return f"\\u{0xD800 + (number >> 10):04x}\\u{0xDC00 + (number & 0x3FF):04x}"


def encodable(text: str, encoding: str | None) -> str:
    r"""``text`` in the characters that ``encoding`` has: known signs get an ASCII form, others become ``\u4f60``."""
    if text.isascii() or not encoding:
        return text
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(_ASCII_FORMS)
        try:
            return text.encode(encoding, "backslashreplace").decode(encoding)
        except LookupError:
            return text.encode("ascii", "backslashreplace").decode()
    return text


def shorten(value: str) -> str:
    """A device token as people compare it: its first 8 and last 4 characters. What is short already stays."""
    return value if len(value) <= 16 else f"{value[:8]}…{value[-4:]}"


def shorten_tokens(text: str, tokens: tuple[str, ...] = ()) -> str:
    """A longer text with its device tokens shortened: those given, also as a URL or JSON writes them, and any unbroken
    run of 64 characters or more."""
    for token in tokens:
        text = text.replace(token, shorten(token))
        if not token.isalnum():
            from urllib.parse import quote

            text = text.replace(quote(token, safe=""), shorten(token)).replace(
                token.replace("/", "\\/"), shorten(token)
            )
    return _LONG_RUN.sub(lambda run: shorten(run.group()), text)


def clip(text: str, cells: int) -> str:
    """``text`` in at most ``cells`` cells, with an ellipsis where something is missing."""
    if width(text) <= cells:
        return text
    return _head(text, max(cells - 1, 0)) + "…"


def width(text: str) -> int:
    """How many cells a terminal takes to show ``text``."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def plural(number: int, noun: str, nouns: str = "") -> str:
    """``1 error``, ``2,000 errors``, ``2 pushes``."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def pad(text: str, cells: int) -> str:
    """``text`` with blanks up to ``cells``."""
    return text + " " * (cells - width(text))


def wrap(text: str, cells: int) -> list[str]:
    """``text`` in lines of at most ``cells`` cells, broken at blanks; a longer word is broken anywhere, unless it is a
    URL or a path, which must stay in one piece to be copied. At least one line."""
    cells = max(cells, 2)  # one wide character must fit
    lines: list[str] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}" if line else word
        if width(candidate) <= cells:
            line = candidate
            continue
        if line:
            lines.append(line)
        while width(word) > cells and "/" not in word:
            head = _unopened(word, _head(word, cells))
            lines.append(head)
            word = word[len(head) :]  # noqa: PLW2901 - what is left of it
        line = word
    return [*lines, line] if line or not lines else lines


def guard_workflow_commands(line: str) -> str:
    """A line that GitHub's runner takes for text. It obeys ``::name::`` at the start of a line, blanks before it or
    not, and ``##[name]`` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs), so indenting is not enough."""
    if line.lstrip().startswith("::"):
        line = line.replace("::", "\\::", 1)
    return line.replace("##[", "## [")


def _cells(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"} else 1


def _unopened(word: str, head: str) -> str:
    """The beginning of a word, shortened so that what is left does not begin with a comma: Chinese has no blanks to
    break at. Unchanged where that cannot be."""
    for size in range(len(head), 0, -1):
        if word[size] not in _CLOSING:
            return head[:size]
    return head


def _head(text: str, cells: int) -> str:
    """The longest beginning of ``text`` that takes at most ``cells`` cells."""
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return text[:index]
    return text
