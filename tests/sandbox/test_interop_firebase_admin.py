"""The published firebase-admin gets on with the sandbox: sends, dry runs, many at once, topics, and the errors that it
tells apart."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import firebase_admin
import pytest
from fcm_client import google_is
from firebase_admin import credentials, exceptions, messaging
from google.auth import identity_pool
from google.oauth2 import credentials as oauth2

import pushctl.sandbox
from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import PROJECT
from pushctl.vendors.fcm.emulator_credentials import ACCOUNTS, CLOUD, OTHERS
from pushctl.vendors.fcm.emulator_handsets import live

ANDROID, IPHONE = live("android").token, live("ios").token
# What firebase-admin says of its own parameters; most of the world sends to tokens still.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Message.token is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:MulticastMessage.tokens is deprecated:DeprecationWarning"),
]
START = Callable[..., firebase_admin.App]


@pytest.fixture
def sandbox(home: Path) -> Iterator[Callable[..., Running]]:
    """Starts a sandbox of FCM that Google's hosts then are, until the end of the test."""
    started: list[tuple[Running, object]] = []

    def start(scenario: str | None = None) -> Running:
        running = pushctl.sandbox.start(["fcm"], home=home, scenario=scenario)
        room = google_is(running)
        room.__enter__()
        started.append((running, room))
        return running

    yield start
    for running, room in started:
        room.__exit__(None, None, None)
        server = running._server
        running.close()
        assert server is None or server.troubles == []


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The client does not sleep before it tries again; how long it would have is noted down, in seconds."""
    slept: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time", SimpleNamespace(sleep=slept.append, time=time.time))
    return slept


@pytest.fixture
def app(sandbox: Callable[..., Running]) -> Iterator[START]:
    """The client, unchanged, with one of the sandbox's service accounts."""
    made: list[firebase_admin.App] = []

    def connect(scenario: str | None = None, account: str = "service-account") -> firebase_admin.App:
        key = google_credentials(sandbox(scenario), account)
        options = {"httpTimeout": 20, "projectId": PROJECT}
        made.append(firebase_admin.initialize_app(key, options, name=f"app {len(made)}"))
        return made[-1]

    yield connect
    for each in made:
        messaging._get_messaging_service(each)._client.close()  # firebase-admin leaves its sessions to the collector
        firebase_admin.delete_app(each)


def google_credentials(running: Running, name: str) -> Any:
    """The client's own reading of a set of the sandbox's credentials."""
    if name in ACCOUNTS:
        return credentials.Certificate(str(running.folders["fcm"] / ACCOUNTS[name].file))
    file = str(running.folders["fcm"] / OTHERS[name])
    if name == "authorized-user":
        return oauth2.Credentials.from_authorized_user_file(file, [CLOUD])
    return identity_pool.Credentials.from_file(file, scopes=[CLOUD])


def dead(scenario: str) -> str:
    return EMULATOR.handset_for(Message(title="Hi"), "production", scenario).token


def hello(**target: str) -> messaging.Message:
    return messaging.Message(notification=messaging.Notification("Hello", "World"), data={"op": "sync"}, **target)


def test_a_push_is_accepted(app: START) -> None:
    name = messaging.send(hello(token=ANDROID), app=app())
    assert name.startswith(f"projects/{PROJECT}/messages/0:")


def test_an_installation_id_is_a_target(app: START) -> None:
    assert messaging.send(hello(fid=live("android").fid), app=app())


@pytest.mark.parametrize("name", ["authorized-user", "workload-identity", "workload-identity-direct"])
def test_credentials_that_are_no_service_account(app: START, name: str) -> None:
    assert messaging.send(hello(token=ANDROID), app=app(account=name))


def test_a_dry_run_delivers_nothing(app: START) -> None:
    assert messaging.send(hello(token=ANDROID), dry_run=True, app=app()).endswith("/messages/fake_message_id")


