"""The tokens of a request: how many there are, which of them are refused, and the answer that says so.

Huawei gives no list of results. Which tokens were refused stands in ``msg`` as JSON text, a list in v1 and v2, a map
from reason to tokens in v3; whoever is not listed was accepted.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act
from pushctl.core.emulated_oauth import clock
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei.emulator_answers import (
    ALL_REFUSED,
    SOME_REFUSED,
    TEXTS,
    Call,
    Refusal,
    accepted,
    envelope,
    refused,
)

if TYPE_CHECKING:
    from pushctl.core.emulated import Scenario, World

MAX_TOKENS = 1000
MAX_BODY = 4096
CHINA_S = 8 * 3600
"""Days are counted by the clock of Beijing; unproved."""
Told = Callable[[str, int, Mapping[str, list[str]]], Any]
"""The code, how many were accepted, and the refused ones by reason → the document in ``msg``, or None for text."""


def too_large(document: Mapping[str, Any], holder: str) -> Refusal | None:
    """The limit of 4096 bytes without tokens. The pages do not say how it is counted: compact JSON here (unproved).

    :param holder: the member of the body that holds the list ``token``; "" for the body itself.
    """
    part = document[holder] if holder else document
    rest = {name: value for name, value in part.items() if name != "token"}
    bare = {**document, holder: rest} if holder else rest
    size = len(json.dumps(bare, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    return (
        Refusal("80300008", "body-size", f"{size} bytes of {MAX_BODY} without the tokens") if size > MAX_BODY else None
    )


def too_many(tokens: list[str], most: int = MAX_TOKENS) -> Refusal | None:
    """The number of tokens, which is at least one."""
    if 1 <= len(tokens) <= most:
        return None
    return Refusal("80300010", "token-count", f"{len(tokens)} tokens, 1 to {most} are allowed")


def deliver(
    call: Call,
    tokens: list[str],
    reason_of: Callable[[str], str],
    scenario_of: Callable[[str], Scenario | None],
    told: Told,
) -> Act:
    """Decide every token's fate, and answer.

    :param reason_of: what is wrong with a token, or "".
    :param scenario_of: the scenario that a token stands for, or None.
    :param told: what ``msg`` says when some were refused.
    """
    run = call.book.of(call.world)
    acting = deciding(tokens, scenario_of)
    late = scenarios.expired(call, acting)
    performed = refused(call, late) if late else scenarios.enact(call, acting) if acting is not None else None
    if performed is not None:
        return scenes.flavoured(performed, acting)
    reasons = {token: _forced_reason(run) or reason_of(token) for token in tokens}
    partial = any(each is not None and each.act.get("answer") == SOME_REFUSED for each in (run, acting))
    if partial:
        reasons[tokens[-1]] = reasons[tokens[-1]] or "tokenFormatError"
    return scenes.flavoured(_answer(call, tokens, reasons, told, partial), acting)


def _answer(call: Call, tokens: list[str], reasons: Mapping[str, str], told: Told, partial: bool) -> Act:
    """:param partial: say that some were refused, even where all of them were."""
    by_reason: dict[str, list[str]] = {}
    for token in tokens:
        if reasons[token]:
            by_reason.setdefault(reasons[token], []).append(token)
    failure = sum(map(len, by_reason.values()))
    if not failure:
        return accepted(call, "accepted")
    code = SOME_REFUSED if partial or failure < len(tokens) else ALL_REFUSED
    document = told(code, len(tokens) - failure, by_reason)
    msg = TEXTS[ALL_REFUSED] if document is None else json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    only = f"{ALL_REFUSED}/{next(iter(by_reason)).strip()}"
    known = len(by_reason) == 1 and call.book.catalogue.find(only) is not None
    note = " ".join((f"{failure} of {len(tokens)} tokens refused: {', '.join(by_reason)}.", *call.notes))
    return Act(envelope(call, code, msg), rule="tokens", code=only if known else code, note=note)


def deciding(tokens: list[str], scenario_of: Callable[[str], Scenario | None]) -> Scenario | None:
    """The first of the tokens' scenarios that decides more than its own token's fate."""
    whole = ("answer", "wire", "html", "delay_s", "expire")
    found = (each for each in map(scenario_of, tokens) if each is not None)
    return next((each for each in found if not each.act.keys().isdisjoint(whole)), None)


def _forced_reason(scenario: Scenario | None) -> str:
    return str(scenario.act.get("reason", "")) if scenario is not None else ""


def today(world: World) -> str:
    """The calendar day that quotas are counted by."""
    return datetime.fromtimestamp(clock(world) + CHINA_S, UTC).date().isoformat()


def counted(world: World, what: str, more: int = 1) -> int:
    """How often this has happened today, ``more`` times just now."""
    counts: dict[str, int] = world.state.setdefault("counts", {})
    key = f"{today(world)} {what}"
    counts[key] = counts.get(key, 0) + more
    return counts[key]


def make_token(prefix: str, size: int, readable: str, *, url_safe: bool) -> str:
    """The same token on every machine: ``prefix`` and then base64, ``size`` characters in all.

    :param url_safe: the alphabet with ``-`` and ``_``; else with ``+`` and ``/``, of which each occurs.
    """
    for turn in count():
        digest = hashlib.shake_256(f"pushctl sandbox {readable} {turn}".encode()).digest(size)
        encoded = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(digest).decode()
        token = prefix + encoded[: size - len(prefix)]
        if url_safe or ("+" in token and "/" in token):
            return token
    raise AssertionError  # count() has no end
