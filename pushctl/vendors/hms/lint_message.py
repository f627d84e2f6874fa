"""Checks of the message object: its target, its words, its data, and the blocks for Huawei's proxies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushctl.core.answers import json_object
from pushctl.core.payloads import described, short, table
from pushctl.vendors.hms.judge import RULES
from pushctl.vendors.hms.lint_token import condition_fault, topic_fault
from pushctl.vendors.hms.request import KINDS, MOST_TOKENS

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.hms.lint_subject import Subject

_LOC_KEYS = {"title": "title_loc_key", "body": "body_loc_key"}


def _aim(pushed: Subject) -> Iterator[Finding]:
    """The targets that the message names itself. Those of the command line are checked by ``lint_target``."""
    inner = pushed.inner
    kinds = [kind for kind in KINDS if kind in inner]
    if pushed.target is not None and pushed.message.raw is None and pushed.target.kind not in kinds:
        kinds.append(pushed.target.kind)
    if len(kinds) > 1:
        yield RULES["targets-several"].finding("message", kinds=" and ".join(kinds))
    if {"topic", "condition"} & set(kinds):
        for block in ("apns", "webpush"):
            if block in inner:
                yield RULES["topic-android-only"].finding(f"message.{block}", block=block)
    tokens = inner.get("token")
    if isinstance(tokens, list):
        if not 1 <= len(tokens) <= MOST_TOKENS and (tokens or pushed.target is None):
            yield RULES["token-count"].finding("message.token", count=len(tokens))
        twice = [token for token, count in Counter(map(str, tokens)).items() if count > 1]
        if twice:
            yield RULES["token-twice"].finding("message.token", count=len(twice), token=_cut(twice[0]))
    topic, condition = inner.get("topic"), inner.get("condition")
    if isinstance(topic, str) and topic_fault(topic):
        yield RULES["topic-name"].finding("message.topic", value=short(topic))
    if isinstance(condition, str) and (why := condition_fault(condition)):
        yield RULES["condition-form"].finding("message.condition", why=why)


def _cut(token: str) -> str:
    return repr(token[:8]) + "…" if len(token) > 8 else repr(token)


def _words(pushed: Subject) -> Iterator[Finding]:
    """An Android notification needs title and body, in one of the two places or as a string resource of the app."""
    if not pushed.is_notification or not pushed.for_android:
        return
    outer = table(pushed.inner, "notification")
    missing = [
        word
        for word, key in _LOC_KEYS.items()
        if not (outer.get(word) or pushed.shown.get(word) or pushed.shown.get(key))
    ]
    if missing:
        flags = " and ".join(f"--{word}" for word in missing)
        bare = pushed.message.raw is None and len(missing) == 2 and not pushed.message.silent
        fix = f"Add {flags}{', or send a data message with --silent' if bare else ''}."
        yield RULES["text-missing"].finding("message.notification", what=" and no ".join(missing), fix=fix)


def _data(pushed: Subject) -> Iterator[Finding]:
    """``data`` is a string; for a notification a JSON object in a string."""
    for path, place in (("message.data", pushed.inner), ("message.android.data", pushed.android)):
        value = place.get("data")
        if "data" not in place:
            continue
        if not isinstance(value, str):
            yield RULES["data-not-string"].finding(path, path=path, found=described(value))
        elif pushed.is_notification and value and json_object(value) is None:
            yield RULES["data-not-object"].finding(path, path=path, value=short(value))


def _silent(pushed: Subject) -> Iterator[Finding]:
    """A data message has data and no notification object in message or android."""
    inner = pushed.inner
    if not inner:
        return
    if pushed.message.silent:
        for path, place in (("message.notification", inner), ("message.android.notification", pushed.android)):
            if "notification" in place:
                yield RULES["silent-with-notification"].finding(path, path=path)
    has_data = bool(inner.get("data")) or bool(pushed.android.get("data"))
    if not pushed.is_notification and not has_data and pushed.for_android:
        yield RULES["silent-without-data"].finding("message.data")


def _images(pushed: Subject) -> Iterator[Finding]:
    for path, place in (
        ("message.notification.image", table(pushed.inner, "notification")),
        ("message.android.notification.image", pushed.shown),
    ):
        image = place.get("image")
        if isinstance(image, str) and not re.match(r"https://\S", image, re.IGNORECASE):
            yield RULES["image-not-https"].finding(path, path=path, value=short(image))


def _proxies(pushed: Subject) -> Iterator[Finding]:
    """The blocks for iOS and for browsers."""
    apns = pushed.inner.get("apns")
    if isinstance(apns, dict):
        if not isinstance(apns.get("payload"), dict) or not apns["payload"]:
            fix = 'Add --set \'apns.payload:={"aps":{"alert":"Hi"}}\'.'
            yield RULES["apns-block"].finding("message.apns.payload", why="has no payload", fix=fix)
        if "target_user_type" not in table(apns, "hms_options"):
            fix = "Add --set apns.hms_options.target_user_type:=1 (1 test, 2 formal, 3 VoIP)."
            why = "has no hms_options.target_user_type"
            yield RULES["apns-block"].finding("message.apns.hms_options", why=why, fix=fix)
    webpush = table(pushed.inner, "webpush")
    urgency = table(webpush, "headers").get("urgency")
    if isinstance(urgency, str):
        yield RULES["webpush-urgency-case"].finding("message.webpush.headers.urgency", value=short(urgency))
    link = table(webpush, "hms_options").get("link")
    if isinstance(link, str) and not link.lower().startswith("https://"):
        yield RULES["webpush-link"].finding("message.webpush.hms_options.link", value=short(link))


CHECKS = (_aim, _words, _data, _silent, _images, _proxies)
