"""Intents as OPPO's requests: what the wire cases do not show one by one."""

from __future__ import annotations

import json
from collections import Counter
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
from pushctl.flows.answer_case import calls_of
from pushctl.vendors.oppo import VENDOR
from pushctl.vendors.oppo.hosts import hosts_of

ACCOUNT = Account("production", None, {}, hosts_of("heytapmobi.com"))
GRANT = Grant(Secret("TOKEN", "$PUSHCTL_TOKEN"), 0, 9e9)
CN = Target("token", "CN_" + "0a" * 16)
ABROAD = Target("token", "IN_" + "0a" * 16)
ALIAS = Target("alias", "user_42")
HELLO = Message(title="Hi", body="There")
ENV = Env(0, lambda size: b"\xab" * size)


def made(message: Message, *targets: Target) -> Request:
    (job,) = VENDOR.plan([(message, target) for target in targets or (CN,)])
    return VENDOR.request(ACCOUNT, job, GRANT, "PREPARED", ENV)


def form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body(reveal=True).decode(), keep_blank_values=True, strict_parsing=True))


def shown(message: Message) -> dict[str, Any]:
    return dict(json.loads(form(made(message))["message"])["notification"])


def oppo(**options: Any) -> Message:
    return Message(title="Hi", body="There", options={"oppo": options})


def ids(count: int, region: str = "CN") -> list[Target]:
    return [Target("token", f"{region}_{number:032x}") for number in range(count)]


# --- plans -----------------------------------------------------------------------------------------------------------


def test_up_to_a_thousand_ids_go_into_one_batch_and_a_leftover_by_itself() -> None:
    jobs = list(VENDOR.plan((HELLO, target) for target in ids(2001)))
    assert [(job.call, len(job.targets)) for job in jobs] == [("batch", 1000), ("batch", 1000), ("send", 1)]
    assert [target for job in jobs for target in job.targets] == ids(2001)


def test_ids_of_two_regions_in_any_order_are_sorted_into_their_batches() -> None:
    mixed = [target for pair in zip(ids(3), ids(3, "IN"), strict=True) for target in pair]
    jobs = list(VENDOR.plan((HELLO, target) for target in mixed))
    assert [(job.call, list(job.targets)) for job in jobs] == [("batch", ids(3)), ("batch.intl", ids(3, "IN"))]


@given(st.lists(st.sampled_from([CN, ABROAD, ALIAS, Target("token", "0a" * 16)]), max_size=30), st.booleans())
def test_every_target_is_in_one_job_and_each_job_is_of_one_region(targets: list[Target], broadcast: bool) -> None:
    message = oppo(broadcast=broadcast)
    jobs = list(VENDOR.plan((message, target) for target in targets))
    assert Counter(target for job in jobs for target in job.targets) == Counter(targets)
    for job in jobs:
        assert job.call.endswith(".intl") == (ABROAD in job.targets)
        assert len({target.kind for target in job.targets}) == 1
        assert job.call.startswith("broadcast") is broadcast


def test_each_message_has_its_own_request() -> None:
    other = Message(title="Other", body="x")
    jobs = list(VENDOR.plan([(HELLO, CN), (other, CN), (other, CN), (HELLO, CN)]))
    assert [(job.message, len(job.targets)) for job in jobs] == [(HELLO, 1), (other, 2), (HELLO, 1)]


def test_a_plan_starts_before_the_last_push_is_read() -> None:
    def pushes() -> Any:
        yield from ((HELLO, target) for target in ids(1001))
        raise AssertionError("read too far")

    assert len(next(VENDOR.plan(pushes())).targets) == 1000


@pytest.mark.parametrize("kind", ["topic", "condition", "user", "channel", "tag", "all"])
def test_other_targets_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(UsageError) as refused:
        list(VENDOR.plan([(HELLO, Target(kind, "x"))]))
    assert refused.value.rule == "target-kind"
    assert kind in VENDOR.card.not_targets


def test_jobs_of_one_message_and_region_share_a_saved_body_and_no_others_do() -> None:
    message, other = oppo(broadcast=True), oppo(broadcast=True)
    targets = [*ids(1500), *ids(2, "IN")]
    jobs = list(VENDOR.plan([*((message, target) for target in targets), (other, CN)]))
    told = [(job.call, len(job.targets), job.preparation) for job in jobs]
    assert [(call, count) for call, count, _ in told] == [
        ("broadcast", 1000), ("broadcast", 500), ("broadcast.intl", 2), ("broadcast", 1)
    ]  # fmt: skip
    assert told[0][2] == told[1][2]
    assert len({preparation for _, _, preparation in told}) == 3


def test_every_interface_can_be_named() -> None:
    names = set(calls_of(VENDOR))
    assert {"send", "send.intl", "batch", "batch.intl", "broadcast", "save", "auth", "receipt", "token"} <= names


