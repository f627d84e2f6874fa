"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

How Huawei answers is read in :mod:`pushctl.vendors._huawei.answers`; v3 gives a reason for every refused token, which
becomes a code of its own: ``80300007/noRight``. Revoking is answered alike (harmonyos-references/push-msg-revoke).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.core.catalogue import Catalogue
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
    """What no single answer tells: several pushes, and not one accepted.

    :param tally: how many pushes of this run got each judgement.
    """
    total = sum(tally.values())
    if total < 2 or any(says.outcome == "accepted" for says in tally):
        return
    codes = {says.code for says in tally}
    categories = {says.category for says in tally}
    listed = ", ".join(sorted(codes))
    if codes == {f"{answers.ALL_REFUSED}/noRight"}:
        yield RULES["every-token-of-another-project"].finding(count=total)
    elif codes == {f"{answers.ALL_REFUSED}/tokenFormatError"}:
        yield RULES["every-token-malformed"].finding(count=total)
    elif all(code.startswith((answers.ALL_REFUSED, answers.SOME_REFUSED)) for code in codes):
        yield RULES["every-token-refused"].finding(count=total, codes=listed)
    elif categories <= {"credential", "permission"}:
        yield RULES["credential-refused"].finding(count=total, codes=listed)
    elif categories == {"network"}:
        yield RULES["nothing-answered"].finding(count=total, codes=listed)
