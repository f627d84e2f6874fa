"""Our own failures. A refusal by a vendor and a lost answer are values, never exceptions.

PushctlError          one sentence what is wrong, one sentence what to do
├── UsageError        the command line, a message file, a payload
├── ProfileError      a profile, a credential file, a secret reference
├── LocalError        this machine: disk full, no permission, no free port
└── Interrupted       Ctrl-C
"""

from __future__ import annotations

from pushctl.core.finding import Finding, readable
from pushctl.core.verdict import ExitCode


class PushctlError(Exception):
    """A failure with its text, its remedy and its exit code.

    :param text: one sentence: what is wrong with which value from where.
    :param fix: one sentence: what to do.
    :param rule: a stable id for machine output (``profile-not-found``).
    :param where: file with line and column, flag or field; or "".
    """

    exit_code = ExitCode.REFUSED
    rule = "error"

    def __init__(self, text: str, fix: str = "", *, rule: str = "", where: str = "") -> None:
        self.text = readable(text)
        self.fix = readable(fix)
        self.rule = rule or type(self).rule
        self.where = readable(where)
        super().__init__(self.text)

    def finding(self) -> Finding:
        """The failure as machine output carries it."""
        return Finding(self.rule, "error", self.text, self.fix, self.where)


class UsageError(PushctlError):
    """The command line, a message file or a payload is wrong. Nothing was sent."""

    exit_code = ExitCode.USAGE
    rule = "usage"


class ProfileError(PushctlError):
    """A profile, a credential file or a secret reference is wrong. Nothing was sent."""

    exit_code = ExitCode.USAGE
    rule = "profile"


class LocalError(PushctlError):
    """This machine cannot do it: disk full, permission denied, port taken."""

    exit_code = ExitCode.REFUSED
    rule = "local"


class Interrupted(PushctlError):  # noqa: N818 - an interruption is no error
    """The user pressed Ctrl-C."""

    exit_code = ExitCode.INTERRUPTED
    rule = "interrupted"
