"""What the emulated Flyme Push answers: always HTTP 200 and one envelope, in which ``code`` is a text.

``value`` of a push names the targets that were refused, by code; of a refused call it is an empty text (MEIZUPUSH/
PushAPI:README.md; a captured one: github.com/MEIZUPUSH/PushDemo/issues/21).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core.catalogue import Catalogue
from pushctl.core.emulated import Act
from pushctl.core.emulated_http import date, json_response
from pushctl.core.wire import Response

if TYPE_CHECKING:
    from pushctl.core.emulated_calls import Call, Refusal

CATALOGUE = Catalogue(Path(__file__).parent / "errors.json")
ACCEPTED, REDIRECT = "200", "300"
FAILED, PARAMETER, BLANK = "500", "1005", "110004"
UNSUBSCRIBED, INVALID, SWITCHED_OFF, NO_ALIAS = "110002", "110003", "110010", "110005"
FOLDED, PUBLIC_LIMIT = "520", "110011"
TARGET = "target/"
"""What the catalogue writes before the codes that stand in ``value``: some are codes of whole calls as well."""

_TEXTS: Mapping[str, str] = {
    "500": "其他异常",
    "1001": "系统错误",
    "1003": "服务器忙",
    "1005": "参数错误，请参考API文档",
    "1006": "签名认证失败",
    "110000": "appId不合法",
    "110001": "appKey不合法",
    "110002": "pushId未注册",
    "110003": "pushId非法",
    "110004": "参数不能为空",
    "110009": "应用被加入黑名单",
    "110010": "应用请求频率超过限制",
    "110019": "超过该应用每天推送次数限制",
    "110031": "packageName不合法",
    "110032": "非法的taskId",
    "110033": "非法的appSecret",
    "110051": "超过该应用的次数限制",
    "110053": "透传超过限制",
}
"""From the table of codes in Meizu's documentation; that of 110010 from the answer that it prints."""


def envelope(call: Call, code: str, value: Any, message: str = "", **more: str) -> Response:
    """An answer of any call."""
    return json_response(call.world, 200, {"code": code, "message": message, "value": value, **more})


def refused(call: Call, refusal: Refusal) -> Act:
    """The answer that carries a refusal of the whole call; ``http/404`` is a status with an empty body."""
    kind, _, status = refusal.code.partition("/")
    if kind == "http":
        response = Response(int(status), (date(call.world),))
    else:
        host = (call.seen.authority or call.seen.header("host") or call.peer.listener.hosts[0]).partition(":")[0]
        again = f"https://{host}{call.seen.path.partition('?')[0]}" if refusal.code == REDIRECT else ""
        text = refusal.msg or _TEXTS.get(refusal.code, "")
        response = envelope(call, refusal.code, "", text, redirect=again)
    note = " ".join(filter(None, (refusal.note, *call.notes)))
    return Act(response, rule=refusal.rule, code=refusal.code, note=note)


def told(call: Call, value: Any, rule: str) -> Act:
    """The answer to a question or a change."""
    return Act(envelope(call, ACCEPTED, value, redirect=""), rule=rule, note=" ".join(call.notes))


def pushed(call: Call, refusals: Mapping[str, str], targets: int, *, plain: bool = False) -> Act:
    """The answer to a push, which is accepted as a whole even where every target was refused.

    :param refusals: refused target to its code.
    :param plain: as older answers have it: an empty text for no refusals, and no ``msgId`` (the capture of 2016 in
        Meizu's documentation).
    """
    value: dict[str, list[str]] = {}
    for target, code in refusals.items():
        value.setdefault(code, []).append(target)
    if plain:
        response = envelope(call, ACCEPTED, value or "", redirect="")
    else:
        response = envelope(call, ACCEPTED, value, msgId=call.world.nonce(16).hex())
    first = next(iter(value), "")
    if first:
        call.note(f"{len(refusals)} of {targets} targets refused.")
    return Act(response, rule="pushed", code=f"{TARGET}{first}" if first else None, note=" ".join(call.notes))
