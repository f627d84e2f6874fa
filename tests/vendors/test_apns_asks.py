"""Channels, and the probe of the other environment: exact requests, and what the answers prove."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Answer, Env, Grant, Question
from pushctl.core.wire import Goaway, Lost, Reply, Request, Response
from pushctl.vendors.apns import VENDOR
from pushctl.vendors.apns.hosts import HOSTS

APP = {"bundle_id": "com.example.MyApp"}
ACCOUNTS = {name: Account(name, None, APP, HOSTS[name]) for name in HOSTS}
GRANT = Grant(Secret("JWT", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1767323045, bytes)
ID = "00000000-0000-4000-8000-000000000000"
CHANNEL = "dHN0LXNyY2gtY2hubA=="
TOKEN = "ab" * 32


def ask(
    name: str, parameters: dict[str, str], reply: Reply, account: Account = ACCOUNTS["sandbox"]
) -> tuple[Request, Answer]:
    steps = VENDOR.asks[name](account, Question(parameters), GRANT, ENV)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def wire(request: Request) -> tuple[str, str, list[tuple[str, str]], bytes]:
    headers = [(name, revealed(value)) for name, value in request.headers]
    return request.method, request.target(reveal=True), headers, request.body(reveal=True)


def test_a_channel_is_created() -> None:
    reply = Response(201, (("apns-request-id", "R"), ("apns-channel-id", CHANNEL)))

    request, answer = ask("channel.create", {"storage": "1"}, reply)

    assert wire(request) == (
        "POST",
        "https://api-manage-broadcast.sandbox.push.apple.com:2195/1/apps/com.example.MyApp/channels",
        [("authorization", "bearer JWT"), ("apns-request-id", ID)],
        b'{"message-storage-policy":1,"push-type":"LiveActivity"}',
    )
    assert answer.says.outcome == "accepted"
    assert answer.facts == (("apns-channel-id", CHANNEL), ("message-storage-policy", "1"))


def test_a_creation_that_says_no_id_is_told() -> None:
    _, answer = ask("channel.create", {}, Response(201, (("apns-request-id", "R"),)))

    assert [finding.rule for finding in answer.findings] == ["channel-id-missing"]


def test_a_channel_is_read_by_an_id_in_a_header() -> None:
    body = b'{"message-storage-policy":1,"push-type":"LiveActivity"}'

    request, answer = ask("channel.show", {"id": CHANNEL}, Response(200, (), body), ACCOUNTS["production"])

    assert wire(request) == (
        "GET",
        "https://api-manage-broadcast.push.apple.com:2196/1/apps/com.example.MyApp/channels",
        [("authorization", "bearer JWT"), ("apns-channel-id", CHANNEL), ("apns-request-id", ID)],
        b"",
    )
    assert answer.facts == (
        ("apns-channel-id", CHANNEL),
        ("message-storage-policy", "1"),
        ("push-type", "LiveActivity"),
    )


def test_channels_are_listed_under_all_channels() -> None:
    request, answer = ask("channel.list", {}, Response(200, (), b'{"channels":["YQ==","Yg=="]}'))

    assert request.method == "GET"
    assert request.url.endswith("/1/apps/com.example.MyApp/all-channels")
    assert answer.facts == (("channels", "2"), ("apns-channel-id", "YQ=="), ("apns-channel-id", "Yg=="))


@pytest.mark.parametrize(("body", "outcome"), [(b"", "accepted"), (b'{"channels":5}', "unknown"), (b"[]", "unknown")])
def test_a_list_without_a_list_is_not_made_up(body: bytes, outcome: str) -> None:
    _, answer = ask("channel.list", {}, Response(200, (), body))

    assert answer.says.outcome == outcome
    assert ("channels", "0") in answer.facts or outcome == "unknown"


def test_a_channel_is_deleted() -> None:
    request, answer = ask("channel.delete", {"id": CHANNEL}, Response(204, (("apns-request-id", "R"),)))

    assert request.method == "DELETE"
    assert ("apns-channel-id", CHANNEL) in wire(request)[2]
    assert answer.says.outcome == "accepted"
    assert answer.facts == (("apns-channel-id", CHANNEL), ("apns-request-id", "R"))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("channel.create", {"storage": "2"}), ("channel.show", {}), ("channel.delete", {"id": " "}),
     ("channel.delete", {"id": "a\nb: c"})],
)  # fmt: skip
def test_a_bad_parameter_is_refused_before_anything_is_sent(name: str, parameters: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        next(VENDOR.asks[name](ACCOUNTS["sandbox"], Question(parameters), GRANT, ENV))


def test_channels_need_a_bundle_id() -> None:
    with pytest.raises(UsageError) as raised:
        next(VENDOR.asks["channel.list"](Account("sandbox", None, {}, HOSTS["sandbox"]), Question(), GRANT, ENV))
    assert raised.value.rule == "topic-missing"


def refused(status: int, reason: str) -> Response:
    return Response(status, (), json.dumps({"reason": reason}).encode())


def test_a_refused_question_keeps_the_vendors_reason() -> None:
    _, answer = ask("channel.show", {"id": CHANNEL}, refused(400, "ChannelNotRegistered"))

    assert (answer.says.code, int(answer.says.exit_code)) == ("ChannelNotRegistered", 3)


def test_the_probe_is_one_background_push_to_the_other_host_that_nobody_stores() -> None:
    request, _ = ask("probe-env", {"token": TOKEN}, Response(200))

    assert wire(request) == (
        "POST",
        f"https://api.push.apple.com/3/device/{TOKEN}",
        [
            ("authorization", "bearer JWT"),
            ("apns-topic", "com.example.MyApp"),
            ("apns-push-type", "background"),
            ("apns-priority", "5"),
            ("apns-expiration", "0"),
            ("apns-id", ID),
        ],
        b'{"aps":{"content-available":1}}',
    )


def test_the_probe_keeps_port_and_topic() -> None:
    account = Account("production", None, APP, {"push": "https://api.push.apple.com:2197"})

    request, _ = ask("probe-env", {"token": TOKEN, "topic": "com.example.MyApp.voip"}, Response(200), account)

    assert request.url == f"https://api.sandbox.push.apple.com:2197/3/device/{TOKEN}"
    assert ("apns-topic", "com.example.MyApp.voip") in request.headers


@pytest.mark.parametrize(
    ("reply", "rule"),
    [
        (Response(200, (("apns-id", "X"),)), "token-other-environment"),
        (refused(400, "BadDeviceToken"), "token-nowhere"),
        (refused(410, "Unregistered"), "token-nowhere"),
        (refused(400, "DeviceTokenNotForTopic"), "token-other-topic"),
        (refused(403, "BadEnvironmentKeyInToken"), "probe-inconclusive"),
        (refused(400, "TopicDisallowed"), "probe-inconclusive"),
        (refused(429, "TooManyRequests"), "probe-inconclusive"),
        (refused(400, "SomethingNew"), "probe-inconclusive"),
        (Goaway(b'{"reason":"BadCertificateEnvironment"}'), "probe-inconclusive"),
        (Lost("no", "no route to host", "CONNECT"), "probe-inconclusive"),
        (Response(502, (), b"<html>"), "probe-inconclusive"),
    ],
)
def test_the_probe_says_exactly_one_thing(reply: Reply, rule: str) -> None:
    _, answer = ask("probe-env", {"token": TOKEN}, reply)

    assert [finding.rule for finding in answer.findings] == [rule]
    assert "production" in answer.findings[0].text


def test_an_inconclusive_probe_says_why() -> None:
    _, answer = ask("probe-env", {"token": TOKEN}, refused(403, "BadEnvironmentKeyInToken"))

    assert "BadEnvironmentKeyInToken" in answer.findings[0].text


def test_an_endpoint_that_is_not_apples_is_not_probed() -> None:
    account = Account("sandbox", None, APP, {"push": "https://127.0.0.1:8443"})

    with pytest.raises(StopIteration) as end:
        next(VENDOR.asks["probe-env"](account, Question({"token": TOKEN}), GRANT, ENV))

    (finding,) = end.value.value.findings
    assert finding.rule == "probe-inconclusive"
    assert "127.0.0.1" in finding.text


@given(st.sampled_from(sorted(VENDOR.asks)), st.integers(100, 599), st.binary(max_size=60))
def test_no_answer_breaks_a_question(name: str, status: int, body: bytes) -> None:
    ask(name, {"id": CHANNEL, "token": TOKEN}, Response(status, (), body))
