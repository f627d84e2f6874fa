"""What the questions share: their headers, and the request to the Instance ID service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pushctl.core.errors import UsageError
from pushctl.core.wire import Request

if TYPE_CHECKING:
    from pushctl.core.secret import Pairs, Text
    from pushctl.core.vendor import Account, Grant


def headers(account: Account, grant: Grant | None, *, body: bool = False, iid: bool = False) -> Pairs:
    """The headers of a question.

    :param body: whether it has a JSON body.
    :param iid: whether it goes to the Instance ID service, which takes an OAuth token only where this header says so
        (firebase-admin-python:firebase_admin/messaging.py).
    """
    made: tuple[tuple[str, Text | None], ...] = (
        ("Authorization", grant.value.within("Bearer ") if grant else None),
        ("Content-Type", "application/json" if body else None),
        ("access_token_auth", "true" if iid else None),
        ("X-GOOG-API-FORMAT-VERSION", None if iid else "2"),
        ("x-goog-user-project", account.app.get("quota_project_id")),
    )
    return tuple((name, value) for name, value in made if value is not None)


def instance_info(account: Account, grant: Grant | None, token: str, call: str) -> Request:
    """``GET iid/info/{token}?details=true``: the app, the project and the topics of a token."""
    url = f"{account.hosts['iid']}/iid/info/{segment(token)}"
    return Request(call, "GET", url, headers(account, grant, iid=True), (("details", "true"),))


def segment(value: str) -> str:
    """A value as one piece of a path. Raises ``UsageError`` for the two that would be steps in it: a server may take
    ``registrations/..`` for all of them."""
    if value in (".", ".."):
        raise UsageError(f"{value!r} is no device.", "Give its token.", rule="bad-token", where="--token")
    return quote(value, safe="")


def following(document: Mapping[str, Any]) -> str:
    """The token of the next page, or "", also for one that cannot stand in a URL."""
    token = document.get("nextPageToken", document.get("next_page_token"))
    return token if isinstance(token, str) and token.isascii() and token.isprintable() else ""
