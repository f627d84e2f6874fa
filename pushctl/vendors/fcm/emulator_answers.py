"""What the emulated Google services answer, as values: a refusal, and the acts that carry it or an acceptance.

How each code looks on the wire is data: ``emulator_answers.json``. Shapes: fcm/rest/v1/ErrorCode, google.rpc.Status,
RFC 6749 section 5.2 for OAuth, developers.google.com/instance-id/reference/server for the Instance ID API.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act
from pushctl.core.emulated_http import date, json_response
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.core.emulated import Peer, Seen, World
    from pushctl.vendors.fcm.emulator_credentials import Caller

PROJECT = "pushctl-sandbox"
NUMBER = "100000000001"
OTHER_PROJECT = "another-project"
OTHER_NUMBER = "100000000002"
FCM = "fcm.googleapis.com"

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
HTTP_OF: Mapping[str, int] = {  # google.rpc.Code → HTTP, google/rpc/code.proto
    "INVALID_ARGUMENT": 400, "FAILED_PRECONDITION": 400, "OUT_OF_RANGE": 400, "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403, "NOT_FOUND": 404, "ALREADY_EXISTS": 409, "ABORTED": 409, "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499, "UNKNOWN": 500, "INTERNAL": 500, "DATA_LOSS": 500, "UNIMPLEMENTED": 501, "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}  # fmt: skip
STATUS_OF: Mapping[str, str] = {  # FcmError.errorCode → google.rpc.Code, fcm/rest/v1/ErrorCode
    "INVALID_ARGUMENT": "INVALID_ARGUMENT",
    "UNREGISTERED": "NOT_FOUND",
    "SENDER_ID_MISMATCH": "PERMISSION_DENIED",
    "QUOTA_EXCEEDED": "RESOURCE_EXHAUSTED",
    "UNAVAILABLE": "UNAVAILABLE",
    "INTERNAL": "INTERNAL",
    "THIRD_PARTY_AUTH_ERROR": "UNAUTHENTICATED",
}
_TYPE = "type.googleapis.com/"
_FCM_TYPE = f"{_TYPE}google.firebase.fcm.v1."
_RPC_TYPE = f"{_TYPE}google.rpc."
_OLD_REASONS = {400: "badRequest", 401: "authError", 403: "forbidden", 404: "notFound", 409: "alreadyExists"}

Violation = tuple[str, str]
"""Field ("" for the whole body) and description of a google.rpc.BadRequest entry."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not accepted.

    :ivar code: the catalogue's.
    :ivar rule: the emulator's rule that decided.
    :ivar note: one sentence for the journal; says so where no vendor text, captured answer or client proves the rule.
    :ivar message: the sentence of this very answer, in place of the usual one.
    :ivar violations: what stands in BadRequest, in place of the usual.
    :ivar front_end: said by Google's front end, which knows no FcmError.
    :ivar fill: values of the answer's placeholders, beside those that the call knows.
    """

    code: str
    rule: str
    note: str = ""
    message: str = ""
    violations: tuple[Violation, ...] = ()
    front_end: bool = False
    fill: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request on its way through the checks.

    :ivar path: the path without its query, still percent-encoded.
    :ivar query: the last value of each parameter.
    :ivar service: the service's name as it stands in error bodies.
    :ivar method: the RPC's name as it stands there.
    :ivar permission: what IAM wants for it.
    :ivar project: the project that the path names, as it stands there.
    :ivar caller: who is asking, once that is known.
    :ivar notes: what the journal is to say of an acceptance.
    """

    seen: Seen
    peer: Peer
    world: World
    path: str
    query: Mapping[str, str]
    service: str = FCM
    method: str = "google.firebase.fcm.v1.FcmService.SendMessage"
    permission: str = "cloudmessaging.messages.create"
    project: str = PROJECT
    caller: Caller | None = None
    notes: str = ""

    def note(self, sentence: str) -> None:
        """Add a sentence to what the journal says."""
        self.notes = f"{self.notes} {sentence}".strip()


def call_of(seen: Seen, peer: Peer, world: World) -> Call:
    """A request taken apart."""
    path, _, query = seen.path.partition("?")
    return Call(seen, peer, world, path, dict(parse_qsl(query, keep_blank_values=True)))


def project_of(world: World) -> str:
    """The project that the throw-away credentials belong to: the profile's own where it says one."""
    return world.app.get("project_id") or PROJECT


def number_of(world: World) -> str:
    """The number of that project."""
    app_id = world.app.get("app_id", "").split(":")
    return world.app.get("sender_id") or (app_id[1] if len(app_id) == 4 else NUMBER)


