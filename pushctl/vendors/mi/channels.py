"""Which channel a message has, and so which of Xiaomi's three classes: the channel decides of quota, sound and whether
anything is shown (dev.mi.com pId=1656, "Xiaomi's new rules of message classification")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pushctl.core.message import Message

Class = Literal["private", "public", "unknown", "default"]
"""Private messages (私信), public ones (公信), those of a channel whose class only the console knows, those without a
channel (默认)."""
CLASS_OF: Mapping[str, Class] = {"im": "private", "service": "private", "marketing": "public"}


def channel_of(message: Message, app: Mapping[str, str]) -> str | None:
    """The channel: ``--channel``, else the one of the class that was said, else the profile's ``channel_id``."""
    if message.channel is not None:
        return message.channel
    own = f"{CLASS_OF[message.klass]}_channel_id" if message.klass else ""
    return app.get(own) or app.get("channel_id")


def class_of(channel: str | None, message: Message, app: Mapping[str, str]) -> Class:
    """What a channel is: as the profile says, else as ``--class`` says of one that was named beside it. Of the
    profile's ``channel_id``, which any class without a channel of its own falls back to, only the console knows."""
    if channel is None:
        return "default"
    if channel == app.get("public_channel_id"):
        return "public"
    if channel == app.get("private_channel_id"):
        return "private"
    return CLASS_OF[message.klass] if message.klass and channel != app.get("channel_id") else "unknown"


def template_of(message: Message, app: Mapping[str, str], channel: str | None) -> str | None:
    """The profile's template, where the message has the channel that it belongs to: a template is bound to one
    (dev.mi.com pId=2314), and public messages have none."""
    bound = app.get("private_channel_id") or app.get("channel_id")
    public = message.klass == "marketing" or class_of(channel, message, app) == "public"
    fits = channel is not None and channel == bound and not public
    return app.get("template_id") if fits else None
