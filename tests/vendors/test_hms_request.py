"""From an intent to the request: batches, raw bodies, what cannot be written. Examples are in the wire cases."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job
from pushctl.core.wire import Request
from pushctl.vendors.hms import VENDOR
from pushctl.vendors.hms.hosts import HOSTS
from pushctl.vendors.hms.request import click_action

APP = {"app_id": "100000001", "api": "v1"}
ACCOUNT = Account("production", None, APP, HOSTS["production"])
ENV = Env(0, bytes)
HELLO = Message(title="Hi", body="There")


def tokens(count: int, start: int = 0) -> list[Target]:
    return [Target("token", f"t{number}") for number in range(start, start + count)]


def sizes(pushes: list[tuple[Message, Target]]) -> list[int]:
    return [len(job.targets) for job in VENDOR.plan(pushes)]


def request(message: Message, *targets: Target, app: dict[str, str] = APP) -> Request:
    account = Account("production", None, app, HOSTS["production"])
    job = Job("send", message, targets or (Target("token", "t"),))
    return VENDOR.request(account, job, Grant(Secret("T", "$PUSHCTL_TOKEN"), 0, 1), None, ENV)


def body(message: Message, *targets: Target, app: dict[str, str] = APP) -> Any:
    return json.loads(request(message, *targets, app=app).body(reveal=True))


# --- batches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [1]), (1000, [1000]), (1001, [1000, 1]), (2500, [1000, 1000, 500])]
)
def test_tokens_of_one_message_go_a_thousand_to_a_request(count: int, expected: list[int]) -> None:
    assert sizes([(HELLO, target) for target in tokens(count)]) == expected


def test_the_order_of_the_tokens_is_kept() -> None:
    targets = tokens(1500)
    jobs = list(VENDOR.plan([(HELLO, target) for target in targets]))
    assert [target for job in jobs for target in job.targets] == targets


def test_another_message_is_another_request() -> None:
    other = Message(title="Other", body="There")
    pushes = [(HELLO, tokens(1)[0]), (other, tokens(1)[0]), (other, tokens(2)[1]), (HELLO, tokens(1)[0])]
    assert [(job.message.title, len(job.targets)) for job in VENDOR.plan(pushes)] == [
        ("Hi", 1),
        ("Other", 2),
        ("Hi", 1),
    ]


def test_topics_and_conditions_go_alone() -> None:
    topic, condition = Target("topic", "news"), Target("condition", "'a' in topics")
    a, b = tokens(2)
    jobs = VENDOR.plan([(HELLO, a), (HELLO, topic), (HELLO, b), (HELLO, condition), (HELLO, topic)])
    assert [job.targets for job in jobs] == [(a,), (topic,), (b,), (condition,), (topic,)]


def test_the_plan_is_lazy() -> None:
    def endless() -> Any:
        while True:
            yield HELLO, Target("token", "t")

    assert len(next(VENDOR.plan(endless())).targets) == 1000


def test_another_kind_of_target_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot push to a alias"):
        list(VENDOR.plan([(HELLO, Target("alias", "x"))]))


@given(
    st.lists(st.tuples(st.sampled_from([HELLO, Message(title="x")]), st.sampled_from(["token", "topic"])), max_size=40)
)
def test_no_push_is_lost_or_moved(shape: list[tuple[Message, str]]) -> None:
    pushes = [(message, Target(kind, f"{number}")) for number, (message, kind) in enumerate(shape)]
    planned = [(job.message, target) for job in VENDOR.plan(pushes) for target in job.targets]
    assert planned == pushes


# --- raw bodies ------------------------------------------------------------------------------------------------------


def raw(document: Any, **fields: Any) -> Message:
    return Message(raw=document if isinstance(document, bytes) else json.dumps(document).encode(), **fields)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ({"token": ["a", "b"]}, [Target("token", "a"), Target("token", "b")]),
        ({"token": "a"}, [Target("token", "a")]),
        ({"topic": "news"}, [Target("topic", "news")]),
        ({"condition": "'a' in topics"}, [Target("condition", "'a' in topics")]),
        ({"token": []}, []),
        ({"token": [1]}, []),
        ({}, []),
    ],
)
def test_a_raw_body_names_its_targets(inner: Any, expected: list[Target]) -> None:
    assert list(VENDOR.named(raw({"message": inner}))) == expected


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b'{"message":[]}', b"\xff", b'{"a":' * 30_000])
def test_a_raw_body_of_another_form_names_nobody(data: bytes) -> None:
    assert VENDOR.named(raw(data)) == ()
    assert VENDOR.named(HELLO) == ()


def test_a_raw_body_with_more_than_a_thousand_tokens_is_still_one_request() -> None:
    message = raw({"message": {"token": [target.value for target in tokens(1200)]}})
    (job,) = VENDOR.plan([(message, target) for target in VENDOR.named(message)])
    assert VENDOR.request(ACCOUNT, job, None, None, ENV).raw == message.raw


@pytest.mark.parametrize("document", [{"massage": {}}, {"message": []}])
def test_a_target_cannot_be_written_into_a_raw_body_without_a_message(document: Any) -> None:
    with pytest.raises(UsageError, match="no message object"):
        request(raw(document))


def test_set_cannot_change_a_raw_body() -> None:
    with pytest.raises(UsageError, match="sent as it is"):
        request(raw({"message": {}}, assignments=(Assignment("data", "x"),)))


def test_a_check_is_never_forgotten_beside_a_raw_body() -> None:
    untouched = raw({"message": {"token": ["a"]}, "validate_only": True}, validate_only=True)
    assert request(untouched).raw == untouched.raw
    asked = body(raw({"message": {"token": ["a"]}, "validate_only": False}, validate_only=True))
    assert asked == {"message": {"token": ["a"]}, "validate_only": True}


# --- what cannot be written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"collapse": "order-7"}, "collapse-key"),
        ({"collapse": "1.5"}, "collapse-key"),
        ({"collapse": "--1"}, "collapse-key"),
        ({"collapse": "²"}, "collapse-key"),
        ({"click": "home"}, "click"),
        ({"click": "url:"}, "click"),
        ({"click": "activity:.Detail"}, "click-package"),
        ({"options": {"hms": {"target_user_typ": 1}}}, "unknown-option"),
        ({"title": "\ud800"}, "text-not-unicode"),
        ({"data": {"a": "\ud800"}}, "text-not-unicode"),
        ({"data": {"a": float("nan")}}, "not-json"),
        ({"assignments": (Assignment("android.notification.badge.set_num", float("inf")),)}, "not-json"),
        ({"headers": (("a b", "x"),)}, "header-name"),
        ({"headers": (("x", "a\nb"),)}, "header-value"),
        ({"assignments": (Assignment("data.x", 1),), "data": {"a": 1}}, "set-conflict"),
    ],
)
def test_what_cannot_be_written_down_is_told(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(UsageError) as caught:
        request(Message(**{"title": "Hi", "body": "There", **fields}))
    assert caught.value.rule == rule
    assert caught.value.fix


def test_an_option_that_is_misspelt_is_suggested() -> None:
    with pytest.raises(UsageError) as caught:
        request(Message(options={"hms": {"target_user_typ": 1}}))
    assert caught.value.fix == "Did you mean target_user_type?"


def test_an_activity_may_bring_its_package() -> None:
    assert click_action("activity:com.x/.A", {})["intent"] == "intent:#Intent;component=com.x/.A;end"


def test_a_target_of_the_command_line_wins_over_one_that_was_set() -> None:
    message = Message(title="Hi", body="There", assignments=(Assignment("token", ["other"]),))
    assert body(message, Target("token", "mine"))["message"]["token"] == ["mine"]


def test_every_request_goes_to_the_accounts_own_host() -> None:
    elsewhere = Account("production", None, APP, {"push": "https://127.0.0.1:8443", "auth": "https://127.0.0.1:8443"})
    (job,) = VENDOR.plan([(HELLO, Target("token", "t"))])
    made = VENDOR.request(elsewhere, job, None, None, ENV)
    assert made.url == "https://127.0.0.1:8443/v1/100000001/messages:send"
    assert [name for name, _ in made.headers] == ["Content-Type"]


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(
    st.builds(
        Message,
        title=st.none() | texts,
        body=st.none() | texts,
        data=st.dictionaries(texts, texts | st.integers() | st.lists(texts), max_size=3),
        silent=st.booleans(),
        ttl=st.none() | st.integers(0, 10**7),
        priority=st.none() | st.sampled_from(["normal", "high"]),
        badge=st.none() | st.integers(),
        channel=st.none() | texts,
        category=st.none() | texts,
        klass=st.none() | st.sampled_from(["im", "service", "marketing"]),
    )
)
def test_a_silent_push_never_has_a_notification_and_data_is_always_text(message: Message) -> None:
    inner = body(message)["message"]
    assert isinstance(inner.get("data", ""), str)
    if message.silent:
        assert "notification" not in inner
        assert "notification" not in inner.get("android", {})
        assert json.loads(inner["data"]) == dict(message.data)
    else:
        assert inner["android"]["notification"]["click_action"] == {"type": 3}


@pytest.mark.parametrize("odd", [b"NaN", b'"\\ud800"'])
def test_what_json_cannot_carry_is_told_before_the_target_is_written_into_it(odd: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        request(raw(b'{"message":{"data":%s}}' % odd))
    assert caught.value.rule in ("not-json", "text-not-unicode")
