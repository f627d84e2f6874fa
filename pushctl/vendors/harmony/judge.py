"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

How Huawei answers is read in :mod:`pushctl.vendors._huawei.answers`; v3 gives a reason for every refused token, which
becomes a code of its own: ``80300007/noRight``. Revoking is answered alike (harmonyos-references/push-msg-revoke).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.core.catalogue import Catalogue
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.vendors._huawei import answers

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.core.message import Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per token that the body tells apart.

    :param call: ``receipt`` is read as such; of any other the body's shape decides.
    """
    from pushctl.vendors._huawei import receipts

    if call == "receipt" or receipts.is_receipt(reply):
        return receipts.judge(reply, targets, CATALOGUE)
    return answers.judge(reply, targets, CATALOGUE)


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    if codes == {f"{answers.ALL_REFUSED}/noRight"}:
        return "every-token-of-another-project"
    if codes == {f"{answers.ALL_REFUSED}/tokenFormatError"}:
        return "every-token-malformed"
    refused = all(code.startswith((answers.ALL_REFUSED, answers.SOME_REFUSED)) for code in codes)
    return "every-token-refused" if refused else None
