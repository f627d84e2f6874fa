"""Access tokens: ``/message/auth`` with an MD5 signature (dev.vivo.com.cn documents 362, sections on authentication).

A token lives 24 hours, an app may hold several at a time, and the document advises a renewal every one to two hours;
more than 10 requests a second are refused (10093). The header that carries it is ``authToken``.
"""

from __future__ import annotations

import hashlib

from pushctl.core.answers import json_object
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, GrantSpec, MintSteps, Refused
from pushctl.core.wire import Request, Response
from pushctl.vendors.vivo.hosts import AUTH_PATH, HOSTS

LIFE_S = 86400.0
"""Seconds that vivo takes a token for; its answer does not say."""
MARGIN_S = 300.0
"""Seconds that a token is given up before that."""
REUSE_S = 7200.0
"""Seconds that a token is used again: the longer end of what the document advises."""
CONTENT_TYPE = "application/json;charset=UTF-8"


def grant(account: Account, call: str) -> GrantSpec | None:  # noqa: ARG001 - one token for every interface
    """The token of an app; None for an account without a credential."""
    if account.credential is None:
        return None
    host = account.hosts["auth"]
    elsewhere = "" if host == HOSTS["production"]["auth"] else f"{host}."
    return GrantSpec(f"vivo.auth.{elsewhere}{account.app['app_id']}.{account.credential.app_key}", REUSE_S)


def mint(account: Account, spec: GrantSpec, env: Env) -> MintSteps:  # noqa: ARG001 - the account has all of it
    """One request for a token."""
    from pushctl.vendors.vivo import judge

    reply = yield request(account, env)
    says = judge.token(reply)
    token = judge.granted(json_object(reply.body)) if isinstance(reply, Response) else None
    if says.outcome != "accepted" or token is None:
        return Refused(says)
    return Grant(Secret(token, "$PUSHCTL_TOKEN"), env.now, env.now + LIFE_S - MARGIN_S)


def request(account: Account, env: Env) -> Request:
    """The token request. ``appId`` and ``timestamp`` are numbers, as the Java SDK sends them."""
    app_id, millis = account.app["app_id"], int(env.now * 1000)
    app = account.credential
    body = {
        "appId": int(app_id),
        "appKey": app.app_key,
        "timestamp": millis,
        "sign": Secret(sign(app_id, app.app_key, millis, app.secret), "$PUSHCTL_SIGN"),
    }
    return Request("auth", "POST", account.hosts["auth"] + AUTH_PATH, (("Content-Type", CONTENT_TYPE),), json=body)


def sign(app_id: str, app_key: str, millis: int, secret: Secret) -> str:
    """The MD5 of AppID, AppKey, the time and AppSecret, each without blanks around it and nothing between them; hex in
    lower case (``SignUtils.getSign`` of the Java SDK)."""
    text = f"{app_id.strip()}{app_key.strip()}{millis}{secret.reveal().strip()}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
