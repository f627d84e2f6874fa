"""From an answer to verdicts. Pure: the same answer gives the same verdict, whoever asks.

An answer of the push API, as live samples show it (easemob/easemob-doc, push API page)::

    {"code": 200, "message": "Success",
     "data": {"sendResult": true, "requestId": "104410638-…", "failTokens": [], "expireTokens": []}}

The code decides, whatever the HTTP status; it is a number, and clients also read text. Success is 200 with
``sendResult`` true. Refused tokens stand in two lists: ``expireTokens`` are no longer valid, ``failTokens`` were not
accepted, and nothing says why. Of the codes of a refusal no list could be read: the catalogue has Huawei's meanings,
with low confidence, so every refusal also says code and message as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import (
    excerpt,
    from_entry,
    json_object,
    one_line,
    retry_after,
    somebody_else,
    unanswered,
    unlisted,
)
from pushctl.core.catalogue import Catalogue
from pushctl.core.message import Target
from pushctl.core.payloads import texts
from pushctl.core.review import nothing_accepted
from pushctl.core.rules import Rules
from pushctl.core.verdict import Judgement, Renew, Verdict
from pushctl.core.wire import Reply, Response

if TYPE_CHECKING:
    from pushctl.core.catalogue import Category
    from pushctl.core.finding import Finding

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
RULES = Rules(Path(__file__).parent / "rules.json")
NOT_HONOR = "NOT_HONOR"

_SUCCESS = frozenset({"200", "80000000", "0"})
_SAYS_SO_ALONE = "80000000"  # Huawei's success, which has no sendResult; an answer with it was never seen
_SOME_REFUSED = "80100000"
_FAILED, _EXPIRED = "data.failTokens", "data.expireTokens"
_NOT_SENT, _NOT_SAID = "data.sendResult=false", "data.sendResult=missing"
_REFUSED_TOKENS = frozenset({_FAILED, _EXPIRED, "80300007", _SOME_REFUSED})
# Probably an access token that is not good any more; the flow gets another one, once.
_RENEW: Mapping[str, Renew] = {"80200001": "grant", "80200003": "grant", "http/401": "grant"}
# What a device has and will show, or hand over, by itself: neither lost nor delivered.
_HELD = frozenset({"receipt/40000013", "receipt/50000003"})
_OAUTH_ERROR = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of the push API, taken apart.

    :ivar code: as text, whether it was sent as a number or as text. :ivar text: ``message``, or ``msg``.
    :ivar sent: ``data.sendResult``, or None where nothing says it.
    :ivar tokens: refused token to the code that its list stands for.
    """

    code: str
    text: str
    sent: bool | None
    request_id: str | None
    tokens: Mapping[str, str]

    @property
    def raw(self) -> str:
        """Code and message as they came, one sentence."""
        return f"Honor says code {one_line(self.code)}{f', {one_line(self.text, 200)!r}' if self.text.strip() else ''}."

    @property
    def quoted(self) -> str:
        """The message alone, for a verdict that shows the code itself."""
        return f"Honor says: {one_line(self.text, 200)!r}." if self.text.strip() else ""


