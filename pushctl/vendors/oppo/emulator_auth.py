"""The emulated token interface of OPPO Push, and who a request is from (documents 11234 and 11235).

The order of the checks is inferred. China and the other hosts know each other's tokens as little as OPPO's do.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_oauth import claims_of, issue
from pushctl.vendors.oppo import emulator_scenarios as scenarios
from pushctl.vendors.oppo.emulator_answers import (
    BAD_SIGN,
    BAD_TIMESTAMP,
    BAD_TOKEN,
    NO_KEY,
    NO_SIGN,
    NO_TIMESTAMP,
    NO_TOKEN,
    TOO_FAST,
    UNKNOWN_KEY,
    accepted,
    refused,
)
from pushctl.vendors.oppo.emulator_credentials import SECRET_OF, secret_file

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.vendors.oppo.emulator_form import Form
    from pushctl.vendors.oppo.emulator_handsets import Region

LIFE_S = 24 * 3600
CLOCK_S = 600
CALLS_A_SECOND = 5000
"""All interfaces together, for an app of under ten million users (help pages of JPush and Getui)."""
_MILLISECONDS = re.compile(r"\d{13}", re.ASCII)


def token_interface(call: Call, region: Region, form: Form) -> Act:
    """Answer a request for an auth_token."""
    forced = scenarios.forced(call, "auth")
    if forced is not None:
        return forced
    refusal = _checked(call, form)
    if refusal is not None:
        return refused(call, refusal)
    claims = {"app": form.get("app_key"), "region": region}
    # A string in the document's example, a number in every client that was read.
    data = {"auth_token": issue(call.world, claims, LIFE_S), "create_time": int(call.now * 1000)}
    return accepted(call, data, "token-issued", message="success")


def _checked(call: Call, form: Form) -> Refusal | None:
    app, stamp, sign = form.get("app_key"), form.get("timestamp"), form.get("sign")
    if not app:
        return Refusal(NO_KEY, "app-key-present")
    if app not in SECRET_OF:
        return Refusal(UNKNOWN_KEY, "app-key-known", "no app has this AppKey")
    if not stamp:
        return Refusal(NO_TIMESTAMP, "timestamp-present")
    if not sign:
        return Refusal(NO_SIGN, "sign-present")
    return _timestamp(call, stamp) or _sign(call, app, stamp, sign)


def _timestamp(call: Call, stamp: str) -> Refusal | None:
    if not _MILLISECONDS.fullmatch(stamp):
        return Refusal(BAD_TIMESTAMP, "timestamp-shape", "not milliseconds in 13 digits")
    off = int(stamp) / 1000 - call.now
    if abs(off) <= CLOCK_S:
        return None
    return Refusal(BAD_TIMESTAMP, "timestamp-age", f"{abs(off) / 60:.0f} minutes {'ahead' if off > 0 else 'late'}")


def _sign(call: Call, app: str, stamp: str, sign: str) -> Refusal | None:
    """Hexadecimal SHA-256 of AppKey, timestamp and MasterSecret with nothing in between."""
    secret = (call.world.folder / secret_file(SECRET_OF[app])).read_text("ascii")
    right = sha256(f"{app}{stamp}{secret}".encode()).hexdigest()
    if hmac.compare_digest(right.encode(), sign.encode("utf-8", "surrogatepass")):
        return None
    if hmac.compare_digest(right.encode(), sign.lower().encode("utf-8", "surrogatepass")):
        if not call.world.strict:
            call.note("The sign is in capitals, which is let pass.")
            return None
        return Refusal(BAD_SIGN, "sign-case", "the sign is in capitals; that OPPO minds is unproved")
    return Refusal(BAD_SIGN, "sign-matches", "signed with another secret, or with parts in another order")


def caller(call: Call, region: Region, form: Form) -> str | Refusal:
    """The AppKey that a request's token speaks for, or why it is not taken. Counts the call."""
    token = token_in(call, form)
    if not token:
        return Refusal(NO_TOKEN, "token-present", "neither a field auth_token nor a header of that name")
    claims = claims_of(call.world, token)
    if claims is None:
        return Refusal(BAD_TOKEN, "token-known", "no token of this service")
    if claims["region"] != region:
        return Refusal(BAD_TOKEN, "token-region", "the token is from the host of the other region")
    run = scenarios.BOOK.of(call.world)
    if run is not None and run.act.get("stage") == "auth":
        return Refusal(BAD_TOKEN, f"scenario {run.name}", "no token of an earlier run is taken")
    if claims["exp"] <= call.now:
        return Refusal(BAD_TOKEN, "token-age", "older than 24 hours")
    app = str(claims["app"])
    return scenarios.expired(call, run, token) or _too_fast(call, app) or app


def token_in(call: Call, form: Form) -> str:
    """The token of a request: the field comes first. Clients that put it into a header are said to work (unproved)."""
    token, header = form.get("auth_token"), call.seen.header("auth_token") or ""
    if not token and header:
        call.note("The token came in a header; the document has it among the fields.")
    return token or header


def _too_fast(call: Call, app: str) -> Refusal | None:
    calls: dict[str, tuple[int, int]] = call.world.state.setdefault("calls of the second", {})
    second, number = calls.get(app, (0, 0))
    now = int(call.now)
    number = number + 1 if second == now else 1
    calls[app] = (now, number)
    if number <= CALLS_A_SECOND:
        return None
    return Refusal(TOO_FAST, "calls-per-second", f"over {CALLS_A_SECOND} in this second")
