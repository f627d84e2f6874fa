"""What the emulated OPPO Push answers, as values: the acts that carry a refusal or an acceptance, and its ids.

Every answer is HTTP 200 with ``{"code": int, "message": text, "data": …}`` (documents 11235 and 11238). A refusal has
no ``data``: so are the document's example of code 10000 and the body of code 54 that was seen in the wild.
"""

from __future__ import annotations

from typing import Any

from pushctl.core.emulated import Act
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_http import date, json_response
from pushctl.core.wire import Response

ACCEPTED = "0"
UNAVAILABLE = "-1"
BAD_TOKEN = "11"
WRONG_METHOD = "12"
UNKNOWN_KEY = "14"
NO_KEY = "15"
BAD_SIGN = "16"
NO_SIGN = "17"
NO_TIMESTAMP = "18"
BAD_TIMESTAMP = "19"
NO_SUCH_CALL = "20"
NO_CALL = "21"
NO_VERSION = "22"
BAD_VERSION = "23"
OTHER_VERSION = "24"
BAD_ENCODING = "25"
NO_TOKEN = "29"
NO_SUCH_DATA = "31"
DAY_QUOTA = "33"
MISSING = "40"
INVALID = "41"
BAD_PICTURE = "51"
NO_TEMPLATE = "54"
TOO_FAST = "55"
BAD_CLASS = "67"
BAD_TARGET = "10000"

TEXTS = {
    UNAVAILABLE: "Service Currently Unavailable",
    "-2": "Service in Flow Control",
    BAD_TOKEN: "Invalid AuthToken",
    WRONG_METHOD: "Http Action Not Allowed",
    "13": "App Call Limited",
    UNKNOWN_KEY: "Invalid App Key",
    NO_KEY: "Missing App Key",
    BAD_SIGN: "Invalid Signature",
    NO_SIGN: "Missing Signature",
    NO_TIMESTAMP: "Missing Timestamp",
    BAD_TIMESTAMP: "Invalid Timestamp",
    NO_SUCH_CALL: "Invalid Method",
    NO_CALL: "Missing Method",
    NO_VERSION: "Missing Version",
    BAD_VERSION: "Invalid Version",
    OTHER_VERSION: "Unsupported Version",
    BAD_ENCODING: "Invalid Encoding",
    "26": "IP Black List",
    "27": "Access Denied",
    "28": "App Disabled",
    NO_TOKEN: "Missing Auth Token",
    "30": "Api Permission Denied",
    NO_SUCH_DATA: "Data Not Exist",
    "32": "Data Duplicate",
    DAY_QUOTA: "The number of messages exceeds the daily limit",
    "34": "The number of upload pictures exceeds the daily limit",
    MISSING: "Missing Required Arguments",
    INVALID: "Invalid Arguments",
    BAD_PICTURE: "Invalid Picture",
    NO_TEMPLATE: "private_msg_template_id is null",
    TOO_FAST: "App Call Frequency Limit",
    "59": "UseSecondaryAction permission denied",
    BAD_CLASS: "Category error/Private classify channel notify_level invalid",
    BAD_TARGET: "registration_id格式不正确",
}
"""The English words of document 11235's table; 54 as it was seen, 10000 as document 11238's example has it."""


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal: a code, or a status with an empty body for ``http/502``."""
    kind, _, status = refusal.code.partition("/")
    if kind == "http":
        response = Response(int(status), (date(call.world),))
    else:
        response = json_response(call.world, 200, {"code": int(refusal.code), "message": text_of(call, refusal)})
    note = f"{refusal.note.rstrip('.')}." if refusal.note and call.notes else refusal.note
    note = " ".join(filter(None, (note, *call.notes)))
    return Act(response, rule=refusal.rule, code=refusal.code, note=note)


def accepted(call: Call, data: Any, rule: str = "accepted", *, message: str = "", code: str | None = None) -> Act:
    """The answer of a call that was taken.

    :param message: empty in the document's examples but for that of the token.
    :param code: for the journal, that of targets that were refused inside it.
    """
    document = {"code": int(ACCEPTED), "message": message, "data": data}
    return Act(json_response(call.world, 200, document), rule=rule, code=code, note=" ".join(call.notes))


def text_of(call: Call, refusal: Refusal) -> str:
    """What the service says beside a code; that an invalid argument is named is a cause of code 41 in the catalogue."""
    entry = call.book.catalogue.find(refusal.code)
    return refusal.msg or TEXTS.get(refusal.code) or (entry.name if entry else "Error")


def invalid(where: str, what: str, code: str = INVALID, note: str = "", msg: str = "") -> Refusal:
    """The refusal of a field, which the answer names.

    :param msg: OPPO's own words, where they are known.
    """
    return Refusal(code, f"field {where}", note or f"{where} {what}", msg or f"{where} {what}")


def new_id(call: Call) -> str:
    """24 hexadecimal digits, as saved messages, tasks and the end of every message id have them."""
    return call.world.nonce(12).hex()
