"""What the emulated Honor Push answers, as values: one request on its way, and the acts that carry the answers.

An acceptance looks as live samples do (easemob/easemob-doc, push API page). No refusal of Honor's was ever seen: that
it is ``{"code": …, "message": …}`` with a code of Huawei's family, and which HTTP status comes with it, is unproved
throughout, and no client may lean on the status.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.core.emulated_http import clock, date, json_response
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.emulated_calls import Refusal

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
ACCEPTED = "200"
SOME_REFUSED = "80100000"
ALL_REFUSED = "80300007"
STRUCTURE = "80100003"
PARAMETER = "80100001"
EXPIRED, FAILED = "data.expireTokens", "data.failTokens"
NOT_SENT = "data.sendResult=false"

_TEXTS = {
    ACCEPTED: "Success",
    "80000000": "Success",
    "0": "Success",
    SOME_REFUSED: "Partial success",
    PARAMETER: "Some request parameters are incorrect",
    STRUCTURE: "Illegal payload",
    "80100004": "Illegal expire time",
    "80100016": "The message contains sensitive content",
    "80200001": "OAuth authentication error",
    "80200003": "OAuth token expired",
    "80300002": "The current app does not have the permission to send messages",
    ALL_REFUSED: "All the tokens are invalid",
    "80300008": "The message body is too long",
    "80300010": "The number of tokens is out of range",
    "80300011": "No right to send high-priority messages",
    "80600003": "Failed to request the OAuth service",
    "81000001": "Internal error",
}
"""Only the first is Honor's; the others are in Huawei's words (unproved)."""

_OAUTH: Mapping[str, tuple[int, str]] = {
    "unauthorized_client": (401, "Invalid client or Invalid client credentials"),
    "invalid_client": (401, "Invalid client or Invalid client credentials"),
    "invalid_grant": (400, "Invalid grant"),
}
"""Status and text by the error. The first text was seen; its words, and the oldest path of the token endpoint, are
those of Keycloak, which answers 401. The other two are unproved."""


@dataclass(slots=True)
class Call:
    """One request on its way through the checks. ``notes``: what the journal is to say of an acceptance."""

    seen: Seen
    peer: Peer
    world: World
    notes: list[str] = field(default_factory=list)

    @property
    def now(self) -> float:
        """The service's clock, Unix seconds."""
        return clock(self.world)

    @property
    def app_id(self) -> str:
        """The app id in the path, or ""."""
        parts = self.seen.path.partition("?")[0].split("/")
        return parts[3] if len(parts) > 3 else ""

    def note(self, sentence: str) -> None:
        """Add a sentence to what the journal says."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal: a code of the push API, an error of OAuth, or a status with an empty body."""
    kind, _, rest = refusal.code.partition("/")
    if kind == "oauth":
        response = _oauth_error(call, rest)
    elif kind == "http":
        response = Response(int(rest), (date(call.world),))
    elif refusal.code == NOT_SENT:
        response = envelope(call, ACCEPTED, _TEXTS[ACCEPTED], _data(call, sent=False))
    else:
        response = envelope(call, refusal.code, refusal.msg or _TEXTS.get(refusal.code, "Error"))
    note = " ".join(filter(None, (refusal.note, *call.notes)))
    return Act(response, rule=refusal.rule, code=refusal.code, note=note)


def delivered(call: Call, code: str, rule: str = "accepted") -> Act:
    """An acceptance of every token, said with one of the codes that clients take for success."""
    return Act(envelope(call, code, _TEXTS[code], _data(call)), rule=rule, note=" ".join(call.notes))


def sorted_out(call: Call, accepted: int, expired: list[str], failed: list[str]) -> Act:
    """The answer when some tokens were refused. What Honor says when all were is not known: Huawei's code, here."""
    code = SOME_REFUSED if accepted else ALL_REFUSED
    data = _data(call, sent=accepted > 0, failed=failed, expired=expired)
    one = EXPIRED if not failed else FAILED if not expired else code
    note = f"{len(expired)} expired and {len(failed)} failed of {accepted + len(expired) + len(failed)} tokens."
    return Act(
        envelope(call, code, _TEXTS[code], data),
        rule="tokens",
        code=code if accepted else one,
        note=" ".join((note, *call.notes)),
    )


def status_of(code: str) -> int:
    """The HTTP status that a code comes with here: what Huawei's pages say (unproved)."""
    if code.startswith("8010") and code != SOME_REFUSED:
        return 400
    return 401 if code.startswith("8020") else 500 if code.startswith("81") else 200


def envelope(call: Call, code: str, text: str, data: Mapping[str, Any] | None = None) -> Response:
    """An answer of the push API. The code is a number; of a refusal there may be no ``data``."""
    document = {"code": int(code), "message": text, **({"data": data} if data is not None else {})}
    return json_response(call.world, status_of(code), document)


def _data(
    call: Call, *, sent: bool = True, failed: list[str] | None = None, expired: list[str] | None = None
) -> dict[str, Any]:
    return {
        "sendResult": sent,
        "requestId": f"{call.app_id}-{call.world.nonce(16).hex()}",
        "failTokens": failed or [],
        "expireTokens": expired or [],
    }


def _oauth_error(call: Call, error: str) -> Response:
    status, text = _OAUTH[error]
    return json_response(call.world, status, {"error": error, "error_description": text}, ("cache-control", "no-store"))
