"""The builder: whatever is asked for, what goes out is well-formed and says what was meant. Exact requests are in
``tests/cases/apns/requests.json``."""

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
from pushctl.vendors.apns import VENDOR
from pushctl.vendors.apns.hosts import HOSTS
from pushctl.vendors.apns.push_types import push_types

ACCOUNT = Account("sandbox", None, {"bundle_id": "com.example.MyApp"}, HOSTS["sandbox"])
GRANT = Grant(Secret("eyJ.SECRET.sig", "$PUSHCTL_TOKEN"), 0, 3600)
ENV = Env(1767323045.9, bytes)
TOKEN = Target("token", "ab" * 32)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
any_text = st.none() | st.text(st.characters(exclude_categories=()))
messages = st.builds(
    Message,
    title=any_text,
    subtitle=any_text,
    body=any_text,
    badge=st.none() | st.integers(),
    sound=any_text,
    data=st.dictionaries(st.text(), json_values, max_size=4),
    silent=st.booleans(),
    ttl=st.none() | st.integers(-10, 10**10),
    priority=st.sampled_from([None, "normal", "high"]),
    collapse=any_text,
    category=any_text,
    options=st.sampled_from([*push_types(), "nonsense"]).map(lambda kind: {"apns": {"push_type": kind}}) | st.just({}),
    assignments=st.lists(
        st.builds(Assignment, st.sampled_from(["aps", "aps.event", "aps.alert.title", "x", "", "aps..y"]), json_values),
        max_size=3,
    ).map(tuple),
    headers=st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple),
    raw=st.none() | st.binary(),
)
targets = st.builds(Target, st.sampled_from(["token", "channel", "topic"]), st.text())


def build(message: Message, target: Target = TOKEN, account: Account = ACCOUNT) -> Request:
    (job,) = VENDOR.plan([(message, target)])
    return VENDOR.request(account, job, GRANT, None, ENV)


def built_or_refused(message: Message, target: Target) -> Request | PushctlError:
    try:
        return build(message, target)
    except PushctlError as error:
        return error


def headers(request: Request) -> dict[str, str]:
    return {name: revealed(value) for name, value in request.headers}


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
        assert name == name.lower()
        assert "\n" not in revealed(value)
        assert "\r" not in revealed(value)
    body = request.body(reveal=True)
    if message.raw is not None:
        assert body == message.raw
    else:
        assert isinstance(json.loads(body.decode("utf-8")), dict)


@given(st.dictionaries(st.text().filter(lambda key: key != "aps"), json_values), st.booleans())
def test_custom_data_arrives_as_it_was_given(data: dict[str, Any], silent: bool) -> None:
    body = json.loads(build(Message(body=None if silent else "x", silent=silent, data=data)).body(reveal=True))

    aps = body.pop("aps")
    assert body == data
    assert aps == ({"content-available": 1} if silent else {"alert": {"body": "x"}})


@given(st.sampled_from([*push_types()]), st.text(st.sampled_from("abc."), min_size=1))
def test_a_topic_has_its_suffix_exactly_once(push_type: str, bundle_id: str) -> None:
    suffix = push_types()[push_type].suffix
    for given_id in (bundle_id, bundle_id + suffix):
        account = Account("sandbox", None, {"bundle_id": given_id}, HOSTS["sandbox"])
        topic = headers(build(Message(options={"apns": {"push_type": push_type}}), account=account))["apns-topic"]
        assert topic == bundle_id + suffix


def test_the_secret_is_masked_and_revealed_only_on_the_wire() -> None:
    request = build(Message(body="x"))

    assert "SECRET" not in repr(request)
    assert dict(request.headers)["authorization"].shown == "bearer $PUSHCTL_TOKEN"  # type: ignore[union-attr]
    assert headers(request)["authorization"] == "bearer eyJ.SECRET.sig"


def test_the_message_id_is_ours_and_a_given_one_wins() -> None:
    request = build(Message(body="x"))
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", str(request.message_id))
    assert headers(request)["apns-id"] == request.message_id

    assert build(Message(body="x", headers=(("APNS-ID", "mine"),))).message_id == "mine"


def test_a_push_type_header_decides_the_topic_and_the_priority_too() -> None:
    sent = headers(build(Message(data={"a": 1}, headers=(("apns-push-type", "fileprovider"),))))

    assert sent["apns-topic"] == "com.example.MyApp.pushkit.fileprovider"
    assert sent["apns-priority"] == "5"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("set-on-raw", Message(raw=b"{}", assignments=(Assignment("aps.badge", 1),))),
        ("set-conflict", Message(body="x", assignments=(Assignment("aps.alert.body.x", 1),))),
        ("data-named-aps", Message(data={"aps": {}})),
        ("header-value", Message(collapse="a\nb")),
        ("header-value", Message(headers=(("x", "\ud800"),))),
        ("header-name", Message(headers=((":path", "/"),))),
        ("header-name", Message(headers=(("", "x"),))),
        ("not-json", Message(data={"x": float("nan")})),
        ("text-not-unicode", Message(body="\udcff")),
    ],
)
def test_what_cannot_be_written_down_is_refused(rule: str, message: Message) -> None:
    with pytest.raises(UsageError) as raised:
        build(message)
    assert raised.value.rule == rule


def test_a_push_without_a_topic_is_refused_unless_a_header_names_it() -> None:
    account = Account("sandbox", None, {}, HOSTS["sandbox"])

    with pytest.raises(UsageError) as raised:
        build(Message(body="x"), account=account)
    assert raised.value.rule == "topic-missing"
    named = Message(body="x", headers=(("apns-topic", "com.x"),))
    assert headers(build(named, account=account))["apns-topic"] == "com.x"
    with pytest.raises(UsageError):  # a broadcast's path is made of it
        build(named, Target("channel", "YQ=="), account)


def test_another_port_is_the_accounts() -> None:
    account = Account("sandbox", None, ACCOUNT.app, {"push": "https://api.sandbox.push.apple.com:2197"})

    assert build(Message(body="x"), account=account).url.startswith("https://api.sandbox.push.apple.com:2197/3/device/")


def test_a_topic_is_no_target_and_the_text_says_what_to_use() -> None:
    with pytest.raises(UsageError) as raised:
        build(Message(body="x"), Target("topic", "news"))
    assert "--header apns-topic=" in raised.value.fix


def test_a_plan_is_lazy_and_keeps_order() -> None:
    message = Message(body="x")

    def endless() -> Any:
        number = 0
        while True:
            yield message, Target("token", f"{number:02}")
            number += 1

    plan = VENDOR.plan(endless())

    assert [next(plan).targets[0].value for _ in range(3)] == ["00", "01", "02"]


def test_nothing_is_prepared() -> None:
    (job,) = VENDOR.plan([(Message(body="x"), TOKEN)])

    assert job.preparation is None
    with pytest.raises(StopIteration) as end:
        next(VENDOR.prepare(ACCOUNT, job, GRANT, ENV))
    assert end.value.value == Prepared()
