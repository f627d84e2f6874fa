"""Device tokens: files of them as people have them, and what one looks like."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.vendor import Answer, Vendor
    from pushctl.flows.session import Session

_COLUMNS = ("token", "device_token", "devicetoken", "device token", "regid", "registration_id", "push_token")


def read_tokens(content: bytes, name: str) -> list[str]:
    """The tokens of a file: one a line (``#`` comments), CSV, or JSONL.

    A CSV has a ``token`` column, or its tokens in the first; a JSONL line is a string or an object with ``token``.

    :param name: the file, for the error text.
    Raises ``UsageError`` when it holds none or cannot be read as what it looks like.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 at byte {error.start}.", "Save it as UTF-8.", where=name) from None
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if lines and lines[0].lstrip().startswith("["):
        raise UsageError(
            f"{name} is a JSON array.", "Write one token a line (jq -r '.[]' does it).", rule="no-tokens", where=name
        )
    if lines and lines[0].lstrip().startswith(("{", '"')) and not _is_header(lines[0]):
        tokens = [_from_json(line, f"{name}, line {number}") for number, line in enumerate(lines, 1)]
    elif lines and ("," in lines[0] or ";" in lines[0] or "\t" in lines[0] or _is_header(lines[0])):
        tokens = _from_csv(lines, name)
    else:
        tokens = [line.strip() for line in lines]
    tokens = [token for token in tokens if token]
    if not tokens:
        raise UsageError(f"{name} holds no device token.", "Write one token a line.", rule="no-tokens", where=name)
    return tokens


def _is_header(line: str) -> bool:
    return any(
        cell.strip().strip('"').casefold() in _COLUMNS for cell in line.replace(";", ",").replace("\t", ",").split(",")
    )


def _from_csv(lines: list[str], name: str) -> list[str]:
    import csv
    import io

    delimiter = max(",;\t", key=lines[0].count)
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(
            f"{name} is no CSV: {error}.", "Look for a quote that is not closed.", rule="bad-csv", where=name
        ) from None
    header = [cell.strip().casefold() for cell in rows[0]]
    column = next((index for index, cell in enumerate(header) if cell in _COLUMNS), None)
    if column is None:
        return [row[0].strip() for row in rows]
    return [row[column].strip() for row in rows[1:] if len(row) > column]


def _from_json(line: str, where: str) -> str:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: also an integer of thousands of digits
        reason = getattr(error, "msg", "nested too deeply" if isinstance(error, RecursionError) else "a huge number")
        raise UsageError(
            f"{where} is not JSON: {reason}.", "One JSON value a line.", rule="bad-json", where=where
        ) from None
    token = (
        row
        if isinstance(row, str)
        else next((row[key] for key in _COLUMNS if key in row), None)
        if isinstance(row, dict)
        else None
    )
    if not isinstance(token, str):
        raise UsageError(f"{where} has no token.", 'Write {"token": "…"}.', rule="no-tokens", where=where)
    return token.strip()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What can be said of a token without asking anybody.

    :ivar looks_like: service and words, for every service whose tokens look so; also one that pushctl cannot push to.
    :ivar vendor: whose rules it was held to, or None.
    """

    token: str
    looks_like: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    vendor: str | None = None

    @property
    def exit_code(self) -> ExitCode:
        """``TOKEN`` when an error is among the findings, or when it looks like nothing and nobody was named."""
        bad = any(one.level == "error" for one in self.findings) or not (self.looks_like or self.vendor)
        return ExitCode.TOKEN if bad else ExitCode.ACCEPTED


def inspect(token: str, vendor: Vendor | None = None) -> Inspection:
    """Whose token it looks like, and what is wrong with its shape.

    :param vendor: whose rules it is held to; else those of the only vendor that it looks like.
    """
    from pushctl.core.message import Target
    from pushctl.vendors import _tokens, registry

    alike = tuple((shape.service, f"{shape.service}: {shape.told}") for shape in _tokens.looks_like(token))
    only = alike[0][0] if len(alike) == 1 else ""
    judge = vendor or (registry.load(only) if only in registry.VENDORS else None)
    findings = tuple(judge.lint_target(None, Target("token", token))) if judge else ()
    return Inspection(token, alike, findings, judge.card.id if vendor and judge else None)


def ask_about(session: Session, token: str) -> tuple[Inspection, Answer | None]:
    """The token's shape, and what its vendor knows of it; None where the vendor has no such API, or none for this token
    (OPPO's list of dead ids is China's), and for one whose shape is wrong beyond doubt (nothing is sent then)."""
    from pushctl.core.message import Target
    from pushctl.core.vendor import Question
    from pushctl.flows.ask import ask

    found = inspect(token, session.vendor)
    wrong = any(one.level == "error" for one in found.findings)
    if wrong or "token" not in session.vendor.asks:
        return found, None
    try:
        return found, ask(session, "token", Question(targets=(Target("token", token),)))
    except UsageError as error:
        if error.rule != "no-such-api":
            raise
        return replace(found, findings=(*found.findings, replace(error.finding(), level="info"))), None
