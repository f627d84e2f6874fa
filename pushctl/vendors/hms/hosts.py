"""Where Huawei Push Kit is: one name for all sites. Where its data are stored (China, Germany, Singapore, Russia) is
chosen in AppGallery Connect, and no page names a host of a region; ``network.endpoint`` is there for one that appears.

HMSCore-References/https-send-api-0000001050986197, HMSCore-Guides/oauth2-0000001212610981.
"""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        "push": "https://push-api.cloud.huawei.com",
        "auth": "https://oauth-login.cloud.huawei.com",
    },
}
"""Base URLs by environment and role; there is no test environment."""

TOKEN_PATH = "/oauth2/v3/token"
