"""What an answer without a code of Huawei's means, and which answers ask for a new token. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushctl.core.answers import excerpt, from_entry, retry_after, somebody_else

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.verdict import Judgement, Renew
    from pushctl.core.wire import Response

NOT_HUAWEI = "NOT_HUAWEI"

# Huawei's Go and Node samples fetch a token anew after 80200003, the Go one after 80200001 as well (HMS-Core/
# hms-push-serverdemo-go, -nodejs); the flow does it once.
RENEW: Mapping[str, Renew] = {"80200001": "grant", "80200003": "grant", "80200005": "grant", "http/401": "grant"}


def by_status(reply: Response, catalogue: Catalogue) -> Judgement:
    """What an answer without a code means: the status decides, unless a page or a success shows that somebody else
    is speaking. Huawei's flow control is a 503 with an empty body."""
    entry = catalogue.find(f"http/{reply.status}")
    if entry is None or is_page(reply.body):
        return somebody_else(NOT_HUAWEI, reply.status, reply.body, catalogue, reply.header("location") or "")
    detail = f"It came with {excerpt(reply.body)}."
    wait_s = retry_after(reply) if entry.retryable else None
    return from_entry(entry, reply.status, detail, wait_s=wait_s, renew=RENEW.get(entry.code, "no"))


def is_page(body: bytes) -> bool:
    """Whether a body is a web page: no vendor answers with one."""
    start = body[:4000].lower()
    return b"<html" in start or b"<!doctype" in start
