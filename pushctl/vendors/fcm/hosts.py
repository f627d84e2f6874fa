"""Where FCM and the Google services around it are.

Firebase: reference/fcm/rest, reference/fcm/fcmtopics/rest, reference/fcmdata/rest; google-auth-library-python
(google/oauth2/service_account.py, google/auth/iam.py, google/auth/external_account.py);
developers.google.com/instance-id/reference/server.
"""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, Mapping[str, str]] = {
    "production": {
        "push": "https://fcm.googleapis.com",
        "auth": "https://oauth2.googleapis.com",
        "sts": "https://sts.googleapis.com",
        "iam": "https://iamcredentials.googleapis.com",
        "iid": "https://iid.googleapis.com",
        "data": "https://fcmdata.googleapis.com",
        "accounts": "https://accounts.google.com",
        "apis": "https://www.googleapis.com",
    }
}
"""Base URLs by role. The last two are where credential files of earlier years have their ``token_uri``. There is one
environment: Google has no FCM sandbox."""

TOKEN_URL = f"{HOSTS['production']['auth']}/token"
STS_URL = f"{HOSTS['production']['sts']}/v1/token"

GOOGLE = frozenset(url.removeprefix("https://") for url in HOSTS["production"].values())
"""The hosts that get credentials without being asked about."""
