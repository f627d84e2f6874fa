"""Intents as Honor's requests: what the wire cases do not show one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import revealed
from pushctl.core.vendor import Account, Env, Job
from pushctl.core.wire import Request
from pushctl.vendors.honor import VENDOR
from pushctl.vendors.honor.hosts import HOSTS

ACCOUNT = Account("production", None, {"app_id": "104000001"}, HOSTS["production"])
TOKEN = Target("token", "BAEAAAAAB.j1")
HELLO = Message(title="Hi", body="There")


def made(message: Message, *targets: Target, now: float = 1_563_105_451.261) -> Request:
    return VENDOR.request(ACCOUNT, Job("send", message, targets or (TOKEN,)), None, None, Env(now, bytes))


def body(message: Message, *targets: Target) -> dict[str, Any]:
    return dict(json.loads(made(message, *targets).body(reveal=True)))


def tokens(count: int) -> list[Target]:
    return [Target("token", f"t{number}") for number in range(count)]


def test_up_to_a_thousand_tokens_go_into_one_request() -> None:
    jobs = list(VENDOR.plan((HELLO, target) for target in tokens(2001)))
    assert [len(job.targets) for job in jobs] == [1000, 1000, 1]
    assert [target for job in jobs for target in job.targets] == tokens(2001)


def test_each_message_has_its_own_request() -> None:
    other = Message(title="Other", body="x")
    jobs = list(VENDOR.plan([(HELLO, TOKEN), (other, TOKEN), (other, TOKEN), (HELLO, TOKEN)]))
    assert [(job.message, len(job.targets)) for job in jobs] == [(HELLO, 1), (other, 2), (HELLO, 1)]


def test_a_plan_starts_before_the_last_push_is_read() -> None:
    def pushes() -> Any:
        yield from ((HELLO, target) for target in tokens(1001))
        raise AssertionError("read too far")

    assert len(next(VENDOR.plan(pushes())).targets) == 1000


@pytest.mark.parametrize("kind", ["topic", "condition", "user", "alias", "channel", "tag", "all"])
def test_other_targets_than_tokens_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(UsageError) as refused:
        list(VENDOR.plan([(HELLO, Target(kind, "x"))]))
    assert refused.value.rule == "target-kind"
    assert kind in VENDOR.card.not_targets


@given(st.floats(1_000_000_000, 9_999_999_999))
def test_the_timestamp_always_has_thirteen_digits(now: float) -> None:
    headers = {name: revealed(value) for name, value in made(HELLO, now=now).headers}
    assert headers["timestamp"].isdecimal()
    assert len(headers["timestamp"]) == 13
    assert abs(int(headers["timestamp"]) / 1000 - now) < 0.002


letters = st.text(st.characters(codec="utf-8"), max_size=5)


@given(st.dictionaries(letters, letters | st.integers() | st.none(), max_size=4), st.booleans())
def test_custom_data_come_back_as_they_were(data: dict[str, Any], silent: bool) -> None:
    sent = body(Message(title=None if silent else "Hi", data=data, silent=silent))
    assert json.loads(sent.get("data", "{}")) == data
    assert ("android" in sent) is not silent


def test_half_a_letter_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        made(Message(title="Hi", data={"a": "\ud800"}))
    assert refused.value.rule == "text-not-unicode"


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_click_is_one_of_four_or_refused(click: str) -> None:
    kind, _, rest = click.partition(":")
    if click == "app" or (kind in ("url", "intent") and rest):
        assert body(Message(title="Hi", click=click))["android"]["notification"]["clickAction"]["type"] in (1, 2, 3)
    elif not (kind == "activity" and rest):
        with pytest.raises(UsageError):
            made(Message(title="Hi", click=click))


def test_a_raw_body_names_its_tokens() -> None:
    def named(raw: bytes) -> tuple[Target, ...]:
        return VENDOR.named(Message(raw=raw))

    assert named(b'{"token":["a","b"]}') == (Target("token", "a"), Target("token", "b"))
    assert named(b'{"token":"a"}') == (Target("token", "a"),)
    assert named(b'{"token":[7]}') == named(b"[]") == named(b"no") == named(b'{"data":"x"}') == ()
    assert VENDOR.named(HELLO) == ()


def test_a_raw_body_with_more_tokens_than_fit_is_still_one_request() -> None:
    raw = Message(raw=json.dumps({"data": "x", "token": [target.value for target in tokens(1001)]}).encode())
    (job,) = VENDOR.plan((raw, target) for target in VENDOR.named(raw))
    assert made(raw, *job.targets).raw == raw.raw


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (Message(raw=b"[1]"), "payload-not-object"),
        (Message(raw=b"{", assignments=(Assignment("a", 1),)), "set-on-raw"),
        (Message(title="Hi", click="somewhere"), "click"),
        (Message(title="Hi", click="activity:.Main"), "click-package"),
        (Message(title="Hi", headers=(("a b", "x"),)), "header-name"),
        (Message(title="Hi", headers=(("timestamp", "1\r\nx: y"),)), "header-value"),
        (Message(title="Hi", options={"honor": {"target_usertype": 1}}), "unknown-option"),
        (Message(title="Hi", options={"honor": {"zzz": 1}}), "unknown-option"),
        (Message(title="Hi", assignments=(Assignment("android.notification.title.x", 1),)), "set-conflict"),
        (Message(title="Hi", assignments=(Assignment("android.ttl", float("nan")),)), "not-json"),
    ],
)
def test_what_cannot_be_written_down_is_refused(message: Message, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(message)
    assert refused.value.rule == rule
    assert refused.value.fix


def test_options_of_other_vendors_are_none_of_its_business() -> None:
    assert made(Message(title="Hi", body="There", options={"hms": {"bi_tag": "x"}})) == made(HELLO)
