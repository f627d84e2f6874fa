"""Where access tokens come from: the token endpoint, STS, impersonation.

Sources: developers.google.com/identity/protocols/oauth2/service-account (claims and errors), RFC 7523, RFC 8693,
google-auth-library-python (google/oauth2/_client.py, sts.py, google/auth/impersonated_credentials.py).
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from pushctl.core.emulated_http import clock, form_of
from pushctl.core.emulated_oauth import issue
from pushctl.vendors.fcm import emulator_access as access
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm.emulator_answers import Call, Refusal, accepted, refused
from pushctl.vendors.fcm.emulator_assertion import Assertion, parse, signed_by
from pushctl.vendors.fcm.emulator_credentials import (
    AUDIENCE,
    BY_EMAIL,
    CLIENT_ID,
    CLOUD,
    FEDERATED,
    LIFE_S,
    OTHERS,
    PREFIXES,
    SUBJECT_FILE,
    USER,
)

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
JWT_TYPES = ("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token")
AUDIENCES = frozenset(
    {
        "https://oauth2.googleapis.com/token",
        "https://accounts.google.com/o/oauth2/token",
        "https://www.googleapis.com/oauth2/v3/token",
        "https://www.googleapis.com/oauth2/v4/token",
    }
)
"""Google's own constants; the URL that an assertion is posted to is good as well (the Go library sends that)."""
AHEAD_S = 300
"""So far ahead of the service's clock ``iat`` may be; the real allowance is not known."""
_SCOPE_PREFIX = "https://www.googleapis.com/auth/"
_OPEN_ID = frozenset({"openid", "email", "profile"})
_LIFETIME = re.compile(r"(\d{1,5})(\.\d+)?s")


def token(call: Call) -> Act:
    """``POST https://oauth2.googleapis.com/token``, and the older addresses of the same thing."""
    forced = scenarios.forced(call, scenarios.BOOK.of(call.world), "auth")
    if forced is not None:
        return forced
    form = form_of(call.seen)
    if form is None:
        return refused(call, Refusal("invalid_request", "token-form", "a form is wanted; the words are unproved"))
    grant = form.get("grant_type", "")
    if grant == JWT_BEARER:
        return _jwt_bearer(call, form)
    if grant == "refresh_token":
        return _refresh(call, form)
    if not grant:
        return _invalid(call, "grant-type-present", "Missing required parameter: grant_type")
    said = f"Invalid grant_type: {grant}"
    return refused(call, Refusal("unsupported_grant_type", "grant-type-known", message=said))


def _invalid(call: Call, rule: str, said: str, note: str = "the words are unproved") -> Act:
    return refused(call, Refusal("invalid_request", rule, note, said))


def _jwt_bearer(call: Call, form: Mapping[str, str]) -> Act:
    if not form.get("assertion"):
        return _invalid(call, "assertion-present", "Missing required parameter: assertion")
    assertion = parse(form["assertion"])
    if assertion is None:
        return refused(call, Refusal("invalid_grant", "assertion-form", "the words are unproved"))
    refusal = _signer(call, assertion) or _times(call, assertion.claims) or _purpose(call, assertion.claims)
    if refusal is not None:
        return refused(call, refusal)
    return _granted(call, str(assertion.claims["iss"]), "service", _scopes(assertion.claims))


def _signer(call: Call, assertion: Assertion) -> Refusal | None:
    account = BY_EMAIL.get(str(assertion.claims.get("iss")))
    if account is None or account.state == "deleted":
        return Refusal("invalid_grant/account", "issuer-known")
    if not signed_by(call.world, account, assertion):
        return Refusal("invalid_grant/signature", "assertion-signature")
    return None


