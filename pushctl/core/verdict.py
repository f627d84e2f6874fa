"""What an answer means, and the one mapping to the exit code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pushctl.core.catalogue import Category, Entry
    from pushctl.core.message import Target
    from pushctl.core.wire import Sent

Outcome = Literal["accepted", "refused", "unknown"]
Renew = Literal["no", "grant", "grant+connection"]


class ExitCode(IntEnum):
    """The exit status of every command. ``pushctl help exit-codes`` prints it."""

    ACCEPTED = 0
    REFUSED = 1
    USAGE = 2
    TOKEN = 3
    CREDENTIAL = 4
    PAYLOAD = 5
    QUOTA = 6
    NETWORK = 7
    SERVER = 8
    MIXED = 9
    INTERRUPTED = 130


EXIT_CODE_MEANINGS: dict[ExitCode, str] = {
    ExitCode.ACCEPTED: "accepted (by the vendor; accepted is not delivered)",
    ExitCode.REFUSED: "refused for another reason, or a check failed",
    ExitCode.USAGE: "usage, profile or lint error; nothing was sent",
    ExitCode.TOKEN: "token or target bad or dead",
    ExitCode.CREDENTIAL: "credential or permission",
    ExitCode.PAYLOAD: "payload or classification",
    ExitCode.QUOTA: "quota or rate",
    ExitCode.NETWORK: "network, TLS, proxy or timeout; 'sent' says whether a repeat is safe",
    ExitCode.SERVER: "vendor server error",
    ExitCode.MIXED: "mixed results",
    ExitCode.INTERRUPTED: "interrupted",
}

_BY_CATEGORY: dict[Category, ExitCode] = {
    "token": ExitCode.TOKEN,
    "target": ExitCode.TOKEN,
    "credential": ExitCode.CREDENTIAL,
    "permission": ExitCode.CREDENTIAL,
    "payload": ExitCode.PAYLOAD,
    "classification": ExitCode.PAYLOAD,
    "quota": ExitCode.QUOTA,
    "network": ExitCode.NETWORK,
    "server": ExitCode.SERVER,
    "config": ExitCode.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one distinct answer means. It holds no target, so that a thousand equal answers share one.

    :ivar code: the vendor's own code (``BadDeviceToken``), or the :class:`~pushctl.core.wire.Lost` code.
    :ivar category: None for an accepted push.
    :ivar sent: whether the vendor can have processed the request.
    :ivar token_dead: True, False, or None where the answer does not tell.
    :ivar wait_s: seconds to wait before a retry, where the answer says so.
    :ivar renew: what to renew before one repeat; the flow does it.
    :ivar http_status: None where no HTTP answer arrived.
    :ivar detail: what this very answer adds to the catalogue's text (a timestamp, the vendor's own sentence, why the
        answer was lost); untrusted where it quotes the vendor.
    :ivar entry: the catalogue's entry, or None for a code that is not in it.
    """

    outcome: Outcome
    code: str
    category: Category | None
    sent: Sent = "yes"
    token_dead: bool | None = None
    retryable: bool = False
    wait_s: float | None = None
    renew: Renew = "no"
    http_status: int | None = None
    detail: str = ""
    entry: Entry | None = None

    @property
    def of_receipt(self) -> bool:
        """Whether it tells what became of a push on the device: the codes of receipts begin with ``receipt/`` in every
        catalogue. Its outcome is then about the delivery, not about the vendor's taking it."""
        return self.code.startswith("receipt/")

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of this judgement: the one place that decides it."""
        if self.outcome == "accepted":
            return ExitCode.ACCEPTED
        if self.category == "expired":
            return ExitCode.TOKEN if self.token_dead else ExitCode.REFUSED
        return _BY_CATEGORY[self.category] if self.category else ExitCode.REFUSED


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target's fate.

    :ivar message_id: the vendor's id of the push (``apns-id``), to look it up with.
    :ivar facts: further public ids and values worth showing (``apns-unique-id``), in the vendor's words.
    :ivar ms: milliseconds from sending to the answer.
    """

    target: Target | None
    says: Judgement
    message_id: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    ms: int = 0


def exit_code_of(codes: Iterable[ExitCode]) -> ExitCode:
    """One exit code for many results: theirs if they agree, ``MIXED`` if they differ, ``ACCEPTED`` for none."""
    distinct = set(codes)
    if len(distinct) > 1:
        return ExitCode.MIXED
    return distinct.pop() if distinct else ExitCode.ACCEPTED
