"""What only Mi Push knows: the ``[mi]`` table of a message file, and which field of the form each key becomes.

Fields: dev.mi.com pId=1559; those of style, icons and buttons as Xiaomi's Java SDK names them (Constants.java). Buttons
and anything else are reached with ``--set extra.KEY=VALUE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl.core.errors import UsageError
from pushctl.core.writing import json_text

_TABLE: tuple[tuple[str, str, str], ...] = (
    ("template_id", "extra.template_id", "the template of a private message"),
    ("template_param", "extra.template_param", "the template's variables: a table, or JSON text"),
    ("notify_type", "notify_type", "-1 all; or the sum of 1 sound, 2 vibration, 4 light; 0 none of them"),
    ("notify_id", "notify_id", "a number; a later notification of the same one replaces it"),
    ("time_to_send", "time_to_send", "when to send it: milliseconds since 1970, at most 7 days ahead"),
    ("notify_foreground", "extra.notify_foreground", "0: not shown while the app is in front"),
    ("only_send_once", "extra.only_send_once", "1: only if the device is online now"),
    ("jobkey", "extra.jobkey", "the name of a batch: status is asked for by it, and a device shows one message of it"),
    ("callback", "extra.callback", "the address that receipts are posted to"),
    ("callback_param", "extra.callback.param", "a text of at most 64 bytes that receipts carry back"),
    ("callback_type", "extra.callback.type", "the sum of 1, 2, 16, 32, 64, 128, 1024; 3 where nothing is said"),
    ("flow_control", "extra.flow_control", "1, or how many a second: a large push is sent smoothly"),
    ("ticker", "extra.ticker", "a text that runs through the status bar"),
    ("locale", "extra.locale", "only devices of these languages (zh_CN), with commas between them"),
    ("locale_not_in", "extra.locale_not_in", "no devices of these languages"),
    ("model", "extra.model", "only these models, brands or price bands (1000-1999)"),
    ("model_not_in", "extra.model_not_in", "none of these"),
    ("app_version", "extra.app_version", "only these versions of the app (versionName)"),
    ("app_version_not_in", "extra.app_version_not_in", "none of these"),
    ("connpt", "extra.connpt", "wifi: only over Wi-Fi"),
    ("channel_name", "extra.channel_name", "of a channel of the old kind: its name"),
    ("channel_description", "extra.channel_description", "of a channel of the old kind: what it is for"),
    ("class_name", "extra.class_name", "the activity that a tap opens, in place of an intent"),
    ("intent_flag", "extra.intent_flag", "the flags of that activity's intent"),
    ("style_type", "extra.notification_style_type", "1 big text, 2 big picture"),
    ("large_icon_uri", "extra.notification_large_icon_uri", "a large icon, uploaded to Xiaomi"),
    ("small_icon_uri", "extra.notification_small_icon_uri", "a small icon, uploaded to Xiaomi"),
    ("small_icon_color", "extra.notification_small_icon_color", "its colour"),
    ("group", "extra.notification_group", "a group of notifications"),
    ("is_summary", "extra.notification_is_summary", "true for the group's summary"),
)
OPTIONS: Mapping[str, str] = {name: about for name, _, about in _TABLE}
"""Every key of ``[mi]``, with a line about it."""
FIELDS_OF: Mapping[str, str] = {name: field for name, field, _ in _TABLE}
"""Every key of ``[mi]``, and the form field that it becomes."""
_WORDS = frozenset({"extra.notification_is_summary"})  # true and false; every other switch is 1 and 0


def text_of(field: str, value: Any, where: str) -> str:
    """A value as a form has it: text as it is, numbers in digits, a switch as 1 or 0, a list with commas between its
    parts, an object as JSON text.

    :raises UsageError: for anything else (a date of TOML, null).
    """
    if isinstance(value, bool):
        return str(value).lower() if field in _WORDS else str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str | int) and not isinstance(item, bool) for item in value):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return json_text(value)
    raise UsageError(
        f"{where} is {str(value)[:60]!r}, which a form cannot carry.",
        "Give a text, a number, or a table, which becomes JSON text.",
        rule="form-value",
        where=where,
    )
