"""``--set path=value``: the one place where paths into a body are read and applied.

A dot nests (``aps.thread-id``), ``\\.`` is a literal dot in a key, ``\\\\`` a literal backslash. Assignments are
applied in order. An object assigned onto an object is merged into it key by key; anything else replaces what was there.
Form vendors take the path literally and do not come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.errors import UsageError

if TYPE_CHECKING:
    from pushctl.core.message import Assignment


def split_path(path: str) -> tuple[str, ...]:
    """The keys of a path: ``aps.alert.title`` gives three, ``com\\.example.id`` two.

    Raises ``UsageError`` for an empty key and for a backslash that escapes neither a dot nor a backslash.
    """
    keys = [""]
    letters = iter(path)
    for letter in letters:
        if letter == ".":
            keys.append("")
        elif letter == "\\":
            escaped = next(letters, "")
            if escaped not in (".", "\\") or not escaped:
                raise _bad_path(path, "has a backslash that escapes neither a dot nor a backslash")
            keys[-1] += escaped
        else:
            keys[-1] += letter
    if "" in keys:
        raise _bad_path(path, "has an empty key")
    return tuple(keys)


def _bad_path(path: str, what: str) -> UsageError:
    return UsageError(
        f"The path {path!r} {what}.",
        r"Write it as key.key.key, with \. for a dot inside a key.",
        rule="set-path",
        where=f"--set {path}",
    )


def assigned(body: Mapping[str, Any], assignments: Iterable[Assignment]) -> dict[str, Any]:
    """A copy of ``body`` with the assignments applied; ``body`` itself stays as it is.

    Raises ``UsageError`` for a bad path, and for a path that leads through something that is no object.
    """
    result = dict(body)
    for assignment in assignments:
        *parents, last = split_path(assignment.path)
        place = result
        for depth, key in enumerate(parents):
            below = place.get(key, {})
            if not isinstance(below, Mapping):
                raise _conflict(assignment.path, ".".join(parents[: depth + 1]), below)
            place[key] = dict(below)
            place = place[key]
        place[last] = merged(place.get(last), assignment.value)
    return result


def merged(old: Any, new: Any) -> Any:
    """``new`` laid over ``old``: objects key by key and at every depth, anything else replaces."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return new
    return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}


def _conflict(path: str, parent: str, found: object) -> UsageError:
    return UsageError(
        f"--set {path} leads through {parent}, which is not an object but {found!r}.",
        f"Set {parent} to an object first, or set another path.",
        rule="set-conflict",
        where=f"--set {path}",
    )
