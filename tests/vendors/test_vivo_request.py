"""Intents as vivo's requests: who shares a list, and what the wire cases do not show one by one."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job, Prepared, Refused
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.vivo import VENDOR
from pushctl.vendors.vivo.classes import CLASS_OF

ACCOUNT = Account("production", None, {"app_id": "105500000"}, VENDOR.card.hosts["production"])
GRANT = Grant(Secret("TOKEN", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1_700_000_000.0, bytes)
REG_ID = Target("token", "1" * 23)
HELLO = Message(title="Your order", body="It is on its way", klass="service")


def tokens(count: int) -> list[Target]:
    return [Target("token", f"t{number}") for number in range(count)]


def made(message: Message, *targets: Target, prepared: str | None = None) -> Request:
    (job,) = VENDOR.plan([(message, target) for target in targets or (REG_ID,)])
    return VENDOR.request(ACCOUNT, job, GRANT, prepared, ENV)


def body(message: Message, *targets: Target) -> dict[str, Any]:
    return dict(json.loads(made(message, *targets).body(reveal=True)))


def plan(*pushes: tuple[Message, Target]) -> list[tuple[str, int]]:
    return [(job.call, len(job.targets)) for job in VENDOR.plan(pushes)]


# --- who shares a request --------------------------------------------------------------------------------------------


def test_one_id_goes_by_itself_and_a_leftover_of_one_as_well() -> None:
    def planned(count: int) -> list[tuple[str, int]]:
        return plan(*((HELLO, target) for target in tokens(count)))

    assert planned(1) == [("send", 1)]
    assert planned(2) == [("list", 2)]
    assert planned(1000) == [("list", 1000)]
    assert planned(1001) == [("list", 1000), ("send", 1)]
    assert planned(2002) == [("list", 1000), ("list", 1000), ("list", 2)]


def test_lists_of_one_message_share_what_is_saved_and_two_messages_do_not() -> None:
    other = Message(title="Another", body="text of it", klass="im")
    pushes = [(HELLO, one) for one in tokens(2001)] + [(other, one) for one in tokens(2)]
    keys = [job.preparation for job in VENDOR.plan(pushes)]
    assert keys[0] == keys[1] != keys[3]
    assert keys[2] is None, "a single push saves nothing"


def test_equal_messages_that_are_not_the_same_are_saved_by_themselves() -> None:
    """Messages come and go while a plan is read, so that their addresses in memory say nothing."""
    pushes = ((Message(title=f"Order {number // 2}", body="text"), target) for number, target in enumerate(tokens(0)))
    assert list(VENDOR.plan(pushes)) == []
    both = [Message(title="a b", body="c d") for _ in range(2)]
    keys = [job.preparation for job in VENDOR.plan((message, one) for message in both for one in tokens(2))]
    assert len(set(keys)) == 2


def test_regids_and_aliases_are_never_in_one_list() -> None:
    aliases = [Target("alias", "a"), Target("alias", "b")]
    assert plan(*((HELLO, one) for one in [*tokens(2), *aliases, REG_ID])) == [("list", 2), ("list", 2), ("send", 1)]


def test_a_plan_starts_before_the_last_push_is_read() -> None:
    def pushes() -> Any:
        yield from ((HELLO, target) for target in tokens(1000))
        raise AssertionError("read too far")

    assert len(next(VENDOR.plan(pushes())).targets) == 1000


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["token", "alias"])), max_size=40))
def test_every_push_is_in_one_request_in_order_and_no_list_has_one_id(rows: list[tuple[int, str]]) -> None:
    messages = (HELLO, Message(title="b c", body="d e"))
    pushes = [(messages[which], Target(kind, str(number))) for number, (which, kind) in enumerate(rows)]
    jobs = list(VENDOR.plan(pushes))
    assert [(job.message, target) for job in jobs for target in job.targets] == pushes
    assert all((job.call == "send") == (len(job.targets) == 1) for job in jobs)
    assert all((job.preparation is None) == (job.call == "send") for job in jobs)


@pytest.mark.parametrize("kind", ["topic", "condition", "user", "channel", "tag", "all"])
def test_other_targets_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(UsageError) as refused:
        plan((HELLO, Target(kind, "x")))
    assert refused.value.rule == "target-kind"
    assert kind in VENDOR.card.not_targets


# --- a list ----------------------------------------------------------------------------------------------------------


def saved(reply: Reply, message: Message = HELLO) -> tuple[Request, Prepared | Refused]:
    (job,) = VENDOR.plan([(message, one) for one in tokens(2)])
    steps = VENDOR.prepare(ACCOUNT, job, GRANT, ENV)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def test_a_message_is_saved_without_ids_and_then_pushed_to_them() -> None:
    request, prepared = saved(Response(200, (), '{"result":0,"desc":"请求成功","taskId":"12139732"}'.encode()))
    assert (request.call, request.url) == ("save", "https://api-push.vivo.com.cn/message/saveListPayload")
    told = json.loads(request.body(reveal=True))
    assert told["title"] == HELLO.title
    assert not {"regId", "regIds", "taskId"} & told.keys()
    assert prepared == Prepared("12139732")

    pushed = made(HELLO, *tokens(2), prepared="12139732")
    assert (pushed.call, pushed.url) == ("list", "https://api-push.vivo.com.cn/message/pushToList")
    assert json.loads(pushed.body(reveal=True)) == {
        "appId": 105500000,
        "regIds": ["t0", "t1"],
        "taskId": "12139732",
        "requestId": "0" * 32,
    }
    assert pushed.message_id == "12139732", "a lost answer can still be looked up"


def test_aliases_have_a_field_of_their_own() -> None:
    assert body(HELLO, Target("alias", "a"), Target("alias", "b"))["aliases"] == ["a", "b"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Response(200, (), b'{"result":10252,"desc":"x"}'), "10252"),
        (Response(200, (), b'{"result":10000,"desc":"x"}'), "10000"),
        (Response(200, (), b'{"result":0,"desc":"x"}'), "taskId=missing"),
        (Response(200, (), b"<html></html>"), "NOT_VIVO"),
        (Response(500, (), b"Internet server error!"), "http/500"),
        (Lost("no", "no such host", "DNS"), "DNS"),
    ],
)
def test_a_message_that_is_not_saved_is_pushed_to_nobody(reply: Reply, code: str) -> None:
    _, refused = saved(reply)
    assert isinstance(refused, Refused)
    assert refused.says.code == code
    assert (refused.says.renew == "grant") == (code == "10000")


def test_a_raw_message_is_saved_as_it_stands() -> None:
    raw = b'{"title":"a b", "content":"c d"}'
    request, _ = saved(Response(200, (), b'{"result":0,"taskId":"1"}'), Message(raw=raw))
    assert request.raw == raw


def test_every_request_has_an_id_of_its_own() -> None:
    number = iter(range(100))
    env = Env(0.0, lambda size: next(number).to_bytes(size, "big"))
    (job,) = VENDOR.plan([(HELLO, one) for one in tokens(2)])
    ids = [json.loads(VENDOR.request(ACCOUNT, job, GRANT, "t", env).body(reveal=True))["requestId"] for _ in range(9)]
    assert len(set(ids)) == 9
    assert {len(one) for one in ids} == {32}


# --- a message -------------------------------------------------------------------------------------------------------

letters = st.text(st.characters(codec="utf-8"), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | letters,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(letters, values, max_size=5))
def test_custom_data_are_text_and_come_back_as_they_were(data: dict[str, Any]) -> None:
    sent = body(Message(title="a b", body="c d", data=data)).get("clientCustomMap", {})
    assert all(isinstance(value, str) for value in sent.values())
    assert {key: value if isinstance(data[key], str) else json.loads(value) for key, value in sent.items()} == data


@given(st.sampled_from([None, "im", "service", "marketing"]), st.none() | st.sampled_from(sorted(CLASS_OF)))
def test_a_class_is_always_sent_and_the_flag_wins(klass: Any, category: str | None) -> None:
    sent = body(Message(title="a b", body="c d", klass=klass, category=category and category.lower()))
    assert sent["classification"] in (0, 1)
    if klass:
        assert sent["classification"] == (0 if klass == "marketing" else 1)
    elif category:
        assert sent["classification"] == CLASS_OF[category]
    if category:
        assert sent["category"] == category


def test_what_hides_messages_is_sent_only_when_it_is_asked_for() -> None:
    assert not {"foregroundShow", "sendOnline", "pushMode", "networkType", "timeToLive"} & body(HELLO).keys()


@given(letters)
def test_a_click_is_one_of_four_or_refused(click: str) -> None:
    kind, _, rest = click.partition(":")
    message = Message(title="a b", body="c d", click=click)
    if click == "app" or (kind in ("url", "intent") and rest):
        assert body(message)["skipType"] in (1, 2, 4)
    elif not (kind == "activity" and rest):
        with pytest.raises(UsageError):
            made(message)


def test_a_raw_body_names_its_ids() -> None:
    def named(raw: bytes) -> list[tuple[str, str]]:
        return [(one.kind, one.value) for one in VENDOR.named(Message(raw=raw))]

    assert named(b'{"regId":"a","alias":"b"}') == [("token", "a")]
    assert named(b'{"alias":"b"}') == [("alias", "b")]
    assert named(b'{"regIds":["a","b"]}') == [("token", "a"), ("token", "b")]
    assert named(b'{"aliases":["a"]}') == [("alias", "a")]
    assert named(b'{"regId":7}') == named(b'{"regId":""}') == named(b"[]") == named(b"no") == named(b"{}") == []
    assert VENDOR.named(HELLO) == ()


def test_a_raw_list_with_more_ids_than_fit_is_still_one_request() -> None:
    raw = Message(raw=json.dumps({"regIds": [one.value for one in tokens(1001)], "taskId": "1"}).encode())
    assert [job.call for job in VENDOR.plan((raw, one) for one in VENDOR.named(raw))] == ["list"]
    assert made(raw, *VENDOR.named(raw)).raw == raw.raw


def said(**fields: Any) -> Message:
    return Message(**{"title": "a b", "body": "c d", **fields})


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (Message(raw=b"[1]"), "payload-not-object"),
        (Message(raw=b"{", assignments=(Assignment("a", 1),)), "set-on-raw"),
        (Message(raw=b'{"regId":"a"}', assignments=(Assignment("a", 1),)), "set-on-raw"),
        (said(click="somewhere"), "click"),
        (said(click="activity:.Main"), "click-package"),
        (said(collapse="news"), "collapse-key"),
        (said(collapse="0"), "collapse-key"),
        (said(collapse="2147483648"), "collapse-key"),
        (said(headers=(("a b", "x"),)), "header-name"),
        (said(headers=(("authToken", "1\r\nx: y"),)), "header-value"),
        (said(options={"vivo": {"pushmode": 1}}), "unknown-option"),
        (said(options={"vivo": {"zzz": 1}}), "unknown-option"),
        (said(assignments=(Assignment("title.x", 1),)), "set-conflict"),
        (said(assignments=(Assignment("timeToLive", float("nan")),)), "not-json"),
        (said(data={"a": float("inf")}), "not-json"),
        (said(data={"a": "\ud800"}), "text-not-unicode"),
    ],
)
def test_what_cannot_be_written_down_is_refused(message: Message, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(message)
    assert refused.value.rule == rule
    assert refused.value.fix


def test_a_saved_message_cannot_be_made_a_test() -> None:
    raw = Message(raw=b'{"regIds":["a","b"],"taskId":"1"}', validate_only=True)
    with pytest.raises(UsageError) as refused:
        made(raw, *VENDOR.named(raw))
    assert refused.value.rule == "validate-only-saved"


def test_options_of_other_vendors_are_none_of_its_business() -> None:
    assert made(said(options={"hms": {"bi_tag": "x"}})) == made(said())


def test_jobs_of_a_run_are_counted_as_they_come() -> None:
    jobs: Counter[str] = Counter(job.call for job in VENDOR.plan((HELLO, one) for one in tokens(2001)))
    assert jobs == {"list": 2, "send": 1}
    assert isinstance(next(iter(VENDOR.plan([(HELLO, REG_ID)]))), Job)