# --- a saved body ----------------------------------------------------------------------------------------------------


def prepare(message: Message, target: Target, reply: Reply) -> tuple[Request, Prepared | Refused]:
    (job,) = VENDOR.plan([(message, target)])
    steps = VENDOR.prepare(ACCOUNT, job, GRANT, ENV)
    request = next(steps)
    with pytest.raises(StopIteration) as end:
        steps.send(reply)
    return request, end.value.value


def test_a_body_is_saved_with_its_fields_flat_in_the_form() -> None:
    message = Message(
        title="你好", body="There", data={"a": 1}, options={"oppo": {"broadcast": True, "off_line": True, "style": 2}}
    )
    reply = Response(200, (), b'{"code":0,"data":{"message_id":"58ad"}}')
    request, prepared = prepare(message, CN, reply)
    assert prepared == Prepared("58ad")
    assert (request.call, request.url) == (
        "save",
        "https://api-push-cn.heytapmobi.com/server/v1/message/notification/save_message_content",
    )
    assert form(request) == {
        "auth_token": "TOKEN",
        "app_message_id": "pushctl-abababababababab",
        "title": "你好",
        "content": "There",
        "click_action_type": "0",
        "action_parameters": '{"a":1}',
        "off_line": "true",
        "style": "2",
    }


def test_a_body_for_abroad_is_saved_there_and_sent_there() -> None:
    message = oppo(broadcast=True)
    request, prepared = prepare(message, ABROAD, Response(200, (), b'{"code":0,"data":{"message_id":7}}'))
    assert request.url.startswith("https://api-intl.push.oppomobile.com/")
    assert prepared == Prepared("7")
    sent = made(message, ABROAD)
    assert sent.url.endswith("/broadcast")
    assert form(sent) == {
        "auth_token": "TOKEN", "message_id": "PREPARED", "target_type": "2", "target_value": ABROAD.value
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "code", "renew"),
    [
        (Response(200, (), b'{"code":11,"message":"Invalid AuthToken"}'), "11", "grant"),
        (Response(200, (), b'{"code":42,"message":"x"}'), "42", "no"),
        (Lost("no", "x", "CONNECT"), "CONNECT", "no"),
    ],
)
def test_a_body_that_is_not_saved_is_a_refusal(reply: Reply, code: str, renew: str) -> None:
    _, refused = prepare(oppo(broadcast=True), CN, reply)
    assert isinstance(refused, Refused)
    assert (refused.says.code, refused.says.renew) == (code, renew)


# --- one message -----------------------------------------------------------------------------------------------------


def test_the_id_that_makes_a_repeat_safe_is_told_and_is_the_persons_own_where_one_is_given() -> None:
    assert made(HELLO).message_id == shown(HELLO)["app_message_id"] == "pushctl-abababababababab"
    assert (
        made(oppo(app_message_id="mine")).message_id == shown(oppo(app_message_id="mine"))["app_message_id"] == "mine"
    )
    batch = made(HELLO, CN, Target("token", "CN_" + "0b" * 16))
    sent = [one["notification"]["app_message_id"] for one in json.loads(form(batch)["messages"])]
    assert sent == [batch.message_id] * 2


def test_nothing_is_said_that_nobody_said() -> None:
    assert set(shown(HELLO)) == {"app_message_id", "title", "content", "click_action_type"}
    assert "off_line" not in shown(Message(title="Hi", body="There", ttl=0))


def test_a_token_is_never_shown() -> None:
    assert b"TOKEN" not in made(HELLO).body(reveal=False).replace(b"$PUSHCTL_TOKEN", b"")


letters = st.text(st.characters(codec="utf-8"), max_size=5)


@given(letters, st.dictionaries(letters, letters | st.integers() | st.none(), max_size=4))
def test_words_and_custom_data_come_back_as_they_were(title: str, data: dict[str, Any]) -> None:
    sent = shown(Message(title=title, data=data))
    assert sent["title"] == title
    assert json.loads(sent.get("action_parameters", "{}")) == data


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_click_is_one_of_five_or_refused(click: str) -> None:
    kind, _, rest = click.partition(":")
    if click == "app" or (kind in ("url", "intent") and rest):
        assert shown(Message(title="Hi", click=click))["click_action_type"] in (0, 1, 2, 5)
    elif not (kind == "activity" and rest):
        with pytest.raises(UsageError):
            made(Message(title="Hi", click=click))


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("com.example.app.Detail", "com.example.app.Detail"),
        (".Detail", "com.example.app.Detail"),
        ("com.other/.Detail", "com.other.Detail"),
        ("com.other/com.other.Detail", "com.other.Detail"),
    ],
)
def test_a_class_has_its_full_name(name: str, full: str) -> None:
    asked = Account("production", None, {"package_name": "com.example.app"}, ACCOUNT.hosts)
    job = Job("send", Message(title="Hi", click=f"activity:{name}"), (CN,))
    sent = json.loads(form(VENDOR.request(asked, job, GRANT, None, ENV))["message"])["notification"]
    assert (sent["click_action_type"], sent["click_action_activity"]) == (4, full)


