"""Intents as Meizu's requests: what the wire cases do not show one by one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant, Job, Prepared, Refused
from pushctl.core.wire import Lost, Reply, Request, Response
from pushctl.vendors.meizu import VENDOR
from pushctl.vendors.meizu.hosts import REGIONS

ACCOUNT = Account("production", None, {"app_id": "100999"}, REGIONS["mainland"])
TOKEN = Target("token", "TST0123456789abcdef0123456789abcdef0123456789")
HELLO = Message(title="Hi", body="There")
TASK = Message(title="Hi", body="There", options={"meizu": {"task": True}})
ENV = Env(0, bytes)
GRANT = Grant(Secret("SECRET", "$PUSHCTL_TOKEN"), 0, 9e9)


def made(message: Message, *targets: Target, task: str | None = None) -> Request:
    return VENDOR.request(ACCOUNT, Job("send", message, targets or (TOKEN,)), GRANT, task, ENV)


def form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body(reveal=True).decode(), keep_blank_values=True))


def body(message: Message) -> dict[str, Any]:
    return dict(json.loads(form(made(message))["messageJson"]))


def tokens(count: int) -> list[Target]:
    return [Target("token", f"t{number}") for number in range(count)]


# --- plans -----------------------------------------------------------------------------------------------------------


def test_up_to_a_hundred_targets_go_into_one_request() -> None:
    jobs = list(VENDOR.plan((HELLO, target) for target in tokens(201)))
    assert [len(job.targets) for job in jobs] == [100, 100, 1]
    assert [target for job in jobs for target in job.targets] == tokens(201)


def test_push_ids_and_aliases_never_share_a_request() -> None:
    aliases = [Target("alias", "a"), Target("alias", "b")]
    jobs = list(VENDOR.plan((HELLO, target) for target in [*tokens(2), *aliases, *tokens(1)]))
    assert [[target.kind for target in job.targets] for job in jobs] == [["token"] * 2, ["alias"] * 2, ["token"]]
    assert form(made(HELLO, *aliases))["alias"] == "a,b"


def test_a_plan_starts_before_the_last_push_is_read() -> None:
    def pushes() -> Any:
        yield from ((HELLO, target) for target in tokens(101))
        raise AssertionError("read too far")

    assert len(next(VENDOR.plan(pushes())).targets) == 100


@pytest.mark.parametrize("kind", ["topic", "condition", "user", "channel", "tag", "all"])
def test_other_targets_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(UsageError) as refused:
        list(VENDOR.plan([(HELLO, Target(kind, "x"))]))
    assert refused.value.rule == "target-kind"
    assert kind in VENDOR.card.not_targets


@pytest.mark.parametrize(
    ("value", "rule"), [("a,b", "target-comma"), (",", "target-comma"), ("a\ud800", "text-not-unicode")]
)
@pytest.mark.parametrize("kind", ["token", "alias"])
def test_a_target_that_the_list_cannot_carry_is_refused(kind: str, value: str, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        list(VENDOR.plan([(HELLO, Target(kind, value))]))
    assert refused.value.rule == rule


# --- tasks -----------------------------------------------------------------------------------------------------------


def prepare(reply: Reply) -> tuple[Request, Prepared | Refused]:
    (job,) = VENDOR.plan([(TASK, TOKEN)])
    steps = VENDOR.prepare(ACCOUNT, job, GRANT, ENV)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def answer(code: str, value: Any) -> Response:
    return Response(200, (), json.dumps({"code": code, "message": "", "value": value, "redirect": ""}).encode())


def test_a_task_is_made_once_for_a_message_whomever_it_goes_to() -> None:
    other = Message(title="Other", body="x", options={"meizu": {"task": True}})
    pushes = [*((TASK, target) for target in tokens(101)), (TASK, Target("alias", "a")), (other, TOKEN)]
    keys = [job.preparation for job in VENDOR.plan(pushes)]
    assert keys[0] is not None
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert next(VENDOR.plan([(HELLO, TOKEN)])).preparation is None


def test_the_message_is_deposited_and_pushes_name_the_task_alone() -> None:
    request, prepared = prepare(answer("200", {"taskId": 20457, "pushType": 0, "appId": 100999}))
    assert request.url == "https://server-api-push.meizu.com/garcia/api/server/push/pushTask/getTaskId"
    assert set(form(request)) == {"appId", "pushType", "messageJson", "sign"}
    assert form(request)["pushType"] == "0"
    assert isinstance(prepared, Prepared)
    assert prepared.value == "20457"
    assert [finding.rule for finding in prepared.findings] == ["task-id"]
    assert "20457" in prepared.findings[0].fix

    push = made(TASK, TOKEN, task="20457")
    assert push.url.endswith("/garcia/api/server/push/task/varnished/pushByPushId")
    assert set(form(push)) == {"appId", "taskId", "pushIds", "sign"}
    assert made(TASK, Target("alias", "a"), task="20457").url.endswith("/task/varnished/pushByAlias")


@pytest.mark.parametrize(
    ("reply", "code", "outcome"),
    [
        (answer("1006", ""), "1006", "refused"),
        (answer("200", ""), "200", "unknown"),
        (answer("200", {"pushType": 0}), "200", "unknown"),
        (Lost("maybe", "gone", "CLOSED"), "CLOSED", "unknown"),
        (Response(200, (), b"<html>"), "NOT_MEIZU", "unknown"),
    ],
)
def test_a_task_that_is_not_made_stops_its_pushes(reply: Reply, code: str, outcome: str) -> None:
    _, refused = prepare(reply)
    assert isinstance(refused, Refused)
    assert (refused.says.code, refused.says.outcome) == (code, outcome)


def test_task_is_true_or_false() -> None:
    with pytest.raises(UsageError) as refused:
        list(VENDOR.plan([(Message(title="Hi", options={"meizu": {"task": 2}}), TOKEN)]))
    assert refused.value.where == "meizu.task"


# --- messages --------------------------------------------------------------------------------------------------------

letters = st.text(st.characters(codec="utf-8"), max_size=5)


@given(st.dictionaries(letters, letters | st.integers() | st.none(), max_size=4))
def test_custom_data_come_back_as_they_were(data: dict[str, Any]) -> None:
    assert body(Message(title="Hi", body="x", data=data)).get("clickTypeInfo", {}).get("parameters", {}) == data


@given(st.integers(1, 400_000) | st.just(10**400))
def test_a_begun_hour_is_a_whole_one(ttl: int) -> None:
    hours = body(Message(title="Hi", ttl=ttl))["pushTimeInfo"]["validTime"]
    assert hours * 3600 >= ttl > (hours - 1) * 3600


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_click_is_one_of_three_or_refused(click: str) -> None:
    kind, _, rest = click.partition(":")
    if click == "app" or (kind == "url" and rest):
        assert body(Message(title="Hi", click=click))["clickTypeInfo"]["clickType"] in (0, 2)
    elif not (kind == "activity" and rest):
        with pytest.raises(UsageError):
            made(Message(title="Hi", click=click))


@pytest.mark.parametrize(
    ("click", "name"),
    [
        ("activity:com.example.Detail", "com.example.Detail"),
        ("activity:com.example/.Detail", "com.example.Detail"),
        ("activity:com.example/com.other.Detail", "com.other.Detail"),
    ],
)
def test_an_activity_is_the_full_name_of_a_class(click: str, name: str) -> None:
    assert body(Message(title="Hi", click=click))["clickTypeInfo"] == {"clickType": 1, "activity": name}


@given(st.binary(max_size=40))
def test_a_raw_payload_is_signed_and_sent_to_the_letter_or_refused(raw: bytes) -> None:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        with pytest.raises(UsageError):
            made(Message(raw=raw))
        return
    assert form(made(Message(raw=raw)))["messageJson"] == text


def test_what_is_signed_is_what_is_sent() -> None:
    request = made(Message(title="Hi", body='a "b" \\ é 你', data={"k": "v"}))
    assert request.form is not None
    sign = dict(request.form)["sign"]
    assert isinstance(sign, Secret)
    assert sign.digest is not None
    sent = {name: value for name, value in form(request).items() if name != "sign"}
    assert sign.digest[1] == "".join(f"{name}={value}" for name, value in sorted(sent.items()))
    assert b"SECRET" not in request.body(reveal=True)


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (Message(silent=True, data={"a": "b"}), "no-silent"),
        (Message(raw=b"{", assignments=(Assignment("a", 1),)), "set-on-raw"),
        (Message(raw=b"\xff"), "payload-not-json"),
        (Message(title="\ud800"), "text-not-unicode"),
        (Message(title="Hi", click="somewhere"), "click"),
        (Message(title="Hi", click="intent:#Intent;end"), "click-intent"),
        (Message(title="Hi", click="activity:.Main"), "click-package"),
        (Message(title="Hi", headers=(("a b", "x"),)), "header-name"),
        (Message(title="Hi", options={"meizu": {"suspent": True}}), "unknown-option"),
        (Message(title="Hi", options={"meizu": {"suspend": "yes"}}), "bad-option"),
        (Message(title="Hi", options={"meizu": {"restricted_package_names": [1]}}), "bad-option"),
        (Message(title="Hi", options={"meizu": {"restricted_package_names": ["com.a.\ud800"]}}), "text-not-unicode"),
        (Message(title="Hi", assignments=(Assignment("noticeBarInfo.title.x", 1),)), "set-conflict"),
        (Message(title="Hi", assignments=(Assignment("pushTimeInfo.validTime", float("nan")),)), "not-json"),
    ],
)
def test_what_cannot_be_written_down_is_refused(message: Message, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(message)
    assert refused.value.rule == rule
    assert refused.value.fix


def test_a_silent_push_is_refused_and_never_faked() -> None:
    assert VENDOR.card.silent == ""
    assert "2018-06-16" in VENDOR.card.no_silent
    with pytest.raises(UsageError) as refused:
        made(Message(silent=True))
    assert (refused.value.text, refused.value.fix) == (VENDOR.card.no_silent, VENDOR.card.instead_of_silent)


def test_options_of_other_vendors_are_none_of_its_business() -> None:
    assert made(Message(title="Hi", body="There", options={"hms": {"bi_tag": "x"}})) == made(HELLO)
