"""Where vivo Push is: one name for everything, in mainland China; no test host and no other region.

The Java SDK (vpush-server-sdk 3.3) has the same one name in its constants. A test is a message with ``pushMode`` 1.
"""

from __future__ import annotations

from collections.abc import Mapping

_BASE = "https://api-push.vivo.com.cn"

HOSTS: Mapping[str, Mapping[str, str]] = {"production": {"push": _BASE, "auth": _BASE}}
"""Every host that may see credentials, by environment and role; both roles are one host."""

AUTH_PATH = "/message/auth"
SEND_PATH = "/message/send"
SAVE_PATH = "/message/saveListPayload"
LIST_PATH = "/message/pushToList"
STATISTICS_PATH = "/report/getStatistics"
CHECK_PATH = "/invalidUser/check"
RECYCLE_PATH = "/message/recycle"
