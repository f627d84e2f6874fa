"""``uploadImg``: the address of a picture in, the address that a message may carry out.

Source: MEIZUPUSH/PushAPI:README.md. Nothing is fetched here, and what Meizu's address looks like is unproved.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from pushctl.core.emulated_calls import Refusal
from pushctl.vendors.meizu import emulator_scenarios as scenarios
from pushctl.vendors.meizu.emulator_answers import PARAMETER, refused, told

if TYPE_CHECKING:
    from pushctl.core.emulated import Act
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.meizu.emulator_signature import Asked

KINDS = ("0", "1", "3", "4", "5", "6")


def convert(call: Call, asked: Asked) -> Act:
    """Answer a call. The SDK's ``pushIds`` beside its parameters is signed with them and means nothing."""
    refusal = asked.missing("imgType", "imgUrl")
    kind, url = asked.parameters.get("imgType", ""), asked.parameters.get("imgUrl", "")
    if refusal is None and (kind not in KINDS or not re.fullmatch(r"https?://\S+", url)):
        refusal = Refusal(PARAMETER, "image", f"imgType is none of {', '.join(KINDS)}, or imgUrl no web address")
    if refusal is not None:
        return refused(call, refusal)
    call.note("For VIP apps only: what another app is told is unproved.")
    made = f"https://open-res.flyme.cn/push/{sha256(url.encode('utf-8', 'replace')).hexdigest()[:32]}.png"
    return scenarios.forced(call, "checked") or told(call, {"imgType": kind, "imgUrl": made}, "image")
