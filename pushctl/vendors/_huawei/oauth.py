"""OAuth 2.0 client credentials: one request, a token for about an hour. Used by ``hms`` and ``honor``.

Form and answers: developer.huawei.com HMSCore-Guides/oauth2-0000001212610981, open-platform-error-0000001053869182. The
form's encoder percent-encodes the secret; Huawei's Go sample does not, and breaks on ``+``, ``/``, ``=``, ``&``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import from_entry, json_object, one_line, retry_after, unanswered, unlisted
from pushctl.core.secret import Secret
from pushctl.core.vendor import Grant, MintSteps, Refused
from pushctl.core.verdict import Judgement
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors._huawei import statuses

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.vendor import Env

LIFE_S = 3600.0
"""Seconds that a token lives when the answer does not say."""


def mint(url: str, client_id: str, secret: Secret, env: Env, judge: Callable[[Reply], Judgement]) -> MintSteps:
    """Ask for a token.

    :param url: the whole token endpoint.
    :param secret: the client secret, unencoded; it is shown as ``$PUSHCTL_CLIENT_SECRET``.
    :param judge: the vendor's reading of an answer without a token.
    """
    form = (
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", Secret(secret.reveal_bytes(), "$PUSHCTL_CLIENT_SECRET")),
    )
    reply = yield Request("auth", "POST", url, (("Content-Type", "application/x-www-form-urlencoded"),), form=form)
    found = token_of(reply)
    if found is None:
        return Refused(judge(reply))
    token, life_s = found
    return Grant(Secret(token, "$PUSHCTL_TOKEN"), env.now, env.now + life_s)


def token_of(reply: Reply) -> tuple[str, float] | None:
    """The access token and its life in seconds; None where the answer has none, whatever its status.

    An error beside a token makes it none. ``expires_in`` may be text, missing or nonsense: then it is an hour.
    """
    document = json_object(reply.body) if isinstance(reply, Response) and reply.status < 400 else None
    token = (document or {}).get("access_token")
    if document is None or document.get("error") or not isinstance(token, str) or not token.strip():
        return None
    if not token.isascii() or not token.isprintable() or " " in token:
        return None  # it could not stand in a header
    return token, _seconds(document.get("expires_in"))


def is_refusal(body: bytes) -> bool:
    """Whether this is an error of an OAuth service: ``{"error": 1101, "sub_error": 20003, …}``. Some builds say it
    with status 200 (HMS-Core's samples look for ``error`` in every answer)."""
    document = json_object(body)
    return document is not None and bool(_word(document.get("error"))) and "code" not in document


def judgement(reply: Reply, catalogue: Catalogue) -> Judgement:
    """What Huawei's token endpoint says: ``error`` and ``sub_error`` as one code, ``1101/20003``."""
    if not isinstance(reply, Response):
        return unanswered(reply, catalogue)
    if (found := token_of(reply)) is not None:
        detail = f"An access token that lives {found[1]:.0f} seconds."
        return Judgement("accepted", "", None, http_status=reply.status, detail=detail)
    document = json_object(reply.body)
    if document is None or not _word(document.get("error")):
        own = catalogue.find(f"oauth/{reply.status}")
        if own is not None and not statuses.is_page(reply.body):
            return from_entry(own, reply.status)
        says = statuses.by_status(reply, catalogue)
        return replace(says, renew="no") if says.renew != "no" else says
    error, sub_error = _word(document.get("error")), _word(document.get("sub_error"))
    told = one_line(_word(document.get("error_description")), 200)
    detail = f"The token endpoint says: {told!r}." if told else ""
    code = f"{error}/{sub_error}" if sub_error else error
    entry = catalogue.find(code) or (catalogue.find(error) if sub_error else None)
    if entry is None:
        return unlisted(code, reply.status, detail, _category(reply.status))
    says = from_entry(entry, reply.status, detail, wait_s=retry_after(reply) if entry.retryable else None)
    return says if entry.code == code else replace(says, code=one_line(code))


def _category(status: int) -> Any:
    """A token request that is refused speaks of the credential, unless the server is in trouble."""
    return "server" if status >= 500 else "quota" if status == 429 else "credential"


def _word(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _seconds(value: object) -> float:
    try:
        seconds = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else LIFE_S
    except (ValueError, OverflowError):
        return LIFE_S
    return seconds if 0 < seconds < 1e9 else LIFE_S
