"""Checks of what goes with a message: ids, receipts, who sees it when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pushctl.core.payloads import close_name, described, is_integer, is_number, short, table, texts
from pushctl.vendors.vivo.classes import OPERATIONAL
from pushctl.vendors.vivo.judge import RULES
from pushctl.vendors.vivo.lint_class import CLOSES, OPENS
from pushctl.vendors.vivo.lint_subject import CHINA, number
from pushctl.vendors.vivo.request import MOST_TARGETS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.vivo.lint_subject import Subject

_MOST_ID, _MOST_PROFILE_ID, _MOST_NOTIFY_ID = 64, 64, 2**31 - 1
_EXTRA_KEYS = ("callback", "callback.id", "callback.param")
_MOST_CALLBACK, _MOST_PARAM_BEFORE, _MOST_PARAM = 128, 64, 192
_SOON_MS, _SPAN_MS, _DAY_MS = 10 * 60_000, 120 * 60_000, 24 * 3_600_000


def _ids(pushed: Subject) -> Iterator[Finding]:
    """What a raw body must bring along itself: ``appId``, ``requestId``, ``notifyType``; numbers and their ranges."""
    if not pushed.is_readable:
        return
    said, own = number(pushed.document.get("appId")), pushed.app.get("app_id", "")
    if "appId" not in pushed.document:
        if own:
            yield RULES["app-id-unsaid"].finding("appId", app_id=own)
    elif own and said is not None and str(said) != own:
        yield RULES["app-id-mismatch"].finding("appId", said=said, own=own)
    request_id = pushed.document.get("requestId")
    if request_id is None or request_id == "":
        yield RULES["request-id-missing"].finding("requestId")
    elif is_integer(request_id):
        yield RULES["request-id-not-text"].finding("requestId", value=request_id)
    elif isinstance(request_id, str) and len(request_id) > _MOST_ID:
        yield RULES["request-id-too-long"].finding("requestId", size=len(request_id), most=_MOST_ID)
    if not pushed.is_list and "notifyType" not in pushed.document:
        yield RULES["notify-type-missing"].finding("notifyType")
    notify_id = number(pushed.document.get("notifyId"))
    if notify_id is not None and not 1 <= notify_id <= _MOST_NOTIFY_ID:
        yield RULES["notify-id-range"].finding("notifyId", value=notify_id)
    profile_id = pushed.document.get("profileId")
    if isinstance(profile_id, str) and len(profile_id) > _MOST_PROFILE_ID:
        yield RULES["profile-id-length"].finding("profileId", size=len(profile_id))


def _targets(pushed: Subject) -> Iterator[Finding]:
    """The ids that a raw body names itself. Those of the command line are checked by ``lint_target``."""
    document = pushed.document
    if "regId" in document and "alias" in document:
        yield RULES["targets-both"].finding("alias")
    if not pushed.is_list:
        return
    if not document.get("taskId"):
        yield RULES["task-id-missing"].finding("taskId")
    ids = texts(document, "regIds") or texts(document, "aliases")
    if not 2 <= len(ids) <= MOST_TARGETS:
        yield RULES["token-count"].finding("regIds", count=len(ids))
    twice = [one for one, count in Counter(ids).items() if count > 1]
    if twice:
        first = f"{twice[0][:16]}…" if len(twice[0]) > 16 else twice[0]
        yield RULES["token-twice"].finding("regIds", count=len(twice), token=first)


def _extra(pushed: Subject) -> Iterator[Finding]:
    """``extra``: three keys and no others (10304)."""
    extra = table(pushed.document, "extra")
    for key, value in extra.items():
        if key not in _EXTRA_KEYS:
            close = close_name(key, _EXTRA_KEYS)
            fix = f"Did you mean {close}?" if close else "Data for the app go into clientCustomMap (--data)."
            yield RULES["extra-key"].finding(f"extra.{key}", key=key, fix=fix)
        elif not isinstance(value, str):
            yield RULES["extra-not-string"].finding(f"extra.{key}", path=f"extra.{key}", found=described(value))
    callback, param = extra.get("callback"), extra.get("callback.param")
    if isinstance(callback, str) and len(callback) > _MOST_CALLBACK:
        yield RULES["callback-too-long"].finding("extra.callback", size=len(callback), most=_MOST_CALLBACK)
    if isinstance(callback, str) and not callback.lower().startswith(("http://", "https://")):
        yield RULES["callback-url"].finding("extra.callback", value=short(callback))
    if isinstance(param, str) and len(param) > _MOST_PARAM:
        yield RULES["callback-param-too-long"].finding("extra.callback.param", size=len(param), most=_MOST_PARAM)
    elif isinstance(param, str) and len(param) > _MOST_PARAM_BEFORE:
        yield RULES["callback-param-long"].finding("extra.callback.param", size=len(param), most=_MOST_PARAM_BEFORE)


def _who_sees_it(pushed: Subject) -> Iterator[Finding]:
    """Fields that make a message disappear."""
    document = pushed.document
    if document.get("foregroundShow") is False:
        yield RULES["foreground-show-false"].finding("foregroundShow")
    if document.get("sendOnline") is True:
        yield RULES["send-online"].finding("sendOnline")
    if document.get("addBadge") is True:
        yield RULES["badge-needs-right"].finding("addBadge")


def _timed(pushed: Subject) -> Iterator[Finding]:
    """``timedDisplay``: when it may begin and end."""
    timed = table(pushed.document, "timedDisplay")
    start, end = timed.get("showStartTime"), timed.get("showEndTime")
    if is_number(start) and is_number(end) and (why := _wrong_time(pushed, start, end)):
        yield RULES["timed-display"].finding("timedDisplay", why=why)


def _wrong_time(pushed: Subject, start: float, end: float) -> str:
    now = pushed.now * 1000
    if start < now + _SOON_MS:
        return "begins less than ten minutes from now"
    if not 0 < end - start < _SPAN_MS:
        return "lasts two hours or more, or ends before it begins"
    if end > now + _DAY_MS:
        return "ends more than 24 hours from now"
    begins, ends = (datetime.fromtimestamp(moment / 1000, CHINA) for moment in (start, end))
    if begins.date() != ends.date():
        return "ends on another day in China"
    late = (ends.hour, ends.minute, ends.second) > (CLOSES, 0, 0)
    if pushed.class_of_message == OPERATIONAL and (begins.hour < OPENS or late):
        return "is outside 07:00 to 23:00 in China, and it is an operational message"
    return ""


CHECKS = (_ids, _targets, _extra, _who_sees_it, _timed)
