"""An answer as it may be shown: without the request's secrets, and without what a token endpoint grants."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pushctl.core.masking import without_secrets
from pushctl.core.secret import SECRET_FIELDS
from pushctl.core.wire import Reply, Response

if TYPE_CHECKING:
    from pushctl.core.wire import Request

_LONG_WORD = re.compile(rb"[^\s\"'<>]{40,}")
_GRANT_LENGTH = 40  # a string of that length without a blank may be a token under any name; error codes are shorter


def safe_reply(request: Request | None, reply: Reply) -> Reply:
    """The reply as it may be shown: the request's secrets replaced by their stand-ins, and from the answer to an
    ``auth`` call every text that can be a token."""
    if request is None:
        return reply
    clean = without_secrets(request, reply)
    if request.call == "auth" and isinstance(clean, Response):
        return replace(clean, body=_without_grants(clean.body))
    return clean


def _without_grants(body: bytes) -> bytes:
    def hide(value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            hidden = name.lower() in SECRET_FIELDS or (len(value) >= _GRANT_LENGTH and " " not in value)
            return "$HIDDEN" if hidden else value
        if isinstance(value, dict):
            return {key: hide(item, key) for key, item in value.items()}
        return [hide(item, name) for item in value] if isinstance(value, list) else value

    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _LONG_WORD.sub(b"$HIDDEN", body)  # a bare token, or a page that repeats one
    return json.dumps(hide(document), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
