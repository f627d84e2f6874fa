"""Where OPPO PUSH is: one host for phones of mainland China, under two names, one for all others, and one that lists
dead ids; no test host.

open.oppomobile.com, document 11235, named ``api.push.oppomobile.com`` for years, and names
``api-push-cn.heytapmobi.com`` now; SDKs and clients use either. ``app.domain`` chooses. A registration id tells where
its phone is registered, and each host has tokens of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

CN, INTL = "cn", "intl"
REGIONS = (CN, INTL)

DOMAIN = "heytapmobi.com"
OLD_DOMAIN = "oppomobile.com"
CHINA: Mapping[str, str] = {
    DOMAIN: "https://api-push-cn.heytapmobi.com",
    OLD_DOMAIN: "https://api.push.oppomobile.com",
}
"""The host for phones of mainland China by domain."""
INTERNATIONAL = "https://api-intl.push.oppomobile.com"
FEEDBACK = "https://feedback.push.oppomobile.com"

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        "push": CHINA[DOMAIN],
        "auth": CHINA[DOMAIN],
        "push.intl": INTERNATIONAL,
        "auth.intl": INTERNATIONAL,
        "feedback": FEEDBACK,
        "push (app.domain oppomobile.com)": CHINA[OLD_DOMAIN],
    }
}
"""Every host that may see credentials, by environment and role."""

_PATH = "/server/v1"
AUTH = f"{_PATH}/auth"
UNICAST = f"{_PATH}/message/notification/unicast"
UNICAST_BATCH = f"{_PATH}/message/notification/unicast_batch"
SAVE = f"{_PATH}/message/notification/save_message_content"
BROADCAST = f"{_PATH}/message/notification/broadcast"
INVALID_IDS = f"{_PATH}/feedback/fetch_invalid_regidList"


def hosts_of(domain: str) -> Mapping[str, str]:
    """Base URLs by role."""
    china = CHINA[domain]
    return {
        "push": china,
        "auth": china,
        "push.intl": INTERNATIONAL,
        "auth.intl": INTERNATIONAL,
        "feedback": FEEDBACK,
    }


def region_of(registration_id: str) -> str:
    """Where an id's phone is registered. Between underscores ``CN`` stands last but one, or nothing does: mainland
    China; anything else: abroad (document 11235)."""
    parts = registration_id.split("_")
    return CN if len(parts) == 1 or parts[-2] == "CN" else INTL


def role(name: str, region: str) -> str:
    """The role, or the call, of a region: ``push`` and ``push.intl``."""
    return name if region == CN else f"{name}.{region}"


def region_of_call(call: str) -> str:
    """The region that a call's name says: ``send.intl``."""
    return INTL if call.endswith(f".{INTL}") else CN
