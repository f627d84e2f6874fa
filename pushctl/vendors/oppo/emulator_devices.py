"""The feedback host, which lists dead ids, and the host that binds tags to phones; both are China's only.

The list's form is known from clients. That binding takes a JSON body is known from one client, and so is code 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pushctl.core.emulated_calls import Call, Refusal
from pushctl.vendors.oppo import emulator_handsets as handsets
from pushctl.vendors.oppo.emulator_answers import BAD_TARGET, MISSING, accepted, invalid, refused
from pushctl.vendors.oppo.emulator_form import Form, read_json

if TYPE_CHECKING:
    from pushctl.core.emulated import Act


def invalid_list(call: Call) -> Act:
    """Answer with the ids that have died."""
    ids = handsets.dead()
    return accepted(call, {"registration_ids": ids, "totalCount": len(ids)}, "listed")


def json_fields(call: Call) -> Form:
    """The texts of a JSON body, as fields."""
    document = read_json(call.seen.body)
    members = document.items() if isinstance(document, dict) else ()
    return Form(tuple((name, value) for name, value in members if isinstance(value, str)))


def tags(call: Call, app: str, *, bind: bool) -> Act:
    """Bind tags to a phone, or take them off."""
    found = read_json(call.seen.body)
    document: dict[str, Any] = found if isinstance(found, dict) else {}
    token, given = document.get("registration_id"), document.get("tags")
    names = given.split(",") if isinstance(given, str) else given
    if not isinstance(token, str) or not token or not names:
        return refused(call, invalid("registration_id or tags", "is missing", MISSING))
    if not isinstance(names, list) or not all(isinstance(name, str | int) for name in names):
        return refused(call, invalid("tags", "must be an array of tags"))
    reason = handsets.reason_of(token, app, "china")
    if reason:
        return refused(call, Refusal(BAD_TARGET, f"target-{reason}", handsets.REASONS[reason]))
    bound: dict[str, set[str]] = call.world.state.setdefault("tags", {})
    told = {str(name).strip() for name in names}
    mine = bound.get(token, set())
    bound[token] = mine | told if bind else mine - told
    return accepted(call, {}, "tags-bound" if bind else "tags-unbound")
