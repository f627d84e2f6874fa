"""Answers that are no error of a Google API: of the token endpoint, of the Instance ID service, of the retired API, and
pages of Google's front end. They are told by their shape, whatever was asked.

Sources: google-auth-library-python (google/oauth2/_client.py), developers.google.com/instance-id/reference/server,
firebase-admin-node (src/messaging/error.ts), bloomberg.github.io/pushiko/fcm_responses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.answers import excerpt, from_entry, one_line, somebody_else, unlisted
from pushctl.core.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue, Entry
    from pushctl.core.message import Target
    from pushctl.core.wire import Response

_SUCCESSES = (
    "access_token",  # the token endpoint, STS
    "accessToken",  # impersonation
    "topicSubscriptions",
    "topic_name",
    "topicName",
    "androidDeliveryData",
    "authorizedEntity",  # iid/info
    "notification_key",  # device groups
)
_GOOGLE = re.compile(r"ESF|GSE|gws|sffe|scaffolding on HTTPServer2|Google Frontend|UploadServer")
_TITLE = re.compile(rb"<title>\s*([^<]{1,200}?)\s*</title>", re.IGNORECASE)
_PLAIN = re.compile(rb"Error=([A-Za-z_:. ]{1,80})\s*")


def is_google(reply: Response) -> bool:
    """Whether Google's own server is named in the answer's headers: a proxy names itself, or nobody."""
    return bool(_GOOGLE.match(reply.header("server") or ""))


def is_success(document: Mapping[str, Any]) -> bool:
    """Whether an answer with a status of success looks like one of the other interfaces'."""
    return any(key in document for key in _SUCCESSES)


def granted(document: Mapping[str, Any]) -> str:
    """What a token service granted, one sentence; "" for every other answer. The token itself is never repeated."""
    life, until = document.get("expires_in"), document.get("expireTime")
    if "access_token" in document and isinstance(life, int) and not isinstance(life, bool):
        return f"An access token that lives {life} seconds."
    if "accessToken" in document and isinstance(until, str):
        return f"An access token until {one_line(until)}."
    return ""


def refusal(error: str, description: object, status: int, catalogue: Catalogue) -> Judgement:
    """``{"error": CODE, "error_description": …}`` of the token endpoint, or ``{"error": CODE}`` of Instance ID.

    A code that has several meanings (``invalid_grant``) is told by its description.
    """
    words = description if isinstance(description, str) else ""
    if refined := _refined(error, words or error, catalogue):
        return from_entry(refined, status)  # its words say more than Google's
    entry = _plain(error, status, catalogue)
    detail = f"Google says: {one_line(words, 200)!r}" if words else ""
    if entry is None:
        return unlisted(error, status, detail or f"Google gave {one_line(error)!r}, which is not in the catalogue.")
    return from_entry(entry, status, detail)


def _refined(error: str, words: str, catalogue: Catalogue) -> Entry | None:
    """``invalid_grant/signature`` by its words; an error that is a sentence itself by that sentence."""
    family = ("iid/",) if " " in error else (f"{error}/",)
    spoken = words.casefold()
    return next(
        (
            entry
            for entry in catalogue.entries
            if entry.code.startswith(family) and any(word.casefold() in spoken for word in entry.match)
        ),
        None,
    )


def _plain(code: str, status: int, catalogue: Catalogue) -> Entry | None:
    return catalogue.find(code, status) or catalogue.find(f"legacy/{code}", status)


# --- results within a success ----------------------------------------------------------------------------------------


def batch(
    document: Mapping[str, Any], reply: Response, targets: tuple[Target, ...] | None, catalogue: Catalogue
) -> list[Verdict]:
    """One verdict per result of ``{"results": [{}, {"error": "NOT_FOUND"}]}``; with targets one per target.

    The order is that of the request. A target that the answer does not mention is unknown.
    """
    results = document["results"]
    told = [_result(one, reply, catalogue) for one in results]
    if targets is None:
        return told or [_silence(None, reply, 0, catalogue)]
    if len(told) != len(targets):
        return [_silence(target, reply, len(told), catalogue) for target in targets]
    return [Verdict(target, one.says, one.message_id, ms=reply.ms) for target, one in zip(targets, told, strict=True)]


def _result(result: object, reply: Response, catalogue: Catalogue) -> Verdict:
    """``{}`` is a success of a topic batch, ``{"message_id": …}`` one of the retired API."""
    code = result.get("error") if isinstance(result, dict) else None
    if isinstance(result, dict) and code is None:
        message_id = result.get("message_id")
        says = Judgement("accepted", "", None, http_status=reply.status)
        return Verdict(None, says, message_id if isinstance(message_id, str) else None, ms=reply.ms)
    if not isinstance(code, str) or not code:
        return _silence(None, reply, 0, catalogue)
    entry = catalogue.find(f"batch/{code}") or _plain(code, reply.status, catalogue)
    if entry is None:
        return Verdict(None, unlisted(code, reply.status, category="target"), ms=reply.ms)
    return Verdict(None, from_entry(entry, reply.status), ms=reply.ms)


def _silence(target: Target | None, reply: Response, told: int, catalogue: Catalogue) -> Verdict:
    says = somebody_else("NOT_FCM", reply.status, reply.body, catalogue)
    if told:
        says = Judgement(
            "unknown", "NOT_FCM", "network", "maybe", http_status=reply.status, entry=says.entry,
            detail=f"It tells of {told} targets, and others were asked about.",
        )  # fmt: skip
    return Verdict(target, says, ms=reply.ms)


# --- pages -----------------------------------------------------------------------------------------------------------


def page(status: int, body: bytes, catalogue: Catalogue) -> Judgement | None:
    """What a body that is no JSON means when Google wrote it: pages of its front end, ``Error=CODE``. None for what a
    stranger may have written, a proxy or a captive portal."""
    if plain := _PLAIN.fullmatch(body):
        return refusal(plain[1].decode("ascii"), None, status, catalogue)
    head = body[:_LARGE]
    if b"PROJECT_NOT_PERMITTED" in head and (entry := catalogue.find("PROJECT_NOT_PERMITTED")):
        return from_entry(entry, status, f"It came as {excerpt(body)}.")
    title = _TITLE.search(head)
    if title is None or not (title[1].endswith(b"!!1") or title[1].lower() == b"not found"):
        return None
    detail = f"It said {status} with {excerpt(body)}."
    entry = catalogue.find(f"HTTP_{status}_HTML") or catalogue.find(f"HTTP_{status}")
    return from_entry(entry, status, detail) if entry else unlisted(f"HTTP_{status}_HTML", status, detail)


_LARGE = 8192  # bytes; what matters of a page stands at its beginning
