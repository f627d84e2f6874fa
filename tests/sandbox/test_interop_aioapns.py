"""The published aioapns client gets on with the sandbox: no ALPN, ``host`` in place of ``:authority``, ids compared."""

from __future__ import annotations

import asyncio
import ssl
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aioapns import APNs, NotificationRequest, PushType
from aioapns.common import NotificationResult
from aioapns.connection import APNsDevelopmentClientProtocol

from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.vendors.apns.emulator import EMULATOR

HOST = "api.development.push.apple.com"


@pytest.fixture
def talk(running: Running, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Runs a conversation of an aioapns client with the sandbox; the client is the published one, unchanged."""
    monkeypatch.setattr(APNsDevelopmentClientProtocol, "APNS_SERVER", "localhost")
    monkeypatch.setattr(APNsDevelopmentClientProtocol, "APNS_PORT", running.via[HOST][1])
    credentials = running.profile("apns", "sandbox")["credentials"]
    context = ssl.create_default_context(cafile=running.ca)
    assert HOST in running.via

    def run(conversation: Callable[[APNs], Awaitable[object]]) -> object:
        async def main() -> object:
            client = APNs(
                key=Path(credentials["key"].removeprefix("file:")).read_text(),
                key_id=credentials["key_id"],
                team_id=credentials["team_id"],
                topic="com.example.app",
                use_sandbox=True,
                max_connections=1,
                ssl_context=context,
            )
            try:
                return await asyncio.wait_for(conversation(client), 20)
            finally:
                client.pool.close()
                await asyncio.sleep(0.05)  # aioapns does not say when its transports are closed

        return asyncio.run(main())

    return run


def token(running: Running, scenario: str | None = None) -> str:
    return EMULATOR.handset_for(Message(title="Hi"), "sandbox", scenario).token


def request(device: str, **settings: object) -> NotificationRequest:
    return NotificationRequest(device_token=device, message={"aps": {"alert": "Hi"}}, **settings)


def test_accepted_push(running: Running, talk: Callable[..., NotificationResult]) -> None:
    wanted = request(token(running), notification_id=str(uuid.uuid4()), push_type=PushType.ALERT, time_to_live=60)
    result = talk(lambda client: client.send_notification(wanted))
    assert (result.status, result.notification_id) == ("200", wanted.notification_id)
    headers = dict(running.journal.entries[-1].headers)
    assert headers["host"] == "localhost"


def test_refusals(running: Running, talk: Callable[..., list[NotificationResult]]) -> None:
    async def conversation(client: APNs) -> list[NotificationResult]:
        return [
            await client.send_notification(request("ab" * 32)),
            await client.send_notification(request(token(running, "token-dead"))),
            await client.send_notification(request(token(running), apns_topic="com.example.other-team")),
            await client.send_notification(request(token(running), push_type=PushType.BACKGROUND, priority=10)),
            await client.send_notification(request(token(running))),
        ]

    results = talk(conversation)
    assert [(result.status, result.description) for result in results] == [
        ("400", "BadDeviceToken"),
        ("410", "Unregistered"),
        ("400", "TopicDisallowed"),
        ("400", "BadPriority"),
        ("200", None),
    ]
    assert results[1].timestamp is not None
    assert int(results[1].timestamp) > 1_000_000_000_000


def test_many_at_once_on_a_cold_connection(running: Running, talk: Callable[..., list[NotificationResult]]) -> None:
    """aioapns opens its streams before it has read the SETTINGS, which allow a single one."""

    async def conversation(client: APNs) -> list[NotificationResult]:
        return await asyncio.gather(*(client.send_notification(request(token(running))) for _ in range(50)))

    assert {result.status for result in talk(conversation)} == {"200"}
    assert {entry.connection for entry in running.journal.entries} == {1}
