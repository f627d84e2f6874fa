"""Where Honor Push is: one name for the push service, one for its OAuth service; no test host, no regions.

The names moved from hihonor.com (2022, 2023) to honor.com, and clients use both: xie.infoq.cn/article/
575b0e405029cfdd8652288fa has the older ones, cossim/hipush:pkg/client/push/honor.go those of today. ``app.domain``
chooses.
"""

from __future__ import annotations

from collections.abc import Mapping

DOMAIN = "honor.com"
OLD_DOMAIN = "hihonor.com"
DOMAINS: Mapping[str, Mapping[str, str]] = {
    domain: {"push": f"https://push-api.cloud.{domain}", "auth": f"https://iam.developer.{domain}"}
    for domain in (DOMAIN, OLD_DOMAIN)
}
"""Base URLs by domain and role."""

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        **DOMAINS[DOMAIN],
        "push (app.domain hihonor.com)": DOMAINS[OLD_DOMAIN]["push"],
        "auth (app.domain hihonor.com)": DOMAINS[OLD_DOMAIN]["auth"],
    }
}
"""Every host that may see credentials, by environment and role."""

TOKEN_PATH = "/auth/token"
