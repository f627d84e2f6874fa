"""The fields of a notification: their types and limits as a table, and the reader that finds the first thing wrong.

Sources: document 11236, the official Java SDK, and for what code 41 says of each a table of answers
(myt2000/AIShell:docs/日志排查流程文档.md). The same table serves both ways in which a notification comes: as
JSON (unicast) and as flat form fields, where everything is text (save_message_content). So digits in a text are a
number here as well as there: the SDK that Meizu published sends ``"target_type": "2"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pushctl.vendors.oppo.emulator_answers import invalid

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call, Refusal

Reader = Callable[[Any], Any]
"""A value as the service takes it. Raises ``ValueError`` with what is wrong with it."""

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d{1,19}", re.ASCII)


def text(value: Any) -> str:
    """A string."""
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004 - every reader says what is wrong in one way
    return value


def web_address(value: Any) -> str:
    """A string that begins as an address of the web does. That OPPO looks at that is unproved."""
    if not _WEB.match(text(value)):
        raise ValueError("must be an http or https address")
    return str(value)


def number(value: Any) -> int:
    """A whole number, or the digits of one."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")  # noqa: TRY004
    return value


def truth(value: Any) -> bool:
    """true or false, or the word."""
    word = value.strip().casefold() if isinstance(value, str) else value
    if word in ("true", "false"):
        return bool(word == "true")
    if not isinstance(word, bool):
        raise ValueError("must be true or false")  # noqa: TRY004
    return word


def document(value: Any) -> dict[str, Any]:
    """An object, or a string that holds one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"syntax error, pos {error.pos + 1}") from None  # the words were seen in the wild
        except (ValueError, RecursionError):
            raise ValueError("syntax error") from None
    if not isinstance(value, dict):
        raise ValueError("must be a JSON object")  # noqa: TRY004
    return value


def anything(value: Any) -> Any:
    """Whatever it is: what the paid extensions take is not known in detail."""
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """What a field takes.

    :ivar most: characters of a text, every one counted as one; 0 for no limit.
    :ivar older: the limit of older texts, beyond which a note says so; 0 for none.
    :ivar low: of a number; ``high`` likewise.
    :ivar values: the only numbers; () for any.
    :ivar said: what the answer says of a wrong one, where that is known.
    """

    read: Reader
    most: int = 0
    older: int = 0
    low: int | None = None
    high: int | None = None
    values: tuple[int, ...] = ()
    said: str = ""


FIELDS: Mapping[str, Field] = {
    "title": Field(text, 50, said="title max length is 50"),
    "content": Field(text),
    "sub_title": Field(text, 10, said="sub_title max length is 10"),
    "style": Field(number, values=(1, 2, 3, 4, 5), said="style invalid"),
    "app_message_id": Field(text),
    "big_picture_id": Field(text),
    "small_picture_id": Field(text),
    "small_picture_url": Field(web_address, 300),
    "medium_picture_url": Field(web_address, 300),
    "big_picture_url": Field(web_address, 300),
    "buttons": Field(anything),
    "option": Field(anything),
    "click_action_type": Field(number, values=(0, 1, 2, 4, 5), said="click_action_type invalid"),
    "click_action_activity": Field(text, 500, said="click_action_activity invalid"),
    "click_action_url": Field(text, 2000, older=500, said="click_action_url invalid"),
    "action_parameters": Field(text, 4000, said="action_parameters format invalid"),
    "show_time_type": Field(number, values=(0, 1)),
    "show_start_time": Field(number),
    "show_end_time": Field(number),
    "off_line": Field(truth),
    "off_line_ttl": Field(number, low=0, said="off_line_ttl invalid"),
    "push_time_type": Field(number, values=(0, 1)),
    "push_start_time": Field(number),
    "time_zone": Field(text),
    "fix_speed": Field(truth),
    "fix_speed_rate": Field(number, low=1000, high=10000),
    "network_type": Field(number, values=(0, 1)),
    "call_back_url": Field(web_address, 200, said="call back url max length is 200"),
    "call_back_parameter": Field(text, 100, older=50, said="call back parameter max length is 100"),
    "channel_id": Field(text),
    "show_ttl": Field(number, low=0, high=86400),
    "notify_id": Field(number, low=1, high=2**31 - 1, said="notify_id must be greater than 0"),
    "category": Field(text),
    "notify_level": Field(number),
    "private_msg_template_id": Field(text),
    "private_title_parameters": Field(document),
    "private_content_parameters": Field(document),
    "badge_operation_type": Field(number, values=(0, 1)),
    "badge_message_count": Field(number, low=0, high=99),
    "auditResponse": Field(document),
}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


_CAMEL = {_camel(name): name for name in FIELDS} | {"actionParameters": "action_parameters"}


def read(call: Call, raw: Mapping[str, Any], where: str, *, flat: bool) -> dict[str, Any] | Refusal:
    """The fields that are known, as the service takes them, or the first thing that is wrong.

    Null and empty texts count as absent: document 11238's example has nulls, forms have empty fields.

    :param where: the path of the notification (``notification``), "" for a form.
    :param flat: whether they are form fields, among which others (auth_token, an SDK's sdk_version) are not the
        notification's.
    """
    told: dict[str, Any] = {}
    for name, value in raw.items():
        place = f"{where}.{name[:60]}" if where else name[:60]
        if value is None or value == "":
            continue
        if name not in FIELDS:
            refusal = None if flat else _stranger(call, name, place)
        else:
            refusal = _taken(call, name, value, place, told)
        if refusal is not None:
            return refusal
    return told


def _stranger(call: Call, name: str, place: str) -> Refusal | None:
    if name in _CAMEL and name not in FIELDS:
        call.note(
            f"{place} is {_CAMEL[name]} in the document's table; that its example's spelling is read is unproved."
        )
        return None
    if not call.world.strict:
        call.note(f"{place} is not a known field.")
        return None
    return invalid(place, "is not a known field", note=f"{place}: what OPPO does with an unknown field is unproved")


def _taken(call: Call, name: str, value: Any, place: str, told: dict[str, Any]) -> Refusal | None:
    field = FIELDS[name]
    if name == "action_parameters" and isinstance(value, dict) and not call.world.strict:
        call.note(f"{place} is an object, where the document has a string that holds one.")
        value = json.dumps(value, ensure_ascii=False)
    try:
        told[name] = field.read(value)
    except ValueError as error:
        return invalid(place, str(error), msg="" if "length" in field.said else field.said)
    return _limits(call, field, told[name], place)


def _limits(call: Call, field: Field, value: Any, place: str) -> Refusal | None:
    if field.read is anything:
        call.note(f"{place} belongs to a paid extension; it is not looked at.")
        return None
    if isinstance(value, str):
        if field.most and len(value) > field.most:
            return invalid(place, f"length limit is {field.most}", msg=field.said)
        if field.older and len(value) > field.older:
            call.note(f"{place} is longer than {field.older} characters, the limit of older texts.")
    elif field.values and value not in field.values:
        return invalid(place, f"must be one of {', '.join(map(str, field.values))}", msg=field.said)
    elif isinstance(value, int) and not isinstance(value, bool):
        low, high = field.low, field.high
        if (low is not None and value < low) or (high is not None and value > high):
            return invalid(place, f"must be from {low}{'' if high is None else f' to {high}'}", msg=field.said)
    return None