def test_every_part_of_a_message_is_taken(app: START) -> None:
    from datetime import UTC, datetime, timedelta

    label = "interop"
    message = messaging.Message(
        token=ANDROID,
        data={"op": "sync"},
        notification=messaging.Notification("Hello", "World", "https://example.com/a.png"),
        android=messaging.AndroidConfig(
            collapse_key="k",
            priority="high",
            ttl=timedelta(seconds=3600, milliseconds=500),
            restricted_package_name="com.example.app",
            data={"a": "b"},
            notification=messaging.AndroidNotification(
                title="t",
                body="b",
                icon="i",
                color="#00ff00",
                sound="default",
                tag="t",
                click_action="c",
                title_loc_key="k",
                title_loc_args=["1"],
                channel_id="c",
                ticker="t",
                sticky=True,
                event_timestamp=datetime.now(UTC),
                priority="max",
                vibrate_timings_millis=[100, 200],
                light_settings=messaging.LightSettings("#00ff0080", 100, 200),
                visibility="secret",
                notification_count=3,
                proxy="if_priority_lowered",
            ),
            fcm_options=messaging.AndroidFCMOptions(label),
            direct_boot_ok=True,
        ),
        webpush=messaging.WebpushConfig(
            headers={"Urgency": "high"},
            data={"a": "b"},
            notification=messaging.WebpushNotification(
                "t", "b", actions=[messaging.WebpushNotificationAction("a", "b")]
            ),
            fcm_options=messaging.WebpushFCMOptions("https://example.com/"),
        ),
        apns=messaging.APNSConfig(
            headers={"apns-priority": "10"},
            payload=messaging.APNSPayload(
                messaging.Aps(
                    alert=messaging.ApsAlert("t", body="b"), badge=1, sound=messaging.CriticalSound("default")
                ),
                own=1,
            ),
            fcm_options=messaging.APNSFCMOptions(label, "https://example.com/a.png"),
        ),
        fcm_options=messaging.FCMOptions(label),
    )
    running = app()
    assert messaging.send(message, app=running)
    assert messaging.send(hello(topic="/topics/news"), app=running)
    assert messaging.send(hello(condition="'news' in topics || 'sport' in topics"), app=running)


def test_many_messages_have_a_fate_each(app: START) -> None:
    tokens = [ANDROID, dead("token-dead"), "ab" * 32, dead("wrong-sender"), IPHONE]
    batch = messaging.send_each([hello(token=token) for token in tokens], app=app())
    assert (batch.success_count, batch.failure_count) == (2, 3)
    assert [type(each.exception) for each in batch.responses] == [
        type(None),
        messaging.UnregisteredError,
        exceptions.InvalidArgumentError,
        messaging.SenderIdMismatchError,
        type(None),
    ]


def test_many_devices_of_one_message(app: START) -> None:
    message = messaging.MulticastMessage(tokens=[ANDROID, dead("token-dead")], data={"op": "sync"})
    batch = messaging.send_each_for_multicast(message, dry_run=True, app=app())
    assert [each.success for each in batch.responses] == [True, False]


def test_many_at_once_over_http2(app: START) -> None:
    running = app()

    async def conversation() -> messaging.BatchResponse:
        pushes = [hello(token=token) for token in (*[ANDROID] * 40, dead("token-dead"))]
        try:
            return await asyncio.wait_for(messaging.send_each_async(pushes, app=running), 30)
        finally:  # within the loop that it was opened in; delete_app would do so from another one
            await messaging._get_messaging_service(running)._async_client.aclose()

    batch = asyncio.run(conversation())
    assert (batch.success_count, batch.failure_count) == (40, 1)
    assert isinstance(batch.responses[-1].exception, messaging.UnregisteredError)


