"""Picture uploads, and the ids that they give: the emulated media host of China.

The paths, the parts and the limits are those of the official Java SDK, which looks at the name's ending only and leaves
the rest to the server. How large an image is in pixels is not looked at here.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from email import message_from_bytes
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_oauth import KEY_FILE
from pushctl.vendors.oppo.emulator_answers import BAD_PICTURE, MISSING, accepted, invalid, new_id, refused
from pushctl.vendors.oppo.emulator_form import Form

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

LARGEST: Mapping[str, int] = {"big_picture": 1 << 20, "small_picture": 50 << 10}
"""Bytes, by the end of the path."""
_BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_SEAL = 8


def parts_of(call: Call) -> tuple[Form, bytes | None]:
    """The text parts of a multipart body, and the file, or None without one."""
    head = f"Content-Type: {call.seen.header('content-type') or ''}\r\n\r\n".encode("utf-8", "replace")
    parsed = message_from_bytes(head + call.seen.body)
    pairs: list[tuple[str, str]] = []
    file: bytes | None = None
    for part in parsed.get_payload() if parsed.is_multipart() else ():
        if isinstance(part, str):
            continue
        name, content = part.get_param("name", "", "content-disposition"), part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        if name == "file":
            file = data
        else:
            pairs.append((str(name), data.decode("utf-8", "replace").strip()))
    return Form(tuple(pairs)), file


def upload(call: Call, kind: str, form: Form, file: bytes | None) -> Act:
    """Answer an upload with the id of the picture.

    :param kind: ``big_picture`` or ``small_picture``.
    """
    if file is None:
        return refused(call, invalid("file", "is missing", MISSING))
    if not form.get("picture_ttl").isdecimal():
        return refused(call, invalid("picture_ttl", "must be a number of seconds"))
    if not file.startswith(_BEGINS):
        return refused(call, Refusal(BAD_PICTURE, "picture-format", "neither PNG nor JPEG"))
    if len(file) > LARGEST[kind]:
        return refused(call, Refusal(BAD_PICTURE, "picture-size", f"over {LARGEST[kind] >> 10} KB"))
    made = new_id(call)[:-_SEAL]
    return accepted(call, {f"{kind}_id": made + _seal(call, made)}, "picture-taken")


def check(call: Call, told: Mapping[str, Any], place: str) -> Refusal | None:
    """Whether the pictures that a notification names were uploaded, to this sandbox or to one before it."""
    for name in ("big_picture_id", "small_picture_id"):
        given = told.get(name, "")
        if given and not hmac.compare_digest(
            given[-_SEAL:].encode("utf-8", "replace"), _seal(call, given[:-_SEAL]).encode()
        ):
            return Refusal(BAD_PICTURE, f"field {place}{name}", "no picture of this id was uploaded to the sandbox")
    return None


def _seal(call: Call, made: str) -> str:
    key = (call.world.folder / KEY_FILE).read_bytes()
    return hmac.digest(key, f"picture {made}".encode("utf-8", "replace"), sha256).hex()[:_SEAL]
