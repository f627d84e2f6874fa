"""Checks of what surrounds a message: its batch, its receipts, when it is sent, which devices may have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.payloads import short
from pushctl.vendors.mi.form import number_of
from pushctl.vendors.mi.judge import RULES

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.mi.lint_subject import Subject

_JOBKEY = re.compile(r"[A-Za-z0-9-][A-Za-z0-9_-]*")
_LONG_JOBKEY, _LONGEST_JOBKEY = 12, 20
_TYPES = 1 | 2 | 16 | 32 | 64 | 128 | 1024
_PARAM_BYTES = 64
_DAY_S = 86_400
_FILTERS = ("locale", "locale_not_in", "model", "model_not_in", "app_version", "app_version_not_in", "connpt")


def _jobkey(pushed: Subject) -> Iterator[Finding]:
    key, path = pushed.extra_of("jobkey"), "extra.jobkey"
    if not key:
        return
    if not _JOBKEY.fullmatch(key) or len(key) > _LONGEST_JOBKEY:
        yield RULES["jobkey-form"].finding(path, value=short(key), most=_LONGEST_JOBKEY)
        return
    if len(key) > _LONG_JOBKEY:
        yield RULES["jobkey-long"].finding(path, size=len(key))
    yield RULES["jobkey-once"].finding(path, value=short(key))


def _callback(pushed: Subject) -> Iterator[Finding]:
    address, param, kind = (pushed.extra_of(f"callback{part}") for part in ("", ".param", ".type"))
    if address and not re.match(r"https?://\S", address, re.IGNORECASE):
        yield RULES["callback-url"].finding("extra.callback", value=short(address))
    if (size := len(param.encode("utf-8", "replace"))) > _PARAM_BYTES:
        yield RULES["callback-param-long"].finding("extra.callback.param", size=size)
    if kind and not (re.fullmatch(r"\d{1,6}", kind, re.ASCII) and int(kind) and not int(kind) & ~_TYPES):
        yield RULES["callback-type"].finding("extra.callback.type", value=short(kind))
    for name in ("callback.param", "callback.type"):
        if pushed.extra_of(name) and not address:
            yield RULES["callback-alone"].finding(f"extra.{name}", path=f"extra.{name}")


def _when(pushed: Subject) -> Iterator[Finding]:
    moment, path = number_of(pushed.fields.get("time_to_send", "").strip()), "time_to_send"
    if not moment:
        return
    ahead = moment / 1000 - pushed.now
    if moment < 100_000_000_000:
        yield RULES["time-to-send"].finding(path, what=f"{moment}: it counts milliseconds, and these are seconds")
    elif ahead < -60:
        yield RULES["time-to-send"].finding(path, what=f"{moment}, which is past")
    elif ahead > 30 * _DAY_S:
        yield RULES["time-to-send"].finding(path, what=f"{ahead / _DAY_S:.0f} days ahead")
    elif ahead > 7 * _DAY_S:
        yield RULES["time-to-send-far"].finding(path, days=f"{ahead / _DAY_S:.0f}")


def _flow(pushed: Subject) -> Iterator[Finding]:
    rate = pushed.extra_of("flow_control").strip()
    fits = re.fullmatch(r"\d{1,9}", rate, re.ASCII) and (int(rate) == 1 or 1000 <= int(rate) <= 100_000)
    if rate and not fits:
        yield RULES["flow-control"].finding("extra.flow_control", value=short(rate))


def _filters(pushed: Subject) -> Iterator[Finding]:
    names = [f"extra.{name}" for name in _FILTERS if pushed.extra_of(name)]
    if names:
        yield RULES["filtered"].finding(names[0], names=", ".join(names))


CHECKS = (_jobkey, _callback, _when, _flow, _filters)