def judge(call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """One verdict per target, in order; with ``targets`` None one per token that the body tells apart.

    :param call: ``auth`` and ``receipt`` are read as such; of any other the body's shape decides.
    """
    if not isinstance(reply, Response):
        return _same(unanswered(reply, CATALOGUE), reply, targets)
    document = json_object(reply.body)
    if call == "receipt" or isinstance((document or {}).get("statuses"), list):
        return _receipts(reply, targets)
    if call == "auth" or _is_of_oauth(document):
        return _same(token(reply), reply, targets)
    answer = said(document)
    if answer is None:
        return _same(_by_status(reply), reply, targets)
    return _tokens(answer, reply, targets) if answer.tokens else _same(_whole(answer, reply), reply, targets, answer)


def said(document: Mapping[str, Any] | None) -> Said | None:
    """The body taken apart; None when it is no object with a code."""
    code = _code((document or {}).get("code"))
    if document is None or not code:
        return None
    data = document.get("data")
    inner: Mapping[str, Any] = data if isinstance(data, dict) else {}
    message = document.get("message")
    text = message if isinstance(message, str) and message else document.get("msg")
    sent, request_id = inner.get("sendResult"), inner.get("requestId") or document.get("requestId")
    tokens = dict.fromkeys(texts(inner, "failTokens"), _FAILED)
    tokens |= dict.fromkeys(texts(inner, "expireTokens"), _EXPIRED)  # in both: it is the stronger word
    return Said(
        code,
        text if isinstance(text, str) else "",
        sent if isinstance(sent, bool) else None,
        str(request_id) if isinstance(request_id, str | int) and not isinstance(request_id, bool) else None,
        tokens,
    )


# --- the request as a whole, and token by token ----------------------------------------------------------------------


def _whole(answer: Said, reply: Response) -> Judgement:
    """What the answer says of every token that it does not list."""
    if answer.code in _SUCCESS:
        if answer.sent is False:
            return _entry(_NOT_SENT, reply, answer.raw)
        if answer.sent is None and answer.code != _SAYS_SO_ALONE:
            return _not_known(_NOT_SAID, reply, answer.raw)
        return _entry(answer.code, reply)
    if answer.code == _SOME_REFUSED:
        return _not_known(_SOME_REFUSED, reply, f"{answer.raw} It does not say which tokens it speaks of.")
    return _entry(answer.code, reply, answer.quoted)


def _tokens(answer: Said, reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """The listed tokens by their list; the others by the code, which for a partial success means accepted."""
    listed = {code: _entry(code, reply, answer.raw) for code in set(answer.tokens.values())}
    accepted = Judgement("accepted", _SOME_REFUSED, None, http_status=reply.status)
    partial = answer.code == _SOME_REFUSED and answer.sent is not False
    if targets is None:
        verdicts = [
            Verdict(Target("token", value), listed[code], answer.request_id, (), reply.ms)
            for value, code in answer.tokens.items()
        ]
        return [*verdicts, Verdict(None, accepted, answer.request_id, (), reply.ms)] if partial else verdicts
    others = _whole(answer, reply)
    if partial and any(target.value in answer.tokens for target in targets):
        others = accepted
    return [
        Verdict(
            target,
            listed[answer.tokens[target.value]] if target.value in answer.tokens else others,
            answer.request_id,
            (),
            reply.ms,
        )
        for target in targets
    ]


def _entry(code: str, reply: Response, detail: str = "") -> Judgement:
    """A code by its entry; one that has none is a refusal with its own text."""
    entry = CATALOGUE.find(code, reply.status)
    if entry is None:
        return unlisted(code, reply.status, detail)
    wait_s = retry_after(reply) if entry.retryable else None
    return from_entry(entry, reply.status, detail, wait_s=wait_s, renew=_RENEW.get(entry.code, "no"))


def _not_known(code: str, reply: Response, detail: str) -> Judgement:
    """An answer that arrived and does not tell what became of the push."""
    entry = CATALOGUE.find(code)
    category = entry.category if entry else None
    return Judgement("unknown", code, category, http_status=reply.status, detail=detail, entry=entry)


def _by_status(reply: Response) -> Judgement:
    """An answer without a code: the status decides, unless a page or a success shows that somebody else speaks."""
    start = reply.body[:4000].lower()
    entry = CATALOGUE.find(f"http/{reply.status}")
    if entry is None or b"<html" in start or b"<!doctype" in start:
        return somebody_else(NOT_HONOR, reply.status, reply.body, CATALOGUE, reply.header("location") or "")
    return _entry(entry.code, reply, f"It came with {excerpt(reply.body)}.")


def _same(
    says: Judgement, reply: Reply, targets: tuple[Target, ...] | None, answer: Said | None = None
) -> list[Verdict]:
    message_id = answer.request_id if answer else None
    return [Verdict(target, says, message_id, (), reply.ms) for target in targets or (None,)]


# --- the token endpoint ----------------------------------------------------------------------------------------------


def token(reply: Reply) -> Judgement:
    """What the token endpoint says: a token, or an error object of OAuth 2.0 (RFC 6749 section 5.2), looked up as
    ``oauth/<error>``."""
    if not isinstance(reply, Response):
        return unanswered(reply, CATALOGUE)
    from pushctl.vendors._huawei import oauth

    if (found := oauth.token_of(reply)) is not None:
        detail = f"An access token that lives {found[1]:.0f} seconds."
        return Judgement("accepted", "", None, http_status=reply.status, detail=detail)
    document = json_object(reply.body) or {}
    error, described = document.get("error"), document.get("error_description")
    if not isinstance(error, str) or not _OAUTH_ERROR.fullmatch(error):
        answer = said(document)
        refusal = answer is not None and answer.code not in _SUCCESS
        says = _entry(answer.code, reply, answer.quoted) if answer and refusal else _by_status(reply)
        return replace(says, renew="no")  # there is no token yet that could be renewed
    told = f", {one_line(described, 200)!r}" if isinstance(described, str) and described.strip() else ""
    detail = f"The token endpoint says {error}{told}."
    entry = CATALOGUE.find(f"oauth/{error}")
    if entry is None:
        return unlisted(f"oauth/{error}", reply.status, detail, _category(reply.status))
    return from_entry(entry, reply.status, detail)


def _is_of_oauth(document: Mapping[str, Any] | None) -> bool:
    """Whether a body is the token endpoint's, not the push API's: no code, and a token or an error of OAuth."""
    if document is None or "code" in document:
        return False
    if isinstance(document.get("access_token"), str):
        return True
    error = document.get("error")
    known = isinstance(error, str) and CATALOGUE.find(f"oauth/{error}") is not None
    return known or (isinstance(error, str) and "error_description" in document)


def _category(status: int) -> Category:
    """A token request that is refused speaks of the credential, unless the server is in trouble."""
    return "server" if status >= 500 else "quota" if status == 429 else "credential"


# --- receipts --------------------------------------------------------------------------------------------------------


def _receipts(reply: Response, targets: tuple[Target, ...] | None) -> list[Verdict]:
    """The body of a receipt call, which has the flat shape of Huawei's: one verdict per status
    (masastack/MASA.MC: Masa.Mc.Contracts.Admin/Dtos/MessageReceipts/HonorReceiptInput.cs)."""
    from pushctl.vendors._huawei import receipts

    statuses = (json_object(reply.body) or {}).get("statuses")
    if not isinstance(statuses, list) or not any(isinstance(row, dict) for row in statuses):
        return _same(somebody_else(NOT_HONOR, reply.status, reply.body, CATALOGUE), reply, targets)
    return [replace(one, says=_of_receipt(one.says)) for one in receipts.judge(reply, targets, CATALOGUE)]


def _of_receipt(says: Judgement) -> Judgement:
    from pushctl.vendors._huawei import receipts

    if says.code in _HELD:
        return receipts.held(says)
    entry = CATALOGUE.find("receipt/other")
    if says.entry is None and says.code.startswith("receipt/") and entry is not None:
        return replace(says, category=entry.category, entry=entry)
    return says


# --- the whole run ---------------------------------------------------------------------------------------------------


def review(tally: Mapping[Judgement, int]) -> Iterator[Finding]:
    """What no single answer tells.

    :param tally: how many pushes of this run got each judgement.
    """
    return nothing_accepted(tally, RULES, _blamed)


def _blamed(codes: AbstractSet[str]) -> str | None:
    return "every-token-refused" if codes <= _REFUSED_TOKENS else None


# --- small readings --------------------------------------------------------------------------------------------------


def _code(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
