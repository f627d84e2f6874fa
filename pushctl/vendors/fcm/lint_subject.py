"""What lint looks at: the push as it would be sent, so that flags, ``--set``, message files and raw payloads are all
checked alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import read_json
from pushctl.core.rules import Fields
from pushctl.core.wire import encode_json
from pushctl.vendors.fcm import message as messages
from pushctl.vendors.fcm import request

if TYPE_CHECKING:
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Pairs
    from pushctl.core.vendor import Account, Env

FIELDS = Fields(Path(__file__).parent / "fields.json")


@dataclass(frozen=True)
class Subject:
    """One push under examination.

    :ivar target: None when no target is at hand.
    :ivar body: the whole body's bytes.
    :ivar now: Unix seconds.
    """

    message: Message
    target: Target | None
    headers: Pairs
    body: bytes
    now: float

    @cached_property
    def document(self) -> Any:
        """The body read as JSON, or None when it is none."""
        try:
            return read_json(self.body)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def written(self) -> Mapping[str, Any]:
        """The message object as it is written, in either spelling; empty where there is none."""
        return messages.inside(self.document)

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """The message object with FCM's own names in snake_case, and without what is null (which counts as unsaid)."""
        made: Mapping[str, Any] = _plain("", self.written)
        return made

    def get(self, path: str) -> Any:
        """The value at ``android.notification.title``, or None."""
        value: Any = self.plain
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def table(self, path: str) -> Mapping[str, Any]:
        """The object at a path, empty where there is none or it is something else."""
        value = self.get(path)
        return value if isinstance(value, Mapping) else {}

    @property
    def aps(self) -> Mapping[str, Any]:
        """``apns.payload.aps``, empty where there is none."""
        return self.table("apns.payload.aps")

    @property
    def visible_on_android(self) -> bool:
        """Whether an Android device would show something."""
        shown = ("notification", "android.notification", "android_v2.remote_notification")
        return any(self.table(path) for path in shown)

    @property
    def visible_on_ios(self) -> bool:
        """Whether an iPhone would show or play something."""
        title = self.table("notification").keys() & {"title", "body"}
        return bool(title) or any(self.aps.get(key) not in (None, "", {}) for key in ("alert", "sound", "badge"))

    @property
    def has_data(self) -> bool:
        """Whether there is data for some platform."""
        places = ("data", "android.data", "webpush.data", "android_v2.data")
        own = self.table("apns.payload").keys() - {"aps"}
        return bool(own) or any(self.table(path) for path in places)


def subject(account: Account | None, message: Message, target: Target | None, env: Env) -> Subject:
    """Build what would be sent. Raises ``UsageError`` where the builder does."""
    from pushctl.core.message import Target as AnyTarget

    stand_in = AnyTarget(target.kind, target.value or "x") if target else AnyTarget("token", "x")
    body = messages.build(message, stand_in, env.now)
    headers = request.build_headers(account.app if account else {}, message, None)
    return Subject(message, target, headers, body if isinstance(body, bytes) else encode_json(body), env.now)


def canonical(parent: str, key: str) -> str | None:
    """The name under which ``fields.json`` has a key below ``parent`` ("" for the message object), or None."""
    prefix = f"{parent}." if parent else ""
    return next((name for name in (key, snake(key)) if prefix + name in FIELDS), None)


def snake(key: str) -> str:
    """``collapseKey`` as ``collapse_key``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def is_open(path: str) -> bool:
    """Whether an object holds the user's own keys, so that none of them is FCM's to name."""
    free = path.startswith(("apns.payload", "webpush.notification"))
    return free or (path in FIELDS and "string map" in FIELDS[path].type)


def _plain(parent: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    made: dict[str, Any] = {}
    for key, item in value.items():
        if item is None and not is_open(parent):
            continue
        name = key if is_open(parent) else canonical(parent, key) or key
        path = f"{parent}.{name}" if parent else name
        made[name] = _plain(path, item) if path in FIELDS else item
    return made


def walk(parent: str, value: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every key that stands in a message object: parent path, key as written, value; parents before children."""
    for key, item in value.items():
        yield parent, key, item
        name = canonical(parent, key)
        path = f"{parent}.{name}" if parent else name or ""
        if name is not None and isinstance(item, Mapping):
            yield from walk(path, item)
