"""Picture uploads, and the ids that they give: the emulated media host of China.

The paths, the parts and the limits are those of the official Java SDK, which looks at the name's ending only and leaves
the rest to the server. How large an image is in pixels is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors.oppo.emulator_answers import BAD_PICTURE, MISSING, accepted, invalid, new_id, refused
from pushctl.vendors.oppo.emulator_form import Form

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

LARGEST: Mapping[str, int] = {"big_picture": 1 << 20, "small_picture": 50 << 10}
"""Bytes, by the end of the path."""
_BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_ADDRESS = re.compile(r"[\s/]")


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
    made = new_id(call)
    call.world.state.setdefault("pictures", set()).add(made)
    return accepted(call, {f"{kind}_id": made}, "picture-taken")


def check(call: Call, told: Mapping[str, Any], place: str) -> Refusal | None:
    """What is wrong with the pictures that a notification names by id. Any that may be one is taken: those that were
    uploaded to OPPO are not known here."""
    for name in ("big_picture_id", "small_picture_id"):
        given = told.get(name)
        if given is None:
            continue
        if _ADDRESS.search(given):
            return Refusal(
                BAD_PICTURE,
                f"field {place}{name}",
                f"{place}{name} is an address or has blanks in it: no id of a picture",
            )
        if given not in call.world.state.get("pictures", ()):
            call.note(f"{place}{name} was not uploaded to this sandbox; it is taken for one that OPPO has.")
    return None
