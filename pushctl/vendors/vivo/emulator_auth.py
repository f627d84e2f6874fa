"""``/message/auth``, and whose ``authToken`` comes with every other call.

Sources: document 362 in its mirrors (the sign, ten minutes, 24 hours, ten calls a second, 10093 and 10094); the codes
10200 to 10207 rest on one table. The order of the checks is a convention.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_oauth import claims_of, issue
from pushctl.vendors.vivo import emulator_scenarios as scenarios
from pushctl.vendors.vivo.emulator_answers import accepted, refused
from pushctl.vendors.vivo.emulator_body import Message, json_object, wrong_type
from pushctl.vendors.vivo.emulator_credentials import APP_KEYS, app_of, secret_file
from pushctl.vendors.vivo.emulator_limits import too_fast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.emulated import Act, World

LIFE_S = 86_400
CLOCK_S = 600
AUTHS_A_SECOND = 10
DENIED = "10000"
_PARTS = (("appId", "10200"), ("appKey", "10201"), ("timestamp", "10203"), ("sign", "10204"))


def auth(call: Call) -> Act:
    """Answer a request for an authToken. An app can hold several at a time."""
    forced = scenarios.forced(call, "auth")
    if forced is not None:
        return forced
    document = json_object(call)
    if isinstance(document, Refusal):
        return refused(call, document)
    parts = _texts(document)
    refusal = parts if isinstance(parts, Refusal) else _checked(call, parts)
    if refusal is not None or isinstance(parts, Refusal):
        return refused(call, refusal or Refusal(DENIED, "parts"))
    app = app_of(call.world, parts["appId"])
    call.note(f"for app {app}")
    return accepted(call, "token-issued", authToken=issue(call.world, {"app": app}, LIFE_S))


def _texts(document: Mapping[str, Any]) -> dict[str, str] | Refusal:
    """The four parts, trimmed. The SDK writes appId and timestamp as numbers, several clients as strings."""
    texts: dict[str, str] = {}
    for name, empty in _PARTS:
        value = document.get(name, "")
        number = isinstance(value, int) and not isinstance(value, bool) and name in ("appId", "timestamp")
        if not isinstance(value, str) and not number:
            return wrong_type(name)
        texts[name] = str(value).strip()
        if not texts[name]:
            return Refusal(empty, f"{name}-present")
    return texts


def _checked(call: Call, parts: Mapping[str, str]) -> Refusal | None:
    app = app_of(call.world, parts["appId"])
    if not app:
        return Refusal("10205", "app-known")
    if too_fast(call, f"auth {app}", AUTHS_A_SECOND):
        return Refusal("10093", "auth-rate", f"more than {AUTHS_A_SECOND} calls in a second")
    if parts["appKey"] != APP_KEYS[app]:
        return Refusal("10202", "app-key")
    return _timestamp(call, parts["timestamp"]) or _sign(call.world, app, parts)


def _timestamp(call: Call, given: str) -> Refusal | None:
    if not (given.isascii() and given.isdecimal() and len(given) == 13):
        return Refusal("10207", "timestamp", "the timestamp is in milliseconds, 13 digits")
    off = int(given) / 1000 - call.now
    if abs(off) <= CLOCK_S:
        return None
    return Refusal("10207", "timestamp", f"{abs(off) / 60:.0f} minutes {'ahead' if off > 0 else 'late'}")


def _sign(world: World, app: str, parts: Mapping[str, str]) -> Refusal | None:
    secret = (world.folder / secret_file(app)).read_text("utf-8").strip()
    base = f"{parts['appId']}{parts['appKey']}{parts['timestamp']}{secret}"
    right = hashlib.md5(base.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    if hmac.compare_digest(right.encode(), parts["sign"].encode("utf-8", "replace")):
        return None
    if right == parts["sign"].casefold():
        return Refusal("10206", "sign", "the sign is right but for its letter case; that the service minds is unproved")
    return Refusal("10206", "sign", "no MD5 of appId + appKey + timestamp + appSecret")


def authorize(call: Call) -> str | Refusal:
    """The app that the header ``authToken`` (in any letter case) speaks for, or why it is not taken."""
    token = next((value.strip() for name, value in call.seen.headers if name == "authtoken" and value.strip()), "")
    if not token:
        other = call.seen.header("authorization") is not None
        return Refusal(DENIED, "token-present", "Authorization is not read: the header is authToken" if other else "")
    claims = claims_of(call.world, token)
    if claims is None:
        return Refusal(DENIED, "token-known", "no authToken of this service")
    run = scenarios.BOOK.of(call.world)
    if run is not None and (run.act.get("stage") == "auth" or run.credentials or "clock_ahead_s" in run.act):
        return Refusal(DENIED, f"scenario {run.name}", "no authToken of an earlier run is taken")
    if claims["exp"] <= call.now:
        return Refusal(DENIED, "token-age", "24 hours are over")
    return scenarios.expired(call, run) or str(claims["app"])


def speaks_for(call: Call, app: str, message: Message) -> Refusal | None:
    """Whether the appId in a body is the authToken's. Older texts have none there, and it may be missing."""
    if "appId" not in message:
        call.note("No appId in the body: the newest text requires it, which code says so is unproved.")
        return None
    if app_of(call.world, str(message["appId"])) == app:
        return None
    return Refusal("10094", "app-of-token", "the authToken was given to another app")