@cache
def answers() -> Mapping[str, Mapping[str, Any]]:
    """Code → what it looks like on the wire."""
    rows: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "emulator_answers.json").read_text("utf-8"))[
        "answers"
    ]
    return rows


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal, in the words of the service that says it."""
    row = answers()[refusal.code]
    response = _RESPONSES[row.get("service", "fcm")](call, refusal, row)
    return Act(response, rule=refusal.rule, code=refusal.code, note=refusal.note)


def accepted(call: Call, rule: str, document: Any, status: int = 200) -> Act:
    """The answer of an acceptance."""
    return Act(json_response(call.world, status, document), rule=rule, note=call.notes)


def _google(call: Call, refusal: Refusal, row: Mapping[str, Any]) -> Response:
    """A google.rpc.Status; in the older form where the caller does not ask for version 2."""
    fill = _fill(call, refusal)
    status = row.get("status") or STATUS_OF[row["fcm"]]
    http = HTTP_OF[status]
    message = refusal.message or row["message"].format_map(fill)
    error: dict[str, Any] = {"code": http, "message": message, "status": status}
    details = list(_details(refusal, row, message, fill))
    if not _wants_details(call):
        reason = _OLD_REASONS.get(http, "rateLimitExceeded" if http == 429 else "backendError")
        error = {"code": http, "message": message, "errors": [_old_error(message, reason)], "status": status}
    elif details:
        error["details"] = details
    headers = [("server", "ESF")]
    if http == 401:
        headers.append(("www-authenticate", 'Bearer realm="https://accounts.google.com/"'))
    if "retry_s" in row:
        headers.append(("retry-after", str(row["retry_s"])))
    return json_response(call.world, http, {"error": error}, *headers)


def _old_error(message: str, reason: str) -> dict[str, str]:
    return {"message": message, "domain": "global", "reason": reason}


def _wants_details(call: Call) -> bool:
    """Version 2 of the error format; only messages:send and its neighbours know the older one (one source)."""
    if call.service != FCM:
        return True
    return "2" in (call.seen.header("x-goog-api-format-version"), call.query.get("$.xgafv"))


def _details(refusal: Refusal, row: Mapping[str, Any], message: str, fill: Mapping[str, str]) -> list[dict[str, Any]]:
    """FcmError first, ApnsError behind it (logs of two public trouble reports); the order of the rest is free."""
    made: list[dict[str, Any]] = []
    if "fcm" in row and not refusal.front_end:
        made.append({"@type": f"{_FCM_TYPE}FcmError", "errorCode": row["fcm"]})
    if "apns" in row:
        status, reason = row["apns"]
        made.append({"@type": f"{_FCM_TYPE}ApnsError", "statusCode": status, "reason": reason})
    violations = refusal.violations or (((row["field"], message),) if "field" in row else ())
    if violations:
        listed = [({"field": at} if at else {}) | {"description": text} for at, text in violations]
        made.append({"@type": f"{_RPC_TYPE}BadRequest", "fieldViolations": listed})
    if "quota" in row:
        subject, text = row["quota"]
        violation = {"subject": subject, "description": text}
        made.append({"@type": f"{_RPC_TYPE}QuotaFailure", "violations": [violation]})
    if "retry_s" in row:
        made.append({"@type": f"{_RPC_TYPE}RetryInfo", "retryDelay": f"{row['retry_s']}s"})
    if "help" in row:
        text, url = (each.format_map(fill) for each in row["help"])
        made.append({"@type": f"{_RPC_TYPE}Help", "links": [{"description": text, "url": url}]})
    if "info" in row:
        made.append({"@type": f"{_RPC_TYPE}ErrorInfo", **_filled(row["info"], fill)})
    return made


def _filled(value: Any, fill: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, fill) for key, item in value.items()}
    return value.format_map(fill) if isinstance(value, str) else value


def _fill(call: Call, refusal: Refusal) -> Mapping[str, str]:
    cloud = f"//cloudresourcemanager.googleapis.com/projects/{call.project}"
    known = {
        "project": call.project,
        "number": number_of(call.world),
        "consumer": number_of(call.world),
        "service": call.service,
        "api": "Firebase Cloud Messaging API" if call.service == FCM else call.service,
        "method": call.method,
        "permission": call.permission,
        "resource": cloud,
        "iam_resource": f"projects/{call.project}",
        "iam_domain": "cloudresourcemanager.googleapis.com",
    }
    return {**known, **refusal.fill}


def _oauth(call: Call, refusal: Refusal, row: Mapping[str, Any]) -> Response:
    told = {"error": row["error"], "error_description": refusal.message or row["description"], **row.get("more", {})}
    return json_response(call.world, row["http"], told, ("server", "scaffolding on HTTPServer2"))


def _iid(call: Call, _refusal: Refusal, row: Mapping[str, Any]) -> Response:
    return json_response(call.world, row["http"], {"error": row["error"]}, ("server", "GSE"))


def _html(call: Call, refusal: Refusal, row: Mapping[str, Any]) -> Response:
    headers = (("content-type", "text/html; charset=UTF-8"), date(call.world), ("server", "ESF"))
    return Response(row["http"], headers, (refusal.message or row["html"]).encode())


def _batch(call: Call, _refusal: Refusal, row: Mapping[str, Any]) -> Response:
    return json_response(call.world, 200, {"results": [{"error": row["error"]}]})


_RESPONSES = {"fcm": _google, "oauth": _oauth, "iid": _iid, "html": _html, "batch": _batch}

Stage = Literal["auth", "authenticated", "checked"]
"""When a forced act comes: at the token endpoint, once the caller is known, or in place of the look at the device."""
