"""What every question to Mi Push is made of: a request with the AppSecret, and the reading of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import json_object
from pushctl.core.errors import UsageError
from pushctl.core.wire import Reply, Request, Response
from pushctl.vendors.mi import judge
from pushctl.vendors.mi.request import CONTENT_TYPE, build_headers

if TYPE_CHECKING:
    from pushctl.core.vendor import Account, Grant, Question
    from pushctl.core.verdict import Judgement

Pairs = tuple[tuple[str, str], ...]


def get(call: str, account: Account, grant: Grant | None, path: str, query: Pairs) -> Request:
    """A question that changes nothing."""
    return Request(call, "GET", account.hosts["push"] + path, build_headers(None, grant), query=query)


def post(call: str, account: Account, grant: Grant | None, path: str, form: Pairs) -> Request:
    """A question that changes something."""
    headers = (*build_headers(None, grant), ("Content-Type", CONTENT_TYPE))
    return Request(call, "POST", account.hosts["push"] + path, headers, form=form)


def says(reply: Reply) -> Judgement:
    """What an answer comes to. One that was granted has nothing to do with a push, so the catalogue's words about
    pushes are left out."""
    judged = judge.judge("trace", reply, None)[0].says
    return replace(judged, entry=None) if judged.outcome == "accepted" else judged


def document(reply: Reply) -> Mapping[str, Any]:
    """The answer as an object; empty for anything else."""
    return (json_object(reply.body) if isinstance(reply, Response) else None) or {}


def first_package(account: Account) -> str:
    """The package that a question is put for: interfaces below v3 take one."""
    return account.app.get("package_name", "").partition(",")[0]


def one_token(question: Question) -> str:
    """The regid that a question is about. Raises ``UsageError`` where none is named."""
    token = question.values.get("token") or next((one.value for one in question.targets if one.kind == "token"), "")
    if not token:
        raise UsageError("No token is named.", "Name one with --token.", rule="no-target", where="--token")
    return token