@pytest.mark.parametrize(
    ("scenario", "kind", "code", "words"),
    [
        ("token-dead", messaging.UnregisteredError, "NOT_FOUND", "Requested entity was not found."),
        (
            "token-dead-400",
            exceptions.InvalidArgumentError,
            "INVALID_ARGUMENT",
            "not a valid FCM registration token",
        ),
        ("token-dead-apns", exceptions.InvalidArgumentError, "INVALID_ARGUMENT", "APNs device token is disabled."),
        ("wrong-sender", messaging.SenderIdMismatchError, "PERMISSION_DENIED", "SenderId mismatch"),
        ("quota-project", exceptions.ResourceExhaustedError, "RESOURCE_EXHAUSTED", "Send requests per minute"),
        ("third-party-auth", messaging.ThirdPartyAuthError, "UNAUTHENTICATED", "APNS or Web Push"),
        ("third-party-auth-misleading", messaging.ThirdPartyAuthError, "UNAUTHENTICATED", "OAuth 2 access token"),
        ("payload-too-large", exceptions.InvalidArgumentError, "INVALID_ARGUMENT", "message is too big"),
        ("api-disabled", exceptions.PermissionDeniedError, "PERMISSION_DENIED", "has not been used in project"),
        ("iam-denied", exceptions.PermissionDeniedError, "PERMISSION_DENIED", "cloudmessaging.messages.create"),
        ("retired-endpoint", exceptions.NotFoundError, "NOT_FOUND", "Not Found"),
    ],
)
def test_errors_are_read(app: START, scenario: str, kind: type[Exception], code: str, words: str) -> None:
    account = EMULATOR.scenarios[scenario].credentials or "service-account"
    with pytest.raises(kind) as caught:
        messaging.send(hello(token=dead(scenario)), app=app(scenario, account))
    assert isinstance(caught.value, exceptions.FirebaseError)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_the_time_to_wait_is_honoured(app: START, waits: list[float]) -> None:
    with pytest.raises(messaging.QuotaExceededError, match="check quota"):
        messaging.send(hello(token=dead("quota")), app=app())
    assert waits == [30, 30, 30, 30]


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [("server-error", exceptions.InternalError), ("unavailable", exceptions.UnavailableError)],
)
def test_server_errors_are_tried_again_and_then_told(
    app: START, waits: list[float], scenario: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        messaging.send(hello(token=dead(scenario)), app=app())
    assert len(waits) == (3 if scenario == "server-error" else 4)


def test_an_expired_access_token_is_renewed_unseen(app: START) -> None:
    running = app("auth-expired")
    assert messaging.send(hello(token=ANDROID), app=running)


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("key-revoked", "Invalid JWT Signature."),
        ("account-deleted", "Invalid grant: account not found"),
        ("clock-wrong", "Token must be a short-lived token"),
    ],
)
def test_a_refused_assertion_is_told_in_googles_words(app: START, scenario: str, words: str) -> None:
    from google.auth.exceptions import RefreshError

    account = EMULATOR.scenarios[scenario].credentials or "service-account"
    with pytest.raises(RefreshError, match=words.replace("(", r"\(")):
        messaging.send(hello(token=ANDROID), app=app(scenario, account))


def test_topics_are_subscribed_to_and_left(app: START) -> None:
    running = app()
    tokens = [ANDROID, IPHONE, "ab" * 32, dead("token-dead")]
    joined = messaging.subscribe_to_topic(tokens, "news", app=running)
    assert (joined.success_count, joined.failure_count) == (2, 2)
    assert [(each.index, each.reason) for each in joined.errors] == [(2, "INVALID_ARGUMENT"), (3, "UNREGISTERED")]
    assert messaging.subscribe_to_topic([ANDROID], "/topics/news", app=running).success_count == 1
    left = messaging.unsubscribe_from_topic([ANDROID, IPHONE], "news", app=running)
    assert (left.success_count, left.failure_count) == (2, 0)


def test_the_older_topic_batch(app: START) -> None:
    running = app()
    with pytest.warns(DeprecationWarning, match="subscribe_to_topic_legacy is deprecated"):
        told = messaging.subscribe_to_topic_legacy([ANDROID, dead("token-dead")], "news", app=running)
    assert [(each.index, each.reason) for each in told.errors] == [(1, "NOT_FOUND")]


def test_no_other_name_is_known_and_no_other_address_reached(sandbox: Callable[..., Running]) -> None:
    sandbox()
    with pytest.raises(socket.gaierror):
        socket.create_connection(("example.com", 443), timeout=1)
    with socket.socket() as bare, pytest.raises(OSError, match="not to be connected to"):
        bare.connect(("192.0.2.1", 443))