def _times(call: Call, claims: Mapping[str, Any]) -> Refusal | None:
    iat, exp = _number(claims.get("iat")), _number(claims.get("exp"))
    refusal = Refusal("invalid_grant/short-lived", "assertion-times")
    if iat is None or exp is None:
        return refusal
    now = clock(call.world)
    return None if exp - iat <= LIFE_S and iat <= now + AHEAD_S and exp > now else refusal


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _purpose(call: Call, claims: Mapping[str, Any]) -> Refusal | None:
    """Audience, delegation, scope."""
    audience = claims.get("aud")
    host = call.seen.authority or call.seen.header("host") or ""
    own = {f"https://{host}{call.path}", f"https://{host.partition(':')[0]}{call.path}"}
    if not isinstance(audience, str) or audience not in AUDIENCES | own:
        return Refusal("invalid_grant/audience", "assertion-audience")
    if claims.get("sub", claims["iss"]) != claims["iss"]:
        return Refusal("unauthorized_client", "delegation", "sub names somebody else")
    scopes = _scopes(claims)
    if not scopes:
        return Refusal("invalid_scope", "scope-present", message="Empty or missing scope not allowed.")
    return None if all(map(_known_scope, scopes)) else Refusal("invalid_scope", "scope-known")


def _scopes(claims: Mapping[str, Any]) -> tuple[str, ...]:
    scope = claims.get("scope")
    return tuple(scope.split()) if isinstance(scope, str) else ()


def _known_scope(scope: str) -> bool:
    return scope in _OPEN_ID or (scope.startswith(_SCOPE_PREFIX) and len(scope) > len(_SCOPE_PREFIX))


def _refresh(call: Call, form: Mapping[str, str]) -> Act:
    """A user's refresh token (RFC 6749 section 6); client and secret are checked for real."""
    good, revoked = (_file(call, OTHERS[name]) for name in ("authorized-user", "authorized-user-revoked"))
    if form.get("client_id") != CLIENT_ID:
        return refused(call, Refusal("invalid_client", "client-known"))
    if not _same(form.get("client_secret", ""), good["client_secret"]):
        said = "The provided client secret is invalid."
        return refused(call, Refusal("invalid_client", "client-secret", message=said))
    given = form.get("refresh_token", "")
    if not given:
        return _invalid(call, "refresh-token-present", "Missing required parameter: refresh_token")
    if _same(given, revoked["refresh_token"]):
        return refused(call, Refusal("invalid_grant/refresh-token", "refresh-token-alive"))
    if not _same(given, good["refresh_token"]):
        return refused(call, Refusal("invalid_grant/refresh-token", "refresh-token-known", message="Bad Request"))
    asked = tuple(form.get("scope", "").split()) or (CLOUD,)
    if not all(map(_known_scope, asked)):
        return refused(call, Refusal("invalid_scope", "scope-known"))
    return _granted(call, USER, "user", asked, {"scope": " ".join(asked)})


def exchange(call: Call) -> Act:
    """``POST https://sts.googleapis.com/v1/token``: another provider's token for a federated one (RFC 8693).

    The subject token is the sandbox's own: a random text that it gives out itself. The errors' words are unproved.
    """
    forced = scenarios.forced(call, scenarios.BOOK.of(call.world), "auth")
    if forced is not None:
        return forced
    form = form_of(call.seen)
    if form is None:
        return _invalid(call, "sts-form", "Request body must be a form.")
    if form.get("grant_type") != EXCHANGE:
        said = f"Invalid grant_type: {form.get('grant_type', '')}"
        return refused(call, Refusal("unsupported_grant_type", "sts-grant-type", message=said))
    if form.get("audience") != AUDIENCE:
        return refused(call, Refusal("invalid_target", "sts-audience"))
    if form.get("requested_token_type") != ACCESS_TOKEN:
        return _invalid(call, "sts-requested-type", "Invalid requested_token_type.")
    if form.get("subject_token_type") not in JWT_TYPES:
        return _invalid(call, "sts-subject-type", "Invalid subject_token_type.")
    if not _same(form.get("subject_token", "").strip(), _subject(call)):
        said = "The given credential is rejected by the attribute condition."
        return refused(call, Refusal("invalid_grant", "sts-subject-token", "the words are unproved", said))
    scopes = tuple(form.get("scope", "").split())
    if not scopes or not all(map(_known_scope, scopes)):
        return refused(call, Refusal("invalid_scope", "sts-scope"))
    return _granted(call, FEDERATED, "federated", scopes, {"issued_token_type": ACCESS_TOKEN})


