"""The builder: whatever is asked for, what goes out is well-formed and says what was meant. Exact requests are in
``tests/cases/harmony/requests.json``."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import PushctlError, UsageError
from pushctl.core.message import Assignment, Message, Target
from pushctl.core.secret import Secret, revealed
from pushctl.core.vendor import Account, Env, Grant, Prepared
from pushctl.core.wire import Request
from pushctl.vendors.harmony import CARD, VENDOR
from pushctl.vendors.harmony.hosts import HOSTS
from pushctl.vendors.harmony.message import named
from pushctl.vendors.harmony.push_types import push_type_id, push_type_names, push_types
from pushctl.vendors.harmony.request import derived_push_type, push_type_of

ACCOUNT = Account("production", None, {"project_id": "388421841221199046"}, HOSTS["production"])
GRANT = Grant(Secret("eyJ.SECRET.sig", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1767323045.9, bytes)
TOKEN = Target("token", "MAMzLg/+a")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
any_text = st.none() | st.text(st.characters(exclude_categories=()))
kinds = st.sampled_from([*push_type_names(), "nonsense", "", 6, 0])
options = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "push_type": kinds, "test_message": st.booleans() | st.text(), "notify_id": st.integers(), "bi_tag": st.text(),
        "background_mode": st.integers(), "nonsense": st.text(),
    },
).map(lambda table: {"harmony": table})  # fmt: skip
messages = st.builds(
    Message,
    title=any_text,
    subtitle=any_text,
    body=any_text,
    image=any_text,
    badge=st.none() | st.integers(),
    sound=any_text,
    data=st.dictionaries(st.text(), json_values, max_size=4),
    silent=st.booleans(),
    ttl=st.none() | st.integers(-10, 10**10),
    collapse=st.none() | st.integers(-1000, 1000).map(str) | st.text(),
    klass=st.sampled_from([None, "im", "service", "marketing"]),
    category=any_text,
    click=st.none() | st.sampled_from(["app", "url:", "url:https://a", "activity:b", "intent:c"]) | st.text(),
    options=options,
    assignments=st.lists(
        st.builds(
            Assignment,
            st.sampled_from(["payload", "payload.extraData", "payload.notification.title", "target", "x", "", "a..y"]),
            json_values,
        ),
        max_size=3,
    ).map(tuple),
    headers=st.lists(st.tuples(st.text() | st.just("push-type"), st.text()), max_size=2).map(tuple),
    raw=st.none() | st.binary() | json_values.map(lambda each: json.dumps({"payload": each}).encode()),
    validate_only=st.booleans(),
)
targets = st.builds(Target, st.sampled_from(["token", "token", "topic"]), st.text())


def build(message: Message, target: Target = TOKEN) -> Request:
    (job,) = VENDOR.plan([(message, target)])
    return VENDOR.request(ACCOUNT, job, GRANT, None, ENV)


def built_or_refused(message: Message, target: Target) -> Request | PushctlError:
    try:
        return build(message, target)
    except PushctlError as error:
        return error


def body(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.body(reveal=True).decode())
    return found


def header(request: Request, name: str) -> str:
    return revealed(dict(request.headers)[name])


@given(messages, targets)
def test_any_message_becomes_a_well_formed_request_or_one_clear_error(message: Message, target: Target) -> None:
    request = built_or_refused(message, target)
    if isinstance(request, PushctlError):
        assert request.text
        assert request.fix
        return

    assert re.fullmatch(r"https://[!-~]+", request.url)
    for name, value in request.headers:
        assert re.fullmatch(r"[!-~]+", name)
        assert "\n" not in revealed(value)
        assert "\r" not in revealed(value)
    if request.raw is not None:
        assert request.raw == message.raw
    else:
        document = body(request)
        assert "token" in document["target"]
        assert request.raw is not None or message.raw is not None or document["target"]["token"] == [target.value]


@given(st.dictionaries(st.text(), json_values))
def test_data_of_a_silent_push_arrive_as_they_were_given(data: dict[str, Any]) -> None:
    request = build(Message(silent=True, data=data))

    assert header(request, "push-type") == "6"
    assert json.loads(body(request)["payload"]["extraData"]) == data


@given(st.dictionaries(st.text(), json_values, min_size=1))
def test_data_of_a_notification_reach_the_page_that_a_tap_opens(data: dict[str, Any]) -> None:
    action = body(build(Message(title="a", body="b", data=data)))["payload"]["notification"]["clickAction"]
    assert action == {"actionType": 0, "data": data}


def test_the_secret_is_masked_and_revealed_only_on_the_wire() -> None:
    request = build(Message(title="a", body="b"))

    assert "SECRET" not in repr(request)
    assert dict(request.headers)["Authorization"].shown == "Bearer $PUSHCTL_TOKEN"  # type: ignore[union-attr]
    assert header(request, "Authorization") == "Bearer eyJ.SECRET.sig"


# --- push types ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("0", "0"), ("alert", "0"), ("ALERT", "0"), (" form ", "1"), ("extension", "2"), ("background", "6"),
        ("liveview", "7"), ("live_view", "7"), ("voip", "10"), ("VoIP", "10"), ("11", "11"), ("5", "5"),
        ("nonsense", "nonsense"),
    ],
)  # fmt: skip
def test_a_push_type_is_said_by_number_or_name(said: str, sent: str) -> None:
    assert push_type_id(said) == sent
    assert header(build(Message(title="a", options={"harmony": {"push_type": said}})), "push-type") == sent.strip()


def test_the_card_names_every_push_type_that_is_sure() -> None:
    told = CARD.options["push_type"]
    assert all(f"{kind.id} {kind.name}" in told for kind in push_types().values() if kind.confidence != "low")


@pytest.mark.parametrize(
    ("payload", "derived"),
    [
        ({}, "0"),
        ({"notification": {}}, "0"),
        ({"notification": {}, "extraData": ""}, "2"),
        ({"extraData": ""}, "6"),
        ({"formId": 1}, "1"),
        ({"formData": {}}, "1"),
        ({"activityId": 1, "operation": 0}, "7"),
    ],
)
def test_a_payload_speaks_for_its_push_type(payload: dict[str, Any], derived: str) -> None:
    assert derived_push_type(payload) == derived
    assert push_type_of(Message(raw=json.dumps({"payload": payload}).encode())) == derived


def test_a_push_type_that_is_said_goes_before_silent() -> None:
    assert push_type_of(Message(silent=True, options={"harmony": {"push_type": "10"}})) == "10"
    assert push_type_of(Message(silent=True, options={"harmony": {"push_type": " "}})) == "6"


# --- requests for many tokens ----------------------------------------------------------------------------------------


def jobs(message: Message, count: int) -> list[int]:
    pushes = [(message, Target("token", str(number))) for number in range(count)]
    return [len(job.targets) for job in VENDOR.plan(pushes)]


@pytest.mark.parametrize(
    ("message", "sizes"),
    [
        (Message(title="a", body="b"), [1000, 1000, 500]),
        (Message(title="a", body="b", validate_only=True), [10] * 250),
        (Message(title="a", options={"harmony": {"test_message": True}}), [10] * 250),
        (Message(title="a", assignments=(Assignment("pushOptions", {"testMessage": True}),)), [10] * 250),
        (Message(raw=b'{"payload":{"extraData":""},"pushOptions":{"testMessage":true}}'), [10] * 250),
        (Message(options={"harmony": {"push_type": "form"}}), [1] * 2500),
        (Message(options={"harmony": {"push_type": "form"}}, validate_only=True), [1] * 2500),
        (Message(options={"harmony": {"push_type": "5"}}), [1000, 1000, 500]),
    ],
)
def test_tokens_are_split_as_the_push_type_wants_it(message: Message, sizes: list[int]) -> None:
    assert jobs(message, 2500) == sizes


def test_a_raw_body_that_names_its_tokens_is_one_request() -> None:
    raw = json.dumps({"payload": {"extraData": ""}, "target": {"token": [str(number) for number in range(1500)]}})
    message = Message(raw=raw.encode())

    (job,) = VENDOR.plan([(message, target) for target in named(message)])

    assert len(job.targets) == 1500
    assert VENDOR.request(ACCOUNT, job, GRANT, None, ENV).raw == message.raw


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b'{"target":{"token":["A","B"]}}', ["A", "B"]),
        (b'{"target":{"token":"A"}}', ["A"]),
        (b'{"target":{"token":[1,null,"A"]}}', ["A"]),
        (b'{"target":{"token":{}}}', []),
        (b'{"target":[]}', []),
        (b"{", []),
        (b"[]", []),
    ],
)
def test_the_tokens_of_a_raw_body_are_its_own(raw: bytes, found: list[str]) -> None:
    assert [target.value for target in VENDOR.named(Message(raw=raw))] == found
    assert VENDOR.named(Message(title="a")) == ()


def test_different_messages_are_different_requests_in_order() -> None:
    one, two = Message(title="1"), Message(title="2")
    pushes = [(one, TOKEN), (one, TOKEN), (two, TOKEN), (one, TOKEN)]
    assert [(job.message.title, len(job.targets)) for job in VENDOR.plan(pushes)] == [("1", 2), ("2", 1), ("1", 1)]
    assert list(VENDOR.plan([])) == []


def test_a_plan_is_lazy() -> None:
    message = Message(title="x")

    def endless() -> Any:
        while True:
            yield message, TOKEN

    assert len(next(VENDOR.plan(endless())).targets) == 1000


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("set-on-raw", Message(raw=b"{}", assignments=(Assignment("payload.x", 1),))),
        ("set-conflict", Message(silent=True, assignments=(Assignment("payload.extraData.x", 1),))),
        ("payload-missing", Message(raw=b'{"notification":{"title":"a"}}')),
        ("payload-missing", Message(raw=b"[]")),
        ("payload-missing", Message(raw=b"{", validate_only=True)),
        ("collapse-key", Message(title="a", collapse="news")),
        ("collapse-key", Message(title="a", collapse="1.5")),
        ("collapse-key", Message(title="a", collapse="--1")),
        ("click", Message(title="a", click="browser")),
        ("click", Message(title="a", click="url:")),
        ("unknown-option", Message(title="a", options={"harmony": {"testMesage": True}})),
        ("header-value", Message(title="a", headers=(("x", "a\nb"),))),
        ("header-value", Message(title="a", options={"harmony": {"push_type": "6\n7"}})),
        ("header-name", Message(title="a", headers=((":path", "/"),))),
        ("not-json", Message(silent=True, data={"x": float("nan")})),
        ("not-json", Message(title="a", data={"x": float("inf")})),
        ("not-json", Message(raw=b'{"payload":{"extraData":NaN}}')),
        ("text-not-unicode", Message(raw=b'{"payload":{"extraData":"\\ud800"}}')),
        ("text-not-unicode", Message(title="\udcff")),
        ("text-not-unicode", Message(silent=True, data={"x": "\udcff"})),
    ],
)
def test_what_cannot_be_written_down_is_refused(rule: str, message: Message) -> None:
    with pytest.raises(UsageError) as raised:
        build(message)
    assert raised.value.rule == rule


def test_a_misspelt_option_is_told_with_the_right_one() -> None:
    with pytest.raises(UsageError) as raised:
        build(Message(title="a", options={"harmony": {"testMessage": True}}))
    assert raised.value.fix == "Did you mean test_message?"


def test_a_topic_is_no_target() -> None:
    with pytest.raises(UsageError) as raised:
        build(Message(title="a"), Target("topic", "news"))
    assert raised.value.rule == "target-kind"


def test_nothing_is_prepared() -> None:
    (job,) = VENDOR.plan([(Message(title="a"), TOKEN)])

    assert job.preparation is None
    with pytest.raises(StopIteration) as end:
        next(VENDOR.prepare(ACCOUNT, job, GRANT, ENV))
    assert end.value.value == Prepared()
