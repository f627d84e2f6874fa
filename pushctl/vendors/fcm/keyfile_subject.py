"""The token that a workload shows to Google's Security Token Service: from the profile, or from a URL.

google-auth-library-python:google/auth/identity_pool.py. A vendor reads no files: where a credential file names one, the
profile refers to it (``subject_token = "file:PATH"``), and the rules for secrets hold for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.vendors.fcm.credentials import SubjectUrl
from pushctl.vendors.fcm.keyfile_fields import FIELD, address, bad, described
from pushctl.vendors.fcm.strangers import OWN_TOKEN

PLACE = "credentials.subject_token"


def subject_of(source: Any, subject: str, given: Secret | None) -> Secret | SubjectUrl:
    """The subject token, or where to ask for it; what the profile refers to comes first.

    :param source: ``credential_source`` of the file.
    :raises ProfileError: a source that cannot be used, or a file that the profile does not refer to.
    """
    source = source if isinstance(source, Mapping) else {}
    if "environment_id" in source or "certificate" in source:
        what = "AWS" if "environment_id" in source else "a client certificate"
        raise ProfileError(
            f"{subject} identifies its workload by {what}, which pushctl cannot do.",
            OWN_TOKEN,
            rule="credential-unsupported",
            where=FIELD,
        )
    form = source.get("format")
    form = form if isinstance(form, Mapping) else {}
    field = form.get("subject_token_field_name") if form.get("type") == "json" else ""
    if not isinstance(field, str):
        raise bad(subject, "credential_source.format", "is json without subject_token_field_name")
    if given is not None:
        return _given(given, field)
    if "executable" in source:
        raise ProfileError(
            f"{subject} gets its subject token from a program, and pushctl runs none that a file names.",
            f'Run it yourself and write subject_token = "env:NAME" for what it gives, or: {OWN_TOKEN}',
            rule="credential-unsupported",
            where=FIELD,
        )
    if "file" in source:
        path = source["file"]
        named = path if isinstance(path, str) and path.isprintable() and len(path) < 400 else "PATH"
        raise ProfileError(
            f"{subject} takes its subject token from a file, and the profile does not refer to it.",
            f'Add subject_token = "file:{named}" to [credentials].',
            rule="subject-token-missing",
            where=PLACE,
        )
    if "url" not in source:
        raise bad(subject, "credential_source", "names neither a file nor a url")
    return _subject_url(source, subject, field)


def subject_file(data: bytes) -> str:
    """The file that an external_account takes its subject token from, or ""; for what is no such account, too."""
    try:
        found = json.loads(data)
        path = found["credential_source"]["file"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return path if isinstance(path, str) else ""


def _given(token: Secret, field: str) -> Secret:
    content = token.reveal_bytes()
    found = subject_token_in(content, field)
    if not found:
        raise ProfileError(
            f"{described(token, PLACE)} holds no token{f' in the field {field!r}' if field else ''}.",
            "Compare it with credential_source.format of the credential file.",
            rule="subject-token-unreadable",
            where=PLACE,
        )
    return Secret(found, "$PUSHCTL_SUBJECT_TOKEN", token.about)


def subject_token_in(content: bytes, field: str) -> str:
    """The subject token in the content of a file or an answer; "" where there is none.

    :param field: the JSON field that holds it; "" where the content is the token. A content that is no JSON object is
        taken as the token itself, for a token never looks like one.
    """
    text: Any = content.decode("utf-8-sig", "replace").strip()
    if field and text.startswith("{"):
        try:
            text = json.loads(text).get(field)
        except (ValueError, RecursionError):
            return ""
    clean = isinstance(text, str) and text.isascii() and text.isprintable() and " " not in text
    return text if clean else ""


def _subject_url(source: Mapping[str, Any], subject: str, field: str) -> SubjectUrl:
    url = source["url"] if isinstance(source["url"], str) else ""
    base, _, query = url.partition("?")
    headers = source.get("headers") or {}
    if not isinstance(headers, Mapping) or not all(_is_header(value) for value in headers.values()):
        raise bad(subject, "credential_source.headers", "is no object of texts that a header can have")
    pairs = parse_qsl(query, keep_blank_values=True) if query.isascii() else ()
    return SubjectUrl(
        url=address(base, "credential_source.url", subject),
        query=tuple((name, Secret(value, "$PUSHCTL_QUERY")) for name, value in pairs),
        headers=tuple((name, Secret(value, "$PUSHCTL_HEADER")) for name, value in headers.items()),
        field=field,
    )


def _is_header(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()
