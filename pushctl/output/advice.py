"""What there is to say about a judgement: the catalogue's words, or sensible ones where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.core.masking import scrub

if TYPE_CHECKING:
    from pushctl.core.catalogue import Entry
    from pushctl.core.report import Result
    from pushctl.core.verdict import Judgement
    from pushctl.core.wire import Sent

# Codes of core.wire.Lost: the vendor said nothing, so no catalogue has them.
_LOST: dict[str, str] = {
    "DNS": "check the host name, this machine's name server, or whether a proxy is needed (--proxy, HTTPS_PROXY)",
    "CONNECT": "check that a firewall lets this host and port through, or go through a proxy (--proxy, HTTPS_PROXY)",
    "TLS": "behind a proxy that opens TLS, give its CA certificate with --ca-bundle; else check this machine's clock",
    "PROXY": "check the proxy's address, user and password, and that it allows CONNECT to this host and port",
    "TIMEOUT": "give it a longer --timeout, or check the network's path to this host",
    "CLOSED": "look for a proxy or firewall that cuts connections",
    "PROTOCOL": "check that nothing between here and the vendor changes HTTP (a proxy, a captive portal)",
    "NO_HTTP2": "check that nothing between here and the vendor takes HTTP/2 away (a proxy that opens TLS)",
    "REFUSED_STREAM": "send again: the vendor did not process the request",
    "INTERRUPTED": "look the push up by its id before it is sent again",
}

_BY_CATEGORY: dict[str, str] = {
    "token": "let the app register again and use the fresh token",
    "credential": "check that the profile's key or certificate belongs to this app and environment",
    "permission": "check in the vendor's console what this credential may do",
    "payload": "check the message with 'pushctl lint'",
    "target": "check the topic, channel or app id that the push names",
    "quota": "send more slowly, or wait",
    "classification": "check the message's class and channel in the vendor's console",
    "expired": "get a fresh one",
    "server": "try again later, with growing pauses",
    "network": "check the network's path to the vendor",
    "config": "look at the exact request with --dry-run",
}

_REPEAT: dict[Sent, str] = {
    "no": "safe: nothing reached the vendor",
    "maybe": "NOT SAFE: it may have arrived; a repeat can show the push twice",
    "yes": "NOT SAFE: it arrived; a repeat can show the push twice",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything worth saying about one judgement.

    :ivar detail: what this very answer adds; untrusted.
    :ivar retry_hint: when to retry, without the yes or no; None where nothing is known.
    :ivar explain: what ``pushctl explain`` takes, or None for a code that is not in the catalogue.
    :ivar doubt: a remark for an entry that is not certain, or "".
    """

    summary: str
    detail: str
    causes: tuple[str, ...]
    fixes: tuple[str, ...]
    retry_hint: str | None
    explain: str | None
    doubt: str = ""

    @property
    def sentence(self) -> str:
        """Summary and detail together; a detail that is no sentence of its own stands in brackets."""
        if not self.detail:
            return self.summary
        if self.detail[0].islower():
            return f"{self.summary.removesuffix('.')} ({self.detail})."
        return f"{self.summary} {self.detail}"


def advise(result: Result) -> Advice:
    """The advice for a result; its detail is free of the request's secrets."""
    return advise_on(result.verdict.says, scrub(result.verdict.says.detail, result.request))


def advise_on(says: Judgement, detail: str | None = None) -> Advice:
    """The advice for a judgement.

    :param detail: in place of the judgement's own.
    """
    detail = says.detail if detail is None else detail
    entry = says.entry
    if entry is None:
        fix = "" if says.outcome == "accepted" else _LOST.get(says.code) or _BY_CATEGORY.get(says.category or "", "")
        return Advice(detail or _unheard_of(says), "", (), (fix,) if fix else (), _retry_hint(says), None)
    doubt = doubt_of(entry)
    return Advice(
        entry.summary,
        detail,
        entry.causes,
        entry.fixes,
        _retry_hint(says),
        entry.id,
        f"confidence {doubt}" if doubt else "",
    )


def _unheard_of(says: Judgement) -> str:
    if says.outcome == "accepted":
        return "The vendor accepted the push."
    if says.outcome == "unknown":
        return "No answer that tells what became of the push."
    return f"The vendor refused it with a code that is not in the catalogue: {says.code or 'none'}."


def _retry_hint(says: Judgement) -> str | None:
    """The catalogue's words, led by the time that this answer asks for where they do not name it themselves."""
    known = says.entry.retry_hint if says.entry else None
    if not says.wait_s:
        return known
    wait = span(says.wait_s)
    if known is None:
        return f"after {wait}"
    return known if wait in known else f"after {wait}; {known}"


def doubt_of(entry: Entry) -> str:
    """How certain an entry is, or "" when it is: confirmed by the vendor's documentation and a second source."""
    return {"high": "", "medium": "medium: one good source", "low": "low: one weak source, or inferred"}[
        entry.confidence
    ]


def repeat(says: Judgement) -> str:
    """Whether a push of unknown outcome may be sent again."""
    return _REPEAT[says.sent]


def span(number: float) -> str:
    """Seconds as people say them: ``30 s``, ``20 min``, ``2 h``."""
    for size, unit in ((3600, "h"), (60, "min")):
        if number >= size and number % size == 0:
            return f"{number / size:g} {unit}"
    return f"{number:g} s"
