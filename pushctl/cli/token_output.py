"""What ``pushctl token inspect`` says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pushctl.core.verdict import ExitCode
from pushctl.output import documents, screens
from pushctl.output.text import shorten
from pushctl.output.view import Facts, Headline, View

if TYPE_CHECKING:
    from pushctl.core.vendor import Answer
    from pushctl.flows.tokens import Inspection


def view(found: Inspection, answer: Answer | None, *, emulated: bool = False) -> View:
    """Whose token it looks like, what is wrong with it, and what the vendor answered."""
    rows = [("token", f"{shorten(found.token)} ({len(found.token)} characters)")]
    rows += [("looks like" if number == 0 else "", text) for number, (_, text) in enumerate(found.looks_like)]
    if not found.looks_like:
        rows.append(("looks like", "no vendor's tokens; their shape is no promise, so this proves nothing"))
    problems = tuple(block for finding in found.findings for block in screens.finding_view(finding))
    if answer is not None:
        whole = replace(answer, facts=(*rows, *answer.facts))
        return (*screens.answer_view(whole, found.vendor or "", emulated=emulated), *problems)
    if found.vendor:
        rows.append(("asked", f"nobody: {found.vendor} has no API that tells of this token"))
    head = Headline("info", "SHAPE", "nothing was sent")
    return (*(screens.EMULATED if emulated else ()), head, Facts(tuple(rows)), *problems)


def exit_code(found: Inspection, answer: Answer | None) -> ExitCode:
    """The answer's code; an accepted one that tells of an error (a token of another project) is a bad token all the
    same."""
    if answer is None:
        return found.exit_code
    wrong = any(finding.level == "error" for finding in answer.findings)
    return ExitCode.TOKEN if wrong and answer.exit_code is ExitCode.ACCEPTED else answer.exit_code


def document(found: Inspection, answer: Answer | None, *, emulated: bool = False) -> dict[str, Any]:
    """``pushctl/token/1``."""
    code = exit_code(found, answer)
    asked = documents.answer_document(found.vendor or "", answer, emulated=emulated) if answer else None
    return documents.document(
        "token",
        {
            "ok": code == 0,
            "exit_code": int(code),
            "token": found.token,
            "looks_like": [{"vendor": vendor, "about": text} for vendor, text in found.looks_like],
            "findings": [documents.finding_row(finding) for finding in found.findings],
            "answer": asked,
        },
    )
