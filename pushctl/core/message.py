"""What a person wants to push, and to whom, in words that fit every vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pushctl.core.secret import Pairs

Kind = Literal["notification", "silent", "raw"]


@dataclass(frozen=True, slots=True)
class Target:
    """Who gets the push.

    :ivar kind: ``token``, ``fid``, ``topic``, ``condition``, ``alias``, ``user``, ``channel``, ``tag`` or ``all``;
        a vendor's card lists those it has.
    :ivar value: the vendor's own id, unchanged.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One ``--set path=value``: ``path`` as typed (``aps.thread-id``; ``\\.`` is a literal dot), ``value`` any JSON."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Message:
    """The intent of one push. ``None`` means "not said", which is not the same as empty.

    :ivar data: custom keys and values, any JSON; vendors that take strings only say so in their lint.
    :ivar silent: wake the app, show nothing.
    :ivar ttl: how long the vendor may keep it, in seconds; 0 asks for one attempt.
    :ivar priority: ``normal`` or ``high``.
    :ivar collapse: the id under which a newer message replaces an older one.
    :ivar channel: Android notification channel.
    :ivar klass: ``im``, ``service`` or ``marketing``, the classes of the Chinese vendors.
    :ivar click: ``app``, ``url:URL``, ``activity:NAME`` or ``intent:URI``.
    :ivar options: what only one vendor knows, by vendor id: ``{"apns": {"push_type": "voip"}}``.
    :ivar assignments: ``--set`` in order, merged into the vendor's body last.
    :ivar headers: ``--header`` in order, replacing what the vendor's builder would send.
    :ivar validate_only: let the vendor check it by its own means and deliver nothing (or, where its card says so, as a
        test message).
    :ivar raw: the vendor's own body, sent as is; then only headers and targets are built.
    """

    title: str | None = None
    subtitle: str | None = None
    body: str | None = None
    image: str | None = None
    badge: int | None = None
    sound: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    silent: bool = False
    ttl: int | None = None
    priority: Literal["normal", "high"] | None = None
    collapse: str | None = None
    channel: str | None = None
    klass: Literal["im", "service", "marketing"] | None = None
    category: str | None = None
    click: str | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    headers: Pairs = ()
    raw: bytes | None = None
    validate_only: bool = False

    @property
    def kind(self) -> Kind:
        """``raw`` for a body sent as is, ``silent``, or ``notification``."""
        if self.raw is not None:
            return "raw"
        return "silent" if self.silent else "notification"
