"""The FCM Data API: aggregated delivery data, days old, of an Android app (fcmdata/rest, revision 20240605)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pushctl.core.emulated_http import clock
from pushctl.vendors.fcm import emulator_access as access
from pushctl.vendors.fcm.emulator_answers import Call, Refusal, accepted, number_of, refused
from pushctl.vendors.fcm.emulator_credentials import CLOUD

if TYPE_CHECKING:
    from pushctl.core.emulated import Act

DAYS = 3
"""So many are told of; the newest is two days old."""
MAX_PAGE = 10_000
_APP = re.compile(r"1:(\d+):android:[0-9a-f]+", re.ASCII)
_LABELS = ("", "sandbox")


def deliveries(call: Call, app_id: str) -> Act:
    """``GET /v1beta1/projects/{project}/androidApps/{app_id}/deliveryData``; wants the scope cloud-platform."""
    call.method = "google.firebase.fcm.v1beta1.FcmdataService.ListAndroidDeliveryData"
    call.permission = "cloudmessaging.deliveryData.list"
    act = access.stopped(call, (CLOUD,))
    if act is not None:
        return act
    app_id = unquote(app_id)
    found = _APP.fullmatch(app_id)
    if found is None:
        return refused(call, Refusal("INVALID_ARGUMENT/value", "app-id-form", "unproved", "Invalid value at 'parent'"))
    if found[1] != number_of(call.world):
        return refused(call, Refusal("NOT_FOUND", "app-known", "unproved"))
    size, start = call.query.get("pageSize", ""), call.query.get("pageToken", "") or "0"
    if not (size or "0").isdecimal() or int(size or 0) > MAX_PAGE or not start.isdecimal():
        return refused(call, Refusal("INVALID_ARGUMENT/value", "page", "unproved", "Invalid value at 'page_size'"))
    rows = _rows(call, app_id)
    most = int(size or 0) or 1000
    told: dict[str, Any] = {"androidDeliveryData": rows[int(start) : int(start) + most]}
    if int(start) + most < len(rows):
        told["nextPageToken"] = str(int(start) + most)
    return accepted(call, "delivery-data", told)


def _rows(call: Call, app_id: str) -> list[dict[str, Any]]:
    newest = datetime.fromtimestamp(clock(call.world), UTC).date() - timedelta(days=2)
    return [_row(app_id, newest - timedelta(days=back), label) for back in range(DAYS) for label in _LABELS]


def _row(app_id: str, day: Any, label: str) -> dict[str, Any]:
    """int64 counts are strings in JSON; percentages are of the accepted messages."""
    accepted_count = 100 * day.day
    outcomes = {
        "delivered": 91.5,
        "pending": 2.5,
        "collapsed": 1,
        "droppedAppForceStopped": 1.5,
        "droppedTtlExpired": 3.5,
    }
    told = {
        "countMessagesAccepted": str(accepted_count),
        "countNotificationsAccepted": str(accepted_count // 2),
        "messageOutcomePercents": outcomes,
        "deliveryPerformancePercents": {"deliveredNoDelay": 88, "delayedDeviceOffline": 7, "delayedDeviceDoze": 5},
        "messageInsightPercents": {"priorityLowered": 4.5},
        "proxyNotificationInsightPercents": {"proxied": 1, "skippedNotThrottled": 2},
    }
    labelled = {"analyticsLabel": label} if label else {}
    return {"appId": app_id, "date": {"year": day.year, "month": day.month, "day": day.day}, **labelled, "data": told}