@pytest.mark.parametrize(
    ("options", "key", "style"),
    [
        ({}, "medium_picture_url", 4),
        ({"broadcast": True}, "big_picture_url", 3),
        ({"style": 3}, "big_picture_url", 3),
        ({"style": 4, "broadcast": True}, "medium_picture_url", 4),
        ({"style": 1}, "small_picture_url", 1),
        ({"style": 2}, "small_picture_url", 2),
    ],
)
def test_a_picture_goes_where_its_style_shows_it(options: dict[str, Any], key: str, style: int) -> None:
    message = Message(title="Hi", body="x", image="https://a/b.png", options={"oppo": options})
    if options.get("broadcast"):
        request, _ = prepare(message, CN, Response(200, (), b""))
        assert {name: value for name, value in form(request).items() if name in ("style", key)} == {
            "style": str(style), key: "https://a/b.png"
        }  # fmt: skip
    else:
        assert {name: shown(message)[name] for name in ("style", key)} == {"style": style, key: "https://a/b.png"}


# --- raw messages ----------------------------------------------------------------------------------------------------


def test_a_raw_message_names_its_target() -> None:
    def named(raw: bytes) -> tuple[Target, ...]:
        return VENDOR.named(Message(raw=raw))

    assert named(b'{"target_type":2,"target_value":"a"}') == (Target("token", "a"),)
    assert named(b'{"target_type":5,"target_value":"a"}') == (Target("alias", "a"),)
    assert named(b'{"target_value":"a"}') == (Target("token", "a"),)
    assert named(b'{"target_value":7}') == named(b"[]") == named(b"no") == named(b'{"notification":{}}') == ()
    assert VENDOR.named(HELLO) == ()


def test_raw_messages_without_a_target_become_a_batch() -> None:
    raw = Message(raw=b'{"notification":{"title":"Hi"}}')
    sent = json.loads(form(made(raw, CN, Target("token", "CN_b")))["messages"])
    assert [(one["target_type"], one["target_value"]) for one in sent] == [(2, CN.value), (2, "CN_b")]


def test_what_is_set_to_null_is_no_field_of_a_saved_body() -> None:
    message = Message(
        title="Hi", body="There", options={"oppo": {"broadcast": True}}, assignments=(Assignment("sub_title", None),)
    )
    (job,) = VENDOR.plan([(message, CN)])
    request = next(VENDOR.prepare(ACCOUNT, job, GRANT, ENV))
    assert "sub_title" not in form(request)


@pytest.mark.parametrize("kind", [5, "5"])
def test_a_raw_message_for_an_alias_is_told_by_its_type(kind: object) -> None:
    document = {"target_type": kind, "target_value": "a", "notification": {}}
    assert VENDOR.named(Message(raw=json.dumps(document).encode())) == (Target("alias", "a"),)


def test_a_raw_message_that_names_its_target_keeps_every_byte() -> None:
    text = '{ "target_value" : "CN_a+b&c",\n"target_type":2, "notification":{"title":"é"} }'
    raw = Message(raw=text.encode())
    (target,) = VENDOR.named(raw)
    assert form(made(raw, target))["message"] == text


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (Message(raw=b"[1]"), "payload-not-object"),
        (Message(raw=b"{", assignments=(Assignment("a", 1),)), "set-on-raw"),
        (Message(title="Hi", click="somewhere"), "click"),
        (Message(title="Hi", click="activity:.Main"), "click-package"),
        (Message(title="Hi", collapse="news"), "collapse-key"),
        (Message(title="Hi", collapse="4294967296"), "collapse-key"),
        (Message(title="Hi", headers=(("a b", "x"),)), "header-name"),
        (Message(title="Hi", options={"oppo": {"notifylevel": 1}}), "unknown-option"),
        (Message(title="Hi", options={"oppo": {"region": "in"}}), "wrong-value"),
        (Message(title="Hi", options={"oppo": {"broadcast": "yes"}}), "wrong-value"),
        (Message(title="Hi", assignments=(Assignment("title.x", 1),)), "set-conflict"),
        (Message(title="Hi", assignments=(Assignment("show_ttl", float("nan")),)), "not-json"),
        (Message(title="\ud800"), "text-not-unicode"),
        (Message(title="Hi", data={"a": "\ud800"}), "text-not-unicode"),
    ],
)
def test_what_cannot_be_written_down_is_refused(message: Message, rule: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(message)
    assert refused.value.rule == rule
    assert refused.value.fix


def test_options_of_other_vendors_are_none_of_its_business() -> None:
    assert made(Message(title="Hi", body="There", options={"hms": {"bi_tag": "x"}})) == made(HELLO)
