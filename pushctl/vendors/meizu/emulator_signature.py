"""Who asks: parameters as a servlet reads them, and the MD5 signature over every one of them.

Source: MEIZUPUSH/PushAPI:README.md (parameters sorted by name, ``name=value`` without anything between, then the
secret); MEIZUPUSH/JavaSdk:HttpClient.java (an empty value is signed as ``name=``).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote_plus

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.meizu.emulator_answers import BLANK
from pushctl.vendors.meizu.emulator_credentials import APP, APPS, secret_of

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call

_FORM = "application/x-www-form-urlencoded"
SIGN = "sign"
OVERSEAS = "-overseas"
"""What the names of the listeners of the overseas hosts end with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A signed request.

    :ivar app: the id of the app that it speaks for.
    :ivar parameters: its parameters without ``sign``, the first of each name, decoded.
    """

    app: str
    parameters: Mapping[str, str]

    def missing(self, *names: str) -> Refusal | None:
        """A refusal for the first of these parameters that is not there or blank."""
        for name in names:
            if not self.parameters.get(name, "").strip():
                return Refusal(BLANK, f"{name}-present", f"no {name}")
        return None


def parameters_of(call: Call) -> dict[str, str]:
    """The parameters of the query and of a form, together; of a repeated one the first."""
    query, body = call.seen.path.partition("?")[2], ""
    kind = (call.seen.header("content-type") or "").partition(";")[0].strip().casefold()
    if kind == _FORM:
        body = call.seen.body.decode("utf-8", "replace")
    elif call.seen.body:
        call.note(f"The body is no form ({kind or 'no Content-Type'}): no parameter is read from it; unproved.")
    found: dict[str, str] = {}
    for name, value in (*parse_qsl(query, keep_blank_values=True), *parse_qsl(body, keep_blank_values=True)):
        if name in found:
            call.note(f"{name} is there more than once: the first counts; unproved.")
        found.setdefault(name, value)
    return found


def signature(parameters: Mapping[str, str], secret: str) -> str:
    """The signature of these parameters, in lower case."""
    base = "".join(f"{name}={parameters[name]}" for name in sorted(parameters) if name != SIGN)
    return md5(f"{base}{secret}".encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def asked(call: Call) -> Asked | Refusal:
    """The request with the app that signed it, or why it is not taken. The order of the checks is unproved."""
    parameters = parameters_of(call)
    given = Asked("", parameters)
    refusal = given.missing("appId", SIGN)
    if refusal is not None:
        return refusal
    app = _app(call, parameters["appId"])
    if isinstance(app, Refusal):
        return app
    if hmac.compare_digest(parameters[SIGN].encode(), signature(parameters, _secret(call, app)).encode()):
        return Asked(app, {name: value for name, value in parameters.items() if name != SIGN})
    return _why_not(call, app, parameters)


def _app(call: Call, app_id: str) -> str | Refusal:
    """The app of this id; that of the profile which runs against the sandbox stands for its own."""
    app = APP if app_id == call.world.app.get("app_id") else app_id
    region = "overseas" if call.peer.listener.name.endswith(OVERSEAS) else "mainland"
    if app not in APPS:
        return Refusal("110000", "app-known", f"no app has the id {app_id[:40]!r}")
    if region not in APPS[app].regions:
        return Refusal("110000", "app-region", f"app {app} is not of this region: ask the other hosts")
    return app


def _secret(call: Call, app: str) -> str:
    return secret_of(call.world, APPS[app].secret)


def _why_not(call: Call, app: str, parameters: Mapping[str, str]) -> Refusal:
    """The refusal of a wrong signature, with what the journal can tell of the mistake."""
    known, given = APPS[app], parameters[SIGN]

    def fits(secret: str, values: Mapping[str, str] = parameters) -> bool:
        return signature(values, secret) == given.lower()

    if known.former and fits(secret_of(call.world, known.former)):
        return Refusal("110033", "secret-valid", "the secret before it was reset; that this code says so is unproved")
    if known.key and fits(secret_of(call.world, known.key)):
        return Refusal("1006", "sign", "signed with the AppKey in place of the AppSecret")
    secret = _secret(call, app)
    if fits(secret):
        return Refusal("1006", "sign-case", "the signature is in capitals; that Meizu minds is unproved")
    if fits(secret, {name: quote_plus(value) for name, value in parameters.items()}):
        return Refusal("1006", "sign", "the percent-encoded values were signed: the raw ones are")
    for name in parameters:
        if name != SIGN and fits(secret, {other: value for other, value in parameters.items() if other != name}):
            return Refusal("1006", "sign", f"{name} was left out of the signature: every parameter is signed")
    return Refusal("1006", "sign", "another secret, or not what was sent was signed")
