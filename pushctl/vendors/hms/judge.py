"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

How Huawei answers is read in :mod:`pushctl.vendors._huawei.answers`; what is v1's and v2's own is here: the answers
to topic calls, the token endpoint's, the header of the retired gateway, receipts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import from_entry, json_object, one_line, unlisted
from pushctl.core.catalogue import Catalogue
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Verdict
from pushctl.core.wire import Reply, Response
from pushctl.vendors._huawei import answers

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")

_SOME_TOKENS_WRONG = "82000010"
_REFUSED_TOKENS = frozenset({answers.ALL_REFUSED, f"{answers.SOME_REFUSED}/illegal_tokens", answers.SOME_REFUSED})


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per token that the body tells apart.

    :param call: ``auth`` and ``receipt`` are read as such; of any other the body's shape decides.
    """
    from pushctl.vendors._huawei import oauth, receipts  # a push that is answered as usual needs neither

    if call == "receipt" or receipts.is_receipt(reply):
        return receipts.judge(reply, targets, CATALOGUE)
    if call == "auth" or oauth.token_of(reply) is not None:
        return _same(token_refusal(reply), reply, targets)
    if isinstance(reply, Response):
        status = (reply.header("nsp_status") or "0").strip()
        if status != "0" and answers.said(reply.body) is None:
            return _same(_retired_gateway(status, reply), reply, targets)
        document = json_object(reply.body)
        if document is not None and isinstance(document.get("errors"), list) and document["errors"]:
            return _topic(document["errors"], reply, targets)
    return answers.judge(reply, targets, CATALOGUE)


def token_refusal(reply: Reply) -> Judgement:
    """What the token endpoint says."""
    from pushctl.vendors._huawei import oauth

    return oauth.judgement(reply, CATALOGUE)


def _same(says: Judgement, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    return [Verdict(target, says, None, (), reply.ms) for target in targets or (None,)]


def _retired_gateway(status: str, reply: Response) -> Judgement:
    """The header NSP_STATUS of the open platform's gateway, which the push generation before this one sat behind."""
    entry = CATALOGUE.find(f"NSP/{status}")
    return from_entry(entry, reply.status) if entry else unlisted(f"NSP/{status}", reply.status)


def _topic(errors: list[Any], reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """Subscribing and unsubscribing: the tokens that failed stand in ``errors`` by their index in ``tokenArray``
    (HMS-References/push-topicsubscribeapi). Without targets no index can be told whose it is: one verdict for each, and
    one for those that went through."""
    (whole,) = answers.judge(reply, None, CATALOGUE)[:1]
    failed = {
        row["index"]: _for_topic_error(row.get("reason"), reply)
        for row in errors
        if isinstance(row, dict) and isinstance(row.get("index"), int)
    }
    if whole.says.code == answers.SOME_REFUSED:
        accepted = Judgement("accepted", answers.SOME_REFUSED, None, http_status=reply.status)
        whole = replace(whole, target=None, says=accepted)
    if targets is None:
        told = [replace(whole, says=says, facts=(("index", str(index)),)) for index, says in failed.items()]
        done = (json_object(reply.body) or {}).get("successCount")
        rest = not told or (whole.says.outcome == "accepted" and done not in (None, 0, "0"))
        return [*told, *([whole] if rest else [])]
    # An answer that refuses the whole call has no tokens that went through.
    return [replace(whole, target=one, says=failed.get(index, whole.says)) for index, one in enumerate(targets)]


def _for_topic_error(reason: object, reply: Response) -> Judgement:
    text = one_line(str(reason), 200) if reason not in (None, "") else "no reason"
    entry = CATALOGUE.find(text) or CATALOGUE.find(_SOME_TOKENS_WRONG)
    detail = f"Huawei gives the reason {text!r}."
    if entry is None:
        return unlisted(_SOME_TOKENS_WRONG, reply.status, detail, "token")
    says = from_entry(entry, reply.status, detail)
    return replace(says, token_dead=None) if entry.code == _SOME_TOKENS_WRONG else says


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    return "every-token-refused" if codes <= _REFUSED_TOKENS else None
