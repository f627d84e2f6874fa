"""What APNs answers, as values: a refusal, and the acts that carry it or an acceptance."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act, Listener, Peer, Seen, World
from pushctl.core.wire import Response

DAY_S = 86400
GONE_SINCE_S = 2 * DAY_S
"""How long ago the emulated dead tokens died."""
FULL_STREAMS = 1000
"""MAX_CONCURRENT_STREAMS of a trusted connection (jchambers/pushy issue 878)."""

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not accepted.

    :ivar code: the reason as APNs writes it.
    :ivar rule: the emulator's rule that decided.
    :ivar note: one sentence for the journal; says so where no vendor text, captured answer or client proves the rule.
    """

    code: str
    rule: str
    note: str = ""


@dataclass(slots=True)
class Call:
    """One request on its way through the checks.

    :ivar id_header: ``apns-id`` for devices, ``apns-request-id`` for channels and broadcasts.
    :ivar notes: what the journal is to say of an acceptance.
    """

    seen: Seen
    peer: Peer
    world: World
    id_header: Literal["apns-id", "apns-request-id"] = "apns-id"
    notes: str = ""

    @property
    def listener(self) -> Listener:
        return self.peer.listener

    def note(self, sentence: str) -> None:
        """Add a sentence to what the journal says."""
        self.notes = f"{self.notes} {sentence}".strip()


Check = Callable[[Call], Refusal | None]


def is_uuid(text: str) -> bool:
    """Whether it is a UUID in its canonical form, any version and letter case."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def new_uuid(world: World) -> str:
    """A UUID in lower case out of the world's random bytes."""
    return str(uuid.UUID(bytes=world.nonce(16), version=4))


@cache
def status_of(code: str) -> int:
    """The HTTP status that the catalogue gives a reason; 400 where it has none."""
    entry = CATALOGUE.find(code)
    return entry.http_status if entry is not None and entry.http_status is not None else 400


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal: JSON with ``reason``, and with 410 the ``timestamp`` in milliseconds."""
    status = status_of(refusal.code)
    told: dict[str, object] = {"reason": refusal.code}
    if status == 410:
        told["timestamp"] = int((call.world.now() - GONE_SINCE_S) * 1000)
    headers = (_id(call), ("content-type", "application/json"))
    body = json.dumps(told, separators=(",", ":")).encode()
    return Act(Response(status, headers, body), rule=refusal.rule, code=refusal.code, note=refusal.note)


def accepted(
    call: Call, rule: str, status: int = 200, extra: tuple[tuple[str, str], ...] = (), body: bytes = b""
) -> Act:
    """The answer of an acceptance."""
    kind = (("content-type", "application/json"),) if body else ()
    return Act(Response(status, (_id(call), *extra, *kind), body), rule=rule, note=call.notes)


def unique_id(call: Call) -> tuple[tuple[str, str], ...]:
    """``apns-unique-id``, which only the sandbox environment gives (A-console)."""
    if call.listener.environment != "sandbox":
        return ()
    return (("apns-unique-id", new_uuid(call.world)),)


def _id(call: Call) -> tuple[str, str]:
    """The caller's id unchanged, or a new one in upper case. A malformed one is not echoed (unproved)."""
    given = call.seen.header(call.id_header)
    return call.id_header, given if given is not None and is_uuid(given) else new_uuid(call.world).upper()
