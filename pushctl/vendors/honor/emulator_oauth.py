"""The emulated OAuth service: client credentials in, an access token out, and who a request to the push API is from.

The order of the checks is inferred, and so are the errors but for that of a wrong client or secret.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Refusal
from pushctl.core.emulated_http import form_of, json_response
from pushctl.core.emulated_oauth import bearer, claims_of, issue
from pushctl.vendors.honor import emulator_scenarios as scenarios
from pushctl.vendors.honor.emulator_answers import Call, refused
from pushctl.vendors.honor.emulator_credentials import APP, APP_OF, SECRET_OF, secret_file

if TYPE_CHECKING:
    from pushctl.core.emulated import World

TOKEN_PATHS = ("/auth/token", "/auth/realms/developer/protocol/openid-connect/token")
"""Today's, and the oldest one, which stood in Honor's article of 2023; whether that still answers is unproved."""
LIFE_S = 3600
_UNKNOWN_CLIENT = "oauth/unauthorized_client"


def token_endpoint(call: Call) -> Act:
    """Answer a request for an access token."""
    if call.seen.path.partition("?")[0] not in TOKEN_PATHS:
        return refused(call, Refusal("http/404", "path"))
    if call.seen.method != "POST":
        return refused(call, Refusal("http/404", "method", "POST only; which status comes is unproved"))
    forced = scenarios.forced(call, "auth")
    if forced is not None:
        return forced
    form = form_of(call.seen)
    if form is None:
        return refused(call, Refusal("http/400", "form", "no form, or one that is not percent-encoded; unproved"))
    refusal = _checked(call, form)
    if refusal is not None:
        return refused(call, refusal)
    app = APP_OF[form["client_id"]]
    document = {
        "access_token": issue(call.world, {"app": app}, LIFE_S),
        "expires_in": LIFE_S,
        "token_type": "Bearer",
    }
    response = json_response(call.world, 200, document, ("cache-control", "no-store"))
    return Act(response, rule="token-issued", note=f"for app {app}")


def _checked(call: Call, form: dict[str, str]) -> Refusal | None:
    if form.get("grant_type") != "client_credentials":
        return Refusal("oauth/invalid_grant", "grant-type", "client_credentials only; the error is unproved")
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not client or not secret:
        return Refusal("oauth/invalid_client", "client-present", "no client_id or no client_secret; unproved")
    if client not in SECRET_OF:
        return Refusal(_UNKNOWN_CLIENT, "client-known", "no client of a push service has this id")
    known = (call.world.folder / secret_file(SECRET_OF[client])).read_bytes()
    if not hmac.compare_digest(known, secret.encode("utf-8", "surrogateescape")):
        note = "not the secret; one that is not percent-encoded loses its + and what follows its &"
        return Refusal(_UNKNOWN_CLIENT, "secret-matches", note)
    return None


def app_of(call: Call) -> str | Refusal:
    """The app that the access token speaks for, or why it is not taken. The codes are Huawei's (unproved)."""
    token = bearer(call.seen)
    if token is None:
        return Refusal("80200001", "authorization-present", "no header, or not Bearer, a blank and a token")
    claims = claims_of(call.world, token)
    if claims is None:
        return Refusal("80200001", "token-known", "no token of this service")
    run = scenarios.BOOK.of(call.world)
    if run is not None and run.act.get("stage") == "auth":
        return Refusal("80200003", f"scenario {run.name}", "no token of an earlier run is taken")
    if claims["exp"] <= call.now:
        return Refusal("80200003", "token-age")
    return scenarios.expired(call, run) or str(claims["app"])


def speaks_for(call: Call, app: str) -> Refusal | None:
    """Whether the app id in the path is the token's own. Which code a mix-up comes to is unproved."""
    number = APP if is_own(call.world, call.app_id) else call.app_id
    if number not in APP_OF.values():
        return Refusal("http/404", "app-id-known", f"no app has the id {number[:40]!r}; the answer is unproved")
    if number != app:
        return Refusal("80300002", "app-id-of-client", "the access token is another app's; the code is unproved")
    return None


def is_own(world: World, app_id: str) -> bool:
    """Whether this is the sandbox's own app; that of the profile that runs against it stands for it as well."""
    return bool(app_id) and app_id in (APP, world.app.get("app_id"))
