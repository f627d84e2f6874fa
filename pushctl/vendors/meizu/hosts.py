"""Where Flyme Push is: one host for pushes and statistics, one for the subscriptions of a device; no test host.

``app.region`` chooses: apps from outside China have names with ``.in.``, which Meizu's SDK alone has
(MEIZUPUSH/JavaSdk:src/main/java/com/meizu/push/sdk/constant/SystemConstants.java, ``initOverSea``). HTTPS only since
SDK 1.2.13.
"""

from __future__ import annotations

from collections.abc import Mapping

MAINLAND = "mainland"
OVERSEAS = "overseas"
REGIONS: Mapping[str, Mapping[str, str]] = {
    region: {"push": f"https://server-api-push.{domain}", "subscription": f"https://api-push.{domain}"}
    for region, domain in ((MAINLAND, "meizu.com"), (OVERSEAS, "in.meizu.com"))
}
"""Base URLs by region and role."""

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        **REGIONS[MAINLAND],
        "push (app.region overseas)": REGIONS[OVERSEAS]["push"],
        "subscription (app.region overseas)": REGIONS[OVERSEAS]["subscription"],
    }
}
"""Every host that may see a signature, by environment and role."""
