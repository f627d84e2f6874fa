"""Where Mi Push is: one name for everything in mainland China, four for the regions outside, whose service has ended.

dev.mi.com pId=1559 (China), pId=1695 (regions, with hyphens; Xiaomi's Java SDK spells them with dots). The service
outside mainland China ended on 2024-04-02, as integrators tell it. ``sandbox.xmpush.xiaomi.com`` was for iOS alone.
"""

from __future__ import annotations

from collections.abc import Mapping

HOME = "cn"
REGIONS: Mapping[str, str] = {
    HOME: "https://api.xmpush.xiaomi.com",
    "sgp": "https://sgp-api.xmpush.global.xiaomi.com",
    "fr": "https://fr-api.xmpush.global.xiaomi.com",
    "idmb": "https://idmb-api.xmpush.global.xiaomi.com",
    "ru": "https://ru-api.xmpush.global.xiaomi.com",
}
"""Base URLs by region: ``app.region`` of a profile."""
SPOKEN: Mapping[str, str] = {"china": HOME, "eu": "fr", "europe": "fr", "india": "idmb", "in": "idmb", "russia": "ru"}
"""What people call a region, and its name here."""

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        "push": REGIONS[HOME],
        **{f"push (app.region {region})": url for region, url in REGIONS.items() if region != HOME},
    }
}
"""Every host that may see credentials, by environment and role."""
