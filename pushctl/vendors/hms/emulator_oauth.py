"""The emulated OAuth service: client credentials in, an access token out, and who a request to the push API is from.

Sources: HMSCore-Guides/oauth2-0000001212610981, open-platform-error-0000001053869182 (codes). The order is inferred.
"""

from __future__ import annotations

import hmac
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_http import date, form_of
from pushctl.core.emulated_oauth import bearer, claims_of, issue
from pushctl.core.wire import Response
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei.emulator_accounts import signer_of
from pushctl.vendors._huawei.emulator_answers import refused
from pushctl.vendors.hms.emulator_credentials import ACCOUNTS, APP, PROJECT, PROJECT_OF, SECRET_OF, secret_file

if TYPE_CHECKING:
    from pushctl.core.emulated import World

TOKEN_PATHS = ("/oauth2/v3/token", "/oauth2/v2/token")
LIFE_S = 3600
MOST, WINDOW_S = 1000, 300
PREFIX = "CV/SBX/"
"""Tokens contain slashes, which the answer escapes: whoever copies one by hand has to undo that."""
_DIGITS = re.compile(r"[0-9]{1,64}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request is from.

    :ivar project: as the sandbox knows it. :ivar app: of an OAuth client; None for a service account, which speaks
        for every app of its project.
    """

    project: str
    app: str | None


# --- the token endpoint ----------------------------------------------------------------------------------------------


def token_endpoint(call: Call) -> Act:
    """Answer a request for an access token."""
    if call.seen.path.partition("?")[0] not in TOKEN_PATHS:
        return refused(call, Refusal("http/404", "path"))
    if call.seen.method != "POST":
        return refused(call, Refusal("oauth/405", "method"))
    forced = _forced(call)
    if forced is not None:
        return forced
    form = form_of(call.seen)
    if form is None:
        return _refused(call, "20152", "form", "no form, or one that is not percent-encoded")
    refusal = _grant_type(call, form) or _client(call, form)
    return refusal or _issued(call, APP if _is_own(call.world, form["client_id"]) else form["client_id"])


def _forced(call: Call) -> Act | None:
    scenario = call.book.of(call.world)
    answer = str(scenario.act.get("answer", "")) if scenario is not None else ""
    if scenario is None or not answer.startswith("1101"):
        return scenarios.forced(call, "auth")
    return _refused(call, answer.removeprefix("1101").removeprefix("/"), f"scenario {scenario.name}")


def _grant_type(call: Call, form: dict[str, str]) -> Act | None:
    if form.get("grant_type") == "client_credentials":
        return None
    return _refused(call, "20182", "grant-type", "only client_credentials is emulated")


def _client(call: Call, form: dict[str, str]) -> Act | None:
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not _DIGITS.fullmatch(client):
        return _refused(call, "20002", "client-id-form")
    if not secret:
        return _refused(call, "20171", "secret-present")
    app = APP if _is_own(call.world, client) else client
    if app not in SECRET_OF:
        return _refused(call, "20003", "client-known")
    if secret != secret.strip() or not secret.isprintable():
        return _refused(call, "20172", "secret-form", "a blank or a line break around it; unproved")
    known = (call.world.folder / secret_file(SECRET_OF[app])).read_bytes()
    if not hmac.compare_digest(known, secret.encode("utf-8", "surrogateescape")):
        return _refused(call, "12304", "secret-matches")
    return _throttled(call, app)


def _throttled(call: Call, app: str) -> Act | None:
    """1000 tokens in five minutes; then refused until the window ends. With which code is not documented: 503 is what
    the OAuth page lists for throttling."""
    times: dict[str, deque[float]] = call.world.state.setdefault("tokens issued", {})
    issued = times.setdefault(app, deque())
    while issued and issued[0] <= call.now - WINDOW_S:
        issued.popleft()
    if len(issued) >= MOST:
        return refused(call, Refusal("http/503", "token-rate", f"{MOST} tokens in {WINDOW_S} seconds; code unproved"))
    issued.append(call.now)
    return None


def _issued(call: Call, app: str) -> Act:
    token = issue(call.world, {"app": app}, LIFE_S, PREFIX)
    document = {"access_token": token, "expires_in": LIFE_S, "token_type": "Bearer"}
    return Act(_json(call, 200, document), rule="token-issued", note=f"for app {app}")


def _refused(call: Call, sub_error: str, rule: str, note: str = "") -> Act:
    entry = call.book.catalogue.find(f"1101/{sub_error}")
    document: dict[str, object] = {"sub_error": int(sub_error)} if sub_error else {}
    text = "parameter invalid" if sub_error in ("", "20003") or entry is None else entry.name
    document |= {"error_description": text, "error": 1101}
    code = f"1101/{sub_error}" if sub_error else "1101"
    return Act(_json(call, 400, document), rule=rule, code=code, note=note)


def _json(call: Call, status: int, document: object) -> Response:
    body = json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()
    headers = (("content-type", "application/json;charset=utf-8"), ("cache-control", "no-store"), date(call.world))
    return Response(status, headers, body)


# --- the push API's look at the Authorization header -----------------------------------------------------------------


def authorize(call: Call) -> Caller | Refusal:
    """Who is asking: by an access token, or by a service account's JWT."""
    token = bearer(call.seen)
    if token is None:
        return Refusal("80200001", "authorization-present", "no header, or not Bearer, a blank and a token")
    run = call.book.of(call.world)
    if token.count(".") == 2:
        account = signer_of(call, token, ACCOUNTS.values())
        if isinstance(account, Refusal):
            return account
        return scenarios.expired(call, run) or Caller(account.project, None)
    return _of_access_token(call, token) or _caller_of(call, token)


def _of_access_token(call: Call, token: str) -> Refusal | None:
    if "\\/" in token:
        return Refusal("80200001", "token-escape", "the escaped slashes of the JSON answer were left in the token")
    claims = claims_of(call.world, token, PREFIX)
    if claims is None and token.startswith(PREFIX):
        return Refusal("80200003", "token-whole", "cut or changed while it was copied")
    if claims is None:
        return Refusal("80200001", "token-known", "no token of this service")
    run = call.book.of(call.world)
    if run is not None and run.act.get("stage") == "auth":
        return Refusal("80200003", f"scenario {run.name}", "no token of an earlier run is taken")
    if claims["exp"] <= call.now:
        return Refusal("80200003", "token-age")
    return scenarios.expired(call, run)


def _caller_of(call: Call, token: str) -> Caller:
    claims = claims_of(call.world, token, PREFIX) or {}
    app = str(claims.get("app"))
    return Caller(PROJECT_OF.get(app, ""), app)


def speaks_for(call: Call, caller: Caller, version: str, number: str) -> Refusal | None:
    """Whether the id in the path is the caller's: the app's (OAuth client id) in v1, the project's in v2.

    Three codes are documented for a mix-up (80200001, 80300002, noRight), and not which one comes when (unproved).
    """
    world = call.world
    known: dict[str, str] = dict(PROJECT_OF) if version == "v1" else {each: each for each in PROJECT_OF.values()}
    own = world.app.get("project_id") if version == "v2" else None
    if version == "v1" and _is_own(world, number):
        number = APP
    elif own and number == own:
        number = PROJECT
    if number not in known:
        what = "app (v1 takes the OAuth client id)" if version == "v1" else "project"
        return Refusal("80300002", "path-id-known", f"no {what} has the id {number}; which code comes is unproved")
    right = number == caller.app if version == "v1" and caller.app else known[number] == caller.project
    return None if right else Refusal("80200001", "path-id-of-caller", "the credential is another app's or project's")


def _is_own(world: World, client: str) -> bool:
    """Whether this is the sandbox's own app; the ids of the profile that runs against it stand for it as well."""
    return client == APP or client in {world.app.get("app_id"), world.app.get("client_id")} - {None, ""}
