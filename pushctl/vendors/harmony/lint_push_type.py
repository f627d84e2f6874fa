"""Checks of the header ``push-type``, and whether the payload is one of that type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.payloads import close_name, is_integer, is_number, objects, short
from pushctl.vendors.harmony.judge import RULES
from pushctl.vendors.harmony.push_types import push_type_id, push_type_names, push_types
from pushctl.vendors.harmony.request import derived_push_type

if TYPE_CHECKING:
    from pushctl.core.finding import Finding
    from pushctl.vendors.harmony.lint_subject import Subject

_HEADER = "push-type"
_UNMISTAKABLE = frozenset({"1", "7"})
_MOST_INT = 2**31 - 1
_MOST_EXACT = 2**53 - 1
_CREATED_BY_PUSH = ("FLIGHT", "TAXI", "TRAIN")


def _push_type(pushed: Subject) -> Iterator[Finding]:
    value, kind = pushed.push_type, pushed.kind
    if kind is None:
        known = ", ".join(f"{one.id} {one.name}" for one in push_types().values() if one.confidence != "low")
        meant = push_type_id(value)
        close = meant if meant in push_types() else close_name(value.strip(), push_type_names())
        fix = f"Did you mean {close}?" if close else f"Use one of: {known}."
        yield RULES["push-type-unknown"].finding(_HEADER, value=short(value), fix=fix)
        return
    if kind.confidence == "low":
        yield RULES["push-type-unproved"].finding(_HEADER, push_type=kind.id, name=kind.name)
    if pushed.message.silent and kind.id != "6":
        yield RULES["silent-push-type"].finding(_HEADER, push_type=kind.id, name=kind.name)
    if kind.right:
        reason = "noRightToSendThisLiveNotificationEvent" if kind.shape == "live" else "noPushTypeRight"
        yield RULES["huawei-right-needed"].finding(
            _HEADER, push_type=kind.id, name=kind.name, right=kind.right, reason=reason
        )


def is_of_another_type(pushed: Subject) -> bool:
    """Whether the payload's keys are those of a widget or a live view, and another push type is sent."""
    derived = derived_push_type(pushed.payload)
    return pushed.kind is not None and derived in _UNMISTAKABLE and derived != pushed.push_type


def _contents(pushed: Subject) -> Iterator[Finding]:
    """Does the payload speak for the push type that is sent, and has it what that one needs?"""
    kind, payload = pushed.kind, pushed.payload
    if kind is None or not isinstance(pushed.document, dict) or "payload" not in pushed.document:
        return
    if is_of_another_type(pushed):
        other = push_types()[derived_push_type(payload)]
        yield RULES["push-type-mismatch"].finding(_HEADER, other=other.id, name=other.name, push_type=kind.id)
        return
    for key in kind.required:
        if key not in payload:
            yield RULES["field-missing"].finding(f"payload.{key}", key=key, push_type=kind.id, name=kind.name)
    for key in kind.expected:
        if key not in payload:
            yield RULES["field-expected"].finding(f"payload.{key}", key=key, push_type=kind.id, name=kind.name)
    if kind.id == "6" and "notification" in payload:
        yield RULES["silent-with-notification"].finding("payload.notification")


# --- widgets ---------------------------------------------------------------------------------------------------------


def _form(pushed: Subject) -> Iterator[Finding]:
    """A widget's data and picture."""
    payload = pushed.payload
    if pushed.push_type != "1":
        return
    version = payload.get("version")
    if is_integer(version) and not 0 <= version <= _MOST_INT:
        yield RULES["number-range"].finding("payload.version", path="version", value=version, range=f"0 to {_MOST_INT}")
    for where, why in _form_faults(payload.get("formData"), "payload.formData"):
        yield RULES["form-data"].finding(where, path=where, why=why)
    images = payload.get("images")
    if isinstance(images, list) and len(images) > 1:
        yield RULES["form-images"].finding("payload.images", why=f"has {len(images)} pictures, and takes one")
    for _, image in objects(payload, "images"):
        yield from _form_image(image)
    if images:
        yield RULES["form-image-check"].finding("payload.images")


def _form_image(image: Mapping[str, Any]) -> Iterator[Finding]:
    missing = [key for key in ("keyName", "url") if not image.get(key)]
    if missing:
        yield RULES["form-images"].finding("payload.images", why=f"has a picture without {' and '.join(missing)}")
    url = image.get("url")
    if isinstance(url, str) and url and not url.startswith("https://"):
        yield RULES["image-not-https"].finding("payload.images.url", path="images.url", value=short(url))


def _form_faults(value: object, where: str) -> Iterator[tuple[str, str]]:
    """What Huawei does not take in ``formData``, at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("datashareproxy://"):
                yield where, "has a key that starts with datashareproxy://"
            yield from _form_faults(item, f"{where}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _form_faults(item, where)
    elif value is None and where != "payload.formData":
        yield where, "is null"
    elif is_number(value) and abs(value) > _MOST_EXACT:
        yield where, "is beyond 2^53 - 1"


# --- live views ------------------------------------------------------------------------------------------------------


def _live_view(pushed: Subject) -> Iterator[Finding]:
    payload = pushed.payload
    if pushed.push_type != "7":
        return
    activity, operation, event = (payload.get(key) for key in ("activityId", "operation", "event"))
    if is_integer(activity) and not -(2**31) <= activity <= _MOST_INT:
        yield RULES["number-range"].finding(
            "payload.activityId", path="activityId", value=activity, range=f"{-(2**31)} to {_MOST_INT}"
        )
    if operation == 0 and isinstance(event, str) and event not in _CREATED_BY_PUSH:
        known = ", ".join(_CREATED_BY_PUSH)
        yield RULES["live-view-create"].finding("payload.event", event=short(event), known=known)
    if operation == 1 and "version" not in payload:
        yield RULES["live-view-version"].finding("payload.version")


CHECKS = (_push_type, _contents, _form, _live_view)
