"""What an error of a Google API says in its parts: ``{"error": {"code", "message", "status", "details": [...]}}``.

Every part may be missing, in any order (google/rpc/error_details.proto, Firebase: reference/fcm/rest/v1/FcmError). All
of it is untrusted: a part of another form than documented counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pushctl.core.answers import one_line, pause

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")
_ADDRESS = re.compile(r"https://[^\s\"'<>]{1,300}")


@dataclass(frozen=True, slots=True)
class Details:
    """One error object, read.

    :ivar code: the HTTP status as the body repeats it, or 0: an answer whose own status somebody changed is told by it.
    :ivar message: the vendor's own sentence.
    :ivar status: name of the canonical code (``NOT_FOUND``).
    :ivar fcm: ``FcmError.errorCode``, or "".
    :ivar apns: what APNs answered to FCM: its HTTP status (0 where it is missing) and reason, or None.
    :ivar violations: field and description of each ``BadRequest`` entry.
    :ivar quotas: description (or subject) of each ``QuotaFailure`` entry.
    :ivar delay: ``RetryInfo.retryDelay`` in seconds, or None.
    :ivar reason: ``ErrorInfo.reason``, or "".
    :ivar metadata: ``ErrorInfo.metadata``: permission, resource, consumer, activationUrl …
    :ivar links: addresses of ``Help`` entries.
    :ivar bare: whether there are no details at all.
    """

    code: int = 0
    message: str = ""
    status: str = ""
    fcm: str = ""
    apns: tuple[int, str] | None = None
    violations: tuple[tuple[str, str], ...] = ()
    quotas: tuple[str, ...] = ()
    delay: float | None = None
    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    bare: bool = True

    @property
    def spoken(self) -> tuple[str, ...]:
        """Everything that is said in words, one fault each, for the texts that tell the meanings of a code apart."""
        return (*(f"{name} {words}" for name, words in self.violations), *self.message.split("\n"))


def read(error: Mapping[str, Any]) -> Details:
    """The parts of an error object. The last one of a kind counts, but violations, quotas and links add up."""
    parts: dict[str, Any] = {"violations": (), "quotas": (), "links": ()}
    bare = True
    for kind, entry in _entries(error.get("details")):
        bare = False
        if kind == "FcmError":
            parts["fcm"] = _text(entry.get("errorCode")) or _text(entry.get("error_code"))
        elif kind == "ApnsError":
            parts["apns"] = (_status(entry.get("statusCode")), _text(entry.get("reason")))
        elif kind == "BadRequest":
            found = _objects(entry.get("fieldViolations"))
            parts["violations"] += tuple((_text(one.get("field")), _text(one.get("description"))) for one in found)
        elif kind == "QuotaFailure":
            found = _objects(entry.get("violations"))
            parts["quotas"] += tuple(_text(one.get("description")) or _text(one.get("subject")) for one in found)
        elif kind == "RetryInfo":
            parts["delay"] = seconds(_text(entry.get("retryDelay")))
        elif kind == "ErrorInfo":
            data = entry.get("metadata")
            data = data if isinstance(data, dict) else {}
            parts |= {"reason": _text(entry.get("reason")), "metadata": {k: _text(v) for k, v in data.items()}}
        elif kind == "Help":
            parts["links"] += tuple(_text(one.get("url")) for one in _objects(entry.get("links")))
    return Details(
        code=_status(error.get("code")),
        message=_text(error.get("message")),
        status=_text(error.get("status")),
        bare=bare,
        **parts,
    )


def seconds(duration: str) -> float | None:
    """A protobuf duration in JSON (``30s``, ``1.5s``) in seconds; None for what is none, or cannot be meant."""
    match = _DURATION.fullmatch(duration)
    return pause(float(match[1])) if match else None


def told(parts: Details, apns_means: str = "") -> str:
    """What this very answer adds to the catalogue's text, as sentences. It quotes the vendor.

    :param apns_means: what APNs' reason means, in the catalogue's words.
    """
    return " ".join(_sentences(parts, apns_means))


def _sentences(parts: Details, apns_means: str) -> Iterator[str]:
    if parts.apns is not None:
        status, reason = parts.apns
        yield f"APNs answered {f'{status} ' if status else ''}{one_line(reason) or 'without a reason'} to Firebase" + (
            f": {apns_means}" if apns_means else "."
        )
    permission, resource = parts.metadata.get("permission"), parts.metadata.get("resource")
    if permission:
        yield f"Missing: {one_line(permission)}{f' on {one_line(resource)}' if resource else ''}."
        if permission == "iam.serviceAccounts.getAccessToken":
            yield "Grant Service Account Token Creator (roles/iam.serviceAccountTokenCreator) on the account itself."
    elif _is_gclouds(parts):
        yield "The project that pays is gcloud's own: name one of yours in app.quota_project_id."
    elif address := _activation(parts):
        service = parts.metadata.get("service", "")
        named = "it" if service in ("", "fcm.googleapis.com") else one_line(service)
        yield f"Enable {named} at {address}"
    elif limits := _limits(parts):
        yield f"The limit: {limits.rstrip('.')}."
    elif parts.violations:
        yield from _violations(parts)
    elif parts.message and parts.apns is None and not parts.message.startswith(_CANNED):
        yield _quoted(parts.message)


_CANNED = (
    "Requested entity was not found.",
    "Requested entity already exists",
    "Request contains an invalid argument.",
    "SenderId mismatch",
    "Auth error from APNS or Web Push Service",
    "The caller does not have permission",
    "Request had invalid authentication credentials.",
    "Request is missing required authentication credential.",
    "Request had insufficient authentication scopes.",
    "Resource has been exhausted (e.g. check quota).",
    "Internal error encountered.",
    "The service is currently unavailable.",
    "Deadline expired before operation could complete.",
)
"""Sentences that stand beside their code in every answer, and that say less than the catalogue does."""


def _violations(parts: Details) -> Iterator[str]:
    """The first field that is named, and how many more there are."""
    name, words = parts.violations[0]
    words = words or ("" if parts.message.startswith(_CANNED) else parts.message)
    where = f"{one_line(name)}: " if name and name not in words else ""
    more = f" ({len(parts.violations) - 1} more)" if len(parts.violations) > 1 else ""
    yield _quoted(where + words, more)


def _activation(parts: Details) -> str:
    """Where a disabled API is enabled: said apart, as a help link, or within the sentence (all three were seen)."""
    if "has not been used in project" not in parts.message and parts.reason != "SERVICE_DISABLED":
        return ""
    said = [parts.metadata.get("activationUrl", ""), *parts.links]
    address = next((one for one in said if _ADDRESS.fullmatch(one)), "")
    found = _ADDRESS.search(parts.message)
    return address or (found[0].rstrip(".") if found else "")


_GCLOUD = ("projects/764086051850", "projects/32555940559")
"""The projects of gcloud's own OAuth clients, for application-default and for plain logins: they have no Firebase."""


def _is_gclouds(parts: Details) -> bool:
    """Whether a login's calls are charged to gcloud's project, since no quota project is named. (cloud.google.com/docs/
    authentication/adc-troubleshooting/user-creds)"""
    return parts.metadata.get("consumer") in _GCLOUD or "requires a quota project" in parts.message


def _limits(parts: Details) -> str:
    if parts.quotas:
        return one_line("; ".join(filter(None, parts.quotas)), 160)
    metric, limit = parts.metadata.get("quota_metric"), parts.metadata.get("quota_limit_value")
    per = parts.metadata.get("quota_limit")
    return ", ".join(one_line(one) for one in (metric, per, limit) if one)


def _quoted(words: str, more: str = "") -> str:
    return f"FCM says: {one_line(words, 200)!r}{more}"


def _entries(details: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Kind and content: ``@type`` is told by its last part."""
    for entry in _objects(details):
        yield _text(entry.get("@type")).rsplit(".", 1)[-1].rsplit("/", 1)[-1], entry


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _status(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 999 else 0
