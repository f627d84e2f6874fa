"""``extra.…`` of a message: what a click does, filters, receipts, styles, and the app's own pairs.

Source: Xiaomi's server API page 1559 and the constants of its SDK. What happens to a wrong value is unproved: refused
where the world is strict.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.mi.emulator_checks import blank, doubtful, number, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_form import Fields

TOO_MANY, TOO_LONG, PARAM_TOO_LONG, BAD_CALLBACK = "65014", "65015", "65036", "65038"
OWN_PAIRS, OWN_CHARACTERS, PARAM_BYTES = 10, 1024, 64
JOBKEY, OLDER_JOBKEY = 20, 12
_RECEIPTS = 1 | 2 | 16 | 32 | 64 | 128 | 1024
_RATES = (1000, 100_000)

_NAMES = frozenset(
    {
        "channel_id", "channel_name", "channel_description", "template_id", "template_param", "notify_effect",
        "intent_uri", "class_name", "intent_flag", "web_uri", "notify_foreground", "sound_uri", "ticker", "jobkey",
        "callback", "callback.param", "callback.type", "flow_control", "only_send_once", "locale", "locale_not_in",
        "model", "model_not_in", "app_version", "app_version_not_in", "connpt", "notification_style_type",
        "notification_large_icon_uri", "notification_bigPic_uri", "notification_small_icon_uri",
        "notification_small_icon_color", "notification_group", "notification_is_summary", "badge", "instant_notify",
    }
)  # fmt: skip
_BUTTON = re.compile(r"notification_style_button_(left|mid|right)_(name|notify_effect|intent_uri|intent_class|web_uri)")
_FORMS: Mapping[str, tuple[str, str]] = {
    "notify_effect": ("[123]", "must be 1, 2 or 3"),
    "notify_foreground": ("[01]", "must be 0 or 1"),
    "only_send_once": ("[01]", "must be 1"),
    "connpt": ("wifi", "must be wifi"),
    "notification_style_type": ("[12]", "must be 1 or 2"),
    "badge": (r"\d{1,18}", "must be a number"),
    "jobkey": (f"[A-Za-z0-9-][A-Za-z0-9_-]{{0,{JOBKEY - 1}}}", f"must be at most {JOBKEY} letters, digits, - and _"),
}


def own(fields: Fields) -> dict[str, str]:
    """The pairs that are the app's own business."""
    return {name: text for name, text in fields.extras().items() if name not in _NAMES and not _BUTTON.fullmatch(name)}


def check(call: Call, fields: Fields) -> Refusal | None:
    """All extras but channel and template."""
    return _own(fields) or doubtful(call, _forms(fields)) or _click(call, fields) or _receipt(call, fields)


def _own(fields: Fields) -> Refusal | None:
    """Both codes are named so in Xiaomi's table; that they are for these two limits is inferred."""
    pairs = own(fields)
    if len(pairs) > OWN_PAIRS:
        return Refusal(TOO_MANY, "own-extras", f"{len(pairs)} own pairs, {OWN_PAIRS} are allowed")
    size = sum(len(name) + len(text) for name, text in pairs.items())
    return Refusal(TOO_LONG, "own-extras", f"{size} characters of {OWN_CHARACTERS}") if size > OWN_CHARACTERS else None


def _forms(fields: Fields) -> Refusal | None:
    for name, (form, what) in _FORMS.items():
        if fields.extra_of(name) and not re.fullmatch(form, fields.extra_of(name), re.ASCII):
            return wrong(f"extra.{name}", what)
    rate = fields.extra_of("flow_control")
    if rate and rate != "1" and number(rate, *_RATES) is None:
        return wrong("extra.flow_control", f"must be 1, or a rate from {_RATES[0]} to {_RATES[1]}")
    return None


def _click(call: Call, fields: Fields) -> Refusal | None:
    if fields.one("pass_through") == "1":
        return None
    effect = fields.extra_of("notify_effect")
    if not effect:
        call.note("extra.notify_effect is missing: a custom notification, off since 2024-09-30; it is dropped.")
        call.note("What the API answers to it is unproved.")
    if effect == "2" and not (fields.extra_of("intent_uri") or fields.extra_of("class_name")):
        return doubtful(call, blank("extra.intent_uri"))
    if effect == "3" and not fields.extra_of("web_uri"):
        return doubtful(call, blank("extra.web_uri"))
    if effect == "3" and not _is_http(fields.extra_of("web_uri")):
        return doubtful(call, wrong("extra.web_uri", "must be an http or https address"))
    if len(fields.extra_of("jobkey")) > OLDER_JOBKEY:
        call.note(f"extra.jobkey has over {OLDER_JOBKEY} characters, more than the older text allows.")
    return None


def _receipt(call: Call, fields: Fields) -> Refusal | None:
    url, param, kind = (fields.extra_of(name) for name in ("callback", "callback.param", "callback.type"))
    if url and not _is_http(url):
        return Refusal(BAD_CALLBACK, "callback", "extra.callback is no http or https address")
    if len(param.encode("utf-8", "replace")) > PARAM_BYTES:
        return Refusal(
            PARAM_TOO_LONG, "callback-param", f"{len(param.encode('utf-8', 'replace'))} bytes of {PARAM_BYTES}"
        )
    bits = number(kind, 1, 2 * 1024 - 1) if kind else 1
    if bits is None or bits & ~_RECEIPTS:
        what = "must be a sum of 1, 2, 16, 32, 64, 128 and 1024, each once"
        return doubtful(call, wrong("extra.callback.type", what))
    return None


def _is_http(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
