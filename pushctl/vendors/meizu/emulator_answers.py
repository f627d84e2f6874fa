"""What the emulated Flyme Push answers: always HTTP 200 and one envelope, in which ``code`` is a text.

``value`` of a push names the targets that were refused, by code; of a refused call it is an empty text (MEIZUPUSH/
PushAPI:README.md; a captured one: github.com/MEIZUPUSH/PushDemo/issues/21).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act
from pushctl.core.emulated_http import date, json_response
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call, Refusal

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
ACCEPTED, REDIRECT = "200", "300"
FAILED, PARAMETER, BLANK = "500", "1005", "110004"
UNSUBSCRIBED, INVALID, SWITCHED_OFF, NO_ALIAS = "110002", "110003", "110010", "110005"
FOLDED, PUBLIC_LIMIT = "520", "110011"
TARGET = "target/"
"""What the catalogue writes before the codes that stand in ``value``: some are codes of whole calls as well."""

_SPOKEN: Mapping[str, str] = {"110010": "应用请求频率超过限制"}
"""What an answer that Meizu's documentation prints says in other words than the table of codes."""


def envelope(call: Call, code: str, value: Any, message: str = "", **more: str) -> Response:
    """An answer of any call."""
    return json_response(call.world, 200, {"code": code, "message": message, "value": value, **more})


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal of the whole call; ``http/404`` is a status with an empty body."""
    kind, _, status = refusal.code.partition("/")
    if kind == "http":
        response = Response(int(status), (date(call.world),))
    else:
        host = (call.seen.authority or call.seen.header("host") or call.peer.listener.hosts[0]).partition(":")[0]
        again = f"https://{host}{call.seen.path.partition('?')[0]}" if refusal.code == REDIRECT else ""
        response = envelope(call, refusal.code, "", refusal.msg or _words(refusal.code), redirect=again)
    note = " ".join(filter(None, (refusal.note, *call.notes)))
    return Act(response, rule=refusal.rule, code=refusal.code, note=note)


def _words(code: str) -> str:
    entry = CATALOGUE.find(code)
    return _SPOKEN.get(code) or (entry.term if entry is not None else "")


def told(call: Call, value: Any, rule: str) -> Act:
    """The answer to a question or a change."""
    return Act(envelope(call, ACCEPTED, value, redirect=""), rule=rule, note=" ".join(call.notes))


def pushed(call: Call, refusals: Mapping[str, str], targets: int, *, plain: bool = False) -> Act:
    """The answer to a push, which is accepted as a whole even where every target was refused.

    :param refusals: refused target to its code.
    :param plain: as older answers have it: an empty text for no refusals, and no ``msgId`` (the capture of 2016 in
        Meizu's documentation).
    """
    value: dict[str, list[str]] = {}
    for target, code in refusals.items():
        value.setdefault(code, []).append(target)
    if plain:
        response = envelope(call, ACCEPTED, value or "", redirect="")
    else:
        response = envelope(call, ACCEPTED, value, msgId=call.world.nonce(16).hex())
    first = next(iter(value), "")
    if first:
        call.note(f"{len(refusals)} of {targets} targets refused.")
    return Act(response, rule="pushed", code=f"{TARGET}{first}" if first else None, note=" ".join(call.notes))
