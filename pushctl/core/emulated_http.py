"""HTTP as emulated services have it: forms, JSON answers, the ``Date`` and the clock behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.core.emulated import Seen, World


def form_of(seen: Seen) -> dict[str, str] | None:
    """A form's fields, the last of a name; None for a body that is none."""
    pairs = form_pairs(seen)
    return None if pairs is None else dict(pairs)


def form_pairs(seen: Seen) -> list[tuple[str, str]] | None:
    """A form's fields in order, repeats and empty ones kept; None for a body that is none."""
    kind = (seen.header("content-type") or "").partition(";")[0].strip().casefold()
    if kind != "application/x-www-form-urlencoded":
        return None
    try:
        return parse_qsl(seen.body.decode(), keep_blank_values=True, strict_parsing=bool(seen.body))
    except ValueError:
        return None


def json_response(world: World, status: int, document: Any, *headers: tuple[str, str]) -> Response:
    """A JSON answer with the service's ``Date``. Half a character that it repeats from a request becomes a ``?``."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(status, (("content-type", "application/json; charset=UTF-8"), date(world), *headers), body)


def date(world: World) -> tuple[str, str]:
    """The ``Date`` header by the service's clock."""
    from email.utils import formatdate

    return "date", formatdate(clock(world), usegmt=True)


def clock(world: World) -> float:
    """The service's clock, Unix seconds: the world's, unless a scenario has set ``world.state["clock ahead"]``
    (seconds), which stands for a client whose own clock is wrong."""
    return world.now() + float(world.state.get("clock ahead", 0.0))
