"""The tokens of a request: how many there are, which of them are refused, and the answer that says so.

Huawei gives no list of results. Which tokens were refused stands in ``msg`` as JSON text, a list in v1 and v2, a map
from reason to tokens in v3; whoever is not listed was accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import deciding
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei.emulator_answers import ALL_REFUSED, SOME_REFUSED, TEXTS, accepted, envelope, refused

if TYPE_CHECKING:
    from pushctl.core.emulated import Scenario

MAX_TOKENS = 1000
MAX_BODY = 4096
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


def _forced_reason(scenario: Scenario | None) -> str:
    return str(scenario.act.get("reason", "")) if scenario is not None else ""
