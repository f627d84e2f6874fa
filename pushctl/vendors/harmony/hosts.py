"""Where Push Kit v3 is: one name for all sites, and no test environment.

harmonyos-references/push-scenariozed-api-request-struct, push-msg-revoke, harmonyos-guides/push-jwt-token.
"""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        "push": "https://push-api.cloud.huawei.com",
        "auth": "https://oauth-login.cloud.huawei.com",
    },
}
"""Base URLs by environment and role. Nothing is ever sent to ``auth``: it is the audience of the JWT, signed here."""
