"""What the emulated vivo Push answers: HTTP 200 with ``result`` and ``desc`` throughout, and what little else there is.

Shapes: the examples of vivo's document 362 in its mirrors (qro.cn/post/302611.html), and the one object ``invalidUser``
beside a refusal as servers in the open keep it in their tests. No client may lean on ``desc``: the texts below are
those that the document and other people's tables quote, some of them with a blank and some without, and the one for
codes of which no text was seen is unproved.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act
from pushctl.core.emulated_http import date, json_response
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.core.emulated import World
    from pushctl.core.emulated_calls import Call, Refusal

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
ACCEPTED = "0"
INVALID = "10302"
"""What a single push says of a regId that it cannot use; which of the reasons it is, ``invalidUser.status`` says."""
STATUS = "invalidUser/"
SERVER_ERROR = "Internet server error!"

_TEXTS = {
    ACCEPTED: "请求成功",
    "10000": "鉴权失败",
    "10045": "应用审核中不可发正式消息",
    "10050": "alias和regId不能为空",
    "10051": "暂不支持该消息类型",
    "10054": "notifyType不合法",
    "10055": "title不能为空",
    "10056": "title不能超过40个字符",
    "10057": "content不能为空",
    "10058": "content不能超过100个字符",
    "10059": "timeToLive不合法",
    "10060": "skipType不合法",
    "10065": "networkType不合法",
    "10070": "发送总量超出限制",
    "10071": "超出发送时间范围",
    "10072": "发送速度过快",
    "10073": "系统消息发送量超限",
    "10082": "系统消息开关未打开",
    "10094": "鉴权码与appId不一致",
    "10096": "category错误",
    "10097": "category与classification不对应",
    "10103": "推送内容含敏感信息",
    "10104": "请发送正式消息",
    "10151": "taskId为空",
    "10152": "taskId不合法",
    "10155": "消息不存在或已过期",
    "10200": "appId为空",
    "10201": "appKey为空",
    "10202": "appKey不合法",
    "10203": "timestamp为空",
    "10204": "sign为空",
    "10205": "appId不存在",
    "10206": "sign不正确",
    "10207": "timestamp不合法",
    "10252": "批量发送消息体超出限制",
    "10254": "全量发送超过次数限制",
    INVALID: "regId 不合法",
}
_NO_TEXT = "业务异常"


def refused(call: Call, refusal: Refusal, **fields: Any) -> Act:
    """The answer that carries a refusal: a code, or a status without one.

    :param fields: what the answer says besides (``invalidUser``).
    """
    kind, _, rest = refusal.code.partition("/")
    if kind == "http":
        response = _no_code(call.world, int(rest))
    else:
        response = envelope(call, refusal.code, refusal.msg, **fields)
    note = " ".join(filter(None, (refusal.note, *call.notes)))
    return Act(response, rule=refusal.rule, code=refusal.code, note=note)


def accepted(call: Call, rule: str, **fields: Any) -> Act:
    """An acceptance with what it says besides ``result`` and ``desc``."""
    return Act(envelope(call, ACCEPTED, "", **fields), rule=rule, note=" ".join(call.notes))


def envelope(call: Call, code: str, text: str = "", **fields: Any) -> Response:
    """An answer. Its code is a number; ``requestId`` comes first where it comes at all, as in the document."""
    said = {"result": int(code), "desc": text or _TEXTS.get(code, _NO_TEXT)}
    first = {"requestId": fields.pop("requestId")} if "requestId" in fields else {}
    return json_response(call.world, 200, {**first, **said, **fields})


def is_acceptance(response: Response) -> bool:
    """Whether an answer of :func:`envelope` says 0."""
    return response.status == 200 and json.loads(response.body)["result"] == 0


def user(value: str, status: str) -> dict[str, Any]:
    """A regId or alias that cannot be used, as ``invalidUser`` and ``invalidUsers`` write it."""
    return {"status": int(status), "userid": value}


def task_id(world: World) -> str:
    """A fresh taskId: 18 digits, of which the last ones tell any later process that this sandbox gave it out. None
    begins with 1, as Huawei's requestIds do, so that a log tells them apart."""
    number = f"{2 + int.from_bytes(world.nonce(1)) % 8}{int.from_bytes(world.nonce(8)) % 10**12:012}"
    return number + _check_digits(number)


def is_task_id(text: str) -> bool:
    """Whether a sandbox gave out this taskId."""
    return len(text) == 18 and text.isascii() and text.isdecimal() and _check_digits(text[:13]) == text[13:]


def _check_digits(number: str) -> str:
    """Five digits, the last of which is no 0: an id in 00 looks as if a JSON tool had rounded it."""
    found = int.from_bytes(hashlib.sha256(f"pushctl sandbox vivo {number}".encode()).digest()[:8])
    return f"{found % 10**4:04}{1 + found % 9}"


def _no_code(world: World, status: int) -> Response:
    """A fault is a plain text (document 362); the body of 400 and of 404 was never seen, so there is none."""
    if status == 500:
        return Response(status, (("content-type", "text/plain;charset=UTF-8"), date(world)), SERVER_ERROR.encode())
    return Response(status, (date(world),))
