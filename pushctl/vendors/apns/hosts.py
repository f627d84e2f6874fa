"""Where APNs is. Section "Endpoints" of Apple's usernotifications/sending-notification-requests-to-apns and
usernotifications/sending-channel-management-requests-to-apns."""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, Mapping[str, str]] = {
    "sandbox": {
        "push": "https://api.sandbox.push.apple.com",
        "manage": "https://api-manage-broadcast.sandbox.push.apple.com:2195",
    },
    "production": {
        "push": "https://api.push.apple.com",
        "manage": "https://api-manage-broadcast.push.apple.com:2196",
    },
}
"""Base URLs by environment and role. The push hosts take broadcasts, too; channels are managed elsewhere."""

ENVIRONMENT_ALIASES: Mapping[str, str] = {"development": "sandbox"}
"""Apple's entitlement calls the sandbox ``development``."""


def other_environment(environment: str) -> str:
    """The one of the two that this one is not."""
    return "production" if environment == "sandbox" else "sandbox"
