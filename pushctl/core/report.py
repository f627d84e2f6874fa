"""What a run of pushes came to, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pushctl.core.verdict import ExitCode, Verdict, exit_code_of

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Kind
    from pushctl.core.wire import Reply, Request


@dataclass(frozen=True, slots=True)
class Result:
    """One target's verdict with its circumstances.

    :ivar profile: None when no profile was involved (``explain`` of a response found in a log).
    :ivar request: the request that decided it, or None likewise.
    :ivar validated: what ``--validate-only`` means to this vendor, one sentence, or "" for a push.
    :ivar id_name: what the vendor calls the push's id where no header names it.
    :ivar where_next: one sentence: where to look after an accepted push, or "".
    """

    vendor: str
    verdict: Verdict
    kind: Kind
    reply: Reply
    request: Request | None = None
    profile: str | None = None
    environment: str | None = None
    emulated: bool = False
    where_next: str = ""
    validated: str = ""
    id_name: str = "message id"


@dataclass(slots=True)
class Report:
    """Everything that was sent, in the order in which the answers came, and what is to be said about the whole."""

    results: list[Result] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    interrupted: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """``INTERRUPTED``, else the results' common code, ``MIXED``, or ``USAGE`` when a finding stopped the run."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if not self.results and any(finding.level == "error" for finding in self.findings):
            return ExitCode.USAGE
        return exit_code_of(result.verdict.says.exit_code for result in self.results)