def subject_token(call: Call) -> Act:
    """Where the sandbox's workload gets its subject token: what a cloud's metadata server is elsewhere."""
    return accepted(call, "subject-token", {"subject_token": _subject(call)})


def impersonate(call: Call, email: str) -> Act:
    """``POST https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{email}:generateAccessToken``."""
    forced = scenarios.forced(call, scenarios.BOOK.of(call.world), "auth")
    if forced is not None:
        return forced
    email = unquote(email)
    refusal = access.authenticate(call, (CLOUD, f"{_SCOPE_PREFIX}iam"))
    if refusal is not None:
        return refused(call, refusal)
    account = BY_EMAIL.get(email)
    if account is None or account.state == "deleted":
        said = f"Not found; Gaia id not found for email {email}"
        return refused(call, Refusal("NOT_FOUND", "impersonated-account", message=said))
    if call.caller is None or call.caller.kind != "federated":
        place = f"//iam.googleapis.com/projects/-/serviceAccounts/{email}"
        fill = {"resource": place, "iam_resource": place, "iam_domain": "iam.googleapis.com"}
        note = "only the sandbox's workload may take on an account"
        return refused(call, Refusal("IAM_PERMISSION_DENIED", "impersonation", note, fill=fill))
    wanted = _wanted(call.seen.body)
    if isinstance(wanted, Refusal):
        return refused(call, wanted)
    scopes, life = wanted
    made = issue(call.world, _claims(email, "service", scopes), life, PREFIXES["service"])
    return accepted(call, "impersonated", {"accessToken": made, "expireTime": _rfc3339(clock(call.world) + life)})


def _wanted(body: bytes) -> tuple[tuple[str, ...], float] | Refusal:
    """The scopes and the lifetime, seconds, that are asked for."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal("INVALID_ARGUMENT/json-syntax", "impersonation-body")
    scopes = document.get("scope") if isinstance(document, dict) else None
    if not isinstance(scopes, list) or not scopes or not all(isinstance(each, str) for each in scopes):
        said = "Invalid value at 'scope': it must not be empty"
        return Refusal("INVALID_ARGUMENT/value", "impersonation-scope", "unproved", said, (("scope", said),))
    found = _LIFETIME.fullmatch(str(document.get("lifetime", f"{LIFE_S}s")))
    if found is None or not 0 < int(found[1]) <= LIFE_S:
        said = f"Invalid value at 'lifetime': at most {LIFE_S}s"
        return Refusal("INVALID_ARGUMENT/value", "impersonation-lifetime", "unproved", said, (("lifetime", said),))
    return tuple(scopes), float(found[1])


def _granted(
    call: Call,
    name: str,
    kind: Literal["service", "user", "federated"],
    scopes: tuple[str, ...],
    more: Mapping[str, str] | None = None,
) -> Act:
    """A fresh access token; ``expires_in`` is a second short of its life, as Google's is."""
    made = issue(call.world, _claims(name, kind, scopes), LIFE_S, PREFIXES[kind])
    told = {"access_token": made, "expires_in": LIFE_S - 1, "token_type": "Bearer", **(more or {})}
    return accepted(call, f"{kind}-granted", told)


def _claims(name: str, kind: str, scopes: tuple[str, ...]) -> dict[str, str]:
    return {"name": name, "kind": kind, "scope": " ".join(scopes)}


def _file(call: Call, name: str) -> dict[str, str]:
    document: dict[str, str] = json.loads((call.world.folder / name).read_bytes())
    return document


def _subject(call: Call) -> str:
    return (call.world.folder / SUBJECT_FILE).read_text("ascii").strip()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())


def _rfc3339(when: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(when), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
